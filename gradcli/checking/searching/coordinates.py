"""Ways through the space of points: one number of a point that moves, the places on it that are looked at, and bisection between two."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from gradcli.checking.points.ranges import Range
from gradcli.checking.points.sampling import generator
from gradcli.checking.searching.terrain import Point
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np

ELEMENTS = 4
"""Elements of an array that move one by one."""

PLACES = (0.0, 1e-3, 0.03, 0.3, 1.0, 2.0, 5.0, 10.0, 30.0, 100.0, 1000.0)
"""Numbers, with both signs, that a coordinate without a range is given."""

STEPS = 16
"""Places between the ends of a range."""


@dataclass(frozen=True, slots=True)
class Coordinate:
    """One number of a point: an input, or an element of one; `room` is where it may lie."""

    name: str
    place: tuple[int, ...] | None = None
    room: Range | None = None

    def of(self, at: Point) -> float:
        """Its value."""
        value: Any = at[self.name]
        return float(value) if self.place is None else float(value[self.place])

    def moved(self, at: Point, x: float) -> dict[str, Any]:
        """The point with another value of it."""
        if self.place is None:
            return {**at, self.name: x}
        other = np.array(at[self.name])
        other[self.place] = x
        other.setflags(write=False)
        return {**at, self.name: other}

    def allowed(self, x: float) -> bool:
        """Whether it may have a value."""
        return self.room is None or x in self.room

    def places(self, at: Point, constants: Sequence[float]) -> list[float]:
        """Values to look at, in order."""
        here = self.of(at)
        if self.room is not None:
            found = [here, *steps(self.room), *(x for x in (0.0, *constants) if x in self.room)]
        else:
            found = [here, here * 0.9, here * 1.1, *(side * x for x in PLACES for side in (1, -1)), *constants]
        return sorted({x + 0.0 for x in found if math.isfinite(x)})


def steps(room: Range) -> Iterator[float]:
    """Numbers from one end of a range to the other."""
    for i in range(STEPS + 1):
        share = i / STEPS
        if room.log:
            small, large = sorted((abs(room.low), abs(room.high)))
            size = math.exp(math.log(small) * (1 - share) + math.log(large) * share)
            yield math.copysign(min(max(size, small), large), room.low)
        else:
            yield room.low * (1 - share) + room.high * share


def coordinates(at: Point, names: Sequence[str], ranges: Mapping[str, Range], seed: str) -> list[Coordinate]:
    """The coordinates of some inputs: of an array a few seeded elements."""
    chance = generator(f"{seed}/search")
    found = []
    for name in names:
        value: Any = at[name]
        if not is_array(value):
            found.append(Coordinate(name, None, ranges.get(name)))
        elif value.size:
            places = (
                list(np.ndindex(*value.shape))
                if value.size <= 10_000
                else [tuple(chance.randrange(n) for n in value.shape) for _ in range(ELEMENTS)]
            )
            found += [Coordinate(name, place, ranges.get(name)) for place in sorted(chance.sample(places, min(ELEMENTS, len(places))))]
    return found


def changes(values: Sequence[float], sides: Sequence[Any]) -> Iterator[tuple[float, float]]:
    """Neighbours on different sides."""
    for (a, side), (b, other) in pairwise(zip(values, sides, strict=True)):
        if side != other:
            yield a, b


def between(a: float, b: float, stays: Callable[[float], bool]) -> tuple[float, float]:
    """Neighbouring doubles between a, where `stays` holds, and b, where it does not: by halves of all doubles between them."""
    low, high = ordinal(a), ordinal(b)
    while abs(high - low) > 1:
        middle = (low + high) // 2
        if stays(double(middle)):
            low = middle
        else:
            high = middle
    return double(low), double(high)


def ordinal(x: float) -> int:
    """The number of a double in the order of all doubles; 0 is that of 0."""
    bits: int = struct.unpack("<q", struct.pack("<d", x))[0]
    return bits if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)


def double(number: int) -> float:
    """The double of a number in that order."""
    found: float = struct.unpack("<d", struct.pack("<q", abs(number)))[0]
    return found if number >= 0 else -found


def shortest(x: float, holds: Callable[[float], bool]) -> float:
    """The number of fewest digits near x for which something holds; x itself, for which it does."""
    tried = dict.fromkeys([*([0.0] if abs(x) < 1e-100 else []), *(float(f"{x:.{digits}g}") for digits in (1, 2, 3, 6))])
    return next((near for near in tried if near != x and holds(near)), x)
