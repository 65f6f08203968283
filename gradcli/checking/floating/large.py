"""The check of a program that is too large for exact arithmetic: float64 with bounds along directions, and SymPy node by node.

The gradient and the chained forward derivative are float64 numbers with bounds; that derivative counts as SymPy's answer where SymPy
agrees with every node that it passes through. Difference quotients of float64 runs are the third engine, which uses no rule.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from gradcli.checking import claims as claiming
from gradcli.checking.claims import Claim
from gradcli.checking.exact.reverse import SAFETY
from gradcli.checking.explanations import infinite_derivative
from gradcli.checking.floating import ladder, nodes
from gradcli.checking.floating.loosely import Loosely, dot, with_bounds
from gradcli.checking.judging import Bench, truth_for_claims, unjudged, wrong
from gradcli.checking.mistakes.comparing import name_mistakes
from gradcli.checking.requests import Request
from gradcli.checking.subject import Bracket, Subject
from gradcli.checking.verdict import REQUIRED_RESOLUTION, Evidence
from gradcli.language import run
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np, silently
from gradcli.operations.loose import Loose, loose
from gradcli.results import ClaimResult

OWN = "the program defines a gradient of its own"


def evidence(subject: Subject, request: Request, claims: Sequence[Claim]) -> list[Evidence]:
    """Everything that is known of each line, its judged claims included."""
    loosely = Loosely(subject)
    own = any(op.transparent for op in subject.trace.graph.operations)
    with silently():
        reversed_, looked, rounding = loosely.reverse(), nodes.look(loosely), loosely.rounding()
    subject.notes.append(said(looked))
    rows, off = [], ladder.off_value(subject)
    for label, line in subject.lines.items():
        tangents = loosely.plain_tangents(line) if own else loosely.tangents(line)
        r, chained = reversed_[label], Bracket(None, math.inf, OWN) if own else loosely.forward(tangents)
        r.value_off, r.value_bound = off, rounding
        unknown = OWN if own else nodes.reached(looked.unknown, tangents)
        e = Evidence(
            label, r, Bracket(None, math.inf, unknown) if unknown else chained, ladder.difference(subject, label, rounding),
            required=request.require_resolution, max_digits_lost=request.max_digits_lost, forward=chained,
            undefined="" if math.isfinite(r.value) else infinite_derivative(subject, label, r.value),
            fault=nodes.reached(looked.faults, tangents),
        )  # fmt: skip
        stated = [claim for claim in claims if claim.label == label]
        e.claims, e.again = [judged(subject, claim, e) for claim in stated], partial(judged_again, subject, stated, e)
        rows.append(e)
    name_mistakes(subject, Bench(subject, claims, request.id), rows, near=False)
    return rows


def said(looked: nodes.Looked) -> str:
    """How the check was done, for its reader."""
    return (
        f"too large for exact arithmetic: float64 with bounds, and SymPy node by node "
        f"({looked.count} nodes, {nodes.ELEMENTS} elements of each; whole arrays along seeded directions)"
    )


def judged(subject: Subject, claim: Claim, e: Evidence) -> ClaimResult:
    """The verdict on one claim at the point, compared in float64 within bounds."""
    if e.undefined:
        return unjudged(claim, "there is no derivative to compare it with")
    truth = truth_for_claims(e)
    claimed = value_of(subject, claim)
    if claimed.value is None:
        return unjudged(claim, claimed.note)
    if truth is None:
        return claiming.result(claim, claimed, math.inf, "inconclusive", "no engine answered")
    return compared(claim, claimed, truth, e)


def judged_again(subject: Subject, claims: Sequence[Claim], e: Evidence, i: int, value: float) -> ClaimResult:
    """The verdict on the i-th claim as if it said another number."""
    said, truth = value_of(subject, claims[i]), truth_for_claims(e)
    claimed = Bracket(subject.F.number(value), said.error, said.note)
    if not math.isfinite(value) or truth is None:
        return unjudged(claims[i], "it has no finite value at the point")
    return compared(claims[i], claimed, truth, e)


def compared(claim: Claim, claimed: Bracket, truth: Bracket, e: Evidence) -> ClaimResult:
    """A claimed number along a line beside the derivative: code that computes it in float64 rounds as the gradient here does."""
    rounding = claimed.error + (e.reverse.bound if claim.program is None else 0)
    own = claiming.tolerance(claim, truth)
    error, off = float(own + rounding), abs(claimed.value - truth.value)
    if off > own + rounding:
        return claiming.result(claim, claimed, error, "disagree", wrong(claimed, truth))
    if rounding + truth.error > REQUIRED_RESOLUTION * max(abs(truth.value), e.reverse.scale):
        return claiming.result(claim, claimed, error, "inconclusive", "what float64's rounding leaves open is too wide to tell")
    return claiming.result(claim, claimed, error, "agree", "agrees at this point, compared in float64")


def value_of(subject: Subject, claim: Claim) -> Bracket:
    """What a claim says along its line, with a bound of the error of computing it."""
    value = loose(claim.number) if claim.program is None else computed(subject, claim)
    value = along(claim, value)
    if not math.isfinite(float(value.v)):
        return Bracket(None, math.inf, "it has no finite value at the point")
    F = subject.F
    return Bracket(F.number(float(value.v)), F.number(SAFETY * float(value.e)))


def computed(subject: Subject, claim: Claim) -> Loose:
    """The value of a claimed formula in a float64 run with bounds."""
    program = claim.program
    assert program is not None
    trace = run(program, claiming.point_of(program, subject), seed=subject.seed, limits=subject.limits)
    with silently():
        return loose(with_bounds(trace.graph).values[trace.node_of(program.output)])


def along(claim: Claim, value: Loose) -> Loose:
    """The part of a claimed gradient along the claim's line. Raises ShapeProblem for one that has not the shape of the input."""
    direction = claim.line.direction if claim.line else None
    shape = shape_of(direction) if claim.element is None else ()
    if value.ndim:
        claiming.fitting(claim, value.shape, shape)
    if direction is None or claim.element is not None:
        return value
    return dot(Loose(np.broadcast_to(value.v, shape), np.broadcast_to(value.e, shape)), direction)
