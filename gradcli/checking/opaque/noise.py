"""How noisy the values of a function are that somebody else computes: measured from values beside the point, never assumed.

Noise is whatever is not smooth: rounding, single precision inside, printed digits, tolerances of solvers, random numbers. Divided
differences of values at small steps show it, since they leave nothing of a smooth function; where small steps change nothing at all, the
smallest change that is seen shows the grain of the values.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from operator import itemgetter
from typing import Any

from gradcli.operations.lazily import np, silently

U = 2.0**-53

FLOOR = 8
"""Units of rounding, of the values' size, that every function is thought to have."""

WINDOW, LEAST = 12, 4
"""Octaves above the finest step that changes anything in which noise is measured, and steps among them that are looked at in any case."""

MEASURED = 6
"""How much larger the noise is taken than the largest divided difference of values, scaled as if one value alone were wrong."""

DEGREES = (1, 2, 3)
"""Degrees of the polynomials of which divided differences leave nothing."""

CURVED = 8
"""How much larger than all before, and the next than itself, a divided difference is that tells of the function, not of noise."""

ABRUPT = 64
"""How much faster than any smooth function's divided differences grow where steps become long enough to meet noise."""

LASTS = 3
"""Divided differences beyond such a place that must all be as large, if it is noise."""

FADES = 2.0**-5
"""How much smaller they may be."""

STOPS, SMALL = 8, 2.0**-9
"""How much the last differences of values in a row may shrink if they show noise, and how small they must be beside the first ones."""

GROWS = 2.0**6
"""How much noise grows within the window where it is a part of a value that is 0 at the point."""

UNITS = (1, 2**14, 2**28, 2**30)
"""Units in the last place by which the point is moved to see how a given gradient scatters, to both sides."""

Point = tuple[float, float]
"""A displacement, and the value there."""

Levels = list[tuple[float, float]]
"""Sizes from displacements on, both growing."""


@dataclass(frozen=True, slots=True)
class Noise:
    """The noise of values on one side: from which displacement on it has which size, what it is before, and whether it grows beyond."""

    levels: Levels
    before: float = 0.0
    grows: bool = False

    def at(self, h: float) -> float:
        """The noise of the value at a displacement."""
        place = bisect_right(self.levels, h, key=itemgetter(0))
        level = self.levels[place - 1][1] if place else self.before
        return level * max(1.0, h / self.levels[-1][0]) if self.grows else level


def divided_differences(points: Sequence[Point]) -> list[Levels]:
    """What divided differences of values on one side of the point say of their noise, by degree; smallest displacements first."""
    return [shares(points, degree) for degree in DEGREES if len(points) > degree + 1]


