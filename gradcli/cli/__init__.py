"""The command line: `main` runs a command and answers its exit code. Imports nothing before it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit code, whatever happens; without `argv`, the process's own, with which the process ends."""
    return ended(argv) if argv is not None else without_collections(sys.argv[1:])


def ended(argv: Sequence[str]) -> int:
    """How a command line ended."""
    try:
        from gradcli.cli.app import run

        run(argv)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as problem:
        from gradcli.cli.failures import failed

        return failed(problem, argv)
    return 0


def without_collections(argv: Sequence[str]) -> int:
    """The same for a process that ends with it: collecting garbage seldom, and not once more at the end, saves a sixth of a short call."""
    import gc

    gc.set_threshold(200_000, 30, 30)
    code = ended(argv)
    gc.freeze()
    return code
