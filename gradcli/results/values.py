"""What results are made of: values, outputs, decisions of a run, and dictionaries that nobody changes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

if TYPE_CHECKING:
    import numpy

Value: TypeAlias = "float | numpy.ndarray"
"""A number, or an array of float64 that nobody changes."""


class Frozen(dict[Any, Any]):
    """A dictionary that nobody changes: results are read-only."""

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("results are read-only; dict(…) makes a copy that can be changed")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (dict(self),)


def all_finite(value: Any) -> bool:
    """Whether a number, or every element of an array, is finite."""
    return math.isfinite(value) if isinstance(value, float | int) else bool(abs(value).max(initial=0.0) < math.inf)


@dataclass(frozen=True)
class Computed:
    """One output of a program: the node's `name` (None for an unnamed last statement), its id and value."""

    name: str | None
    id: int
    value: Value


@dataclass(frozen=True)
class Output(Computed):
    """One output with its weight in the gradients, of the value's shape."""

    weight: Value


@dataclass(frozen=True)
class BranchTaken:
    """A decision between two pieces of source: the condition's text and place (from 1), what it was, and how often.

    Of a `for` loop: its first line, whether it ran, and how many `rounds`.
    """

    text: str
    line: int
    column: int
    taken: bool
    times: int = 1
    rounds: int | None = None
