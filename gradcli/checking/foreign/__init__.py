"""The check of gradients that somebody else computes: functions in Python, processes, models behind servers."""

from gradcli.checking.foreign.checks import check_target

__all__ = ["check_target"]
