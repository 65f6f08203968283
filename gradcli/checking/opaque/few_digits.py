"""Values that have fewer digits than doubles have: printed with six or eight, or computed in single precision, and what that hides.

Noise shows where values wobble. It does not where they are all rounded alike: near a root, where their error shrinks with them, and
along a line on which they never change.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.checking.mistakes.diagnosis import digits
from gradcli.operations.lazily import np

MANY = 8
"""Different values that must all have few digits before it is believed of the function."""

MOST, FEWEST = 12, 6
"""Digits up to which values are printed ones, and that are printed at least: a value such as 2.5 may have had more."""

SINGLE = 2.0**-24
"""The relative error of rounding to single precision."""

DOUBLE_DIGITS = 9
"""Digits of a double beyond which being one of single precision too is no accident."""


def relative_error(values: Sequence[float]) -> float:
    """Up to which relative error the values of a function are rounded, as their digits tell; 0 if they do not."""
    different = {value for value in values if math.isfinite(value)}
    return rounded(different) if len(different) >= MANY else 0.0


def hidden_change(value: float) -> float:
    """How far a function may have changed that had this value at every step, because the value has few digits."""
    return abs(value) * 2 * rounded({value})


def rounded(values: set[float]) -> float:
    """The relative error of values that all have few digits; 0 of others."""
    count = max((digits(value) for value in values), default=0)
    if count <= MOST:
        return 0.5 * 10.0 ** (1 - max(count, FEWEST))
    numbers = np.array(list(values))
    with np.errstate(all="ignore"):
        single = count > DOUBLE_DIGITS and bool(np.all(numbers.astype(np.float32).astype(np.float64) == numbers))
    return SINGLE if single else 0.0
