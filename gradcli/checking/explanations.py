"""Explanations of what a check meets: which node is not finite, why a derivative is not, what float64 decides differently."""

from __future__ import annotations

import math
from typing import Any

from gradcli.checking.subject import Subject
from gradcli.differentiation import adjoints, requires_grad
from gradcli.differentiation.array_shares import array_shares
from gradcli.differentiation.unusual import first_not_finite, said, value_said
from gradcli.operations.arrays import is_array
from gradcli.operations.floats import FLOATS, partial_of
from gradcli.operations.precise import TooLarge
from gradcli.results import all_finite


def not_finite(subject: Subject) -> str:
    """Where the first value that is not finite comes from; empty if the point and all outputs are finite."""
    for name, value in subject.at.items():
        if not all_finite(value):
            return f"the point is not finite: '{name}' {said(value)}"
    if all(all_finite(output.value) for output in subject.outputs):
        return ""
    graph = subject.trace.graph
    first = first_not_finite(graph)
    return "the value is not finite" if first is None else value_said(graph, first)


def infinite_derivative(subject: Subject, label: str, value: float) -> str:
    """Why a reverse gradient is not finite: the first node that passes on what is not, in the order of the sweep."""
    graph = subject.trace.graph
    active = requires_grad(graph, [subject.nodes[subject.lines[label].input]])
    found = adjoints(graph, subject.weights, active)
    for i in range(len(graph) - 1, -1, -1):
        if found[i] is not None and all_finite(found[i]):
            cause = passing(subject, active, i, found[i])
            if cause:
                return f"the derivative by '{label}' is {value} here: {cause}"
    return f"the derivative by '{label}' is {value} here"


def passing(subject: Subject, active: bytearray, i: int, g: Any) -> str:
    """What a node with a finite adjoint passes on that is not finite; empty if there is nothing."""
    graph = subject.trace.graph
    op, y, xs = graph.operations[i], graph.values[i], [graph.values[a] for a in graph.arguments[i]]
    wanted = [bool(active[a]) for a in graph.arguments[i]]
    if op.structural or is_array(y):
        shares = array_shares(FLOATS, i, op, y, g, xs, wanted, None)
        return next((f"that of node {i}, {graph.node(i).describe()}" for _, share, _ in shares if not all_finite(share)), "")
    for position, rule in enumerate(op.partials):
        slope = partial_of(op, position, y, xs) if wanted[position] and rule is not None else 0.0
        if not math.isfinite(slope * g):
            return f"that of node {i}, {graph.node(i).describe()}, is {slope}{silenced(g)}"
    return ""


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
