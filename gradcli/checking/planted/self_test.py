"""The self-test: faults planted in a gradient that agreed, each judged again, as proof that the check can fail.

Nothing is computed again: the engines' answers stand, and only the number under test is another one. What is known of the derivatives
comes from elsewhere; here are the faults.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcli.operations.lazily import np
from gradcli.results import Caught, Outcome, Verdict

SIZES = tuple(10.0**-k for k in range(10, 0, -1))
"""Relative sizes of the errors that are planted."""

COMPONENTS = 16
"""Elements of an input that faults are planted in; of more, some of all sizes."""

SMALL = 1e-6
"""Elements smaller than this, relative to the largest, are left out where elements are judged as sums along directions."""

FAILING: frozenset[Verdict] = frozenset({"disagree", "undefined", "error"})
"""Verdicts by which a fault is caught: "inconclusive" does not see it."""


@dataclass(frozen=True)
class SpecimenLine:
    """A line along which a gradient agreed.

    `unit` is what sizes of errors are relative to; `zero` says that the derivative vanishes as far as the check can tell; `fails`
    whether the check fails if another number is given along the line.
    """

    value: float
    unit: float
    zero: bool
    fails: Callable[[float], bool]


@dataclass(frozen=True)
class Specimen:
    """The gradient by one input: its lines, which are its elements, or directions over all elements (line, element).

    `neighbour` is another input's number, to be mixed up with the own one; `reason` says why nothing can be planted.
    """

    name: str
    lines: Sequence[SpecimenLine] = ()
    elements: Any = None
    directions: Any = None
    neighbour: float | None = None
    reason: str = ""


NOT_AGREED = "the verdict is {} anyway"
"""Why nothing is planted in a gradient that did not agree."""


def self_tests(found: Iterable[Specimen]) -> list[Caught]:
    """The self-tests of all gradients of a check; numbers may be mixed up with each other."""
    each = list(found)
    values = [one.lines[0].value if len(one.lines) == 1 else None for one in each]
    return [self_test(replace(one, neighbour=beside(values, i))) for i, one in enumerate(each)]


def beside(values: Sequence[float | None], i: int) -> float | None:
    """The number of the next gradient that is one."""
    return next((value for value in (*values[i + 1 :], *values[:i]) if value is not None), None)


def self_test(specimen: Specimen) -> Caught:
    """Which faults in the gradient by one input are caught, and from which size on."""
    if specimen.reason:
        return Caught(specimen.name, None, reason=specimen.reason)
    planting = Planting(specimen)
    chosen = planting.chosen()
    if not chosen:
        return Caught(specimen.name, None, reason="there is no element to plant a fault in")
    sizes = [planting.smallest(k) for k in chosen]
    large = [k for k in chosen if not planting.zero(k)]
    return Caught(
        specimen.name,
        None if None in sizes else max(size for size in sizes if size is not None),
        sign=outcome(planting.fails(k, -planting.values[k]) for k in large),
        swap=outcome(planting.swapped(chosen)),
        zero=outcome(planting.fails(k, 0.0) for k in large),
        nan=outcome(planting.fails(k, math.nan) for k in chosen),
        reason="" if specimen.directions is None else "sizes are relative to the largest element: it is judged along directions",
    )


def outcome(found: Iterator[bool]) -> Outcome:
    """What became of one kind of fault in all elements."""
    each = list(found)
    return "not applicable" if not each else "caught" if all(each) else "missed"


class Planting:
    """The elements of one gradient, and what the check says if they are others."""

    def __init__(self, specimen: Specimen) -> None:
        self.specimen = specimen
        self.directions = specimen.directions
        self.values = [line.value for line in specimen.lines] if self.directions is None else np.ravel(specimen.elements).tolist()
        self.largest = max(map(abs, self.values), default=0.0)

    def chosen(self) -> list[int]:
        """The elements that faults are planted in."""
        places = range(len(self.values))
        if self.directions is not None:
            places = [k for k in places if abs(self.values[k]) > SMALL * self.largest]  # type: ignore[assignment]
        if len(places) <= COMPONENTS:
            return list(places)
        ranked = sorted(places, key=lambda k: abs(self.values[k]))
        return sorted(ranked[round(i * (len(ranked) - 1) / (COMPONENTS - 1))] for i in range(COMPONENTS))

    def zero(self, k: int) -> bool:
        """Whether the derivative by an element is zero."""
        return self.specimen.lines[k].zero if self.directions is None else self.values[k] == 0

    def unit(self, k: int) -> float:
        """What an error in an element is relative to."""
        return self.specimen.lines[k].unit if self.directions is None else self.largest

    def fails(self, k: int, value: float) -> bool:
        """Whether the check fails if an element is another number."""
        if self.directions is None:
            return self.specimen.lines[k].fails(value)
        return self.fail({k: value})

    def fail(self, changed: dict[int, float]) -> bool:
        """The same of several elements at once."""
        if self.directions is None:
            return any(self.specimen.lines[k].fails(value) for k, value in changed.items())
        off = [sum(row[k] * (value - self.values[k]) for k, value in changed.items()) for row in self.directions]
        return any(line.fails(line.value + change) for line, change in zip(self.specimen.lines, off, strict=True))

    def smallest(self, k: int) -> float | None:
        """The smallest relative error of an element that is caught to both sides; None if not even the largest is."""
        unit, value = self.unit(k), self.values[k]
        return next((size for size in SIZES if all(self.fails(k, value + side * size * unit) for side in (1, -1))), None)

    def swapped(self, chosen: Sequence[int]) -> Iterator[bool]:
        """Whether each is caught of the elements that are mixed up with the next one; equal ones can't be."""
        if len(self.values) == 1:
            other = self.specimen.neighbour
            if other is not None and other != self.values[0]:
                yield self.fails(0, other)
            return
        for k in chosen:
            j = (k + 1) % len(self.values)
            if self.values[k] != self.values[j]:
                yield self.fail({k: self.values[j], j: self.values[k]})
