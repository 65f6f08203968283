"""What values of a function beside a point look like on one side of it: where they are finite, flat, or follow a power of the step."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise, takewhile

from gradcli.checking.opaque.noise import U

FLAT = 3
"""Steps of one value from which on a side counts as flat."""

POWER = 7
"""Steps over which a side must follow one power of the step to be called a jump or a vertical tangent."""

GRAIN = 64
"""Units of rounding that a change must have to be more than rounding."""

DEEP = 1e-6
"""How far slopes of deep steps may differ that agree."""

SAME, LINEAR = 0.03, 0.98
"""How even that power is, and above which the slope may be finite."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side: the value at the point, and those at steps beside it, from the smallest step, as far as they are finite.

    `sign` is 1 ahead of the point and -1 behind it. The first `deep` of the steps are far beneath the others: they only look whether
    something is there.
    """

    sign: int
    here: float
    steps: tuple[float, ...]
    values: tuple[float, ...]
    deep: int

    def flat(self) -> int:
        """How many of the smallest steps have the same value, if it is enough of them to be flat."""
        regular = self.values[self.deep :]
        count = sum(1 for _ in takewhile(lambda value: value == regular[0], regular))
        return count if count >= FLAT else 0

    def moving(self) -> list[tuple[float, float]]:
        """Steps and values beyond the flat ones."""
        start = self.deep + self.flat()
        return list(zip(self.steps[start:], self.values[start:], strict=True))

    def edge(self) -> tuple[float, float] | None:
        """The last flat step and the first that is not; None where a side is not flat, or is nothing else."""
        flat, first = self.flat(), self.deep + self.flat()
        return (self.steps[first - 1], self.steps[first]) if flat and first < len(self.steps) else None

    def change(self) -> float:
        """How much the first value beyond the flat ones differs from them."""
        return abs(self.moving()[0][1] - self.values[self.deep])

    def slope_at(self, step: float) -> float:
        """How steep the way from the point to the value at a step is."""
        return next(abs(value - self.here) / h for h, value in zip(self.steps, self.values, strict=True) if h >= step)

    def jumpy(self) -> bool:
        """Whether the side is flat and then changes by more than rounding."""
        return self.edge() is not None and self.change() > GRAIN * U * max(abs(self.values[self.deep]), abs(self.moving()[0][1]))

    def root(self) -> float:
        """The largest of the deep steps up to which there is one slope that is not 0; 0 if there is none."""
        slopes = [((value - self.here) / h, h) for h, value in zip(self.steps[: self.deep], self.values, strict=False)]
        agreed = list(takewhile(lambda slope: abs(slope[0] - slopes[0][0]) < DEEP * abs(slopes[0][0]), slopes))
        return agreed[-1][1] if len(agreed) > 1 else 0.0

    def power(self, grain: float) -> float | None:
        """The power of the step that the change from the point follows, if its slope is infinite: 0 at a jump; None of any other side.

        Changes up to `grain` say nothing.
        """
        changes = [abs(value - self.here) for value in self.values[: self.deep + POWER]]
        regular = changes[self.deep :]
        if len(regular) < POWER or not min(changes) or min(regular) <= grain:
            return None
        changes_of_steps = zip(pairwise(changes), pairwise(self.steps), strict=False)
        powers = [math.log(large / small) / math.log(wide / narrow) for (small, large), (narrow, wide) in changes_of_steps]
        largest = max(powers[self.deep :])
        return largest if max(powers) - min(powers) <= SAME and largest < LINEAR else None


def side(sign: int, here: float, points: list[tuple[float, float]], bottom: float) -> Side:
    """A side from its steps and values, smallest step first; what lies beyond a value that is not finite does not belong to it.

    Steps smaller than `bottom` only look whether something is there.
    """
    usable = list(takewhile(lambda point: math.isfinite(point[1]), points))
    return Side(sign, here, tuple(h for h, _ in usable), tuple(value for _, value in usable), sum(h < bottom for h, _ in usable))
