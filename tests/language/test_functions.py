"""Functions of programs, and the gradients that programs define for them."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

import gradcli
from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.language import parse, run

SOFTPLUS = "def f(x):\n    return log(1 + exp(x))\n@gradient(f)\ndef df(x):\n    return 1 - 1/(1 + exp(x))\n"


def test_a_gradient_of_the_programs_own_takes_the_place_of_the_bodys() -> None:
    assert math.isnan(gradcli.grad("log(1 + exp(x))/exp(x)", {"x": 1000}).gradient["x"])
    result = gradcli.grad(SOFTPLUS + "2*f(x)", {"x": 1000})
    assert result.gradient == {"x": 2.0}
    assert gradcli.grad(SOFTPLUS + "2*f(x)", {"x": 0}).gradient == {"x": 1.0}


@pytest.mark.parametrize(
    ("gradient", "verdict"),
    [("return 1 - 1/(1 + exp(x))", "agree"), ("return 1/(1 + exp(x))", "disagree"), ("return 1 - 1/(1 + exp(x)) + 1e-9", "disagree")],
)
def test_check_judges_the_gradient_of_a_program_and_names_the_function(gradient: str, verdict: str) -> None:
    text = f"def f(x):\n    return log(1 + exp(x))\n@gradient(f)\ndef df(x):\n    {gradient}\ny = f(x)\ny*w"
    row = gradcli.check(text, {"x": 3, "w": 2}).checks[0].rows[0]
    assert row.verdict == verdict
    assert (row.node is None) if verdict == "agree" else ("f(x)" in str(row.node))


def test_the_gradient_may_be_a_second_definition_of_the_function() -> None:
    text = SOFTPLUS.replace("def df", "def f") + "2*f(x)"
    assert gradcli.grad(text, {"x": 1000}).gradient == {"x": 2.0}
    assert gradcli.check(text, {"x": 1}).verdict == "agree"
    again = "def f(x):\n    return x*x\n@gradient(f)\ndef f(x, g):\n    return 2*f(x)/x*g\nf(x)"
    assert gradcli.grad(again, {"x": 3}).gradient == {"x": 6.0}, "inside its gradient, f is the function itself"


@pytest.mark.parametrize(("x", "slope"), [(2.0, 4.0), (-2.0, -1.0)])
def test_a_gradient_may_branch_on_values(x: float, slope: float) -> None:
    body = "    if x > 0: return {}\n    return {}\n"
    text = "def f(x):\n" + body.format("x*x", "-x") + "@gradient(f)\ndef df(x):\n" + body.format("2*x", "-1") + "f(x)"
    assert gradcli.grad(text, {"x": x}).gradient == {"x": slope}
    assert gradcli.check(text, {"x": x}).verdict == "agree"


def test_of_several_parameters_the_gradient_returns_one_derivative_each() -> None:
    text = "def f(a, b=3):\n    return a*a*b\n@gradient(f)\ndef df(a, b):\n    da = 2*a*b\n    return da, a*a\nf(x, w) + f(x)"
    assert gradcli.grad(text, {"x": 2, "w": 5}).gradient == {"x": 32.0, "w": 4.0}
    assert gradcli.check(text, {"x": 2, "w": 5}).verdict == "agree"


def test_with_the_gradient_of_its_value_as_last_parameter_it_returns_the_shares() -> None:
    text = "def f(u, v):\n    return sum(u*v)\n@gradient(f)\ndef df(u, v, g):\n    return g*v, g*u\n3*f(x, y)"
    found = gradcli.grad(text, {"x": [1, 2], "y": [3, 5]}).gradient
    assert (found["x"].tolist(), found["y"].tolist()) == ([9.0, 15.0], [3.0, 6.0])


def test_a_gradient_of_a_program_can_be_differentiated_again() -> None:
    program = parse(SOFTPLUS + "f(x)*x")
    trace = run(program, {"x": 0.3})
    graph, node = trace.graph, trace.node_of(program.output)
    for order in (1, 2):
        graph, found = derivative_graph(graph, {node: 1.0}, trace.inputs)
        node = found["x"]  # type: ignore[assignment]
        s = 1 / (1 + math.exp(-0.3))
        exact = math.log(1 + math.exp(0.3)) + 0.3*s if order == 1 else 2*s + 0.3*s*(1 - s)  # fmt: skip
        assert graph.values[node] == pytest.approx(exact, rel=1e-13)


def test_a_recursive_function_may_have_a_gradient() -> None:
    text = (
        "def f(x, n):\n    if n == 0: return 1\n    return x*f(x, n - 1)\n@gradient(f)\ndef df(x, n):\n    return n*x**(n - 1), 0\nf(x, 4)"
    )
    assert gradcli.grad(text, {"x": 1.5}).gradient == {"x": 4 * 1.5**3}


def test_calls_of_one_function_in_a_loop_each_have_their_own_gradient() -> None:
    text = SOFTPLUS + "s = 0\nfor i in range(20): s = f(s) + x\ns"
    plain = "s = 0\nfor i in range(20): s = log(1 + exp(s)) + x\ns"
    assert gradcli.grad(text, {"x": 0.2}).gradient["x"] == pytest.approx(gradcli.grad(plain, {"x": 0.2}).gradient["x"], rel=1e-14)


def test_a_run_with_gradients_of_its_own_survives_pickling() -> None:
    result = gradcli.grad(SOFTPLUS + "f(x)", {"x": 2})
    copy: Any = pickle.loads(pickle.dumps(result))
    assert copy.gradient == result.gradient
    assert [node.op for node in map(copy.graph.node, range(len(copy.graph)))][-1] == "f"


def test_a_call_of_f_keeps_its_value_as_a_node_beside_its_body() -> None:
    graph = gradcli.grad(SOFTPLUS + "y = f(x)", {"x": 0.0}).graph
    assert [(graph.node(i).op, graph.node(i).label) for i in range(len(graph))][-2:] == [("log", None), ("f", "y")]


def test_arrays_pass_through_functions_and_their_gradients() -> None:
    at = {"x": np.array([0.5, -1.0])}
    assert gradcli.grad(SOFTPLUS + "sum(f(x))", at).gradient["x"] == pytest.approx(1 / (1 + np.exp(-at["x"])), rel=1e-14)
