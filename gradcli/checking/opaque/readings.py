"""One output of an unknown function at all steps that were taken: its sides, its noise, and the difference quotients with what it does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.checking.opaque.closer import grain, hidden_noise, jumps_in_row
from gradcli.checking.opaque.few_digits import hidden_change, relative_error
from gradcli.checking.opaque.limits import Quotient
from gradcli.checking.opaque.noise import FLOOR, WINDOW, Noise, U, divided_differences, in_row, measured
from gradcli.checking.opaque.sides import GRAIN, Side, side
from gradcli.checking.opaque.steps import ROW, Steps

SPARSE = 4
"""How much larger than known noise that of values in a row must be to count."""

DROWNS = 0.05
"""The noise, as a share of all changes of the values, from which on a slope says nothing."""


class Readings:
    """The values of one output on both sides of the point; they become more as steps are added."""

    def __init__(self, steps: Steps, output: int) -> None:
        self.steps, self.output = steps, output
        self.here = float(steps.here[output])
        self.grain = self.least = self.quiet = self.close = self.rounded = self.sparse = 0.0
        self.noises: list[Noise] = []
        self.read()

    def read(self) -> None:
        """Takes note of the steps that are new."""
        left, right = ([float(values[k][self.output]) for k in self.steps.octaves()] for values in (self.steps.behind, self.steps.ahead))
        h, bottom = [self.steps.h[k] for k in self.steps.octaves()], 2.0**self.steps.bottom
        self.left = side(-1, self.here, list(zip(h, left, strict=True)), bottom)
        self.right = side(1, self.here, list(zip(h, right, strict=True)), bottom)

    def value(self, t: float) -> float | None:
        """The value at another displacement; None when the budget is spent."""
        found: Any = self.steps.one_sided(math.copysign(self.steps.taken(abs(t)), t))
        return None if found is None else float(found[self.output])

    def window(self) -> list[int]:
        """Exponents of the steps at which noise shows: above the smallest that changes anything."""
        starts = [moving[0][0] for one in (self.left, self.right) if (moving := one.moving())]
        lowest = math.floor(math.log2(min(starts))) if starts else self.steps.top
        return list(range(lowest, min(lowest + WINDOW, self.steps.top)))

    def flat_ends(self) -> int:
        """On how many sides the end of a flat part must be looked at closely."""
        return self.left.jumpy() + self.right.jumpy()

    def measure(self, halvings: int) -> None:
        """Measures the grain and the noise of the values; `halvings` is how closely ends of flat parts may be looked at."""
        for one in (self.left, self.right):
            found = grain(one, self.value, halvings)
            self.grain, self.least = max(self.grain, found.size), max(self.least, found.noise)
            noise = Noise([]) if found.leaves else self.noise_of(one)
            self.noises.append(noise)
            self.close = max(self.close, one.slope_at(noise.levels[-1][0]) if noise.levels else 0.0)
        self.quiet = min(self.left.root(), self.right.root())
        self.rounded = relative_error([self.here, *self.left.values, *self.right.values])

    def measure_row(self, row: Sequence[tuple[float, Any]]) -> None:
        """Measures noise that is too sparse to be met by steps: `row` are values with equal distances."""
        points = [(t, float(value[self.output])) for t, value in row]
        if len(points) <= ROW or not all(math.isfinite(value) for _, value in points):
            return
        noise = in_row([value for _, value in points])
        known = self.noise(abs(points[-1][0]), *(value for _, value in points))
        if noise > SPARSE * known and jumps_in_row(points, self.value):
            self.sparse = noise

    def noise_of(self, one: Side) -> Noise:
        """The noise of the values on one side, beyond its flat part."""
        differences = divided_differences(one.moving())
        return measured(differences, one.flat() > 0, hidden_noise(one, differences, self.value))

    def grainy(self) -> bool:
        """Whether the values have a grain beyond that of doubles."""
        return self.grain > GRAIN * U * abs(self.here)

    def noise(self, h: float, *values: float) -> float:
        """A bound of the noise of values at a step."""
        rounding = max(FLOOR * U, self.rounded) * max(map(abs, values))
        if 0 < h <= self.quiet:
            return rounding
        measured = max([self.least, *(one.at(h) for one in self.noises)])
        return max(rounding, measured, self.passed_on(h, measured, *values))

    def passed_on(self, h: float, measured: float, *values: float) -> float:
        """The noise of an input that is rounded inside: it grows with the slope, from what was measured close to the point."""
        slope = max(abs(value - self.here) for value in values) / h if h else 0.0
        return min(measured * slope / self.close, FLOOR * U * abs(self.steps.x) * slope) if self.close else 0.0

    def noise_here(self) -> float:
        """A bound of the noise of the value at the point."""
        return self.noise(0.0, self.here)

    def loudest(self) -> float:
        """The largest noise that was measured at any step, where it does not grow with the step."""
        return max((one.at(math.inf) for one in self.noises if not one.grows), default=0.0)

    def drowns(self) -> bool:
        """Whether measured noise is as large as all changes of the values: they may as well be those of a wave that is too fast."""
        values = [self.here, *self.left.values, *self.right.values]
        noise = self.loudest()
        return noise > max(DROWNS * (max(values) - min(values)), 2 * FLOOR * U * max(map(abs, values)))

    def two_sided(self) -> list[Quotient]:
        """Difference quotients of both sides, from the largest step."""
        values = list(zip(self.right.steps, self.right.values, self.left.values, strict=False))
        return [self.quotient(h, ahead - behind, 2 * h, ahead, behind) for h, ahead, behind in reversed(values)]

    def one_sided(self, one: Side) -> list[Quotient]:
        """Difference quotients of one side, from the largest step."""
        values = list(zip(one.steps, one.values, strict=True))
        return [self.quotient(h, one.sign * (value - self.here), h, value) for h, value in reversed(values)]

    def quotient(self, h: float, change: float, distance: float, *values: float) -> Quotient:
        """A quotient whose step is rounded where elements of an array that moves are smaller than the largest."""
        noise = 2 * self.noise(h, self.here, *values) / distance + 4 * U * abs(change / distance)
        return Quotient(h, change / distance, noise)

    def hidden(self) -> float:
        """The slope that values which never change may hide, because they have few digits; 0 if they change, or have all digits."""
        values = {self.here, *self.left.values, *self.right.values}
        return hidden_change(self.here) / 2.0**self.steps.top if len(values) == 1 else 0.0

    def steepness(self) -> float:
        """The largest slope that is seen at any step."""
        return max((abs(one.value) - one.noise for side in (self.left, self.right) for one in self.one_sided(side)), default=0.0)
