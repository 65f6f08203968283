"""Slopes of functions that somebody else computes, from float64 values alone, each with a bound, or with the reason why there is none.

Nothing is known of such a function but its values along a line: where it branches, how it rounds and whether it answers the same twice
must be seen in them. All outputs of a function share its evaluations.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradcli.checking.exact.sequences import GROWS, JUMPS
from gradcli.checking.opaque.limits import Limit, limit
from gradcli.checking.opaque.noise import U
from gradcli.checking.opaque.readings import Readings
from gradcli.checking.opaque.sides import GRAIN, Side
from gradcli.checking.opaque.steps import ROW, Steps
from gradcli.checking.subject import Bracket

UNDEFINED, UNSETTLED = "undefined", "did not settle"
"""Notes of a side on which the function has no value, and of slopes that have no bound."""

WANTED, ROUNDS = 1e-9, 3
"""The bound, relative to the slope, at which no more steps are added around the best one, and how often they are added."""

JUMP = 0.03
"""Powers of the step up to which a change is a jump."""

GRAINS = 1000
"""Changes of the size of the grain that the slope must make within the steps, if it says something about values with a grain."""

HIDES, SHARE = 1e4, 1e-2
"""How uncertain a corner may be, in bounds of the two-sided slope, or as a share of the steepest slope around."""

NEAR = 2.0**-3
"""Up to which part of the longest step the slopes of one side are looked at: they are asked for what happens at the point."""


@dataclass(frozen=True, slots=True)
class Slopes:
    """What the values along a line say of one output.

    `central` is the two-sided slope, `left` and `right` are the one-sided ones: plain floats with bounds, without a value where their
    note says why, infinite where the value jumps or grows without end. `noise` bounds the noise of one value, `smooth` says that there
    is a two-sided slope and no sign of a corner, and `note` why there is no slope. `grain` is the size of the steps of values that are
    constant between them (printed digits, single precision inside), else 0: the slope is then that of what these values stand for.
    `hidden` is the slope that may stay unseen where no step changes a value with few digits.
    """

    central: Bracket
    left: Bracket
    right: Bracket
    noise: float
    smooth: bool
    note: str
    grain: float = 0.0
    hidden: float = 0.0


def slopes(phi: Callable[[float], Any], x: float, m: int) -> list[Slopes]:
    """The slopes of each of m outputs along a line.

    `phi(t)` gives the outputs (a vector of float64, nan where the function fails) with the input moved by t; `x` is what moves, a
    number or the largest of the numbers.
    """
    steps = Steps(phi, x)
    steps.scan()
    outputs = [Readings(steps, output) for output in range(m)]
    steps.add([octave for one in outputs for octave in one.window()])
    for one in outputs:
        one.read()
    ends = sum(one.flat_ends() for one in outputs)
    for one in outputs:
        one.measure(max(steps.left - ROW, 0) // ends if ends else 0)
    row = steps.row()
    for one in outputs:
        one.measure_row(row)
    for _ in range(ROUNDS):
        if not steps.add([octave for one in outputs for octave in wanted(one)]):
            break
        for one in outputs:
            one.read()
    return [answer(one) for one in outputs]


def wanted(one: Readings) -> list[int]:
    """Exponents of steps that would make the bound of the two-sided slope smaller."""
    quotients = one.two_sided()
    found = limit(quotients, 2)
    if found is None or found.bound <= WANTED * abs(found.value):
        return []
    octaves = [math.floor(math.log2(quotient.h)) for quotient in quotients]
    near = octaves[max(found.place - 3, 0) : found.place + 2]
    return [round((a + b) / 2) for a, b in pairwise(near) if a - b > 1]


def answer(one: Readings) -> Slopes:
    """What the readings of one output say.

    Where a jump was found that steps close to the point do not meet, its noise may hide the slope or it may be another piece of the
    function: both answers must then lie within the bounds. So they must where the noise of longer steps, thought to be everywhere, leaves
    a slope that contradicts the one of steps too short to meet it.
    """
    near = judged(one)
    level = max(one.sparse, one.loudest())
    if level <= one.least:
        return near
    one.least = level
    far = judged(one)
    if not one.sparse and not apart(near.central, far.central):
        return near
    left, right = either(near.left, far.left), either(near.right, far.right)
    return made(one, either(near.central, far.central), left, right)


def judged(one: Readings) -> Slopes:
    """What the readings of one output say with the noise that they have."""
    noise, none = one.noise_here(), Bracket(None, math.inf, UNSETTLED)
    if not math.isfinite(one.here):
        none = Bracket(None, math.inf, UNDEFINED)
        return Slopes(none, none, none, math.inf, False, "the function is not finite at the point")
    if one.drowns():
        note = f"noise of about {noise:.2g} is as large as all changes of the values"
        return Slopes(Bracket(None, math.inf, note), none, none, noise, False, note)
    left, right = one_sided(one, one.left), one_sided(one, one.right)
    return made(one, two_sided(one, left, right), left, right)


def made(one: Readings, central: Bracket, left: Bracket, right: Bracket) -> Slopes:
    """Slopes with what follows from them."""
    smooth = central.value is not None and not apart(left, right)
    note = why(one, left, right) if central.value is None else ""
    central = Bracket(None, math.inf, note) if note else central
    return Slopes(central, left, right, one.noise_here(), smooth, note, one.grain if one.grainy() else 0.0, one.hidden())


def either(near: Bracket, far: Bracket) -> Bracket:
    """A bracket that holds two others; without value if one of them has none."""
    if near.value is None or far.value is None or math.isinf(near.value) or math.isinf(far.value):
        return near if near.value is None or math.isinf(near.value) else far
    return Bracket(far.value, max(far.error, abs(far.value - near.value) + near.error))


def one_sided(one: Readings, side: Side) -> Bracket:
    """The slope on one side."""
    if not side.steps:
        return Bracket(None, math.inf, UNDEFINED)
    power = side.power(max(one.grain, GRAIN * U * abs(one.here)))
    if power is not None:
        return Bracket(math.copysign(math.inf, side.sign * (side.values[0] - one.here)), math.inf, JUMPS if power < JUMP else GROWS)
    near = NEAR * 2.0**one.steps.top
    return bracket(limit([quotient for quotient in one.one_sided(side) if quotient.h < near], 1))


def two_sided(one: Readings, left: Bracket, right: Bracket) -> Bracket:
    """The slope of both sides together, unless it is uncertain by far whether they have the same."""
    none, notes = Bracket(None, math.inf, UNSETTLED), {left.note, right.note}
    if UNDEFINED in notes:
        return Bracket(None, math.inf, UNDEFINED)
    if JUMPS in notes or GROWS in notes:
        return none
    found = bracket(limit(one.two_sided(), 2))
    if found.value is None:
        return found
    if one.grainy() and abs(found.value) * 2.0**one.steps.top < GRAINS * one.grain:
        return none
    corner = left.error + right.error
    return none if corner > HIDES * found.error and corner > SHARE * one.steepness() else found


def bracket(found: Limit | None) -> Bracket:
    """A limit as a bracket."""
    return Bracket(None, math.inf, UNSETTLED) if found is None else Bracket(found.value, found.bound)


def apart(left: Bracket, right: Bracket) -> bool:
    """Whether the one-sided slopes differ by more than their bounds."""
    return left.value is not None and right.value is not None and not abs(right.value - left.value) <= left.error + right.error


def why(one: Readings, left: Bracket, right: Bracket) -> str:
    """Why there is no two-sided slope."""
    for name, side in (("left", left), ("right", right)):
        if side.note == UNDEFINED:
            return f"the function is not finite beside the point, on the {name}"
        if side.note in (JUMPS, GROWS):
            return f"the value {'jumps' if side.note == JUMPS else 'has a vertical tangent'} on the {name}"
    if one.grainy():
        return f"the values change in steps of {one.grain:.2g} and more, and are constant between them"
    return f"the difference quotients did not settle: the values change too fast, or noise of about {one.noise_here():.2g} hides the slope"
