"""What a search sees of a function at a point: whether it is defined there, and how far its corners and edges are.

A search asks nothing else; so it is the same for a program, whose nodes are seen, and for a function that somebody else computes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from gradcli.results import Value

Point = Mapping[str, Value]

Mark = tuple[Any, ...]
"""A corner or an edge, as it is recognised in other runs."""


OVERFLOW = "what float64 holds"
"""What a point lies outside of where a number overflows."""


@dataclass(slots=True)
class View:
    """One run: whether value and gradient are finite, and the distance to each corner and edge, which changes its sign there."""

    finite: bool
    marks: Mapping[Mark, float] = field(default_factory=dict)


@dataclass
class Terrain:
    """A function as a search sees it.

    see        a view at a point; counted, and asked once for each point
    words      what a mark is, as seen at a point: "the corner of abs, node 3"; for a mark of None what the point lies outside of, such as
               "the domain of log, node 1", or nothing where it can't be run there
    suspicion  the digits that float64 may have lost in the gradient at a point, about; 0 where nobody knows
    off        how far claims are from the float64 gradient, relative; 0 where nobody knows
    constants  numbers that mean something to the function
    """

    see: Callable[[Point], View]
    words: Callable[[Point, Mark | None], str] = lambda at, mark: "the domain"
    suspicion: Callable[[Point], float] = lambda at: 0.0
    off: Callable[[Point], float] = lambda at: 0.0
    constants: tuple[float, ...] = ()


class Counted:
    """A terrain with a budget of runs: beyond it nothing is defined anywhere."""

    def __init__(self, terrain: Terrain, runs: int) -> None:
        self.terrain, self.left, self.done = terrain, runs, 0
        self.seen: dict[Any, View] = {}

    def see(self, at: Point) -> View:
        """The view at a point."""
        key = tuple(value.tobytes() if hasattr(value, "tobytes") else value for value in at.values())
        if key not in self.seen:
            if self.left <= 0:
                return View(False)
            self.left -= 1
            self.done += 1
            self.seen[key] = self.terrain.see(at)
        return self.seen[key]

    def finite(self, at: Point) -> bool:
        """Whether value and gradient are finite at a point."""
        return self.see(at).finite

    def mark(self, at: Point, mark: Mark) -> float:
        """The distance to a mark; nan where there is none."""
        return self.see(at).marks.get(mark, math.nan)
