"""Rows that make one number of many, along axes or of a whole array."""

from __future__ import annotations

import math
from typing import Any

from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import Shape, shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import axes_of, axis_within

U = 2.0**-53


def kept(x: Any, axis: Any) -> Shape:
    """The shape of a reduction that keeps its axes, with length 1."""
    shape = shape_of(x)
    axes = range(len(shape)) if axis is None else [axis_within(one, x) for one in (axis if isinstance(axis, tuple | list) else [axis])]
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def count(x: Any, axis: Any) -> int:
    """How many elements each result of a reduction is made of."""
    return math.prod(n for n, left in zip(shape_of(x), kept(x, axis), strict=True) if left == 1 or n == left == 1)


def spread(F: Any, g: Any, x: Any, axis: Any) -> Any:
    """A reduction's adjoint (or value), repeated for every element of x."""
    return F.broadcast_to(F.reshape(g, *kept(x, axis)), shape_of(x))


def sum_of(x: Any, axis: Any, keepdims: Any) -> Any:
    """NumPy's sum."""
    return np.sum(x, axis=axes_of(axis), keepdims=bool(keepdims))


ROWS = (
    ArrayOp("sum", params="x axis keepdims", settings="axis keepdims", keywords="axis keepdims", defaults=(None, False), value=sum_of,
            linear=True, moves=True, pullbacks=(lambda F, g, y, x, axis, keepdims: spread(F, g, x, axis), None, None),
            error=lambda y, x, axis, keepdims: count(x, axis) * U * sum_of(np.abs(x), axis, keepdims),
            doc="sum over axes, or of all elements"),
)  # fmt: skip
