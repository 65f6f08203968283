"""Rows that choose elements by their size: largest and smallest, sorting, positions.

`decide` answers which elements were chosen, as Pieces: a mask for the extremes, whose ties are shared equally, else positions, whose
ties keep their order. Positions have no derivative.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import Pieces, shape_of
from gradcli.operations.indexing import hits_error
from gradcli.operations.lazily import np
from gradcli.operations.reductions import EVERY, REDUCED, count, kept, reduced_axes, spread
from gradcli.operations.settings import axis_within, shape_text, whole, whole_numbers

Decide = Callable[..., Pieces]


def _largest(sign: int) -> Decide:
    """Decides which elements are the largest (sign 1) or the smallest (sign -1): a mask; undefined elements win."""

    def decide(x: Any, axis: Any, keepdims: Any) -> Pieces:
        x = np.asarray(x)
        axes = reduced_axes(x, axis)
        undefined = x != x
        size = np.where(undefined, -math.inf, x if sign > 0 else 0 - x)
        mask = size == np.max(size, axis=axes, keepdims=True, initial=-math.inf)
        return Pieces(np.where(np.any(undefined, axis=axes, keepdims=True), undefined, mask).astype(bool))

    return decide


def _extreme(name: str) -> Callable[..., Any]:
    """NumPy's largest or smallest."""

    def value(x: Any, axis: Any, keepdims: Any) -> Any:
        if 0 in shape_of(x) and not count(x, axis):
            raise ShapeProblem(f"{name} of no elements has no value: the shape is {shape_text(shape_of(x))}", "leave empty arrays out")
        return getattr(np, name)(x, axis=reduced_axes(x, axis), keepdims=bool(keepdims))

    return value


def _mean_of_chosen(F: Any, k: Pieces, x: Any, axis: Any, keepdims: Any) -> Any:
    """The mean of the chosen elements, which are equal where they were chosen."""
    axes, keep = reduced_axes(x, axis), bool(keepdims)
    total, n = (np.sum(one, axis=axes, keepdims=keep) for one in (np.where(k.array, x, F.number(0.0)), k.array))
    return total if np.all(n == 1) else total / F.numbers(np.asarray(n, float))


def _shared(F: Any, y: Any, x: Any, axis: Any) -> Any:
    """The derivative of an extreme by each element: one, divided among equals."""
    chosen = F.where(F.eq(x, spread(F, y, x, axis)), 1, 0)
    return chosen / F.maximum(F.reshape(F.sum(chosen, axis, False), *kept(x, axis)), 1)


def _by_choice(F: Any, g: Any, y: Any, x: Any, axis: Any) -> Any:
    """The share of an extreme's argument."""
    return spread(F, g, x, axis) * _shared(F, y, x, axis)


def _row_of(x: Any, axis: Any) -> tuple[Any, int]:
    """x and the axis along which it is put in order; without one its elements in a row."""
    x = np.asarray(x)
    return (x.reshape(-1), 0) if axis is None or not x.ndim else (x, axis_within(axis, x))


def positions(x: Any, axis: Any) -> Any:
    """Where the elements in ascending order come from; equal ones keep their order, undefined ones come last."""
    x, along = _row_of(x, axis)
    return np.argsort(np.where(x != x, math.inf, x), axis=along, kind="stable")


def top_positions(x: Any, k: Any, axis: Any) -> Any:
    """Where the k largest elements are, the largest first; of equal ones the first."""
    x, along = _row_of(x, axis)
    n, size = whole(k, "k"), x.shape[along]
    if not 0 <= n <= size:
        raise ShapeProblem(f"topk can't take {n} of {size} elements", f"k is from 0 to {size}")
    order = np.argsort(np.where(x != x, math.inf, 0 - x), axis=along, kind="stable")
    return np.take(order, np.arange(n), axis=along)


def extreme_position(sign: int) -> Callable[..., Any]:
    """Where the first of the largest (sign 1) or of the smallest (sign -1) elements is."""

    def position(x: Any, axis: Any, keepdims: Any) -> Any:
        x, along = np.asarray(x), None if axis is None else axis_within(axis, x)
        if not (x.size if along is None else (*x.shape, 1)[along]):
            raise ShapeProblem(f"no element of the shape {shape_text(x.shape)} is the largest or the smallest", "leave empty arrays out")
        size = np.where(x != x, math.inf, x if sign > 0 else 0 - x)
        return np.argmax(size, axis=along, keepdims=bool(keepdims))

    return position


