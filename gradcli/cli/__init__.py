"""The command line: `main` runs a command and answers its exit code. Imports nothing before it is called."""

from __future__ import annotations

from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (default: the process's own) and return the exit code; never raises."""
    import sys

    argv = sys.argv[1:] if argv is None else argv
    try:
        from gradcli.cli.app import run

        run(argv)
        if sys.stdout is not None:
            sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as problem:
        from gradcli.cli.failures import failed

        return failed(problem, argv)
    return 0
