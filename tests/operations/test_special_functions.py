"""The special functions against mpmath, each within the error that its row states, and their answers at the edges."""

from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple

import mpmath
import pytest

from gradcli.operations import special_functions as special

Arguments = tuple[float, ...]
inf, nan = math.inf, math.nan


class Row(NamedTuple):
    """A function, its exact counterpart, where to try it, and its largest error in ulps of max(|exact|, floor(*arguments))."""

    name: str
    exact: Callable[..., Any]
    ulps: float
    points: Callable[[Random], Arguments]
    floor: Callable[..., float] = lambda *arguments: 0.0


def between(*ends: tuple[float, float]) -> Callable[[Random], Arguments]:
    """One argument for each pair of ends, uniform."""
    return lambda random: tuple(random.uniform(*pair) for pair in ends)


def powers(low: float, high: float, sign: float = 1.0) -> Callable[[Random], Arguments]:
    """Arguments from 10^low to 10^high, uniform in the exponent."""
    return lambda random: (sign * 10.0 ** random.uniform(low, high),)


def near(center: float) -> Callable[[Random], Arguments]:
    """Arguments on both sides of a point, down to one ulp from it."""
    return lambda random: (center * (1.0 + random.choice((-1, 1)) * 2.0 ** -random.uniform(1, 52)),)


def orders(last: int, points: Callable[[Random], Arguments]) -> Callable[[Random], Arguments]:
    """An order from 1 before the arguments."""
    return lambda random: (random.randint(1, last), *points(random))


def log_gamma(x: Any) -> Any:
    return mpmath.log(abs(mpmath.gamma(x))) if x < 0 else mpmath.loggamma(x)


def normal_cdf(x: Any) -> Any:
    return mpmath.erfc(-x / mpmath.sqrt(2)) / 2


def soft_plus(x: Any) -> Any:
    return mpmath.log1p(mpmath.exp(x))


def log_add_exp(a: Any, b: Any) -> Any:
    return max(a, b) + soft_plus(-abs(a - b))


def pole_term(n: float, x: float) -> float:
    return math.factorial(int(n)) * math.pow(abs(x - round(x)), -(n + 1.0))


def sinc_size(n: float, x: float) -> float:
    return math.pow(math.pi, n) / max(n + 1.0, math.pi * abs(x))


