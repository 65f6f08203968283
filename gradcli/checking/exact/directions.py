"""Directional tests at a kink: with several inputs a gradient must lie between the slopes along every direction, not only along the axes.

At a tie of maximum(x, y) the claim (0, 0) lies between the slopes by x and by y, and is no gradient: along (1, 1) the slope is 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from gradcli.checking.exact.difference import Differences, directional
from gradcli.checking.points.sampling import directions
from gradcli.checking.subject import Subject

FEW = 4
"""Inputs up to which all directions with entries ±1 are tried."""

ULPS = 8 * 2.0**-53
"""What the rounding of a gradient's numbers may do to a slope, relative to their sizes."""

Direction = Mapping[str, int]


@dataclass(slots=True)
class Fan:
    """The one-sided slopes along some directions, where both sides have one."""

    slopes: list[tuple[Direction, Differences]]

    def holds(self, gradient: Mapping[str, Any]) -> bool:
        """Whether the slope that a gradient gives lies between the one-sided slopes along every direction."""
        return all(self.between(gradient, direction, slopes) for direction, slopes in self.slopes)

    @staticmethod
    def between(gradient: Mapping[str, Any], direction: Direction, slopes: Differences) -> bool:
        """Whether a gradient lies between the slopes along one direction."""
        along = sum(side * gradient[name] for name, side in direction.items())
        slack = ULPS * sum(abs(value) for value in gradient.values())
        low, high = sorted((slopes.left, slopes.right), key=lambda bracket: bracket.value)
        return bool(low.value - low.error - slack <= along <= high.value + high.error + slack)


def fan(subject: Subject, scales: Mapping[str, Any], seed: str) -> Fan:
    """The slopes along ±1 directions of several inputs; none for one input, whose slopes are known already."""
    if len(scales) < 2:
        return Fan([])
    found = [(direction, directional(subject, direction, sum(scales.values()))) for direction in chosen(list(scales), seed)]
    return Fan([(direction, d) for direction, d in found if usable(d)])


def usable(d: Differences) -> bool:
    """Whether both one-sided slopes are known."""
    return d.left.value is not None and d.right.value is not None and not d.left.note and not d.right.note


def chosen(names: list[str], seed: str) -> Iterator[Direction]:
    """All directions with entries ±1 up to sign for a few inputs, else seeded ones."""
    if len(names) > FEW:
        return directions(names, seed)
    return (dict(zip(names, (1, *sides), strict=True)) for sides in product((1, -1), repeat=len(names) - 1))