def along(x: Any, indices: Any, axis: Any) -> tuple[Any, ...]:
    """NumPy's index of the elements at `indices` along an axis, in step with the other axes."""
    where = whole_numbers(indices, "a position")
    if where.ndim != len(shape_of(x)) or not where.ndim:
        raise ShapeProblem(
            f"positions along an axis need as many axes as the array: {shape_text(where.shape)} for {shape_text(shape_of(x))}",
            "x[indices] and take(x, indices) take positions of any shape",
        )
    at, grid = axis_within(axis, x), np.ogrid[tuple(slice(n) for n in where.shape)]
    return tuple(where if i == at else step for i, step in enumerate(grid))


def _added_along(g: Any, indices: Any, axis: Any, shape: Any) -> Any:
    """Zeros of a shape to which g is added at positions along an axis."""
    result = np.zeros(tuple(map(int, shape)), g.dtype)
    np.add.at(result, along(result, indices, axis), g)
    return result


def _ordered_share(F: Any, g: Any, x: Any, where: Any, axis: Any) -> Any:
    """The elements of g back where they came from."""
    shape = shape_of(x) if axis is not None and shape_of(x) else (math.prod(shape_of(x)),)
    return F.reshape(F.scatter_along(g, where, 0.0 if axis is None or not shape_of(x) else axis, shape), *shape_of(x))


def _taken(x: Any, where: Any, axis: Any) -> Any:
    """The elements of x at positions along an axis."""
    x, at = _row_of(x, axis)
    return x[along(x, where, at)]


def _tangent(F: Any, t: Any, x: Any, where: Any, axis: Any) -> Any:
    """The elements of t at positions along an axis."""
    flat = axis is None or not shape_of(x)
    return F.take_along_axis(F.reshape(t, math.prod(shape_of(x))) if flat else t, where, 0.0 if flat else axis)


def _extreme_row(name: str, sign: int, doc: str) -> ArrayOp:
    """The row of the largest or of the smallest."""
    return ArrayOp(name, params="x axis keepdims", **REDUCED, value=_extreme(name), decide=_largest(sign), piece=_mean_of_chosen,
                   selects=True, moves=True, pullbacks=(lambda F, g, y, x, axis, keepdims: _by_choice(F, g, y, x, axis), None, None),
                   pushforwards=(lambda F, t, y, x, axis, keepdims: F.sum(t * _shared(F, y, x, axis), axis, keepdims), None, None),
                   error=lambda y, x, axis, keepdims: 0.0, cases=(*EVERY, ("ties 4", None, False)),
                   kink="two elements tie", share="g where x is it, shared equally at a tie", doc=doc)  # fmt: skip


def _position_row(name: str, alias: str, sign: int, doc: str) -> ArrayOp:
    """The row of a position."""
    value = extreme_position(sign)
    return ArrayOp(name, alias, "x axis keepdims", **REDUCED, value=value, decide=lambda *xs: Pieces(np.asarray(value(*xs))),
                   piece=lambda F, k, *xs: F.numbers(k.array.astype(float)), pullbacks=(None, None, None),
                   cases=(("5", None, False), ("2x3", 0.0, False), ("2x3", -1.0, True), ("number", None, False)),
                   kink="two elements tie", doc=doc)  # fmt: skip


SORTED: dict[str, Any] = {"settings": "axis", "keywords": "axis", "defaults": (-1.0,)}
LINES = (("5", -1.0), ("2x4", 0.0), ("2x4", None), ("2x1x3", -1.0), ("0", -1.0))

