"""Rows of the elementary functions: powers, exponentials, logarithms, trigonometric and hyperbolic families."""

from __future__ import annotations

import math
from typing import Any

from gradcli.operations.op import Op
from gradcli.operations.samples import MODERATE, NONZERO, POSITIVE, REAL, UNIT, WIDE, points
from gradcli.operations.whole import sign_of

# Bounds of functions that `math` takes from the C library are those that glibc, the coarsest common one, was measured to need.


def _infinite(*arguments: float) -> float:
    """The value of a function whose only exceptions are overflows to plus infinity."""
    return math.inf


def _like(x: float) -> float:
    """Infinity with the sign of the argument."""
    return math.copysign(math.inf, x)


def _logarithm(x: float) -> float:
    """The value of a logarithm where math raises."""
    return -math.inf if x == 0 else math.nan


def _over_norm(F: Any, y: Any, x: Any) -> Any:
    """x/y, and 0 where y is 0; there also for the derivatives of higher order."""
    return F.where(F.eq(y, 0), 0, x) / F.where(F.eq(y, 0), 1, y)


ROWS = (
    Op("sqrt", array="sqrt", value=math.sqrt, exact=lambda m, x: m.sqrt(x), ulps=0.5, partials=(lambda F, y, x: 1 / (2 * y),),
       samples=POSITIVE, domain="x >= 0; the derivative at 0 is inf", edge=lambda x: x, doc="square root"),
    Op("cbrt", symbolic=lambda m, x: m.step("sign", x) * m.cbrt(m.Abs(x)),
       array="cbrt", value=math.cbrt, decide=sign_of, piece=lambda F, k, x: k * F.real_cbrt(k * x) if k else F.real_cbrt(x),
       partials=(lambda F, y, x: 1 / (3 * (y * y)),), samples=NONZERO, corner=lambda x: x, kink="x = 0", ulps=4,
       domain="all real numbers; the derivative at 0 is inf", doc="real cube root"),
    Op("real_cbrt", array="cbrt", value=math.cbrt, exact=lambda m, x: m.cbrt(x), partials=(lambda F, y, x: 1 / (3 * (y * y)),),
       samples=POSITIVE, domain="x >= 0", internal=True, ulps=4, doc="cube root of a positive number"),
    Op("hypot", "", "a b", array="hypot", value=math.hypot, exact=lambda m, a, b: m.sqrt(a * a + b * b),
       partials=(lambda F, y, a, b: _over_norm(F, y, a), lambda F, y, a, b: _over_norm(F, y, b)), corner=math.hypot, kink="a = b = 0",
       samples=((3.0, 4.0), (-0.5, 1e-3), (1e200, 2e200), (1e-9, 1.0)), doc="sqrt(a*a + b*b), gradient 0 at 0"),
    Op("exp", array="exp", value=math.exp, exceptional=_infinite, exact=lambda m, x: m.exp(x), partials=(lambda F, y, x: y,), samples=WIDE,
       doc="e to the power x"),
    Op("exp2", array="exp2", value=math.exp2, exceptional=_infinite, exact=lambda m, x: m.exp(x * m.log(2)),
       partials=(lambda F, y, x: y * F.log(2),), samples=WIDE, doc="2 to the power x"),
    Op("expm1", array="expm1", value=math.expm1, exceptional=_infinite, exact=lambda m, x: m.expm1(x),
       partials=(lambda F, y, x: F.exp(x),), samples=WIDE, doc="exp(x) - 1, accurate near 0"),
    Op("log", "ln", array="log", value=math.log, exceptional=_logarithm, exact=lambda m, x: m.log(x), partials=(lambda F, y, x: 1 / x,),
       samples=POSITIVE, domain="x > 0", edge=lambda x: x, doc="natural logarithm"),
    Op("log2", array="log2", value=math.log2, exceptional=_logarithm, exact=lambda m, x: m.log(x) / m.log(2),
       partials=(lambda F, y, x: 1 / (x * F.log(2)),), samples=POSITIVE, domain="x > 0", edge=lambda x: x, doc="logarithm to base 2"),
    Op("log10", array="log10", value=math.log10, exceptional=_logarithm, exact=lambda m, x: m.log(x) / m.log(10),
       partials=(lambda F, y, x: 1 / (x * F.log(10)),), ulps=2, samples=POSITIVE,
       domain="x > 0", edge=lambda x: x, doc="logarithm to base 10"),
    Op("log1p", array="log1p", value=math.log1p, exceptional=lambda x: _logarithm(1 + x), exact=lambda m, x: m.log1p(x),
       partials=(lambda F, y, x: 1 / (1 + x),), samples=points(-0.9, -0.3, -1e-9, 1e-9, 0.5, 3.0, 1e8),
       domain="x > -1", edge=lambda x: 1 + x,
       doc="log(1 + x), accurate near 0"),
    Op("sin", array="sin", value=math.sin, exact=lambda m, x: m.sin(x), partials=(lambda F, y, x: F.cos(x),), samples=REAL,
       doc="sine, x in radians"),
    Op("cos", array="cos", value=math.cos, exact=lambda m, x: m.cos(x), partials=(lambda F, y, x: -F.sin(x),), samples=REAL,
       doc="cosine, x in radians"),
    Op("tan", array="tan", value=math.tan, exact=lambda m, x: m.tan(x), partials=(lambda F, y, x: 1 + y * y,), samples=MODERATE,
       domain="x is no odd multiple of pi/2", edge=math.cos, doc="tangent, x in radians"),
    Op("asin", "arcsin", array="arcsin", value=math.asin, exact=lambda m, x: m.asin(x),
       partials=(lambda F, y, x: 1 / F.sqrt((1 - x) * (1 + x)),), samples=UNIT,
       domain="-1 <= x <= 1", edge=lambda x: (1 - x) * (1 + x), doc="inverse sine"),
    Op("acos", "arccos", array="arccos", value=math.acos, exact=lambda m, x: m.acos(x),
       partials=(lambda F, y, x: -1 / F.sqrt((1 - x) * (1 + x)),), samples=UNIT,
       domain="-1 <= x <= 1", edge=lambda x: (1 - x) * (1 + x), doc="inverse cosine"),
    Op("atan", "arctan", array="arctan", value=math.atan, exact=lambda m, x: m.atan(x), partials=(lambda F, y, x: 1 / (1 + x * x),),
       samples=NONZERO, doc="inverse tangent"),
    Op("atan2", "arctan2", "a b", array="arctan2", value=math.atan2, exact=lambda m, a, b: m.atan2(a, b),
       partials=(lambda F, y, a, b: b / F.hypot(a, b) / F.hypot(a, b), lambda F, y, a, b: -a / F.hypot(a, b) / F.hypot(a, b)),
       samples=((0.3, 2.0), (-3.0, -7.0), (2.0, -0.1), (1e-3, 4.0), (5e5, 3.0)), domain="not both 0; jumps by 2*pi where a = 0, b < 0",
       corner=lambda a, b: math.hypot(a, b) if b >= 0 else a, kink="a = 0, b <= 0", doc="the angle of the point (b, a)"),
    Op("sinh", array="sinh", value=math.sinh, exceptional=_like, exact=lambda m, x: m.sinh(x), partials=(lambda F, y, x: F.cosh(x),),
       ulps=2, samples=WIDE, doc="hyperbolic sine"),
    Op("cosh", array="cosh", value=math.cosh, exceptional=_infinite, exact=lambda m, x: m.cosh(x), partials=(lambda F, y, x: F.sinh(x),),
       ulps=2, samples=WIDE, doc="hyperbolic cosine"),
    Op("tanh", array="tanh", value=math.tanh, exact=lambda m, x: m.tanh(x), partials=(lambda F, y, x: 1 / F.cosh(x) / F.cosh(x),),
       ulps=2.5, samples=WIDE, doc="hyperbolic tangent"),
    Op("asinh", "arcsinh", array="arcsinh", value=math.asinh, exact=lambda m, x: m.asinh(x), partials=(lambda F, y, x: 1 / F.hypot(x, 1),),
       ulps=2, samples=NONZERO, doc="inverse hyperbolic sine"),
    Op("acosh", "arccosh", array="arccosh", value=math.acosh, exact=lambda m, x: m.acosh(x),
       partials=(lambda F, y, x: 1 / (F.sqrt(x - 1) * F.sqrt(x + 1)),),
       ulps=2.5, samples=points(1.0000001, 1.5, 3.0, 1e8), domain="x >= 1", edge=lambda x: x - 1, doc="inverse hyperbolic cosine"),
    Op("atanh", "arctanh", array="arctanh", value=math.atanh, exceptional=lambda x: _like(x) if abs(x) == 1 else math.nan,
       exact=lambda m, x: m.atanh(x),
       partials=(lambda F, y, x: 1 / ((1 - x) * (1 + x)),), ulps=2, samples=UNIT,
       domain="-1 < x < 1", edge=lambda x: (1 - x) * (1 + x), doc="inverse hyperbolic tangent"),
)  # fmt: skip
