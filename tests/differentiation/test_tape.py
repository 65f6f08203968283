"""The tape: what it answers is what `grad` answers, at any point of the same shapes; its memory is used again and never seen."""

from __future__ import annotations

import math
import threading
import tracemalloc
from typing import Any

import numpy as np
import pytest

import gradcli
from gradcli.differentiation.sweep import requires_grad
from gradcli.differentiation.tape.code import code_of
from gradcli.differentiation.tape.steps import Steps, steps_of
from gradcli.differentiation.tape.tracing import continued
from gradcli.graphs import Graph
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import FLOATS
from tests.operations.arrays import CASES, arguments_of, case_name, like, operands, shares, value
from tests.operations.test_array_table import alone, graph_inputs

SCALARS = (
    "x**2 + sin(x*w)/w", "abs(x)*relu(w) + maximum(x, w)", "where(x > w, sqrt(x), w**3)", "clip(x, 0, 1)*w", "hypot(x, w)", "log(x)*w",
    "x % w", "floor(x)*w + sign(x)*x", "tanh(x) + sigmoid(w)*x**w", "leaky_relu(x) + elu(w)", "sqrt(x)**2*w", "xlogy(x, w)",
    "gelu(x) + silu(w) + softplus(x*w)", "x/w + 1/x", "where(x > 0 and w > 0, log(x), w)", "minimum(x, minimum(w, 1))", "detach(x)*x*w",
    "heaviside(x, w)", "cbrt(x)*w", "atan2(x, w)", "a = x*x; b = a*w; a*b + a*a", "2*pi*x + w*3/4", "where(x > 0, where(w > 0, x, w), 3)",
)  # fmt: skip
POINTS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 3.0, math.inf, -math.inf, math.nan, 1e-300, 1e300)


def same(a: Any, b: Any) -> bool:
    """Whether two values are equal to the last bit; nan is nan, and zeros may differ in sign."""
    return bool(np.array_equal(a, b, equal_nan=True)) and shape_of(a) == shape_of(b)


@pytest.mark.parametrize("program", SCALARS)
def test_numbers_are_those_of_grad_at_every_point(program: str) -> None:
    f = gradcli.gradient_function(program, {"x": 1.1, "w": 0.7})
    for x in POINTS:
        for w in POINTS:
            value_here, gradient = f(x=x, w=w)
            there = gradcli.grad(program, {"x": x, "w": w})
            assert same(value_here, there.value), (x, w)
            assert list(gradient) == list(there.gradient)
            assert all(same(gradient[name], there.gradient[name]) for name in gradient), (x, w)


def steps_alone(op: Any, arguments: list[Any], u: Any) -> tuple[Steps, list[Any], dict[int, Any], int]:
    """The steps of one row and its gradient, the constants as registers, and the registers of the shares and of the value."""
    graph, inputs = alone(op, arguments), graph_inputs(op, arguments)
    node = {position: inputs.index(position) for position in operands(op, arguments)}
    graph = Graph(graph.source, graph.operations, graph.arguments, graph.values, graph.origin, {})
    output, active = len(graph) - 1, requires_grad(graph, node.values())
    given = {str(position): i for i, position in enumerate(inputs)}
    longer, found = continued(graph, given, {output: u}, active, {str(position): i for position, i in node.items()}, np.dtype(float))
    code, place = code_of(longer, given.values(), [output, *(i for i in found.values() if i is not None)])
    steps = steps_of(code, set(place.values()), np.dtype(float))
    return steps, inputs, {int(name): None if i is None else place[i] for name, i in found.items()}, place[output]


@pytest.mark.parametrize(("op", "case"), [(op, case) for op, case in CASES if op.differentiable], ids=case_name)
def test_every_row_of_arrays_is_computed_as_in_the_sweep(op: Any, case: Any) -> None:
    u = like(value(op, arguments_of(op, case)), np.random.default_rng(3))
    steps, inputs, found, output = steps_alone(op, arguments_of(op, case), u)
    registers = steps.memory()
    for seed in (1, 2):
        arguments = arguments_of(op, case, seed)
        registers[: len(inputs)] = [arguments[position] for position in inputs]
        with np.errstate(all="ignore"):
            steps.run(registers)
        theirs = shares(FLOATS, op, arguments, u)
        assert same(registers[output], value(op, arguments))
        for position, register in found.items():
            ours = np.zeros(shape_of(arguments[position])) if register is None else registers[register]
            assert same(ours, theirs[position]) or near(ours, theirs[position]), position


