"""The judgement of claims: at the point against the sharpest oracle, at a kink against the slopes, and for a formula around the point.

What belongs to the point and not to a claim (rounding, points around it) is found once, by the Bench.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.claims import Claim
from gradcli.checking.exact.directions import Fan
from gradcli.checking.exact.reverse import Reverse, rounding_of_point
from gradcli.checking.exact.rounding import Constants, moved_point
from gradcli.checking.exact.symbolic import symbolic
from gradcli.checking.explanations import not_finite
from gradcli.checking.kinks import between, kinked
from gradcli.checking.points.sampling import neighbours
from gradcli.checking.reproducing import spelled
from gradcli.checking.subject import Bracket, Subject
from gradcli.checking.verdict import REQUIRED_RESOLUTION, Evidence, difference_of
from gradcli.results import ClaimResult, Verdict

NEIGHBOURS = 5
"""Points around the point at which a formula is judged too."""

SMALL_EXCUSE = 1e-12
"""What the rounding of constants may excuse, relative; beyond that it can't be told from a fault."""

OBSERVED = 4.0
"""How many times float64's loss that is seen in the reverse gradient other code may lose."""


@dataclass
class Place:
    """A point with the true derivatives there, and what the rounding of the program's constants may do to them."""

    subject: Subject
    truths: Mapping[str, Bracket]

    @cached_property
    def constants(self) -> Constants:
        """The rounded constants of the program."""
        return Constants(self.subject, list(self.truths))


class Bench:
    """What the claims of one check are judged with."""

    def __init__(self, subject: Subject, claims: Sequence[Claim], seed: str) -> None:
        self.subject, self.claims, self.seed = subject, claims, seed
        self.names = list(dict.fromkeys(claim.label for claim in claims))
        self.here = Place(subject, dict.fromkeys(self.names, Bracket(None)))
        self.drawn: list[Place] = []
        self.values: dict[int, tuple[Bracket, int]] = {}
        self.more = self.draw()

    @cached_property
    def rounding(self) -> Mapping[str, float]:
        """The bound for code that computes the gradients in float64."""
        return rounding_of_point(self.subject)

    @cached_property
    def moved(self) -> Mapping[str, Any]:
        """What moving the point by its own rounding does to the derivatives, in exact arithmetic."""
        return moved_point(self.subject, self.names)

    def said(self, claim: Claim) -> Bracket:
        """What a claim says at the point, computed once; leaves the precision at which it was."""
        if id(claim) not in self.values:
            found = claiming.value_at(claim, self.subject)
            self.values[id(claim)] = found, self.subject.F.context.prec
        found, self.subject.F.context.prec = self.values[id(claim)]
        return found

    def draw(self) -> Iterator[Place]:
        """Points around the point, on the same path."""
        subject = self.subject
        for near in neighbours(subject.at, self.seed):
            other = replace(subject, at=near, samples={})
            if not not_finite(other) and other.path == subject.path:
                yield Place(other, symbolic(other, self.names))

    def around(self) -> Iterator[Place]:
        """The points around the point, each of them found once for all claims."""
        i = 0
        while True:
            if i == len(self.drawn):
                place = next(self.more, None)
                if place is None:
                    return
                self.drawn.append(place)
            yield self.drawn[i]
            i += 1


def judged_claims(bench: Bench, e: Evidence) -> list[ClaimResult]:
    """The verdicts on the claims for one input."""
    claims = [claim for claim in bench.claims if claim.label == e.name]
    if e.undefined:
        return [unjudged(claim, "there is no derivative to compare it with") for claim in claims]
    truth = truth_for_claims(e)
    return [judged_claim(bench, claim, truth, e) for claim in claims]


def unjudged(claim: Claim, why: str) -> ClaimResult:
    """A claim where there is nothing to compare it with."""
    return claiming.result(claim, Bracket(None), math.inf, "undefined", why)


def truth_for_claims(e: Evidence) -> Bracket | None:
    """What claims are compared with: an oracle that answered, the sharpest one."""
    oracles = [b for b in (e.symbolic, difference_of(e.differences)) if b.value is not None and not b.note]
    return min(oracles, key=lambda b: b.error, default=None)


def judged_claim(bench: Bench, claim: Claim, truth: Bracket | None, e: Evidence) -> ClaimResult:
    """The verdict on one claim at the point, and for a formula around it."""
    return judged_value(bench, claim, claiming.value_at(claim, bench.subject), truth, e)


