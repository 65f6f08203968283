"""The reverse sweep in float64, through `gradcli.grad` and on graphs."""

from __future__ import annotations

import math

import pytest

import gradcli
from gradcli.differentiation import adjoints, requires_grad
from gradcli.graphs import Graph
from gradcli.language import Trace, parse, run
from gradcli.operations import by_name


def swept(program: str, **at: float) -> tuple[Trace, list[float | None]]:
    """A run, and the adjoints of its last node by all inputs."""
    trace = run(parse(program), at)
    active = requires_grad(trace.graph, [trace.node_of(register) for register in trace.program.inputs.values()])
    return trace, adjoints(trace.graph, {trace.node_of(trace.program.output): 1.0}, active)


def chain(op: str, length: int, x: float) -> Graph:
    """One operation of one argument, applied again and again."""
    row, values = by_name(op), [x]
    for _ in range(length):
        values.append(row.value(values[-1]))
    operations = [by_name("input")] + [row] * length
    return Graph(None, operations, [()] + [(i,) for i in range(length)], values, [0] * (length + 1), {})  # type: ignore[arg-type]


def test_the_example_of_the_first_page() -> None:
    _, found = swept("(x+w)*(w+1)", x=2.0, w=1.0)
    assert found[:5] == [2.0, 5.0, 2.0, 3.0, 1.0]


@pytest.mark.parametrize(
    ("program", "at", "expected"),
    [
        ("x*x", 3.0, 6.0),
        ("x*x*x", 2.0, 12.0),
        ("x+x", 5.0, 2.0),
        ("x-x", 5.0, 0.0),
        ("x/x", 5.0, 0.0),
        ("a = x*x; b = a*a; b*b", 1.5, 8 * 1.5**7),
        ("a = sin(x); a*a + cos(x)**2", 0.7, 0.0),
        ("a = x+1; a*x + a/x", 2.0, 5.0 - 0.25),
    ],
)
def test_the_shares_of_a_node_that_is_used_twice_add_up(program: str, at: float, expected: float) -> None:
    assert gradcli.grad(program, {"x": at}).gradient["x"] == pytest.approx(expected, rel=1e-15, abs=1e-16)


def test_an_adjoint_is_none_where_nothing_depends() -> None:
    trace, found = swept("y = x*w; x + 1", x=2.0, w=3.0)
    assert found[trace.node_of(trace.program.registers["w"])] is None
    assert found[trace.node_of(trace.program.registers["y"])] is None
    assert gradcli.grad("x + 1", "x=2").independent == []
    assert gradcli.grad("y = w; x + 1", "x=2,w=3").independent == ["w"]


def test_a_frozen_input_has_no_gradient_and_costs_nothing() -> None:
    answer = gradcli.grad("(x+w)*(w+1)", "w=1,x=2", freeze=["x"])
    assert answer.gradient == {"w": 5.0}
    assert answer.adjoints[0] is None


def test_a_gradient_by_an_intermediate_name_is_its_adjoint() -> None:
    assert gradcli.grad("a = x*w; b = a + x; a*b", "x=2,w=3", wrt=["a", "b", "x"]).gradient == {"a": 14.0, "b": 6.0, "x": 48.0}


def test_leaves_keep_their_gradients_and_the_others_are_freed() -> None:
    answer = gradcli.grad("a = x*x; a*a", "x=2", leaves=True)
    assert answer.gradient == {"x": 32.0}
    assert answer.adjoints[1:3] == [None, None]


def test_the_outputs_are_weighted() -> None:
    program = "y = x*x; z = x*w; y + z"
    assert gradcli.grad(program, "x=3,w=2", of=["y", "z"], grad_output={"y": 1, "z": 10}).gradient == {"x": 26.0, "w": 30.0}
    assert gradcli.grad(program, "x=3,w=2", of=["y", "z"], grad_output="1,10").gradient == {"x": 26.0, "w": 30.0}
    assert gradcli.grad(program, "x=3,w=2", of=["y"], grad_output=[-1]).gradient == {"x": -6.0, "w": 0.0}
    assert gradcli.grad(program, "x=3,w=2", of=["y", "y"]).gradient == gradcli.grad(program, "x=3,w=2", of=["y"]).gradient


def test_an_output_that_another_output_is_made_of_gets_both_adjoints() -> None:
    assert gradcli.grad("y = x*x; z = y*y; z", "x=2", of=["y", "z"], grad_output=[1, 1]).gradient["x"] == 4.0 + 32.0


def test_a_constant_output_has_gradient_zero() -> None:
    answer = gradcli.grad("y = 3; x*0; y", "x=2")
    assert answer.gradient == {"x": 0.0}
    assert answer.independent == ["x"]


@pytest.mark.parametrize(
    ("program", "x", "independent"),
    [
        ("relu(x)", -1.0, True),
        ("relu(x)", 0.0, False),
        ("maximum(x, 3)", 2.0, True),
        ("where(x > 0, x, 5)", -1.0, True),
        ("abs(x)", 0.0, False),
        ("leaky_relu(x, 0)", -1.0, False),
        ("clip(x, 0, 1)", 1.0, False),
    ],
)
def test_a_share_of_zero_is_no_share_where_the_operation_selects(program: str, x: float, independent: bool) -> None:
    assert (gradcli.grad(program, {"x": x}).independent == ["x"]) is independent


def test_what_is_not_selected_may_be_nan() -> None:
    assert gradcli.grad("maximum(sqrt(x), 1)*relu(-x)", "x=0.25").gradient == {"x": 0.0}
    assert gradcli.grad("where(x > 0, log(x), exp(x))", "x=-1").gradient == {"x": math.exp(-1)}
    assert gradcli.grad("where(x > 0, log(x), 1/x)*w", "x=-1,w=2").gradient == {"x": -2.0, "w": -1.0}


def test_nothing_raises_at_poles_and_overflows() -> None:
    assert gradcli.grad("1/x", "x=0").gradient == {"x": -math.inf}
    assert gradcli.grad("exp(x)", "x=1000").gradient == {"x": math.inf}
    assert gradcli.grad("tanh(x)", "x=1000").gradient == {"x": 0.0}
    assert math.isnan(gradcli.grad("log(x)*2", "x=-1").gradient["x"])


@pytest.mark.parametrize("program", ["relu(x)", "maximum(x, 1)", "minimum(1, x)", "clip(x, 0, 1)", "abs(x)", "floor(x)", "x*0", "elu(x)"])
def test_at_nan_the_gradient_is_nan_and_no_input_is_called_independent(program: str) -> None:
    answer = gradcli.grad(program, {"x": math.nan})
    assert math.isnan(answer.outputs[0].value)
    assert math.isnan(answer.gradient["x"])
    assert answer.independent == []


@pytest.mark.parametrize("op", ["neg", "sin", "square"])
def test_a_long_chain_needs_no_recursion(op: str) -> None:
    length = 100_000 if op != "square" else 900
    graph = chain(op, length, 0.5 if op != "square" else 1.0)
    found = adjoints(graph, {length: 1.0}, requires_grad(graph, [0]))
    if op == "neg":
        assert found[0] == 1.0
    elif op == "sin":
        assert found[0] == pytest.approx(math.prod(math.cos(value) for value in graph.values[:-1]), rel=1e-9)
    else:
        assert found[0] == 2.0**900


def test_a_long_program_needs_no_recursion() -> None:
    assert gradcli.grad("+".join(["x*w"] * 20_000), "x=2,w=3").gradient == {"x": 60_000.0, "w": 40_000.0}
