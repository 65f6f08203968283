"""Sequences of difference quotients: whether they settle, grow or vanish, and what that makes of their limit. It runs no program."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

from gradcli.checking.subject import Bracket, Sample
from gradcli.operations.precise import magnitude

AGREE = -40
"""Two quotients agree when they differ by less than 2**AGREE of their size."""

FASTER = 2.0**-20
"""How much closer the quotients of a smooth function come with a level, at least (2^-64 is the rule)."""

GROWTH = 2**4
"""How much a quotient without limit grows with a level, at least: 2^64 at a jump, 2^32 for sqrt at 0."""

EVEN = 2.0**-10
"""How evenly it grows: steps that are too coarse for a fast function grow too, but not by the same factor."""

JUMP = 2**60
"""A growth from which on the value itself jumps."""

JUMPS, GROWS = "jumps", "grows without end"
"""Notes of a side on which the value jumps, and of one with a vertical tangent."""

TINY = -1080
"""Exponent below which an error can't matter to a double."""


class Quotients:
    """The quotients of one kind, level by level; `scale` is the size that an error is compared with where they tend to 0."""

    def __init__(self, scale: Any) -> None:
        self.scale = scale
        self.values: list[Any] = []
        self.error: Any = math.inf
        self.gaps: list[Any] = []
        self.rounding: Any = math.inf

    def blur(self, upper: Sample, lower: Sample, h: Any) -> int:
        """How many bits a quotient lacks before it says anything: more than half of it, or of what it is compared with, is rounding."""
        value, rounding = (upper.value - lower.value) / h, (upper.rounding + lower.rounding) / h
        if not finite(value) or not finite(rounding) or not rounding:
            return 0
        return int(max(0, magnitude(rounding) - 2 * AGREE - max(magnitude(value), magnitude(self.scale), TINY)))

    def add(self, upper: Sample, lower: Sample, h: Any) -> None:
        """One more level."""
        value, self.rounding = (upper.value - lower.value) / h, (upper.rounding + lower.rounding) / h
        self.values.append(value)
        if len(self.values) > 1:
            self.gaps.append(abs(value - self.values[-2]))
            self.error = self.gaps[-1] + self.rounding

    def undefined(self) -> bool:
        """Whether the quotient has no value."""
        return bool(self.values) and self.values[-1] != self.values[-1]

    def growth(self) -> Any:
        """The factor by which the quotients grow with every level, as at a jump, a vertical tangent or a cusp; 0 if they do not."""
        values = self.values[-4:]
        if len(values) < 4 or not all(values):
            return 0
        first, second, third = (large / small for small, large in pairwise(values))
        even = abs(second - first) <= EVEN * first and abs(third - second) <= EVEN * second
        return third if even and first > GROWTH else 0

    def diverges(self) -> bool:
        """Whether the quotients grow without end."""
        return bool(self.growth())

    def vanishes(self) -> bool:
        """Whether the quotients shrink with every level, and there is no share to measure them by: the slope is zero."""
        values = [abs(value) for value in self.values[-4:]]
        return not self.scale and len(values) == 4 and all(small <= large * FASTER for large, small in pairwise(values))

    def settled(self) -> bool:
        """Whether the last two quotients agree, or come closer so fast that what is missing is nothing beside the scale.

        The scale alone would not do: quotients of tanh(1e60*x) with too long a step are all small beside 1e60, and grow.
        """
        if self.error <= math.ldexp(1, AGREE) * abs(self.values[-1]) or magnitude_below(self.error, TINY):
            return True
        close = self.error <= math.ldexp(1, AGREE) * self.scale
        return bool(close and len(self.gaps) > 1 and self.gaps[-1] <= self.gaps[-2] * FASTER)

    def done(self) -> bool:
        """Whether more levels would not change the answer."""
        if self.undefined():
            return True
        if len(self.values) < 2:
            return False
        return self.settled() or self.vanishes() or self.diverges()

    def answer(self) -> Bracket:
        """The last quotient with its bound."""
        if self.undefined():
            return Bracket(None, math.inf, "undefined")
        value = self.values[-1]
        if self.vanishes():
            return Bracket(0 * value, 2 * abs(value) + self.rounding)
        if self.diverges():
            return Bracket(value * math.inf, math.inf, JUMPS if self.growth() > JUMP else GROWS)
        return Bracket(value, self.error, "" if self.done() else "did not settle")


def finite(number: Any) -> bool:
    """Whether a number is neither nan nor infinite."""
    return bool(abs(number) < math.inf)


def magnitude_below(error: Any, exponent: int) -> bool:
    """Whether a number is below 2**exponent."""
    return finite(error) and (not error or magnitude(error) < exponent)
