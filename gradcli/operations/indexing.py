"""Rows of indices: parts of an array, and arrays with a part replaced.

An index is `spec`, which says what its parts are in order: ("item",), ("slice", has start, has stop, has step), ("ellipsis",) or
("newaxis",); and the pieces that are present, as arguments: whole numbers, arrays of them, or arrays of truth values.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import whole

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
    return np.array([whole(one, "an index") for one in value.ravel().tolist()], int).reshape(value.shape)


def scattered(g: Any, parts: Sequence[Any], spec: Spec, shape: tuple[int, ...]) -> Any:
    """Zeros of a shape, to which the elements of g are added where an index points; an element that it names twice gets both."""
    result = np.zeros(shape, g.dtype if is_array(g) else object if not isinstance(g, float) else float)
    np.add.at(result, key(parts, spec), g)
    return result


def replaced(x: Any, v: Any, parts: Sequence[Any], spec: Spec) -> Any:
    """A copy of x with new values at an index."""
    result = np.array(x, object) if (is_array(v) and v.dtype == object) or (not isinstance(v, float) and not is_array(v)) else np.array(x)
    result[key(parts, spec)] = v
    return result


def along(axis: int, number: int) -> tuple[float, Spec]:
    """The index of one position along an axis: its piece and its spec."""
    return float(number), (*[("slice", False, False, False)] * axis, ("item",))


INDEX = "x parts spec"

ROWS = (
    ArrayOp("index", params=INDEX, settings="parts spec", variadic="parts", value=lambda x, parts, spec: x[key(parts, spec)], linear=True,
            moves=True, pullbacks=(lambda F, g, y, x, parts, spec: F.scatter(g, *parts, spec, shape_of(x)), None, None), internal=True,
            cases=(), doc="the part of x at an index"),
    ArrayOp("scatter", params="g parts spec shape", settings="parts spec shape", variadic="parts", value=scattered, linear=True, moves=True,
            pullbacks=(lambda F, h, y, g, parts, spec, shape: F.index(h, *parts, spec), None, None, None), internal=True,
            doc="zeros, with g added at an index"),
    ArrayOp("set_index", params="x v parts spec", settings="parts spec", variadic="parts", value=replaced, moves=True,
            pullbacks=(lambda F, g, y, x, v, parts, spec: F.set_index(g, 0.0, *parts, spec),
                       lambda F, g, y, x, v, parts, spec: F.index(g, *parts, spec), None, None),
            pushforwards=(lambda F, t, y, x, v, parts, spec: F.set_index(t, 0.0, *parts, spec),
                          lambda F, t, y, x, v, parts, spec: F.set_index(F.broadcast_to(0.0, shape_of(x)), t, *parts, spec), None, None),
            internal=True, doc="x with its part at an index replaced by v"),
)  # fmt: skip
