"""Explanations of what a check meets: which node is not finite, why a derivative is not, what float64 decides differently."""

from __future__ import annotations

import math

from gradcli.checking.subject import Subject
from gradcli.differentiation import adjoints, requires_grad
from gradcli.operations.floats import partial_of
from gradcli.operations.precise import TooLarge


def not_finite(subject: Subject) -> str:
    """Where the first value that is not finite comes from; empty if the point and all outputs are finite."""
    for name, value in subject.at.items():
        if not math.isfinite(value):
            return f"the point is not finite: '{name}' is {value}"
    if all(math.isfinite(output.value) for output in subject.outputs):
        return ""
    graph = subject.trace.graph
    first = next((i for i in range(len(graph)) if not math.isfinite(graph.values[i])), None)
    return (
        "the value is not finite"
        if first is None
        else f"the value of node {first}, {graph.node(first).describe()}, is {graph.values[first]}"
    )


def infinite_derivative(subject: Subject, name: str, value: float) -> str:
    """Why a reverse gradient is not finite: the first partial that is not, in the order of the sweep."""
    graph = subject.trace.graph
    active = requires_grad(graph, [subject.nodes[name]])
    found = adjoints(graph, subject.weights, active)
    for i in range(len(graph) - 1, -1, -1):
        if found[i] is not None and math.isfinite(found[i]):
            xs = [graph.values[a] for a in graph.arguments[i]]
            for position, a in enumerate(graph.arguments[i] if graph.operations[i].partials else ()):
                slope = partial_of(graph.operations[i], position, graph.values[i], xs) if active[a] else 0.0
                if not math.isfinite(slope * found[i]):
                    cause = f"that of node {i}, {graph.node(i).describe()}, is {slope}{silenced(found[i])}"
                    return f"the derivative by '{name}' is {value} here: {cause}"
    return f"the derivative by '{name}' is {value} here"


def silenced(adjoint: float) -> str:
    """What 0 times infinity comes from."""
    return "" if adjoint else ", and 0 times that is no number"


def deciding_differently(subject: Subject) -> str:
    """Which operation float64 and exact arithmetic decide differently at the point."""
    subject.F.context.prec = 600
    try:
        _, made = subject.registers(free=True)
    except TooLarge:
        return ""
    pairs = zip(made.pieces, subject.log.pieces, strict=False)
    index = next((i for i, (free, logged) in enumerate(pairs) if free != logged), None)
    if index is None:
        return "a branch is decided differently by float64 and by exact arithmetic" if made.branches != subject.log.branches else ""
    graph = subject.trace.graph
    deciding = [i for i, op in enumerate(graph.operations) if op.decide is not None]
    node = graph.node(deciding[index]).describe()
    return f"float64 and exact arithmetic decide {node} differently: rounding moved a number across its corner"
