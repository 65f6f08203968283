"""What the commands answer: plain frozen data, without printing and without computing.

Every result has an `exit_code` as in the README: 0 as expected, 1 a check disagrees, 2 could not run, 3 could not be decided.

A module of results is loaded when one of its names is asked for: `grad` needs those of `check` as little as the other way round.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from gradcli.results.values import BranchTaken, Computed, Frozen, Output, Value, all_finite

if TYPE_CHECKING:
    from gradcli.results.derivatives import Block, Gradients, Hessian, Jacobian, Jvp, Pushed, Traced
    from gradcli.results.gradient import Gradient
    from gradcli.results.verdicts import SEVERITY, UNDECIDED, Caught, Check, ClaimResult, Estimate, Outcome, Report, Row, Verdict, worst

_HOMES = {
    "derivatives": ("Block", "Gradients", "Hessian", "Jacobian", "Jvp", "Pushed", "Traced"),
    "gradient": ("Gradient",),
    "verdicts": ("SEVERITY", "UNDECIDED", "Caught", "Check", "ClaimResult", "Estimate", "Outcome", "Report", "Row", "Verdict", "worst"),
}

__all__ = [
    "SEVERITY",
    "UNDECIDED",
    "Block",
    "BranchTaken",
    "Caught",
    "Check",
    "ClaimResult",
    "Computed",
    "Estimate",
    "Frozen",
    "Gradient",
    "Gradients",
    "Hessian",
    "Jacobian",
    "Jvp",
    "Outcome",
    "Output",
    "Pushed",
    "Report",
    "Row",
    "Traced",
    "Value",
    "Verdict",
    "all_finite",
    "worst",
]


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'gradcli.results' has no attribute '{name}'")
    return getattr(import_module(f"gradcli.results.{home}"), name)
