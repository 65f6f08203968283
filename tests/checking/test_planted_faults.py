"""Planted faults: whatever part of gradcli is broken, `check` sees it, and names the node where there is one."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import gradcli
from gradcli.checking import checks, subject
from gradcli.checking.exact import reverse
from gradcli.checking.subject import Bracket
from gradcli.differentiation import adjoints
from gradcli.language import Trace, run
from gradcli.operations.floats import FLOATS
from gradcli.operations.op import Op
from gradcli.operations.table import OPS, by_name
from gradcli.results import Row

SMOOTH = [op for op in OPS.values() if op.decide is None and op.differentiable and not op.internal]
FAULTS: dict[str, Callable[[Any], Any]] = {
    "a wrong sign": lambda p: -p,
    "a factor 2": lambda p: 2 * p,
    "a billionth": lambda p: p * (1 + 2.0**-30),
    "a missing term": lambda p: p - 0.5,
    "zero": lambda p: 0 * p,
}


def broken(op: Op, position: int, fault: Callable[[Any], Any]) -> tuple[Any, ...]:
    """The partials of a row with one of them wrong."""

    def wrong(F: Any, y: Any, *xs: Any) -> Any:
        return fault(right(F, y, *xs))

    right = op.partials[position]
    return (*op.partials[:position], wrong, *op.partials[position + 1 :])


def row_of(program: str, at: Any, name: str) -> Row:
    """The row of one input."""
    (row,) = [row for row in gradcli.check(program, at).checks[0].rows if row.input == name]
    return row


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(("op", "position"), [(op, i) for op in SMOOTH for i, partial in enumerate(op.partials) if partial], ids=str)
def test_a_wrong_partial_of_any_smooth_row_is_seen_and_its_node_is_named(
    op: Op, position: int, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["u", "v"][: len(op.params)]
    program = f"{op.name}({', '.join(names)})"
    at = dict(zip(names, op.samples[len(op.samples) // 2], strict=True))
    right = row_of(program, at, names[position])
    assert right.verdict == "agree"
    monkeypatch.setattr(op, "partials", broken(op, position, FAULTS[fault]))
    row = row_of(program, at, names[position])
    if right.value or fault == "a missing term":
        assert row.verdict == "disagree"
        assert row.node is not None
        assert op.name in row.node


@pytest.mark.parametrize(
    ("name", "program"), [("abs", "abs(x)*x"), ("relu", "sin(relu(x))"), ("maximum", "maximum(x, 1)**2"), ("clip", "clip(x, 0, 9)*x")]
)
def test_a_wrong_partial_of_a_row_with_pieces_is_seen(name: str, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    op = by_name(name)
    monkeypatch.setattr(op, "partials", broken(op, 0, FAULTS["a factor 2"]))
    row = row_of(program, "x=2", "x")
    assert row.verdict == "disagree"
    assert name in (row.node or "")


def without_accumulation(graph: Any, weights: Any, active: Any, F: Any = FLOATS, **options: Any) -> Any:
    """A sweep that keeps the last share of a node and forgets the others: x*x loses half."""
    adjoint = adjoints(graph, weights, active, F)
    shares: dict[int, Any] = {}
    for i in range(len(graph) - 1, -1, -1):
        for position, a in enumerate(graph.arguments[i]):
            if adjoint[i] is not None and active[a]:
                shares[a] = adjoint[i] * graph.operations[i].partials[position](
                    F, graph.values[i], *[graph.values[b] for b in graph.arguments[i]]
                )
    return [shares.get(i, value) for i, value in enumerate(adjoint)]


def without_a_share(graph: Any, weights: Any, active: Any, F: Any = FLOATS, **options: Any) -> Any:
    """A sweep that does not pass anything through the second argument of a product."""
    mul = by_name("mul")
    operations = [replaced_product() if op is mul else op for op in graph.operations]
    return adjoints(replace(graph, operations=operations), weights, active, F)


def replaced_product() -> Op:
    """A product that forgets its second argument."""
    mul = by_name("mul")
    return Op("mul", "", "a b", value=mul.value, exact=mul.exact, partials=(mul.partials[0], None))


@pytest.mark.parametrize("sweep", [without_accumulation, without_a_share])
@pytest.mark.parametrize("program", ["x*x", "(x*x)*sin(x)", "y = x*x; y*y"])
def test_a_sweep_that_loses_a_share_is_seen(sweep: Any, program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverse, "adjoints", sweep)
    assert gradcli.check(program, "x=3").verdict == "disagree"


def test_a_graph_with_swapped_arguments_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def swapped(program: Any, at: Any, **how: Any) -> Trace:
        trace = run(program, at)
        trace.graph = replace(trace.graph, arguments=[tuple(reversed(arguments)) for arguments in trace.graph.arguments])
        return trace

    monkeypatch.setattr(subject, "run", swapped)
    assert gradcli.check("x/y", "x=3,y=7").verdict == "disagree"


def test_a_graph_with_a_wrong_argument_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def misled(program: Any, at: Any, **how: Any) -> Trace:
        trace = run(program, at)
        arguments = [tuple(0 if a == 1 else a for a in pair) if i > 1 else pair for i, pair in enumerate(trace.graph.arguments)]
        trace.graph = replace(trace.graph, arguments=arguments)
        return trace

    monkeypatch.setattr(subject, "run", misled)
    assert gradcli.check("sin(x)*cos(y)", "x=3,y=7").verdict == "disagree"


def test_a_broken_symbolic_engine_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = checks.symbolic
    monkeypatch.setattr(checks, "symbolic", lambda *a: {name: Bracket(b.value * (1 + 1e-9), b.error) for name, b in right(*a).items()})
    assert gradcli.check("sin(x)", "x=1").verdict == "disagree"


def test_a_broken_difference_engine_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    right = checks.difference

    def wrong(*arguments: Any) -> Any:
        found = right(*arguments)
        found.central.value *= 1 + 1e-9
        return found

    monkeypatch.setattr(checks, "difference", wrong)
    assert gradcli.check("sin(x)", "x=1").verdict == "disagree"


def test_an_engine_that_does_not_answer_is_no_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "symbolic", lambda s, names=None: {name: Bracket(None, math.inf, "lost") for name in s.nodes})
    row = row_of("sin(x)", "x=1", "x")
    assert row.verdict == "inconclusive"
    assert "lost" in row.reason


INACCURATE = [
    ("exp", "exp(x)", "the float64 value is"),
    ("exp", "exp(-x**2)", "the float64 value is"),
    ("cos", "sin(3*x)", "float64 gives"),
    ("log", "x*log(x)", "the float64 value is"),
]


@pytest.mark.parametrize(("name", "program", "said"), INACCURATE)
def test_an_inaccurate_float_formula_is_seen(name: str, program: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    op = by_name(name)
    right = op.value
    monkeypatch.setattr(op, "value", lambda x: right(x) * (1 + 1e-9))
    row = row_of(program, "x=0.7", "x")
    assert row.verdict == "disagree"
    assert said in row.reason


def test_a_bound_that_is_too_small_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reverse, "SAFETY", 1e-6)
    programs = ["sin(x)*exp(x)", "x**2.5*log(x)", "tan(x)/x", "sqrt(x)*cos(3*x)"]
    assert any(gradcli.check(program, "x=0.7").verdict == "disagree" for program in programs)
