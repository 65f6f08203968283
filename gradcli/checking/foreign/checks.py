"""The check of a target at one or several points: what was measured there becomes rows, verdicts and a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.foreign import planting
from gradcli.checking.foreign.failing import failed
from gradcli.checking.foreign.further import with_findings, with_simpler_points
from gradcli.checking.foreign.measuring import measured_at
from gradcli.checking.foreign.naming import forgetful, with_mistakes
from gradcli.checking.foreign.points import points_of
from gradcli.checking.foreign.probe import Probe
from gradcli.checking.foreign.reproducing import reproduce
from gradcli.checking.foreign.request import Inputs, Request, chosen
from gradcli.checking.foreign.rows import Measured, judge
from gradcli.checking.foreign.second import UNCHECKED
from gradcli.checking.mistakes.call_order import NOISE
from gradcli.checking.points.drawing import asked
from gradcli.checking.reproducing import typed
from gradcli.checking.requests import declared
from gradcli.checking.timing import timed
from gradcli.differentiation.gradients import Names, names_of
from gradcli.errors import TargetProblem
from gradcli.language.points import Given, normal
from gradcli.operations.lazily import silently
from gradcli.results import SEVERITY, Check, Report, Row, Value, worst
from gradcli.targets.target import Target


def check_target(
    target: Target,
    at: Given = None,
    *,
    over: Given = None,
    samples: int | None = None,
    search: bool = False,
    expect: Mapping[str, Any] | Sequence[Any] | str | float | None = None,
    wrt: Names = None,
    freeze: Names = (),
    require_resolution: float | None = None,
    verdict: str | None = None,
    seed: int = 0,
    self_test: bool = False,
    suite: bool = False,
    id: str | None = None,  # noqa: A002 - the word of the suites and of the JSON
) -> Report:
    """The verdict on the derivatives that a target claims, or on claims about it, by float64 differences with bounds.

    target               the function, and what it says of its derivatives
    at, over, samples    the point, several, or where and how many to draw, as in `gradcli.check`
    search               look for more points: edges of the domain, extreme scales, special arrays, drawn ones
    expect               claimed gradients by input, of a target that returns one number
    wrt, freeze          inputs to check, and inputs to leave out (default: all inputs that the target claims something of)
    require_resolution   the relative error that a check must be able to see (default 1e-6)
    verdict              the verdict that is expected, where it is not "agree"
    seed                 drawn points are others with another one
    self_test            also plant faults in the gradients, and say which of them the check would have caught
    suite                whether the check stands in a suite, which commands that repeat it then name
    id                   what the check is called (default: the target's name); points and directions are drawn by it

    Returns a Report with one Check per point; of several points, one at which the target fails is a check with the verdict "error",
    as is a search during which the target ends.
    Raises GradcliError for a request that can't be carried out.
    """
    name = target.name if id is None else id
    wanted = asked(at, over, samples, seed, target.defaults)
    points, notes = points_of(target, name, wanted, suite, seed)
    read = claiming.read(expect, Inputs(tuple(points[0])))
    request = Request(
        id=name,
        target=target,
        claims=read,
        wrt=chosen(points[0], read, names_of(wrt), names_of(freeze), target),
        freeze=frozenset(map(normal, names_of(freeze))),
        require_resolution=require_resolution,
        seed=seed,
        verdict=declared(verdict),
        suite=suite,
        self_test=self_test,
        typed=typed(at, wanted.given),
    )
    if len(points) == 1:
        checks = [check_point(request, points[0], name, notes)]
    else:
        checks = [check_or_error(request, one, f"{name}[{i}]", notes) for i, one in enumerate(points, 1)]
    checks = with_simpler_points(request, checks, wanted, again)
    return Report(with_findings(request, checks, wanted, again) if search else checks)


def again(request: Request, at: Mapping[str, Value]) -> Check:
    """The check at another point."""
    return check_point(request, at, request.id)


def check_or_error(request: Request, at: Mapping[str, Value], id: str, notes: Sequence[str]) -> Check:  # noqa: A002
    """The check at one of several points; where the target fails the others go on."""
    try:
        return check_point(request, at, id, notes)
    except TargetProblem as problem:
        return failed(request, at, id, problem)


@timed
def check_point(request: Request, at: Mapping[str, Value], id: str, notes: Sequence[str] = ()) -> Check:  # noqa: A002
    """The check at one point."""
    probe = Probe(request.target, at, tuple(request.wrt), id)
    with silently():
        measured = measured_at(request, probe)
        rows = rows_of(probe, measured)
    arrays = len(rows) > len(request.wrt)
    judged = {line.input for line in probe.lines.values() if any(row.input == line.label for row in rows)}
    return Check(
        id=id,
        program=request.target.name,
        at=at,
        expected=request.verdict,
        verdict=worst([row.verdict for row in rows]),
        rows=sorted(rows, key=lambda row: -SEVERITY.index(row.verdict)) if arrays else rows,
        value=next(iter(probe.outputs.values())) if len(probe.outputs) == 1 else None,
        reproduce=reproduce(request, at, id),
        unclaimed=[name for name in at if name not in judged],
        notes=[*notes, *request.target.notes, *probe.notes, *notes_of(probe)],
        kind=request.target.kind,
        evaluations=probe.evaluations,
        caught=planting.caught(probe, measured, rows) if request.self_test else None,
    )


def notes_of(probe: Probe) -> list[str]:
    """What a reader should know of how the check was done."""
    noisy = [] if probe.repeats else ["two evaluations at the same point differ: what differs counts as noise in every bound"]
    failed = [f"beside the point: {probe.failure}"] if probe.failure else []
    unchecked = [UNCHECKED] if "hvp" in probe.target.derivatives and "vjp" not in probe.target.derivatives else []
    return [*noisy, *failed, *unchecked]


def rows_of(probe: Probe, measured: Sequence[Measured]) -> list[Row]:
    """The rows of all lines."""
    rows = [judge(m) for m in measured]
    if probe.memory.startswith(NOISE):
        probe.notes.append(probe.memory)
    elif probe.memory:
        return [forgetful(row, probe.memory) for row in rows]
    return with_mistakes(probe, measured, rows)
