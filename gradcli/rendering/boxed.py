"""The emitter for terminals: a grid that fits, as a Rich table. The only module that imports Rich."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradcli.rendering.layout import Fitted, folded, styled
from gradcli.rendering.page import Cell, Column, Screen, clean
from gradcli.rendering.styles import STYLES

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text


def boxed(fit: Fitted, screen: Screen) -> list[str]:
    """The grid in a box. Rich is told every width, so that it crops nothing, and reads nothing from the environment."""
    from io import StringIO

    from rich.console import Console

    console = Console(
        file=StringIO(), width=screen.width, height=25, color_system="standard" if screen.color else None, force_terminal=screen.color,
        force_jupyter=False, legacy_windows=False, markup=False, emoji=False, highlight=False, _environ={},
    )  # fmt: skip
    with console.capture() as capture:
        console.print(rich_table(fit, screen))
    return [row.rstrip() for row in capture.get().splitlines()]


def rich_table(fit: Fitted, screen: Screen) -> Table:
    """The Rich table of a grid with given widths."""
    from rich.box import ASCII, ROUNDED
    from rich.table import Table

    table = Table(box=ASCII if screen.ascii_only else ROUNDED, header_style=STYLES["heading"], border_style=STYLES["dim"])
    for column, size in zip(fit.grid.columns, fit.sizes, strict=True):
        heading = rich_text((column.heading, "heading"), column, size, screen)
        table.add_column(heading, width=size, justify="right" if column.number else "left", no_wrap=column.number, overflow="fold")
    for row in fit.grid.rows:
        table.add_row(*(rich_text(cell, column, size, screen) for cell, column, size in zip(row, fit.grid.columns, fit.sizes, strict=True)))
    return table


def rich_text(cell: Cell, column: Column, size: int, screen: Screen) -> Text:
    """A cell as Rich text: what a user wrote is never read as markup."""
    from rich.text import Text

    text, style = styled(cell, column)
    return Text("\n".join(folded(clean(text, screen.ascii_only), size)), style=STYLES.get(style, ""))
