"""A run: values choose the branches, the chosen instructions become the graph, and other number systems replay the decisions."""

from __future__ import annotations

import math
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.language import Program, Trace, parse, run
from gradcli.language.interpreter import Decisions, decisions
from gradcli.language.replaying import evaluate
from gradcli.operations import Op
from gradcli.operations.floats import FLOATS
from tests.language.programs import programs


def trace_of(text: str, **at: float) -> Trace:
    """The run of a program at a point."""
    program = parse(text)
    return run(program, program.defaults | at)


def output(trace: Trace) -> float | bool:
    """The value of a run."""
    value: float | bool = trace.graph.values[trace.node_of(trace.program.output)]
    return value


def texts(trace: Trace) -> list[str]:
    """The pieces of the source that a run computed."""
    return [trace.graph.node(i).text for i in range(len(trace.graph))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2x^2", 18.0), ("2e3x", 6000.0), ("3(x+1)", 12.0), ("(x+w)(w+1)", 15.0), ("2sin(x)", 2 * math.sin(3)), ("(x+1)²w", 32.0),
        ("-x**2", -9.0),
        ("2**-x**2", 2.0**-9), ("x²³", 3.0**23), ("2⁻¹x", 1.5), ("2π", 2 * math.pi), ("x·w×2÷4−1", 2.0),
        ("-7 % x", 2.0), ("7 % -x", -2.0), ("2^x^w", 512.0),
        ("np.sin(x) + math.pi + numpy.e", math.sin(3) + math.pi + math.e),
        ("x.exp()", math.exp(3)), ("x.max(5)", 5.0), ("x.clamp(max=w)", 2.0),
        ("clamp(x, max=1)", 1.0), ("clip(max=2, x=x, min=1)", 2.0), ("max(1, x, w)", 3.0), ("min(x, w, 4,)", 2.0), ("pow(x, 2)", 9.0),
        ("gamma = 2; gamma*gamma(x)", 4.0), ("lambda = x; mean = w; lambda*mean", 6.0),
        ("E = 1; I = 2; N = 3; S = E+I+N; S + x", 9.0),
        ("x = x + 1; x = 2x; x", 8.0), ("ln(x) - log(x)", 0.0), ("(x > 1) + (w > 1)", 2.0), ("1_000 x", 3000.0), ("x\u2009+\u00a0w", 5.0),
    ],
)  # fmt: skip
def test_the_language_means_what_the_design_says(text: str, expected: float) -> None:
    program = parse(text)
    assert output(run(program, {name: {"x": 3.0, "w": 2.0}[name] for name in program.inputs})) == pytest.approx(expected, rel=1e-15)


BRANCHING = "y = (a*b if a > b else a + b) - c\ny*2 if y > 0 else y"


@pytest.mark.parametrize(
    ("at", "value", "computed"),
    [
        ((3.0, 2.0, 1.0), 10.0, ["a", "b", "c", "a > b", "a*b", "(a*b if a > b else a + b) - c", "y > 0", "y*2"]),
        ((1.0, 2.0, 9.0), -6.0, ["a", "b", "c", "a > b", "a + b", "(a*b if a > b else a + b) - c", "y > 0"]),
    ],
)
def test_only_the_branch_that_the_values_choose_becomes_nodes(at: tuple[float, ...], value: float, computed: list[str]) -> None:
    trace = trace_of(BRANCHING, **dict(zip("abc", at, strict=True)))
    assert output(trace) == value
    assert texts(trace) == computed


def test_decisions_are_recorded_in_order() -> None:
    assert [truth for _, truth in trace_of(BRANCHING, a=3.0, b=2.0, c=7.0).branches] == [True, False]
    assert decisions(parse(BRANCHING), {"a": 3.0, "b": 2.0, "c": 7.0}).branches == [True, False]


@pytest.mark.parametrize(("x", "expected"), [(-1.0, "c"), (1.0, "b"), (5.0, "a")])
def test_a_name_bound_to_a_conditional_is_the_name_of_the_chosen_node(x: float, expected: str) -> None:
    trace = trace_of("y = 2*a if x > 2 else 2*b if x > 0 else 2*c\n3*y", a=1.0, b=2.0, c=3.0, x=x)
    node = trace.graph.node(trace.node_of(trace.program.registers["y"]))
    assert node.label == "y"
    assert node.text == f"2*{expected}"


def test_a_branch_that_is_an_input_keeps_the_name_of_the_input() -> None:
    trace = trace_of("y = x if x > 0 else -x; y + 1", x=2.0)
    assert trace.graph.node(trace.node_of(trace.program.registers["y"])).label == "x"


@pytest.mark.parametrize(
    ("text", "x", "expected"), [("x", 4.0, 4.0), ("5", 0.0, 5.0), ("2 if x > 0 else 3", 1.0, 2.0), ("2 if x > 0 else 3", -1.0, 3.0)]
)
def test_the_output_may_be_an_input_or_a_constant(text: str, x: float, expected: float) -> None:
    program = parse(text)
    assert output(run(program, dict.fromkeys(program.inputs, x))) == expected


