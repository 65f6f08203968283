"""Rows of smooth functions that others express, where a stable formula needs a row: activations and log-sum forms."""

from __future__ import annotations

import math
from typing import Any

from gradcli.operations import special_functions as sf
from gradcli.operations.lazily import np
from gradcli.operations.op import Op
from gradcli.operations.samples import REAL, WIDE


def over(F: Any, a: Any, b: Any) -> Any:
    """a/b, and 0 where both are 0."""
    both = F.both(F.eq(a, 0), F.eq(b, 0))
    return F.where(both, 0, a) / F.where(both, 1, b)


def _sigmoid(x: Any) -> Any:
    """The sigmoid of arrays, by the exponential that does not overflow."""
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0, e) / (1 + e)


def _silu(x: Any) -> Any:
    """x*sigmoid(x) of arrays; below zero with exp(x/2) twice, as sigmoid underflows before it does."""
    half = np.exp(-np.abs(x) / 2)
    rising = np.where(x >= 0, 1.0, half)
    return np.where(x == -math.inf, 0.0, x * rising * rising / (1 + half * half))


def _softplus(x: Any) -> Any:
    """log(1 + exp(x)) of arrays, by the exponential that does not overflow."""
    return np.maximum(x, 0.0) + np.log1p(np.exp(-np.abs(x)))


def _xlogy(a: Any, b: Any) -> Any:
    """a*log(b) of arrays, 0 where a is 0."""
    return np.where((a == 0) & (b == b), 0.0, a * np.log(b))


ROWS = (
    Op("sigmoid", "expit", array=_sigmoid, value=sf.sigmoid, exact=lambda m, x: 1 / (1 + m.exp(-x)),
       partials=(lambda F, y, x: y * F.sigmoid(-x),), ulps=4, samples=WIDE, doc="1/(1 + exp(-x))"),
    Op("logsigmoid", "log_sigmoid", array=lambda x: -_softplus(-x), value=sf.logsigmoid, exact=lambda m, x: -m.log1pexp(-x),
       partials=(lambda F, y, x: F.sigmoid(-x),), ulps=4, samples=WIDE, doc="log(sigmoid(x))"),
    Op("softplus", array=_softplus, value=sf.softplus, exact=lambda m, x: m.log1pexp(x), partials=(lambda F, y, x: F.sigmoid(x),), ulps=4,
       samples=WIDE, doc="log(1 + exp(x))"),
    Op("silu", "swish", array=_silu, value=sf.silu, exact=lambda m, x: x / (1 + m.exp(-x)),
       partials=(lambda F, y, x: F.sigmoid(x) * (1 + x * F.sigmoid(-x)),), ulps=5, samples=WIDE, doc="x*sigmoid(x)"),
    Op("gelu", value=sf.gelu, exact=lambda m, x: x * m.erfc(-x / m.sqrt(2)) / 2,
       partials=(lambda F, y, x: F.normcdf(x) + x * F.normpdf(x),), ulps=8, samples=REAL, doc="x*normcdf(x), the exact form"),
    Op("logaddexp", "", "a b", array="logaddexp", value=sf.logaddexp, exact=lambda m, a, b: m.logaddexp(a, b),
       partials=(lambda F, y, a, b: F.sigmoid(a - b), lambda F, y, a, b: F.sigmoid(b - a)),
       ulps=lambda y, a, b: max(1.5, 1.5 / abs(y)) if y else 1.5, samples=((0.5, 2.0), (-3.0, 7.0), (700.0, 699.0), (-2.5, -2.25)),
       doc="log(exp(a) + exp(b))"),
    Op("xlogy", "", "a b", array=_xlogy, value=sf.xlogy, exact=lambda m, a, b: m.xlogy(a, b),
       partials=(lambda F, y, a, b: F.log(b), lambda F, y, a, b: over(F, a, b)), ulps=2,
       samples=((0.5, 2.0), (-3.0, 7.0), (1e-9, 4e3), (2.5, 0.25)),
       domain="b > 0, or a = 0", edge=lambda a, b: b, doc="a*log(b), 0 where a is 0"),
)  # fmt: skip
