"""Rows that move elements and change shapes: no arithmetic but adding up what broadcasting spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import Shape, shape_of
from gradcli.operations.indexing import along
from gradcli.operations.lazily import np
from gradcli.operations.settings import axes_of, axis_within, shape_from


def _sum_to(x: Any, shape: Shape) -> Any:
    """The sum over the axes that broadcasting from `shape` added or spread."""
    extra = x.ndim - len(shape)
    spread = [extra + i for i, n in enumerate(shape) if n == 1 and x.shape[extra + i] != 1]
    return np.sum(x, axis=(*range(extra), *spread), keepdims=True).reshape(shape)


def _stack(arrays: Sequence[Any], axis: Any) -> Any:
    """The arrays along a new axis; of numbers a vector."""
    return np.stack([np.asarray(x) for x in arrays], axis=axes_of(axis))


def _parts(F: Any, g: Any, axis: Any, count: int) -> list[Any]:
    """The parts of an array along an axis."""
    return [F.index(g, *along(axis_within(axis, g), i)) for i in range(count)]


ROWS = (
    ArrayOp("sum_to", params="x shape", settings="shape", value=lambda x, shape: _sum_to(x, shape), internal=True, linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, shape: F.broadcast_to(g, shape_of(x)), None),
            doc="x added up to a shape that broadcasts to its own"),
    ArrayOp("broadcast_to", params="x shape", settings="shape", value=lambda x, shape: np.broadcast_to(x, shape_from(shape)), linear=True,
            pullbacks=(lambda F, g, y, x, shape: F.sum_to(g, shape_of(x)), None), moves=True,
            elements=lambda x, shape: math.prod(shape_from(shape)), doc="x repeated along new axes and axes of length 1"),
    ArrayOp("reshape", params="x shape", settings="shape", variadic="shape",
            value=lambda x, shape: np.reshape(x, shape_from(shape)), linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, shape: F.reshape(g, *shape_of(x)), None), doc="the elements of x in another shape, in order"),
    ArrayOp("expand_dims", "unsqueeze", "x axis", settings="axis", value=lambda x, axis: np.expand_dims(x, axes_of(axis)), linear=True,
            moves=True, pullbacks=(lambda F, g, y, x, axis: F.reshape(g, *shape_of(x)), None), doc="x with a new axis of length 1"),
    ArrayOp("swapaxes", "", "x axis1 axis2", settings="axis1 axis2",
            value=lambda x, axis1, axis2: np.swapaxes(x, axes_of(axis1), axes_of(axis2)), linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, axis1, axis2: F.swapaxes(g, axis1, axis2), None, None), doc="x with two axes exchanged"),
    ArrayOp("stack", params="arrays axis", settings="axis", keywords="axis", defaults=(0,), variadic="arrays", value=_stack,
            linear=True, moves=True, pullbacks=(lambda F, g, y, arrays, axis: _parts(F, g, axis, len(arrays)), None),
            doc="arrays of one shape, or numbers, along a new axis"),
)  # fmt: skip