def judged_again(bench: Bench, e: Evidence, i: int, value: float) -> ClaimResult:
    """The verdict on the i-th claim as if it said another number, and the same around the point as before."""
    claim = [claim for claim in bench.claims if claim.label == e.name][i]
    said, truth = bench.said(claim), truth_for_claims(e)
    if said.value is None or not math.isfinite(value) or claim.program is None or truth is None:
        return judged_value(bench, claim, Bracket(bench.subject.F.number(value), 0), truth, e)
    claimed = Bracket(said.value + (value - float(said.value)), said.error)
    verdict, allowed, note = compared(bench.here, claim, claimed, truth, e.reverse.scale)
    return claiming.result(claim, claimed, float(allowed), verdict, note)


def judged_value(bench: Bench, claim: Claim, claimed: Bracket, truth: Bracket | None, e: Evidence) -> ClaimResult:
    """The verdict on one claim, of which it is known what it says at the point."""
    if claimed.value is None or not abs(claimed.value) < math.inf:
        return unjudged(claim, claimed.note or "it has no finite value at the point")
    if kinked(e.differences):
        return claim_at_a_kink(bench, claim, claimed, e)
    if truth is None:
        return claiming.result(claim, claimed, math.inf, "inconclusive", "no engine answered")
    if claim.program is None:
        return judged_number(bench, claim, claimed, truth, e.reverse)
    return judged_formula(bench, claim, claimed, truth, e.reverse.scale)


def judged_number(bench: Bench, claim: Claim, claimed: Bracket, truth: Bracket, reverse: Reverse) -> ClaimResult:
    """The verdict on a number: off by no more than a few units or its own tolerance, or by what float64's rounding explains."""
    off, sharp = abs(claimed.value - truth.value), claiming.tolerance(claim, truth)
    if off <= sharp:
        return claiming.result(claim, claimed, float(sharp), "agree", "")
    widest = REQUIRED_RESOLUTION * (abs(truth.value) or reverse.scale)
    rounding = max(bench.rounding[claim.label], OBSERVED * loss(reverse))
    if rounding > widest:
        rounding = min(rounding, bench.moved[claim.label] + (reverse.bound if reverse.bound < math.inf else OBSERVED * loss(reverse)))
    error = float(sharp + rounding)
    if off > sharp + rounding:
        return claiming.result(claim, claimed, error, "disagree", wrong(claimed, truth))
    if rounding > widest:
        note = f"the derivative is {float(truth.value)!r}, and float64's rounding may be larger than what this is off: it can't be told"
        return claiming.result(claim, claimed, error, "inconclusive", note)
    return claiming.result(claim, claimed, error, "agree", "")


def loss(reverse: Reverse) -> Any:
    """What float64 lost in the reverse gradient, as far as it is known."""
    exact = reverse.precise.value
    return 0 if exact is None or exact != exact or not math.isfinite(reverse.value) else abs(reverse.value - exact)


def judged_formula(bench: Bench, claim: Claim, claimed: Bracket, truth: Bracket, scale: Any) -> ClaimResult:
    """The verdict on a formula: at the point, then around it."""
    verdict, allowed, note = compared(bench.here, claim, claimed, truth, scale)
    if verdict != "disagree":
        elsewhere, said = around(bench, claim)
        if verdict == "agree" or elsewhere == "disagree":
            verdict, note = elsewhere, said
    return claiming.result(claim, claimed, float(allowed), verdict, note)


def compared(place: Place, claim: Claim, claimed: Bracket, truth: Bracket, scale: Any = 0) -> tuple[Verdict, Any, str]:
    """The verdict on a formula at one point, with the bound that it rests on and what is wrong.

    A constant such as 4.9 in a claim, where the program says 0.7*x**7, is 7*0.7 but for rounding: where the claim has rounded
    constants, those of the program count too, and are asked for only when they matter.
    """
    off, size = abs(claimed.value - truth.value), max(abs(truth.value), scale)
    allowed = truth.error + claimed.error
    if off <= allowed:
        excuse, widest = allowed, REQUIRED_RESOLUTION * size
    else:
        own = claiming.constants_error(claim, place.subject)
        excuse = own + (place.constants.effect(claim.label, off - allowed - own) if own and off > allowed + own else 0)
        allowed, widest = allowed + excuse, SMALL_EXCUSE * size
    if off > allowed:
        return "disagree", allowed, wrong(claimed, truth)
    if excuse > widest and not same_as_written(place, claim):
        return "inconclusive", allowed, "what its own constants and precision leave open is too wide to tell"
    return "agree", allowed, ""