def measured(found: Sequence[Levels], flat: bool, beyond: float = 0.0) -> Noise:
    """The noise that divided differences show.

    `flat` says that nothing changes before the first of the values, `beyond` is noise that only longer steps meet.
    """
    if not found:
        return Noise([])
    levels = [(h, max(beyond, MEASURED * level)) for h, level in fine(smallest(found))]
    first, middle, last = (levels[place][1] for place in (0, len(levels) // 2, -1))
    return Noise(levels, 0.0 if flat else first, last > GROWS * first and GROWS * middle**2 > first * last > middle**2 / GROWS)


def smallest(found: Sequence[Levels]) -> Levels:
    """The smallest of the divided differences that begin at the same displacement: the one in which the least is left of the function."""
    return [(level[0][0], min(share for _, share in level)) for level in zip_longest(*found, fillvalue=(math.inf, math.inf))]


def shares(points: Sequence[Point], degree: int) -> Levels:
    """What divided differences that leave nothing of polynomials of a degree say of the noise, by the smallest displacement."""
    groups = [points[place : place + degree + 2] for place in range(len(points) - degree - 1)]
    return [(group[0][0], divided(group)) for group in groups]


def fine(found: Levels) -> Levels:
    """The noise at the finest steps, as long as it does not grow as the function does."""
    largest = max(share for _, share in found[:LEAST])
    levels = [(found[0][0], largest)]
    for place, (h, share) in enumerate(found[LEAST:], LEAST):
        curved = share > CURVED * largest and all(later > CURVED * share for _, later in found[place + 1 : place + 2])
        if curved or h > found[0][0] * 2**WINDOW:
            break
        largest = max(largest, share)
        levels.append((h, largest))
    return levels


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Where values may begin to be noisy: between which of the displacements, and how large the noise would be."""

    low: int
    noise: float


def hidden(found: Sequence[Levels], rounding: float) -> Suspicion | None:
    """Where longer steps may meet noise that shorter ones do not, as where what rounds changes more slowly than the rest.

    Divided differences of a function grow with a power of the step. Where they grow abruptly, and those of longer steps stay as large,
    the values beyond have noise, or a corner and then are curved; where they become small again it was nothing but a corner or one jump.
    What a strongly curved function hides in the differences of low degree shows in the smallest of all.
    """
    if not found:
        return None
    least = smallest(found)
    return abrupt(found[0], least, rounding, DEGREES[0] + 1) or abrupt(least, least, rounding, DEGREES[-1] + 1)


def abrupt(levels: Levels, least: Levels, rounding: float, power: int) -> Suspicion | None:
    """Where levels grow faster than a power of the step, and the least of all stay as large."""
    largest = rounding / MEASURED
    for place, (h, share) in enumerate(levels):
        beyond = [later for _, later in least[place + 2 : place + 2 + LASTS]]
        if (
            place
            and share > ABRUPT * largest * (h / levels[place - 1][0]) ** power
            and len(beyond) == LASTS
            and min(beyond) > FADES * share
        ):
            return Suspicion(place + 1, MEASURED * max(share, min(beyond)))
        largest = max(largest, share)
    return None


def divided(points: Sequence[Point]) -> float:
    """A divided difference of all points, in units in which noise of size 1 in every value makes at most 1."""
    unit = points[-1][0] - points[0][0]
    total = weights = 0.0
    for t, value in points:
        product = 1.0
        for other, _ in points:
            if other != t:
                product *= (t - other) / unit
        total += value / product
        weights += abs(1 / product)
    return abs(total) / weights


def in_row(values: Sequence[float]) -> float:
    """The noise that values with equal distances show: the level at which their differences of growing order stop to shrink.

    A solver that stops at a tolerance jumps where it needs one round more, far apart, so that steps close to the point see nothing of
    it. 0 if the differences shrink on, or are as large as the function's own changes.
    """
    levels: list[float] = []
    differences = list(values)
    while len(differences) > 1:
        differences = [b - a for a, b in pairwise(differences)]
        levels.append(max(map(abs, differences)) / 2.0 ** (len(levels) + 1))
    first, last = levels[0], levels[-3:]
    return MEASURED * max(last) if max(last) < STOPS * min(last) and max(last) < SMALL * first else 0.0


def repeatable(phi: Callable[[float], Any], t: float = 0.0) -> bool:
    """Whether a function gives the same bits when it is evaluated twice."""
    first, second = (np.asarray(phi(t), dtype=np.float64).tobytes() for _ in range(2))
    return bool(first == second)


def scatter(gradient: Callable[[int], Any]) -> Any:
    """How uncertain a given gradient is in itself: 4 ulp, or how much it changes at x ± k·ulp; one number for each of its elements.

    `gradient(k)` is the gradient, a vector, with the point moved by k units in the last place of each number. What a smooth gradient
    changes over these distances is left out: second differences have none of its slope, and those of the two longest together none of
    its curvature. Where one side has no gradient, as at the edge of a domain, the other stands for both. A
    gradient that differs from all its neighbours, which agree among themselves, is not uncertain but special at this point.
    """
    here = np.asarray(gradient(0), dtype=np.float64)
    least = 4 * np.spacing(np.abs(here))
    with silently():
        ahead, behind = (np.array([gradient(side * k) for k in UNITS], dtype=np.float64) for side in (1, -1))
        ahead, behind = (np.where(np.isnan(one), other, one) for one, other in ((ahead, behind), (behind, ahead)))
        bent = ahead + behind - 2 * here
        ratio = (UNITS[-1] / UNITS[-2]) ** 2
        seen = [abs(ahead[0] - here), abs(behind[0] - here), abs(bent[1]) / 2, abs(ratio * bent[-2] - bent[-1]) / ratio]
        around = np.concatenate([ahead, behind])
        spread, off = np.ptp(around, axis=0), np.min(abs(around - here), axis=0)
        found = np.where(off > CURVED * spread + least, spread, np.max(seen, axis=0))
        return np.maximum(least, np.where(np.isfinite(found), found, math.inf))
