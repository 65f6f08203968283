"""Second derivatives along pairs of lines, from the engines of the first: the sweep of the gradient's own graph, SymPy's second
derivatives chained forward, and difference quotients of the exact first derivative. They are judged like first derivatives.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import combinations_with_replacement
from typing import Any

from gradcli.checking.exact.budget import work
from gradcli.checking.exact.refining import agree, lost, refined
from gradcli.checking.exact.reverse import SAFETY, Reverse
from gradcli.checking.exact.symbolic import Bends, Chain, Dual, Literals, Tangent, bracket, hole, pairs, seeded, values_of
from gradcli.checking.lines import Line, lines_of
from gradcli.checking.subject import Bracket, Sample, Subject
from gradcli.differentiation import adjoints, requires_grad
from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.graphs import Graph
from gradcli.language.replaying import Registers, evaluate
from gradcli.operations import Op
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.bounded import Bounds, bounded
from gradcli.operations.floats import FLOATS
from gradcli.operations.precise import TooLarge
from gradcli.operations.symbolic import at_point, second_partial

PAIRS = 36
"""Pairs of lines that are judged; of more lines only each with itself."""

Pair = tuple[str, str]


def pairs_of(subject: Subject) -> list[Pair]:
    """The pairs of lines whose second derivatives are judged."""
    labels = list(subject.lines)
    found = list(combinations_with_replacement(labels, 2))
    return found if len(found) <= PAIRS else [(label, label) for label in labels[:PAIRS]]


def pairs_within(subject: Subject, most: int) -> tuple[Subject, list[Pair], str]:
    """The pairs that are judged with at most so much work, and of which lines; where elements are too many, of directions, with a note."""
    asked = pairs_of(subject)
    if work(subject) * len(asked) <= most or not any(line.direction is not None for line in subject.lines.values()):
        return subject, asked, ""
    names = list(dict.fromkeys(line.input for line in subject.lines.values()))
    other = replace(subject, samples={})
    other.trace, other.outputs, other.log = subject.trace, subject.outputs, subject.log
    other.lines = {line.label: line for line in lines_of(subject.at, names, subject.id, 0)}
    pairs = pairs_of(other)
    if work(other) * len(pairs) > most:
        pairs = [(label, label) for label in other.lines]
    if work(other) * len(pairs) > most:
        return subject, asked, ""
    return other, pairs, "the second derivatives are checked along directions with entries ±1: element by element would take too many steps"


def name_of(pair: Pair) -> str:
    """What a row calls a pair: `x, w`; of directions, whose names have commas, `x, direction 1 with x, direction 2`."""
    return (" with " if any("direction" in label for label in pair) else ", ").join(pair)


# The sweep of the gradient's graph


@dataclass
class Twice:
    """The gradient of a run as a graph, to be swept once more; and the nodes of the inputs."""

    graph: Graph
    first: Mapping[str, int | None]
    inputs: Mapping[str, int]

    def over(self, F: Any, at: Mapping[str, Any]) -> Graph:
        """The graph with values of another number system, on the pieces that the floats lie on."""
        graph, values = self.graph, [value if truths(value) else F.numbers(value) for value in self.graph.values]
        for name, node in self.inputs.items():
            values[node] = at[name]
        for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
            if arguments and not op.leaf and not op.draws:
                values[i] = self.value(F, op, arguments, values)
        return Graph(graph.source, graph.operations, graph.arguments, values, graph.origin, graph.labels)

    def value(self, F: Any, op: Op, arguments: Sequence[int], values: Sequence[Any]) -> Any:
        """The value of one node."""
        xs = [values[a] for a in arguments]
        if op.transparent:
            return xs[0]
        if op.decide is None:
            return getattr(F, op.name)(*xs)
        return F.on_piece(op, op.piece_of([self.graph.values[a] for a in arguments]), op.grouped(xs, F.plain))

    def slopes(self, graph: Graph, line: Line, others: Sequence[Line], F: Any) -> dict[str, Any]:
        """The second derivatives along one line and others; None where there is none."""
        node = self.first[line.input]
        if node is None:
            return {}
        value = graph.values[node]
        weight = F.numbers(1.0 if line.direction is None else line.direction) if shape_of(value) or line.direction is None else F.number(1)
        found = adjoints(graph, {node: weight}, requires_grad(graph, self.inputs.values()), F)
        slopes = {other.label: other.along(found[self.inputs[other.input]]) for other in others}
        return {label: slope for label, slope in slopes.items() if slope is not None}


def reverse_twice(subject: Subject, asked: Sequence[Pair]) -> dict[Pair, Reverse]:
    """The second derivatives by sweeping twice: in float64, with bounds, and in exact arithmetic."""
    graph, first = derivative_graph(subject.trace.graph, subject.weights, subject.nodes, exactly=True)
    twice = Twice(graph, first, {name: subject.nodes[name] for name in subject.nodes})
    plain = swept(twice, graph, subject, asked, FLOATS)
    B = Bounds()
    bounds = swept(twice, twice.over(B, {name: B.numbers(value) for name, value in subject.at.items()}), subject, asked, B)
    precise = precise_twice(twice, subject, asked)
    return {
        pair: Reverse(
            float(plain.get(pair, 0.0)), float(SAFETY * bounded(bounds[pair]).e) if pair in bounds else 0.0, precise[pair],
            abs(precise[pair].value) if precise[pair].value is not None else 0, pair not in plain, 0, math.inf,
        )
        for pair in asked
    }  # fmt: skip


def truths(value: Any) -> bool:
    """Whether a value is an array of truth values: an index, or what decides, and no numbers."""
    return is_array(value) and value.dtype == bool


def swept(twice: Twice, graph: Graph, subject: Subject, asked: Sequence[Pair], F: Any) -> dict[Pair, Any]:
    """The second derivatives by the graph in one number system."""
    found: dict[Pair, Any] = {}
    for label in dict.fromkeys(one for one, _ in asked):
        others = [subject.lines[other] for one, other in asked if one == label]
        slopes = twice.slopes(graph, subject.lines[label], others, F)
        found.update({(label, other): slope for other, slope in slopes.items()})
    return found


def precise_twice(twice: Twice, subject: Subject, asked: Sequence[Pair]) -> dict[Pair, Bracket]:
    """The second derivatives without rounding."""
    F = subject.F

    def at_precision(prec: int) -> dict[Pair, Any]:
        F.context.prec = prec
        found = swept(twice, twice.over(F, subject.point()), subject, asked, F)
        return {pair: F.number(found.get(pair, 0)) for pair in asked}

    try:
        fine, coarse = refined(subject, at_precision, settled)
    except TooLarge as fault:
        return {pair: Bracket(None, math.inf, str(fault)) for pair in asked}
    return {pair: Bracket(fine[pair], abs(fine[pair] - coarse[pair]) + lost(abs(fine[pair]))) for pair in asked}


def settled(fine: Mapping[Pair, Any], coarse: Mapping[Pair, Any]) -> bool:
    """Whether the second derivatives of two precisions agree."""
    return all(agree(value, coarse[pair], 0) for pair, value in fine.items())


# SymPy's second derivatives, chained


class Dual2(Dual):
    """A dual number with second derivatives too, by pairs of lines in both orders."""

    __slots__ = ("seconds",)

    def __init__(self, *fields: Any) -> None:
        super().__init__(*fields)
        self.seconds: dict[Pair, Any] = {}

    def made(self, value: Any, operands: Sequence[Any], slopes: Sequence[Any], bends: Bends = ()) -> Dual2:
        result = super().made(value, operands, slopes)
        assert isinstance(result, Dual2)
        for slope, operand in zip(slopes, operands, strict=True):
            for pair, second in operand.seconds.items():
                result.seconds[pair] = result.seconds.get(pair, 0) + slope * second
        for i, j, bend in bends:
            for one, t in operands[i].tangents.items():
                for other, s in operands[j].tangents.items():
                    result.seconds[one, other] = result.seconds.get((one, other), 0) + bend * t.value * s.value
        return result


class Chain2(Chain):
    """F over dual numbers with second derivatives."""

    kind = Dual2

    def bends(self, op: Op, reaching: Sequence[int], k: Any, literals: Literals, xs: Sequence[Dual]) -> Bends:
        m, values = self.precise.functions, [x.value for x in xs]
        if op.piece is not None and k is None:
            return ()
        return [
            (a, b, at_point(second_partial(op.name, i, j, k, literals), m, values))
            for a, i in enumerate(reaching)
            for b, j in enumerate(reaching)
        ]


def symbolic_twice(subject: Subject, asked: Sequence[Pair]) -> dict[Pair, Bracket]:
    """The second derivatives from SymPy's of every operation."""
    try:
        fine, coarse = refined(subject, lambda prec: chained_twice(subject, prec, asked), settled)
    except TooLarge as fault:
        return {pair: Bracket(None, math.inf, str(fault)) for pair in asked}
    found = {pair: bracket(Tangent(fine[pair], abs(fine[pair])), Tangent(coarse[pair], 0)) for pair in asked}
    return {pair: one if one.value is not None else hole() for pair, one in found.items()}


