"""Suites: `*.grad.toml` files with [[check]] tables, found in folders, read with file and line for every fault, and run in order."""

from gradcli.checking.suites.running import check_suites, list_checks

__all__ = ["check_suites", "list_checks"]
