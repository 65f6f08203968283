"""The constants of a program: which of them are rounded, and the program with others in their place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import copy
from fractions import Fraction
from typing import Any

from gradcli.language import Program
from gradcli.operations.bounded import Bounded
from gradcli.operations.precise import Precise

FEW = 20
"""Rounded constants, or inputs, up to which each is moved by itself; beyond that one run with bounds stands for all."""

WRITTEN = 10_000
"""Bits of a constant as it is written."""


def rounded(program: Program) -> list[bool]:
    """For each constant whether its double is not what is written."""
    return [
        isinstance(value, float) and not exact(literal, value) for literal, value in zip(program.literals, program.constants, strict=True)
    ]


def nudged(program: Program, F: Precise) -> Iterator[Program]:
    """The program with one rounded constant moved by half a unit, for each of them."""
    for i, inexact in enumerate(rounded(program)):
        if inexact:
            value = program.constants[i]
            other = copy(program)
            other.constants = [*program.constants[:i], F.number(value) + F.number(math.ulp(value)) / 2, *program.constants[i + 1 :]]
            yield other


def loosened(program: Program) -> Program:
    """The program with a bound of half a unit on every rounded constant."""
    other = copy(program)
    pairs = zip(program.constants, rounded(program), strict=True)
    other.constants = [Bounded(value, math.ulp(value) / 2) if inexact else value for value, inexact in pairs]
    return other


def written(program: Program, F: Precise) -> Program:
    """The program with its rounded constants as they are written, to more digits than any engine looks at."""
    other = copy(program)
    F.context.prec = WRITTEN
    known = {math.pi: +F.context.pi, math.e: +F.context.e, math.tau: 2 * F.context.pi}
    trio = zip(program.literals, program.constants, rounded(program), strict=True)
    other.constants = [spelled(literal, known.get(value, value), F) if inexact else value for literal, value, inexact in trio]
    return other


def spelled(literal: str, value: Any, F: Precise) -> Any:
    """The number that a literal spells; `value` for a name."""
    try:
        number = Fraction(literal)
    except ValueError:
        return F.number(value)
    return F.number(number.numerator) / F.number(number.denominator)


def exact(literal: str, value: float) -> bool:
    """Whether a literal is its double; names of infinite values are."""
    if not math.isfinite(value):
        return True
    try:
        return Fraction(literal) == Fraction(value)
    except ValueError:
        return False