def chained_twice(subject: Subject, prec: int, asked: Sequence[Pair]) -> dict[Pair, Any]:
    """The chained second derivatives at one precision."""
    F = subject.F
    F.context.prec = prec
    chain = Chain2(F)
    registers, _ = evaluate(subject.program, seeded(subject, list(subject.lines), chain), chain, subject.log)
    found = {pair: F.number(0) for pair in asked}
    for output, weight in subject.outputs_in(registers):
        for value, one in pairs(output, weight):
            for pair in asked:
                found[pair] += one * getattr(value, "seconds", {}).get(pair, 0)
    return found


# Difference quotients of the exact first derivative


@dataclass
class Slope(Subject):
    """The derivative along one line as a function of the point: what difference quotients of the second order are made of."""

    by: str = ""

    def sample(self, moved: Mapping[str, Any] | None = None, *, replay: bool = False) -> Sample:
        """The exact slope at a moved point, left free unless it replays."""
        prec = self.F.context.prec
        if moved is None and prec in self.samples:
            return self.samples[prec]
        chain = Chain(self.F)
        point = seeded(self, [self.by], chain, self.point(moved))
        registers, made = evaluate(self.program, point, chain, self.log, free=not replay)
        numbers = [number for register in (*registers.numbers, *registers.constants) for number in duals(register)]
        tangents = [number.tangents[self.by].value for number in numbers if self.by in number.tangents]
        value = self.slope(registers)
        largest = self.F.largest([value, *(n.value for n in numbers), *tangents])
        one = Sample(value, self.F.context.ldexp(largest, -prec) * 2**12, made, with_values(registers))
        if moved is None:
            self.samples[prec] = one
        return one

    def slope(self, registers: Registers) -> Any:
        """The slope of the weighted sum of the outputs."""
        total = self.F.number(0)
        for output, weight in self.outputs_in(registers):
            for value, one in pairs(output, weight):
                total += one * value.tangents[self.by].value if self.by in value.tangents else 0
        return total


def duals(register: Any) -> Iterator[Dual]:
    """The dual numbers of a register."""
    if isinstance(register, Dual):
        yield register
    elif shape_of(register):
        yield from (one for one in register.flat if isinstance(one, Dual))


def with_values(registers: Registers) -> Registers:
    """Registers with the values of their dual numbers."""
    return Registers(map(values_of, registers.numbers), [])


def slope_of(subject: Subject, label: str) -> Slope:
    """The derivative along a line as a function of the point."""
    other = Slope(
        **{field.name: getattr(subject, field.name) for field in fields(Subject) if field.init and field.name != "samples"}, by=label
    )
    other.trace, other.outputs, other.log, other.lines = subject.trace, subject.outputs, subject.log, subject.lines
    return other
