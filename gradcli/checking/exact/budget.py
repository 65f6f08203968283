"""What the exact engines of a check cost, and along which lines they are affordable. A count of steps decides, never a clock."""

from __future__ import annotations

import math

from gradcli.checking.lines import DIRECTIONS, lines_of
from gradcli.checking.subject import Subject
from gradcli.graphs import Graph
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np

MAX_WORK = 1_000_000
"""Sums and products in precise numbers that the engines of one check may take: about 5 seconds."""

MAX_FLOAT_WORK = 20_000_000_000
MAX_STEPS = 50_000
"""Sums and products that float64 may take for a check, and steps through nodes, whatever their size: some ten seconds."""

RUNS_OF_REVERSE = 30
RUNS_OF_AN_INPUT = 10
RUNS_OF_A_LADDER = 50
"""Runs that the engines need: exact ones for the sweep, and for each line; in float64 for each line."""

CHEAP = ("+", "-", "*", "/")
COST = 9
"""How many sums and products an operation that is none of them is worth."""


def work(subject: Subject) -> int:
    """The sums and products that the precise engines of one check take, about."""
    return size(subject) * (RUNS_OF_REVERSE + RUNS_OF_AN_INPUT * len(subject.lines))


def size(subject: Subject) -> int:
    """The sums and products of one run."""
    graph = subject.trace.graph
    return sum(cost(graph, i) for i in range(len(graph)))


def cost(graph: Graph, i: int) -> int:
    """The sums and products that one node is worth."""
    op = graph.operations[i]
    each = 1 if op.symbol in CHEAP or not op.params else COST
    if type(graph.values[i]) is float and not op.structural:
        return each
    sizes = [math.prod(shape_of(graph.values[a])) for a in graph.arguments[i]]
    size = math.prod(shape_of(graph.values[i]))
    if op.symbol == "@":
        return max([size * shape_of(graph.values[graph.arguments[i][0]])[-1], *sizes])
    return max([size, *sizes]) * each


def affordable(subject: Subject) -> bool:
    """Whether the exact engines can answer."""
    return work(subject) <= MAX_WORK


def affordable_in_floats(subject: Subject) -> bool:
    """Whether float64 can, with bounds."""
    steps = len(subject.trace.graph) * (RUNS_OF_AN_INPUT + len(subject.lines))
    return steps <= MAX_STEPS and size(subject) * (RUNS_OF_REVERSE + RUNS_OF_A_LADDER * len(subject.lines)) <= MAX_FLOAT_WORK


def shorten(subject: Subject) -> str:
    """Where every element is too much, leaves lines along directions alone; says so."""
    elements = [line for line in subject.lines.values() if line.direction is not None and np.count_nonzero(line.direction) == 1]
    if affordable(subject) or len(elements) <= DIRECTIONS:
        return ""
    names = dict.fromkeys(line.input for line in subject.lines.values())
    subject.lines = {line.label: line for line in lines_of(subject.at, list(names), subject.id, 0, subject.elements)}
    count = sum(math.prod(shape_of(subject.at[name])) for name in names)
    return f"the arrays are checked along {DIRECTIONS} directions each: {count} elements one by one would take too many steps"
