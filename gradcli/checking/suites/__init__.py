"""Suites: `*.grad.toml` files with [[check]] tables, found in folders, read with file and line for every fault, and run in order."""

from gradcli.checking.suites.renewing import Renewal, renew_suites
from gradcli.checking.suites.running import Interrupted, check_suites, list_checks

__all__ = ["Interrupted", "Renewal", "check_suites", "list_checks", "renew_suites"]
