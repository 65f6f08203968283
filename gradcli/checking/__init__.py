"""Verdicts: engines that answer with bounds, the pure judgement over them, claims, points, targets and suites.

The engines for programs load SymPy, and the check of a target does without: a name is loaded when it is asked for.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gradcli.checking.checks import check
    from gradcli.checking.suites import Interrupted, check_suites, list_checks

_HOMES = {"Interrupted": "suites", "check": "checks", "check_suites": "suites", "list_checks": "suites"}

__all__ = ["Interrupted", "check", "check_suites", "list_checks"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module '{__name__}' has no attribute '{name}'")
