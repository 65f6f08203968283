"""Rows made of smooth pieces: absolute value, rounding, the larger of two, clipping, choosing.

`decide` says which piece a point lies on; the piece itself is smooth. At the corners the partials are conventions (PyTorch's, where
it has one), published in `conventions.py`.
"""

from __future__ import annotations

import math
from typing import Any

from gradcli.operations.lazily import np
from gradcli.operations.op import Op
from gradcli.operations.samples import NONZERO, points
from gradcli.operations.whole import ceil_of, floor_of, keep_special, round_of, sign_of

FRACTIONS = points(-7.3, -2.5001, -0.2, 0.3, 1.7, 2.4999, 1e5 + 0.25)
"""Arguments that are no whole numbers and no halves."""


def _nearest_whole(x: float) -> float:
    """Distance to the nearest whole number."""
    return x - round(x) if math.isfinite(x) else math.nan


def _step_of_trunc(x: float) -> float:
    """Distance to the nearest whole number but zero, where trunc does not jump."""
    return _nearest_whole(x) if abs(x) > 0.5 else abs(x) - 1


def _larger(k: int, a: Any, b: Any) -> Any:
    """a, b, or at a tie their mean: maximum and minimum share a tie equally."""
    return a if k > 0 else b if k < 0 else (a + b) / 2


def _win(F: Any, a: Any, b: Any) -> Any:
    """1 where a is the larger, 1/2 at a tie, else 0."""
    return F.where(F.gt(a, b), 1, F.where(F.eq(a, b), 0.5, 0))


def _between(x: float, low: float, high: float) -> int:
    """Which side of the interval x is on; its ends belong to it."""
    return 1 if x > high or low > high else -1 if x < low else 0


def _nan_or(x: float, value: float) -> float:
    """`value`, or nan if x is nan."""
    return value if x == x else x


def _clip(x: float, low: float, high: float) -> float:
    """The nearest number of the interval; `high` if it is empty, as NumPy's."""
    raised = low if x < low else x
    return _nan_or(low, _nan_or(high, high if raised > high else raised))


def _fractional(x: float) -> float:
    """Distance to the nearest half of an odd number, where round jumps."""
    return abs(x - math.floor(x)) - 0.5 if math.isfinite(x) else math.nan