def near(a: Any, b: Any) -> bool:
    """Whether two values differ by one unit in the last place at most."""
    return shape_of(a) == shape_of(b) and bool(np.all(np.abs(np.asarray(a) - b) <= np.spacing(np.maximum(np.abs(a), np.abs(b)))))


def test_what_a_tape_leaves_out_changes_nothing() -> None:
    f = gradcli.gradient_function("x**2*w + 0*exp(w) + (x*w)*(x*w)", {"x": 2.0, "w": 3.0})
    names = [step.op.name for step in f.steps.steps]
    assert names.count("pow") <= 2
    assert not {"eq", "both", "where"} & set(names)


def test_a_tape_of_numbers_needs_no_memory_of_its_own() -> None:
    f = gradcli.gradient_function("sin(x)*x", {"x": 2.0})
    assert not f.steps.blocks
    assert not f.steps.passing


@pytest.mark.parametrize(
    ("program", "line"),
    [
        ("x*w if x > 0 else w", 1),
        ("a = x if w > 0 else x*x; a*w", 1),
        ("y = x*w\nif y > 1:\n    y = y*y\ny", 2),
        ("y = x\nwhile y < 10:\n    y = y*w\ny", 2),
        ("s = w\nfor i in range(x):\n    s = s*w\ns", 2),
        ("v = [1, 2, 3]*w\nv[x]", 2),
        ("v = [1, w, 3]\nsum(v[v > x])", 2),
        ("def f(a):\n    return a if a > 0 else -a\nf(x*w)", 2),
        ("n = x*2\nones(n)*w", 2),
    ],
)
def test_a_program_whose_graph_depends_on_values_is_refused_with_the_place(program: str, line: int) -> None:
    with pytest.raises(gradcli.NotSupported, match="depends on values") as caught:
        gradcli.gradient_function(program, {"x": 1, "w": 2})
    assert caught.value.line == line
    assert caught.value.hint


@pytest.mark.parametrize(
    ("program", "at"),
    [
        ("s = 0\nfor i in range(4):\n    s = s*w + x**i\ns", {"x": 1.5, "w": 2.0}),
        ("s = 0\nfor i in range(len(x)):\n    s = s + i*x[i]**2\ns*w", {"x": [1.0, 2.0, 3.0], "w": 0.5}),
        ("s = w\nfor row in x:\n    s = s + sum(row)*amax(row)\ns", {"x": [[1.0, 2.0], [4.0, 3.0]], "w": 0.5}),
        ("def f(a, b=2):\n    return a**b\nsum(f(x)) + f(w, 3)", {"x": [1.0, 2.0], "w": 0.5}),
        ("i = 0\ns = x\nwhile i < 5:\n    i = i + 1\n    s = s*w\ns", {"x": 1.5, "w": 2.0}),
        ("y = x[::-1]\ny[0] = w\nsum(y*x*y[1])", {"x": [1.0, 2.0, 3.0], "w": 0.5}),
        ("sum(where(x > w, sqrt(x), 0))", {"x": [1.0, 2.0, -3.0], "w": 0.5}),
        ("sum(x/w)*amax(x) + amin(x*x) + sum(relu(x))", {"x": [1.0, 2.0, -3.0], "w": [0.5, 1.0, 2.0]}),
        ("u = randn(3); sum(u*x*w)", {"x": [1.0, 2.0, -3.0], "w": 1.0}),
        ("def f(a):\n    return a*a\n@gradient(f)\ndef df(a):\n    return 3*a\nf(w)*sum(x*f(x[0]))", {"x": [1.0, 2.0, -3.0], "w": 1.0}),
        ("def h(a, b):\n    return a*b\n@gradient(h)\ndef dh(a, b, g):\n    return g*b, 2*g*a\nh(w, x[0])*w", {"x": [1.0, 2.0], "w": 1.0}),
        ("with no_grad():\n    a = x*x\nsum(a*x*w)", {"x": [1.0, 2.0, -3.0], "w": 1.0}),
    ],
)
def test_loops_functions_and_arrays_are_those_of_grad(program: str, at: dict[str, Any]) -> None:
    f, random = gradcli.gradient_function(program, at), np.random.default_rng(1)
    for _ in range(3):
        point = {name: like(np.asarray(x), random) for name, x in at.items()}
        (value_here, gradient), there = f(point), gradcli.grad(program, point)
        assert same(value_here, there.value)
        assert all(same(gradient[name], there.gradient[name]) for name in at)


