"""Rows that make one number of many, along axes or of a whole array: sums, products, spreads, norms."""

from __future__ import annotations

import math
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import Shape, lifted, shape_of
from gradcli.operations.floats import FLOATS
from gradcli.operations.lazily import np
from gradcli.operations.op import Rule
from gradcli.operations.scans import behind
from gradcli.operations.settings import axes_of, axis_within, real, said

U = 2.0**-53


def kept(x: Any, axis: Any) -> Shape:
    """The shape of a reduction that keeps its axes, with length 1."""
    shape, axes = shape_of(x), reduced_axes(x, axis)
    return tuple(1 if i in axes else n for i, n in enumerate(shape))


def reduced_axes(x: Any, axis: Any) -> tuple[int, ...]:
    """The axes that a reduction goes over, counted from 0. Raises ShapeProblem for one that x does not have, or that is named twice."""
    named = axes_of(axis)
    if named is None:
        return tuple(range(len(shape_of(x))))
    axes = tuple(axis_within(one, x) for one in (named if isinstance(named, tuple) else (named,)))
    if len(set(axes)) < len(axes):
        raise ShapeProblem(f"axis {said(axis)} names an axis twice", "name each axis once")
    return axes if shape_of(x) else ()


def count(x: Any, axis: Any) -> int:
    """How many elements each result of a reduction is made of."""
    shape = shape_of(x)
    return math.prod(shape[i] for i in reduced_axes(x, axis))


def spread(F: Any, g: Any, x: Any, axis: Any) -> Any:
    """A reduction's adjoint (or value), repeated for every element of x."""
    return F.broadcast_to(F.reshape(g, *kept(x, axis)), shape_of(x))


def sum_of(x: Any, axis: Any, keepdims: Any = False) -> Any:
    """NumPy's sum."""
    return np.sum(x, axis=reduced_axes(x, axis), keepdims=bool(keepdims))


def sum_error(x: Any, axis: Any, keepdims: Any = False) -> Any:
    """A bound of the rounding error of a sum, in whatever order it is taken."""
    return count(x, axis) * U * sum_of(np.abs(x), axis, keepdims)


def _mean(F: Any, x: Any, axis: Any, keepdims: Any) -> Any:
    """The sum by the count; undefined of no elements."""
    n = count(x, axis)
    return sum_of(x, axis, keepdims) * F.number(math.nan) if not n else sum_of(x, axis, keepdims) / F.number(n)


def _degrees(x: Any, axis: Any, ddof: Any) -> float:
    """What a variance divides by; nan where nothing is left."""
    n = count(x, axis) - real(ddof, "ddof")
    return n if n > 0 else math.nan


def _var(F: Any, x: Any, axis: Any, ddof: Any, keepdims: Any) -> Any:
    """The mean square of the deviations from the mean."""
    d = x - _mean(F, x, axis, True)
    return sum_of(d * d, axis, keepdims) / F.number(_degrees(x, axis, ddof))


def _var_error(y: Any, x: Any, axis: Any, ddof: Any, keepdims: Any) -> Any:
    """A bound of the error of a variance: of its sum, and of the mean that was rounded (to the second order: the first cancels)."""
    n, mean = count(x, axis), np.mean(np.abs(x), axis=reduced_axes(x, axis), keepdims=True) if np.size(x) else 0.0
    shift = (n + 2) * U * mean
    d = np.abs(x - sum_of(x, axis, True) / max(n, 1)) + shift
    return (4 * U * sum_of(d * (np.abs(d) + mean), axis, keepdims) + (n + 4) * U * sum_of(d * d, axis, keepdims)) / _degrees(x, axis, ddof)


def _root(F: Any, s: Any) -> Any:
    """The square root, constant 0 at 0: what makes the gradient of a norm 0 there."""
    return lifted(lambda x: F.number(0.0) if F.vanishes(x) else F.sqrt(x))(s)


def _over(F: Any, a: Any, y: Any) -> Any:
    """a/y, and 0 where y is 0; there also for the derivatives of higher order."""
    return F.where(F.eq(y, 0), 0, a) / F.where(F.eq(y, 0), 1, y)


def _root_error(y: Any, e: Any) -> Any:
    """What an error of a square does to its root y."""
    return np.minimum(np.sqrt(e), np.divide(e, y)) + 2 * U * y


def _std_slope(F: Any, y: Any, x: Any, axis: Any, ddof: Any) -> Any:
    """The derivative of the deviation by each element."""
    d = x - F.mean(x, axis, True)
    return _over(F, d, spread(F, y, x, axis)) / _degrees(x, axis, ddof)


