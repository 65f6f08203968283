"""Lines through the point along which derivatives are judged: a number, an element of an array, or a direction with entries ±1.

Every engine answers one number for one line; so arrays are judged like numbers. An array with few elements has one line per element,
`W[0,3]`; a larger one has lines along seeded directions, which all of its elements take part in.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.points.sampling import generator
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np

ELEMENTS = 64
"""Elements of all arrays up to which each has a line."""

DIRECTIONS = 3
"""Lines along directions of an array with more elements."""


Place = tuple[str, tuple[int, ...]]
"""An element: its input, and where it stands."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One line: what a row calls it, the input that moves, and where to: None for a number, else an array of 0, 1 and -1."""

    label: str
    input: str
    direction: Any = None

    @property
    def place(self) -> tuple[int, ...] | None:
        """Where the only element that moves stands; None for a number, and where several move."""
        if self.direction is None or np.count_nonzero(self.direction) != 1:
            return None
        return tuple(int(i) for i in np.argwhere(self.direction)[0])

    def moved(self, x: Any, h: Any) -> Any:
        """The input moved by h along the line, in any number system."""
        if self.direction is None:
            return x + h
        moved = x.copy()
        touched = self.direction != 0
        moved[touched] = x[touched] + self.direction[touched] * h
        return moved

    def along(self, gradient: Any) -> Any:
        """What a gradient by the input says of the slope along the line; elements off the line do not count."""
        if self.direction is None or gradient is None or not is_array(gradient):
            return gradient
        touched = self.direction != 0
        return total(gradient[touched] * self.direction[touched])

    def size(self, sizes: Any) -> Any:
        """The sum of absolute values along the line."""
        return total(abs(sizes[self.direction != 0])) if is_array(sizes) and self.direction is not None else abs(sizes)

    def touched(self, x: Any) -> list[Any]:
        """The numbers of the input that move."""
        return [x] if self.direction is None else list(x[self.direction != 0])


def size_of(numbers: Sequence[Any]) -> float:
    """The size of the largest number that moves."""
    return max((abs(float(x)) for x in numbers), default=0.0)


def step_unit(size: float) -> float:
    """What steps of a number of this size are measured in: the power of two at it, and at least 1."""
    return max(1.0, 2.0 ** (math.frexp(size)[1] - 1))


def total(numbers: Any) -> Any:
    """The sum of a vector of numbers of any system."""
    result = numbers[0]
    for number in numbers[1:]:
        result = result + number
    return result


def lines_of(at: Mapping[str, Any], names: Sequence[str], seed: str, elements: int = ELEMENTS, also: Sequence[Place] = ()) -> list[Line]:
    """The lines of some inputs at a point; beyond `elements` elements of all arrays together the larger ones get directions.

    Elements in `also` have lines of their own in any case.
    """
    sizes = {name: int(np.size(at[name])) for name in names if is_array(at[name])}
    many = sum(sizes.values()) > elements
    few = elements // max(len(sizes), 1)
    lines: list[Line] = []
    for name in names:
        if not is_array(at[name]):
            lines.append(Line(name, name))
        elif many and sizes[name] > few:
            places = dict.fromkeys(place for other, place in also if other == name)
            lines.extend(Line(label(name, place), name, unit(shape_of(at[name]), place)) for place in places)
            lines.extend(directions_of(name, shape_of(at[name]), seed))
        else:
            lines.extend(elements_of(name, shape_of(at[name])))
    return lines


def elements_of(name: str, shape: tuple[int, ...]) -> list[Line]:
    """A line for every element of an array."""
    return [Line(label(name, place), name, unit(shape, place)) for place in np.ndindex(*shape)]


def unit(shape: tuple[int, ...], place: tuple[int, ...]) -> Any:
    """An array with one 1."""
    direction = np.zeros(shape)
    direction[place] = 1.0
    return direction


def label(name: str, place: Sequence[int]) -> str:
    """An element as rows name it: W[0,3]."""
    return f"{name}[{','.join(map(str, place))}]"


def directions_of(name: str, shape: tuple[int, ...], seed: str) -> list[Line]:
    """Lines along seeded directions."""
    chance = generator(f"{seed}/{name}")
    count = int(np.prod(shape))
    signs = [np.array(chance.choices((-1.0, 1.0), k=count)).reshape(shape) for _ in range(DIRECTIONS)]
    return [Line(f"{name}, direction {i}", name, one) for i, one in enumerate(signs, 1)]
