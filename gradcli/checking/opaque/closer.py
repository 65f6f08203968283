"""A closer look at places where the values of an unknown function may jump: what is noise or a grain of the values, and what a corner."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradcli.checking.opaque.noise import FLOOR, Levels, Point, U, divided_differences, hidden, measured
from gradcli.checking.opaque.sides import Side

STENCIL = 4
"""Values in a row from which the next one is foretold."""

HALVINGS, ENOUGH = 30, 8
"""How often a place is halved to see whether the function jumps there, and how often where it keeps jumping."""

CONTINUES = 2.0**-6
"""What may be left of a change at the end of a flat part that is looked at that closely, where the function does not jump."""

CLOSEST = 24
"""How often a place between values in a row is halved."""

JUMPY = 2.0**-3
"""What is left of a change away from a line, when its place is looked at closely, if the values jump there."""

Value = Callable[[float], float | None]
"""The value at a displacement from the point; None when no more values can be had."""


@dataclass(frozen=True, slots=True)
class Grain:
    """What the end of a flat part says: the size of the jump there, and noise that values have in any case.

    `leaves` says that the function only leaves the flat part there, without a jump.
    """

    size: float = 0.0
    noise: float = 0.0
    leaves: bool = False


def grain(side: Side, value: Value, halvings: int) -> Grain:
    """What the end of a flat part is; it is looked at so closely as `halvings` allow."""
    if side.edge() is None:
        return Grain()
    first = side.change()
    if not side.jumpy():
        return Grain(first, 2 * first)
    change, halved = nearest_change(side, value, min(halvings, HALVINGS))
    if change <= CONTINUES * first or (halved < ENOUGH and continues(side)):
        return Grain(0.0, 2 * change if halved == HALVINGS else 0.0, leaves=True)
    return Grain(change, 2 * change)


def nearest_change(side: Side, value: Value, halvings: int) -> tuple[float, int]:
    """The change at the steepest place where a flat part ends, and how often the place was halved to find it.

    The steepest, not the first: factors that round more finely than the rest move such values by a rounding before they jump.
    """
    low, high = side.edge() or (0.0, 0.0)
    below = side.values[side.deep]
    above = side.moving()[0][1]
    for halved in range(halvings):
        middle = (low + high) / 2
        if not low < middle < high:
            return abs(above - below), HALVINGS
        found = value(side.sign * middle)
        if found is None or not math.isfinite(found):
            return abs(above - below), halved
        low, below, high, above = (low, below, middle, found) if abs(found - below) > abs(above - found) else (middle, found, high, above)
        if halved > ENOUGH and abs(above - below) > CONTINUES * side.change():
            return abs(above - below), halved
    return abs(above - below), halvings


def continues(side: Side) -> bool:
    """Whether the values beyond a flat part are smooth, as far as can be seen without a closer look."""
    levels = measured(divided_differences(side.moving()), flat=True).levels
    return not levels or levels[-1][1] < CONTINUES * side.change()


def hidden_noise(side: Side, found: Sequence[Levels], value: Value) -> float:
    """The noise that only longer steps meet: where divided differences suspect it, and the values jump when looked at closely."""
    points = side.moving()
    suspected = hidden(found, FLOOR * U * abs(side.here))
    if suspected is None:
        return 0.0
    (low, near), (high, far) = points[suspected.low], points[suspected.low + 1]
    slope = (near - side.here) / low
    below, above = 0.0, far - side.here - slope * high
    first = abs(above)
    for _ in range(ENOUGH):
        middle = math.sqrt(low) * math.sqrt(high)
        there = value(side.sign * middle) if low < middle < high else None
        if there is None or not math.isfinite(there):
            break
        off = there - side.here - slope * middle
        low, below, high, above = (low, below, middle, off) if abs(off - below) > abs(above - off) else (middle, off, high, above)
    return suspected.noise if abs(above - below) > JUMPY * first else 0.0


def jumps_in_row(row: Sequence[Point], value: Value) -> bool:
    """Whether values with equal distances jump somewhere: from one end or the other, where the next is not what those before foretell."""
    return any(jumps_after(*broken(way), value) for way in (row, row[::-1]))


def jumps_after(known: Sequence[Point], next_one: Point, value: Value) -> bool:
    """Whether values jump between some in a row and the next; they are thought to where it can't be looked at."""
    (low, _), (high, far) = known[-1], next_one
    below, above = 0.0, far - foretold(known, high)
    least = JUMPY * abs(above)
    for _ in range(CLOSEST):
        middle = (low + high) / 2
        there = value(middle)
        if there is None or not math.isfinite(there):
            return True
        off = there - foretold(known, middle)
        low, below, high, above = (low, below, middle, off) if abs(off - below) > abs(above - off) else (middle, off, high, above)
        if abs(above - below) <= least:
            return False
    return True


def broken(row: Sequence[Point]) -> tuple[Sequence[Point], Point]:
    """The first value that those before do not foretell, and they."""
    offs = [abs(row[k][1] - foretold(row[k - STENCIL : k], row[k][0])) for k in range(STENCIL, len(row))]
    place = next(k for k, off in enumerate(offs, STENCIL) if 4 * off >= max(offs))
    return row[place - STENCIL : place], row[place]


def foretold(known: Sequence[Point], t: float) -> float:
    """The value at t of the polynomial through some values."""
    return sum(value * math.prod((t - other) / (own - other) for other, _ in known if other != own) for own, value in known)
