"""The gradient of a graph is a graph: second, third and mixed derivatives by sweeping again."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import pytest
import sympy as sp

from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.differentiation.taylor import derivatives
from gradcli.graphs import Graph
from gradcli.graphs.recording import Recorder
from gradcli.language import parse, run
from gradcli.operations import OPS, Op
from gradcli.operations.floats import value_of

PROGRAMS = [
    "x*x*w",
    "(x+w)*(w+1)",
    "sin(x*w) + exp(w)*x",
    "x**w",
    "log(x**2 + w**2)",
    "exp(-x*x/w)",
    "tanh(x*w + 1)*x",
    "sqrt(x + w)/x",
    "atan2(x, w)",
    "1/(1 + exp(-x*w))",
    "cos(x)*sinh(w) - w/x",
    "asinh(x)*acosh(w + 2)",
    "erf(x*w) + log(w)",
    "3*x + 2*w",
]
POINT = {"x": 0.7, "w": 1.3}


def graph_of(program: str, at: dict[str, float]) -> tuple[Graph, int, dict[str, int]]:
    """The graph of a run, its output and its inputs."""
    trace = run(parse(program), at)
    return trace.graph, trace.node_of(trace.program.output), {name: trace.node_of(r) for name, r in trace.program.inputs.items()}


def value(graph: Graph, node: int | None) -> float:
    """The value of a derivative's node."""
    return 0.0 if node is None else float(graph.values[node])


def mixed(program: str, at: dict[str, float], path: str) -> float:
    """The derivative by one input after the other, each by one more sweep."""
    graph, node, inputs = graph_of(program, at)
    for name in path:
        graph, found = derivative_graph(graph, {node: 1.0}, inputs)
        if found[name] is None:
            return 0.0
        node = found[name]  # type: ignore[assignment]
    return value(graph, node)


def sympys(program: str, path: str) -> float:
    """SymPy's derivative of one of our own texts."""
    symbols = {name: sp.Symbol(name, real=True) for name in POINT}
    expression = sp.sympify(program, locals=symbols)
    slope = sp.diff(expression, *[symbols[name] for name in path])
    return float(sp.N(slope.subs({symbols[name]: sp.Rational(x) for name, x in POINT.items()}), 30))


