"""Points that a check draws: from the domain of a program, or around a point. Seeded from the check's id, so that a run repeats."""

from __future__ import annotations

import math
import random
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gradcli.errors import PointError
from gradcli.language import Program
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np

DEFAULT_SAMPLES = 5
TRIES = 400
FAR_TRIES = 4000
"""Points that are tried near 0, and where there is none, farther out."""

WORK = 4_000_000
"""Node evaluations that drawing points may take, about."""

CONSTANTS = 12
"""Constants of a program near which points are looked for."""

RANGES = ((-3.0, 3.0), (0.1, 3.0), (-1.0, 1.0), (0.05, 0.95), (1.0, 10.0), (10.0, 1000.0), (-0.01, 0.01))
"""Where coordinates are drawn from, in turn: around 0, positive, small, probabilities, larger, large, tiny."""


def generator(seed: str) -> random.Random:
    """The random numbers that belong to a check's id."""
    return random.Random(zlib.crc32(seed.encode("utf-8", "surrogatepass")))


def short(x: float, digits: int = 3) -> float:
    """A number with few digits, so that a point can be read and typed."""
    return float(f"{x:.{digits}g}")


def draw(
    program: Program, fixed: Mapping[str, Any], count: int, seed: str, usable: Callable[[Mapping[str, Any]], bool]
) -> list[dict[str, Any]]:
    """Points that are usable: where value and gradient are finite. Raises PointError if there is none among those that were tried."""
    chance = generator(seed)
    found: list[dict[str, Any]] = []
    most = max(2 * len(RANGES), WORK // len(program))
    tries, all_tries = min(TRIES, most), min(TRIES + FAR_TRIES, 2 * most)
    farther = far_out(program, chance)
    for attempt in range(all_tries):
        if attempt == tries and found:
            break
        low, high = RANGES[attempt % len(RANGES)] if attempt >= len(RANGES) * 2 or attempt % 2 else RANGES[0]
        point = {
            name: fixed[name] if name in fixed else short(chance.uniform(low, high)) if attempt < tries else next(farther)
            for name in program.inputs
        }
        if point not in found and usable(point):
            found.append(point)
        if len(found) == count:
            return found
    if found:
        return found
    raise PointError(f"no point was found where the program is defined ({all_tries} were tried)", "give one with --at")


def far_out(program: Program, chance: random.Random) -> Iterator[float]:
    """Coordinates for a domain that is far from 0: of all sizes, and beside the program's own constants and their quotients."""
    near = landmarks(program)
    while True:
        if not near or chance.random() < 0.3:
            yield short(chance.choice((1, 1, -1)) * 10 ** chance.uniform(-6, 9))
        else:
            place = chance.choice(near)
            spread = chance.choice((1e-3 * abs(place), 0.3 * abs(place), 0.7, 0.05))
            yield short(place + spread * chance.uniform(-1, 1), 6)


def landmarks(program: Program) -> list[float]:
    """The program's first constants, with both signs, and the quotients of them."""
    constants = list(dict.fromkeys(value for value in program.constants if isinstance(value, float) and math.isfinite(value) and value))[
        :CONSTANTS
    ]
    quotients = [a / b for a in constants for b in constants if abs(b) > 1e-300 and abs(a) < 1e300]
    return [side * value for value in dict.fromkeys([*constants, *quotients]) if math.isfinite(value) for side in (1, -1)]


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
