"""The reverse engine: the sweep under test, over three number systems.

float64 gives the gradient a; numbers with bounds say how far rounding may have taken it (da); mpmath numbers give what the rules and
the sweep mean without rounding. So a wrong rule, a broken float formula and lost digits are three different things.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from gradcli.checking.refining import START, agree, lost, refined
from gradcli.checking.subject import Bracket, Subject
from gradcli.differentiation import adjoints, requires_grad
from gradcli.graphs import Graph
from gradcli.language.interpreter import Registers, evaluate
from gradcli.operations import Op
from gradcli.operations.bounded import Bounded, Bounds, U, bounded
from gradcli.operations.precise import TooLarge

SAFETY = 4.0
"""The bound of float64's error is first order: it counts this many times."""


@dataclass(slots=True)
class Reverse:
    """The reverse gradient by one input: the float64 number with its bound, what it means without rounding, and its scale.

    `scale` is the sum of the absolute shares that make up the gradient: what there is to compare an error with where it is zero.
    `value_off` is how far the program's float64 value is from the exact one, `value_bound` how far rounding explains.
    """

    value: float
    bound: float
    precise: Bracket
    scale: Any
    independent: bool
    value_off: Any = 0
    value_bound: float = math.inf


def reverse(subject: Subject) -> dict[str, Reverse]:
    """The reverse gradient by every input."""
    active = requires_grad(subject.trace.graph, subject.nodes.values())
    plain = adjoints(subject.trace.graph, subject.weights, active)
    registers = bounded_registers(subject)
    bounds = bounded_gradient(subject, active, registers)
    precise, scales = precise_gradient(subject, active)
    value_off, value_bound = off_value(subject), bound_of_value(subject, registers)
    return {
        name: Reverse(
            0.0 if plain[node] is None else float(plain[node]),
            bounds[name],
            precise[name],
            scales[name],
            plain[node] is None,
            value_off,
            value_bound,
        )
        for name, node in subject.nodes.items()
    }


def bounded_registers(subject: Subject, point_error: float = 0.0) -> Registers:
    """A float64 run with bounds; `point_error` is a relative error of the point itself."""
    point = {name: Bounded(value, 0.0 if float(value).is_integer() else point_error * abs(value)) for name, value in subject.at.items()}
    registers, _ = evaluate(subject.program, point, Bounds(), subject.log)
    return registers


def bounded_gradient(subject: Subject, active: bytearray, registers: Registers) -> dict[str, float]:
    """A bound of the float64 gradient's rounding error, by input."""
    F = Bounds()
    found = adjoints(subject.graph_over(registers), {node: F.number(weight) for node, weight in subject.weights.items()}, active, F)
    return {name: 0.0 if found[node] is None else SAFETY * found[node].e for name, node in subject.nodes.items()}


def bound_of_value(subject: Subject, registers: Registers) -> float:
    """A bound of the float64 value's rounding error."""
    terms = [bounded(value) * weight for value, weight in subject.outputs_in(registers)]
    return float(SAFETY * sum(terms[1:], terms[0]).e)


def off_value(subject: Subject) -> Any:
    """How far the float64 value is from the exact one; 0 where the precise engines have none."""
    try:
        subject.F.context.prec = 2 * START + subject.spread
        registers, _ = subject.registers()
        off = abs(subject.value(registers) - sum(output.value * output.weight for output in subject.outputs))
    except TooLarge:
        return 0
    return off if off == off else 0


def rounding_of_point(subject: Subject) -> dict[str, float]:
    """The bound for code that computes this gradient in float64, the rounding of the point included."""
    active = requires_grad(subject.trace.graph, subject.nodes.values())
    return bounded_gradient(subject, active, bounded_registers(subject, U))


def precise_gradient(subject: Subject, active: bytearray) -> tuple[dict[str, Bracket], dict[str, Any]]:
    """The gradient without rounding, and the scale of each derivative."""
    try:
        (fine, scales), (coarse, _) = refined(subject, lambda prec: precise_sweep(subject, active, prec), settled)
    except TooLarge as fault:
        return {name: Bracket(None, math.inf, str(fault)) for name in subject.nodes}, dict.fromkeys(subject.nodes, subject.F.number(0))
    return {name: Bracket(fine[name], abs(fine[name] - coarse[name]) + lost(max(abs(fine[name]), scales[name]))) for name in fine}, scales


Swept = tuple[dict[str, Any], dict[str, Any]]


def settled(fine: Swept, coarse: Swept) -> bool:
    """Whether the gradients of two precisions agree."""
    return all(agree(value, coarse[0][name], fine[1][name]) for name, value in fine[0].items())


def precise_sweep(subject: Subject, active: bytearray, prec: int) -> Swept:
    """The gradient and the sum of absolute shares by input, at one precision."""
    F = subject.F
    F.context.prec = prec
    registers, _ = subject.registers()
    graph = pinned(subject, subject.graph_over(registers))
    found = adjoints(graph, {node: F.number(weight) for node, weight in subject.weights.items()}, active, F)
    zero = F.number(0)
    gradient = {name: zero if found[node] is None else F.number(found[node]) for name, node in subject.nodes.items()}
    return gradient, scales_of(subject, graph, found)


class Pinned:
    """An operation with pieces where exact arithmetic would decide otherwise: differentiated at the float64 run's arguments."""

    structural = False

    def __init__(self, op: Op, values: list[Any]) -> None:
        self.name, self.decide, self.selects, self.corner = op.name, op.decide, op.selects, op.corner
        self.partials = tuple(partial and self.at(partial, values) for partial in op.partials)

    def at(self, partial: Any, values: list[Any]) -> Any:
        """A partial with its arguments fixed."""
        return lambda F, y, *xs: partial(F, y, *map(F.number, values))


def pinned(subject: Subject, graph: Graph) -> Graph:
    """The graph with every operation pinned whose precise arguments lie on another piece than the float64 run decided for."""
    plain, operations = subject.trace.graph.values, list(graph.operations)
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if op.decide is not None and op.differentiable:
            values = [plain[a] for a in arguments]
            if op.piece_of([graph.values[a] for a in arguments]) != op.piece_of(values):
                operations[i] = Pinned(op, values)  # type: ignore[call-overload]
    return replace(graph, operations=operations)


def scales_of(subject: Subject, graph: Any, found: list[Any]) -> dict[str, Any]:
    """The sum of the absolute shares that each input gets from its uses."""
    F = subject.F
    names = {node: name for name, node in subject.nodes.items()}
    scales: dict[str, Any] = dict.fromkeys(subject.nodes, F.number(0))
    for node, weight in subject.weights.items():
        if node in names:
            scales[names[node]] += abs(weight)
    for i, arguments in enumerate(graph.arguments):
        for position, a in enumerate(arguments):
            if a in names and found[i] is not None and graph.operations[i].partials[position] is not None:
                xs = [graph.values[b] for b in arguments]
                scales[names[a]] += abs(found[i] * F.partial_by(graph.operations[i].partials[position], graph.values[i], xs))
    return scales
