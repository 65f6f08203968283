"""The check of a target at one or several points: differences, complex step, forward mode, claims and verdicts put together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.claims import Claim
from gradcli.checking.foreign import planting
from gradcli.checking.foreign.further import with_findings, with_simpler_points
from gradcli.checking.foreign.naming import forgetful, in_single, remembers, with_mistakes
from gradcli.checking.foreign.points import points_of
from gradcli.checking.foreign.probe import Phi, Probe
from gradcli.checking.foreign.reproducing import reproduce
from gradcli.checking.foreign.rows import HIDDEN, ULPS, Measured, answered, hides, judge
from gradcli.checking.foreign.second import UNCHECKED, second_rows
from gradcli.checking.foreign.slopes import bracket, differences_of, nothing, size_of
from gradcli.checking.mistakes.call_order import NOISE
from gradcli.checking.opaque.complex_step import complex_slopes
from gradcli.checking.opaque.looking import slopes
from gradcli.checking.points.drawing import asked
from gradcli.checking.points.sampling import directions
from gradcli.checking.reproducing import Typed, typed
from gradcli.checking.requests import declared
from gradcli.checking.subject import Bracket
from gradcli.checking.timing import timed
from gradcli.checking.verdict import between, kinked
from gradcli.differentiation.gradients import Names, names_of
from gradcli.errors import TargetProblem, UnknownName, UsageError, nearest
from gradcli.language.points import Given, normal
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import silently
from gradcli.results import SEVERITY, Check, ClaimResult, Report, Row, Value, Verdict, all_finite, worst
from gradcli.targets.target import Target

NEAR = 2.0**-4
"""Steps, in units of the point, from which the steepness of a function around the point is read."""

SINGLE = 2.0**-23
"""The relative size of a unit in the last place in single precision."""

NO_CURE = "a check needs something that can fail"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a target; the parsed form of `check_target`'s arguments."""

    id: str
    target: Target
    claims: Sequence[Claim]
    wrt: Sequence[str]
    freeze: frozenset[str]
    require_resolution: float | None
    seed: int
    verdict: Verdict | None
    suite: bool
    self_test: bool = False
    typed: Typed = field(default_factory=dict)


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

    Returns a Report with one Check per point; of several points, one at which the target fails is a check with the verdict "error".
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
        again = reproduce(request, at, id)
        name, expected, kind = request.target.name, request.verdict, request.target.kind
        return Check(id, name, at, "error", error=problem.render(), expected=expected, reproduce=again, kind=kind)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The names of the inputs of a target at a point, for which claims are read."""

    inputs: tuple[str, ...]


def chosen(at: Mapping[str, Value], claims: Sequence[Claim], wrt: Sequence[str], freeze: Sequence[str], target: Target) -> list[str]:
    """The inputs that get rows. Raises UsageError if there is none, or nothing that is claimed about them."""
    for name in [*wrt, *freeze]:
        if normal(name) not in at:
            near = nearest(name, at)
            cure = f"did you mean '{near}'?" if near else "inputs: " + (", ".join(at) or "none")
            raise UnknownName(f"'{name}' is no input of {target.name}", hint=cure)
    if not target.derivatives and not claims:
        raise UsageError(f"there is nothing to check: {target.name} comes without a gradient", NO_GRADIENT[target.kind])
    only_claims = [] if target.derivatives else list(dict.fromkeys(claim.input for claim in claims))
    frozen = set(map(normal, freeze))
    names = [name for name in (map(normal, wrt) if wrt else only_claims or at) if name not in frozen]
    if not names:
        raise UsageError("there is nothing to check: " + ("every input is frozen" if at else f"{target.name} has no input"), NO_CURE)
    return list(dict.fromkeys(names))


NO_GRADIENT: Mapping[str, str] = {
    "python": '--gradient MODULE:FUNCTION, --value-and-grad, or --expect "NAME=FORMULA" says what it should be',
    "exec": 'answer {"id": 1, "value": 6.0, "grad": {"w": 5.0}}, or say it with --expect "NAME=FORMULA"',
    "um-bridge": 'the model supports neither Gradient nor ApplyJacobian; --expect "NAME=FORMULA" says what it should be',
}
"""How to claim a gradient, by the kind of the target."""


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


def measured_at(request: Request, probe: Probe) -> list[Measured]:
    """What is known along all lines."""
    bad = not_finite(probe)
    probe.memory = "" if bad else remembers(probe)
    measured: list[Measured] = []
    for label in probe.lines:
        measured += along(request, probe, label, bad)
    if not measured and not probe.lines:
        raise UsageError(f"there is nothing to check: no elements in {', '.join(probe.wrt)}", NO_CURE)
    if not measured:
        raise UsageError(f"there is nothing to check: {probe.target.name} gives no gradient by {', '.join(probe.wrt)}", NO_CURE)
    if any(kinked(m.differences) for m in measured):
        fit_together(probe, measured)
    if not bad and {"hvp", "vjp"} <= probe.target.derivatives:
        measured += second_rows(probe, request.require_resolution)
    return measured


def rows_of(probe: Probe, measured: Sequence[Measured]) -> list[Row]:
    """The rows of all lines."""
    rows = [judge(m) for m in measured]
    if probe.memory.startswith(NOISE):
        probe.notes.append(probe.memory)
    elif probe.memory:
        return [forgetful(row, probe.memory) for row in rows]
    return with_mistakes(probe, measured, rows)


def not_finite(probe: Probe) -> str:
    """Which number is not finite at the point; empty if there is none."""
    for what, values in (("the point", probe.at), ("the value", probe.outputs)):
        for name, value in values.items():
            if not all_finite(value):
                own = "" if probe.scalar and what == "the value" else f": '{name}'"
                return f"{what} is not finite{own}{'' if is_array(value) else f' ({value})'}"
    return ""


def along(request: Request, probe: Probe, label: str, bad: str) -> list[Measured]:
    """What is known along one input line, for every output line of which something is claimed."""
    line = probe.lines[label]
    gradient = probe.gradient
    forward = probe.forward(label) if "jvp" in probe.target.derivatives else None
    claims = claiming.along_lines(request.claims, [line])
    asked = [i for i in range(len(probe.output_lines)) if (i, label) in gradient or forward is not None or claims]
    if not asked:
        return []
    if claims and not probe.scalar:
        raise UsageError(f"--expect is for a function that returns one number, and {probe.target.name} returns several", NO_CURE)
    phi, x = probe.phi({label: 1}), size_of(line.touched(probe.at[line.input]))
    found = [] if bad else slopes(phi, x, len(probe.output_lines))
    stepped = [] if bad else complex_slopes(probe.phi_complex({label: 1}), x, probe.here, found)
    rows = []
    for i in asked:
        differences = nothing() if bad else differences_of(probe, found[i])
        m = Measured(
            label,
            probe.label_of(probe.output_lines[i]),
            given_at(probe, (i, label), kinked(differences)),
            None if forward is None else bracket(probe, float(forward[i]), 0.0),
            differences,
            complex_step=None if bad or (step := stepped[i]) is None else bracket(probe, step.value, step.error),
            scale=0.0 if bad else steepness(phi, i, x),
            size=0.0 if bad else abs(float(probe.here[i])) / unit(x),
            hidden=0.0 if bad else found[i].hidden,
            undefined=bad,
            required=request.require_resolution,
            grain=0.0 if bad else found[i].grain,
        )
        m.claims, m.again = [judged_claim(probe, claim, m) for claim in claims], partial(judged_again, probe, claims, m)
        rows.append(m)
    return rows


def given_at(probe: Probe, key: tuple[int, str], corner: bool) -> Bracket | None:
    """The gradient under test along a line, with the bound that its scatter gives it; at a corner it scatters from piece to piece."""
    if key not in probe.gradient:
        return None
    value = probe.gradient[key]
    if not math.isfinite(value):
        return Bracket(probe.F.number(value), math.inf)
    least = ULPS * max(math.ulp(value), probe.target.epsilon * abs(value) / 2)
    rounded = in_single(probe) and probe.target.epsilon < SINGLE
    return bracket(probe, value, least if corner or rounded else max(least, probe.scatter[key]))


def steepness(phi: Phi, i: int, x: float) -> float:
    """How steep an output is around the point: what an error in a derivative that vanishes is compared with."""
    h = NEAR * unit(x)
    found = [abs(float(phi(side * h)[i] - phi(0.0)[i])) / h for side in (1, -1)]
    return max((one for one in found if math.isfinite(one)), default=0.0)


def unit(x: float) -> float:
    """What steps at a number of this size are measured in."""
    return max(1.0, 2.0 ** (math.frexp(x)[1] - 1))


def judged_claim(probe: Probe, claim: Claim, m: Measured) -> ClaimResult:
    """The verdict on a claim: a number stands for what float64 code computes, a formula for itself."""
    return judged_value(claim, claiming.value_at(claim, probe), m)


def judged_again(probe: Probe, claims: Sequence[Claim], m: Measured, i: int, value: float) -> ClaimResult:
    """The verdict on the i-th claim as if it said another number."""
    said = claiming.value_at(claims[i], probe)
    return judged_value(claims[i], Bracket(probe.F.number(value), said.error, said.note), m)


def judged_value(claim: Claim, claimed: Bracket, m: Measured) -> ClaimResult:
    """The verdict on a claim, of which it is known what it says."""
    if m.undefined or claimed.value is None or not abs(claimed.value) < math.inf:
        return claiming.result(claim, claimed, math.inf, "undefined", claimed.note or "there is no derivative to compare it with")
    if kinked(m.differences):
        fits = between(claimed.value, m.differences, claiming.tolerance(claim, claimed))
        note = "there is no gradient here, and the claim fits the one-sided slopes" if fits else "it lies outside the one-sided slopes"
        return claiming.result(claim, claimed, 0.0, "kink" if fits else "disagree", note)
    truth = min(answered(m).values(), key=lambda one: one.error, default=None)
    if truth is None:
        return claiming.result(claim, claimed, math.inf, "inconclusive", "no difference quotient")
    allowed = claiming.tolerance(claim, truth) + claimed.error
    off = abs(claimed.value - truth.value)
    if off > allowed and hides(m, truth, claimed.value):
        return claiming.result(claim, claimed, math.inf, "inconclusive", HIDDEN)
    if off <= allowed:
        return claiming.result(claim, claimed, float(allowed), "agree", "agrees at this point")
    note = f"{float(claimed.value)!r} here, and the difference quotient is {float(truth.value)!r} ({float(off):.3g} off)"
    return claiming.result(claim, claimed, float(allowed), "disagree", note)


def fit_together(probe: Probe, measured: Sequence[Measured]) -> None:
    """At a kink the given slopes must fit along ±1 directions of several inputs, too: marks what does not."""
    for i, output in enumerate(probe.output_lines):
        rows = [m for m in measured if m.output == probe.label_of(output)]
        gradient = {m.label: m.given.value for m in rows if m.given is not None}
        if len(rows) < 2 or len(gradient) < len(rows) or not any(kinked(m.differences) for m in rows):
            continue
        inside = all(fits(probe, i, sides, gradient) for sides in directions(list(gradient), probe.id))
        for m in rows:
            m.inside = inside


def fits(probe: Probe, i: int, sides: Mapping[str, int], gradient: Mapping[str, Any]) -> bool:
    """Whether a gradient's slope along a direction lies between the one-sided slopes there."""
    sizes = [x for label in sides for x in probe.lines[label].touched(probe.at[probe.lines[label].input])]
    d = differences_of(probe, slopes(probe.phi(sides), size_of(sizes), len(probe.output_lines))[i])
    along = sum(side * gradient[label] for label, side in sides.items())
    slack = sum(abs(value) for value in gradient.values()) * 8 * 2.0**-53
    known = d.left.value is not None and d.right.value is not None
    return not known or between(along, d, slack)
