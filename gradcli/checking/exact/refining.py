"""How the precise engines choose their precision: twice as many bits until two runs agree.

Two runs agree also on what both of them lost. So the first one already has bits for the spread of the program's numbers (a sum of
1e150 and 1 keeps the 1), and the bound of an answer holds what the coarser run may have lost beyond that.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from gradcli.checking.subject import Subject

START = 192
"""Bits of the coarser run that are left when the spread of the numbers is paid for."""

LIMIT = 9600
"""Bits that no run exceeds: twice the spread that doubles can have, four times over."""

Answer = TypeVar("Answer")


def refined(subject: Subject, run: Callable[[int], Answer], settled: Callable[[Answer, Answer], bool]) -> tuple[Answer, Answer]:
    """The last two answers (finer, coarser) of a run whose precision is doubled until they settle."""
    prec = START + subject.spread
    coarse, fine = run(prec), run(2 * prec)
    while not settled(fine, coarse) and 4 * prec <= LIMIT:
        prec *= 2
        coarse, fine = fine, run(2 * prec)
    return fine, coarse


def agree(fine: Any, coarse: Any, scale: Any) -> bool:
    """Whether two numbers agree to half of the bits that the coarser run has for sure, or have no value to agree on."""
    error = abs(fine - coarse)
    return bool(error != error or error <= max(abs(fine), scale) * 2.0 ** -(START // 2))


def lost(size: Any) -> Any:
    """What both runs may have lost alike, of terms of a size: the last of the coarser run's bits."""
    return size * 2.0 ** -(START - 16)
