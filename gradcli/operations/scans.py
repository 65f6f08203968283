"""Rows that run along an axis: cumulative sums and products, and the recurrence that their derivatives need."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import axis_within

U = 2.0**-53


def _length(x: Any, axis: Any) -> int:
    """How many elements a scan runs over."""
    return math.prod(shape_of(x)) if axis is None else (*shape_of(x), 1)[axis_within(axis, x)]


def scanned(function: Callable[..., Any], x: Any, axis: Any) -> Any:
    """A scan of NumPy's, of a number that of a vector of one."""
    if not shape_of(x):
        x = np.reshape(x, (1,))
    return function(x, axis=None if axis is None else axis_within(axis, x))


def _flat(F: Any, x: Any, axis: Any) -> tuple[Any, float]:
    """x and its axis as a scan sees them: without an axis the elements in one row."""
    return (x, axis) if axis is not None and shape_of(x) else (F.reshape(x, math.prod(shape_of(x))), 0.0)


def _backwards(F: Any, g: Any, x: Any, axis: Any) -> Any:
    """The sum of all elements of g from each on."""
    g, along = _flat(F, g, axis)
    return F.reshape(F.flip(F.cumsum(F.flip(g, along), along), along), *shape_of(x))


def behind(F: Any, first: float, x: Any) -> Any:
    """The elements along the last axis, moved on by one behind a number."""
    n = shape_of(x)[-1]
    if not n:
        return x
    head = F.broadcast_to(F.number(first), (*shape_of(x)[:-1], 1))
    return F.concatenate(head, F.index(x, float(n - 1), (("ellipsis",), ("slice", False, True, False))), -1.0)


def recurrence(a: Any, b: Any) -> Any:
    """h along the last axis with h[i] = a[i]*h[i-1] + b[i], from h[-1] = 0."""
    h, before = np.empty(shape_of(b), np.result_type(a, b)), 0.0
    for i in range(h.shape[-1]):
        before = h[..., i] = b[..., i] if not i else a[..., i] * before + b[..., i]
    return h


def _reversed(F: Any, g: Any, a: Any) -> Any:
    """The recurrence from the last element to the first with each element's own factor one step later: the adjoint of b."""
    return F.flip(F.recurrence(behind(F, 0.0, F.flip(a, -1.0)), F.flip(g, -1.0)), -1.0)


def _cumprod_share(F: Any, g: Any, x: Any, axis: Any) -> Any:
    """What is before an element times the recurrence of what comes after it: no division, so that zeros are exact."""
    flat, along = _flat(F, x, axis)
    moved = F.moveaxis(flat, along, -1.0)
    share = F.cumprod(behind(F, 1.0, moved), -1.0) * _reversed(F, F.moveaxis(F.reshape(g, *shape_of(flat)), along, -1.0), moved)
    return F.reshape(F.moveaxis(share, -1.0, along), *shape_of(x))


def _cumprod_tangent(F: Any, t: Any, x: Any, axis: Any) -> Any:
    """h[i] = x[i]*h[i-1] + t[i]*(the product before i)."""
    flat, along = _flat(F, x, axis)
    moved, tangents = F.moveaxis(flat, along, -1.0), F.moveaxis(F.reshape(t, *shape_of(flat)), along, -1.0)
    return F.moveaxis(F.recurrence(moved, tangents * F.cumprod(behind(F, 1.0, moved), -1.0)), -1.0, along)


SCAN: dict[str, Any] = {"settings": "axis", "keywords": "axis", "defaults": (None,)}
CASES = (("2x3", None), ("2x3", 0.0), ("2x1x3", -1.0), ("number", None), ("0", None), ("1", 0.0))

ROWS = (
    ArrayOp("cumsum", params="x axis", **SCAN, value=lambda x, axis: scanned(np.cumsum, x, axis), linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, axis: _backwards(F, g, x, axis), None), cases=CASES,
            error=lambda y, x, axis: _length(x, axis) * U * scanned(np.cumsum, np.abs(x), axis),
            share="sums of g from each element on", doc="sums of the elements up to each one, along an axis or of all in a row"),
    ArrayOp("cumprod", params="x axis", **SCAN, value=lambda x, axis: scanned(np.cumprod, x, axis),
            pullbacks=(lambda F, g, y, x, axis: _cumprod_share(F, g, x, axis), None),
            pushforwards=(lambda F, t, y, x, axis: _cumprod_tangent(F, t, x, axis), None),
            error=lambda y, x, axis: _length(x, axis) * U * np.abs(y), cases=(*CASES, ("zeros 4", None)),
            share="sums of g times the products without each element",
            doc="products of the elements up to each one; exact also with zeros"),
    ArrayOp("recurrence", params="a b", value=recurrence, internal=True,
            pullbacks=(lambda F, g, y, a, b: _reversed(F, g, a) * behind(F, 0.0, y), lambda F, g, y, a, b: _reversed(F, g, a)),
            pushforwards=(lambda F, t, y, a, b: F.recurrence(a, t * behind(F, 0.0, y)), lambda F, t, y, a, b: F.recurrence(a, t)),
            error=lambda y, a, b: 2 * shape_of(b)[-1] * U * recurrence(np.abs(a), np.abs(b)),
            cases=(("3", "3"), ("2x4", "2x4"), ("1", "1")),
            doc="h along the last axis with h[i] = a[i]*h[i-1] + b[i]"),
)  # fmt: skip
