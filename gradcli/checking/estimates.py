"""Numbers of the engines as results and in sentences: the nearest double, and as many decimal digits as a bound lets stand."""

from __future__ import annotations

import math
from typing import Any

from gradcli.checking.subject import Bracket
from gradcli.results import Estimate

MOST_DIGITS = 40
"""Digits that a result has at most."""


def estimate(bracket: Bracket) -> Estimate:
    """A bracket as a result: the nearest double, and as many digits as the bound lets stand."""
    if bracket.value is None or bracket.value != bracket.value:
        return Estimate(None, "", math.inf, bracket.note or "no value")
    digits, error = decimal(bracket)
    return Estimate(float(bracket.value), digits, error, bracket.note)


def decimal(bracket: Bracket) -> tuple[str, float]:
    """The digits that a bracket really has, and the error that belongs to them."""
    context = bracket.value.context
    if not abs(bracket.error) < math.inf:
        return "", math.inf
    if not bracket.value:
        return "0.0", above(bracket.error) if bracket.error else 0.0
    relative = bracket.error / abs(bracket.value) if bracket.error else 0
    known = MOST_DIGITS if not relative else int(max(1, min(MOST_DIGITS, math.floor(-float(context.log10(relative))))))
    cut = abs(bracket.value) * context.mpf(10) ** (1 - known)
    return context.nstr(bracket.value, known), above(bracket.error + cut)


def above(number: Any) -> float:
    """A double that is not smaller than a number of an engine."""
    return math.nextafter(float(number), math.inf)


def slope(bracket: Bracket) -> float | None:
    """A one-sided slope as a double."""
    return None if bracket.value is None else float(bracket.value)


def text(number: Any) -> str:
    """A number for a sentence: the nearest double, shortest form."""
    value = float(number)
    return (
        str(int(value))
        if value.is_integer() and abs(value) < 1e15
        else f"{value:.6g}"
        if abs(value) < 1e-12 or value != value
        else repr(value)
    )
