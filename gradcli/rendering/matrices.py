"""Numbers with a label for their row and one for their column: Jacobians and Hessians as tables, lines and CSV.

The label of an element of an array is `W[0,3]`, that of a number its name; an unnamed last statement is called `value`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.rendering.arrays import Shape, shape_of, value_rows
from gradcli.rendering.gradient_values import quoted
from gradcli.rendering.numerals import number_text
from gradcli.rendering.page import Block, Column, Grid, clean, line

if TYPE_CHECKING:
    from gradcli.results import Value

IN_TABLE = 10_000
"""Entries that a table for people shows; of a larger one it has the summary of each block."""

Shapes = Mapping[str, Shape]
"""Shapes by name, in order."""


class Matrix(NamedTuple):
    """The blocks of a matrix by the names of their row and column, and the shapes of what these names stand for."""

    rows: Shapes
    columns: Shapes
    blocks: Mapping[tuple[str, str], Value]

    @property
    def size(self) -> int:
        """How many entries it has."""
        return count(self.rows) * count(self.columns)

    def lines(self) -> Iterator[tuple[str, list[float]]]:
        """The label of every row and its entries."""
        for row, shape in self.rows.items():
            parts = [in_rows(self.blocks[row, column], length(shape)) for column in self.columns]
            for name, numbers in zip(labels(row, shape), zip(*parts, strict=True) if parts else ((),) * length(shape), strict=True):
                yield name, [number for part in numbers for number in part]


def length(shape: Shape) -> int:
    """How many elements an array of a shape has."""
    found = 1
    for n in shape:
        found *= n
    return found


def count(shapes: Shapes) -> int:
    """How many elements there are in all."""
    return sum(map(length, shapes.values()))


def in_rows(block: Any, rows: int) -> list[list[float]]:
    """A block as one list for every row."""
    return block.reshape(rows, -1 if block.size else 0).tolist() if shape_of(block) else [[block]]


def labels(name: str, shape: Shape) -> list[str]:
    """The labels of all elements of what has this name and shape."""
    return [f"{name}[{','.join(map(str, index))}]" for index in product(*map(range, shape))] if shape else [name]


def all_labels(shapes: Shapes) -> list[str]:
    """The labels of everything."""
    return [label for name, shape in shapes.items() for label in labels(name, shape)]


def grid(matrix: Matrix, corner: str, beside: Sequence[tuple[str, Sequence[float]]] = ()) -> Block:
    """The matrix for people, with columns of other numbers before it; where it is large, what is to be known of every block."""
    if matrix.size > IN_TABLE:
        return Grid([Column(corner), Column("")], list(summaries(matrix)), headed=False)
    heads = [*(name for name, _ in beside), *(f"∂/∂{label}" for label in all_labels(matrix.columns))]
    before = list(zip(*(numbers for _, numbers in beside), strict=True)) if beside else [()] * count(matrix.rows)
    rows = [[name, *map(number_text, (*first, *numbers))] for (name, numbers), first in zip(matrix.lines(), before, strict=True)]
    return Grid([Column(corner, "heading"), *(Column(head, "gradient", number=True) for head in heads)], rows)


def summaries(matrix: Matrix) -> Iterator[list[str]]:
    """A line for every block."""
    for (row, column), block in matrix.blocks.items():
        yield [f"∂{row}/∂{column}", *value_rows(block, 0)]


def not_whole(size: int) -> list[Block]:
    """The line that says how to see everything, where a table of this size does not."""
    text = f"a table of more than {IN_TABLE} entries is summarised; --format csv has all, -o FILE.npz writes arrays"
    return [line((text, "dim"))] if size > IN_TABLE else []


def csv(matrix: Matrix, corner: str) -> str:
    """A header with the labels of the columns, and a line for every row with its label first."""
    return table([[corner, *all_labels(matrix.columns)], *([name, *map(number_text, numbers)] for name, numbers in matrix.lines())])


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows of texts as CSV."""
    return "".join(f"{','.join(map(quoted, row))}\n" for row in rows)


def plain(matrix: Matrix) -> str:
    """A line `row/column<TAB>number` for every entry."""
    columns = all_labels(matrix.columns)
    pairs = ((f"{name}/{column}", number) for name, numbers in matrix.lines() for column, number in zip(columns, numbers, strict=True))
    return "".join(f"{clean(name, False)}\t{number_text(number)}\n" for name, number in pairs)


def arrays(matrix: Matrix) -> dict[str, Value]:
    """Every block under a name, `row/column`."""
    return {f"{row}/{column}": matrix.blocks[row, column] for row in matrix.rows for column in matrix.columns}