ROWS = [
    Row("gamma", mpmath.gamma, 8, between((1e-9, 171.0))),
    Row("gamma", mpmath.gamma, 8, between((1e-9, 6.0))),
    Row("gamma", mpmath.gamma, 8, between((-100.0, 0.0))),
    Row("lgamma", log_gamma, 4.5, powers(-307, 304)),
    Row("lgamma", log_gamma, 4.5, between((0.0, 12.0))),
    Row("lgamma", log_gamma, 4.5, near(1.0)),
    Row("lgamma", log_gamma, 4.5, near(2.0)),
    Row("lgamma", log_gamma, 4.5, powers(-307, -2, -1)),
    Row("lgamma", log_gamma, 7, between((-100.0, 0.0)), floor=lambda x: max(1.0, math.lgamma(-x))),
    Row("digamma", mpmath.digamma, 2.5, powers(-307, 307)),
    Row("digamma", mpmath.digamma, 2.5, between((0.0, 12.0))),
    Row("digamma", mpmath.digamma, 2.5, near(1.4616321449683623)),
    Row("digamma", mpmath.digamma, 2.5, powers(-307, -2, -1)),
    Row("digamma", mpmath.digamma, 6, between((-100.0, 0.0)), floor=lambda x: max(1.0, math.log1p(-x))),
    Row("polygamma", mpmath.psi, 6, orders(21, between((0.0, 60.0)))),
    Row("polygamma", mpmath.psi, 6, orders(21, powers(-13, 13))),
    Row("polygamma", mpmath.psi, 6, orders(21, powers(-13, -2, -1))),
    Row("polygamma", mpmath.psi, 6, orders(21, between((-20.0, 0.0))), floor=pole_term),
    Row("erfinv", mpmath.erfinv, 2, between((-1.0, 1.0))),
    Row("erfinv", mpmath.erfinv, 2, powers(-307, 0)),
    Row("erfinv", mpmath.erfinv, 2, lambda random: (1.0 - 2.0 ** -random.uniform(1, 53),)),
    Row("normpdf", mpmath.npdf, 3.5, between((-40.0, 40.0))),
    Row("normpdf", mpmath.npdf, 3.5, powers(-300, 1)),
    Row("normcdf", normal_cdf, 3.5, between((-40.0, 0.0))),
    Row("normcdf", normal_cdf, 3.5, between((-3.0, 9.0))),
    Row("gelu", lambda x: x * normal_cdf(x), 4, between((-40.0, 0.0))),
    Row("gelu", lambda x: x * normal_cdf(x), 4, between((-3.0, 9.0))),
    Row("gelu", lambda x: x * normal_cdf(x), 4, powers(-307, 2)),
    Row("sigmoid", lambda x: 1 / (1 + mpmath.exp(-x)), 2.5, between((-40.0, 40.0))),
    Row("sigmoid", lambda x: 1 / (1 + mpmath.exp(-x)), 2.5, between((-750.0, 750.0))),
    Row("silu", lambda x: x / (1 + mpmath.exp(-x)), 4.5, between((-40.0, 40.0))),
    Row("silu", lambda x: x / (1 + mpmath.exp(-x)), 4.5, between((-752.0, 750.0))),
    Row("softplus", soft_plus, 1.5, between((-40.0, 40.0))),
    Row("softplus", soft_plus, 1.5, between((-750.0, 750.0))),
    Row("logsigmoid", lambda x: -soft_plus(-x), 1.5, between((-40.0, 40.0))),
    Row("logsigmoid", lambda x: -soft_plus(-x), 1.5, between((-750.0, 750.0))),
    Row("logaddexp", log_add_exp, 1.5, between((0.0, 100.0), (0.0, 100.0))),
    Row("logaddexp", log_add_exp, 1.5, between((-3.0, 2.0), (-3.0, 2.0)), floor=lambda a, b: 1.0),
    Row("xlogy", lambda x, y: x * mpmath.log(y), 2, between((-100.0, 100.0), (1e-9, 3.0))),
    Row("xlogy", lambda x, y: x * mpmath.log(y), 2, lambda random: (random.uniform(-9, 9), *near(1.0)(random))),
    Row("sinc", mpmath.sincpi, 3.5, between((-100.0, 100.0))),
    Row("sinc", mpmath.sincpi, 3.5, powers(-307, 14)),
    Row("sinc", mpmath.sincpi, 3.5, lambda random: near(random.randint(1, 40))(random)),
    Row("sinc_derivative", lambda n, x: mpmath.diff(mpmath.sincpi, x, n), 4, orders(8, between((-0.3, 0.3)))),
    Row("sinc_derivative", lambda n, x: mpmath.diff(mpmath.sincpi, x, n), 5, orders(20, between((-20.0, 20.0))), floor=sinc_size),
    Row("sinc_derivative", lambda n, x: mpmath.diff(mpmath.sincpi, x, n), 5, orders(8, powers(-6, 6)), floor=sinc_size),
]


def error(row: Row, arguments: Arguments) -> float:
    """The error of the function at one point, in the units of its row."""
    value = getattr(special, row.name)(*arguments)
    with mpmath.workdps(40):
        exact = row.exact(*(x if isinstance(x, int) else mpmath.mpf(x) for x in arguments))
        return float(abs(value - exact) / math.ulp(max(abs(float(exact)), row.floor(*arguments))))