ROWS = (
    Op("abs", "absolute fabs", symbolic=lambda m, x: m.Abs(x),
       array="abs", value=math.fabs, decide=sign_of, piece=lambda F, k, x: k * x, partials=(lambda F, y, x: F.sign(x),), ulps=0,
       corner=lambda x: x, kink="x = 0", samples=NONZERO, doc="absolute value; the gradient at 0 is 0"),
    Op("sign", symbolic=lambda m, x: m.step("sign", x),
       array="sign", value=lambda x: _nan_or(x, float(sign_of(x))), decide=sign_of, piece=lambda F, k, x: k, partials=(lambda F, y, x: 0,),
       selects=True, ulps=0, corner=lambda x: x, kink="x = 0", samples=NONZERO, doc="-1, 0 or 1"),
    Op("floor", symbolic=lambda m, x: m.step("floor", x),
       array="floor", value=lambda x: float(math.floor(x)), exceptional=keep_special, decide=floor_of, piece=lambda F, k, x: k,
       partials=(lambda F, y, x: 0,), selects=True, ulps=0, corner=_nearest_whole, kink="x is a whole number", samples=FRACTIONS,
       doc="largest whole number <= x"),
    Op("ceil", symbolic=lambda m, x: m.step("ceil", x),
       array="ceil", value=lambda x: float(math.ceil(x)), exceptional=keep_special, decide=ceil_of, piece=lambda F, k, x: k,
       partials=(lambda F, y, x: 0,), selects=True, ulps=0, corner=_nearest_whole, kink="x is a whole number", samples=FRACTIONS,
       doc="smallest whole number >= x"),
    Op("trunc", "fix", symbolic=lambda m, x: m.step("trunc", x),
       array="trunc", value=lambda x: float(math.trunc(x)), exceptional=keep_special, decide=int, piece=lambda F, k, x: k,
       partials=(lambda F, y, x: 0,), selects=True, ulps=0, corner=_step_of_trunc, kink="x is a whole number but 0", samples=FRACTIONS,
       doc="x without its fraction"),
    Op("round", "rint", symbolic=lambda m, x: m.step("round", x),
       array="rint", value=lambda x: float(round(x)), exceptional=keep_special, decide=round_of, piece=lambda F, k, x: k,
       partials=(lambda F, y, x: 0,), selects=True, ulps=0, corner=_fractional, kink="x is half of an odd number", samples=FRACTIONS,
       doc="nearest whole number, halves to the even one"),
    Op("relu", symbolic=lambda m, x: m.choice(m.Gt(x, 0), x, 0),
       array=lambda x: np.where((x > 0) | (x != x), x, 0.0), value=lambda x: x if x > 0 or x != x else 0.0, decide=lambda x: int(x > 0),
       piece=lambda F, k, x: x if k else 0,
       partials=(lambda F, y, x: F.where(F.gt(x, 0), 1, 0),), selects=True, ulps=0, corner=lambda x: x, kink="x = 0", samples=NONZERO,
       doc="x where x > 0, else 0; the gradient at 0 is 0"),
    Op("leaky_relu", "", "x slope", defaults=(0.01,), symbolic=lambda m, x, slope: m.choice(m.Gt(x, 0), x, slope * x),
       array=lambda x, slope: np.where(x > 0, x, slope * x), value=lambda x, slope: x if x > 0 else slope * x,
       decide=lambda x, slope: int(x > 0), piece=lambda F, k, x, slope: x if k else slope * x,
       partials=(lambda F, y, x, slope: F.where(F.gt(x, 0), 1, slope), lambda F, y, x, slope: F.where(F.gt(x, 0), 0, x)), ulps=0.5,
       corner=lambda x, slope: x, kink="x = 0", samples=((-3.0, 0.01), (2.0, 0.01), (-1e-3, 0.2)),
       doc="x where x > 0, else slope*x; the gradient at 0 is the slope"),
    Op("elu", "", "x alpha", defaults=(1.0,), symbolic=lambda m, x, alpha: m.choice(m.Gt(x, 0), x, alpha * m.expm1(x)),
       array=lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(x)), value=lambda x, alpha: x if x > 0 else alpha * math.expm1(x),
       decide=lambda x, alpha: int(x > 0), piece=lambda F, k, x, alpha: x if k else alpha * F.expm1(x),
       partials=(lambda F, y, x, alpha: F.where(F.gt(x, 0), 1, alpha * F.exp(x)),
                 lambda F, y, x, alpha: F.where(F.gt(x, 0), 0, F.expm1(x))), ulps=2, corner=lambda x, alpha: x, kink="x = 0",
       samples=((-3.0, 1.0), (2.0, 1.0), (-1e-3, 0.2)), doc="x where x > 0, else alpha*(exp(x) - 1)"),
    Op("maximum", "max", "a b", folds=True, alone="amax", symbolic=lambda m, a, b: m.choice(m.Gt(a, b), a, b),
       array="maximum", value=lambda a, b: a if a >= b or a != a else b, decide=lambda a, b: sign_of(a - b) if a != b else 0,
       piece=lambda F, k, a, b: _larger(k, a, b), partials=(lambda F, y, a, b: _win(F, a, b), lambda F, y, a, b: _win(F, b, a)),
       selects=True, ulps=0, corner=lambda a, b: a - b, kink="a = b", samples=((1.0, 2.0), (2.0, 1.0), (-3.0, 4.0), (1e8, 1e-8)),
       doc="the larger of two; a tie is shared equally"),
    Op("minimum", "min", "a b", folds=True, alone="amin", symbolic=lambda m, a, b: m.choice(m.Lt(a, b), a, b),
       array="minimum", value=lambda a, b: a if a <= b or a != a else b, decide=lambda a, b: sign_of(b - a) if a != b else 0,
       piece=lambda F, k, a, b: _larger(k, a, b), partials=(lambda F, y, a, b: _win(F, b, a), lambda F, y, a, b: _win(F, a, b)),
       selects=True, ulps=0, corner=lambda a, b: a - b, kink="a = b", samples=((1.0, 2.0), (2.0, 1.0), (-3.0, 4.0), (1e8, 1e-8)),
       doc="the smaller of two; a tie is shared equally"),
    Op("clip", "clamp", "x min max", defaults=(-math.inf, math.inf),
       symbolic=lambda m, x, low, high: m.choice(m.Lt(x, low), low, m.choice(m.Gt(x, high), high, x)),
       array="clip", value=_clip, decide=_between, piece=lambda F, k, x, low, high: low if k < 0 else high if k > 0 else x,
       partials=(lambda F, y, x, low, high: F.where(F.both(F.le(low, x), F.le(x, high)), 1, 0),
                 lambda F, y, x, low, high: F.where(F.both(F.lt(x, low), F.le(low, high)), 1, 0),
                 lambda F, y, x, low, high: F.where(F.either(F.gt(x, high), F.gt(low, high)), 1, 0)), selects=True, ulps=0,
       corner=lambda x, low, high: min(x - low, x - high, key=abs), kink="x = min or x = max",
       samples=((0.5, 0.0, 1.0), (-3.0, 0.0, 1.0), (4.0, 0.0, 1.0)), doc="x kept between min and max; the gradient passes at the bounds"),
    Op("where", "", "condition a b", chooses=True, symbolic=lambda m, c, a, b: m.choice(c, a, b),
       array="where", value=lambda c, a, b: a if c else b, decide=lambda c, a, b: int(bool(c)), piece=lambda F, k, c, a, b: a if k else b,
       partials=(None, lambda F, y, c, a, b: F.where(c, 1, 0), lambda F, y, c, a, b: F.where(c, 0, 1)), selects=True, ulps=0,
       samples=((1.0, 2.0, 3.0), (0.0, 2.0, 3.0), (1.0, -5e3, 1e-7)),
       doc="a where the condition holds, else b; nothing of the other passes"),
    Op("heaviside", "", "x half", symbolic=lambda m, x, half: m.choice(m.Lt(x, 0), 0, m.choice(m.Gt(x, 0), 1, half)),
       array="heaviside", value=lambda x, half: half if x == 0 else _nan_or(x, float(x > 0)), decide=lambda x, half: sign_of(x),
       piece=lambda F, k, x, half: half if k == 0 else int(k > 0),
       partials=(lambda F, y, x, half: 0, lambda F, y, x, half: F.where(F.eq(x, 0), 1, 0)), selects=True, ulps=0, corner=lambda x, half: x,
       kink="x = 0", samples=((-2.0, 0.5), (3.0, 0.5), (1e-9, 0.0)), doc="0 where x < 0, 1 where x > 0, half at 0"),
    Op("detach", "stop_gradient", array=lambda x: x, value=lambda x: x, decide=lambda x: x, piece=lambda F, k, x: k, partials=(None,),
       ulps=0, samples=NONZERO, doc="x as a constant: no gradient passes"),
)  # fmt: skip
