"""Fits a grid into a narrow terminal: moves columns below it, folds text, drops columns, then puts the cells of a row below each other.

Numbers are never folded and never cropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gradcli.rendering.page import Cell, Column, Grid, Line, columns, line, padded, plain

GUTTER = 3
"""Columns that a box takes for each column of the grid; one more closes it."""

FOLDED = 14
"""Columns to which text is folded before anything is dropped."""


UNBROKEN = 28
"""Columns that a number or a name may have without being cut anywhere."""

ATOMS = re.compile(r"\s+|\[*(?:(?<![\w)])[-+])?\.?\d[\w.]*(?:(?<=[eE])[-+]\d+)?[\],]*|\w+|.")
"""What text is folded between: blanks, numbers with the brackets of lists around them, names and signs."""


class Fitted(NamedTuple):
    """A grid with the widths of its columns, the headings of those that had to go, and the lines that stand below it."""

    grid: Grid
    sizes: Sequence[int]
    dropped: Sequence[str]
    below: Sequence[Line] = ()


def fitted(grid: Grid, width: int) -> Fitted | None:
    """The grid in at most `width` columns, frame included; None when its numbers alone are wider."""
    if any(column.below for column in grid.columns) and sum(natural_sizes(grid)) + GUTTER * len(grid.columns) >= width:
        table = fitted(chosen(grid, [i for i, column in enumerate(grid.columns) if not column.below]), width)
        return table and table._replace(below=list(below(grid)))
    natural, unbroken = natural_sizes(grid), unbroken_sizes(grid)
    leaving = sorted((i for i, column in enumerate(grid.columns) if column.drop), key=lambda i: grid.columns[i].drop)
    for count in range(len(leaving) + 1):
        kept = [i for i in range(len(natural)) if i not in leaving[:count]]
        sizes = squeezed([natural[i] for i in kept], [unbroken[i] for i in kept], width - 1)
        if sizes:
            return Fitted(chosen(grid, kept), sizes, [grid.columns[i].heading for i in leaving[:count]])
    return None


def natural_sizes(grid: Grid) -> list[int]:
    """The widths of the columns with nothing folded."""
    return [max(map(columns, texts)) for texts in zip(*all_texts(grid), strict=True)]


def unbroken_sizes(grid: Grid) -> list[int]:
    """The least widths of the columns: all of a number, of text its heading and its widest number or name."""
    texts = zip(grid.columns, natural_sizes(grid), zip(*all_texts(grid), strict=True), strict=True)
    return [size if column.number else min(size, max(FOLDED, *map(widest_atom, cells))) for column, size, cells in texts]


def widest_atom(text: str) -> int:
    """Columns of the widest piece of a text that is not cut."""
    return max((min(columns(atom), UNBROKEN) for atom in ATOMS.findall(text)), default=0)


def below(grid: Grid) -> Iterator[Line]:
    """The cells of the columns that are `below`, each after the first cell of its row."""
    for row in grid.rows:
        for cell, column in zip(row, grid.columns, strict=True):
            if column.below and plain(cell):
                yield line((f"{plain(row[0])}  ", grid.columns[0].style), styled(cell, column), hang=4)


def folded(text: str, size: int) -> Iterator[str]:
    """Text in rows of at most `size` columns, broken at spaces; a word wider than a row also between its numbers, names and signs."""
    row = ""
    for word in re.findall(r"\s*\S+", text):
        atoms = [word] if columns(word.lstrip()) <= size else ATOMS.findall(word)
        for atom in atoms:
            if columns(row) + columns(atom) > size:
                if row:
                    yield row
                row, atom = "", atom.lstrip()
            while columns(atom) > size:
                yield atom[:size]
                atom = atom[size:]
            row += atom
    yield row


def all_texts(grid: Grid) -> list[list[str]]:
    """The texts of all rows, headings first."""
    return [[column.heading for column in grid.columns], *([plain(cell) for cell in row] for row in grid.rows)]


def squeezed(natural: Sequence[int], least: Sequence[int], room: int) -> list[int] | None:
    """Widths that fit, taken from the widest columns that are wider than they must be; None when there are no such widths."""
    sizes = list(natural)
    while sum(sizes) + GUTTER * len(sizes) > room:
        foldable = [i for i in range(len(sizes)) if sizes[i] > least[i]]
        if not foldable:
            return None
        sizes[max(foldable, key=sizes.__getitem__)] -= 1
    return sizes


def chosen(grid: Grid, kept: Sequence[int]) -> Grid:
    """The grid with some of its columns."""
    return grid._replace(columns=[grid.columns[i] for i in kept], rows=[[row[i] for i in kept] for row in grid.rows])


def stacked(grid: Grid) -> Iterator[Line]:
    """Every row as a title of its first two cells and a line `heading  cell` for each of the others; a number is no part of the title."""
    label = max(columns(column.heading) for column in grid.columns) + 4
    named = 1 + any(not column.number for column in grid.columns[1:2])
    for row in grid.rows:
        first, *others = (styled(cell, column) for cell, column in zip(row[:named], grid.columns, strict=False))
        yield line((first[0], "heading"), *(piece for cell in others for piece in ("  ", cell)), hang=2)
        for cell, column in zip(row[named:], grid.columns[named:], strict=True):
            if plain(cell):
                yield line((padded(f"  {column.heading}", label), "dim"), styled(cell, column), hang=label)


def unaligned(grid: Grid) -> Iterator[Line]:
    """Every row as a line of its cells."""
    for row in grid.rows:
        cells = [styled(cell, column) for cell, column in zip(row, grid.columns, strict=True)]
        yield line(*(piece for text, style in cells if text for piece in ((text, style), "  ")), hang=4)


def styled(cell: Cell, column: Column) -> tuple[str, str]:
    """A cell with its own style, or its column's."""
    return (cell, column.style) if isinstance(cell, str) else cell
