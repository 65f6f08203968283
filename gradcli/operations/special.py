"""Rows of the special functions: error functions, gamma functions, the normal distribution, sinc."""

from __future__ import annotations

import math

from gradcli.operations import special_functions as sf
from gradcli.operations.op import Op
from gradcli.operations.samples import MODERATE, REAL, UNIT, points


def _at_a_pole(x: float) -> float:
    """The value of gamma where math raises: inf at zero and on overflow, nan at the negative whole numbers."""
    return math.copysign(math.inf, x) if x == 0 else math.inf if x > 0 else math.nan


ROWS = (
    Op("erf", value=math.erf, exact=lambda m, x: m.erf(x), partials=(lambda F, y, x: 2 / F.sqrt(F.pi) * F.exp(-x * x),), samples=MODERATE,
       doc="error function"),
    Op("erfc", value=math.erfc, exact=lambda m, x: m.erfc(x), partials=(lambda F, y, x: -2 / F.sqrt(F.pi) * F.exp(-x * x),), samples=MODERATE, ulps=4,
       doc="1 - erf(x), accurate for large x"),
    Op("erfinv", value=sf.erfinv, exact=lambda m, x: m.erfinv(x), partials=(lambda F, y, x: F.sqrt(F.pi) / 2 * F.exp(y * y),), samples=UNIT, ulps=4,
       domain="-1 < x < 1", doc="inverse of erf"),
    Op("gamma", "tgamma", value=sf.gamma, exceptional=_at_a_pole, exact=lambda m, x: m.gamma(x), partials=(lambda F, y, x: y * F.digamma(x),), ulps=10,
       samples=points(-2.5, -0.3, 1e-3, 0.5, 1.46, 3.2, 20.0, 150.0), domain="x is not 0, -1, -2, …", doc="gamma function, (x-1)! of whole numbers"),
    Op("lgamma", "gammaln loggamma", value=sf.lgamma, exceptional=lambda x: math.inf, exact=lambda m, x: m.lgamma(x),
       partials=(lambda F, y, x: F.digamma(x),), ulps=10, samples=points(1e-3, 0.5, 1.46, 3.2, 20.0, 1e8), domain="x is not 0, -1, -2, …",
       doc="log(abs(gamma(x)))"),
    Op("digamma", "psi", value=sf.digamma, exact=lambda m, x: m.digamma(x), partials=(lambda F, y, x: F.polygamma(1, x),), ulps=10,
       samples=points(-2.5, -0.3, 1e-3, 0.5, 1.4, 3.2, 20.0, 1e8), domain="x is not 0, -1, -2, …", doc="derivative of log(gamma(x))"),
    Op("polygamma", "", "n x", value=sf.polygamma, exact=lambda m, n, x: m.polygamma(n, x), partials=(None, lambda F, y, n, x: F.polygamma(n + 1, x)),
       ulps=32, internal=True, samples=((1.0, 0.5), (2.0, 3.2), (3.0, 20.0), (1.0, -0.3)), domain="x is not 0, -1, -2, …",
       doc="n-th derivative of digamma"),
    Op("normpdf", value=sf.normpdf, exact=lambda m, x: m.exp(-x * x / 2) / m.sqrt(2 * m.pi), partials=(lambda F, y, x: -x * y,), ulps=4,
       samples=REAL, doc="density of the standard normal distribution"),
    Op("normcdf", "ndtr", value=sf.normcdf, exact=lambda m, x: m.erfc(-x / m.sqrt(2)) / 2, partials=(lambda F, y, x: F.normpdf(x),), ulps=6, samples=REAL,
       doc="distribution function of the standard normal distribution"),
    Op("sinc", value=sf.sinc, exact=lambda m, x: m.sinc(x), partials=(lambda F, y, x: F.sinc_derivative(1, x),), ulps=4,
       samples=points(-3.3, -0.4, -1e-3, 1e-9, 0.2, 0.5, 1.7, 10.3), doc="sin(pi*x)/(pi*x), NumPy's; 1 at 0"),
    Op("sinc_derivative", "", "n x", value=sf.sinc_derivative, exact=lambda m, n, x: m.sinc_derivative(n, x), ulps=32, internal=True,
       partials=(None, lambda F, y, n, x: F.sinc_derivative(n + 1, x)), samples=((1.0, 0.2), (1.0, 1.7), (2.0, 0.5), (3.0, -3.3)),
       doc="n-th derivative of sinc"),
)  # fmt: skip

