"""Forward mode against the reverse sweep, and its zeros and conventions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.differentiation.sweep import adjoints, requires_grad
from gradcli.differentiation.tangents import tangents
from gradcli.differentiation.transposing import transposed
from gradcli.graphs.recording import Recorder
from gradcli.language import parse, run
from gradcli.operations import OPS, Op
from gradcli.operations.floats import FLOATS
from tests.differentiation.graphs import built
from tests.differentiation.test_derivative_graph import PROGRAMS, alone, graph_of

A, B = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.5, 0.25], [2.0, -1.0]])

ARRAYS: list[tuple[str, Callable[..., Any], list[Any]]] = [
    ("elementwise", lambda F, x, w: F.sin(x) * w, [[0.3, 0.7, -2.0], [1.0, 2.0, 3.0]]),
    ("broadcast", lambda F, x, w: F.exp(x) * w + x, [[[0.3], [0.7]], [1.0, 2.0, 3.0]]),
    ("number beside array", lambda F, x, w: x / w + x, [0.7, [1.0, 2.0, 3.0]]),
    ("sum", lambda F, x, w: F.sum(x * w, 0.0, True), [[[1.0, 2.0], [3.0, 4.0]], [0.5, 0.6]]),
    ("matmul", lambda F, x, w: F.tanh(F.matmul(x, w)), [[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]]),
    ("matmul of vectors", lambda F, x, w: F.matmul(x, w), [[0.1, 0.2, 0.3], [1.0, 2.0, 3.0]]),
    ("stack", lambda F, x, w: F.stack(x, w, x * w, 1.0, 0.0), [0.4, 0.7]),
    ("index", lambda F, x, w: F.index(x, 1.0, (("item",),)) * w, [[[0.1, 0.2], [0.4, 0.5]], [1.0, 2.0]]),
    ("set_index", lambda F, x, w: F.exp(F.set_index(x, w, 1.0, (("item",),))), [[0.1, 0.2, 0.3], 5.0]),
    ("reshape", lambda F, x, w: F.matmul(F.reshape(x, 2.0, 2.0), w), [[0.1, 0.2, 0.3, 0.4], [1.0, 2.0]]),
    ("maximum", lambda F, x, w: F.maximum(x, w) * x, [[0.1, 5.0, 0.3], [1.0, 2.0, 0.3]]),
]


def close(a: Any, b: Any) -> bool:
    return bool(np.allclose(a, b, rtol=1e-13, atol=1e-300))


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("name", ["x", "w"])
def test_the_tangent_of_an_output_is_its_gradient(program: str, name: str) -> None:
    graph, node, inputs = graph_of(program, {"x": 0.7, "w": 1.3})
    gradient = adjoints(graph, {node: 1.0}, requires_grad(graph, inputs.values()))[inputs[name]]
    assert tangents(graph, {inputs[name]: 1.0})[node] == pytest.approx(gradient, rel=1e-14)


@pytest.mark.parametrize(("function", "inputs"), [row[1:] for row in ARRAYS], ids=[row[0] for row in ARRAYS])
def test_forward_and_reverse_mode_are_transposes(function: Callable[..., Any], inputs: list[Any]) -> None:
    """u·(J v) = v·(Jᵀ u)."""
    graph, node = built(function, *inputs)
    rng = np.random.default_rng(1)
    v = [rng.standard_normal(np.shape(x)) if np.shape(x) else float(rng.standard_normal()) for x in inputs]
    u = rng.standard_normal(np.shape(graph.values[node])) if np.shape(graph.values[node]) else 1.3
    forward = tangents(graph, dict(enumerate(v)))[node]
    assert np.shape(forward) == np.shape(graph.values[node])
    reverse = adjoints(graph, {node: u}, requires_grad(graph, range(len(inputs))))
    assert np.sum(u * forward) == pytest.approx(sum(np.sum(a * b) for a, b in zip(v, reverse, strict=False)), rel=1e-13)


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.differentiable and not op.structural], ids=lambda op: op.name)
def test_the_tangent_of_every_elementwise_row_is_its_gradient(op: Op) -> None:
    for sample in op.samples:
        graph, output = alone(op, sample), len(sample)
        gradient = adjoints(graph, {output: 1.0}, requires_grad(graph, range(output)))
        for i in range(output):
            assert tangents(graph, {i: 1.0})[output] == gradient[i]


@pytest.mark.parametrize(("function", "inputs"), [row[1:] for row in ARRAYS], ids=[row[0] for row in ARRAYS])
def test_forward_over_reverse_runs_over_nodes_and_over_floats(function: Callable[..., Any], inputs: list[Any]) -> None:
    graph, node = built(lambda F, *xs: F.sum(F.square(function(F, *xs)), None, False), *inputs)
    gradient, found = derivative_graph(graph, {node: 1.0}, dict(enumerate(range(len(inputs)))))
    seeds = {i: np.ones(np.shape(x)) if np.shape(x) else 1.0 for i, x in enumerate(inputs)}
    plain = tangents(gradient, seeds)
    F = Recorder(gradient)
    recorded = tangents(F.graph_of_numbers(), {i: F.number(seed) for i, seed in seeds.items()}, F)
    for name in found:
        assert close(plain[found[name]], recorded[found[name]].value)


def test_nodes_that_the_direction_does_not_reach_have_no_tangent() -> None:
    graph, node, inputs = graph_of("x*2 + sin(w)", {"x": 1.0, "w": 2.0})
    found = tangents(graph, {inputs["x"]: 1.0})
    assert found[inputs["w"]] is None
    assert found[node] == 2.0
    assert tangents(graph, {inputs["x"]: 0.0})[node] is None


def test_a_node_with_a_seed_is_a_variable_by_itself() -> None:
    graph, node, _ = graph_of("a = x*x; a*x", {"x": 3.0})
    assert tangents(graph, {1: 1.0})[node] == 3.0


@pytest.mark.parametrize(
    ("program", "slope"),
    [("abs(x)", 0.0), ("relu(x)", 0.0), ("maximum(x, 0)", 0.5), ("clip(x, 0, 1)", 1.0), ("hypot(x, 0)", 0.0), ("x**0", 0.0)],
)
def test_conventions_at_kinks_are_those_of_the_sweep(program: str, slope: float) -> None:
    graph, node, inputs = graph_of(program, {"x": 0.0})
    assert adjoints(graph, {node: 1.0}, requires_grad(graph, [0]))[0] == slope
    assert tangents(graph, {inputs["x"]: 1.0})[node] == slope


def test_undefined_values_have_undefined_tangents_and_infinite_slopes_are_infinite() -> None:
    graph, node, _ = graph_of("log(x)", {"x": -1.0})
    assert math.isnan(tangents(graph, {0: 1.0})[node])
    graph, node, _ = graph_of("sqrt(x)", {"x": 0.0})
    assert tangents(graph, {0: 1.0})[node] == math.inf
    graph, node, _ = graph_of("sqrt(x)**2", {"x": 0.0})
    assert math.isnan(tangents(graph, {0: 1.0})[node])
    graph, node, _ = graph_of("where(x > 0, sqrt(x), 0)", {"x": 0.0})
    assert tangents(graph, {0: 1.0})[node] is None


def test_what_where_does_not_choose_passes_nothing() -> None:
    graph, node = built(lambda F, x: F.where(F.gt(x, 0.0), F.sqrt(x), 0.0) * F.exp(x), [0.0, 4.0])
    assert tangents(graph, {0: np.ones(2)})[node].tolist() == [0.0, 2.25 * math.exp(4.0)]


def test_elements_that_do_not_move_stay_zero_beside_an_infinite_slope() -> None:
    graph, node = built(lambda F, x: F.sqrt(F.reshape(F.stack(x, x, 0.0), 4.0)), [0.0, 4.0])
    assert tangents(graph, {0: np.array([0.0, 1.0])})[node].tolist() == [0.0, 0.25, 0.0, 0.25]
    graph, node = built(lambda F, x, w: F.sqrt(x) * w, [0.0, 4.0], [1.0, 1.0])
    assert tangents(graph, {0: np.array([0.0, 1.0]), 1: np.array([1.0, 0.0])})[node].tolist() == [0.0, 0.25]


@pytest.mark.parametrize(("name", "i", "grouped"), [("matmul", 0, (A, B)), ("matmul", 1, (A, B)), ("sum", 0, (A, 1.0, False))])
def test_a_pushforward_made_of_a_pullback_is_the_declared_one(name: str, i: int, grouped: tuple[Any, ...]) -> None:
    op: Any = OPS[name]
    y, t = op.value(*grouped), np.array([[1.0, -1.0], [0.5, 2.0]])
    assert close(transposed(op, i, t, y, grouped), op.pushforwards[i](FLOATS, t, y, *grouped))


def test_a_long_chain_needs_no_recursion() -> None:
    trace = run(parse("a = x;" + "a = a*1.0001 + x;" * 10_000 + "a"), {"x": 1.0})
    assert tangents(trace.graph, {0: 1.0})[-1 - trace.graph.constant_count] > 1.0
