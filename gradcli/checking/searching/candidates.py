"""The search itself: points at corners and edges, at tiny and huge scales, where float64 may lose digits, where claims are off, and drawn
ones. It runs the function in float64 only, a limited number of times; what is right or wrong at these points is for checks to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from gradcli.checking.points.ranges import Range
from gradcli.checking.points.sampling import generator, key
from gradcli.checking.points.shrinking import inside
from gradcli.checking.searching.coordinates import Coordinate, between, changes, coordinates, shortest
from gradcli.checking.searching.terrain import OVERFLOW, Counted, Mark, Point, Terrain
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np

Kind = Literal["claim", "corner", "edge", "digits", "scale", "pattern", "drawn"]

SCALES = (1e-300, 1e-150, 1e-20, 1e-12, 1e-8, 1e-4, 1e4, 1e8, 1e12, 1e20, 1e150)
"""Sizes that coordinates without a range are given."""

INSIDE = (1e-12, 1e-6)
"""How far inside an edge points are taken, relative to its place, or absolute at 0."""

STARTS = 6
MARKS = 16
EDGES = 8
"""Points from which lines are followed; corners and edges that are found."""

DRAWN = 60
"""Points that are drawn to be compared."""

REFINED = 2
ROUNDS = 12
"""Points with the most suspicion, and claims that are farthest off, around which others are tried; how often."""

SUSPICIOUS = 3.0
"""Digits from which a loss is worth a check."""

OFF = 1e-6
"""Relative distance of a claim from the float64 gradient that is worth a check."""


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A point that is worth a check, and why; the larger its weight, the more."""

    at: Point
    kind: Kind
    why: str
    weight: float = 0.0


