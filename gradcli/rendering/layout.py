"""Fits a grid into a narrow terminal: folds text, then drops columns, then puts the cells of a row below each other.

Numbers are never folded and never cropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from gradcli.rendering.page import Cell, Column, Grid, Line, columns, line, padded, plain

GUTTER = 3
"""Columns that a box takes for each column of the grid; one more closes it."""

FOLDED = 14
"""Columns to which text is folded before anything is dropped."""


class Fitted(NamedTuple):
    """A grid with the widths of its columns, and the headings of those that had to go."""

    grid: Grid
    sizes: Sequence[int]
    dropped: Sequence[str]


def fitted(grid: Grid, width: int) -> Fitted | None:
    """The grid in at most `width` columns, frame included; None when its numbers alone are wider."""
    natural = [max(map(columns, texts)) for texts in zip(*all_texts(grid), strict=True)]
    leaving = sorted((i for i, column in enumerate(grid.columns) if column.drop), key=lambda i: grid.columns[i].drop)
    for count in range(len(leaving) + 1):
        kept = [i for i in range(len(natural)) if i not in leaving[:count]]
        sizes = squeezed([grid.columns[i] for i in kept], [natural[i] for i in kept], width - 1)
        if sizes:
            return Fitted(chosen(grid, kept), sizes, [grid.columns[i].heading for i in leaving[:count]])
    return None


def all_texts(grid: Grid) -> list[list[str]]:
    """The texts of all rows, headings first."""
    return [[column.heading for column in grid.columns], *([plain(cell) for cell in row] for row in grid.rows)]


def squeezed(kept: Sequence[Column], natural: Sequence[int], room: int) -> list[int] | None:
    """Widths that fit, taken from the widest text columns; None when there are no such widths."""
    sizes = list(natural)
    least = [size if column.number else min(size, max(len(column.heading), FOLDED)) for column, size in zip(kept, natural, strict=True)]
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
    """Every row as a title of its first two cells and a line `heading  cell` for each of the others."""
    label = max(columns(column.heading) for column in grid.columns) + 4
    for row in grid.rows:
        first, second = (styled(cell, column) for cell, column in zip(row[:2], grid.columns[:2], strict=True))
        yield line((first[0], "heading"), "  ", second, hang=2)
        for cell, column in zip(row[2:], grid.columns[2:], strict=True):
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
