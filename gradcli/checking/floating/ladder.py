"""Difference quotients in float64: a ladder of steps that halve, each quotient with a bound, accepted where all finer ones agree.

For programs that are too large for exact runs. The runs stay on the pieces that the point lies on; free runs say whether it lies inside.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from gradcli.checking.exact.difference import Differences
from gradcli.checking.lines import size_of, step_unit
from gradcli.checking.subject import Bracket, Subject
from gradcli.operations.arrays import Pieces, tidy
from gradcli.operations.floats import Floats
from gradcli.operations.lazily import np, silently
from gradcli.operations.op import Op

FIRST, LAST = -2, 40
"""Exponents of the largest and of the smallest step."""

FINER, SPARSE = 4, 6
"""Steps beyond the one with the best bound that are all tried, and every which of those that are finer still: waves alias with steps."""

NEARBY = (16, 22, 28, 34, 40)
"""Exponents of the steps at which free runs must decide as at the point, on both sides, at one of them at least."""

CROWDED = "beside the point the program decides otherwise: a corner is there, or too near for float64"


class OnPieces(Floats):
    """Floats with pieces as the exact engines have them: an operation is what it is on the piece, whole arrays at a time."""

    def on_piece(self, op: Op, k: Any, arguments: Sequence[Any]) -> Any:
        if op.structural or not isinstance(k, Pieces):
            return tidy(super().on_piece(op, k, arguments))
        arrays = np.broadcast_arrays(*arguments)
        result = np.full(k.array.shape, math.nan)
        for one in set(k.array.flat) - {None}:
            where = k.array == one
            result[where] = op.piece(self, one, *(x[where] for x in arrays))  # type: ignore[misc]
        return result.astype(bool) if op.boolean else result


FLOATS_ON_PIECES = OnPieces()


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: its quotient, and what rounding may have done to it."""

    quotient: float
    rounding: float


def difference(subject: Subject, label: str, rounding: float) -> Differences:
    """The difference quotient along one line; `rounding` bounds the error of the program's float64 value."""
    floats, none = in_floats(subject), Bracket(None)
    with silently():
        found = best(rungs(floats, label, rounding)) if inside(floats, label) else None
    central = Bracket(None, math.inf, CROWDED) if found is None else Bracket(*map(subject.F.number, found))
    return Differences(central, none, none, True, True)


def off_value(subject: Subject) -> float:
    """How far the program's value is from that on the pieces: more than rounding, if an operation is not what its pieces say."""
    with silently():
        value = value_at(in_floats(subject), {})
        return abs(value - sum(float(np.sum(np.multiply(one.value, one.weight))) for one in subject.outputs))


def in_floats(subject: Subject) -> Subject:
    """The subject whose runs are in float64."""
    kept = {field.name: getattr(subject, field.name) for field in fields(Subject) if field.init} | {"F": FLOATS_ON_PIECES, "samples": {}}
    floats = Subject(**kept)
    floats.trace, floats.outputs, floats.log, floats.lines = subject.trace, subject.outputs, subject.log, subject.lines
    return floats


def inside(subject: Subject, label: str) -> bool:
    """Whether free runs beside the point decide as at the point."""
    unit = unit_of(subject, label)
    return any(all(same_path(subject, label, side * unit * 2.0**-k) for side in (1, -1)) for k in NEARBY)


def same_path(subject: Subject, label: str, h: float) -> bool:
    """Whether a free run at a moved point decides as at the point."""
    return subject.registers(subject.along({label: 1}, h), free=True)[1] == subject.log


def rungs(subject: Subject, label: str, rounding: float) -> list[Rung]:
    """The quotients of all steps, from the largest; only of some where rounding exceeds the best bound by far."""
    found: list[Rung] = []
    unit, least = unit_of(subject, label), math.inf
    for k in range(FIRST, LAST):
        h = unit * 2.0**-k
        if rounding / h > least * 2**FINER and k % SPARSE:
            continue
        ahead, behind = (value_at(subject, subject.along({label: 1}, side * h)) for side in (1, -1))
        if math.isfinite(ahead - behind):
            found.append(Rung((ahead - behind) / (2 * h), rounding / h))
            least = min(least, bound_of(found[-3:])) if len(found) > 2 else least
    return found


def unit_of(subject: Subject, label: str) -> float:
    """What steps along a line are measured in."""
    line = subject.lines[label]
    return step_unit(size_of(line.touched(subject.at[line.input])))


def value_at(subject: Subject, moved: Mapping[str, Any]) -> float:
    """The value of a run on the pieces of the point."""
    return float(subject.value(subject.registers(moved)[0]))


def best(found: Sequence[Rung]) -> tuple[float, float] | None:
    """The quotient with the smallest bound that all finer ones agree with, and the bound."""
    bounded = [(bound_of(found[i - 2 : i + 1]), i) for i in range(2, len(found))]
    for bound, i in sorted(bounded):
        here = found[i]
        if math.isfinite(bound) and all(abs(one.quotient - here.quotient) <= bound + 2 * one.rounding for one in found[i + 1 :]):
            return here.quotient, bound
    return None


def bound_of(three: Sequence[Rung]) -> float:
    """The bound of the last of three quotients: its rounding, and how much it still changes (by a quarter each time where it is smooth)."""
    last, d1, d2 = three[-1], abs(three[0].quotient - three[1].quotient), abs(three[1].quotient - three[2].quotient)
    smooth = d2 <= 4 * last.rounding or (d2 > 0 and 2 <= d1 / d2 <= 8)
    return last.rounding + (d2 if smooth else 4 * max(d1, d2))
