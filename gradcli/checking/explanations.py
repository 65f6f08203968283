"""Explanations of what a check meets: which node is not finite, why a derivative is not, what float64 decides differently."""

from __future__ import annotations

from gradcli.checking.subject import Subject
from gradcli.differentiation import adjoints, requires_grad
from gradcli.differentiation.unusual import cause, first_not_finite, said, value_said
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
    """Why a reverse gradient is not finite: the node that passes on what is not, its branch, and the path from the output."""
    graph, line = subject.trace.graph, subject.lines[label]
    node = subject.nodes[line.input]
    found = adjoints(graph, subject.weights, requires_grad(graph, [node]))
    explained = cause(graph, node, found, line.place) if found[node] is not None and not all_finite(found[node]) else ""
    return f"the derivative by '{label}' is {value} here{explained}"


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
