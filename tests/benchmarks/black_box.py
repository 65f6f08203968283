"""How well slopes of black boxes are bounded, and what they cost: `python -m tests.benchmarks.black_box [COUNT]`.

The corpus of the tests, and COUNT random functions of each kind from seeds that nothing was tuned on. A slope is undecided if its bound
is above 1e-6 of it; an error of 1e-6 or 1e-8 in a claimed slope is found if the claim lies outside of the bound; a bound is broken if the
exact slope does, a false corner is one that is not there, and for boxes with a corner undecided means that it was not seen.
"""

from __future__ import annotations

import statistics
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.checking import black_boxes
from tests.checking.black_boxes import Box
from tests.checking.test_black_boxes import encloses, kinked, looked, resolved


@dataclass
class Figures:
    """What was found on boxes of one kind."""

    kind: str
    counts: list[int] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)
    undecided: int = 0
    broken: int = 0
    false_corners: int = 0
    found: dict[float, int] = field(default_factory=lambda: {1e-6: 0, 1e-8: 0})

    def add(self, box: Box) -> None:
        """One more box."""
        found, count = looked(box)
        self.counts.append(count)
        self.broken += not (encloses(found.left, box.left) and encloses(found.right, box.right))
        if box.left != box.right:
            self.undecided += not kinked(found)
            return
        central, slope = found.central, float(box.slope)
        self.broken += not encloses(central, box.slope)
        self.false_corners += kinked(found)
        self.undecided += not resolved(found, box.slope)
        if central.value is not None and slope:
            self.bounds.append(central.error / abs(slope))
            for size in self.found:
                self.found[size] += abs(slope * (1 + size) - central.value) > central.error

    def line(self) -> str:
        """The figures in a row."""
        boxes = len(self.counts)
        shares = [f"{self.found[size] / boxes:7.1%}" if self.bounds else "      -" for size in self.found]
        bound = f"{statistics.median(self.bounds):8.1e}" if self.bounds else "       -"
        return (
            f"{self.kind:<34} {boxes:6} {statistics.mean(self.counts):6.0f} {max(self.counts):5} {bound} {self.undecided / boxes:9.1%} "
            f"{shares[0]} {shares[1]} {self.broken:7} {self.false_corners:8}"
        )


def report(kind: str, boxes: Iterable[Box]) -> None:
    """Prints the figures of boxes of one kind."""
    figures = Figures(kind)
    for box in boxes:
        figures.add(box)
    print(figures.line(), flush=True)


def main(count: int) -> None:
    """Prints all figures."""
    print(
        f"{'':34} {'boxes':>6} {'values':>6} {'most':>5} {'bound':>8} {'undecided':>9} {'1e-6':>7} {'1e-8':>7} {'broken':>7} {'false':>8}"
    )
    report("well-scaled smooth", black_boxes.WELL_SCALED)
    report("hard smooth", black_boxes.HARD_SMOOTH)
    report("near corners, on flat parts", black_boxes.PIECEWISE)
    report("with noise", black_boxes.NOISY)
    report("corners", black_boxes.AT_CORNERS)
    report("random smooth", black_boxes.random_boxes(count, 1001, 0))
    report("random smooth, 3 decades of scales", black_boxes.random_boxes(count, 1002, 1.5))
    report("random smooth, 6 decades of scales", black_boxes.random_boxes(count, 1003, 3))
    report("random with noise", black_boxes.random_boxes(count, 1004, 0, noisy=True))
    report("random near corners", black_boxes.random_corners(count, 1005, near=True))
    report("random corners", black_boxes.random_corners(count, 1006, near=False))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