@dataclass
class Search:
    """A search of a terrain from some points, where the inputs `names` move, within `ranges` where they have one."""

    terrain: Terrain
    starts: Sequence[Point]
    names: Sequence[str]
    ranges: Mapping[str, Range]
    seed: str
    runs: int

    def __post_init__(self) -> None:
        self.counted = Counted(self.terrain, self.runs)
        self.chance = generator(f"{self.seed}/candidates")
        self.found: list[Candidate] = []
        self.marks: set[Any] = set()
        self.edges: dict[str, int] = {}

    def candidates(self) -> list[Candidate]:
        """The points that were found, each once."""
        drawn = self.draw()
        for start in [*self.starts, *drawn][:STARTS]:
            for coordinate in self.coordinates(start):
                self.follow(start, coordinate)
        tried = [*self.starts, *self.scaled(), *self.patterns(), *drawn]
        self.compare([at for at in tried if self.counted.finite(at)])
        for at in drawn:
            self.add(at, "drawn", "drawn", self.chance.random())
        asked_for = {key(at) for at in self.starts}
        found = {key(one.at): one for one in reversed(self.found)}
        return [one for known, one in reversed(found.items()) if known not in asked_for]

    def coordinates(self, start: Point) -> list[Coordinate]:
        """The coordinates that move."""
        return coordinates(start, self.names, self.ranges, self.seed)

    def add(self, at: Point, kind: Kind, why: str, weight: float = 0.0) -> None:
        """One more candidate."""
        self.found.append(Candidate(at, kind, why, weight))

    # Lines: corners and edges

    def follow(self, start: Point, coordinate: Coordinate) -> None:
        """Corners and edges along one coordinate."""
        values, here = coordinate.places(start, self.terrain.constants), coordinate.of(start)

        def nearest(pair: tuple[float, float]) -> float:
            return min(abs(x - here) for x in pair)

        views = [self.counted.see(coordinate.moved(start, x)) for x in values]
        for a, b in sorted(changes(values, [view.finite for view in views]), key=nearest):
            self.edge(start, coordinate, a, b)
        for mark in dict.fromkeys(mark for view in views for mark in view.marks):
            distances = [view.marks.get(mark, math.nan) for view in views]
            for a, b in sorted(changes(values, [side(distance) for distance in distances]), key=nearest):
                self.corner(start, coordinate, mark, a, b)

    def edge(self, start: Point, coordinate: Coordinate, a: float, b: float) -> None:
        """The edge of the domain between two numbers, and points just inside."""

        def finite(x: float) -> bool:
            return self.counted.finite(coordinate.moved(start, x))

        if sum(self.edges.values()) >= EDGES:
            return
        inside, outside = between(*((a, b) if finite(a) else (b, a)), finite)
        if abs(outside) < 1e-100 and not finite(0.0):
            outside = 0.0
        outside = shortest(outside, lambda x: not finite(x) and coordinate.allowed(x) and abs(x - inside) <= 1e-6 * abs(x))
        at = coordinate.moved(start, outside)
        words = self.terrain.words(at, None)
        if not words or self.edges.get(words, 0) > 1:
            return
        self.edges[words] = self.edges.get(words, 0) + 1
        if coordinate.allowed(outside):
            self.add(at, "edge", f"at the edge of {words}")
        if not words.startswith(OVERFLOW):
            self.beside(start, coordinate, outside, math.copysign(1.0, inside - outside), f"inside {words}")

    def beside(self, start: Point, coordinate: Coordinate, x: float, direction: float, words: str) -> None:
        """Points a little to one side of a number."""
        for far in INSIDE:
            near = x + direction * far * (abs(x) or 1.0)
            at = coordinate.moved(start, near)
            if coordinate.allowed(near) and near != x and self.counted.finite(at):
                self.add(at, "edge", f"{far:g} {words}", 1.0)

    def corner(self, start: Point, coordinate: Coordinate, mark: Mark, a: float, b: float) -> None:
        """The place between two numbers where the distance to a mark changes its sign."""

        def distance(x: float) -> float:
            return self.counted.mark(coordinate.moved(start, x), mark)

        if len(self.marks) >= MARKS or (mark, coordinate) in self.marks or not near_zero(a, b, distance):
            return
        sign = side(distance(a))
        if sign == 0 or side(distance(b)) == 0:
            root = a if sign == 0 else b
        else:
            root = min(between(a, b, lambda x: side(distance(x)) == sign), key=lambda x: abs(distance(x)))
            root = shortest(root, lambda x: distance(x) == 0)
        if not coordinate.allowed(root) or not abs(distance(root)) <= 1e-6 * max(abs(distance(a)), abs(distance(b)), 1e-300):
            return
        self.marks.add((mark, coordinate))
        at = coordinate.moved(start, root)
        words = self.terrain.words(at, mark)
        if self.counted.finite(at) or mark[2] == "corner":
            self.add(at, "corner", f"at {words}")
            return
        self.add(at, "edge", f"at the edge of {words}")
        for direction in (1.0, -1.0):
            self.beside(start, coordinate, root, direction, f"from the edge of {words}")

    # Single points

    def scaled(self) -> Iterator[Point]:
        """Points of tiny and huge sizes, one coordinate at a time and all together."""
        start = self.starts[0]
        moving = self.coordinates(start)
        for size in SCALES:
            for side_ in (1, -1):
                together = dict(start)
                for i, coordinate in enumerate(moving):
                    if coordinate.allowed(side_ * size):
                        yield coordinate.moved(start, side_ * size)
                    if coordinate.allowed(side_ * size * (1 + i)):
                        together = coordinate.moved(together, side_ * size * (1 + i))
                yield together

    def patterns(self) -> Iterator[Point]:
        """Points whose numbers are zero, equal, or tied; arrays of which that is true, and of numbers of very different size."""
        start = self.starts[0]
        numbers = [name for name in self.names if not is_array(start[name])]
        special = [(f"{name} is {words}", {name: array}) for name in self.names for words, array in patterned(start[name])]
        if len(numbers) > 1:
            special += [
                ("all numbers are 0", dict.fromkeys(numbers, 0.0)),
                ("all numbers are the same", dict.fromkeys(numbers, start[numbers[0]])),
            ]
        for words, changed in special:
            if all(inside(value, self.ranges[name]) for name, value in changed.items() if name in self.ranges):
                at = {**start, **changed}
                if self.counted.finite(at) or self.terrain.words(at, None):
                    self.add(at, "pattern", words)
                    yield at

    def draw(self) -> list[Point]:
        """Points of all sizes, or from the ranges."""
        found: list[Point] = []
        for _ in range(DRAWN):
            at = dict(self.starts[self.chance.randrange(len(self.starts))])
            for name in self.names:
                at[name] = self.anywhere(name, at[name])
            if self.counted.finite(at):
                found.append(at)
        return found

    def anywhere(self, name: str, value: Any) -> Any:
        """A value for an input, in the shape of one that it has."""
        shape = value.shape if is_array(value) else None
        if name in self.ranges:
            return self.ranges[name].drawn(shape, self.chance)
        draw = Range(1e-4, 1e4, log=True) if self.chance.random() < 0.4 else Range(1e-2, 10.0, log=True)
        drawn = draw.drawn(shape, self.chance)
        if shape is None:
            return drawn * self.chance.choice((1, -1))
        signed = drawn * np.array(self.chance.choices((1.0, -1.0), k=value.size)).reshape(shape)
        signed.setflags(write=False)
        return signed

    # Comparisons

    def compare(self, tried: Sequence[Point]) -> None:
        """The points where float64 may lose the most digits, where claims are farthest off, and those of extreme sizes."""
        for measure, kind, least in ((self.terrain.off, "claim", OFF), (self.terrain.suspicion, "digits", SUSPICIOUS)):
            rated = sorted(((measure(at), at) for at in tried), key=lambda one: (-round(one[0], 2), self.strangeness(one[1])))
            best = [(rate, at) for rate, at in rated if rate > least]
            refined = [self.refined(measure, rate, at) for rate, at in best[:REFINED]]
            for rate, at in [*refined, *best]:
                self.add(at, kind, "", rate)  # type: ignore[arg-type]
        extreme = [at for at in tried if any(is_extreme(at[name]) for name in self.names)]
        for at in extreme:
            self.add(at, "scale", "at an extreme scale", self.chance.random())

    def strangeness(self, at: Point) -> float:
        """How far the sizes of the coordinates are from 1: of two points that show the same the plainer one is taken."""
        values = [abs(coordinate.of(at)) for coordinate in self.coordinates(at)]
        return sum(abs(math.log(x)) if 0 < x < math.inf else 1.0 for x in values)

    def refined(self, measure: Any, rate: float, at: Point) -> tuple[float, Point]:
        """A point near one at which a measure is larger."""
        for round_ in range(ROUNDS):
            spread = 4.0 ** (1 - round_ / 3)
            other = dict(at)
            for coordinate in self.coordinates(at):
                x = float(f"{coordinate.of(at) * math.exp(self.chance.uniform(-spread, spread)):.3g}")
                if coordinate.allowed(x):
                    other = coordinate.moved(other, x)
            if self.counted.finite(other) and measure(other) > rate:
                rate, at = measure(other), other
        return rate, at


