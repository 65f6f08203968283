"""A closer look at places where the values of an unknown function may jump: what is noise or a grain of the values, and what a corner."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gradcli.checking.opaque.noise import FLOOR, Levels, U, divided_differences, hidden, measured
from gradcli.checking.opaque.sides import Side

HALVINGS, ENOUGH = 30, 8
"""How often a place is halved to see whether the function jumps there, and how often where it keeps jumping."""

CONTINUES = 2.0**-6
"""What may be left of a change at the end of a flat part that is looked at that closely, where the function does not jump."""

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
    """The change at the place where a flat part ends, and how often the place was halved to find it."""
    low, high = side.edge() or (0.0, 0.0)
    flat, change = side.values[side.deep], side.change()
    for halved in range(halvings):
        middle = (low + high) / 2
        if not low < middle < high:
            return change, HALVINGS
        found = value(side.sign * middle)
        if found is None or not math.isfinite(found):
            return change, halved
        changed = abs(found - flat)
        low, high, change = (low, middle, changed) if changed else (middle, high, change)
        if halved > ENOUGH and change > CONTINUES * side.change():
            return change, halved
    return change, halvings


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
