"""Pure derivatives of high order against mpmath, and their cost."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import pytest

import gradcli
from gradcli.differentiation.taylor import MAX_ORDER, Taylor, series_of_nodes
from gradcli.errors import UsageError
from gradcli.language import parse, run

FUNCTIONS: list[tuple[str, Callable[[Any], Any], float]] = [
    ("tanh(x)", mpmath.tanh, 0.3),
    ("exp(sin(x))", lambda x: mpmath.exp(mpmath.sin(x)), 1.1),
    ("1/(1 + x*x)", lambda x: 1 / (1 + x * x), 0.7),
    ("log(x)*x", lambda x: mpmath.log(x) * x, 2.5),
    ("sqrt(x)", mpmath.sqrt, 1.7),
    ("x**5 - 3*x**2", lambda x: x**5 - 3 * x**2, 1.3),
    ("x**x", lambda x: x**x, 1.5),
    ("erf(x)", mpmath.erf, 0.4),
    ("sigmoid(2*x)", lambda x: 1 / (1 + mpmath.exp(-2 * x)), -0.2),
    ("atan(x)*cos(3*x)", lambda x: mpmath.atan(x) * mpmath.cos(3 * x), 0.2),
    ("gamma(x)", mpmath.gamma, 3.5),
    ("a = x*x; a if x > 0 else -a", lambda x: x * x, 2.0),
]
ORDER = 20


@pytest.mark.parametrize(("program", "function", "x"), FUNCTIONS, ids=[program for program, _, _ in FUNCTIONS])
def test_derivatives_of_orders_1_to_20_are_those_of_mpmath(program: str, function: Callable[[Any], Any], x: float) -> None:
    found = gradcli.grad(program, {"x": x}, order=ORDER).higher["x"]
    with mpmath.workdps(40):
        exact = [k * term for k, term in zip(factorials(), mpmath.taylor(function, mpmath.mpf(x), ORDER)[1:], strict=True)]
    scale = [max(abs(value) for value in exact[: k + 1]) for k in range(ORDER)]
    for k in range(ORDER):
        assert found[k] == pytest.approx(float(exact[k]), rel=1e-11, abs=float(scale[k]) * 1e-13), k + 1


def factorials() -> list[int]:
    """k! for k from 1."""
    return [math.factorial(k) for k in range(1, ORDER + 1)]


def test_the_twentieth_derivative_of_tanh() -> None:
    assert gradcli.grad("tanh(x)", "x=0.5", order=20).higher["x"][-1] == pytest.approx(tanh_derivative(20, 0.5), rel=1e-11)


def tanh_derivative(n: int, x: float) -> float:
    """From the polynomials P(t) with tanh' = 1 - t², exactly."""
    polynomial = [0, 1]
    for _ in range(n):
        slope = [k * c for k, c in enumerate(polynomial)][1:]
        polynomial = [(slope[k] if k < len(slope) else 0) - (slope[k - 2] if k >= 2 else 0) for k in range(len(slope) + 2)]
    with mpmath.workdps(60):
        return float(mpmath.polyval(polynomial[::-1], mpmath.tanh(mpmath.mpf(x))))


def test_the_first_order_is_the_gradient() -> None:
    answer = gradcli.grad("hypot(x, w)*sin(x/w) + maximum(x, w)", "x=1.5,w=0.7", order=1)
    assert {name: values[0] for name, values in answer.higher.items()} == pytest.approx(answer.gradient, rel=1e-14)


def test_derivatives_of_a_polynomial_end() -> None:
    assert gradcli.grad("x**3 + 2*x", "x=2", order=6).higher["x"] == [14.0, 12.0, 6.0, 0.0, 0.0, 0.0]
    assert gradcli.grad("x**3", "x=0", order=4).higher["x"] == [0.0, 0.0, 6.0, 0.0]


@pytest.mark.parametrize("order", [0, -1, MAX_ORDER + 1])
def test_an_order_outside_the_range_is_refused(order: int) -> None:
    with pytest.raises(UsageError, match="--order"):
        gradcli.grad("x", "x=1", order=order)


@pytest.mark.parametrize("program", ["tanh(x)", "exp(sin(x))", "gelu(x)*silu(x)", "x**x"])
def test_the_cost_is_polynomial_in_the_order(program: str) -> None:
    """The number of series grows at most as the order does, and a coefficient costs at most its order."""
    trace = run(parse(program), {"x": 0.3})
    sizes = []
    for order in (5, 40):
        F = Taylor()
        series = series_of_nodes(trace.graph, 0, F)
        for one in series:
            _ = one[order]
        sizes.append(len(F.memo))
    assert sizes[1] <= 8 * sizes[0]


def test_a_long_program_needs_no_recursion() -> None:
    answer = gradcli.grad("a = x*x;" + "a = a*1.0001 + x;" * 3000 + "a", "x=1", order=3)
    assert answer.higher["x"][1] == pytest.approx(2 * 1.0001**3000, rel=1e-9)
    assert answer.higher["x"][2] == pytest.approx(0.0, abs=1e-9)
