"""Rows of diagonals and triangles of matrices."""

from __future__ import annotations

import math
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import axis_within, shape_text, whole

U = 2.0**-53
PAIR = (("item",), ("item",))


def _matrix(x: Any, name: str) -> Any:
    """An array with two axes at least. Raises ShapeProblem for another."""
    if len(shape_of(x)) < 2:
        raise ShapeProblem(f"{name} is about matrices, not the shape {shape_text(shape_of(x))}", "diag(x) makes a matrix of a vector")
    return x


def places(rows: int, columns: int, offset: Any) -> tuple[Any, Any]:
    """The rows and the columns of a diagonal's elements, as an index takes them."""
    k = whole(offset, "an offset")
    i = np.arange(max(-k, 0), max(min(rows, columns - k), max(-k, 0)), dtype=float)
    return i, i + k


def _diagonal(x: Any, offset: Any, axis1: Any, axis2: Any) -> Any:
    """NumPy's diagonal."""
    _matrix(x, "diagonal")
    return np.diagonal(x, whole(offset, "an offset"), *_pair(x, axis1, axis2))


def _pair(x: Any, axis1: Any, axis2: Any) -> tuple[int, int]:
    """Two axes. Raises ShapeProblem if they are one."""
    first, second = axis_within(axis1, x), axis_within(axis2, x)
    if first == second:
        raise ShapeProblem(f"a diagonal runs over two axes, and both are {first}", "leave axis1 and axis2 out for the first two")
    return first, second


def _on_diagonal(F: Any, g: Any, x: Any, offset: Any, axis1: Any, axis2: Any) -> Any:
    """Zeros in the shape of x with g on the diagonal."""
    pair = _pair(x, axis1, axis2)
    rest = [n for i, n in enumerate(shape_of(x)) if i not in pair]
    rows, columns = (shape_of(x)[i] for i in pair)
    found = F.scatter(F.moveaxis(g, -1.0, 0.0), *places(rows, columns, offset), PAIR, (rows, columns, *rest))
    return F.moveaxis(found, (0.0, 1.0), tuple(map(float, pair)))


def _diag(x: Any, k: Any) -> Any:
    """NumPy's diag: the diagonal of a matrix, or the matrix with a diagonal."""
    if len(shape_of(x)) not in (1, 2):
        raise ShapeProblem(f"diag is about vectors and matrices, not the shape {shape_text(shape_of(x))}", "diagonal(x) takes more axes")
    return np.diag(x, whole(k, "an offset"))


def _diag_share(F: Any, g: Any, x: Any, k: Any) -> Any:
    """The share of the argument of diag: diag the other way."""
    return F.diagonal(g, k, 0.0, 1.0) if len(shape_of(x)) == 1 else _on_diagonal(F, g, x, k, 0.0, 1.0)


def _repeated(F: Any, g: Any, x: Any, offset: Any) -> Any:
    """The adjoint of a sum over a diagonal, once for each of its elements."""
    n = len(places(shape_of(x)[0], shape_of(x)[1], offset)[0])
    return F.broadcast_to(F.reshape(g, *shape_of(g), 1), (*shape_of(g), n))


def _size(x: Any, k: Any) -> int:
    """How many elements diag has."""
    return (math.prod(shape_of(x)) + abs(whole(k, "an offset"))) ** 2 if len(shape_of(x)) == 1 else math.prod(shape_of(x))


def _triangle(name: str, doc: str) -> ArrayOp:
    """The row of a triangle, which is its own pullback."""
    return ArrayOp(name, "", "x k", settings="k", defaults=(0.0,), linear=True, moves=True, selects=True,
                   value=lambda x, k: getattr(np, name)(_matrix(x, name), whole(k, "an offset")),
                   pullbacks=(lambda F, g, y, x, k: getattr(F, name)(g, k), None),
                   cases=(("3x3", 0.0), ("2x3", 1.0), ("2x3x2", -1.0), ("0x2", 0.0)), share=f"{name}(g, k)", doc=doc)  # fmt: skip


AXES: dict[str, Any] = {"settings": "offset axis1 axis2", "defaults": (0.0, 0.0, 1.0)}

ROWS = (
    ArrayOp("diagonal", params="x offset axis1 axis2", **AXES, value=_diagonal, linear=True, moves=True, selects=True,
            pullbacks=(lambda F, g, y, x, offset, axis1, axis2: _on_diagonal(F, g, x, offset, axis1, axis2), None, None, None),
            cases=(("3x3", 0.0, 0.0, 1.0), ("2x3", 1.0, 0.0, 1.0), ("2x4x3", -1.0, -1.0, 0.0), ("2x3", 5.0, 0.0, 1.0)),
            share="g on the diagonal, else 0", doc="the elements of a diagonal, along the last axis"),
    ArrayOp("trace", params="x offset", settings="offset", defaults=(0.0,), linear=True, moves=True, selects=True,
            value=lambda x, offset: np.trace(_matrix(x, "trace"), whole(offset, "an offset")),
            pullbacks=(lambda F, g, y, x, offset: _on_diagonal(F, _repeated(F, g, x, offset), x, offset, 0.0, 1.0), None),
            error=lambda y, x, offset: min(shape_of(x)[:2]) * U * np.trace(np.abs(x), whole(offset, "an offset")),
            cases=(("3x3", 0.0), ("2x3", 1.0), ("2x2x3", 0.0)), share="g on the diagonal, else 0", doc="sum of a diagonal"),
    ArrayOp("diag", params="x k", settings="k", defaults=(0.0,), value=_diag, linear=True, moves=True, selects=True,
            pullbacks=(lambda F, g, y, x, k: _diag_share(F, g, x, k), None), elements=_size,
            cases=(("3", 0.0), ("2", -1.0), ("3x3", 0.0), ("2x3", 1.0), ("0", 0.0)), share="diag(g), the other way",
            doc="the diagonal of a matrix, or the matrix with a vector on its diagonal"),
    _triangle("tril", "the lower triangle of a matrix, else 0"),
    _triangle("triu", "the upper triangle of a matrix, else 0"),
)  # fmt: skip
