"""The points at which a target is checked: the one that is given, those of --over, or points drawn where value and gradient are finite."""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.checking.points.drawing import Asked, points
from gradcli.checking.points.sampling import Room
from gradcli.errors import PointError, TargetProblem, UsageError
from gradcli.results import Value, all_finite
from gradcli.targets.target import Target

COST = 20_000
"""What one call of a target is thought to cost when points are drawn, in node evaluations: a few hundred points are tried."""


def points_of(target: Target, id: str, wanted: Asked, suite: bool, seed: int) -> tuple[list[dict[str, Value]], list[str]]:  # noqa: A002
    """The complete points of a check, and a sentence about those that were drawn. Raises PointError where none is usable."""
    if target.kind == "exec" and not wanted.names:
        cure = 'at = {w = 1}, or over = {w = "0.1:10"}' if suite else "--at w=1, or --over w=0.1:10"
        raise UsageError(f"there is no point, and only {target.name} knows the names of its inputs", cure)
    known = {**target.defaults, **wanted.given}
    if wanted.one and (wanted.given or all(name in known for name in target.inputs)):
        return [target.prepared(wanted.given)], []
    if target.inputs and any(name not in target.inputs for name in wanted.names):
        target.prepared({**dict.fromkeys([*target.inputs, *wanted.names], 0.0), **wanted.given})
    tried = Tried(target)
    room = Room(list(target.inputs or wanted.names), target.defaults, shapes=target.input_shapes, cost=COST)
    try:
        drawn, notes = points(wanted, room, id, tried.usable, suite=suite, seed=seed)
    except PointError as fault:
        failure = f"; the last time {tried.failure}" if tried.failure else ""
        raise PointError(f"no point was found where {target.name} has a finite value and gradient{failure}", fault.hint) from fault
    return [target.prepared(one) for one in drawn], notes


class Tried:
    """What a target says at points that are tried; `at` is the last of them, and `failure` the last thing that went wrong."""

    def __init__(self, target: Target) -> None:
        self.target, self.failure = target, ""
        self.at: Mapping[str, Value] = {}

    def usable(self, at: Mapping[str, Value]) -> bool:
        """Whether the target has a finite value at a point, and a finite gradient if it offers all of it."""
        target, self.at = self.target, at
        try:
            at = target.prepared(at)
            found = [*target.evaluate(at).values(), *(target.jacobian(at).values() if "jacobian" in target.derivatives else ())]
        except TargetProblem as problem:
            if problem.gone:
                raise
            self.failure = problem.message
            return False
        return all(map(all_finite, found))
