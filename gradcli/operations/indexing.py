"""Rows of indices: parts of an array, and arrays with a part replaced.

An index is `spec`, which says what its parts are in order: ("item",), ("slice", has start, has stop, has step), ("ellipsis",) or
("newaxis",); and the pieces that are present, as arguments: whole numbers, arrays of them, or arrays of truth values.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import axis_within, whole, whole_numbers

Spec = Sequence[tuple[Any, ...]]


def key(parts: Sequence[Any], spec: Spec) -> tuple[Any, ...]:
    """The index as NumPy takes it."""
    remaining = iter(parts)
    return tuple(part(kind, remaining) for kind in spec)


def part(kind: tuple[Any, ...], remaining: Iterator[Any]) -> Any:
    """One part of an index."""
    if kind[0] == "slice":
        return slice(*(whole(next(remaining), "the end of a slice") if given else None for given in kind[1:]))
    if kind[0] == "item":
        return item(next(remaining))
    return Ellipsis if kind[0] == "ellipsis" else None


def item(value: Any) -> Any:
    """A whole number, or an array of whole numbers or truth values."""
    if not is_array(value):
        return whole(value, "an index")
    if value.dtype == bool:
        return value
    return whole_numbers(value, "an index")


def part_at(x: Any, parts: Sequence[Any], spec: Spec) -> Any:
    """The part of x at an index."""
    if not shape_of(x):
        raise ShapeProblem("a number has no parts", "an index goes behind an array: x[0]")
    return x[key(parts, spec)]


def scattered(g: Any, parts: Sequence[Any], spec: Spec, shape: tuple[int, ...]) -> Any:
    """Zeros of a shape, to which the elements of g are added where an index points; an element that it names twice gets both."""
    result = np.zeros(shape, g.dtype if is_array(g) else object if not isinstance(g, float) else float)
    np.add.at(result, key(parts, spec), g)
    return result


def hits_error(g: Any, add: Callable[[Any], Any]) -> Any:
    """A bound of the rounding error where several elements are added to one, by `add`."""
    size = np.abs(np.asarray(g, float))
    return add(np.ones_like(size)) * 2.0**-53 * add(size)


def replaced(x: Any, v: Any, parts: Sequence[Any], spec: Spec) -> Any:
    """A copy of x with new values at an index."""
    result = np.array(x, object) if (is_array(v) and v.dtype == object) or (not isinstance(v, float) and not is_array(v)) else np.array(x)
    result[key(parts, spec)] = v
    return result


def along(axis: int, number: int) -> tuple[float, Spec]:
    """The index of one position along an axis: its piece and its spec."""
    return float(number), (*[("slice", False, False, False)] * axis, ("item",))


def _taken_at(indices: Any, x: Any, axis: Any) -> tuple[Any, Spec]:
    """The index that take means: its positions and its spec, along an axis or of the elements in a row."""
    at = 0 if axis is None else axis_within(axis, x)
    where = np.asarray(indices, float) if isinstance(indices, tuple) else indices
    return where, (*[("slice", False, False, False)] * at, ("item",))


def take(x: Any, indices: Any, axis: Any) -> Any:
    """NumPy's take: any shape of positions in the place of an axis."""
    part, spec = _taken_at(indices, x, axis)
    return (np.reshape(x, -1) if axis is None else np.asarray(x))[key([part], spec)]


def put_back(F: Any, g: Any, x: Any, indices: Any, axis: Any) -> Any:
    """The share of what was taken from: what was taken several times gets the sum."""
    shape = shape_of(x) if axis is not None else (math.prod(shape_of(x)),)
    return F.reshape(F.scatter(g, *_taken_at(indices, x, axis), shape), *shape_of(x))


def _share_of_new(F: Any, g: Any, parts: Sequence[Any], spec: Spec) -> Any:
    """The share of values that were written: of those to the same element the last one stayed."""
    share, numbers = F.index(g, *parts, spec), np.zeros(shape_of(g))
    order = np.reshape(np.arange(math.prod(shape_of(share)), dtype=float), shape_of(share))
    numbers[key(parts, spec)] = order
    stayed = numbers[key(parts, spec)] == order
    return share if np.all(stayed) else F.where(stayed, share, 0)


INDEX = "x parts spec"
ROW, COLUMN, STEP = (("item",),), (("slice", False, False, False), ("item",)), (("slice", True, True, True),)
PAIR = (("item",), ("item",))

ROWS = (
    ArrayOp("index", params=INDEX, settings="parts spec", variadic="parts", value=part_at, linear=True,
            moves=True, selects=True, internal=True,
            pullbacks=(lambda F, g, y, x, parts, spec: F.scatter(g, *parts, spec, shape_of(x)), None, None),
            cases=(("3", (1.0,), ROW), ("2x3", (-1.0,), COLUMN), ("5", (4.0, 0.0, -2.0), STEP), ("2x3", (), (("ellipsis",), ("newaxis",))),
                   ("3", ((0.0, 2.0, 0.0),), ROW), ("2x3", ((0.0, 1.0), (2.0, 2.0)), PAIR), ("3", ((True, False, True),), ROW)),
            doc="the part of x at an index"),
    ArrayOp("scatter", params="g parts spec shape", settings="parts spec shape", variadic="parts", value=scattered, linear=True, moves=True,
            pullbacks=(lambda F, h, y, g, parts, spec, shape: F.index(h, *parts, spec), None, None, None), internal=True,
            error=lambda y, g, parts, spec, shape: hits_error(g, lambda x: scattered(x, parts, spec, shape)),
            cases=(("number", (1.0,), ROW, (3,)), ("2", (-1.0,), COLUMN, (2, 3)), ("3", ((0.0, 2.0, 0.0),), ROW, (3,))),
            doc="zeros, with g added at an index"),
    ArrayOp("set_index", params="x v parts spec", settings="parts spec", variadic="parts", value=replaced, moves=True,
            pullbacks=(lambda F, g, y, x, v, parts, spec: F.set_index(g, 0.0, *parts, spec),
                       lambda F, g, y, x, v, parts, spec: _share_of_new(F, g, parts, spec), None, None),
            pushforwards=(lambda F, t, y, x, v, parts, spec: F.set_index(t, 0.0, *parts, spec),
                          lambda F, t, y, x, v, parts, spec: F.set_index(F.broadcast_to(0.0, shape_of(x)), t, *parts, spec), None, None),
            internal=True, cases=(("3", "number", (1.0,), ROW), ("2x3", "2", (-1.0,), COLUMN), ("2x3", "3", (0.0,), ROW),
                                  ("3", "2", ((1.0, 1.0),), ROW),
                                  ("3", "number", ((True, False, True),), ROW)), doc="x with its part at an index replaced by v"),
    ArrayOp("take", "", "x indices axis", settings="indices axis", keywords="axis", defaults=(None,), value=take,
            linear=True, moves=True, selects=True,
            pullbacks=(lambda F, g, y, x, indices, axis: put_back(F, g, x, indices, axis), None, None),
            cases=(("4", 2.0, None), ("2x3", (5.0, 0.0, 0.0), None), ("2x3", ((2.0, 0.0), (0.0, -1.0)), 1.0), ("2x3", 1.0, 0.0)),
            share="g added where the elements came from", doc="the elements at positions, along an axis or of all in a row"),
)  # fmt: skip
