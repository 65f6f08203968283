"""The tape: what it answers is what `grad` answers, at any point of the same shapes; its memory is used again and never seen."""

from __future__ import annotations

import math
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
    longer, found = continued(graph, given, {output: u}, active, {str(position): i for position, i in node.items()})
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
    ("program", "error", "says"),
    [
        ("x*w if x > 0 else w", gradcli.NotSupported, "depends on values"),
        ("a = x if w > 0 else x*x; a*w", gradcli.NotSupported, "depends on values"),
    ],
)
def test_a_program_whose_graph_depends_on_values_is_refused_with_the_place(program: str, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as caught:
        gradcli.gradient_function(program, {"x": 1, "w": 2})
    assert caught.value.line == 1  # type: ignore[attr-defined]
    assert caught.value.hint  # type: ignore[attr-defined]


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
