"""The verdict: a pure function from what the engines and claims say to a word and a reason. Nothing here computes a derivative."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.estimates import estimate, slope, text
from gradcli.checking.exact.difference import Differences
from gradcli.checking.exact.reverse import Reverse
from gradcli.checking.kinks import SMALLEST, U, between, kinked, sides, slopes_at_a_kink, slopes_in_words
from gradcli.checking.subject import Bracket
from gradcli.results import ClaimResult, Estimate, Row, Verdict

REQUIRED_RESOLUTION = 1e-6
UNBOUNDED = "rounding may have done anything to the float64 gradient here: only the rules were checked"

CLEAR = 1e6
"""How many bounds apart two numbers differ beyond question."""


@dataclass(slots=True)
class Evidence:
    """Everything that is known of the derivative by one input.

    `differs` says in words where free exact arithmetic decides differently from float64; `culprit` finds the node at fault, and is
    asked only when the rules are wrong. `fault` is a node that is known to be wrong, where nodes were looked at one by one; `likely`
    what is probably wrong with a claim. `again` judges the i-th claim as if it said another number.
    """

    name: str
    reverse: Reverse
    symbolic: Bracket
    differences: Differences
    claims: Sequence[ClaimResult] = ()
    differs: str = ""
    required: float | None = None
    max_digits_lost: float | None = None
    inside_slopes: bool = True
    culprit: Callable[[], str | None] | None = None
    undefined: str = ""
    forward: Bracket | None = None
    fault: str | None = None
    likely: str = ""
    again: Callable[[int, float], ClaimResult] | None = None


@dataclass(slots=True)
class Judgement:
    """A verdict with its reason, and the node at fault where one is known."""

    verdict: Verdict
    reason: str = ""
    node: str | None = None


def judge(e: Evidence) -> Row:
    """The row of one input."""
    judgement = undefined(e) or at_a_kink(e) or by_engines(e)
    judgement = by_claims(e.claims, judgement)
    if judgement.verdict == "agree" or (judgement.verdict == "kink" and e.required is not None):
        judgement = resolved(e, judgement)
    return Row(
        input=e.name,
        verdict=judgement.verdict,
        value=e.reverse.value,
        engines=estimates(e),
        claims=e.claims,
        resolution=resolution(e),
        absolute=not scale_of(e),
        digits_lost=digits_lost(e),
        left=slope(e.differences.left) if kinked(e.differences) else None,
        right=slope(e.differences.right) if kinked(e.differences) else None,
        node=judgement.node,
        reason=judgement.reason,
        likely=e.likely,
    )


def undefined(e: Evidence) -> Judgement | None:
    """NaN = NaN is never an agreement: no finite value or derivative, no verdict about it."""
    if e.undefined:
        return Judgement("undefined", e.undefined)
    left, right = e.differences.left, e.differences.right
    if left.note == right.note == "undefined":
        return Judgement("undefined", "exact arithmetic has no value at the point or on either side of it")
    return None


def at_a_kink(e: Evidence) -> Judgement | None:
    """The verdict where the slopes on both sides differ."""
    d = e.differences
    if not kinked(d):
        return None
    slopes = slopes_in_words(d)
    if not between(e.reverse.precise.value, d) or not e.inside_slopes:
        return faulty(e, f"{slopes}; the reverse gradient {text(e.reverse.precise.value)} lies outside")
    return Judgement("kink", slopes + (f"; {e.differs}" if e.differs else ""))


def by_engines(e: Evidence) -> Judgement:
    """The verdict of the oracles on the rules, then of the bound on the float64 formulas."""
    a = e.reverse.precise
    if e.fault:
        return Judgement("disagree", "the derivative of a node is not what it should be", e.fault)
    if a.value is None or a.value != a.value:
        return Judgement("inconclusive", a.note or "the reverse gradient has no value in exact arithmetic")
    oracles = answered(e)
    for name, oracle in oracles.items():
        excess = beyond(a, oracle)
        if excess:
            return faulty(e, f"{name} says {text(oracle.value)}, the rules give {text(a.value)}: {excess}")
    if e.forward is not None and e.forward.value is not None and (excess := beyond(a, e.forward)):
        return faulty(e, f"forward mode says {text(e.forward.value)}, the reverse sweep {text(a.value)}: {excess}")
    if len(oracles) < 2:
        return Judgement("inconclusive", unanswered(e))
    if e.reverse.value_off > e.reverse.value_bound + SMALLEST:
        off, bound = text(e.reverse.value_off), text(e.reverse.value_bound)
        return Judgement("disagree", f"the float64 value is {off} from the exact one, and rounding explains {bound}: a formula is wrong")
    off = abs(e.reverse.value - a.value)
    if math.isfinite(e.reverse.bound) and off > e.reverse.bound + SMALLEST:
        return Judgement(
            "disagree",
            f"the rules are right, but float64 gives {text(e.reverse.value)}: {text(off)} off, "
            f"and rounding explains {text(e.reverse.bound)}",
        )
    unbounded = "" if math.isfinite(e.reverse.bound) else UNBOUNDED
    return Judgement("agree", "; ".join(filter(None, (e.differs, unbounded))))


def answered(e: Evidence) -> dict[str, Bracket]:
    """The oracles that have an answer: the derivative on the decided pieces, or where every run is smooth, of the free runs."""
    oracles = {"symbolic": e.symbolic, "difference": difference_of(e.differences)}
    return {
        name: oracle for name, oracle in oracles.items() if oracle.value is not None and oracle.value == oracle.value and not oracle.note
    }


def difference_of(d: Differences) -> Bracket:
    """The difference quotient that counts: two-sided on one piece, else of the sides that are defined."""
    if d.central.note or (d.same_here and not d.same):
        return one_sided(d) or d.central
    return d.central


def one_sided(d: Differences) -> Bracket | None:
    """The slope where the sides agree, or of the only side that is defined."""
    sides = [side for side in (d.left, d.right) if side.value is not None and not side.note]
    return min(sides, key=lambda side: side.error, default=None)


def beyond(a: Bracket, r: Bracket) -> str:
    """How far two brackets are apart, in bounds; empty if they overlap."""
    bound = a.error + r.error + SMALLEST
    apart = abs(a.value - r.value)
    if not apart > bound:
        return ""
    return f"{text(apart)} apart, and the bounds allow {text(bound)}" if apart < CLEAR * bound else f"{text(apart)} apart"


def unanswered(e: Evidence) -> str:
    """Which engines did not answer, and why."""
    notes = {"symbolic": e.symbolic.note, "difference": difference_of(e.differences).note}
    return "; ".join(f"{name} did not answer ({note or 'no value'})" for name, note in notes.items() if name not in answered(e))


def faulty(e: Evidence, reason: str) -> Judgement:
    """A disagreement of the rules, with the node whose partial is wrong; if none is, a convention at a corner or the sweep is to blame."""
    node = e.culprit() if e.culprit else None
    return Judgement("disagree", reason if node else f"{reason}; the partial of each node is right by itself", node)


def by_claims(claims: Sequence[ClaimResult], judgement: Judgement) -> Judgement:
    """The claims can only make a verdict worse."""
    if judgement.verdict not in ("agree", "inconclusive", "kink"):
        return judgement
    for claim in claims:
        if claim.verdict == "disagree":
            return Judgement("disagree", f"the claim {claim.text}: {claim.note}")
    undecided = next((claim for claim in claims if claim.verdict not in ("agree", "kink")), None)
    if undecided and judgement.verdict == "agree":
        return Judgement(undecided.verdict, f"the claim {undecided.text}: {undecided.note}")
    return judgement


def resolved(e: Evidence, judgement: Judgement) -> Judgement:
    """An agreement that could not have failed is none."""
    # a tolerance that a claim brings along was chosen by its author: it counts only where a resolution is asked for
    finest, required = (resolution(e), e.required) if e.required is not None else (resolution(e, claims=False), REQUIRED_RESOLUTION)
    if finest is not None and not finest <= required:
        if judgement.verdict == "kink":
            return Judgement("inconclusive", f"{judgement.reason}, known to {finest:.2g} only")
        kind = "a relative" if scale_of(e) else "an"
        cure = f"; --require-resolution {above(finest):.1g} passes" if e.reverse.rough and math.isfinite(finest) else ""
        return Judgement("inconclusive", f"{kind} error below {finest:.2g} would not have been seen{cure}")
    if e.max_digits_lost is not None and e.reverse.rough:
        return Judgement("inconclusive", "how many digits float64 loses is not known of a program that is too large for exact arithmetic")
    lost = digits_lost(e)
    if e.max_digits_lost is not None and lost is not None and lost > e.max_digits_lost:
        return Judgement("inconclusive", f"float64 loses {lost:.1f} digits here, more than {e.max_digits_lost:g}")
    return judgement


def above(size: float) -> float:
    """A number of one digit that is not smaller."""
    unit = 10.0 ** math.floor(math.log10(size))
    return math.ceil(size / unit) * unit


def scale_of(e: Evidence) -> Any:
    """What errors are compared with: the gradient, or the shares that cancel in it; 0 if a double can't tell them from it."""
    sizes = [abs(b.value) for b in (e.reverse.precise, *answered(e).values()) if b.value is not None and b.value == b.value]
    largest = max([e.reverse.scale, *sizes, *(abs(side.value) for side in slopes_at_a_kink(e.differences))])
    return largest if largest > SMALLEST else 0


