"""The judgement of claims: at the point against the sharpest oracle, at a kink against the slopes, and for a formula around the point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.claims import Claim
from gradcli.checking.directions import Fan
from gradcli.checking.explanations import not_finite
from gradcli.checking.requests import Request
from gradcli.checking.reverse import rounding_of_point
from gradcli.checking.sampling import neighbours
from gradcli.checking.subject import Bracket, Subject
from gradcli.checking.symbolic import symbolic
from gradcli.checking.verdict import REQUIRED_RESOLUTION, Evidence, between, difference_of, kinked
from gradcli.results import ClaimResult, Verdict

NEIGHBOURS = 5
"""Points around the point at which a formula is judged too."""

PREC = 384
"""Bits in which claims are computed."""


def judged_claims(subject: Subject, request: Request, e: Evidence) -> list[ClaimResult]:
    """The verdicts on the claims for one input."""
    claims = [claim for claim in request.claims if claim.input == e.name]
    if e.undefined:
        return [unjudged(claim, "there is no derivative to compare it with") for claim in claims]
    truth = truth_for_claims(e)
    return [judged_claim(subject, request, claim, truth, e) for claim in claims]


def unjudged(claim: Claim, why: str) -> ClaimResult:
    """A claim where there is nothing to compare it with."""
    return claiming.result(claim, Bracket(None), math.inf, "undefined", why)


def truth_for_claims(e: Evidence) -> Bracket | None:
    """What claims are compared with: an oracle that answered, the sharpest one."""
    oracles = [b for b in (e.symbolic, difference_of(e.differences)) if b.value is not None and not b.note]
    return min(oracles, key=lambda b: b.error, default=None)


def judged_claim(subject: Subject, request: Request, claim: Claim, truth: Bracket | None, e: Evidence) -> ClaimResult:
    """The verdict on one claim at the point, and for a formula around it."""
    claimed = claiming.value_at(claim, subject)
    if claimed.value is None or not abs(claimed.value) < math.inf:
        return unjudged(claim, claimed.note or "it has no finite value at the point")
    if kinked(e.differences):
        return claim_at_a_kink(subject, claim, claimed, e)
    if truth is None:
        return claiming.result(claim, claimed, math.inf, "inconclusive", "no engine answered")
    if claim.program is None:
        return judged_number(subject, claim, claimed, truth, e.reverse.scale)
    return judged_formula(subject, request, claim, claimed, truth, e.reverse.scale)


def judged_number(subject: Subject, claim: Claim, claimed: Bracket, truth: Bracket, scale: Any) -> ClaimResult:
    """The verdict on a number: off by no more than a few units or its own tolerance, or by what float64's rounding explains."""
    off, sharp = abs(claimed.value - truth.value), claiming.tolerance(claim, truth)
    if off <= sharp:
        return claiming.result(claim, claimed, float(sharp), "agree", "")
    rounding = rounding_of_point(subject)[claim.input]
    if off > sharp + rounding:
        return claiming.result(claim, claimed, float(sharp + rounding), "disagree", wrong(claimed, truth))
    if rounding > REQUIRED_RESOLUTION * (abs(truth.value) or scale):
        note = f"the derivative is {float(truth.value)!r}, and float64's rounding may be larger than what this is off: it can't be told"
        return claiming.result(claim, claimed, float(sharp + rounding), "inconclusive", note)
    return claiming.result(claim, claimed, float(sharp + rounding), "agree", "")


def judged_formula(subject: Subject, request: Request, claim: Claim, claimed: Bracket, truth: Bracket, scale: Any) -> ClaimResult:
    """The verdict on a formula: at the point, then around it."""
    allowed = excused(subject, claim, claimed, truth)
    if allowed is None:
        return claiming.result(claim, claimed, float(truth.error + claimed.error), "disagree", wrong(claimed, truth))
    if allowed > REQUIRED_RESOLUTION * max(abs(truth.value), scale):
        return claiming.result(
            claim, claimed, float(allowed), "inconclusive", "what its own constants and precision leave open is too wide to tell"
        )
    verdict, note = around(subject, request, claim)
    return claiming.result(claim, claimed, float(allowed), verdict, note)


def excused(subject: Subject, claim: Claim, claimed: Bracket, truth: Bracket) -> Any:
    """The bound within which a formula agrees with the truth, None if it does not.

    A constant such as 4.9 in a claim, where the program says 0.7*x**7, is 7*0.7 but for rounding: where the claim has rounded
    constants, those of the program count too, and are asked for only when they matter.
    """
    off, allowed = abs(claimed.value - truth.value), truth.error + claimed.error
    if off > allowed and claimed.error:
        allowed += rounding_of_constants(subject, claim.input)
    return allowed if off <= allowed else None


def rounding_of_constants(subject: Subject, name: str) -> Any:
    """What the rounding of the program's own constants may do to its derivative."""
    subject.F.context.prec = PREC
    return sum(abs(moved[name].value - plain[name].value) for plain, moved in moved_constants(subject) if moved[name].value is not None)


