"""Points that a check draws: from ranges, from the domain of a function, or around a point. Seeded from the check's id: a run repeats."""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count as count_from
from itertools import islice
from typing import Any

from gradcli.checking.points.ranges import Range
from gradcli.errors import PointError
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np

DEFAULT_SAMPLES = 5
TRIES = 400
FAR_TRIES = 4000
"""Points that are tried near 0, and where there is none, farther out."""

WORK = 4_000_000
"""Node evaluations that drawing points may take, about."""

CONSTANTS = 12
"""Constants of a function near which points are looked for."""

RANGES = ((-3.0, 3.0), (0.1, 3.0), (-1.0, 1.0), (0.05, 0.95), (1.0, 10.0), (10.0, 1000.0), (-0.01, 0.01))
"""Where coordinates are drawn from, in turn: around 0, positive, small, probabilities, larger, large, tiny."""


def seeded(id: str, seed: int) -> str:  # noqa: A002
    """What a check draws by: its id, and the seed where somebody wants other numbers."""
    return f"{id}/{seed}" if seed else id


def generator(seed: str) -> random.Random:
    """The random numbers that belong to a check's id."""
    return random.Random(zlib.crc32(seed.encode("utf-8", "surrogatepass")))


def short(x: float, digits: int = 3) -> float:
    """A number with few digits, so that a point can be read and typed."""
    return float(f"{x:.{digits}g}")


@dataclass(frozen=True, slots=True)
class Room:
    """What points are drawn from.

    names      the inputs, in their order
    fixed      the values of those that are the same at every point
    ranges     where others lie; the rest are from anywhere
    shapes     the shapes of those that are arrays
    constants  numbers that mean something to the function: where it is defined may depend on them
    cost       node evaluations of trying one point
    """

    names: Sequence[str]
    fixed: Mapping[str, Any]
    ranges: Mapping[str, Range] = field(default_factory=dict)
    shapes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    constants: Sequence[float] = ()
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Drawn:
    """Points that were drawn, and how many others were tried that are not usable."""

    points: list[dict[str, Any]]
    others: int


def draw(room: Room, count: int, seed: str, usable: Callable[[Mapping[str, Any]], bool]) -> Drawn:
    """Points that are usable: where value and gradient are finite. Raises PointError if there is none among those that were tried."""
    chance = generator(seed)
    found: dict[Any, dict[str, Any]] = {}
    most = max(2 * len(RANGES), WORK // room.cost)
    tries, all_tries = min(TRIES, most), min(TRIES + FAR_TRIES, 2 * most)
    others = 0
    for attempt, point in enumerate(islice(drawn_points(room, chance, tries), all_tries)):
        if attempt == tries and found:
            break
        if key(point) in found:
            continue
        if usable(point):
            found[key(point)] = point
        else:
            others += 1
        if len(found) == count:
            break
    if found:
        return Drawn(list(found.values()), others)
    cure = "give another range with --over, or a point with --at" if room.ranges else "give one with --at"
    raise PointError(f"no point was found where the program is defined ({all_tries} were tried)", cure)


def drawn_points(room: Room, chance: random.Random, near: int) -> Iterator[dict[str, Any]]:
    """Points without end; coordinates that may lie anywhere are looked for around 0 in the first `near`, then farther out."""
    farther = far_out(room.constants, chance)
    for attempt in count_from(0):
        low, high = RANGES[attempt % len(RANGES)] if attempt >= len(RANGES) * 2 or attempt % 2 else RANGES[0]
        point = {}

        def anywhere(low: float = low, high: float = high, near: bool = attempt < near) -> float:
            return short(chance.uniform(low, high)) if near else next(farther)

        for name in room.names:
            if name in room.fixed:
                point[name] = room.fixed[name]
            elif name in room.ranges:
                point[name] = room.ranges[name].drawn(room.shapes.get(name), chance)
            elif name in room.shapes:
                shape = room.shapes[name]
                point[name] = np.array([anywhere() for _ in range(math.prod(shape))]).reshape(shape)
            else:
                point[name] = anywhere()
        yield point


def key(point: Mapping[str, Any]) -> tuple[Any, ...]:
    """What makes a point another one than others of the same field."""
    return tuple(value.tobytes() if is_array(value) else value for value in point.values())


def far_out(constants: Sequence[float], chance: random.Random) -> Iterator[float]:
    """Coordinates for a domain that is far from 0: of all sizes, and beside constants and their quotients."""
    near = landmarks(constants)
    while True:
        if not near or chance.random() < 0.3:
            yield short(chance.choice((1, 1, -1)) * 10 ** chance.uniform(-6, 9))
        else:
            place = chance.choice(near)
            spread = chance.choice((1e-3 * abs(place), 0.3 * abs(place), 0.7, 0.05))
            yield short(place + spread * chance.uniform(-1, 1), 6)


def landmarks(constants: Sequence[float]) -> list[float]:
    """The first of some constants, with both signs, and the quotients of them."""
    some = list(dict.fromkeys(value for value in constants if isinstance(value, float) and math.isfinite(value) and value))[:CONSTANTS]
    quotients = [a / b for a in some for b in some if abs(b) > 1e-300 and abs(a) < 1e300]
    return [side * value for value in dict.fromkeys([*some, *quotients]) if math.isfinite(value) for side in (1, -1)]


def neighbours(point: Mapping[str, Any], seed: str) -> Iterator[dict[str, Any]]:
    """Points around a point, at distances of a few percent to half of each coordinate."""
    chance = generator(seed)
    for attempt in range(40):
        spread = 0.5 if attempt < 20 else 0.05
        yield {name: moved(x, chance, spread) for name, x in point.items()}


def moved(x: Any, chance: random.Random, spread: float) -> Any:
    """A value of a point, each of its numbers moved by up to a share of itself."""
    if is_array(x):
        return np.array([moved(float(one), chance, spread) for one in x.flat]).reshape(x.shape)
    return short(x + (abs(x) or 1.0) * chance.uniform(-spread, spread))


def directions(names: Sequence[str], seed: str, count: int = 8) -> Iterator[dict[str, int]]:
    """Directions with entries ±1."""
    chance = generator(seed)
    for _ in range(count):
        yield {name: chance.choice((-1, 1)) for name in names}
