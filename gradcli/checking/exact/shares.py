"""The sizes of the shares that make up a gradient: what there is to compare an error with, also where the shares cancel."""

from __future__ import annotations

from typing import Any

from gradcli.checking.subject import Subject
from gradcli.differentiation.array_shares import array_shares
from gradcli.operations.arrays import is_array, shape_of


def sizes_of_shares(subject: Subject, graph: Any, found: list[Any], F: Any = None) -> dict[int, Any]:
    """For the node of each input the sum of the absolute shares that it gets from its uses, in its shape; over F, or as the subject."""
    F = subject.F if F is None else F
    inputs = set(subject.nodes.values())
    sizes: dict[int, Any] = {node: F.numbers(subject.trace.graph.values[node]) * 0 for node in inputs}
    for node, weight in subject.weights.items():
        if node in inputs:
            sizes[node] = sizes[node] + abs(weight)
    for i, arguments in enumerate(graph.arguments):
        if found[i] is not None and not inputs.isdisjoint(arguments):
            for a, share in shares(F, graph, i, found[i], inputs):
                sizes[a] = sizes[a] + abs(share)
    return sizes


def shares(F: Any, graph: Any, i: int, g: Any, inputs: set[int]) -> list[tuple[int, Any]]:
    """The shares of the inputs among the arguments of a node."""
    op, arguments, y = graph.operations[i], graph.arguments[i], graph.values[i]
    xs = [graph.values[a] for a in arguments]
    if not (op.structural or shape_of(y)):
        positions = [p for p, a in enumerate(arguments) if a in inputs and op.partials[p] is not None]
        return [(arguments[p], g * F.partial_by(op.partials[p], y, xs)) for p in positions]
    if op.structural and op.linear:  # what is added up inside the operation counts without its signs
        names = [op.params[op.parameter_of(position, len(xs))] for position in range(len(xs))]
        g, xs = absolute(g), [x if name in op.settings else absolute(x) for name, x in zip(names, xs, strict=True)]
    found = array_shares(F, i, op, y, g, xs, [a in inputs for a in arguments], None)
    return [(arguments[position], share) for position, share, _ in found]


def absolute(value: Any) -> Any:
    """The absolute value of a number or an array of numbers."""
    return abs(value) if (is_array(value) and value.dtype != bool) or hasattr(value, "_mpf_") or type(value) is float else value
