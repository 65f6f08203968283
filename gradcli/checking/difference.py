"""The difference engine: difference quotients of the program in mpmath, with steps so small that the quotient converges at once.

Steps are h_k = 2^(e-64k), e the exponent of the input, at 3·64k + 200 bits; quotients of two levels that agree are accepted. It runs
the program, not the graph, and uses no rule of any operation. Runs are free: each point decides for itself, which is what finds kinks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gradcli.checking.subject import Bracket, Subject
from gradcli.language.interpreter import Decisions
from gradcli.operations.precise import TooLarge, magnitude

LEVELS = 16
AGREE = 2.0**-40
EVEN = 2.0**-10
"""How evenly quotients must grow to be known to grow without end."""

TINY = -1080
"""Exponent below which an error can't matter to a double."""

MARGIN = 2**12
"""How many times the rounding of the largest number in a run the rounding of its value may be."""


@dataclass(slots=True)
class Differences:
    """What the difference quotients by one input (or along a direction) say.

    `central` is the derivative on the float64 run's decisions; `left` and `right` are the one-sided slopes of the free runs, without
    value where a side is undefined, infinite where they grow without end. `same` says that every run decided as the float64 run did,
    `same_here` that the free run at the point itself did.
    """

    central: Bracket
    left: Bracket
    right: Bracket
    same: bool
    same_here: bool


@dataclass(slots=True)
class Sample:
    """The value of one run, its rounding error, and what it decided."""

    value: Any
    rounding: Any
    made: Decisions


Move = Callable[[Any], Mapping[str, Any]]


def difference(subject: Subject, name: str, scale: Any) -> Differences:
    """The difference quotients by one input; `scale` is the size that an error is compared with."""
    x = subject.F.number(subject.at[name])
    exponent = int(magnitude(x)) if x else 0
    return along(subject, lambda h: {name: subject.F.number(subject.at[name]) + h}, exponent, scale)


def directional(subject: Subject, direction: Mapping[str, int], scale: Any) -> Differences:
    """The difference quotients along a direction with entries ±1."""
    point = {name: subject.F.number(subject.at[name]) for name in direction}
    exponent = max([0, *(int(magnitude(x)) for x in point.values() if x)])
    return along(subject, lambda h: {name: subject.F.number(subject.at[name]) + side * h for name, side in direction.items()}, exponent, scale)


def along(subject: Subject, move: Move, exponent: int, scale: Any) -> Differences:
    """The difference quotients along a line through the point."""
    try:
        return converge(subject, move, exponent, scale)
    except TooLarge as fault:
        none = Bracket(None, math.inf, str(fault))
        return Differences(none, none, none, False, False)


def converge(subject: Subject, move: Move, exponent: int, scale: Any) -> Differences:
    """Levels of smaller and smaller steps, until every quotient has settled or is known not to."""
    central, left, right = Sequence(scale), Sequence(scale), Sequence(scale)
    same = same_here = True
    for level in range(1, LEVELS + 1):
        subject.F.context.prec = 3 * 64 * level + 200
        h = subject.F.context.ldexp(1, exponent - 64 * level)
        here, after, before = (sample(subject, move(step)) for step in (0 * h, h, -h))
        same_here = decided_alike(here, subject)
        same = same and same_here and decided_alike(after, subject) and decided_alike(before, subject)
        right.add(quotient(after, here, h))
        left.add(quotient(here, before, h))
        if same:
            central.add(quotient(after, before, 2 * h))
        else:
            central.add(quotient(sample(subject, move(h), replay=True), sample(subject, move(-h), replay=True), 2 * h))
        if central.done() and left.done() and right.done():
            break
    return Differences(central.answer(), left.answer(), right.answer(), same, same_here)


def sample(subject: Subject, moved: Mapping[str, Any], *, replay: bool = False) -> Sample:
    """One run at a moved point."""
    registers, made = subject.registers(moved, free=not replay)
    largest = max((abs(r) for r in registers if r is not None and not isinstance(r, bool) and r == r), default=subject.F.number(0))
    value = subject.value(registers)
    return Sample(value, subject.F.context.ldexp(max(largest, abs(value)), -subject.F.context.prec) * MARGIN, made)


def decided_alike(one: Sample, subject: Subject) -> bool:
    """Whether a run decided as the float64 run did."""
    return one.made == subject.log


def quotient(upper: Sample, lower: Sample, h: Any) -> tuple[Any, Any]:
    """A difference quotient and what rounding may have done to it."""
    return (upper.value - lower.value) / h, (upper.rounding + lower.rounding) / h


class Sequence:
    """The quotients of one kind, level by level, and whether they have settled."""

    def __init__(self, scale: Any) -> None:
        self.scale = scale
        self.values: list[Any] = []
        self.error: Any = math.inf
        self.before: Any = math.inf
        self.rounding: Any = math.inf

    def add(self, quotient: tuple[Any, Any]) -> None:
        """One more level."""
        value, self.rounding = quotient
        self.values.append(value)
        if len(self.values) > 1:
            self.before, self.error = self.error, abs(value - self.values[-2]) + self.rounding

    def undefined(self) -> bool:
        """Whether the quotient has no value."""
        return bool(self.values) and not self.values[-1] == self.values[-1]

    def diverges(self) -> bool:
        """Whether the quotients grow by the same factor with every level, as at a jump (2^64), a vertical tangent or a cusp.

        Steps that are too coarse for a fast function grow too, but not evenly.
        """
        values = self.values[-4:]
        if len(values) < 4 or not all(values):
            return False
        first, second, third = (large / small for small, large in zip(values, values[1:], strict=False))
        return bool(first > 2**4 and abs(second - first) <= EVEN * first and abs(third - second) <= EVEN * second)

    def vanishes(self) -> bool:
        """Whether the quotients shrink with every level, and there is no share to measure them by: the slope is zero."""
        values = [abs(value) for value in self.values[-4:]]
        return not self.scale and len(values) == 4 and all(small <= large * 2.0**-20 for large, small in zip(values, values[1:], strict=False))

    def done(self) -> bool:
        """Whether more levels would not change the answer."""
        if self.undefined():
            return True
        if len(self.values) < 2:
            return False
        # against the scale alone an error counts only if it shrinks: what steps too coarse for the function answer is small as well
        settled = self.error <= AGREE * abs(self.values[-1])
        shrunk = self.error <= AGREE * self.scale and self.error <= self.before * 2.0**-20 and self.before != math.inf
        return bool(settled or shrunk or magnitude_below(self.error, TINY) or self.vanishes() or self.diverges())

    def answer(self) -> Bracket:
        """The last quotient with its bound."""
        if self.undefined():
            return Bracket(None, math.inf, "undefined")
        if self.vanishes():
            return Bracket(0 * self.values[-1], 2 * abs(self.values[-1]) + self.rounding)
        if self.done() and not self.diverges():
            return Bracket(self.values[-1], self.error)
        if self.diverges():
            return Bracket(self.values[-1] * math.inf, math.inf, "grows without end")
        return Bracket(self.values[-1], self.error, "did not settle")


def magnitude_below(error: Any, exponent: int) -> bool:
    """Whether a number is below 2**exponent."""
    return bool(error == error) and not error == math.inf and (not error or magnitude(error) < exponent)
