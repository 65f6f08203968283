"""Every error that a user can cause: one base to catch, a place, a cause and a cure.

GradcliError
├── SourceError                 something in a program's text, with the place
│   ├── SyntaxProblem           the text is no program
│   ├── UnknownName             a name that nothing gives a meaning to
│   ├── UnknownFunction         a function that is no row of the table of operations
│   ├── WrongArguments          a function called with arguments it does not take
│   ├── MissingValue            inputs without a value
│   ├── ShapeProblem            arrays whose shapes do not fit, an axis or an index that an array does not have
│   ├── BudgetExceeded          a size limit ended the run
│   └── NotSupported            a spelling of the language that this version does not compute
├── PointError                  a value that can't be used (malformed, superfluous, not a number)
├── UsageError                  an option or argument that can't be understood
├── FileProblem                 a file that can't be read or written
├── TargetProblem               a function, process or server of somebody else that gives no usable answer
└── SuiteError                  a suite that can't be understood, with file and line

Faults of gradcli itself are not in this tree: they stay the exceptions that Python raises, and cli/failures.py reports them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

WINDOW = 72
"""Columns of a long source line that an error shows around the place."""

Span = tuple[int, int]
"""Start and end offset of a piece of source text."""


class GradcliError(Exception):
    """A request that can't be carried out, said in the user's words.

    `message` is one line, `hint` something to type, `kind` a stable word for programs; `line` and `column` count from 1.
    """

    kind = "error"
    exit_code = 2

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.line: int | None = None
        self.column: int | None = None

    def render(self) -> str:
        """The whole error as lines of plain text."""
        return "\n".join([f"error: {self.message}", *self.excerpt(), *self.hint_lines()])

    def excerpt(self) -> list[str]:
        """The lines that show the place, if there is one."""
        return []

    def hint_lines(self) -> list[str]:
        """The line that says what to type, if there is one."""
        return [f"hint: {self.hint}"] if self.hint else []


class SourceError(GradcliError):
    """An error with a place in a program's text."""

    kind = "source"

    def __init__(self, message: str, text: str = "", spans: Span | Sequence[Span] = (0, 0), hint: str | None = None) -> None:
        super().__init__(message, hint)
        self.text = text
        self.spans: list[Span] = [spans] if isinstance(spans[0], int) else list(spans)  # type: ignore[list-item, arg-type]
        self.file: str | None = None
        self.line, self.column = line_and_column(text, self.spans[0][0])

    def excerpt(self) -> list[str]:
        """The source line with a caret under each place on it."""
        if not self.text.strip():
            return []
        place = [f"  {self.file}:{self.line}:{self.column}"] if self.file else []
        return [*place, *carets(self.text, self.spans)]


class SyntaxProblem(SourceError):
    """The text is no program of the language."""

    kind = "syntax"


class UnknownName(SourceError):
    """A name that nothing gives a meaning to."""

    kind = "unknown-name"


class UnknownFunction(SourceError):
    """A function that is no row of the table of operations."""

    kind = "unknown-function"


class WrongArguments(SourceError):
    """A function called with arguments that it does not take."""

    kind = "arguments"


class MissingValue(SourceError):
    """Inputs of a program without a value; `names` lists all of them."""

    kind = "missing-value"

    def __init__(self, names: Sequence[str], text: str = "", spans: Sequence[Span] = ((0, 0),), hint: str | None = None) -> None:
        super().__init__("no value for " + ", ".join(f"'{name}'" for name in names), text, spans, hint)
        self.names = list(names)


class NotSupported(SourceError):
    """Part of the language that this version does not compute."""

    kind = "not-supported"


class ShapeProblem(SourceError):
    """Arrays whose shapes do not fit each other, or a setting (an axis, a shape, an index) that does not fit an array.

    Operations raise it without a place; the run adds the place of the node.
    """

    kind = "shape"

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)

    def at(self, text: str, span: Span) -> ShapeProblem:
        """The same error with its place in a program."""
        self.text, self.spans = text, [span]
        self.line, self.column = line_and_column(text, span[0])
        return self


class PointError(GradcliError):
    """A value of a point that can't be used."""

    kind = "point"


class UsageError(GradcliError):
    """An option or an argument of a command that can't be understood."""

    kind = "usage"


class FileProblem(GradcliError):
    """A file that can't be read or written."""

    kind = "file"


class TargetProblem(GradcliError):
    """A function, process or server that gradcli calls gives no usable answer.

    `gone` says that it will not answer again, as a process that has died: then there is no use in asking at another point.
    """

    kind = "target"

    def __init__(self, message: str, hint: str | None = None, *, gone: bool = False) -> None:
        super().__init__(message, hint)
        self.gone = gone


class SuiteError(GradcliError):
    """A suite that can't be understood; `file` and `line` say where."""

    kind = "suite"

    def __init__(self, message: str, file: str, line: int | None = None, hint: str | None = None) -> None:
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}", hint)
        self.file = file
        self.line = line


class BudgetExceeded(SourceError):
    """A limit of size ended the run; with a place where one instruction passed it."""

    kind = "budget"

    def __init__(self, message: str, hint: str | None = None, *, text: str = "", span: Span = (0, 0)) -> None:
        super().__init__(message, text, span, hint)
        if not text:
            self.line = self.column = None


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def carets(text: str, spans: Iterable[Span]) -> list[str]:
    """The line of the first span, cut to a window, and a line with carets under every span on it."""
    spans = list(spans)
    start = text.rfind("\n", 0, spans[0][0]) + 1
    end = text.find("\n", start)
    end = len(text) if end < 0 else end
    left = start if end - start <= WINDOW else max(start, spans[0][0] - WINDOW // 2)
    right = min(end, left + WINDOW)
    marks = [" "] * (right - left + 1)
    for a, b in spans:
        if left <= a <= right:
            marks[a - left : max(a + 1, min(b, right)) - left] = "^" * (max(a + 1, min(b, right)) - a)
    before, after = ("…" if left > start else ""), ("…" if right < end else "")
    under = " " * len(before) + "".join(mark * width(char) for mark, char in zip(marks, text[left:right] + " ", strict=True))
    return [f"  {before}{printable(text[left:right])}{after}".rstrip(), f"  {under}".rstrip()]


def printable(text: str) -> str:
    """Text that a terminal shows as it is: control characters become one space each."""
    return "".join(char if width(char) != 1 or char.isprintable() else " " for char in text)


def width(char: str) -> int:
    """Columns that a character takes on a terminal."""
    if char < "\u0300":
        return 1
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that looks most like `word`, or None."""
    from difflib import get_close_matches

    names = {name.lower(): name for name in known}
    found = get_close_matches(word.lower(), names, n=1, cutoff=0.6)
    return names[found[0]] if found else None