def _order(x: Any, order: Any, axis: Any) -> float:
    """The order of a norm of vectors; 2 for the root of the sum of squares, of whole arrays too."""
    if order is None or order == "fro":
        return 2.0
    if axis is None and len(shape_of(x)) > 1:
        raise ShapeProblem("a norm of a whole matrix is the root of the sum of squares", "leave ord= out, or take norms along axis=-1")
    p = real(order, "ord")
    if p < 1:
        raise ShapeProblem(f"ord={said(order)} is no norm", "ord is 1, 2, inf or another number from 1")
    return p


def _norm(F: Any, x: Any, order: Any, axis: Any, keepdims: Any) -> Any:
    """The norm by its definition; the sum of squares needs no scaling outside float64."""
    p, keep = _order(x, order, axis), bool(keepdims)
    if p == 2:
        return _root(F, sum_of(x * x, axis, keep))
    if p == math.inf:
        return F.amax(F.abs(x), axis, keep)
    return sum_of(F.abs(x), axis, keep) if p == 1 else F.pow(sum_of(F.pow(F.abs(x), F.number(p)), axis, keep), F.number(1) / F.number(p))


def _float_norm(x: Any, order: Any, axis: Any, keepdims: Any) -> Any:
    """The norm, scaled by the largest element so that no square overflows or vanishes."""
    p, size = _order(x, order, axis), np.abs(x)
    if not np.size(x):
        return sum_of(size, axis, keepdims)
    largest = np.max(size, axis=reduced_axes(x, axis), keepdims=True)
    if p == math.inf or p == 1:
        return np.reshape(largest, shape_of(sum_of(size, axis, keepdims))) if p == math.inf else sum_of(size, axis, keepdims)
    scale = np.where((largest > 0) & (largest < math.inf), np.exp2(np.floor(np.log2(np.where(largest > 0, largest, 1)))), 1.0)
    total = sum_of((size / scale) ** p, axis, keepdims)
    return np.reshape(scale, shape_of(total)) * (np.sqrt(total) if p == 2 else total ** (1 / p))


def _norm_slope(F: Any, y: Any, x: Any, order: Any, axis: Any) -> Any:
    """The derivative of a norm by each element, 0 where the norm is."""
    p, whole = _order(x, order, axis), spread(F, y, x, axis)
    if p == 2:
        return _over(F, x, whole)
    if p == math.inf:
        largest = F.where(F.both(F.eq(F.abs(x), whole), F.gt(whole, 0)), 1, 0)
        return F.sign(x) * largest / F.maximum(spread(F, F.sum(largest, axis, False), x, axis), 1)
    return F.sign(x) if p == 1 else F.sign(x) * F.pow(_over(F, F.abs(x), whole), p - 1)


def _error_of_norm(y: Any, x: Any, order: Any, axis: Any, keepdims: Any) -> Any:
    """A bound of the relative error of a norm."""
    p = _order(x, order, axis)
    return (count(x, axis) + 8 + (0 if p in (1.0, 2.0, math.inf) else 4 * p * math.log(count(x, axis) + 2))) * U * np.abs(y) + 5e-324


def _others(F: Any, x: Any) -> Any:
    """For each element along the last axis the product of all others: no division, so that zeros are exact."""
    before = F.cumprod(behind(F, 1.0, x), -1.0)
    return before * F.flip(F.cumprod(behind(F, 1.0, F.flip(x, -1.0)), -1.0), -1.0)


def _prod_slope(F: Any, x: Any, axis: Any) -> Any:
    """The derivative of a product by each element."""
    shape, axes = shape_of(x), reduced_axes(x, axis)
    if not shape or 0 in shape:
        return F.broadcast_to(F.number(1.0), shape)
    left = [i for i in range(len(shape)) if i not in axes]
    moved = F.transpose(x, *left, *axes)
    others = _others(F, F.reshape(moved, *[shape[i] for i in left], count(x, axis)))
    return F.transpose(F.reshape(others, *shape_of(moved)), *[[*left, *axes].index(i) for i in range(len(shape))])


def by_slope(slope: Rule, settings: int = 2) -> dict[str, Any]:
    """The pullback and the pushforward of a reduction by its derivative `slope(F, y, x, …)` by each element.

    Its settings end with the axis and keepdims; the slope gets them without the last.
    """

    def pullback(F: Any, g: Any, y: Any, x: Any, *settings: Any) -> Any:
        return spread(F, g, x, settings[-2]) * slope(F, y, x, *settings[:-1])

    def pushforward(F: Any, t: Any, y: Any, x: Any, *settings: Any) -> Any:
        return F.sum(t * slope(F, y, x, *settings[:-1]), *settings[-2:])

    return {"pullbacks": (pullback, *[None] * settings), "pushforwards": (pushforward, *[None] * settings)}