@pytest.mark.parametrize("path", ["x", "w", "xx", "xw", "wx", "ww", "xxw", "www"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_derivatives_by_repeated_sweeps_are_sympys(program: str, path: str) -> None:
    assert mixed(program, POINT, path) == pytest.approx(sympys(program, path), rel=1e-12, abs=1e-13)


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_hessian_is_symmetric(program: str) -> None:
    assert mixed(program, POINT, "xw") == pytest.approx(mixed(program, POINT, "wx"), rel=1e-13, abs=1e-14)


def alone(op: Op, arguments: tuple[float, ...]) -> Graph:
    """The graph of one operation of inputs."""
    n = len(arguments)
    source: Any = parse("0")
    return Graph(source, [OPS["input"]] * n + [op], [()] * n + [tuple(range(n))], [*arguments, value_of(op, *arguments)], [0] * (n + 1), {})


@pytest.mark.parametrize("op", [op for op in OPS.values() if op.differentiable], ids=lambda op: op.name)
def test_two_sweeps_over_every_row_give_the_second_derivative_of_taylor_series(op: Op) -> None:
    for sample in op.samples:
        for i, partial in enumerate(op.partials):
            if partial is None:
                continue
            graph, output = alone(op, sample), len(sample)
            first, found = derivative_graph(graph, {output: 1.0}, {0: i})
            second, twice = derivative_graph(first, {found[0]: 1.0}, {0: i}) if found[0] is not None else (first, {0: None})
            pure = derivatives(graph, {output: 1.0}, i, 2)
            assert value(first, found[0]) == pytest.approx(pure[0], rel=1e-12), sample
            assert value(second, twice[0]) == pytest.approx(pure[1], rel=1e-9, abs=1e-12 * abs(pure[0] / (sample[i] or 1))), sample


@pytest.mark.parametrize("op", [op for op in OPS.values() if sum(p is not None for p in op.partials) == 2], ids=lambda op: op.name)
def test_the_hessian_of_every_row_is_symmetric(op: Op) -> None:
    i, j = (k for k, partial in enumerate(op.partials) if partial is not None)
    for sample in op.samples:
        first, found = derivative_graph(alone(op, sample), {len(sample): 1.0}, {i: i, j: j})
        both = []
        for a, b in ((i, j), (j, i)):
            node = found[a]
            second, twice = derivative_graph(first, {node: 1.0}, {b: b}) if node is not None else (first, {b: None})
            both.append(value(second, twice[b]))
        assert both[0] == pytest.approx(both[1], rel=1e-11, abs=1e-300), sample


def test_the_mixed_derivative_of_a_power_at_exponent_zero_is_not_lost() -> None:
    assert mixed("x**w", {"x": 2.0, "w": 0.0}, "xw") == 0.5
    assert mixed("x**w", {"x": 2.0, "w": 0.0}, "wx") == 0.5


def test_what_was_there_stays_as_it_is() -> None:
    graph, node, inputs = graph_of("a = x*w; a + a*1", POINT)
    longer, _ = derivative_graph(graph, {node: 1.0}, inputs)
    n = len(graph)
    assert list(longer.operations[:n]) == list(graph.operations)
    assert list(longer.arguments[:n]) == list(graph.arguments)
    assert list(longer.values[:n]) == list(graph.values[:n])
    assert [longer.node(i).text for i in range(n)] == [graph.node(i).text for i in range(n)]


def test_the_graph_is_in_topological_order_and_its_values_are_its_operations() -> None:
    graph, node, inputs = graph_of("sin(x*w)*exp(x)/w", POINT)
    for _ in range(2):
        graph, found = derivative_graph(graph, {node: 1.0}, inputs)
        node = found["x"]  # type: ignore[assignment]
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        assert all(a < i for a in arguments)
        assert op.name == "input" or graph.values[i] == value_of(op, *[graph.values[a] for a in arguments])
        assert graph.node(i).describe()


def test_equal_operations_are_one_node_and_what_changes_nothing_is_left_out() -> None:
    graph, node, inputs = graph_of("exp(x) + 1*x", POINT)
    longer, _ = derivative_graph(graph, {node: 1.0}, inputs)
    assert [op.name for op in longer.operations[len(graph) :]] == ["add"]
    graph, node, inputs = graph_of("sin(x) + cos(x)", {"x": 0.7})
    longer, _ = derivative_graph(graph, {node: 1.0}, inputs)
    assert [op.name for op in longer.operations[len(graph) :]] == ["neg", "add"]


def test_folding_is_exact() -> None:
    graph, _, inputs = graph_of("x", {"x": 3.0})
    F = Recorder(graph)
    x = F.node(inputs["x"])
    assert (x * 1).id == (x + 0).id == (x - 0).id == (x / 1).id == (0 + x).id == F.neg(F.neg(x)).id == x.id
    assert (x * 0).id < 0
    assert (2 * F.pi).id < 0
    assert F.add(x, 2).id == (2 + x).id
    assert (x - 2).id != (2 - x).id
    infinite = 1 / (x - 3)
    assert math.isnan((infinite * 0).value)


def test_a_linear_function_has_a_constant_derivative() -> None:
    graph, node, inputs = graph_of("3*x + w", POINT)
    longer, found = derivative_graph(graph, {node: 1.0}, inputs)
    assert len(longer) == len(graph)
    assert found["x"] is not None
    assert found["x"] < 0
    assert value(longer, found["x"]) == 3.0
    assert derivative_graph(longer, {found["x"]: 1.0}, inputs)[1] == {"x": None, "w": None}


def test_decisions_follow_the_values() -> None:
    assert mixed("abs(x)*x", {"x": -2.0}, "xx") == -2.0
    assert mixed("where(x > 0, x**3, sin(x))", {"x": 2.0}, "xx") == 12.0
    assert mixed("where(x > 0, x**3, sin(x))", {"x": -2.0}, "xx") == pytest.approx(-math.sin(-2.0))
    assert mixed("maximum(x*x, w)", {"x": 2.0, "w": 1.0}, "xx") == 2.0
    assert mixed("x**3 if x > 0 else sqrt(x)", {"x": 2.0}, "xxx") == 6.0


def test_a_chain_of_ten_thousand_nodes_needs_no_recursion_and_little_room() -> None:
    random, length = Random(1), 10_000
    program = "a = x;" + "".join(f"a = {random.choice(['sin(a)', 'a*1.01', 'a+x'])};" for _ in range(length)) + "a"
    graph, node, inputs = graph_of(program, {"x": 0.3})
    first, found = derivative_graph(graph, {node: 1.0}, inputs)
    assert len(first) <= 4 * len(graph)
    assert found["x"] is not None
    second, twice = derivative_graph(first, {found["x"]: 1.0}, inputs)
    assert len(second) <= 5 * len(first)
    pure = derivatives(graph, {node: 1.0}, inputs["x"], 2)
    assert value(first, found["x"]) == pytest.approx(pure[0], rel=1e-9)
    assert value(second, twice["x"]) == pytest.approx(pure[1], rel=1e-9)
