"""The number system of float64's own error: a value and a bound of what rounding did to it, first order.

Every operation adds its row's `ulps` and what the errors of its arguments become through its partials: the largest slope along the
interval of the error, as long as the slopes there are steady. Else nothing is known, and the bound is infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from gradcli.operations.arrays import beside_arrays, lifted, plain
from gradcli.operations.floats import partial_of, value_of
from gradcli.operations.ieee import divide
from gradcli.operations.lazily import np
from gradcli.operations.op import Algebra, Op

U = 2.0**-53
TINY = 5e-324
"""The smallest float: what underflow may have taken."""

UNKNOWN = 0.25
"""An error of this size, absolute and relative, says nothing of a function that varies over lengths of about 1, as all rows do."""

WIDER = 1.5
"""How many times the largest slope that was met the largest slope of a steady interval may be."""


class Bounded:
    """A float64 value `v` and a bound `e` of its absolute error."""

    __slots__ = ("e", "v")

    def __init__(self, v: float, e: float = 0.0) -> None:
        self.v = v
        self.e = e if e == e else math.inf

    def __repr__(self) -> str:
        return f"Bounded({self.v!r}, {self.e!r})"

    def __float__(self) -> float:
        return self.v

    def __bool__(self) -> bool:
        return self.v != 0

    def __neg__(self) -> Bounded:
        return Bounded(-self.v, self.e)

    @beside_arrays
    def __add__(self, other: Any) -> Bounded:
        b = bounded(other)
        v = self.v + b.v
        if not self.e and not b.e and v - self.v == b.v and v - b.v == self.v:
            return Bounded(v)
        return Bounded(v, self.e + b.e + U * abs(v))

    @beside_arrays
    def __mul__(self, other: Any) -> Bounded:
        b = bounded(other)
        v = self.v * b.v
        passed = (abs(self.v) + self.e) * b.e + abs(b.v) * self.e if self.e or b.e else 0.0
        return Bounded(v, passed + U * abs(v) + (TINY if self.v and b.v else 0.0))

    @beside_arrays
    def __truediv__(self, other: Any) -> Bounded:
        b = bounded(other)
        v = divide(self.v, b.v)
        room = abs(b.v) - b.e
        return Bounded(v, (self.e + abs(v) * b.e) / room + U * abs(v) + TINY if room > 0 else math.inf)

    @beside_arrays
    def __sub__(self, other: Any) -> Any:
        return self + -bounded(other)

    @beside_arrays
    def __rsub__(self, other: Any) -> Any:
        return bounded(other) + -self

    @beside_arrays
    def __rtruediv__(self, other: Any) -> Any:
        return bounded(other) / self

    __radd__ = __add__
    __rmul__ = __mul__


def bounded(value: Any) -> Bounded:
    """A number with a bound; a plain number is exact."""
    return value if isinstance(value, Bounded) else Bounded(float(value))


class Bounds(Algebra):
    """F over numbers with bounds."""

    pi = Bounded(math.pi, U * math.pi)

    def number(self, value: Any) -> Bounded:
        """A float, taken as exact."""
        return bounded(value)

    def operation(self, op: Op) -> Callable[..., Any]:
        if op.decide is not None:
            return lambda *xs: self.on_piece(op, op.piece_of([bounded(x).v for x in xs]), [bounded(x) for x in xs])
        if op.arithmetic:
            return lambda *xs: op.exact(self, *map(bounded, xs))  # type: ignore[misc]
        return lambda *xs: through(op, [bounded(x) for x in xs])

    def finished(self, op: Any, grouped: Sequence[Any], result: Any) -> Any:
        """The result of an operation about whole arrays, with the error that NumPy's order of computing it adds."""
        result = super().finished(op, grouped, result)
        if op.error is None:
            return result
        with np.errstate(all="ignore"):
            own = op.error(plain(result), *(x if name in op.settings else plainly(x) for name, x in zip(op.params, grouped, strict=True)))
        return lifted(lambda x, e: Bounded(x.v, x.e + e))(result, own)

    def vanishes(self, x: Any) -> bool:
        """Whether a number is zero, and no rounding made it so."""
        return not bounded(x).v and not bounded(x).e

    def one_piece(self, op: Op, k: Any, arguments: Sequence[Any]) -> Any:
        if op.boolean:
            return bool(k)
        result = bounded(super().one_piece(op, k, arguments))
        return Bounded(result.v, result.e + unit(op, result.v, [bounded(x).v for x in arguments]))

    def careful(self, partial: Callable[..., Any], y: Any, arguments: Sequence[Any]) -> Bounded:
        """What a partial is whose rule raised: nothing that is known."""
        return Bounded(math.nan, math.inf)


def plainly(value: Any) -> Any:
    """An operand, or several, as floats."""
    return tuple(map(plainly, value)) if isinstance(value, tuple) else plain(value)


def unit(op: Op, y: float, arguments: Sequence[float]) -> float:
    """The error that a row's own computation adds, absolute."""
    ulps = op.ulps(y, *arguments) if callable(op.ulps) else op.ulps
    return ulps * 2 * U * abs(y) + (TINY if ulps else 0.0) if math.isfinite(y) else math.inf


def through(op: Op, arguments: Sequence[Bounded]) -> Bounded:
    """A smooth row: its value, its own error and what its arguments' errors become."""
    values = [x.v for x in arguments]
    y = float(value_of(op, *values))
    error = unit(op, y, values)
    for i, x in enumerate(arguments):
        if x.e:
            error += spread(op, i, y, values, x.e)
    return Bounded(y, error)


def spread(op: Op, i: int, y: float, values: list[float], e: float) -> float:
    """What an error `e` of argument i does to the value: e times the largest slope in its interval, infinite where that is not known."""
    if i >= len(op.partials) or op.partials[i] is None:
        return 0.0
    if not e < max(UNKNOWN, UNKNOWN * abs(values[i])):
        return math.inf
    for parts in (1, 4):
        inside = [slope_at(op, i, values, side * e / parts) for side in range(-parts, parts + 1)]
        if steady([slope for _, slope in inside]):
            return WIDER * e * max(abs(slope) for _, slope in inside) if consistent(inside, y) else math.inf
    return math.inf


def slope_at(op: Op, i: int, values: list[float], moved: float) -> tuple[float, float]:
    """The value of a row and its partial by argument i, with that argument moved."""
    point = [*values[:i], values[i] + moved, *values[i + 1 :]]
    y = float(value_of(op, *point))
    return y, partial_of(op, i, y, point)


def steady(slopes: list[float]) -> bool:
    """Whether slopes along an interval change so little from one to the next that none between them is much larger."""
    largest = max(map(abs, slopes))
    return largest < math.inf and all(abs(b - a) <= largest / 2 for a, b in pairwise(slopes))


def consistent(inside: list[tuple[float, float]], y: float) -> bool:
    """Whether the value rises where every slope is positive and falls where every slope is negative: else a pole lies between."""
    rise = inside[-1][0] - inside[0][0]
    slopes = [slope for _, slope in inside]
    up, down = min(slopes) > 0, max(slopes) < 0
    return math.isfinite(rise) and not (up and rise < -8 * U * abs(y)) and not (down and rise > 8 * U * abs(y))
