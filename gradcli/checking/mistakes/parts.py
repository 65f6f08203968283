"""The pieces that make up a gradient of a program, in float64: what every use of a node contributes along each line.

What the use of node a by node i contributes is the adjoint of i times the partial of i by a, times the derivative of a along the line:
one reverse sweep and one forward pass per line give all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcli.checking.lines import Line
from gradcli.checking.mistakes.diagnosis import Part
from gradcli.checking.subject import Subject
from gradcli.differentiation import adjoints, requires_grad
from gradcli.differentiation.array_shares import array_shares
from gradcli.differentiation.tangents import tangents
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import FLOATS, partial_of
from gradcli.operations.lazily import np, silently

NODES = 400
"""Nodes of a program whose uses are looked at one by one."""

LINES = 64
"""Lines of an input along which they are."""


def parts_of(subject: Subject, lines: Mapping[str, Sequence[Line]]) -> dict[str, list[Part]]:
    """The pieces of the gradient by each input along its lines; none for a program that is too large."""
    graph = subject.trace.graph
    if len(graph) > NODES or any(getattr(op, "transparent", False) for op in graph.operations):
        return {}
    with silently():
        return {name: list(pieces(subject, name, own)) for name, own in lines.items() if len(own) <= LINES}


def pieces(subject: Subject, name: str, lines: Sequence[Line]) -> Iterator[Part]:
    """The pieces of the gradient by one input, those nearest to the output first."""
    graph, node = subject.trace.graph, subject.nodes[name]
    active = requires_grad(graph, [node])
    found = adjoints(graph, subject.weights, active)
    slopes: dict[tuple[int, int], Any] = {}
    moved = [tangents(graph, {node: 1.0 if line.direction is None else line.direction}, FLOATS, slopes) for line in lines]
    for i in range(len(graph) - 1, -1, -1):
        if found[i] is None:
            continue
        arguments = graph.arguments[i]
        for position, share, partial in uses(graph, i, found[i], active):
            a = arguments[position]
            along = np.array([0.0 if tangent[a] is None else float(np.sum(share * tangent[a])) for tangent in moved])
            if np.all(np.isfinite(along)) and np.any(along):
                yield Part(graph.node(a).describe(), f"node {i}, {graph.node(i).describe()}", along, partial)


def uses(graph: Any, i: int, g: Any, active: bytearray) -> Iterator[tuple[int, Any, float | None]]:
    """The position of each argument of a node, its share, and for numbers the partial."""
    op, y, xs = graph.operations[i], graph.values[i], [graph.values[a] for a in graph.arguments[i]]
    wanted = [bool(active[a]) for a in graph.arguments[i]]
    if op.structural or shape_of(y):
        yield from ((position, share, None) for position, share, _ in array_shares(FLOATS, i, op, y, g, xs, wanted, None))
        return
    for position, rule in enumerate(op.partials):
        if wanted[position] and rule is not None:
            partial = partial_of(op, position, y, xs)
            yield position, partial * g, partial if partial not in (0.0, 1.0) else None
