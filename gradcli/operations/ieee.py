"""IEEE arithmetic where Python's floats raise or turn complex: one place decides.

Bare floats are the fast path; a node whose arithmetic raised is done again with `Ieee` numbers, whose operators answer inf and nan.
"""

from __future__ import annotations

import math
from collections.abc import Callable
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


def operator(function: Callable[[float, float], float]) -> Callable[[Ieee, Any], Ieee]:
    """An operator between numbers; an array beside one brings its own."""

    def between(a: Ieee, b: Any) -> Ieee:
        return Ieee(function(float(a), float(b))) if isinstance(b, float | int) else NotImplemented

    return between


class Ieee(float):
    """A float whose operators never raise: the operators that rules use."""

    __add__ = __radd__ = operator(lambda a, b: a + b)
    __sub__ = operator(lambda a, b: a - b)
    __rsub__ = operator(lambda a, b: b - a)
    __mul__ = __rmul__ = operator(lambda a, b: a * b)
    __truediv__ = operator(divide)
    __rtruediv__ = operator(lambda a, b: divide(b, a))
    __pow__ = operator(power)  # type: ignore[assignment]
    __rpow__ = operator(lambda a, b: power(b, a))  # type: ignore[assignment]

    def __neg__(self) -> Ieee:
        return Ieee(-float(self))
