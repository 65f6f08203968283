"""Jacobians and derivatives along directions against SymPy, against `grad`, and forward mode against reverse mode."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp

import gradcli
from gradcli.differentiation import jacobians
from gradcli.differentiation.asked import fitting
from gradcli.errors import BudgetExceeded, PointError, ShapeProblem, UnknownName, UsageError

SYSTEMS = [
    ("y = x*w; z = sin(x)/w", "y,z"),
    ("r = hypot(x, w); a = atan2(w, x)", "r,a"),
    ("a = exp(x*w); b = a*x; c = log(a + w**2); d = x**w", "b,c,d"),
    ("a = x*x; b = tanh(a*w); c = maximum(x, w)", "a,b,c"),
]
POINT = {"x": 0.7, "w": 1.3}


def sympys(program: str, of: str) -> dict[tuple[str, str], float]:
    """SymPy's Jacobian of one of our own texts."""
    names = {name: sp.Symbol(name, real=True) for name in POINT} | {"maximum": sp.Max, "hypot": lambda a, b: sp.sqrt(a * a + b * b)}
    for statement in program.split(";"):
        name, _, text = statement.partition("=")
        names[name.strip()] = sp.sympify(text, locals=names)
    outputs, inputs = of.split(","), list(POINT)
    matrix = sp.Matrix([names[o] for o in outputs]).jacobian([names[i] for i in inputs])
    values = matrix.subs({names[name]: sp.Rational(x) for name, x in POINT.items()})
    return {(o, i): float(sp.N(values[a, b], 30)) for a, o in enumerate(outputs) for b, i in enumerate(inputs)}


@pytest.mark.parametrize("mode", ["reverse", "forward", None])
@pytest.mark.parametrize(("program", "of"), SYSTEMS)
def test_the_jacobian_is_sympys(program: str, of: str, mode: str | None) -> None:
    found = gradcli.jacobian(program, POINT, of=of, mode=mode)  # type: ignore[arg-type]
    assert found.blocks == pytest.approx(sympys(program, of), rel=1e-14)


@pytest.mark.parametrize(("program", "of"), SYSTEMS)
def test_a_row_is_what_grad_answers(program: str, of: str) -> None:
    found = gradcli.jacobian(program, POINT, of=of, mode="reverse")
    for output in of.split(","):
        gradient = gradcli.grad(program, POINT, of=output).gradient
        assert {name: found.blocks[output, name] for name in gradient} == gradient


@pytest.mark.parametrize(("program", "of"), SYSTEMS)
def test_a_jvp_is_the_jacobian_times_the_direction(program: str, of: str) -> None:
    matrix = gradcli.jacobian(program, POINT, of=of).blocks
    for output in gradcli.jvp(program, POINT, tangent={"x": 2.0, "w": -0.5}, of=of).outputs:
        assert output.tangent == pytest.approx(2 * matrix[output.name, "x"] - 0.5 * matrix[output.name, "w"], rel=1e-14)


def test_the_cheaper_mode_is_taken_and_says_so() -> None:
    assert gradcli.jacobian("x*w", POINT).mode == "reverse"
    assert gradcli.jacobian("y = x*w; z = x; u = w", POINT, of="y,z,u").mode == "forward"
    assert gradcli.jacobian("y = x*w; z = x", POINT, of="y,z").mode == "reverse"
    asked = gradcli.jacobian("y = x*w; z = x", POINT, of="y,z", mode="forward")
    assert (asked.mode, asked.reason) == ("forward", "2 elements of outputs, 2 of inputs: forward mode was asked for")


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_blocks_of_what_does_not_matter_are_zero_and_named(mode: str) -> None:
    found = gradcli.jacobian("y = x*2; z = w; c = 3", POINT, of="y,z,c", mode=mode)  # type: ignore[arg-type]
    assert found.independent == [("y", "w"), ("z", "x"), ("c", "x"), ("c", "w")]
    assert [found.blocks[block] for block in found.independent] == [0.0] * 4
    assert found.exit_code == 0


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_names_may_be_intermediate_or_frozen(mode: str) -> None:
    found = gradcli.jacobian("a = x*x; y = a*w", POINT, of="y", wrt="a,w", mode=mode)  # type: ignore[arg-type]
    assert found.blocks == {("y", "a"): 1.3, ("y", "w"): 0.7 * 0.7}
    assert list(gradcli.jacobian("x*w", POINT, freeze="w", mode=mode).wrt) == ["x"]  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_what_is_not_finite_is_shown_and_ends_with_3(mode: str) -> None:
    found = gradcli.jacobian("y = x; z = sqrt(w)", {"x": 1.0, "w": 0.0}, of="y,z", mode=mode)  # type: ignore[arg-type]
    assert found.blocks["z", "w"] == math.inf
    assert found.exit_code == 3
    assert "sqrt(w)" in found.warnings[0]
    assert gradcli.jvp("y = x; z = sqrt(w)", {"x": 1.0, "w": 0.0}, tangent="w=1", of="y,z").exit_code == 3
    assert gradcli.jvp("y = x; z = sqrt(w)", {"x": 1.0, "w": 0.0}, tangent="x=1", of="y,z").exit_code == 0


def test_a_jvp_says_what_the_direction_does_not_reach() -> None:
    found = gradcli.jvp("y = x*2; z = w", POINT, tangent="x=3", of="y,z")
    assert [(output.tangent, output.independent) for output in found.outputs] == [(6.0, False), (0.0, True)]
    assert found.tangent == {"x": 3.0, "w": 0.0}


def test_requests_that_can_not_be_carried_out() -> None:
    with pytest.raises(UsageError, match="no mode"):
        gradcli.jacobian("x", "x=1", mode="backward")  # type: ignore[arg-type]
    with pytest.raises(UnknownName, match="--tangent names 'v'"):
        gradcli.jvp("x", "x=1", tangent="v=1")
    with pytest.raises(PointError, match="no direction"):
        gradcli.jvp("x", "x=1", tangent={})
    with pytest.raises(UnknownName, match="--freeze"):
        gradcli.jacobian("x", "x=1", freeze="v")


def test_a_jacobian_with_too_many_entries_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jacobians, "MAX_ENTRIES", 3)
    with pytest.raises(BudgetExceeded, match="2 by 2 has 4 entries") as raised:
        gradcli.jacobian("y = x*w; z = x", POINT, of="y,z")
    assert "jvp" in str(raised.value.hint)
    with pytest.raises(BudgetExceeded, match="Hessian") as raised:
        gradcli.hessian("x*w", POINT)
    assert "--product" in str(raised.value.hint)
    assert gradcli.hessian("x*w", POINT, product="x=1").product == {"x": 0.0, "w": 1.0}


def test_a_direction_has_the_shape_of_its_input() -> None:
    with pytest.raises(ShapeProblem, match="direction of 'x'"):
        fitting(np.ones(2), (3,), "x", "--tangent")
    assert np.array_equal(fitting(2.0, (3,), "x", "--tangent"), [2.0, 2.0, 2.0])
