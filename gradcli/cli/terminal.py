"""What is known about the terminal, and how an answer leaves: to standard output, or into a file.

Knows the environment (COLUMNS, NO_COLOR, FORCE_COLOR) and the encodings of the streams. Does not know what it writes.
"""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Iterable
from typing import TextIO, TypedDict

from gradcli.errors import FileProblem

SIGNS = "∂±…"
"""Signs of our own screens that not every encoding has."""


class Screen(TypedDict):
    """Where an answer will be seen: what the renderers want to know."""

    terminal: bool
    width: int
    color: bool
    ascii: bool


def screen(output: str | None = None) -> Screen:
    """The place where the answer goes: standard output, or a file that is no terminal and has no colours."""
    into_file = output not in (None, "-")
    return {
        "terminal": not into_file and is_terminal(sys.stdout),
        "width": shutil.get_terminal_size().columns,
        "color": not into_file and has_color(sys.stdout),
        "ascii": not into_file and sys.stdout is not None and not can_encode(SIGNS, sys.stdout.encoding),
    }


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at a stream."""
    return stream is not None and not stream.closed and stream.isatty()


def has_color(stream: TextIO | None) -> bool:
    """Whether a stream gets colours: NO_COLOR says no, FORCE_COLOR yes, else a terminal that is not dumb does."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def show(text: str, output: str | None = None) -> None:
    """Write an answer to standard output, or into the file `output`."""
    if output in (None, "-"):
        write(sys.stdout, text)
    else:
        write_file(str(output), text)


def write(stream: TextIO | None, text: str) -> None:
    """Write and flush; a reader who has gone away is no failure, a full disk is one."""
    try:
        if stream is not None:
            stream.write(encodable(text, stream.encoding))
            stream.flush()
    except OSError as problem:
        silence(stream)
        if not closed_pipe(problem):
            raise FileProblem(f"can't write the answer: {problem.strerror}", hint="-o FILE writes it into a file") from problem


def write_file(name: str, answer: str | bytes) -> None:
    """Write an answer into a file, text as UTF-8."""
    data = answer.encode("utf-8", "backslashreplace") if isinstance(answer, str) else answer
    try:
        with open(name, "wb") as file:  # noqa: PTH123
            file.write(data)
    except (OSError, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise FileProblem(f"can't write '{name}': {reason}", hint="-o answer.json writes into this folder") from problem


def note(text: str) -> None:
    """Write a line to standard error; nobody needs to be able to read it."""
    try:
        if sys.stderr is not None:
            sys.stderr.write(encodable(text, sys.stderr.encoding) + "\n")
            sys.stderr.flush()
    except (OSError, ValueError):
        silence(sys.stderr)


def warn(warnings: Iterable[str]) -> None:
    """Write warnings to standard error, a line each."""
    for warning in warnings:
        note(f"warning: {warning}")


def can_encode(text: str, encoding: str | None) -> bool:
    """Whether an encoding has all characters of a text."""
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    except LookupError:
        pass
    return True


def encodable(text: str, encoding: str | None) -> str:
    """The text, with signs that every encoding has if it can't be written as it is."""
    if can_encode(text, encoding):
        return text
    from gradcli.rendering.page import respelled

    return respelled(text)


def forgive_encodings() -> None:
    """Let standard output and error escape what their encoding can't say, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def closed_pipe(problem: OSError) -> bool:
    """Whether a failure to write means that the reader has gone (Windows calls that an invalid argument)."""
    return problem.errno in (errno.EPIPE, errno.EINVAL, errno.ESHUTDOWN)


def silence(stream: TextIO | None) -> None:
    """Send what a stream still holds to nowhere, so that Python's last flush can't fail."""
    try:
        if stream is not None:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
    except (OSError, ValueError):
        pass
