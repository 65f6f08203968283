"""IEEE arithmetic where Python's floats raise or turn complex: one place decides.

Bare floats are the fast path; a node whose arithmetic raised is done again with `Ieee` numbers, whose operators answer inf and nan.
"""

from __future__ import annotations

import math
from typing import Any


def divide(a: float, b: float) -> float:
    """a/b as IEEE 754 has it."""
    if b:
        return a / b
    return math.nan if not a or a != a else math.copysign(math.inf, math.copysign(1.0, a) * math.copysign(1.0, b))


def power(a: float, b: float) -> float:
    """a**b as C's pow has it: inf on overflow and at poles, nan for a fractional power of a negative number."""
    try:
        return math.pow(a, b)
    except OverflowError:
        return -math.inf if a < 0 and b % 2 == 1 else math.inf
    except ValueError:
        return math.copysign(math.inf, a) if a == 0 and b % 2 == 1 else math.inf if a == 0 else math.nan


class Ieee(float):
    """A float whose operators never raise: the operators that rules use."""

    def __add__(self, other: Any) -> Ieee:
        return Ieee(float(self) + float(other))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Ieee:
        return Ieee(float(self) - float(other))

    def __rsub__(self, other: Any) -> Ieee:
        return Ieee(float(other) - float(self))

    def __mul__(self, other: Any) -> Ieee:
        return Ieee(float(self) * float(other))

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Ieee:
        return Ieee(divide(float(self), float(other)))

    def __rtruediv__(self, other: Any) -> Ieee:
        return Ieee(divide(float(other), float(self)))

    def __pow__(self, other: Any) -> Ieee:  # type: ignore[override]
        return Ieee(power(float(self), float(other)))

    def __rpow__(self, other: Any) -> Ieee:  # type: ignore[override]
        return Ieee(power(float(other), float(self)))

    def __neg__(self) -> Ieee:
        return Ieee(-float(self))
