"""Jacobians, Hessians and directional derivatives of programs with arrays, loops, functions and gradients of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import sympy as sp

import gradcli
from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.errors import BudgetExceeded, NotSupported, ShapeProblem
from gradcli.language import parse, run

Values = Mapping[str, Any]

RNG = np.random.default_rng(7)
W, X, B = RNG.standard_normal((2, 3)), RNG.standard_normal(3), RNG.standard_normal(2)

PROGRAMS: list[tuple[str, Values]] = [
    ("W@x + b", {"W": W, "x": X, "b": B}),
    ("tanh(W@x)*b", {"W": W, "x": X, "b": B}),
    ("softmax(W@x)", {"W": W, "x": X}),
    ("cumsum(exp(x))[::-1]", {"x": X}),
    ("prod(W, axis=0)", {"W": W}),
    ("logsumexp(W, axis=1) - b", {"W": W, "b": B}),
    ("W.T @ (W @ x)", {"W": W, "x": X}),
    ("[x[0]*x[1], sin(x[2]), x[0]]", {"x": X}),
    ("where(W > 0, W**2, exp(W))", {"W": W}),
    ("concatenate([x, b, x*2])", {"x": X, "b": B}),
    ("norm(W, axis=0)", {"W": W}),
    ("sort(x)*[1, 10, 100]", {"x": X}),
    ("x[0] = x[1]*x[2]\nx**2", {"x": X}),
    ("x[1:]*x[:-1]", {"x": X}),
    ("s = x\nfor i in range(3):\n    s = sin(s) + x\ns", {"x": X}),
    ("def f(a, k=2):\n    return a**k if sum(a) > 0 else a\nf(x*x) + f(x, k=3)", {"x": X}),
]
IDS = [program.replace("\n", "; ") for program, _ in PROGRAMS]


def scalar(program: str) -> str:
    """The program with a number at its end that is not linear in what it answered before."""
    *before, last = program.split("\n")
    return "\n".join([*before, f"result = {last}", "sum(result*result*sin(result)) + sum(result)**2/3"])


def size(value: Any) -> int:
    return int(np.size(value))


@pytest.mark.parametrize(("program", "at"), PROGRAMS, ids=IDS)
def test_rows_are_those_of_grad_to_the_bit(program: str, at: Values) -> None:
    found = gradcli.jacobian(program, at, mode="reverse")
    value = np.asarray(found.outputs[0].value)
    for place in np.ndindex(value.shape):
        weights = np.zeros(value.shape)
        weights[place] = 1.0
        gradient = gradcli.grad(program, at, grad_output=[weights]).gradient
        for name in at:
            block = found.blocks[found.outputs[0].name, name]
            assert np.shape(block) == value.shape + np.shape(at[name])
            assert np.array_equal(np.asarray(block)[place], gradient[name])


@pytest.mark.parametrize(("program", "at"), PROGRAMS, ids=IDS)
def test_forward_mode_is_reverse_mode_within_a_few_ulp(program: str, at: Values) -> None:
    forward, reverse = (gradcli.jacobian(program, at, mode=mode) for mode in ("forward", "reverse"))  # type: ignore[arg-type]
    for key, block in forward.blocks.items():
        scale = np.abs(reverse.blocks[key]).max(initial=0.0)
        assert np.allclose(block, reverse.blocks[key], rtol=1e-14, atol=1e-15 * scale)
    assert forward.independent == reverse.independent


@pytest.mark.parametrize(("program", "at"), PROGRAMS, ids=IDS)
def test_jvp_and_vjp_are_transposes(program: str, at: Values) -> None:
    """u·(J v) = v·(Jᵀ u)."""
    direction = {name: RNG.standard_normal(np.shape(value)) for name, value in at.items()}
    (output,) = gradcli.jvp(program, at, tangent=direction).outputs
    u = RNG.standard_normal(np.shape(output.value))
    gradient = gradcli.grad(program, at, grad_output=[u]).gradient
    assert np.sum(u * output.tangent) == pytest.approx(sum(np.sum(direction[name] * gradient[name]) for name in at), rel=1e-12)


@pytest.mark.parametrize(("program", "at"), PROGRAMS, ids=IDS)
def test_a_jvp_is_the_slope_along_the_direction(program: str, at: Values) -> None:
    direction = {name: RNG.standard_normal(np.shape(value)) for name, value in at.items()}
    (output,) = gradcli.jvp(program, at, tangent=direction).outputs
    h = 2.0**-17
    above, below = (
        gradcli.jvp(program, {n: at[n] + s * h * direction[n] for n in at}, tangent=direction).outputs[0].value for s in (1, -1)
    )
    assert np.allclose(output.tangent, (above - below) / (2 * h), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize(("program", "at"), PROGRAMS, ids=IDS)
def test_a_hessian_is_the_slope_of_the_gradient_and_symmetric(program: str, at: Values) -> None:
    found = gradcli.hessian(scalar(program), at)
    assert found.asymmetry < 1e-13
    h = 2.0**-17
    for name, value in at.items():
        for place in np.ndindex(value.shape):
            step = np.zeros(value.shape)
            step[place] = h
            above, below = (gradcli.grad(scalar(program), {**at, name: value + s * step}).gradient for s in (1, -1))
            for row in at:
                column = found.blocks[row, name][(..., *place)]  # type: ignore[index]
                slope = (above[row] - below[row]) / (2 * h)
                assert np.allclose(column, slope, rtol=1e-6, atol=1e-6 * (1 + np.abs(slope).max()))
                assert np.array_equal(np.asarray(found.blocks[name, row])[place], column)


@pytest.mark.parametrize(("program", "at"), PROGRAMS, ids=IDS)
def test_a_product_is_the_hessian_times_the_direction(program: str, at: Values) -> None:
    direction = {name: RNG.standard_normal(np.shape(value)) for name, value in at.items()}
    matrix = gradcli.hessian(scalar(program), at).blocks
    found = gradcli.hessian(scalar(program), at, product=direction).product or {}
    for row in at:
        expected = sum(np.tensordot(matrix[row, name], direction[name], np.ndim(at[name])) for name in at)
        assert np.allclose(found[row], expected, rtol=1e-11, atol=1e-12 * np.abs(expected).max(initial=0.0))


@pytest.mark.parametrize(("program", "at"), PROGRAMS, ids=IDS)
def test_pure_derivatives_are_the_diagonal_of_the_hessian(program: str, at: Values) -> None:
    higher = gradcli.grad(scalar(program), at, order=2).higher
    blocks = gradcli.hessian(scalar(program), at).blocks
    for name, value in at.items():
        diagonal = np.diag(np.reshape(blocks[name, name], (size(value), size(value)))).reshape(np.shape(value))
        assert np.allclose(higher[name][1], diagonal, rtol=1e-11, atol=1e-12 * np.abs(diagonal).max())


def sympys(program: str, x: Any) -> Any:
    """SymPy's Hessian of one of our own texts by the elements of x."""
    symbols = sp.symbols(f"x:{len(x)}", real=True)
    expression = eval(program, {"x": symbols, "sum": lambda *xs: sum(*xs), "exp": sp.exp, "sin": sp.sin})
    values = dict(zip(symbols, map(sp.Rational, x.tolist()), strict=True))
    return np.array(sp.N(sp.hessian(expression, symbols).subs(values), 30).tolist(), float)


