"""The reverse engine: the sweep under test, over three number systems.

float64 gives the gradient a; numbers with bounds say how far rounding may have taken it (da); mpmath numbers give what the rules and
the sweep mean without rounding. So a wrong rule, a broken float formula and lost digits are three different things.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gradcli.checking.exact.pinning import pinned
from gradcli.checking.exact.refining import START, agree, lost, refined
from gradcli.checking.exact.shares import sizes_of_shares
from gradcli.checking.lines import Line, total
from gradcli.checking.subject import Bracket, Subject, weighted
from gradcli.differentiation import adjoints, requires_grad
from gradcli.language.replaying import Registers, evaluate
from gradcli.operations.arrays import lifted
from gradcli.operations.bounded import Bounded, Bounds, U, bounded
from gradcli.operations.precise import TooLarge

SAFETY = 4.0
"""The bound of float64's error is first order: it counts this many times."""


@dataclass(slots=True)
class Reverse:
    """The reverse gradient along one line: the float64 number with its bound, what it means without rounding, and its scale.

    `scale` is the sum of the absolute shares that make up the gradient: what there is to compare an error with where it is zero.
    `value_off` is how far the program's float64 value is from the exact one, `value_bound` how far rounding explains. `rough` says that
    `precise` is the float64 number itself with its bound, where exact arithmetic would take too long.
    """

    value: float
    bound: float
    precise: Bracket
    scale: Any
    independent: bool
    value_off: Any = 0
    value_bound: float = math.inf
    rough: bool = False


def reverse(subject: Subject) -> dict[str, Reverse]:
    """The reverse gradient along every line."""
    active = requires_grad(subject.trace.graph, subject.nodes.values())
    plain = adjoints(subject.trace.graph, subject.weights, active)
    registers = bounded_registers(subject)
    bounds = bounded_gradient(subject, active, registers)
    precise, scales = precise_gradient(subject, active)
    value_off, value_bound = off_value(subject), bound_of_value(subject, registers)
    return {
        label: Reverse(
            float_slope(plain[node], line), bounds[label], precise[label], scales[label], plain[node] is None, value_off, value_bound
        )
        for label, line, node in lines_and_nodes(subject)
    }


def lines_and_nodes(subject: Subject) -> Iterator[tuple[str, Line, int]]:
    """The lines with their labels, and the nodes of the inputs that move."""
    return ((label, line, subject.nodes[line.input]) for label, line in subject.lines.items())


def float_slope(gradient: Any, line: Line) -> float:
    """The slope along a line by a float64 gradient; 0 where there is none."""
    return 0.0 if gradient is None else float(line.along(gradient))


def bounded_registers(subject: Subject, point_error: float = 0.0) -> Registers:
    """A float64 run with bounds; `point_error` is a relative error of the point itself."""
    loose = lifted(lambda x: Bounded(x, 0.0 if float(x).is_integer() else point_error * abs(x)))
    registers, _ = evaluate(subject.program, {name: loose(value) for name, value in subject.at.items()}, Bounds(), subject.log)
    return registers


def bounded_gradient(subject: Subject, active: bytearray, registers: Registers) -> dict[str, float]:
    """A bound of the float64 gradient's rounding error, by line."""
    F = Bounds()
    found = adjoints(subject.graph_over(registers), {node: F.numbers(weight) for node, weight in subject.weights.items()}, active, F)
    return {label: bound_along(found[node], line) for label, line, node in lines_and_nodes(subject)}


def bound_along(gradient: Any, line: Line) -> float:
    """The bound of a slope along a line by a gradient with bounds."""
    return 0.0 if gradient is None else float(SAFETY * bounded(line.along(gradient)).e)


def bound_of_value(subject: Subject, registers: Registers) -> float:
    """A bound of the float64 value's rounding error."""
    F = Bounds()
    return float(SAFETY * total([weighted(F, value, weight) for value, weight in subject.outputs_in(registers)]).e)


def off_value(subject: Subject) -> Any:
    """How far the float64 value is from the exact one; 0 where the precise engines have none."""
    try:
        subject.F.context.prec = 2 * START + subject.spread
        registers, _ = subject.registers()
        off = abs(subject.value(registers) - total([weighted(subject.F, output.value, output.weight) for output in subject.outputs]))
    except TooLarge:
        return 0
    return off if off == off else 0


def rounding_of_point(subject: Subject) -> dict[str, float]:
    """The bound for code that computes this gradient in float64, the rounding of the point included."""
    active = requires_grad(subject.trace.graph, subject.nodes.values())
    return bounded_gradient(subject, active, bounded_registers(subject, U))


def precise_gradient(subject: Subject, active: bytearray) -> tuple[dict[str, Bracket], dict[str, Any]]:
    """The gradient without rounding, and the scale of each derivative, by line."""
    try:
        (fine, scales), (coarse, _) = refined(subject, lambda prec: precise_sweep(subject, active, prec), settled)
    except TooLarge as fault:
        return {label: Bracket(None, math.inf, str(fault)) for label in subject.lines}, dict.fromkeys(subject.lines, subject.F.number(0))
    return {
        label: Bracket(fine[label], abs(fine[label] - coarse[label]) + lost(max(abs(fine[label]), scales[label]))) for label in fine
    }, scales


Swept = tuple[dict[str, Any], dict[str, Any]]


def settled(fine: Swept, coarse: Swept) -> bool:
    """Whether the gradients of two precisions agree."""
    return all(agree(value, coarse[0][label], fine[1][label]) for label, value in fine[0].items())


def precise_sweep(subject: Subject, active: bytearray, prec: int) -> Swept:
    """The gradient and the sum of absolute shares by line, at one precision."""
    F = subject.F
    F.context.prec = prec
    registers, _ = subject.registers()
    graph = pinned(subject, subject.graph_over(registers))
    found = adjoints(graph, {node: F.numbers(weight) for node, weight in subject.weights.items()}, active, F)
    sizes = sizes_of_shares(subject, graph, found)
    gradient = {
        label: F.number(0) if found[node] is None else F.number(line.along(found[node])) for label, line, node in lines_and_nodes(subject)
    }
    return gradient, {label: line.size(sizes[node]) for label, line, node in lines_and_nodes(subject)}
