"""Verdicts: engines that answer with bounds, the pure judgement over them, claims, points, targets and suites.

The engines for programs load SymPy, and the check of a target does without: a name is loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.checking.checks import check
    from gradcli.checking.suites.renewing import Renewal, renew_suites
    from gradcli.checking.suites.running import Interrupted, check_suites, list_checks

_HOMES = {
    "check": "checks",
    **dict.fromkeys(("Renewal", "renew_suites"), "suites.renewing"),
    **dict.fromkeys(("Interrupted", "check_suites", "list_checks"), "suites.running"),
}

__all__ = ["Interrupted", "Renewal", "check", "check_suites", "list_checks", "renew_suites"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