@pytest.mark.parametrize("row", ROWS, ids=[f"{row.name}-{number}" for number, row in enumerate(ROWS)])
def test_error_is_within_the_stated_ulps(row: Row) -> None:
    random = Random(row.name)
    points = [row.points(random) for _ in range(100)]
    worst = max(points, key=lambda arguments: error(row, arguments))
    assert error(row, worst) <= row.ulps, worst


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        *[(f"{row}(nan)", nan) for row in dict.fromkeys(row.name for row in ROWS) if getattr(special, row).__code__.co_argcount == 1],
        *[(f"{name}(nan, 1)", nan) for name in ("polygamma", "sinc_derivative", "logaddexp", "xlogy")],
        *[(f"{name}(1, nan)", nan) for name in ("polygamma", "sinc_derivative", "logaddexp", "xlogy")],
        ("gamma(inf)", inf), ("gamma(-inf)", nan), ("lgamma(inf)", inf), ("lgamma(-inf)", inf), ("lgamma(1)", 0), ("lgamma(2)", 0),
        ("digamma(inf)", inf), ("digamma(-inf)", nan), ("digamma(5e-324)", -inf), ("digamma(-5e-324)", inf),
        ("digamma(1e308)", 709.1962086421661),
        ("polygamma(0, 1)", special.digamma(1.0)), ("polygamma(3, inf)", 0), ("polygamma(2, -inf)", nan), ("polygamma(1, 1e308)", 1e-308),
        ("erfinv(0)", 0), ("erfinv(1)", inf), ("erfinv(-1)", -inf), ("erfinv(5e-324)", 5e-324),
        ("normpdf(inf)", 0), ("normpdf(-inf)", 0), ("normpdf(1e200)", 0), ("normcdf(inf)", 1), ("normcdf(-inf)", 0), ("normcdf(0)", 0.5),
        ("gelu(inf)", inf), ("gelu(-inf)", 0), ("gelu(-1e308)", 0), ("silu(inf)", inf), ("silu(-inf)", 0), ("silu(-1e308)", 0),
        ("sigmoid(inf)", 1), ("sigmoid(-inf)", 0), ("sigmoid(-1e308)", 0), ("sigmoid(0)", 0.5),
        ("softplus(inf)", inf), ("softplus(-inf)", 0), ("softplus(1e308)", 1e308),
        ("logsigmoid(inf)", 0), ("logsigmoid(-inf)", -inf), ("logsigmoid(-1e308)", -1e308),
        ("logaddexp(inf, inf)", inf), ("logaddexp(-inf, -inf)", -inf), ("logaddexp(inf, -inf)", inf), ("logaddexp(-inf, 3)", 3),
        ("logaddexp(inf, nan)", nan), ("logaddexp(1e308, -1e308)", 1e308),
        ("xlogy(0, 0)", 0), ("xlogy(0, inf)", 0), ("xlogy(0, -1)", 0), ("xlogy(0, nan)", nan), ("xlogy(2, 0)", -inf), ("xlogy(-2, 0)", inf),
        ("xlogy(1, -1)", nan), ("xlogy(1, inf)", inf), ("xlogy(inf, 1)", nan),
        ("sinc(0)", 1), ("sinc(5e-324)", 1), ("sinc(7)", 0), ("sinc(-7)", 0), ("sinc(1e300)", 0), ("sinc(inf)", 0), ("sinc(-inf)", 0),
        ("sinc_derivative(0, 0.5)", special.sinc(0.5)), ("sinc_derivative(1, 0)", 0), ("sinc_derivative(2, 0)", -3.289868133696453),
        ("sinc_derivative(1, 1e300)", 1e-300), ("sinc_derivative(3, -inf)", 0),
    ],
)  # fmt: skip
def test_value_at_an_edge(call: str, expected: float) -> None:
    assert eval(call, {"nan": nan, "inf": inf, **vars(special)}) == pytest.approx(expected, rel=4e-16, abs=0, nan_ok=True)


@pytest.mark.parametrize("x", [0.0, -0.0, -1.0, -7.0, -1e17, -1.7e308])
@pytest.mark.parametrize("function", [special.gamma, special.lgamma, special.digamma, lambda x: special.polygamma(1, x)])
def test_a_pole_is_refused(function: Callable[[float], float], x: float) -> None:
    with pytest.raises(ValueError, match=r"pole|math domain error|expected a noninteger"):
        function(x)


@pytest.mark.parametrize("n", [-1, 0.5, inf])
@pytest.mark.parametrize("function", [special.polygamma, special.sinc_derivative])
def test_an_order_is_an_integer_from_zero(function: Callable[[float, float], float], n: float) -> None:
    with pytest.raises(ValueError, match="integer from 0"):
        function(n, 1.5)


@pytest.mark.parametrize("y", [1.0000000000000002, -2.0, inf, -inf])
def test_erfinv_is_refused_outside_its_domain(y: float) -> None:
    with pytest.raises(ValueError, match="from -1 to 1"):
        special.erfinv(y)


@pytest.mark.parametrize("arguments", [(1, 1e-160), (2, -1e-110), (1, 5e-324), (20, 1e-16), (171, 5.0)])
def test_polygamma_says_when_it_overflows(arguments: Arguments) -> None:
    with pytest.raises(OverflowError):
        special.polygamma(*arguments)


@pytest.mark.parametrize("name", ["sigmoid", "silu", "softplus", "logsigmoid", "gelu", "normpdf", "normcdf", "sinc"])
@pytest.mark.parametrize("x", [sign * power for power in (5e-324, 1e-308, 1e-160, 1.0, 37.0, 745.2, 1e154, 1.7e308) for sign in (1, -1)])
def test_no_finite_argument_raises(name: str, x: float) -> None:
    assert math.isfinite(getattr(special, name)(x))
