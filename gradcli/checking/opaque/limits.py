"""The limit of difference quotients in float64: extrapolated, with a bound, and accepted only where all finer quotients agree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

DEEPEST = 4
"""How often quotients are extrapolated, at most, the quotients themselves included."""

SAFETY = 2
"""How much larger the bound is than what is missing if the error shrinks as slowly as it may for a smooth function."""

EVEN = 1.5
"""How far the shrinking of the error may be from the rule of smooth functions, as a factor, before the bound no longer counts on it."""

UNEVEN = 4
"""How much larger the bound then is than the last changes."""

QUIET = 1.5
"""Changes up to so many times their noise say nothing of how the error shrinks."""

LOUD, ATTEMPTS = 1, 3
"""The part of their noise up to which finer quotients may be off before it is taken to be larger, and how often that is done."""

HIDDEN = 2
"""How many times its own noise a finer quotient may be away from a limit that it agrees with."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """A difference quotient: its step, its value, and what noise may have done to it."""

    h: float
    value: float
    noise: float


@dataclass(frozen=True, slots=True)
class Limit:
    """What quotients tend to: a bound, how often the quotients were extrapolated, the place of the finest of them, the number.

    `missing` is the part of the bound that is not noise.
    """

    bound: float
    depth: int
    place: int
    value: float
    missing: float


def limit(quotients: Sequence[Quotient], order: int) -> Limit | None:
    """The limit with the smallest bound that all finer quotients agree with; None if there is none.

    `quotients` from the largest step to the smallest; their error is a series in powers of h**order. Where finer quotients scatter more
    than their noise explains, the noise is larger than was thought.
    """
    for attempt in range(ATTEMPTS):
        found = sorted((one for one in candidates(quotients, order) if math.isfinite(one.bound)), key=attrgetter("bound"))
        best = next((one for one in found if all(off <= HIDDEN for off in offs(quotients, one, one.bound, order))), None)
        loud = max(offs(quotients, best, best.missing, order), default=0.0) / LOUD if best else 0.0
        if loud <= 1 or attempt == ATTEMPTS - 1:
            return best
        quotients = [replace(one, noise=one.noise * loud) for one in quotients]
    return None


def candidates(quotients: Sequence[Quotient], order: int) -> Iterator[Limit]:
    """The quotients and their extrapolations (Neville's table at h = 0), each with a bound.

    Only what shrinks as smooth functions do, or is lost in noise, is extrapolated.
    """
    h = [one.h for one in quotients]
    values, noises = [one.value for one in quotients], [one.noise for one in quotients]
    regular = [True] * len(h)
    for depth in range(DEEPEST):
        gains = [(h[i - 1 - depth] / h[i]) ** order if i > depth else math.nan for i in range(len(h))]
        shrinking = [False] * len(h)
        for i in range(depth + 2, len(h)):
            expected = (abs(values[i - 2] - values[i - 1]) * (gains[i] - 1)) / (gains[i] * (gains[i - 1] - 1))
            changes = abs(values[i - 2] - values[i - 1]), abs(values[i - 1] - values[i])
            shrinking[i] = even(changes[1], expected) or max(expected, changes[1]) <= QUIET * noises[i]
            if shrinking[i] and gains[i] > EVEN:
                missing = SAFETY * max(changes[1], expected) / (gains[i] / EVEN - 1)
            else:
                missing = UNEVEN * max(changes)
            if regular[i] and (shrinking[i] or not depth):
                yield Limit(noises[i] + missing, depth, i, values[i], missing)
        regular = [i > depth + 2 and regular[i] and shrinking[i] and shrinking[i - 1] for i in range(len(h))]
        for i in range(len(h) - 1, depth, -1):
            values[i] += (values[i] - values[i - 1]) / (gains[i] - 1)
            noises[i] = (gains[i] * noises[i] + noises[i - 1]) / (gains[i] - 1)


def even(change: float, expected: float) -> bool:
    """Whether a change is what the one before it lets expect of a smooth function."""
    return change <= EVEN * expected and expected <= EVEN * change


def offs(quotients: Sequence[Quotient], one: Limit, allowed: float, order: int) -> Iterator[float]:
    """How far finer quotients are from a limit beyond what is allowed and their share of the last one's error, in units of their noise."""
    last = quotients[one.place]
    off = abs(last.value - one.value)
    for finer in quotients[one.place + 1 :]:
        excess = abs(finer.value - one.value) - allowed - HIDDEN * off * (finer.h / last.h) ** order
        yield excess / finer.noise if finer.noise else math.inf if excess > 0 else 0.0
