"""From what options and suites say to a target: which kind is meant, and what belongs to which kind.

The module of a kind has a function `opened(given, folder)`, which knows the options of that kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from gradcli.errors import UsageError
from gradcli.targets.target import Target

HOMES = {
    "python": "gradcli.targets.python.functions",
    "exec": "gradcli.targets.processes.process",
    "um-bridge": "gradcli.targets.um_bridge.model",
}
"""The kinds, which are options and keys of suites, and the modules that know them."""

BELONGINGS = {
    "gradient": ("python",), "value-and-grad": ("python",), "model": ("um-bridge",), "model-config": ("um-bridge",),
    "timeout": ("exec", "um-bridge"),
}  # fmt: skip
"""Options that only some kinds of target have."""


def open_target(given: Mapping[str, Any], folder: str = ".") -> Target:
    """The target that options name, by their long names without dashes; files are relative to `folder`.

    given    one of HOMES, and of BELONGINGS what its kind knows; timeout is in seconds, for one answer of a process or server

    Raises UsageError for no kind or several and for options of another kind, TargetProblem where the target can't be opened.
    """
    named = [kind for kind in HOMES if given.get(kind)]
    if len(named) != 1:
        problem = f"--{named[0]} and --{named[1]} name two things to check" if named else "nothing names what to check"
        raise UsageError(problem, "one of --python MODULE:FUNCTION, --exec COMMAND and --um-bridge URL")
    kind = named[0]
    for option, owners in BELONGINGS.items():
        if given.get(option) and kind not in owners:
            where = " and ".join(f"--{owner}" for owner in owners)
            raise UsageError(f"--{option} belongs to {where}, and here is --{kind}", f"leave out --{option}")
    target: Target = import_module(HOMES[kind]).opened(given, folder)
    return target
