"""The values of an unknown function at a growing set of steps on both sides of a point: which steps, and that each is taken exactly.

Steps are no powers of two: a function that computes in single precision, or has waves as long as a power of two, would look exact there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from gradcli.operations.lazily import np, silently

LARGEST, SMALLEST = 1, 45
"""The largest step is 2**LARGEST times the point's size or 1, the smallest 2**-SMALLEST times the point's size."""

SCAN = 24
"""Steps that are tried first, evenly over all octaves, and a quarter more where there are many octaves."""

BEYOND = (60, 80, 120, 200)
"""Octaves beneath 1 at which a function is looked at as well around 0, where its scale can be anything."""

ROW, SPACING = 8, -8
"""Values in a row with equal distances, and the exponent of their distance in units of the largest step."""

DEEPEST, WIDEST = -1050, 1022
"""The exponents of the smallest and the largest step of all."""

TURN, WOBBLE = 0.6180339887498949, 0.25
"""By how many octaves steps are longer than powers of two: up to WOBBLE, and never the same again."""

BUDGET = 120
"""Values that are computed at most beside that at the point."""


class Steps:
    """Values at x, and at x ± h for a growing set of steps h, by the exponent of h; every value is a vector of all outputs."""

    def __init__(self, phi: Callable[[float], Any], x: float, budget: int = BUDGET) -> None:
        self.phi, self.x, self.left = phi, x, budget
        self.exponent = math.frexp(x)[1] - 1 if x else 0
        self.top, self.bottom = min(max(self.exponent, 0) + LARGEST, WIDEST), max(self.exponent - SMALLEST, DEEPEST)
        self.here = self.value(0.0)
        self.h: dict[int, float] = {}
        self.ahead: dict[int, Any] = {}
        self.behind: dict[int, Any] = {}

    def value(self, t: float) -> Any:
        """The outputs at a displacement."""
        with silently():
            return np.array(self.phi(t), dtype=np.float64).ravel()

    def scan(self) -> None:
        """The first look, over all octaves that may matter."""
        octaves = self.top - self.bottom
        count = SCAN if octaves < 2 * SCAN else SCAN + SCAN // 4
        self.add(round(self.bottom + octaves * i / (count - 1)) for i in range(count))
        if not self.x:
            self.add(-octave for octave in BEYOND)

    def add(self, octaves: Iterable[int]) -> bool:
        """Values at steps of these exponents on both sides, as far as the budget allows; whether there is a new one."""
        before = len(self.h)
        for octave in octaves:
            if octave in self.h or self.left < 2:
                continue
            h = self.taken(2.0 ** (octave + WOBBLE * (octave * TURN % 1)))
            if h > 0 and math.isfinite(h) and h not in self.h.values():
                self.h[octave], self.ahead[octave], self.behind[octave] = h, self.value(h), self.value(-h)
                self.left -= 2
        return len(self.h) > before

    def row(self) -> list[tuple[float, Any]]:
        """Displacements and values with equal distances, from the point on; on the side where the first of them is finite."""
        h = self.taken(2.0 ** (self.top + SPACING + WOBBLE * TURN))
        found = self.one_sided(h)
        sign = 1 if found is None or np.all(np.isfinite(found)) else -1
        if sign < 0:
            found = self.one_sided(-h)
        rest = [(sign * k * h, self.one_sided(sign * k * h)) for k in range(2, ROW + 1)]
        return [(t, value) for t, value in ((0.0, self.here), (sign * h, found), *rest) if value is not None]

    def one_sided(self, t: float) -> Any | None:
        """The outputs at a displacement to one side only; None when the budget is spent."""
        self.left -= 1
        return self.value(t) if self.left >= 0 else None

    def taken(self, h: float) -> float:
        """The step that is really taken from the point when h is asked for."""
        return (self.x + h) - self.x

    def octaves(self) -> list[int]:
        """The exponents of the steps so far, from the smallest."""
        return sorted(self.h)
