"""The number system of float64's own error over whole arrays: values and bounds of what rounding did to them, both as NumPy's arrays.

It is `bounded` for programs that are too large to be gone through number by number, and as honest: where nothing is known of an
operation about whole arrays, the bound is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.arrays import is_array, plain, shape_of
from gradcli.operations.bounded import TINY, UNKNOWN, U
from gradcli.operations.floats import FLOATS, value_of
from gradcli.operations.lazily import np, silently
from gradcli.operations.op import Algebra, Op

SIGNED = frozenset({"cross"})
"""Rows that are linear in each argument, and not sums of products alone: of absolute values they say nothing."""


class Loose:
    """An array of floats `v` and one of bounds `e` of their absolute errors; a number is an array without axes."""

    __slots__ = ("e", "v")
    __array_ufunc__ = None  # beside an array of NumPy's the operators below do the work

    def __init__(self, v: Any, e: Any = 0.0) -> None:
        self.v = np.asarray(v, float)
        self.e = np.broadcast_to(np.where(np.isnan(e), math.inf, e), self.v.shape)

    def __repr__(self) -> str:
        return f"Loose({self.v!r}, {self.e!r})"

    def __float__(self) -> float:
        return float(self.v)

    def __bool__(self) -> bool:
        return bool(self.v)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the array."""
        return tuple(self.v.shape)

    @property
    def ndim(self) -> int:
        """How many axes the array has."""
        return int(self.v.ndim)

    def sum(self, axis: Any = None, out: None = None, keepdims: bool = False) -> Loose:
        """NumPy's sum."""
        with silently():
            v = np.sum(self.v, axis=axis, keepdims=keepdims)
            terms = self.v.size / max(np.size(v), 1)
            return Loose(v, np.sum(self.e + terms * U * np.abs(self.v), axis=axis, keepdims=keepdims))

    def reshape(self, *shape: Any, order: str = "C") -> Loose:
        """NumPy's reshape."""
        return Loose(np.reshape(self.v, *shape, order=order), np.reshape(self.e, *shape, order=order))

    def __neg__(self) -> Loose:
        return Loose(-self.v, self.e)

    def __add__(self, other: Any) -> Loose:
        b = loose(other)
        with silently():
            v = self.v + b.v
            exact = (self.e + b.e == 0) & (v - self.v == b.v) & (v - b.v == self.v)
            return Loose(v, self.e + b.e + np.where(exact, 0.0, U * np.abs(v)))

    def __mul__(self, other: Any) -> Loose:
        b = loose(other)
        with silently():
            v = self.v * b.v
            return Loose(v, product(np.abs(self.v) + self.e, b.e) + product(np.abs(b.v), self.e) + U * np.abs(v) + TINY * (v == v))

    def __truediv__(self, other: Any) -> Loose:
        b = loose(other)
        with silently():
            v, room = np.divide(self.v, b.v), np.abs(b.v) - b.e
            return Loose(v, np.where(room > 0, (self.e + product(np.abs(v), b.e)) / room + U * np.abs(v) + TINY, math.inf))

    def __sub__(self, other: Any) -> Loose:
        return self + -loose(other)

    def __rsub__(self, other: Any) -> Loose:
        return loose(other) + -self

    def __rtruediv__(self, other: Any) -> Loose:
        return loose(other) / self

    __radd__ = __add__
    __rmul__ = __mul__


def product(size: Any, e: Any) -> Any:
    """A size times an error; no error stays none beside an infinite size."""
    return np.where((e == 0) | (size == 0), 0.0, size * e)


def loose(value: Any) -> Loose:
    """A value with bounds; plain floats are exact."""
    return value if isinstance(value, Loose) else Loose(value)


def values(x: Any) -> Any:
    """An operand, or several, as floats, arrays of floats, or settings."""
    if isinstance(x, tuple):
        return tuple(map(values, x))
    return x if not isinstance(x, Loose) else x.v if x.ndim else float(x)


def errors(x: Any) -> Any:
    """The bounds of an operand, or of several; zeros where it is exact."""
    if isinstance(x, tuple):
        return tuple(map(errors, x))
    return x.e if isinstance(x, Loose) else np.zeros(shape_of(x))


class LooseBounds(Algebra):
    """F over values with bounds."""

    pi = math.pi
    decides = False

    def number(self, value: Any) -> Loose:
        """A float, taken as exact."""
        return loose(value)

    def numbers(self, value: Any) -> Any:
        setting = value is None or isinstance(value, bool | str | tuple) or (is_array(value) and value.dtype == bool)
        return value if setting else loose(value)

    def plain(self, value: Any) -> Any:
        return values(value) if isinstance(value, Loose) else plain(value)

    def carried(self, op: Op) -> Callable[..., Any]:
        return lambda *xs: self.result(op, xs)

    def result(self, op: Op, xs: Sequence[Any]) -> Any:
        """An operation on numbers or arrays."""
        floats = [values(x) for x in xs]
        return self.around(op, value_of(op, *floats), xs)

    def around(self, op: Op, y: Any, xs: Sequence[Any]) -> Any:
        """The value that an operation has, with a bound of its error: its own, and what becomes of those of its arguments."""
        if op.boolean or (is_array(y) and y.dtype == bool):
            return y
        with silently():
            if op.structural:
                return Loose(y, whole_error(self, op, y, op.grouped(xs, self.plain)))
            if op.arithmetic:
                return Loose(y, op.exact(self, *map(loose, xs)).e)  # type: ignore[misc]
            return Loose(y, unit(op, y, [values(x) for x in xs]) + sum(spread(op, i, y, xs) for i in range(len(xs))))

    def partials_by(self, rule: Callable[..., Any], y: Any, arguments: Sequence[Any]) -> Any:
        """A partial by its rule, which works on whole arrays here."""
        with silently():
            return self.partial_by(rule, y, arguments)

    def careful(self, partial: Callable[..., Any], y: Any, arguments: Sequence[Any]) -> Loose:
        """What a partial is whose rule raised: nothing that is known."""
        return Loose(np.full(shape_of(y), math.nan), math.inf)