def same_as_written(place: Place, claim: Claim) -> bool:
    """Whether a formula is right where every constant is what is written: then nothing but rounding is in its way."""
    claimed, truth = claiming.as_written(claim, place.subject), place.constants.as_written[claim.label]
    if claimed.value is None or truth.value is None:
        return False
    return bool(abs(claimed.value - truth.value) <= claimed.error + truth.error)


def claim_at_a_kink(bench: Bench, claim: Claim, claimed: Bracket, e: Evidence) -> ClaimResult:
    """At a kink a claim must lie between the slopes."""
    rounding = bench.rounding[claim.label] if claim.program is None else claiming.constants_error(claim, bench.subject)
    slack = claiming.tolerance(claim, claimed) + rounding
    if between(claimed.value, e.differences, slack):
        return claiming.result(claim, claimed, float(slack), "kink", "there is no gradient here, and the claim fits the one-sided slopes")
    return claiming.result(claim, claimed, float(slack), "disagree", f"{float(claimed.value)!r} lies outside the one-sided slopes")


def fit_together(subject: Subject, rows: Sequence[Evidence], slopes: Fan) -> None:
    """At a kink, claims for all inputs must also fit together: marks those that do not."""
    gradient = {e.name: e.claims[0].value for e in rows if len(e.claims) == 1 and e.claims[0].verdict in ("kink", "agree")}
    whole = set(subject.nodes) == {line.input for line in subject.lines.values() if line.label in gradient}
    if (
        not whole
        or set(gradient) != set(subject.lines)
        or slopes.holds({name: subject.F.number(value) for name, value in gradient.items()})
    ):
        return
    note = "it lies between the slopes by this input, but together the claims are no gradient: along some direction they are outside"
    for e in rows:
        e.claims = [replace(claim, verdict="disagree", note=note) if claim.verdict == "kink" else claim for claim in e.claims]


def wrong(claimed: Bracket, truth: Bracket) -> str:
    """How a claim is wrong, with the exact value to paste."""
    off = abs(claimed.value - truth.value)
    relative = f", {float(off / abs(truth.value)):.2g} relative" if truth.value else ""
    return f"{float(claimed.value)!r} here, and the derivative is {float(truth.value)!r} ({float(off):.3g} off{relative})"


def around(bench: Bench, claim: Claim) -> tuple[Verdict, str]:
    """A formula that is right at the point, judged as a formula: by SymPy, and at points around it on the same pieces."""
    agreed = 0
    for place in bench.around():
        verdict, why = at_neighbour(place, claim)
        if verdict == "disagree":
            where = ", ".join(f"{name}={spelled(value)}" for name, value in place.subject.at.items())
            return "disagree", f"right here, wrong at {where}: {why}"
        agreed += verdict == "agree"
        if agreed == NEIGHBOURS:
            break
    if equal_as_formulas(bench.subject, claim):
        return "agree", "equal as formulas"
    return "agree", f"agrees at {agreed + 1} points" if agreed else "agrees at this point only"


def at_neighbour(place: Place, claim: Claim) -> tuple[Verdict, str]:
    """Whether a formula is right at another point, and if not, how; inconclusive where the point has no answer."""
    truth, claimed = place.truths[claim.label], claiming.value_at(claim, place.subject)
    if truth.value is None or claimed.value is None or not abs(claimed.value - truth.value) < math.inf:
        return "inconclusive", ""
    verdict, _, why = compared(place, claim, claimed, truth)
    return verdict, why


def equal_as_formulas(subject: Subject, claim: Claim) -> bool:
    """Whether SymPy shows the claim to be the derivative."""
    from gradcli.checking.exact.formulas import NotBuilt, claimed, derivatives, equal

    try:
        line = subject.lines[claim.label]
        derivative = derivatives(subject.trace, list(subject.weights.items()), [line])[line.label]
        return equal(derivative, claimed(claim, subject))
    except NotBuilt:
        return False