def resolution(e: Evidence, *, claims: bool = True) -> float | None:
    """The smallest relative error that would have been caught; absolute where there is nothing to divide by."""
    oracles = answered(e)
    if e.reverse.precise.value is None or not (oracles or kinked(e.differences)):
        return None
    known = slopes_at_a_kink(e.differences) or oracles.values()
    bound = float(e.reverse.precise.error + max((one.error for one in known), default=math.inf))
    widest = max([bound, *(claim.error for claim in e.claims if claims and math.isfinite(claim.error))])
    scale = scale_of(e)
    return float(widest / scale) if scale else widest


def digits_lost(e: Evidence) -> float | None:
    """How many of float64's digits rounding took from the reverse gradient."""
    a = e.reverse.precise.value
    if a is None or a != a or not math.isfinite(e.reverse.value) or e.reverse.rough:
        return None
    off, size = abs(e.reverse.value - a), abs(a) or e.reverse.scale
    if not off or not size:
        return 0.0
    # below the normal range a double has fewer digits: that is no loss of the program's
    relative = float(max(off - SMALLEST, 0) / max(size, SMALLEST))
    return round(min(max(math.log10(relative / U), 0.0), 16.0), 1) if relative else 0.0


def estimates(e: Evidence) -> Mapping[str, Estimate]:
    """The engines as results."""
    finite = math.isfinite(e.reverse.value)
    reverse = Estimate(e.reverse.value, repr(e.reverse.value), e.reverse.bound, "" if finite else "not finite")
    d = e.differences
    forward = {} if e.forward is None else {"forward": estimate(e.forward)}
    return {
        "reverse": reverse,
        **forward,
        "symbolic": estimate(e.symbolic),
        "difference": sides(d) if kinked(d) else estimate(difference_of(d)),
    }