def moved_constants(subject: Subject) -> list[tuple[Mapping[str, Bracket], Mapping[str, Bracket]]]:
    """The symbolic derivatives as they are, and with each rounded constant moved by half a unit."""
    plain = symbolic(subject)
    return [(plain, symbolic(replace_program(subject, program))) for program in claiming.nudged(subject.program, subject.F)]


def replace_program(subject: Subject, program: Any) -> Subject:
    """The same point with another program, on the path of the first."""
    other = replace(subject, program=program, samples={})
    other.__dict__.update(trace=subject.trace, outputs=subject.outputs, log=subject.log)
    return other


def claim_at_a_kink(subject: Subject, claim: Claim, claimed: Bracket, e: Evidence) -> ClaimResult:
    """At a kink a claim must lie between the slopes."""
    slack = claiming.tolerance(claim, claimed) + (rounding_of_point(subject)[claim.input] if claim.program is None else 0)
    if between(claimed.value, e.differences, slack):
        return claiming.result(claim, claimed, float(slack), "kink", "there is no gradient here, and the claim fits the one-sided slopes")
    return claiming.result(claim, claimed, float(slack), "disagree", f"{float(claimed.value)!r} lies outside the one-sided slopes")


def fit_together(subject: Subject, request: Request, rows: Sequence[Evidence], slopes: Fan) -> None:
    """At a kink, claims for all inputs must also fit together: marks those that do not."""
    gradient = {e.name: e.claims[0].value for e in rows if len(e.claims) == 1 and e.claims[0].verdict in ("kink", "agree")}
    if set(gradient) != set(subject.nodes) or slopes.holds({name: subject.F.number(value) for name, value in gradient.items()}):
        return
    note = "it lies between the slopes by this input, but together the claims are no gradient: along some direction they are outside"
    for e in rows:
        e.claims = [replace(claim, verdict="disagree", note=note) if claim.verdict == "kink" else claim for claim in e.claims]


def wrong(claimed: Bracket, truth: Bracket) -> str:
    """How a claim is wrong, with the exact value to paste and the likely mistake."""
    off = abs(claimed.value - truth.value)
    relative = f", {float(off / abs(truth.value)):.2g} relative" if truth.value else ""
    miss = f"({float(off):.3g} off{relative}){likely(claimed, truth)}"
    return f"{float(claimed.value)!r} here, and the derivative is {float(truth.value)!r} {miss}"


FACTORS = {
    -1.0: "the sign",
    2.0: "a factor 2 too much",
    0.5: "a factor 1/2 too much",
    math.pi / 180: "degrees for radians",
    180 / math.pi: "radians for degrees",
}


def likely(claimed: Bracket, truth: Bracket) -> str:
    """The likely mistake: a factor that explains the claim."""
    ratio = float(claimed.value / truth.value) if truth.value else 0.0
    return next((f"; likely {what}" for factor, what in FACTORS.items() if abs(ratio - factor) < 1e-9 * abs(factor)), "")


def around(subject: Subject, request: Request, claim: Claim) -> tuple[Verdict, str]:
    """A formula that is right at the point, judged as a formula: by SymPy, and at points around it on the same pieces."""
    agreed = 0
    for near in neighbours(subject.at, request.id + claim.text):
        right, why = at_neighbour(subject, claim, near)
        if why:
            place = ", ".join(f"{name}={value!r}" for name, value in near.items())
            return "disagree", f"right here, wrong at {place}: {why}"
        agreed += right
        if agreed == NEIGHBOURS:
            break
    if equal_as_formulas(subject, claim):
        return "agree", "equal as formulas"
    return "agree", f"agrees at {agreed + 1} points" if agreed else "agrees at this point only"


def at_neighbour(subject: Subject, claim: Claim, near: Mapping[str, float]) -> tuple[bool, str]:
    """Whether a formula is right at another point, and if not, how; neither where the point is on another path or has no answer."""
    other = Subject(subject.program, near, subject.of, subject.grad_output, subject.freeze, subject.F)
    if not_finite(other) or other.path != subject.path:
        return False, ""
    truth = symbolic(other)[claim.input]
    claimed = claiming.value_at(claim, other)
    if truth.value is None or claimed.value is None or not abs(claimed.value - truth.value) < math.inf:
        return False, ""
    return (True, "") if excused(other, claim, claimed, truth) is not None else (False, wrong(claimed, truth))


def equal_as_formulas(subject: Subject, claim: Claim) -> bool:
    """Whether SymPy shows the claim to be the derivative."""
    from gradcli.checking.formulas import NotBuilt, claimed, derivatives, equal

    try:
        derivative = derivatives(subject.trace, list(subject.weights.items()), [claim.input])[claim.input]
        return equal(derivative, claimed(claim.program))  # type: ignore[arg-type]
    except NotBuilt:
        return False
