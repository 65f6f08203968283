"""The blocks of a Jacobian or a Hessian as they are computed, row by row or column by column; without NumPy where all are numbers."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from math import prod
from typing import Any, Generic, TypeVar

from gradcli.operations.arrays import Shape, is_array
from gradcli.operations.lazily import np, silently
from gradcli.results import Value

Row = TypeVar("Row", bound=Hashable)


class Blocks(Generic[Row]):
    """The blocks by the names of their row and their column; one that nothing was put into is zero."""

    def __init__(self, rows: Mapping[Row, Shape], columns: Mapping[str, Shape]) -> None:
        self.rows = rows
        self.columns = columns
        self.found: dict[tuple[Row, str], Any] = {}

    def flat(self, row: Row, column: str) -> Any:
        """A block with all elements of its row along the first axis and of its column along the second."""
        if (row, column) not in self.found:
            self.found[row, column] = np.zeros((prod(self.rows[row]), prod(self.columns[column])))
        return self.found[row, column]

    def is_number(self, row: Row, column: str) -> bool:
        """Whether a block is one number."""
        return not self.rows[row] and not self.columns[column]

    def put_row(self, row: Row, column: str, k: int, value: Any) -> None:
        """The derivatives of element k of the row."""
        if self.is_number(row, column):
            self.found[row, column] = float(value)
        else:
            self.flat(row, column)[k] = np.ravel(value)

    def put_column(self, row: Row, column: str, k: int, value: Any) -> None:
        """The derivatives by element k of the column."""
        if self.is_number(row, column):
            self.found[row, column] = float(value)
        else:
            self.flat(row, column)[:, k] = np.ravel(value)

    def absent(self) -> list[tuple[Row, str]]:
        """The blocks that nothing was put into."""
        return [(row, column) for row in self.rows for column in self.columns if (row, column) not in self.found]

    def complete(self) -> dict[tuple[Row, str], Value]:
        """All blocks, each in the shape of its row followed by that of its column."""
        return {(row, column): self.shaped(row, column) for row in self.rows for column in self.columns}

    def shaped(self, row: Row, column: str) -> Value:
        """One block in its shape."""
        number: Value = self.found.get((row, column), 0.0)
        whole: Value = number if self.is_number(row, column) else self.flat(row, column).reshape((*self.rows[row], *self.columns[column]))
        return whole


def symmetric(blocks: Mapping[tuple[str, str], Value], shapes: Mapping[str, Shape]) -> tuple[dict[tuple[str, str], Value], float]:
    """The blocks of a square matrix with the mean of mirrored entries, and how far these were apart, relative to the largest entry."""
    mirrored = {(a, b): transposed(blocks[b, a], shapes[a], shapes[b]) for a, b in blocks}
    with silently():
        apart = max((largest(block - mirrored[key]) for key, block in blocks.items()), default=0.0)
    size = max(map(largest, blocks.values()), default=0.0)
    return {key: mean(block, mirrored[key]) for key, block in blocks.items()}, apart / size if size else 0.0


def transposed(block: Any, row: Shape, column: Shape) -> Any:
    """The block across the diagonal in the shape of its row followed by that of its column."""
    return block.reshape(prod(column), prod(row)).T.reshape((*row, *column)) if is_array(block) else block


def mean(a: Any, b: Any) -> Any:
    """The mean of two numbers or arrays, exactly a where they are equal; the same for (a, b) and (b, a)."""
    if is_array(a):
        with silently():
            return np.where(a == b, a, a / 2 + b / 2)
    return a if a == b else a / 2 + b / 2


def largest(value: Any) -> float:
    """The largest magnitude among finite numbers."""
    if is_array(value):
        return float(np.abs(value[np.isfinite(value)]).max(initial=0.0))
    return abs(value) if math.isfinite(value) else 0.0


def shaped(value: Any, shape: Shape) -> Value:
    """A derivative in the shape of what it is by; zeros for None."""
    if not shape:
        return 0.0 if value is None else float(value)
    found: Value = np.zeros(shape) if value is None else np.broadcast_to(value, shape)
    return found
