"""Pure derivatives of high order against mpmath, and their cost."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import mpmath
import numpy as np
import pytest

import gradcli
from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.differentiation.sweep import requires_grad
from gradcli.differentiation.taylor import MAX_ORDER, Taylor, derivatives, pure, series_of_nodes
from gradcli.errors import BudgetExceeded, UsageError
from gradcli.language import parse, run
from tests.differentiation.graphs import built

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
        series = series_of_nodes(trace.graph, {0: F.variable(0.3)}, requires_grad(trace.graph, [0]), F)
        pure(series, {trace.node_of(trace.program.output): 1.0}, order, F)
        sizes.append(len(F.memo))
    assert sizes[1] <= 8 * sizes[0]


def test_a_long_program_needs_no_recursion() -> None:
    answer = gradcli.grad("a = x*x;" + "a = a*1.0001 + x;" * 3000 + "a", "x=1", order=3)
    assert answer.higher["x"][1] == pytest.approx(2 * 1.0001**3000, rel=1e-9)
    assert answer.higher["x"][2] == pytest.approx(0.0, abs=1e-9)


ARRAYS: list[tuple[str, Callable[..., Any], Any]] = [
    ("elementwise", lambda F, x: F.sum(F.tanh(x) * x, None, False), [0.3, -0.7, 2.0]),
    ("along an axis", lambda F, x: F.sum(F.square(F.sum(F.exp(x), 0.0, False)), None, False), [[0.3, -0.7], [0.1, 0.2]]),
    ("matrix product", lambda F, x: F.sum(F.sin(F.matmul(x, F.swapaxes(x, 0.0, 1.0))), None, False), [[0.3, -0.7], [0.1, 0.2]]),
    ("pieces", lambda F, x: F.sum(F.where(F.gt(x, 0.0), F.sqrt(x), F.maximum(x * x, 0.25)), None, False), [0.3, -0.7, -0.1]),
    ("an element", lambda F, x: F.index(x, 1.0, (("item",),)) * F.log(F.index(x, 0.0, (("item",),))), [0.3, 0.7]),
]


@pytest.mark.parametrize(("function", "x"), [row[1:] for row in ARRAYS], ids=[row[0] for row in ARRAYS])
def test_pure_derivatives_by_the_elements_of_an_array_are_those_of_repeated_sweeps(function: Callable[..., Any], x: Any) -> None:
    graph, node = built(function, x)
    found = derivatives(graph, {node: 1.0}, 0, 3)
    assert [np.shape(whole) for whole in found] == [np.shape(x)] * 3
    for place in np.ndindex(np.shape(x)):
        one, weights = np.zeros(np.shape(x)), {node: 1.0}
        one[place] = 1.0
        longer = graph
        for k in range(3):
            longer, names = derivative_graph(longer, weights, {"x": 0})
            slope = names["x"]
            value = np.zeros(np.shape(x)) if slope is None else np.broadcast_to(longer.values[slope], np.shape(x))
            assert found[k][place] == pytest.approx(value[place], rel=1e-12, abs=1e-13)
            weights = {} if slope is None else {slope: one}


def test_the_weights_of_an_array_count_its_elements() -> None:
    graph, node = built(lambda F, x: F.square(x), [3.0, 5.0])
    assert [whole.tolist() for whole in derivatives(graph, {node: np.array([1.0, 10.0])}, 0, 3)] == [[6.0, 100.0], [2.0, 20.0], [0.0, 0.0]]


def test_a_long_sum_needs_no_recursion() -> None:
    graph, node = built(lambda F, x, c: F.sum(x * c, None, False) * x, 2.0, [1.0] * 5000)
    assert derivatives(graph, {node: 1.0}, 0, 2) == [20000.0, 10000.0]


def test_derivatives_by_too_many_elements_are_refused() -> None:
    graph, node = built(lambda F, x: F.sum(F.exp(x), None, False), [1.0] * 5000)
    with pytest.raises(BudgetExceeded, match="5000 elements"):
        derivatives(graph, {node: 1.0}, 0, 2)
