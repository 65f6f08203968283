"""Ranges of `--over`, from which a check draws values: `0.1:10`, evenly, and `1e-6:1e6:log`, evenly by size."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradcli.errors import PointError
from gradcli.language.hints import short as shortened
from gradcli.language.points import Given, constant, entries, normal
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np

FEWEST, MOST = 3, 17
"""Digits of a number that is drawn: as few as tell neighbours in a narrow range apart."""

STEPS = 400
"""Numbers that a range has room for, at least."""


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers from `low` to `high`, both included; `log`: each factor of ten is as likely as another."""

    low: float
    high: float
    log: bool = False

    def __str__(self) -> str:
        return f"{self.low!r}:{self.high!r}" + (":log" if self.log else "")

    def __contains__(self, x: float) -> bool:
        return self.low <= x <= self.high

    def draw(self, chance: random.Random) -> float:
        """One of the numbers, with few digits."""
        share = chance.random()
        if not self.log:
            return self.short(self.low * (1 - share) + self.high * share, (self.high / STEPS - self.low / STEPS))
        small, large = sorted((abs(self.low), abs(self.high)))
        size = math.exp(math.log(small) * (1 - share) + math.log(large) * share)
        return self.short(math.copysign(min(max(size, small), large), self.low), min(size, large - small) / STEPS)

    def short(self, x: float, step: float) -> float:
        """The number with the fewest digits that lies inside, and not farther from x than a step."""
        for digits in range(FEWEST, MOST):
            near = float(f"{x:.{digits}g}")
            if near in self and abs(near - x) <= step:
                return near
        return min(max(x, self.low), self.high)

    def drawn(self, shape: tuple[int, ...] | None, chance: random.Random) -> Any:
        """One of the numbers, or an array of them."""
        if shape is None:
            return self.draw(chance)
        array = np.array([self.draw(chance) for _ in range(math.prod(shape))]).reshape(shape)
        array.setflags(write=False)
        return array


def read(over: Given, seed: int = 0) -> tuple[dict[str, Any], dict[str, Range]]:
    """The arrays and the ranges that `--over` gives, by the names of inputs. Raises PointError for what is neither."""
    if over is not None and not isinstance(over, str | Mapping):
        raise PointError(f"--over is a text or a mapping, not {type(over).__name__}", 'write over={"x": "0.1:10"}')
    columns: dict[str, Any] = {}
    ranges: dict[str, Range] = {}
    for given, value in entries(over, "--over") if isinstance(over, str) else (over or {}).items():
        name = normal(str(given))
        columns.pop(name, None)
        ranges.pop(name, None)
        if isinstance(value, str) and is_range(value):
            ranges[name] = range_of(name, parts(value), seed)
        else:
            columns[name] = constant(value, name, seed)
    return columns, ranges


def parts(text: str) -> list[str]:
    """The parts of a text between colons that stand outside brackets."""
    depth, start, found = 0, 0, []
    for i, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == ":" and depth <= 0:
            found.append(text[start:i].strip())
            start = i + 1
    return [*found, text[start:].strip()]


def is_range(value: object) -> bool:
    """Whether a value of `--over` is a range."""
    return isinstance(value, str) and not value.strip().startswith("@") and len(parts(value)) > 1


def range_of(name: str, ends: list[str], seed: int = 0) -> Range:
    """The range that its parts say. Raises PointError for one that is empty, reversed, infinite, or has no logarithm."""
    shown = shortened(name)
    if len(ends) > 3 or (len(ends) == 3 and ends[2].lower() != "log"):
        cure = f"--over {shown}={ends[0]}:{ends[1]} --samples 5, or --over {shown}=linspace({ends[0]},{ends[1]},5)"
        raise PointError(f"the range of '{shown}' has a third part that is not log: {shortened(ends[2])}", cure)
    if not all(ends[:2]):
        raise PointError(f"the range of '{shown}' has one end", f"a range has two: --over {shown}=0.1:10")
    low, high = (constant(end, name, seed) for end in ends[:2])
    if shape_of(low) or shape_of(high):
        raise PointError(f"an end of the range of '{shown}' is an array", f"one range is for all elements: --over {shown}=-1:1")
    refuse_ends(shown, low, high, ends)
    if len(ends) == 3:
        refuse_logarithm(shown, low, high, ends)
    return Range(low, high, len(ends) == 3)


def refuse_ends(shown: str, low: float, high: float, typed: list[str]) -> None:
    """Refuse ends between which there is nothing to draw."""
    for end in (low, high):
        if not math.isfinite(end):
            raise PointError(f"the range of '{shown}' ends at {end}", f"give a finite end: --over {shown}=1:1e6:log")
    if low == high:
        raise PointError(f"the range of '{shown}' has one number: {typed[0]}", f"--at {shown}={typed[0]}")
    if low > high:
        cure = ":".join([typed[1], typed[0], *typed[2:]])
        raise PointError(f"the range of '{shown}' is reversed: {typed[0]} is larger than {typed[1]}", f"--over {shown}={cure}")


def refuse_logarithm(shown: str, low: float, high: float, typed: list[str]) -> None:
    """Refuse a logarithmic range that has 0 inside or at an end: its numbers have one sign."""
    if low > 0 or high < 0:
        return
    if low and high:
        cure = f"write two checks, one over {shown}={1e-6 * high:g}:{typed[1]}:log; or leave :log out"
        raise PointError(f"the logarithmic range of '{shown}' has 0 inside, which has no logarithm", cure)
    cure = f"{1e-6 * high:g}:{typed[1]}" if high else f"{typed[0]}:{1e-6 * low:g}"
    raise PointError(f"the logarithmic range of '{shown}' ends at 0, which has no logarithm", f"--over {shown}={cure}:log")
