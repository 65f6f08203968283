"""Whole numbers beneath numbers of any system: what the decisions of floor, round and mod are made of."""

from __future__ import annotations

import math
from typing import Any


def floor_of(x: Any) -> int:
    """The largest whole number <= x, of a float or an mpmath number. Raises ValueError or OverflowError unless x is finite."""
    n = int(x)
    return n - 1 if n > x else n


def ceil_of(x: Any) -> int:
    """The smallest whole number >= x."""
    n = int(x)
    return n + 1 if n < x else n


def round_of(x: Any) -> int:
    """The nearest whole number, of two the even one."""
    n = floor_of(x)
    twice = 2 * (x - n)
    return n if twice < 1 or (twice == 1 and n % 2 == 0) else n + 1


def sign_of(x: Any) -> int:
    """-1, 0 or 1; 0 for nan."""
    return int(x > 0) - int(x < 0)


def keep_special(x: float) -> float:
    """The value of floor and its like where there is no whole number: nan and the infinities stay."""
    return x if not math.isfinite(x) else math.nan
