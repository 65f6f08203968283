"""The points of a check: from `--at`, `--over` and `--samples` to a list of them. Knows names, values and which points are usable.

It does not know what the function is: a program, or something that somebody else computes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcli.checking.points import ranges as ranging
from gradcli.checking.points.ranges import Range
from gradcli.checking.points.sampling import DEFAULT_SAMPLES, Room, draw, seeded
from gradcli.differentiation.over_points import refuse_both, rows_of
from gradcli.errors import UsageError
from gradcli.language.points import Given, point
from gradcli.operations.arrays import shape_of
from gradcli.results import Value

Usable = Callable[[Mapping[str, Any]], bool]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request says of its points.

    given    the values of --at, and `rows` those of --over at one point after the other
    ranges   what else --over draws from; a range whose input has an array in --at draws arrays of that shape, in `shapes`
    samples  how many points to draw, None where nobody says
    """

    given: Mapping[str, Value]
    rows: Sequence[Mapping[str, Value]]
    ranges: Mapping[str, Range]
    shapes: Mapping[str, tuple[int, ...]]
    samples: int | None

    @property
    def columns(self) -> list[str]:
        """The inputs that have a value of their own at every point."""
        return list(self.rows[0]) if self.rows else []

    @property
    def names(self) -> list[str]:
        """The inputs that it names, in order."""
        return list(dict.fromkeys([*self.given, *self.columns, *self.ranges]))

    @property
    def one(self) -> bool:
        """Whether it means one point, which --at gives."""
        return not (self.rows or self.ranges or self.samples)

    def moving(self, names: Collection[str], at: Mapping[str, Value]) -> Asked:
        """The same, as if all inputs of a point but some had been given."""
        return replace(self, given={name: value for name, value in at.items() if name not in names})


def asked(at: Given, over: Given = None, samples: int | None = None, seed: int = 0, defaults: Mapping[str, Value] | None = None) -> Asked:
    """What --at, --over and --samples say. `defaults` are values that the function has itself. Raises GradcliError.

    >>> asked("w=1", "x=0.1:10", 3).ranges["x"]
    Range(low=0.1, high=10.0, log=False)
    """
    if samples is not None and samples < 1:
        raise UsageError(f"--samples {samples} draws no point", "write --samples 5")
    given = point(at, seed)
    columns, ranges = ranging.read(over, seed)
    known = {**(defaults or {}), **given}
    shapes = {name: shape_of(known[name]) for name in ranges if name in known and shape_of(known[name])}
    fixed = {name: value for name, value in given.items() if name not in shapes}
    if columns or (not ranges and over is not None):
        refuse_both(columns, given)
    for name in ranges.keys() & fixed.keys():
        raise UsageError(f"'{name}' is in --at and in --over", f"leave it out of one of them; an array in --at gives {name} its shape")
    return Asked(fixed, rows_of(columns) if columns else [], ranges, shapes, samples)


def points(
    request: Asked,
    room: Room,
    id: str,  # noqa: A002
    usable: Usable,
    *,
    suite: bool = False,
    seed: int = 0,
) -> tuple[list[dict[str, Value]], list[str]]:
    """The points of a check, and a sentence about those that were drawn.

    room     the names of all inputs, and in `fixed` the values that the function has itself, which the request's go before
    usable   whether value and gradient are finite at a point: only such points are drawn
    id, seed what drawn points depend on; suite: whether the check stands in a suite

    Raises UsageError where every input has a value and points shall be drawn, PointError where no point is usable.
    """
    own = {name: value for name, value in room.fixed.items() if name not in request.names}
    fixed = [{**own, **request.given, **row} for row in request.rows or [{}]]
    if all(name in fixed[0] for name in room.names):
        if request.samples is not None:
            cure = f"leave an input out of {'--at and --over' if request.rows else '--at'}, or leave --samples out"
            raise UsageError("--samples draws points, and every input has a value already", cure)
        return [{name: row[name] for name in room.names} for row in fixed], []
    count = request.samples or (1 if request.rows else DEFAULT_SAMPLES)
    own_seed = seeded(id, seed)
    rooms = [replace(room, fixed=row, ranges=request.ranges, shapes={**room.shapes, **request.shapes}) for row in fixed]
    drawn = [draw(one, count, f"{own_seed}/{i}" if request.rows else own_seed, usable) for i, one in enumerate(rooms)]
    found = [point for one in drawn for point in one.points]
    others = sum(one.others for one in drawn) if request.ranges else 0
    return found, [said(len(found), count * len(fixed), others, suite, seed)]


def said(count: int, wanted: int, others: int, suite: bool, seed: int) -> str:
    """How points were drawn."""
    asked_for = "" if count == wanted else f" of {wanted} asked for"
    outside = f" ({others} more lie outside the domain)" if others else ""
    by = "the check's id and --seed" if seed and not suite else "the check's id and its seed" if seed else "the check's id"
    points = "1 point was" if count == 1 else f"{count} points were"
    return f"{points} drawn{asked_for}{outside}, seeded by {by}; {'at' if suite else '--at'} gives a point of your own"


def count_of(request: Asked, names: Sequence[str], fixed: Mapping[str, Value]) -> int:
    """How many points a request means, before any is drawn."""
    known = {*fixed, *request.given, *request.columns} - request.ranges.keys()
    if all(name in known for name in names):
        return max(len(request.rows), 1)
    return (request.samples or (1 if request.rows else DEFAULT_SAMPLES)) * max(len(request.rows), 1)