def side(distance: float) -> int | None:
    """On which side of a mark a point lies: -1, 0, 1; None where there is no distance."""
    return None if distance != distance else (distance > 0) - (distance < 0)


def near_zero(a: float, b: float, distance: Any) -> bool:
    """Whether both ends have a distance."""
    return side(distance(a)) is not None and side(distance(b)) is not None


def is_extreme(value: Any) -> bool:
    """Whether a number, or an element, is tiny or huge."""
    sizes = np.abs(value) if is_array(value) else abs(value)
    found = (sizes != 0) & ((sizes < 1e-3) | (sizes > 1e3))
    return bool(np.any(found)) if is_array(value) else bool(found)


def patterned(value: Any) -> Iterator[tuple[str, Any]]:
    """Arrays of one shape that are special, with what they are; none for a number."""
    if not is_array(value) or not value.size:
        return
    shape, n = value.shape, value.size
    yield "zero", np.zeros(shape)
    yield "the same number everywhere", np.full(shape, float(value.flat[0]))
    if n > 1:
        tied = np.array(value)
        tied.flat[tied.argmax()] = tied.flat[tied.argmin()]
        tied.flat[0] = tied.flat[n - 1] = tied.max()
        yield "tied at its largest elements", tied
        one = np.zeros(shape)
        one.flat[0] = 1.0
        yield "1 in one element and 0 elsewhere", one
        yield "of very different sizes", value * np.logspace(-8, 8, n).reshape(shape)