def test_an_input_that_is_first_met_in_the_untaken_branch_is_an_input_still() -> None:
    trace = trace_of("(z*z if x > 0 else x) + z", x=-1.0, z=3.0)
    assert list(trace.program.inputs) == ["z", "x"]
    assert output(trace) == 2.0


def test_truth_values_that_are_computed_with_become_floats() -> None:
    trace = trace_of("a = (x > 0) + (x > 1)\n" + "a = a*a\n" * 60 + "a", x=2.0)
    assert output(trace) == math.inf
    assert all(type(value) in (float, bool) for value in trace.graph.values)
    assert output(trace_of("a = 1 + (x > 0 if x > 1 else x < 0)\n" + "a = a*a\n" * 60 + "a", x=2.0)) == math.inf


def test_versions_of_a_name_are_labelled() -> None:
    trace = trace_of("b = x + 1; b = b*2 if x > 0 else b; b = b - 1; b", x=1.0)
    labels = [trace.graph.node(trace.node_of(trace.program.register(f"b@{k}") or 0)).label for k in (1, 2, 3)]
    assert labels == ["b@1", "b@2", "b@3"]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("(x + w) * (w+1)", ["x", "w", "x + w", "w+1", "(x + w) * (w+1)"]),
        ("y = (a*b # note\n + c) ; -y", ["a", "b", "a*b", "c", "a*b # note\n + c", "-y"]),
        ("a*b \\\n + c", ["a", "b", "a*b", "c", "a*b \\\n + c"]),
        ("2(x+1)²y", ["x", "x+1", "(x+1)²", "2(x+1)²", "y", "2(x+1)²y"]),
        ("- ( x ) ** 2", ["x", "( x ) ** 2", "- ( x ) ** 2"]),
        ("1 + sin( x ) # end", ["x", "sin( x )", "1 + sin( x )"]),
        ("2*x.exp() + x", ["x", "x.exp()", "2*x.exp()", "2*x.exp() + x"]),
        ("not (x) and (w)", ["x", "not (x)", "w", "not (x) and (w)"]),
        ("θ̂ * 変数", ["θ̂", "変数", "θ̂ * 変数"]),
        ("a < (b) < c", ["a", "b", "a < (b)", "c", "(b) < c", "a < (b) < c"]),
        ("x = (2); y = - 3; x*y", ["(2)", "- 3", "x*y"]),
    ],
)
def test_every_node_knows_its_piece_of_the_source(text: str, pieces: list[str]) -> None:
    program = parse(text)
    assert [program.piece(i) for i in range(len(program))] == pieces


def given_inputs(program: Program, x: float) -> dict[str, float]:
    """A point where the inputs differ."""
    return {name: x + 0.75 * i for i, name in enumerate(program.inputs)} | program.defaults


@settings(max_examples=300, deadline=None)
@given(programs(), st.sampled_from([-1.5, 0.25, 2.0]))
def test_a_replay_over_floats_gives_the_values_of_the_run(text: str, x: float) -> None:
    program = parse(text)
    at = given_inputs(program, x)
    trace, log = run(program, at), decisions(program, at)
    smooth = all(not isinstance(op, Op) or op.decide is None or op.boolean for op in program.operations)
    for free in (False, True):
        if smooth:
            registers, made = evaluate(program, at, FLOATS, log, free=free)
            assert made == log
            assert same(float(registers[program.output]), float(output(trace)))


def same(a: float, b: float) -> bool:
    """Equal, or both nan."""
    return a == b or (a != a and b != b)


def test_a_replay_keeps_the_decisions_and_a_free_run_makes_its_own() -> None:
    program = parse("y = x**2 if x > 0 else -x\nabs(y)")
    log = decisions(program, {"x": 2.0})
    replayed, kept = evaluate(program, {"x": -3.0}, FLOATS, log)
    free, made = evaluate(program, {"x": -3.0}, FLOATS, log, free=True)
    assert (replayed[program.output], free[program.output]) == (9.0, 3.0)
    assert kept == log
    assert made == Decisions([False], [0, 1])


@settings(max_examples=200, deadline=None)
@given(programs())
def test_a_run_survives_pickling(text: str) -> None:
    program = parse(text)
    copy = pickle.loads(pickle.dumps(program))
    at = given_inputs(program, 0.5)
    assert same(float(output(run(copy, at))), float(output(run(program, at))))
    assert [copy.piece(i) for i in range(len(copy))] == [program.piece(i) for i in range(len(program))]


@pytest.mark.parametrize(
    ("text", "value"),
    [("y = x + 1; sum([x, x]*y)", 12), ("y = x if x > 9 else [x, 3]; sum(y)", 5), ("y = x*x; z = [y, [1, 2][0]]; sum(z)", 5)],
)
def test_a_list_of_names_that_stand_above_is_no_constant(text: str, value: float) -> None:
    program = parse(text)
    trace = run(program, {"x": 2.0})
    assert trace.graph.values[trace.node_of(program.output)] == value
