"""Hessians against SymPy and against repeated sweeps; symmetry, conventions, sizes."""

from __future__ import annotations

import math

import pytest
import sympy as sp

import gradcli
from gradcli.errors import UsageError
from tests.differentiation.test_derivative_graph import POINT, PROGRAMS, mixed

KEYS = [("x", "x"), ("x", "w"), ("w", "x"), ("w", "w")]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_hessian_is_sympys(program: str) -> None:
    symbols = {name: sp.Symbol(name, real=True) for name in POINT}
    matrix = sp.hessian(sp.sympify(program, locals=symbols), list(symbols.values()))
    values = sp.N(matrix.subs({symbols[name]: sp.Rational(x) for name, x in POINT.items()}), 30)
    found = gradcli.hessian(program, POINT)
    exact = {(a, b): float(values[i, j]) for i, a in enumerate(POINT) for j, b in enumerate(POINT)}
    assert found.blocks == pytest.approx(exact, rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("program", PROGRAMS)
def test_it_is_symmetric_to_the_bit_and_forward_over_reverse_is_reverse_over_reverse(program: str) -> None:
    found = gradcli.hessian(program, POINT)
    assert found.blocks["x", "w"] == found.blocks["w", "x"]
    assert found.asymmetry < 1e-14
    assert found.blocks["x", "w"] == pytest.approx(mixed(program, POINT, "xw"), rel=1e-13, abs=1e-14)


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_diagonal_has_the_pure_derivatives_and_the_gradient_is_grads(program: str) -> None:
    found, gradient = gradcli.hessian(program, POINT), gradcli.grad(program, POINT, order=2)
    assert found.gradient == pytest.approx(gradient.gradient, rel=1e-14)
    for name, pure in gradient.higher.items():
        assert found.blocks[name, name] == pytest.approx(pure[1], rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_product_is_the_matrix_times_the_direction(program: str) -> None:
    matrix, v = gradcli.hessian(program, POINT).blocks, {"x": 2.0, "w": -0.5}
    found = gradcli.hessian(program, POINT, product=v)
    assert (found.direction, dict(found.blocks)) == (v, {})
    expected = {a: sum(matrix[a, b] * v[b] for b in POINT) for a in POINT}
    scale = max(abs(matrix[a, b] * v[b]) for a, b in KEYS)
    assert found.product == pytest.approx(expected, rel=1e-12, abs=1e-14 * scale)


def test_outputs_weigh_what_they_are_told_to() -> None:
    assert gradcli.hessian("y = x**2; z = x**3", "x=2", of="y,z", grad_output="1,10").blocks == {("x", "x"): 122.0}
    assert gradcli.hessian("y = x**2; z = x**3", "x=2", of="y,z", sum=True).blocks == {("x", "x"): 14.0}


def test_a_linear_function_has_a_hessian_of_zeros() -> None:
    found = gradcli.hessian("3*x + w", POINT)
    assert set(found.blocks.values()) == {0.0}
    assert found.gradient == {"x": 3.0, "w": 1.0}
    assert found.asymmetry == 0.0
    assert gradcli.hessian("3*x + w", POINT, product="x=1").product == {"x": 0.0, "w": 0.0}
    assert gradcli.hessian("5", {}).blocks == {}


@pytest.mark.parametrize(
    ("program", "x", "second"),
    [("abs(x)*x", -2.0, -2.0), ("relu(x)**2", 0.0, 0.0), ("hypot(x, 0)", 0.0, 0.0), ("x**0", 0.0, 0.0), ("clip(x, 0, 1)**2", 0.0, 2.0)],
)
def test_conventions_at_kinks(program: str, x: float, second: float) -> None:
    assert gradcli.hessian(program, {"x": x}).blocks == {("x", "x"): second}


def test_decisions_follow_the_values() -> None:
    assert gradcli.hessian("x**3 if x > 0 else sin(x)", "x=2").blocks == {("x", "x"): 12.0}
    found = gradcli.hessian("x**3 if x > 0 else sin(x)", "x=-2")
    assert found.blocks["x", "x"] == pytest.approx(-math.sin(-2.0))
    assert [(branch.text, branch.taken) for branch in found.branches] == [("x > 0", False)]


def test_an_intermediate_name_is_a_variable_by_itself() -> None:
    assert gradcli.hessian("a = x*x; a*a*w", POINT, wrt="a").blocks["a", "a"] == pytest.approx(2 * 1.3)
    assert gradcli.hessian("a = exp(x); a*a*expm1(x)", {"x": 0.7}, wrt="a").blocks["a", "a"] == pytest.approx(2 * math.expm1(0.7))
    with pytest.raises(UsageError, match="'a' is computed from 'x'"):
        gradcli.hessian("a = x*x; a*a*x", {"x": 1.0}, wrt="a,x")


def test_what_is_not_finite_ends_with_3_and_is_named() -> None:
    found = gradcli.hessian("x**1.5", "x=0")
    assert (found.blocks["x", "x"], found.exit_code) == (math.inf, 3)
    assert found.warnings