def test_a_gradient_of_its_own_that_branches_is_refused() -> None:
    text = "def f(a):\n    return a*a\n@gradient(f)\ndef df(a):\n    return a if a > 0 else 3*a\nf(x)"
    assert gradcli.grad(text, {"x": -1.0}).gradient["x"] == -3.0
    with pytest.raises(gradcli.NotSupported, match="depends on the value"):
        gradcli.gradient_function(text, {"x": -1.0})


def test_each_call_gives_all_inputs_and_nothing_else() -> None:
    f = gradcli.gradient_function("x*w", {"x": 1, "w": 2})
    assert f(x=3, w="pi/2")[0] == f("x=3,w=pi/2")[0] == f({"x": 3}, w=math.pi / 2)[0]
    with pytest.raises(gradcli.MissingValue, match="'w'"):
        f(x=1)
    with pytest.raises(gradcli.PointError, match="no input 'v'"):
        f(x=1, w=2, v=3)
    with pytest.raises(gradcli.UsageError, match="float16"):
        gradcli.gradient_function("x", {"x": 1}, dtype="float16")


def test_options_are_those_of_grad() -> None:
    text, at = "y = x*w; z = x + w; y*z", {"x": 2.0, "w": 3.0}
    for options in (
        {"of": "y,z", "grad_output": "y=1,z=2"},
        {"of": "y,z", "sum": True},
        {"freeze": "w"},
        {"wrt": "y"},
        {"of": "z", "wrt": ["x", "z"]},
    ):
        value_here, gradient = gradcli.gradient_function(text, at, **options)(x=5, w=7)  # type: ignore[arg-type]
        there = gradcli.grad(text, {"x": 5, "w": 7}, **options)  # type: ignore[arg-type]
        assert gradient == dict(there.gradient)
        assert value_here == (there.value if len(there.outputs) == 1 else {output.name: output.value for output in there.outputs})


def test_values_that_the_program_gives_stay() -> None:
    f = gradcli.gradient_function("x = 2; w = 1; (x+w)*(w+1)")
    assert f() == (6.0, {"x": 2.0, "w": 5.0})
    assert repr(f) == "<gradient function of no inputs>"


NETWORK = "sum((clamp(x @ w1, min=0) @ w2 - y)**2)"


def network_data(scale: float = 1.0) -> dict[str, Any]:
    """Inputs and weights of a small network."""
    random = np.random.default_rng(5)
    return {name: scale * random.standard_normal(shape) for name, shape in {"x": (8, 6), "y": (8, 2), "w1": (6, 5), "w2": (5, 2)}.items()}


def test_results_are_the_callers_own() -> None:
    f = gradcli.gradient_function("sum(x*w) + sum(x)", {"x": [1.0, 2.0], "w": [3.0, 4.0]}, wrt="x,w")
    x, w = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    first = f(x=x, w=w)[1]
    assert not np.may_share_memory(first["w"], x)
    first["w"][:] = 7.0
    second = f(x=2 * x, w=2 * w)[1]
    assert list(first["w"]) == [7.0, 7.0]
    assert list(second["w"]) == [2.0, 4.0]
    assert list(x) == [1.0, 2.0]
    twins = gradcli.gradient_function("sum((x + w)**3)", {"x": [1.0, 2.0], "w": [3.0, 4.0]})(x=x, w=w)[1]
    assert not np.may_share_memory(twins["x"], twins["w"])


