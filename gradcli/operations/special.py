"""Rows of the special functions: error functions, gamma functions, the normal distribution, sinc."""

from __future__ import annotations

import math

from gradcli.operations import special_functions as sf
from gradcli.operations.op import Op
from gradcli.operations.samples import MODERATE, REAL, UNIT, points


def _lgamma_ulps(y: float, x: float) -> float:
    """4.5 ulp for positive arguments; near the negative roots only an absolute bound holds."""
    return 4.5 if x > 0 or not y or math.isinf(y) else 7 * max(1.0, max(1.0, sf.lgamma(-x)) / abs(y))


def _digamma_ulps(y: float, x: float) -> float:
    """2.5 ulp for positive arguments; near the negative roots only an absolute bound holds."""
    return 2.5 if x > 0 or not y else 6 * max(1.0, max(1.0, math.log1p(-x)) / abs(y))


def _polygamma_ulps(y: float, n: float, x: float) -> float:
    """6 ulp for positive arguments; on the negative side 6 ulp of the nearest pole's part."""
    return 6 if x > 0 or not y or not math.isfinite(y) else 6 * max(1.0, abs(math.gamma(n + 1) * (x - round(x)) ** -(n + 1) / y))


def _sinc_derivative_ulps(y: float, n: float, x: float) -> float:
    """5 ulp of the envelope."""
    return max(5.0, 5 * math.pi**n / max(n + 1, math.pi * abs(x)) / abs(y)) if y and math.isfinite(y) else 5.0


def _polygamma_pole(n: float, x: float) -> float:
    """The value of polygamma where its terms overflow, just beside zero; nan at the poles."""
    return math.nan if x == 0 or x < -0.5 else math.inf if n % 2 else -math.copysign(math.inf, x)


def _at_a_pole(x: float) -> float:
    """The value of gamma where math raises: inf at zero, beside it and on overflow, nan at the negative whole numbers."""
    return math.copysign(math.inf, x) if x > -1 else math.nan


def _pole(x: float) -> float:
    """Distance to the nearest pole of the gamma function."""
    return x - min(round(x), 0)


ROWS = (
    Op("erf", value=math.erf, exact=lambda m, x: m.erf(x), partials=(lambda F, y, x: 2 / F.sqrt(F.pi) * F.gauss(x),), ulps=1.5,
       samples=MODERATE, doc="error function"),
    Op("erfc", value=math.erfc, exact=lambda m, x: m.erfc(x), partials=(lambda F, y, x: -2 / F.sqrt(F.pi) * F.gauss(x),), samples=MODERATE,
       ulps=5.5, doc="1 - erf(x), accurate for large x"),
    Op("erfinv", value=sf.erfinv, exact=lambda m, x: m.erfinv(x), partials=(lambda F, y, x: F.sqrt(F.pi) / 2 / F.gauss(y),), samples=UNIT,
       ulps=2, domain="-1 < x < 1", edge=lambda x: (1 - x) * (1 + x), doc="inverse of erf"),
    Op("gauss", value=sf.gauss, exact=lambda m, x: m.exp(-x * x), partials=(lambda F, y, x: -2 * x * y,), ulps=3, samples=REAL,
       internal=True, doc="exp(-x*x), accurate for large x"),
    Op("gamma", "tgamma", value=sf.gamma, exceptional=_at_a_pole, exact=lambda m, x: m.gamma(x),
       partials=(lambda F, y, x: y * F.digamma(x),), ulps=8, samples=points(-2.5, -0.3, 1e-3, 0.5, 1.46, 3.2, 20.0, 150.0),
       domain="x is not 0, -1, -2, …", edge=_pole, doc="gamma function, (x-1)! of whole numbers"),
    Op("lgamma", "gammaln loggamma", value=sf.lgamma, exceptional=lambda x: math.inf, exact=lambda m, x: m.lgamma(x),
       partials=(lambda F, y, x: F.digamma(x),), ulps=_lgamma_ulps, samples=points(1e-3, 0.5, 1.46, 3.2, 20.0, 1e8),
       domain="x is not 0, -1, -2, …", edge=_pole, doc="log(abs(gamma(x)))"),
    Op("digamma", "psi", value=sf.digamma, exact=lambda m, x: m.digamma(x), partials=(lambda F, y, x: F.polygamma(1, x),),
       ulps=_digamma_ulps, samples=points(-2.5, -0.3, 1e-3, 0.5, 1.4, 3.2, 20.0, 1e8), domain="x is not 0, -1, -2, …", edge=_pole,
       doc="derivative of log(gamma(x))"),
    Op("polygamma", "", "n x", value=sf.polygamma, exceptional=_polygamma_pole, exact=lambda m, n, x: m.polygamma(n, x),
       partials=(None, lambda F, y, n, x: F.polygamma(n + 1, x)), ulps=_polygamma_ulps, internal=True,
       samples=((1.0, 0.5), (2.0, 3.2), (3.0, 20.0), (1.0, -0.3)), domain="x is not 0, -1, -2, …", doc="n-th derivative of digamma"),
    Op("normpdf", value=sf.normpdf, exact=lambda m, x: m.exp(-x * x / 2) / m.sqrt(2 * m.pi), partials=(lambda F, y, x: -x * y,), ulps=4,
       samples=REAL, doc="density of the standard normal distribution"),
    Op("normcdf", "ndtr", value=sf.normcdf, exact=lambda m, x: m.erfc(-x / m.sqrt(2)) / 2, partials=(lambda F, y, x: F.normpdf(x),), ulps=6,
       samples=REAL, doc="distribution function of the standard normal distribution"),
    Op("sinc", value=sf.sinc, exact=lambda m, x: m.sinc(x), partials=(lambda F, y, x: F.sinc_derivative(1, x),), ulps=4,
       samples=points(-3.3, -0.4, -1e-3, 1e-9, 0.2, 0.5, 1.7, 10.3), doc="sin(pi*x)/(pi*x), NumPy's; 1 at 0"),
    Op("sinc_derivative", "", "n x", value=sf.sinc_derivative, exact=lambda m, n, x: m.sinc_derivative(n, x), ulps=_sinc_derivative_ulps,
       internal=True, partials=(None, lambda F, y, n, x: F.sinc_derivative(n + 1, x)),
       samples=((1.0, 0.2), (1.0, 1.7), (2.0, 0.5), (3.0, -3.3)), doc="n-th derivative of sinc"),
)  # fmt: skip
