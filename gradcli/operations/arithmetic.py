"""Rows of the operators of arithmetic."""

from __future__ import annotations

import math
import operator

from gradcli.operations.ieee import divide, power
from gradcli.operations.op import Op
from gradcli.operations.samples import NONZERO, PAIRS, REAL
from gradcli.operations.whole import round_of


def _modulo_corner(a: float, b: float) -> float:
    """Distance of a to the nearest multiple of b, where the remainder jumps."""
    return math.remainder(a, b) if b and math.isfinite(a) else math.nan


def _power_edge(a: float, b: float) -> float:
    """The base, where it must not be 0 or negative; a whole exponent from 1 allows all bases."""
    return math.nan if b >= 1 and b == math.floor(b) else a


ROWS = (
    Op("add", "plus", "a b", symbol="+", arithmetic=True, commutes=True, array="add", value=operator.add, exact=lambda m, a, b: a + b,
       ulps=0.5, partials=(lambda F, y, a, b: 1, lambda F, y, a, b: 1), samples=PAIRS, doc="a + b"),
    Op("sub", "subtract", "a b", symbol="-", arithmetic=True, array="subtract", value=operator.sub, exact=lambda m, a, b: a - b, ulps=0.5,
       partials=(lambda F, y, a, b: 1, lambda F, y, a, b: -1), samples=PAIRS, doc="a - b"),
    Op("mul", "multiply", "a b", symbol="*", arithmetic=True, commutes=True, array="multiply", value=operator.mul,
       exact=lambda m, a, b: a * b, ulps=0.5, partials=(lambda F, y, a, b: b, lambda F, y, a, b: a), samples=PAIRS, doc="a times b"),
    Op("div", "divide true_divide", "a b", symbol="/", arithmetic=True, array="divide", value=operator.truediv, exceptional=divide,
       exact=lambda m, a, b: a / b, ulps=0.5, partials=(lambda F, y, a, b: 1 / b, lambda F, y, a, b: -y / b), samples=PAIRS,
       domain="b != 0", edge=lambda a, b: b, doc="a divided by b"),
    Op("neg", "negative", symbol="-", arithmetic=True, array="negative", value=operator.neg, exact=lambda m, x: -x, ulps=0,
       partials=(lambda F, y, x: -1,), samples=REAL, doc="-x"),
    Op("pow", "power", "a b", symbol="**", told=(1,), array="power", value=math.pow, exceptional=power, exact=lambda m, a, b: m.power(a, b),
       partials=(lambda F, y, a, b: F.where(F.both(F.eq(a * a, 0), F.eq(b, 0)), 0, b * F.pow(a, b - 1)), lambda F, y, a, b: F.xlogy(y, a)),
       samples=((0.3, 2.5), (2.0, 3.0), (1.7, -1.2), (10.0, 0.1), (0.9, 40.0)), domain="a > 0, or a whole exponent", edge=_power_edge,
       doc="a to the power b; x**0 is 1 with gradient 0, also at 0"),
    Op("mod", "", "a b", symbol="%", symbolic=lambda m, a, b: a - b * m.step("floor", a / b),
       array="remainder", value=operator.mod, decide=lambda a, b: round_of((a - a % b) / b), piece=lambda F, k, a, b: a - k * b,
       partials=(lambda F, y, a, b: 1, lambda F, y, a, b: -F.round((a - y) / b)),
       samples=((5.3, 2.0), (-5.3, 2.0), (0.7, -0.4), (8.0, 3.0)), corner=_modulo_corner, kink="a is a multiple of b",
       domain="b != 0", edge=lambda a, b: b,
       doc="remainder with the sign of b, as in Python"),
    Op("square", array="square", value=lambda x: x * x, exact=lambda m, x: x * x, ulps=0.5, partials=(lambda F, y, x: 2 * x,),
       samples=REAL, doc="x*x"),
    Op("reciprocal", array="reciprocal", value=lambda x: 1 / x, exceptional=lambda x: divide(1.0, x), exact=lambda m, x: 1 / x, ulps=0.5,
       partials=(lambda F, y, x: -y * y,), samples=NONZERO, domain="x != 0", edge=lambda x: x, doc="1/x"),
)  # fmt: skip