def test_inputs_that_do_not_matter_have_zeros_in_their_shape() -> None:
    f = gradcli.gradient_function("a = w*2; sum(x)", {"x": [1.0, 2.0], "w": [[3.0], [4.0]]}, wrt="w")
    assert same(f(x=[1, 2], w=[[1], [2]])[1]["w"], np.zeros((2, 1)))


def test_steps_take_no_memory_once_they_have_run() -> None:
    point = {name: np.tile(x, (2000, 1) if name in "xy" else 1) for name, x in network_data().items()}
    f = gradcli.gradient_function(NETWORK, point, wrt="w1,w2")
    f(point)
    tracemalloc.start()
    for _ in range(3):
        result = f(point)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    hidden = 8 * 16_000 * 5
    assert most <= hidden / 4, result[0]  # NumPy has small buffers of its own where it reads truth values as numbers


def test_memory_is_used_again_as_soon_as_nobody_reads_it() -> None:
    chain = "a = x\nfor i in range(50):\n    a = a*x + 1.5\nsum(a)"
    f = gradcli.gradient_function(chain, {"x": np.ones((10, 10))})
    values = 50  # of the products, which the sweep needs
    assert sum(f.steps.blocks) <= (values + 6) * 800


def test_threads_do_not_see_each_others_values() -> None:
    f = gradcli.gradient_function(NETWORK, network_data())
    expected = {scale: f(network_data(scale)) for scale in (1.0, 2.0, 3.0, 4.0)}
    wrong: list[float] = []

    def work(scale: float) -> None:
        point = network_data(scale)
        for _ in range(200):
            found, gradient = f(point)
            if found != expected[scale][0] or not all(same(gradient[name], expected[scale][1][name]) for name in gradient):
                wrong.append(scale)

    threads = [threading.Thread(target=work, args=(scale,)) for scale in expected]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_single_precision_is_that_of_its_arrays() -> None:
    point = network_data()
    f = gradcli.gradient_function(NETWORK, point, dtype="float32")
    found, gradient = f({name: x.astype(np.float32) for name, x in point.items()})
    there = gradcli.grad(NETWORK, point)
    assert type(found) is float
    assert found == pytest.approx(there.value, rel=1e-5)
    for name, g in gradient.items():
        assert g.dtype == np.float32
        assert np.allclose(g, there.gradient[name], rtol=1e-4, atol=1e-4)
    assert found == f(point)[0]


def test_arrays_of_any_order_in_memory_will_do() -> None:
    point = network_data()
    f = gradcli.gradient_function(NETWORK, point)
    turned = {name: np.asfortranarray(x) for name, x in point.items()}
    strided = {name: np.repeat(x, 2, axis=0)[::2] for name, x in point.items()}
    lists = {name: x.tolist() for name, x in point.items()}
    for other in (turned, strided, lists):
        assert f(other)[0] == pytest.approx(f(point)[0], rel=1e-14)


def test_shapes_stay_those_of_the_trace() -> None:
    f = gradcli.gradient_function("sum(x*w)", {"x": [1.0, 2.0], "w": 3.0})
    for x in ([1.0, 2.0, 3.0], 1.0, [[1.0, 2.0]]):
        with pytest.raises(gradcli.GradcliError, match=r"'x' has the shape .*, and was \(2,\)"):
            f(x=x, w=1.0)


@pytest.mark.parametrize("program", ["sum(log(x)*w)", "sum(sqrt(x)**2)*w", "sum(where(x > 0, x**0.5, 0))/w", "w/sum(x)", "sum(x[0]**w)"])
def test_where_numbers_end_the_answer_is_still_that_of_grad(program: str) -> None:
    f = gradcli.gradient_function(program, {"x": [1.0, 2.0, 3.0], "w": 1.0})
    for x in ([1.0, 0.0, -1.0], [0.0, 0.0, 0.0], [math.inf, -math.inf, 1.0], [math.nan, 1.0, 2.0], [-1.0, 1.0, 0.0]):
        for w in (0.0, 1.0, -0.5, math.nan):
            (found, gradient), there = f(x=x, w=w), gradcli.grad(program, {"x": x, "w": w})
            assert same(found, there.value), (x, w)
            assert all(same(gradient[name], there.gradient[name]) for name in gradient), (x, w)
