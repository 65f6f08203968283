"""The emitter for pipes, and for lines everywhere: columns aligned by spaces, nothing cropped, no Rich."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gradcli.rendering.page import Cell, Grid, Line, Piece, Screen, clean, columns, padded, plain
from gradcli.rendering.styles import painted

WORDS = re.compile(" *[^ ]+| +$")


def aligned(grid: Grid, screen: Screen) -> list[str]:
    """The grid as lines, two spaces between columns."""
    headings = [tuple((column.heading, "heading") for column in grid.columns)] if grid.headed else []
    rows: list[Sequence[Cell]] = [*headings, *grid.rows]
    texts = [[clean(plain(cell), screen.ascii_only) for cell in row] for row in rows]
    sizes = [max(map(columns, column)) for column in zip(*texts, strict=True)]
    return [aligned_row(grid, row, text, sizes, screen.color) for row, text in zip(rows, texts, strict=True)]


def aligned_row(grid: Grid, row: Sequence[Cell], texts: Sequence[str], sizes: Sequence[int], color: bool) -> str:
    """One row, padded before it is painted."""
    cells = [padded(text, size, column.number) for text, size, column in zip(texts, sizes, grid.columns, strict=True)]
    cells[-1] = cells[-1].rstrip()
    if not color:
        return "  ".join(cells).rstrip()
    styles = [column.style if isinstance(cell, str) else cell[1] for cell, column in zip(row, grid.columns, strict=True)]
    return "  ".join(painted(cell, style, bool(cell.strip())) for cell, style in zip(cells, styles, strict=True)).rstrip()


def flowing(line: Line, screen: Screen) -> list[str]:
    """A line as one line, or wrapped between words where it is wider than the terminal."""
    pieces = [(clean(text, screen.ascii_only), style) for text, style in line.pieces]
    wide = sum(columns(text) for text, _ in pieces) > screen.width
    rows = wrapped(pieces, screen.width, line.hang) if wide and screen.terminal and not line.fixed else [pieces]
    return ["".join(painted(text, style, screen.color) for text, style in row).rstrip() for row in rows]


def wrapped(pieces: Sequence[Piece], width: int, hang: int) -> Iterator[list[Piece]]:
    """The pieces on several rows; a word that is wider than a row keeps its row and is never cut."""
    row: list[Piece] = []
    used = 0
    for word, style in words(pieces):
        if row and word.startswith(" ") and used + columns(word) > width:
            yield row
            row, used = [(" " * hang, "")], hang
            word = word.lstrip(" ")
        row.append((word, style))
        used += columns(word)
    yield row


def words(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The words of all pieces, each with the spaces before it, also where these end the piece before."""
    space = ""
    for text, style in pieces:
        for word in WORDS.findall(text):
            if word.isspace():
                space = word
            else:
                yield space + word, style
                space = ""
