"""Blocks -> text: chooses for each block the emitter that suits the screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gradcli.rendering.aligned import aligned, flowing
from gradcli.rendering.layout import fitted, stacked, unaligned
from gradcli.rendering.page import Block, Grid, Line, Screen, clean, columns, line, plain

BOXED_ROWS = 400
"""Rows of a table in a box; a longer one is aligned, as on a pipe, because Rich takes 0.3 ms for a row."""


def emitted(blocks: Iterable[Block], screen: Screen) -> str:
    """The blocks as text that ends with a newline."""
    return "".join(f"{row}\n" for block in blocks for row in block_lines(block, screen))


def block_lines(block: Block, screen: Screen) -> Iterable[str]:
    """The lines of one block."""
    if isinstance(block, Line):
        return flowing(block, screen)
    if not block.headed and screen.terminal:
        return listed(block, screen)
    if not screen.terminal or len(block.rows) > BOXED_ROWS:
        return aligned(block, screen)
    return terminal_table(block, screen)


def listed(grid: Grid, screen: Screen) -> list[str]:
    """The rows of a list in columns, or where these are wider than the terminal, each as a line that wraps."""
    rows = aligned(grid, screen._replace(color=False))
    if max(map(columns, rows), default=0) <= screen.width:
        return aligned(grid, screen)
    return [row for block in unaligned(grid) for row in flowing(block, screen)]


def terminal_table(grid: Grid, screen: Screen) -> Iterator[str]:
    """A table in a box, or its rows one below the other where a box would be wider than the terminal."""
    if screen.ascii_only:
        grid = in_ascii(grid)
    fit = fitted(grid, screen.width)
    if fit is None:
        yield from (row for block in stacked(grid) for row in flowing(block, screen))
        return
    from gradcli.rendering.boxed import boxed

    yield from boxed(fit, screen)
    for block in fit.below:
        yield from flowing(block, screen)
    if fit.dropped:
        yield from flowing(line((f"left out on this narrow terminal: {', '.join(fit.dropped)}", "dim")), screen)


def in_ascii(grid: Grid) -> Grid:
    """The grid in ASCII, so that widths are measured on what will be shown."""
    heads = [column._replace(heading=clean(column.heading, True)) for column in grid.columns]
    rows = [[clean(cell, True) if isinstance(cell, str) else (clean(plain(cell), True), cell[1]) for cell in row] for row in grid.rows]
    return grid._replace(columns=heads, rows=rows)
