"""Points without a derivative, where the slopes on both sides differ: what they are called, and which slopes fit between the sides."""

from __future__ import annotations

import math
from typing import Any

from gradcli.checking.estimates import text
from gradcli.checking.exact.difference import Differences
from gradcli.checking.exact.sequences import GROWS, JUMPS
from gradcli.checking.subject import Bracket
from gradcli.results import Estimate

U = 2.0**-53
SMALLEST = 5e-324
"""Differences below the smallest double decide nothing."""


def kinked(d: Differences) -> bool:
    """Whether the one-sided slopes differ by more than their bounds: a corner, or a side that grows without end."""
    left, right = d.left, d.right
    if left.value is None or right.value is None or "did not settle" in (left.note, right.note):
        return False
    if math.isinf(left.value) or math.isinf(right.value):
        return True
    return bool(abs(right.value - left.value) > left.error + right.error)


def shape(d: Differences) -> str:
    """What the point is, by how its quotients grow."""
    notes = (d.left.note, d.right.note)
    return "a jump" if JUMPS in notes else "a vertical tangent" if GROWS in notes else "a corner"


def slopes_in_words(d: Differences) -> str:
    """What a kink is, and the slopes on both of its sides."""
    return f"{shape(d)}: the slope is {text(d.left.value)} on the left and {text(d.right.value)} on the right"


def sides(d: Differences) -> Estimate:
    """What the difference quotient answers at a kink: no number, but the slopes."""
    return Estimate(None, "", math.inf, f"{text(d.left.value)} on the left, {text(d.right.value)} on the right")


def between(value: Any, d: Differences, slack: Any = 0) -> bool:
    """Whether a slope lies between the one-sided slopes, bounds included.

    A side on which the value jumps has no slope that bounds anything: there the slope of the other side counts, and where both jump
    that of the piece at the point itself.
    """
    if value is None or value != value:
        return True
    ends = [side for side in (d.left, d.right) if side.note != JUMPS] or [d.central]
    low, high = min(ends, key=lambda bracket: bracket.value), max(ends, key=lambda bracket: bracket.value)
    room = SMALLEST + abs(value) * 2 * U + slack
    return bool(low.value - bounded(low.error) - room <= value <= high.value + bounded(high.error) + room)


def bounded(error: Any) -> Any:
    """An error to widen an interval by; an infinite slope needs none."""
    return 0 if error == math.inf else error


def slopes_at_a_kink(d: Differences) -> list[Bracket]:
    """The one-sided slopes at a kink that are numbers; none elsewhere."""
    return [side for side in (d.left, d.right) if not math.isinf(side.value)] if kinked(d) else []
