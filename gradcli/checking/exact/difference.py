"""The difference engine: difference quotients of the program in mpmath, with steps so small that the quotient converges at once.

Steps are h_k = 2^(e-64k), e the exponent of the input (at most 0: a wave is no longer far out), from the first k at which no number
of the program moves far, at 3·64k + 200 bits and what the spread of magnitudes asks for beyond; quotients of two levels that agree
are accepted. It runs the program, not the graph, and uses no
rule of any operation. Runs are free: each point decides for itself, which is what finds kinks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gradcli.checking.exact.sequences import Quotients, finite
from gradcli.checking.subject import Bracket, Sample, Subject, numbers_of
from gradcli.operations.precise import TooLarge, magnitude

LEVELS = 18
"""Levels of quotients that are tried, from the first that is fine enough."""

LAST = 54
"""The level that no step goes beyond."""

NEAR = -20
"""How far numbers may move in a step: 2**NEAR of their own size, or of 1 where that is smaller."""

SHRINKS = 8
"""Bits by which a smaller step must bring numbers closer: across a jump it does not, and nothing would."""

DEEP = 17
"""The first level below every double's exponent: a corner that is not at the point lies outside of its step."""

STEP = 64
"""Bits by which the step of a level is smaller than that of the level before."""

MAX_EXTRA = 12000
"""Bits that the spread of a program's magnitudes may cost."""


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


Move = Callable[[Any], Mapping[str, Any]]


def difference(subject: Subject, label: str, scale: Any) -> Differences:
    """The difference quotients along one line; `scale` is the size that an error is compared with."""
    touched = subject.lines[label].touched(subject.F.numbers(subject.at[subject.lines[label].input]))
    exponent = min(int(magnitude(touched[0])), 0) if len(touched) == 1 and touched[0] else 0
    return along(subject, lambda h: subject.along({label: 1}, h), exponent, touched, scale)


def directional(subject: Subject, direction: Mapping[str, int], scale: Any) -> Differences:
    """The difference quotients along a direction with entries ±1, one for each line."""
    lines = [subject.lines[label] for label in direction]
    point = [x for line in lines for x in line.touched(subject.F.numbers(subject.at[line.input]))]
    return along(subject, lambda h: subject.along(direction, h), 0, point, scale)


def along(subject: Subject, move: Move, exponent: int, point: list[Any], scale: Any) -> Differences:
    """The difference quotients along a line through the point."""
    largest = max([exponent, *(int(magnitude(x)) for x in point if x)])
    try:
        return converge(subject, move, exponent, largest - exponent, scale)
    except TooLarge as fault:
        none = Bracket(None, math.inf, str(fault))
        return Differences(none, none, none, False, False)


def remembering(subject: Subject, move: Move) -> Callable[[Any], Sample]:
    """Free runs at moved points, each done once: the precision says which level a step belongs to."""
    taken: dict[tuple[int, bool], Sample] = {}

    def sample(h: Any) -> Sample:
        key = (subject.F.context.prec, h > 0)
        if key not in taken:
            taken[key] = subject.sample(move(h))
        return taken[key]

    return sample


def converge(subject: Subject, move: Move, exponent: int, extra: int, scale: Any) -> Differences:
    """Levels of smaller and smaller steps, until every quotient has settled or is known not to."""
    sample = remembering(subject, move)
    central, left, right = Quotients(scale), Quotients(scale), Quotients(scale)
    level, last = first_level(subject, sample, exponent, extra), LAST
    same, coarse = True, 2**30
    while level < last:
        h = step(subject, level, exponent, extra)
        here, after, before = subject.sample(), sample(h), sample(-h)
        same = same and here.made == after.made == before.made == subject.log
        ahead, behind = (after, before) if same else (subject.sample(move(h), replay=True), subject.sample(move(-h), replay=True))
        blurred = central.blur(ahead, behind, 2 * h)
        if blurred and extra < MAX_EXTRA:
            extra = min(extra + blurred, MAX_EXTRA)
            continue
        if not central.values:
            replayed = here if here.made == subject.log else subject.sample({}, replay=True)
            before_it, coarse = coarse, too_coarse(replayed, ahead, behind)
            if coarse and coarse < before_it - SHRINKS:
                level += -(-coarse // STEP)
                continue
        last = min(last, level + LEVELS) if not central.values else last
        right.add(after, here, h)
        left.add(here, before, h)
        central.add(ahead, behind, 2 * h)
        if central.done() and left.done() and right.done():
            break
        level += 1
    if not central.values:
        raise TooLarge("the program varies too fast around the point for difference quotients")
    return Differences(central.answer(), left.answer(), right.answer(), same, here.made == subject.log)


def step(subject: Subject, level: int, exponent: int, extra: int) -> Any:
    """The step of a level, and the precision that goes with it."""
    subject.F.context.prec = 3 * STEP * level + 200 + extra
    return subject.F.context.ldexp(1, exponent - STEP * level)


def first_level(subject: Subject, sample: Callable[[Any], Sample], exponent: int, extra: int) -> int:
    """The level to begin with: a deep one where a corner lies within the first step but is not at the point."""
    h = step(subject, 1, exponent, extra)
    shallow = [sample(side).made for side in (h, -h)]
    if all(made == subject.log for made in shallow) and subject.sample().made == subject.log:
        return 1
    h = step(subject, DEEP, exponent, extra)
    return 1 if shallow == [sample(side).made for side in (h, -h)] else DEEP


def too_coarse(here: Sample, ahead: Sample, behind: Sample) -> int:
    """Bits by which the step must be smaller before no number of the run moves by a length over which an operation may vary.

    Every row is smooth over lengths that are small against 1 and against its argument: a step that keeps all numbers within that does
    not step over waves, peaks or rounded corners, wherever in the program they are.
    """
    registers = zip(here.registers.numbers, ahead.registers.numbers, behind.registers.numbers, strict=False)
    numbers = (three for three_registers in registers for three in zip(*map(numbers_of, three_registers), strict=False))
    return max((excess(at, upper, lower, here.rounding) for at, upper, lower in numbers), default=0)


def excess(at: Any, upper: Any, lower: Any, rounding: Any) -> int:
    """Bits by which one number moves too far."""
    if upper == at == lower or not (finite(at) and finite(upper) and finite(lower)):
        return 0
    moved = max(abs(upper - at), abs(lower - at))
    if not moved or moved <= rounding:
        return 0
    length = min(int(magnitude(at)), 0) if abs(at) > rounding else 0
    return int(max(0, magnitude(moved) - length - NEAR))
