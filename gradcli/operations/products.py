"""Rows of products of vectors and matrices."""

from __future__ import annotations

from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import shape_text

U = 2.0**-53


def product(a: Any, b: Any) -> Any:
    """NumPy's matrix product: vectors, matrices, and stacks of matrices that broadcast."""
    left, right = shape_of(a), shape_of(b)
    if not left or not right:
        raise ShapeProblem(f"@ multiplies arrays, not {shape_text(left)} and {shape_text(right)}", "a number times an array is written *")
    columns, rows = left[-1], right[max(len(right) - 2, 0)]
    if columns != rows:
        raise ShapeProblem(
            f"@ can't multiply shapes {shape_text(left)} and {shape_text(right)}: {columns} columns meet {rows} rows",
            "transpose one of them with .T, or check the order",
        )
    return np.matmul(a, b)


def _by_left(F: Any, g: Any, a: Any, b: Any) -> Any:
    """The share of the left factor: g times the transposed right one."""
    if len(shape_of(b)) == 1:
        return F.expand_dims(g, -1) * b if len(shape_of(a)) > 1 else g * b
    if len(shape_of(a)) == 1:
        return F.sum_to(F.reshape(F.matmul(b, F.expand_dims(g, -1)), *shape_of(b)[:-1]), shape_of(a))
    return F.matmul(g, F.swapaxes(b, -1, -2))


def _by_right(F: Any, g: Any, a: Any, b: Any) -> Any:
    """The share of the right factor: the transposed left one times g."""
    if len(shape_of(a)) == 1:
        return F.expand_dims(a, -1) * F.expand_dims(g, -2) if len(shape_of(b)) > 1 else g * a
    if len(shape_of(b)) == 1:
        return F.sum_to(F.expand_dims(g, -1) * a, shape_of(b))
    return F.matmul(F.swapaxes(a, -1, -2), g)


ROWS = (
    ArrayOp("matmul", "mm bmm", "a b", symbol="@", value=product, linear=True,
            pullbacks=(lambda F, g, y, a, b: _by_left(F, g, a, b), lambda F, g, y, a, b: _by_right(F, g, a, b)),
            error=lambda y, a, b: shape_of(a)[-1] * U * np.matmul(np.abs(a), np.abs(b)),
            cases=(("2x3", "3x4"), ("3", "3x4"), ("2x3", "3"), ("3", "3"), ("5x2x3", "3x4"), ("2x3", "5x3x4"), ("0x3", "3x2"),
                   ("2x0", "0x2"), ("1x2x3", "4x3x1"), ("3", "2x3x4"), ("2x4x3", "3")), share="g @ b.T, a.T @ g", doc="matrix product"),
)  # fmt: skip