@pytest.mark.parametrize("program", ["x[0]*x[1]**2*sin(x[2])", "exp(x[0]*x[1])/x[2]", "sum([x[0]*x[1], x[1]*x[2], x[2]**3])"])
def test_the_hessian_by_an_array_is_sympys(program: str) -> None:
    assert np.allclose(gradcli.hessian(program, {"x": X}).blocks["x", "x"], sympys(program, X), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("mode", ["reverse", "forward"])
def test_an_infinite_slope_stays_where_it_is(mode: str) -> None:
    found = gradcli.jacobian("sqrt(x)", "x=[0,4]", mode=mode)  # type: ignore[arg-type]
    assert np.array_equal(found.blocks[None, "x"], [[np.inf, 0.0], [0.0, 0.25]])
    assert found.exit_code == 3
    found = gradcli.jacobian("where(x > 0, sqrt(x), 0)*w", "x=[0,4],w=3", mode=mode)  # type: ignore[arg-type]
    assert np.array_equal(found.blocks[None, "x"], [[0.0, 0.0], [0.0, 0.75]])
    assert found.exit_code == 0


@pytest.mark.parametrize(
    ("program", "x", "second"),
    [("norm(x)", [0, 0], 0.0), ("sum(relu(x)**2)", [0, 0], 0.0), ("sum(abs(x))", [0, 0], 0.0), ("sum(3*x)", [1, 2], 0.0)],
)
def test_conventions_at_kinks(program: str, x: list[float], second: float) -> None:
    assert np.array_equal(gradcli.hessian(program, {"x": x}).blocks["x", "x"], np.full((2, 2), second))


GRADIENTS = {
    "local": "def f(x, w):\n    return x*w\n@gradient(f)\ndef df(x, w):\n    return w, x\n",
    "whole": "def f(x, w):\n    return x*w\n@gradient(f)\ndef df(x, w, g):\n    return g*w, g*x\n",
}


@pytest.mark.parametrize("form", GRADIENTS)
def test_gradients_that_a_program_defines_have_tangents_and_second_derivatives(form: str) -> None:
    own, plain = f"{GRADIENTS[form]}f(sin(x), w)**2", "(sin(x)*w)**2"
    at = {"x": X, "w": W[0]}
    for key, block in gradcli.jacobian(plain, at).blocks.items():
        assert np.allclose(gradcli.jacobian(own, at, mode="forward").blocks[key], block, rtol=1e-14)
        assert np.allclose(gradcli.jacobian(own, at, mode="reverse").blocks[key], block, rtol=1e-14)
    expected = gradcli.hessian(plain, at, sum=True)
    found = gradcli.hessian(own, at, sum=True)
    assert found.asymmetry < 1e-14
    assert all(np.allclose(found.blocks[key], block, rtol=1e-12, atol=1e-14) for key, block in expected.blocks.items())


@pytest.mark.parametrize("form", GRADIENTS)
def test_they_count_in_taylor_series_of_numbers(form: str) -> None:
    wrong = f"{GRADIENTS[form]}f(x, w)**2".replace("x\n", "2*x\n")
    answer = gradcli.grad(wrong, "x=1,w=3", order=2)
    assert {name: row[0] for name, row in answer.higher.items()} == answer.gradient
    with pytest.raises(NotSupported, match="'f'"):
        gradcli.grad(f"{GRADIENTS[form]}sum(f(x, w))", "x=[1,2],w=3", order=2)


def test_a_gradient_of_nothing_is_told_from_rounding() -> None:
    wrong = "def f(x, w):\n    return x*w\n@gradient(f)\ndef df(x, w):\n    return w, 2*x\nf(x, w)**2"
    found = gradcli.hessian(wrong, "x=1,w=3")
    assert found.asymmetry > 0.1
    assert "not the derivative" in found.warnings[0]
    assert gradcli.hessian(wrong.replace("2*x", "x"), "x=1,w=3").warnings == []


def test_a_stable_gradient_stays_stable_when_it_is_differentiated() -> None:
    program = "def f(x):\n    return log(1+exp(x))\n@gradient(f)\ndef df(x):\n    return 1 - 1/(1+exp(x))\nf(x)"
    assert gradcli.jvp(program, "x=100", tangent="x=1").outputs[0].tangent == 1.0
    assert gradcli.hessian(program, "x=100").blocks["x", "x"] == pytest.approx(np.exp(-100.0), rel=1e-12)


def test_directions_fit_their_inputs() -> None:
    assert np.array_equal(gradcli.jvp("x*w", "x=[1,2],w=3", tangent="x=1").outputs[0].tangent, [3.0, 3.0])
    assert np.array_equal(gradcli.jvp("x*w", "x=[1,2],w=3", tangent="x=[0,1]").outputs[0].tangent, [0.0, 3.0])
    with pytest.raises(ShapeProblem, match=r"the direction of 'x' has the shape \(3,\), and x has \(2,\)"):
        gradcli.jvp("x*w", "x=[1,2],w=3", tangent="x=[1,2,3]")


def test_what_is_too_large_is_refused_before_it_is_computed() -> None:
    with pytest.raises(BudgetExceeded, match="20000 by 20000"):
        gradcli.hessian("sum(x*x)", {"x": np.ones(20_000)})
    with pytest.raises(BudgetExceeded, match="20000 by 20000"):
        gradcli.jacobian("x*x", {"x": np.ones(20_000)})
    assert np.array_equal(gradcli.hessian("sum(x**3)", {"x": np.ones(20_000)}, product="x=1").product["x"], np.full(20_000, 6.0))  # type: ignore[index]


def sizes(program: str, at: Values, orders: int) -> Iterator[int]:
    """The number of nodes of the graph, of its first derivative's graph, and so on."""
    trace = run(parse(program), at)
    graph, weights = trace.graph, {trace.node_of(trace.program.output): 1.0}
    yield len(graph)
    for _ in range(orders):
        graph, found = derivative_graph(graph, weights, {"x": 0})
        yield len(graph)
        assert found["x"] is not None
        slope = graph.values[found["x"]]
        weights = {found["x"]: np.ones(np.shape(slope)) if np.shape(slope) else 1.0}


@pytest.mark.parametrize(
    ("program", "x"),
    [
        ("sum(tanh(x)*x)", X),
        ("sum(softmax(x)*x)", X),
        ("exp(sin(x))*x", 0.3),
        ("a = x;" + "a = sin(a)*x;" * 20 + "a", 0.3),
        ("s = x\nfor i in range(20):\n    s = tanh(s*x)\nsum(s)", X),
    ],
)
def test_nested_graphs_stay_small(program: str, x: Any) -> None:
    """Folding and sharing: each further derivative multiplies the graph by a small number, whatever its size."""
    counts = list(sizes(program, {"x": x}, 3))
    assert all(b <= 5 * a for a, b in pairwise(counts)), counts
