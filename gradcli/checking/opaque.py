"""Slopes of functions that somebody else computes, from float64 values alone, each with a bound, or with the reason why there is none.

Nothing is known of such a function but its values along a line: where it branches, how it rounds and whether it answers the same twice
must be seen in them. All outputs of a function share its evaluations.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import Any

from gradcli.checking.limits import Limit, Quotient, limit
from gradcli.checking.noise import FLOOR, WINDOW, Noise, U, hidden, measured
from gradcli.checking.sequences import GROWS, JUMPS
from gradcli.checking.sides import Side, side
from gradcli.checking.steps import Steps
from gradcli.checking.subject import Bracket

UNDEFINED, UNSETTLED = "undefined", "did not settle"

WANTED = 1e-9
"""The bound, relative to the slope, at which no more values are asked for."""

ROUNDS = 3
"""How often steps are added around the best one."""

HALVINGS = 30
"""How often the place is halved at which a flat side ends, to see whether the function jumps there."""

ENOUGH = 8
"""How often it is halved where the function keeps jumping."""

CONTINUES = 2.0**-6
"""What may be left of a change that is looked at that closely, where the function does not jump."""

JUMPY = 2.0**-3
"""What is left of a change away from a line, when its place is looked at closely, if the values jump there."""

GRAIN = 64
"""Units of rounding that a change must have to be looked at."""

JUMP = 0.03
"""Powers of the step up to which a change is a jump."""

GRAINS = 1000
"""Changes of the size of the grain that the slope must make within the steps, if it says something about a function with a grain."""

HIDES, SHARE = 1e4, 1e-2
"""How uncertain a corner may be, in bounds of the two-sided slope, or as a share of the steepest slope around."""

DROWNS = 0.05
"""The noise, as a share of all changes of the values, from which on a slope says nothing."""

NEAR = 2.0**-3
"""Up to which part of the longest step the slopes of one side are looked at: they are asked for what happens at the point."""

DEEP = 1e-6
"""How far slopes deep beneath the other steps may differ that agree."""


@dataclass(frozen=True, slots=True)
class Slopes:
    """What the values along a line say of one output.

    `central` is the two-sided slope, `left` and `right` are the one-sided ones: plain floats with bounds, without a value where their
    note says why, infinite where the value jumps or grows without end. `noise` bounds the noise of one value, `smooth` says that there
    is a two-sided slope and no sign of a corner, and `note` why there is no slope. `grain` is the size of the steps of values that are
    constant between them (printed digits, single precision inside), else 0: the slope is then that of what these values stand for.
    """

    central: Bracket
    left: Bracket
    right: Bracket
    noise: float
    smooth: bool
    note: str
    grain: float = 0.0


def slopes(phi: Callable[[float], Any], x: float, m: int) -> list[Slopes]:
    """The slopes of each of m outputs along a line.

    `phi(t)` gives the outputs (a vector of float64, nan where the function fails) with the input moved by t; `x` is what moves, a
    number or the largest of the numbers.
    """
    steps = Steps(phi, x)
    steps.scan()
    looks = [Look(steps, o) for o in range(m)]
    for look in looks:
        steps.add(look.window())
    flat = sum(look.jumpy(one) for look in looks for one in (look.left(), look.right()))
    for look in looks:
        look.measure(steps.left // flat if flat else 0)
    for _ in range(ROUNDS):
        if not steps.add([octave for look in looks for octave in look.wanted()]):
            break
    return [look.slopes() for look in looks]


class Look:
    """One output of the function at all steps that were taken."""

    def __init__(self, steps: Steps, output: int) -> None:
        self.steps, self.output = steps, output
        self.here = float(steps.here[output])
        self.grain = self.least = 0.0
        self.noises: list[Noise] = []
        self.quiet = 0.0

    def right(self) -> Side:
        """The values ahead of the point."""
        return self.side(self.steps.ahead)

    def left(self) -> Side:
        """The values behind it, by positive steps."""
        return self.side(self.steps.behind)

    def side(self, values: Mapping[int, Any]) -> Side:
        """The values on one side."""
        points = [(self.steps.h[k], float(values[k][self.output])) for k in self.steps.octaves()]
        return side(self.here, points, 2.0**self.steps.bottom)

    def window(self) -> list[int]:
        """Exponents of the steps at which noise shows: above the smallest that changes anything."""
        starts = [moving[0][0] for one in (self.left(), self.right()) if (moving := one.moving())]
        lowest = math.floor(math.log2(min(starts))) if starts else self.steps.top
        return list(range(lowest, min(lowest + WINDOW, self.steps.top)))

    def measure(self, halvings: int) -> None:
        """Sets the grain and the noise of the values; `halvings` is how closely ends of flat parts may be looked at."""
        for one, sign in ((self.left(), -1), (self.right(), 1)):
            grain, leaves, least = self.grain_of(one, sign, halvings)
            self.grain, self.least = max(self.grain, grain), max(self.least, least)
            if not leaves:
                self.noises.append(measured(one.moving(), one.flat() > 0, self.hidden_noise(one, sign)))
        self.quiet = min(self.deep(self.left()), self.deep(self.right()))

    def deep(self, one: Side) -> float:
        """The largest of the steps deep beneath the others up to which a side has one slope that is not 0; 0 if there is none."""
        slopes = [((value - self.here) / h, h) for h, value in zip(one.steps[: one.deep], one.values, strict=False)]
        agreed = list(takewhile(lambda slope: abs(slope[0] - slopes[0][0]) < DEEP * abs(slopes[0][0]), slopes))
        return agreed[-1][1] if len(agreed) > 1 else 0.0

    def grain_of(self, one: Side, sign: int, halvings: int) -> tuple[float, bool, float]:
        """The smallest change beyond a flat part; whether the function only leaves it there, without a jump; and noise in any case."""
        edge = one.edge()
        if edge is None:
            return 0.0, False, 0.0
        first = one.change()
        if not self.jumpy(one):
            return first, False, 2 * first
        change, halved = self.nearest_change(one, sign, halvings)
        if change <= CONTINUES * first or (not halved and self.continues(one, first)):
            return 0.0, True, 2 * change if halved == HALVINGS else 0.0
        return change, False, 2 * change

    def jumpy(self, one: Side) -> bool:
        """Whether a side is flat and then changes by more than rounding."""
        if one.edge() is None:
            return False
        return one.change() > GRAIN * U * max(abs(one.values[one.deep]), abs(one.moving()[0][1]))

    def nearest_change(self, one: Side, sign: int, halvings: int) -> tuple[float, int]:
        """The change at the place where a flat part ends, and how often the place was halved to find it."""
        low, high = one.edge() or (0.0, 0.0)
        flat, change = one.values[one.deep], one.change()
        for halved in range(min(halvings, HALVINGS)):
            middle = self.steps.taken((low + high) / 2)
            if not low < middle < high:
                return change, HALVINGS
            found = self.steps.one_sided(sign * middle)
            if found is None or not math.isfinite(found[self.output]):
                return change, halved
            changed = abs(float(found[self.output]) - flat)
            low, high, change = (low, middle, changed) if changed else (middle, high, change)
            if halved > ENOUGH and change > CONTINUES * one.change():
                break
        return change, min(halvings, HALVINGS)

    def continues(self, one: Side, first: float) -> bool:
        """Whether the values beyond a flat part are smooth, as far as can be seen without looking closer."""
        levels = measured(one.moving(), True).levels
        return not levels or levels[-1][1] < CONTINUES * first

    def hidden_noise(self, one: Side, sign: int) -> float:
        """The noise that only longer steps meet: where divided differences suspect it, and the values jump when looked at closely."""
        points = one.moving()
        suspected = hidden(points, FLOOR * U * abs(self.here))
        if suspected is None:
            return 0.0
        (low, value), (high, last) = points[suspected.low], points[suspected.low + 1]
        slope = (value - self.here) / low
        below, above = 0.0, last - self.here - slope * high
        first = abs(above)
        for _ in range(ENOUGH):
            middle = self.steps.taken(math.sqrt(low) * math.sqrt(high))
            found = self.steps.one_sided(sign * middle) if low < middle < high else None
            if found is None or not math.isfinite(found[self.output]):
                break
            off = float(found[self.output]) - self.here - slope * middle
            low, below, high, above = (low, below, middle, off) if abs(off - below) > abs(above - off) else (middle, off, high, above)
        return suspected.noise if abs(above - below) > JUMPY * first else 0.0

    def noise(self, h: float, *values: float) -> float:
        """A bound of the noise of values at a step."""
        rounding = FLOOR * U * max(map(abs, values))
        if 0 < h <= self.quiet:
            return rounding
        return max([rounding, self.least, *(one.at(h) for one in self.noises)])

    def central_quotients(self) -> list[Quotient]:
        """Two-sided difference quotients, from the largest step."""
        left, right = self.left(), self.right()
        found = [
            Quotient(h, (ahead - behind) / (2 * h), self.noise(h, ahead, behind, self.here) / h + 2 * U * abs((ahead - behind) / h))
            for h, ahead, behind in zip(right.steps, right.values, left.values, strict=False)
        ]
        return found[::-1]

    def side_quotients(self, one: Side, sign: int) -> list[Quotient]:
        """Difference quotients of one side, from the largest step."""
        found = [
            Quotient(h, sign * (value - self.here) / h, 2 * self.noise(h, value, self.here) / h + 4 * U * abs((value - self.here) / h))
            for h, value in zip(one.steps, one.values, strict=True)
        ]
        return found[::-1]

    def wanted(self) -> list[int]:
        """Exponents of steps that would make the bound of the two-sided slope smaller."""
        quotients = self.central_quotients()
        found = limit(quotients, 2)
        if found is None or found.bound <= WANTED * abs(found.value):
            return []
        octaves = [math.floor(math.log2(one.h) + 0.01) for one in quotients]
        near = octaves[max(found.place - 3, 0) : found.place + 2]
        return [round((a + b) / 2) for a, b in pairwise(near) if a - b > 1]

    def slopes(self) -> Slopes:
        """The answer."""
        if not math.isfinite(self.here):
            none = Bracket(None, math.inf, UNDEFINED)
            return Slopes(none, none, none, math.inf, False, "the function is not finite at the point")
        if self.drowns():
            none, noise = Bracket(None, math.inf, UNSETTLED), self.noise(0.0, self.here)
            return Slopes(none, none, none, noise, False, f"noise of about {noise:.2g} is as large as all changes of the values")
        left, right = self.one_sided(self.left(), -1), self.one_sided(self.right(), 1)
        central = self.two_sided(left, right)
        smooth = central.value is not None and not apart(left, right)
        note = central.note and self.why(left, right)
        return Slopes(central, left, right, self.noise(0.0, self.here), smooth, note, self.grain if self.grainy() else 0.0)

    def grainy(self) -> bool:
        """Whether the values have a grain beyond that of doubles."""
        return self.grain > GRAIN * U * abs(self.here)

    def one_sided(self, one: Side, sign: int) -> Bracket:
        """The slope on one side."""
        if not one.steps:
            return Bracket(None, math.inf, UNDEFINED)
        power = one.power(max(self.grain, GRAIN * U * abs(self.here)))
        if power is not None:
            return Bracket(math.copysign(math.inf, sign * (one.values[0] - self.here)), math.inf, JUMPS if power < JUMP else GROWS)
        near = NEAR * 2.0**self.steps.top
        return bracket(limit([quotient for quotient in self.side_quotients(one, sign) if quotient.h < near], 1))

    def two_sided(self, left: Bracket, right: Bracket) -> Bracket:
        """The slope of both sides together, unless it is uncertain by far whether they have the same."""
        notes = {left.note, right.note}
        if UNDEFINED in notes or JUMPS in notes or GROWS in notes:
            return Bracket(None, math.inf, UNDEFINED if UNDEFINED in notes else UNSETTLED)
        found = bracket(limit(self.central_quotients(), 2))
        if self.grainy() and found.value is not None and abs(found.value) * 2.0**self.steps.top < GRAINS * self.grain:
            return Bracket(None, math.inf, UNSETTLED)
        corner = left.error + right.error
        if found.value is not None and corner > HIDES * found.error and corner > SHARE * self.steepness():
            return Bracket(None, math.inf, UNSETTLED)
        return found

    def drowns(self) -> bool:
        """Whether measured noise is as large as all changes of the values: they may as well be those of a wave that is too fast."""
        values = [self.here, *self.left().values, *self.right().values]
        noise = max((one.at(math.inf) for one in self.noises if not one.grows), default=0.0)
        return noise > max(DROWNS * (max(values) - min(values)), 2 * FLOOR * U * max(map(abs, values)))

    def steepness(self) -> float:
        """The largest slope that is seen at any step."""
        quotients = self.side_quotients(self.left(), -1) + self.side_quotients(self.right(), 1)
        return max((abs(one.value) - one.noise for one in quotients), default=0.0)

    def why(self, left: Bracket, right: Bracket) -> str:
        """Why there is no two-sided slope."""
        for name, one in (("left", left), ("right", right)):
            if one.note == UNDEFINED:
                return f"the function is not finite beside the point, on the {name}"
            if one.note in (JUMPS, GROWS):
                return f"the value {'jumps' if one.note == JUMPS else 'has a vertical tangent'} on the {name}"
        if self.grainy():
            return f"the values change in steps of {self.grain:.2g} and more, and are constant between them"
        noise = self.noise(0.0, self.here)
        return f"the difference quotients did not settle: the values change too fast, or their noise of about {noise:.2g} hides the slope"


def bracket(found: Limit | None) -> Bracket:
    """A limit as a bracket."""
    return Bracket(None, math.inf, UNSETTLED) if found is None else Bracket(found.value, found.bound)


def apart(left: Bracket, right: Bracket) -> bool:
    """Whether the one-sided slopes differ by more than their bounds."""
    return left.value is not None and right.value is not None and not abs(right.value - left.value) <= left.error + right.error
