"""The engines of programs that are too large for exact arithmetic: both sweeps in float64 with bounds of their rounding.

It judges nothing, and knows no rule of any operation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from gradcli.checking.exact.reverse import SAFETY, Reverse, float_slope, lines_and_nodes
from gradcli.checking.exact.shares import sizes_of_shares
from gradcli.checking.lines import Line
from gradcli.checking.subject import Bracket, Subject
from gradcli.differentiation import adjoints, requires_grad
from gradcli.differentiation.tangents import tangents
from gradcli.graphs import Graph
from gradcli.operations.arrays import is_array
from gradcli.operations.bounded import U
from gradcli.operations.floats import FLOATS
from gradcli.operations.lazily import np, silently
from gradcli.operations.loose import Loose, LooseBounds, loose

L = LooseBounds()


def with_bounds(graph: Graph, point_error: float = 0.0) -> Graph:
    """A graph of float64 values, each with a bound of its error; `point_error` is a relative error of the inputs."""
    found = [L.numbers(value) for value in graph.values]
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if op.transparent:
            found[i] = found[arguments[0]]
        elif not (op.leaf or op.draws):
            found[i] = L.around(op, graph.values[i], [found[a] for a in arguments])
        elif op.leaf and isinstance(found[i], Loose):
            found[i] = Loose(found[i].v, point_error * np.abs(found[i].v))
    return replace(graph, values=found)


@dataclass
class Loosely:
    """A subject with its runs in float64 with bounds."""

    subject: Subject

    @cached_property
    def graph(self) -> Graph:
        """The graph with bounds."""
        return with_bounds(self.subject.trace.graph)

    @cached_property
    def active(self) -> bytearray:
        """The nodes that a derivative passes through."""
        return requires_grad(self.subject.trace.graph, self.subject.nodes.values())

    @cached_property
    def adjoints(self) -> list[Any]:
        """The adjoints, with bounds."""
        return adjoints(self.graph, {node: L.numbers(weight) for node, weight in self.subject.weights.items()}, self.active, L)

    def reverse(self) -> dict[str, Reverse]:
        """The float64 gradient along every line; what it means without rounding is known within the same bound."""
        subject = self.subject
        plain = adjoints(subject.trace.graph, subject.weights, self.active)
        with silently():
            sizes = sizes_of_shares(subject, subject.trace.graph, plain, FLOATS)
            lines = lines_and_nodes(subject)
            return {label: self.along(line, plain[node], self.adjoints[node], sizes[node]) for label, line, node in lines}

    def along(self, line: Line, gradient: Any, bounded: Any, sizes: Any) -> Reverse:
        """The reverse gradient along one line."""
        F, value = self.subject.F, float_slope(gradient, line)
        bound = 0.0 if gradient is None else SAFETY * error_along(line, gradient, bounded)
        scale = F.number(float(np.sum(np.abs(line.along(sizes) if line.direction is None else sizes[line.direction != 0]))))
        return Reverse(value, bound, bracket(F, value, bound), scale, gradient is None, rough=True)

    def tangents(self, line: Line) -> list[Any]:
        """The tangents of all nodes along one line, with bounds."""
        return tangents(self.graph, {self.subject.nodes[line.input]: L.numbers(1.0 if line.direction is None else line.direction)}, L)

    def plain_tangents(self, line: Line) -> list[Any]:
        """The same without bounds, for operations whose pushforward is made of their pullback."""
        seed = 1.0 if line.direction is None else line.direction
        return tangents(self.subject.trace.graph, {self.subject.nodes[line.input]: seed})

    def forward(self, found: list[Any]) -> Bracket:
        """The derivative along a line by its tangents."""
        terms = [dot(found[node], weight) for node, weight in self.subject.weights.items() if found[node] is not None]
        value = sum(terms, loose(0.0))
        return bracket(self.subject.F, float(value.v), SAFETY * float(value.e))

    def rounding(self) -> Any:
        """A bound of the rounding error of the program's value, that of the point included."""
        moved = with_bounds(self.subject.trace.graph, 2 * U)
        return 2 * float(sum((dot(moved.values[node], weight) for node, weight in self.subject.weights.items()), loose(0.0)).e)


def error_along(line: Line, gradient: Any, bounded: Loose) -> float:
    """The bound of a float64 slope along a line: of its terms, and of their sum in whatever order."""
    errors = np.abs(np.asarray(gradient) - bounded.v) + bounded.e
    if line.direction is None or not is_array(gradient):
        return float(np.max(errors))
    touched = line.direction != 0
    return float(np.sum(errors[touched]) + np.count_nonzero(touched) * U * np.sum(np.abs(gradient[touched])))


def dot(a: Any, b: Any) -> Loose:
    """The sum of products of all elements, with its bound."""
    return (loose(a) * loose(b)).sum()


def bracket(F: Any, value: float, bound: float) -> Bracket:
    """A float64 answer with its bound; none where the bound says nothing."""
    if math.isfinite(value) and math.isfinite(bound):
        return Bracket(F.number(value), F.number(bound))
    return Bracket(None, math.inf, "rounding may have done anything: the bound of float64's error is infinite")
