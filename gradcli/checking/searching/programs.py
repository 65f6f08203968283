"""A program as a search sees it: float64 runs, the corners and edges of its nodes, what rounding may do, how far claims are off."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from gradcli.checking.claims import Claim, point_of
from gradcli.checking.exact.reverse import SAFETY, bounded_gradient, bounded_registers, float_slope, lines_and_nodes
from gradcli.checking.requests import Request, finite_at
from gradcli.checking.searching.terrain import OVERFLOW, Mark, Point, Terrain, View
from gradcli.checking.subject import Subject
from gradcli.differentiation import adjoints, requires_grad
from gradcli.differentiation.unusual import first_not_finite
from gradcli.errors import GradcliError
from gradcli.graphs import Graph
from gradcli.language import Trace, run
from gradcli.language.limits import Limits
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np
from gradcli.results import all_finite

U = 2.0**-53
MOST_DIGITS = 16.0
"""Digits that float64 can lose."""

ELEMENTS = 8
"""Elements of an array whose corners are looked at."""

BOUNDED = 2_000
"""Numbers of a run up to which its rounding is looked at."""


def terrain_of(request: Request, limits: Limits, subject_of: Callable[[Request, Point], Subject]) -> Terrain:
    """The terrain of a request's program; `limits` are those of the runs of a search."""
    seen = Seen(request, limits, subject_of)
    constants = [float(x) for x in request.program.constants if isinstance(x, float) and math.isfinite(x)]
    return Terrain(seen.view, seen.words, seen.suspicion, seen.off, tuple(dict.fromkeys(constants))[:ELEMENTS])


class Seen:
    """The program of a request in float64."""

    def __init__(self, request: Request, limits: Limits, subject_of: Callable[[Request, Point], Subject]) -> None:
        self.request, self.limits, self.subject_of = request, limits, subject_of

    def run(self, at: Point, limits: Limits | None = None) -> Trace | None:
        """A run; None where the program can't be run within the limits."""
        try:
            return run(self.request.program, at, seed=self.request.seed, limits=limits or self.limits)
        except GradcliError:
            return None

    def view(self, at: Point) -> View:
        """Whether value and gradient are finite, and the distances to corners and edges."""
        trace = self.run(at)
        return View(False) if trace is None else View(finite_at(self.request, trace), dict(marks(trace.graph)))

    def words(self, at: Point, mark: Mark | None) -> str:
        """What a mark is; what is not finite at a point. Nodes have the numbers that they have in checks."""
        trace = None if self.run(at) is None else self.run(at, self.request.limits)
        if trace is None:
            return ""
        graph = trace.graph
        node = first_not_finite(graph) if mark is None else next((i for i, known, _ in marked(graph) if known == mark[:3]), None)
        if node is None:
            node = next((i for i, op in enumerate(graph.operations) if op.edge is not None and distance(op.edge, graph, i) == 0), None)
        if node is None:
            return OVERFLOW
        return said(graph, node, mark[2] if mark else "edge")

    def suspicion(self, at: Point) -> float:
        """The digits that rounding may take from the gradient, about."""
        subject = self.subject_of(self.request, at)
        try:
            if sum(map(np.size, subject.trace.graph.values)) > BOUNDED:
                return 0.0
            active = requires_grad(subject.trace.graph, subject.nodes.values())
            bounds = bounded_gradient(subject, active, bounded_registers(subject))
            plain = adjoints(subject.trace.graph, subject.weights, active)
        except GradcliError:
            return 0.0
        slopes = {label: float_slope(plain[node], line) for label, line, node in lines_and_nodes(subject)}
        return max((digits(bounds[label] / SAFETY, slope) for label, slope in slopes.items()), default=0.0)

    def off(self, at: Point) -> float:
        """How far formulas are from the float64 gradient, relative."""
        claims = [claim for claim in self.request.claims if is_formula(claim)]
        if not claims:
            return 0.0
        subject = self.subject_of(self.request, at)
        try:
            plain = adjoints(subject.trace.graph, subject.weights, requires_grad(subject.trace.graph, subject.nodes.values()))
            pairs = [(self.claimed(claim, subject), plain[subject.nodes[claim.input]]) for claim in claims if claim.input in subject.nodes]
        except GradcliError:
            return 0.0
        return max((apart(one, 0.0 if other is None else other) for one, other in pairs if one is not None), default=0.0)

    def claimed(self, claim: Claim, subject: Subject) -> Any:
        """What a formula says at a point; None for one about an element."""
        program = claim.program
        if program is None or claim.element is not None:
            return None
        trace = run(program, point_of(program, subject), seed=subject.seed, limits=subject.limits)
        return trace.graph.values[trace.node_of(program.output)]


def is_formula(claim: Claim) -> bool:
    """Whether a claim says something at every point; a number is about the point that it was given for."""
    return claim.program is not None and bool(claim.program.inputs)


def apart(one: Any, other: Any) -> float:
    """The relative distance of two values."""
    if not (all_finite(one) and all_finite(other)):
        return 0.0
    size = max(float(np.max(np.abs(one))), float(np.max(np.abs(other))))
    return float(np.max(np.abs(np.subtract(one, other)))) / size if size else 0.0


def digits(error: float, value: float) -> float:
    """The decimal digits that an error leaves uncertain beyond rounding's own."""
    if not (error > 0 and math.isfinite(value)):
        return 0.0
    return max(0.0, min(MOST_DIGITS, math.log10(error / U / abs(value)))) if value else MOST_DIGITS


def marks(graph: Graph) -> Iterator[tuple[Mark, float]]:
    """The corners and edges of a run with their distances."""
    for i, mark, function in marked(graph):
        found = distance(function, graph, i)
        if is_array(found):
            yield from (((*mark, k), float(x)) for k, x in enumerate(found.flat[:ELEMENTS]))
        else:
            yield (*mark, 0), float(found)


def marked(graph: Graph) -> Iterator[tuple[int, tuple[int, int, str], Callable[..., Any]]]:
    """The nodes that have a corner or an edge: (node, mark without element, the function that measures the distance)."""
    times: dict[int, int] = {}
    for i, op in enumerate(graph.operations):
        if op.structural or (op.corner is None and op.edge is None) or not graph.arguments[i]:
            continue
        origin = graph.origin[i]
        times[origin] = times.get(origin, 0) + 1
        for word, function in (("corner", op.corner), ("edge", op.edge)):
            if function is not None:
                yield i, (origin, times[origin], word), function


def distance(function: Callable[..., Any], graph: Graph, node: int) -> Any:
    """The distance of a node's arguments to a corner or an edge; nan where there is none."""
    arguments = [graph.values[a] for a in graph.arguments[node]]
    if any(map(is_array, arguments)):
        return np.frompyfunc(lambda *xs: measured(function, xs), len(arguments), 1)(*arguments)
    return measured(function, arguments)


def measured(function: Callable[..., Any], arguments: Sequence[Any]) -> float:
    """The distance of some numbers."""
    try:
        return float(function(*map(float, arguments)))
    except (ArithmeticError, ValueError):
        return math.nan


def said(graph: Graph, node: int, word: str) -> str:
    """A corner or an edge for a sentence."""
    op, seen = graph.operations[node], graph.node(node)
    if op.boolean:
        return f"the place where '{seen.text}' changes, node {node}"
    if word == "corner":
        return f"the corner of {op.name}, node {node}"
    return f"the domain of {op.name}, node {node}" if op.edge is not None else f"{OVERFLOW} in node {node}, '{seen.text}'"