# Operations on each element


def unit(op: Op, y: Any, arguments: Sequence[Any]) -> Any:
    """The error that a row's own computation adds, absolute."""
    ulps = op.ulps if not callable(op.ulps) else np.frompyfunc(op.ulps, 1 + len(arguments), 1)(y, *arguments)
    return np.where(np.isfinite(y), np.asarray(ulps, float) * 2 * U * np.abs(y) + TINY * (np.asarray(ulps, float) > 0), math.inf)


def spread(op: Op, i: int, y: Any, xs: Sequence[Any]) -> Any:
    """What the errors of argument i do to the values: times the largest slope in their intervals, infinite where that is not known."""
    e, v = errors(xs[i]), values(xs[i])
    if i >= len(op.partials) or op.partials[i] is None or not np.any(e):
        return 0.0
    floats = [values(x) for x in xs]
    points = [slope_at(op, i, floats, v + side * e) for side in (-1.0, -0.5, 0.0, 0.5, 1.0)]
    slopes = np.array([np.broadcast_to(slope, np.shape(y)) for _, slope in points])
    largest = np.max(np.abs(slopes), axis=0)
    known = steady(slopes, largest) & consistent(slopes, points[-1][0] - points[0][0], y) & (e < np.maximum(UNKNOWN, UNKNOWN * np.abs(v)))
    between = largest + 2 * np.max(np.abs(np.diff(slopes, axis=0)), axis=0)
    return np.where(e == 0, 0.0, np.where(known, product(between, e), math.inf))


def slope_at(op: Op, i: int, floats: Sequence[Any], moved: Any) -> tuple[Any, Any]:
    """The value of a row and its partial by argument i, with that argument moved."""
    point = [*floats[:i], moved if np.ndim(moved) else float(moved), *floats[i + 1 :]]
    y = value_of(op, *point)
    return y, FLOATS.partials_by(op.partials[i], y, point)  # type: ignore[arg-type]


def steady(slopes: Any, largest: Any) -> Any:
    """Where slopes along an interval change so little from one to the next that none between them is much larger."""
    return (largest < math.inf) & np.all(np.abs(np.diff(slopes, axis=0)) <= largest / 2, axis=0)


def consistent(slopes: Any, rise: Any, y: Any) -> Any:
    """Where the value rises if every slope is positive and falls if every slope is negative: else a pole lies between."""
    up, down, least = np.min(slopes, axis=0) > 0, np.max(slopes, axis=0) < 0, 8 * U * np.abs(y)
    return np.isfinite(rise) & ~(up & (rise < -least)) & ~(down & (rise > least))


# Operations about whole arrays


def whole_error(F: LooseBounds, op: Any, y: Any, parts: Sequence[Any]) -> Any:
    """The bound of an operation's value, from its arguments by parameter."""
    exact = not any(np.any(one) for name, x in zip(op.params, parts, strict=True) if name not in op.settings for one in every(errors(x)))
    if exact and (op.error is not None or op.moves):
        return own_error(op, y, parts)
    if (op.linear or op.moves or op.name == "einsum") and op.name not in SIGNED:
        return own_error(op, y, parts) + passed_on(op, y, parts)
    return by_definition(F, op, y, parts)


def every(x: Any) -> Sequence[Any]:
    """Operands in a row."""
    return x if isinstance(x, tuple) else (x,)


def own_error(op: Any, y: Any, parts: Sequence[Any]) -> Any:
    """What NumPy's order of computing adds: nothing where elements are only moved."""
    return 0.0 if op.error is None else op.error(y, *map(values, parts))


def passed_on(op: Any, y: Any, parts: Sequence[Any]) -> Any:
    """What the errors of the arguments add up to, by the operation itself on absolute values."""
    inexact = [i for i, name in enumerate(op.params) if name not in op.settings]
    if op.decide is not None:  # which elements are chosen may hang on the errors, and then on the largest
        return max(float(np.max(one, initial=0.0)) for i in inexact for one in every(errors(parts[i])))
    if not op.linear and op.name != "einsum":  # elements of all arguments stand beside each other
        return op.value(*(errors(x) if i in inexact else x for i, x in enumerate(parts)))
    if op.name == "einsum":
        operands = parts[1]
        return sum(op.value(parts[0], (*map(size, operands[:j]), errors(x), *map(size, operands[j + 1 :]))) for j, x in enumerate(operands))
    return sum(op.value(*(x if j not in inexact else errors(x) if i == j else size(x) for j, x in enumerate(parts))) for i in inexact)


def size(x: Any) -> Any:
    """How large an operand, or each of several, may be."""
    return tuple(map(size, x)) if isinstance(x, tuple) else np.abs(values(x)) + errors(x)


def by_definition(F: LooseBounds, op: Any, y: Any, parts: Sequence[Any]) -> Any:
    """The bound by the operation's definition, where that is made of operations with bounds; infinite where it is not."""
    try:
        found = op.exact(F, *parts)
    except (ShapeProblem, TypeError, AttributeError, ValueError, IndexError, ArithmeticError):
        return math.inf
    if not isinstance(found, Loose) or found.shape != np.shape(y):
        return math.inf
    return found.e + np.where(found.v == y, 0.0, np.abs(found.v - y))
