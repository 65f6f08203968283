"""What is said when the user's code raises: what was called, what it raised, the user's line, and the point."""

from __future__ import annotations

import os
import sysconfig
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from gradcli.errors import TargetProblem, printable
from gradcli.language.hints import short

LONGEST = 200
"""Characters of an exception's own words that a message repeats."""

FEW = 4
"""Elements along an axis that a message shows of an array."""

OURS = str(Path(__file__).parents[2]) + os.sep
FOREIGN = tuple(path + os.sep for path in {sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")})
"""Folders of libraries: a line in them says less than the line of the user's that called them."""


def problem(what: str, fault: BaseException, at: Mapping[str, Any] | None = None, hint: str | None = None) -> TargetProblem:
    """The error for an exception of the user's code; `what` was called, `at` is the point."""
    place = place_of(fault)
    where = f" ({place})" if place else ""
    return TargetProblem(f"{what} {deed(fault)}{where}{at_point(at)}", hint or cure(fault))


def cure(fault: BaseException) -> str:
    """What helps against an exception."""
    if isinstance(fault, SystemExit):
        return "code that is checked raises an exception instead, or returns nan"
    if isinstance(fault, ArithmeticError | ValueError):
        return "choose another point, or return nan where there is no value"
    return "called in Python it shows the whole traceback"


def deed(fault: BaseException) -> str:
    """What the user's code did: raised something, or ended the program."""
    if isinstance(fault, SystemExit):
        return "ends the program: exit()" if fault.code is None else f"ends the program: exit({fault.code!r})"
    words = first_line(fault)
    return f"raised {type(fault).__name__}" + (f": {words}" if words else "")


def first_line(fault: BaseException) -> str:
    """The first line of an exception's words, and the second where the first ends with a colon."""
    try:
        words = fault.msg if isinstance(fault, SyntaxError) else str(fault)
    except Exception:  # an exception of the user's whose __str__ raises
        return ""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return short(printable(" ".join(lines[: 2 if lines and lines[0].endswith(":") else 1])), LONGEST)


def place_of(fault: BaseException) -> str:
    """The last line of the user's that an exception came through, "" if there is none."""
    if isinstance(fault, SyntaxError) and fault.filename:
        return f"{shown_file(fault.filename)}, line {fault.lineno}"
    own = [frame for frame in frames_of(fault.__traceback__) if not frame[0].startswith("<") and not is_library(frame[0])]
    return f"{shown_file(own[-1][0])}, line {own[-1][1]}" if own else ""


def is_library(file: str) -> bool:
    """Whether a file is Python's, an installed library's or gradcli's, and not the user's."""
    return file.startswith((OURS, *FOREIGN))


def frames_of(trace: TracebackType | None) -> list[tuple[str, int]]:
    """Files and lines of a traceback, outermost first."""
    return [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(trace)]


def shown_file(name: str) -> str:
    """A file's name relative to the current folder where it lies below."""
    try:
        return str(Path(name).resolve().relative_to(Path.cwd()))
    except (ValueError, OSError):
        return name


def at_point(at: Mapping[str, Any] | None) -> str:
    """The point of a call as the end of a sentence, shortened."""
    if not at:
        return ""
    return " at " + short(", ".join(f"{name} = {shown(value)}" for name, value in at.items()), 80)


def shown(value: Any) -> str:
    """A number or an array on one line, of each axis the first few."""
    if getattr(value, "shape", ()):
        return f"[{', '.join(map(shown, value[:FEW]))}{', …' if len(value) > FEW else ''}]"
    return repr(float(value)).removesuffix(".0") if isinstance(value, float | int) else str(value)
