"""How a failure ends the process: every exception becomes lines on standard error and an exit code, as in the README.

Knows the exit codes and the error object of the JSON formats. Knows no command.
"""

from __future__ import annotations

import errno
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from gradcli.cli.terminal import closed_pipe, has_color, note, silence, write
from gradcli.errors import FileProblem, GradcliError, UsageError

if TYPE_CHECKING:
    from gradcli.rendering import Failure

INTERRUPTED = 130


class InternalFault(NamedTuple):
    """A fault of gradcli itself, in the form that programs read; nobody raises or catches it."""

    message: str
    hint: str
    kind: str = "internal"
    line: int | None = None
    column: int | None = None


def failed(problem: BaseException, argv: Sequence[str]) -> int:
    """Report what ended a command; its exit code."""
    if isinstance(problem, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(problem, OSError) and closed_pipe(problem):
        silence(sys.stdout)
        return 0
    if isinstance(problem, OSError) and problem.errno == errno.ENOSPC:
        silence(sys.stdout)
        problem = FileProblem(f"can't write the answer: {problem.strerror}")
    if isinstance(problem, GradcliError):
        return report(problem, argv)
    return ended_by_typer(problem, argv)


def ended_by_typer(problem: BaseException, argv: Sequence[str]) -> int:
    """The same for exceptions of Typer; whatever is not one of them is our own fault."""
    import typer

    if isinstance(problem, typer.Exit):
        return problem.exit_code
    if isinstance(problem, typer.Abort):
        return INTERRUPTED
    if hasattr(problem, "format_message"):
        return report(UsageError(problem.format_message(), hint="gradcli --help"), argv)
    return internal(problem, argv)


def report(error: GradcliError, argv: Sequence[str]) -> int:
    """Show an error that a user can cure; its exit code."""
    note(colored(error.render()))
    if wants_json(argv):
        tell(error)
    return error.exit_code


def internal(problem: BaseException, argv: Sequence[str]) -> int:
    """Show a fault of gradcli; its exit code."""
    import traceback

    fault = InternalFault(f"{type(problem).__name__}: {problem}", "this is a fault of gradcli, please report it with the lines above")
    note("".join(traceback.format_exception(problem)).rstrip())
    note(colored(f"internal error: {fault.message}\n{fault.hint}"))
    if wants_json(argv):
        tell(fault)
    return 2


def colored(text: str) -> str:
    """The text with its first word up to the colon in red where standard error has colours."""
    from gradcli.rendering.styles import painted

    head, colon, rest = text.partition(":")
    return painted(head + colon, "error", has_color(sys.stderr)) + rest


def tell(error: Failure) -> None:
    """Print the error object for programs on standard output."""
    from gradcli.rendering import render_error

    try:
        write(sys.stdout, render_error(error))
    except FileProblem as problem:
        note(problem.render())


def wants_json(argv: Sequence[str]) -> bool:
    """Whether the command line asks for JSON; it is read here once more, because reading it may be what failed."""
    words = list(argv[: argv.index("--")] if "--" in argv else argv)
    named = [after for word, after in pairwise(words) if word == "--format"]
    named += [word.removeprefix("--format=") for word in words if word.startswith("--format=")]
    return "--json" in words or "json" in named or "jsonl" in named
