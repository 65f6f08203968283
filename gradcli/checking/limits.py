"""The limit of difference quotients in float64: extrapolated, with a bound, and accepted only where all finer quotients agree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

DEEPEST = 4
"""How often quotients are extrapolated, at most, the quotients themselves included."""

SAFETY = 4
"""How much larger the bound is than what is still missing if the error shrinks as it does for smooth functions."""

EVEN = 2
"""How far the shrinking of the error may be from that rule, as a factor, before the bound no longer counts on it."""

UNEVEN = 4
"""How much larger the bound then is than the last changes."""

HIDDEN = 2
"""How many times its own noise a finer quotient may be away from a limit that it agrees with."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """A difference quotient: its step, its value, and what noise may have done to it."""

    h: float
    value: float
    noise: float


@dataclass(frozen=True, slots=True, order=True)
class Limit:
    """What quotients tend to: a bound, how often the quotients were extrapolated, the place of the finest of them, the number."""

    bound: float
    depth: int
    place: int
    value: float


def limit(quotients: Sequence[Quotient], order: int) -> Limit | None:
    """The limit with the smallest bound that all finer quotients agree with; None if there is none.

    `quotients` from the largest step to the smallest; their error is a series in powers of h**order.
    """
    found = sorted(one for one in candidates(quotients, order) if math.isfinite(one.bound))
    return next((one for one in found if agreed(quotients, one, order)), None)


def candidates(quotients: Sequence[Quotient], order: int) -> Iterator[Limit]:
    """The quotients and their extrapolations (Neville's table at h = 0), each with a bound."""
    h = [one.h for one in quotients]
    values, noises = [one.value for one in quotients], [one.noise for one in quotients]
    for depth in range(DEEPEST):
        gains = [(h[i - 1 - depth] / h[i]) ** order if i > depth else math.nan for i in range(len(h))]
        for i in range(depth + 2, len(h)):
            missing = still_missing(values[i - 2 : i + 1], gains[i - 1], gains[i], noises[i])
            yield Limit(noises[i] + missing, depth, i, values[i])
        for i in range(len(h) - 1, depth, -1):
            values[i] += (values[i] - values[i - 1]) / (gains[i] - 1)
            noises[i] = (gains[i] * noises[i] + noises[i - 1]) / (gains[i] - 1)


def still_missing(three: Sequence[float], gain_before: float, gain: float, noise: float) -> float:
    """A bound of how far the last of three values is from the limit, its noise apart.

    `gain` is the factor by which the last step made the error smaller, where the function is smooth.
    """
    d1, d2 = abs(three[0] - three[1]), abs(three[1] - three[2])
    expected = d1 * (gain - 1) / (gain * (gain_before - 1))
    if d2 <= UNEVEN * noise or d2 <= EVEN * expected <= EVEN**2 * d2:
        return max(d2, expected) * min(1, SAFETY / (gain - 1))
    return UNEVEN * max(d1, d2)


def agreed(quotients: Sequence[Quotient], one: Limit, order: int) -> bool:
    """Whether all finer quotients are as close to a limit as its bound, their noise, and their share of the last one's error allow."""
    last = quotients[one.place]
    off = abs(last.value - one.value)
    return all(
        abs(finer.value - one.value) <= one.bound + HIDDEN * (finer.noise + off * (finer.h / last.h) ** order)
        for finer in quotients[one.place + 1 :]
    )