ROWS = (
    _extreme_row("amax", 1, "the largest element, over axes or of all"),
    _extreme_row("amin", -1, "the smallest element, over axes or of all"),
    ArrayOp("sort", "msort", "x axis", **SORTED, value=lambda x, axis: np.sort(x, axis=axis if axis is None else axis_within(axis, x)),
            decide=lambda x, axis: Pieces(positions(x, axis)), piece=lambda F, k, x, axis: _taken(x, k.array, axis), moves=True,
            pullbacks=(lambda F, g, y, x, axis: _ordered_share(F, g, x, F.argsort(x, axis), axis), None),
            pushforwards=(lambda F, t, y, x, axis: _tangent(F, t, x, F.argsort(x, axis), axis), None),
            kink="two elements tie", cases=LINES, share="g back in the order of x", doc="the elements in ascending order along an axis"),
    ArrayOp("topk", "", "x k axis", settings="k axis", keywords="axis", defaults=(-1.0,),
            value=lambda x, k, axis: _taken(x, top_positions(x, k, axis), axis),
            decide=lambda x, k, axis: Pieces(top_positions(x, k, axis)), piece=lambda F, n, x, k, axis: _taken(x, n.array, axis),
            moves=True, selects=True,
            pullbacks=(lambda F, g, y, x, k, axis: _ordered_share(F, g, x, F.top_positions(x, k, axis), axis), None, None),
            pushforwards=(lambda F, t, y, x, k, axis: _tangent(F, t, x, F.top_positions(x, k, axis), axis), None, None),
            kink="two elements tie", cases=(("5", 2.0, -1.0), ("2x4", 1.0, 0.0), ("2x4", 3.0, -1.0), ("3", 0.0, -1.0)),
            share="g where the chosen ones came from, else 0", doc="the k largest elements along an axis, the largest first"),
    ArrayOp("argsort", params="x axis", **SORTED, value=positions, decide=lambda x, axis: Pieces(positions(x, axis)),
            piece=lambda F, k, x, axis: F.numbers(k.array.astype(float)), pullbacks=(None, None), cases=LINES, kink="two elements tie",
            doc="positions of the elements in ascending order along an axis"),
    ArrayOp("top_positions", params="x k axis", settings="k axis", keywords="axis", defaults=(-1.0,), value=top_positions,
            decide=lambda x, k, axis: Pieces(top_positions(x, k, axis)), piece=lambda F, n, x, k, axis: F.numbers(n.array.astype(float)),
            pullbacks=(None, None, None), cases=(("5", 2.0, -1.0), ("2x4", 1.0, 0.0)), internal=True, kink="two elements tie",
            doc="positions of the k largest elements"),
    _position_row("argmax", "", 1, "position of the largest element, of equals the first"),
    _position_row("argmin", "", -1, "position of the smallest element, of equals the first"),
    ArrayOp("take_along_axis", "", "x indices axis", settings="indices axis",
            value=lambda x, indices, axis: _taken(x, indices, axis), linear=True, moves=True, selects=True,
            pullbacks=(lambda F, g, y, x, indices, axis: _ordered_share(F, g, x, indices, axis), None, None),
            cases=(("3", (2.0, 0.0, 2.0), 0.0), ("2x3", ((0.0, 1.0), (2.0, -1.0)), 1.0), ("2x3", ((1.0, 0.0, 1.0),), 0.0)),
            share="g added where the elements came from", doc="the elements at positions along an axis, in step with the others"),
    ArrayOp("gather", "", "x dim index", settings="dim index",
            value=lambda x, dim, index: _taken(x, index, dim), linear=True, moves=True, selects=True,
            pullbacks=(lambda F, g, y, x, dim, index: _ordered_share(F, g, x, index, dim), None, None),
            cases=(("3x2", 1.0, ((0.0,), (1.0,))), ("3x2", 0.0, ((2.0, 0.0),)),),
            share="g added where the elements came from", doc="PyTorch's take_along_axis: the axis stands before the positions"),
    ArrayOp("scatter_along", params="g indices axis shape", settings="indices axis shape", value=_added_along, linear=True, moves=True,
            internal=True, pullbacks=(lambda F, h, y, g, indices, axis, shape: F.take_along_axis(h, indices, axis), None, None, None),
            error=lambda y, g, indices, axis, shape: hits_error(g, lambda x: _added_along(x, indices, axis, shape)),
            cases=(("3", (2.0, 0.0, 2.0), 0.0, (4.0,)), ("2x2", ((0.0, 1.0), (2.0, -1.0)), 1.0, (2.0, 3.0))),
            doc="zeros, with g added at positions along an axis"),
)  # fmt: skip
