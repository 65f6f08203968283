"""What a page for people is made of: lines of styled pieces and grids of cells. It knows nothing of gradients and of terminals.

A style is a word of `styles.STYLES`; a cell is a text, or a text with the style that replaces its column's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from gradcli.errors import printable, width

Piece: TypeAlias = tuple[str, str]
Cell: TypeAlias = str | Piece

ASCII = str.maketrans(
    {"∂": "d", "…": "...", "±": "+-", "·": "*", "×": "*", "÷": "/", "−": "-", "–": "-", "π": "pi"}
    | {"├": "|", "└": "`", "─": "-", "│": "|", "╭": "+", "╮": "+", "╰": "+", "╯": "+", "┼": "+", "┤": "+", "┬": "+", "┴": "+"}
    | {"≤": "<=", "≥": ">=", "→": "->", "←": "<-", "⁰": "0", "¹": "1", "²": "2", "³": "3"}
    | {chr(0x2070 + digit): str(digit) for digit in range(4, 10)}
)
SUPERSCRIPTS = re.compile("(?<![⁰¹²³⁴-⁹])(?=[⁰¹²³⁴-⁹])")


class Screen(NamedTuple):
    """What the page will stand on: a terminal of some width or a pipe, with or without colours and letters beyond ASCII."""

    terminal: bool
    width: int
    color: bool
    ascii_only: bool = False


class Line(NamedTuple):
    """A line of text. On a terminal it is wrapped between words, and goes on `hang` columns to the right; a fixed one never wraps."""

    pieces: Sequence[Piece] = ()
    hang: int = 0
    fixed: bool = False


class Column(NamedTuple):
    """A column of a grid. Numbers are never folded; columns with a `drop` leave a narrow terminal, the smallest first.

    Where the grid is too wide, the cells of a column that is `below` stand under the table, each after the row's first cell.
    """

    heading: str
    style: str = ""
    number: bool = False
    drop: int = 0
    below: bool = False


class Grid(NamedTuple):
    """A table. Its first two columns, or where the second has numbers the first, tell which row is which on a narrow terminal."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    headed: bool = True


Block: TypeAlias = Line | Grid

BLANK = Line()


def line(*pieces: Cell, hang: int = 0, fixed: bool = False) -> Line:
    """A line of pieces, each a plain text or a text with a style."""
    return Line(tuple((piece, "") if isinstance(piece, str) else piece for piece in pieces), hang, fixed)


def plain(cell: Cell) -> str:
    """The text of a cell."""
    return cell if isinstance(cell, str) else cell[0]


def clean(text: str, ascii_only: bool) -> str:
    """Text in one line, safe to show: control characters become spaces, and letters that can't be encoded ASCII."""
    if not text.isprintable():
        text = printable(text)
    return to_ascii(text) if ascii_only and not text.isascii() else text


def to_ascii(text: str) -> str:
    """Text in ASCII: what the language spells in two ways takes the other spelling, the rest becomes an escape.

    >>> to_ascii("∂²/∂x² = 2·π ± ä")
    'd^2/dx^2 = 2*pi +- \\\\xe4'
    """
    return respelled(text).encode("ascii", "backslashreplace").decode("ascii")


def respelled(text: str) -> str:
    """Text with the signs of our own screens in ASCII, and everything else as it is."""
    return SUPERSCRIPTS.sub("^", text).translate(ASCII)


def columns(text: str) -> int:
    """Columns that a text takes on a terminal."""
    return len(text) if text.isascii() else sum(map(width, text))


def padded(text: str, size: int, right: bool = False) -> str:
    """Text filled up with spaces to a number of columns."""
    space = " " * (size - columns(text))
    return space + text if right else text + space


def shortened(text: str, limit: int) -> str:
    """Text of at most `limit` characters, with `…` in the middle where something is left out."""
    if len(text) <= limit:
        return text
    tail = (limit - 1) // 2
    return f"{text[: limit - 1 - tail]}…{text[len(text) - tail :]}"
