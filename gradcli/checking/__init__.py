"""Verdicts: three engines that answer with bounds, the pure judgement over them, claims, points and suites."""

from gradcli.checking.checks import check
from gradcli.checking.suites import check_suites, list_checks

__all__ = ["check", "check_suites", "list_checks"]
