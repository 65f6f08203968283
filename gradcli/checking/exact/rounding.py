"""What rounding may do to exact derivatives: the rounding of a program's constants, and that of the point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from gradcli.checking.exact.literals import FEW, loosened, nudged, rounded, written
from gradcli.checking.exact.reverse import bounded_gradient, bounded_registers
from gradcli.checking.exact.symbolic import symbolic
from gradcli.checking.subject import Bracket, Subject
from gradcli.differentiation import requires_grad
from gradcli.language import Program
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np


class Constants:
    """What the rounding of a program's constants may do to its derivatives at a point."""

    def __init__(self, subject: Subject, names: Sequence[str]) -> None:
        self.subject, self.names = subject, names

    def effect(self, name: str, asked: Any) -> Any:
        """The effect on one derivative; a bound of it is enough where that is smaller than what is asked for."""
        if not any(rounded(self.subject.program)):
            return 0
        bound = self.bounds[name]
        return bound if bound < asked or sum(rounded(self.subject.program)) > FEW else self.exact[name]

    @cached_property
    def as_written(self) -> Mapping[str, Bracket]:
        """The derivatives of the program whose constants are what is written."""
        return symbolic(with_program(self.subject, written(self.subject.program, self.subject.F)), self.names)

    @cached_property
    def bounds(self) -> Mapping[str, float]:
        """Bounds of the effects, from one run over numbers with bounds."""
        other = with_program(self.subject, loosened(self.subject.program))
        return bounded_gradient(other, requires_grad(other.trace.graph, other.nodes.values()), bounded_registers(other))

    @cached_property
    def exact(self) -> Mapping[str, Any]:
        """The effects, each constant moved by half a unit."""
        plain = symbolic(self.subject, self.names)
        moved = [symbolic(with_program(self.subject, one), self.names) for one in nudged(self.subject.program, self.subject.F)]
        return {name: sum(apart(one[name], plain[name]) for one in moved) for name in self.names}


def apart(one: Bracket, other: Bracket) -> Any:
    """How far two answers are apart; infinite where there is none."""
    distance = math.inf if one.value is None or other.value is None else abs(one.value - other.value)
    return distance if distance == distance else math.inf


def with_program(subject: Subject, program: Program) -> Subject:
    """The same point with another program of the same shape, on the path of the first."""
    other = replace(subject, program=program, samples={})
    other.trace, other.outputs, other.log = subject.trace, subject.outputs, subject.log
    return other


def moved_point(subject: Subject, labels: Sequence[str]) -> dict[str, Any]:
    """What the rounding of the point may do to derivatives: each coordinate moved to the doubles beside it; whole numbers are exact."""
    moving = [(name, place) for name, x in subject.at.items() for place in inexact_places(x)]
    if len(moving) > FEW:
        return dict.fromkeys(labels, math.inf)
    plain = symbolic(subject, labels)
    effects: dict[str, Any] = dict.fromkeys(labels, 0)
    for name, place in moving:
        sides = [symbolic(beside(subject, name, place, side), labels) for side in (-math.inf, math.inf)]
        for label in labels:
            effects[label] += max(apart(side[label], plain[label]) for side in sides)
    return effects


def inexact_places(x: Any) -> list[tuple[int, ...]]:
    """Where a value of a point has numbers that are not whole; () is a number itself."""
    if not is_array(x):
        return [] if float(x).is_integer() else [()]
    return [place for place in np.ndindex(*x.shape) if not float(x[place]).is_integer()]


def beside(subject: Subject, name: str, place: tuple[int, ...], side: float) -> Subject:
    """The subject at the next double of one coordinate, on the path of the first."""
    moved: Any = subject.at[name]
    if is_array(moved):
        moved = moved.copy()
        moved[place] = np.nextafter(moved[place], side)
    else:
        moved = math.nextafter(moved, side)
    other = replace(subject, at={**subject.at, name: moved}, samples={})
    other.log = subject.log
    return other