REDUCED: dict[str, Any] = {"settings": "axis keepdims", "keywords": "axis keepdims", "defaults": (None, False)}
EVERY = (("2x3", None, False), ("2x3", 0.0, False), ("2x3", (0.0, -1.0), True), ("number", None, False), ("2x1x3", -2.0, True))
EMPTY = (("0", None, False), ("2x0", 1.0, False), ("0x3", 0.0, True))

ROWS = (
    ArrayOp("sum", params="x axis keepdims", **REDUCED, value=sum_of, linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, axis, keepdims: spread(F, g, x, axis), None, None),
            error=lambda y, x, axis, keepdims: sum_error(x, axis, keepdims), cases=EVERY + EMPTY,
            share="g repeated over the axes", doc="sum over axes, or of all elements"),
    ArrayOp("mean", "", "x axis keepdims", **REDUCED, value=lambda *xs: _mean(FLOATS, *xs), exact=_mean, linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, axis, keepdims: spread(F, g / float(count(x, axis) or 1), x, axis), None, None),
            error=lambda y, x, axis, keepdims: (count(x, axis) + 1) * U * _mean(FLOATS, np.abs(x), axis, keepdims), cases=EVERY,
            share="g/n repeated over the axes", doc="mean over axes, or of all elements"),
    ArrayOp("prod", "", "x axis keepdims", **REDUCED,
            value=lambda x, axis, keepdims: np.prod(x, axis=reduced_axes(x, axis), keepdims=bool(keepdims)),
            **by_slope(lambda F, y, x, axis: _prod_slope(F, x, axis)),
            error=lambda y, x, axis, keepdims: count(x, axis) * U * np.abs(y), cases=(*EVERY, *EMPTY, ("zeros 4", None, False)),
            share="g times the product of the other elements", doc="product over axes, or of all elements; exact also with zeros"),
    ArrayOp("var", params="x ddof axis keepdims", settings="ddof axis keepdims", keywords="ddof axis keepdims", defaults=(0.0, None, False),
            value=lambda x, ddof, axis, keepdims: _var(FLOATS, x, axis, ddof, keepdims),
            exact=lambda F, x, ddof, axis, keepdims: _var(F, x, axis, ddof, keepdims),
            **by_slope(lambda F, y, x, ddof, axis: 2 * (x - F.mean(x, axis, True)) / _degrees(x, axis, ddof), 3),
            error=lambda y, x, ddof, axis, keepdims: _var_error(y, x, axis, ddof, keepdims),
            cases=(("2x3", 0.0, None, False), ("2x3", 1.0, 0.0, False), ("2x4", 1.0, 1.0, True), ("3", 0.0, None, False)),
            share="2*g*(x - mean(x))/(n - ddof)", doc="variance; divides by n - ddof, and ddof is 0 unless given"),
    ArrayOp("std", params="x ddof axis keepdims", settings="ddof axis keepdims", keywords="ddof axis keepdims", defaults=(0.0, None, False),
            value=lambda x, ddof, axis, keepdims: np.sqrt(_var(FLOATS, x, axis, ddof, keepdims)),
            exact=lambda F, x, ddof, axis, keepdims: _root(F, _var(F, x, axis, ddof, keepdims)),
            **by_slope(lambda F, y, x, ddof, axis: _std_slope(F, y, x, axis, ddof), 3),
            error=lambda y, x, ddof, axis, keepdims: _root_error(y, _var_error(y, x, axis, ddof, keepdims)),
            cases=(("2x3", 0.0, None, False), ("2x3", 1.0, 0.0, False), ("2x4", 1.0, 1.0, True), ("3", 0.0, None, False)),
            share="g*(x - mean(x))/(std(x)*(n - ddof))", doc="standard deviation, as var; its gradient at equal numbers is 0"),
    ArrayOp("norm", params="x ord axis keepdims", settings="ord axis keepdims", keywords="ord axis keepdims", defaults=(None, None, False),
            value=_float_norm, exact=_norm, **by_slope(lambda F, y, x, order, axis: _norm_slope(F, y, x, order, axis), 3),
            error=_error_of_norm,
            cases=(("2x3", None, None, False), ("2x3", 2.0, 0.0, False), ("4", 3.0, None, True), ("2x3", 1.0, 1.0, False),
                   ("3", float("inf"), None, False), ("0", None, None, False), ("number", None, None, False)),
            share="g*x/norm(x)", doc="root of the sum of squares, or sum(abs(x)**ord)**(1/ord); its gradient at 0 is 0"),
)  # fmt: skip
