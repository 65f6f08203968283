"""The verdict on a gradient that somebody else computes: a pure function from what was measured along one line to a row.

A gradient has no bound of its own: it counts as exact to a few units in the last place, or as far as its answers scatter. One oracle
that answers is enough, because neither the target's code nor its rules are ours.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.estimates import decimal, estimate, slope, text
from gradcli.checking.exact.difference import Differences
from gradcli.checking.kinks import SMALLEST, between, kinked, sides, slopes_at_a_kink, slopes_in_words
from gradcli.checking.subject import Bracket
from gradcli.checking.verdict import CLEAR, REQUIRED_RESOLUTION, Judgement, above, by_claims
from gradcli.results import ClaimResult, Estimate, Row

ULPS = 4
"""Units in the last place that a gradient may always be off."""


HIDDEN = "the value has few digits, and the same ones at every step: they would not show a slope as small as this"


@dataclass(slots=True)
class Measured:
    """What is known of the derivative of one output line along one input line; numbers of an engine's number system.

    `given` is the gradient under test and `forward` the target's own forward mode, None where the target has none. `scale` is what an
    error is compared with where the derivative vanishes, and `size`, that of the value in units of the point, where the function does
    not change at all; `hidden` is the slope that its values may hide there, and `grain` is the size of the steps of values that are
    constant between them. `inside` says whether the given slopes fit along ±1 directions at a kink; `what` is what sentences call the
    derivative under test; `again` judges the i-th claim as if it said another number.
    """

    label: str
    output: str | None
    given: Bracket | None
    forward: Bracket | None
    differences: Differences
    complex_step: Bracket | None = None
    scale: float = 0.0
    size: float = 0.0
    hidden: float = 0.0
    claims: Sequence[ClaimResult] = ()
    inside: bool = True
    undefined: str = ""
    required: float | None = None
    what: str = "the gradient"
    grain: float = 0.0
    again: Callable[[int, float], ClaimResult] | None = None


def judge(m: Measured) -> Row:
    """The row of one line."""
    judgement = undefined(m) or at_a_kink(m) or by_oracles(m)
    judgement = by_claims(m.claims, judgement)
    if judgement.verdict == "agree" or (judgement.verdict == "kink" and m.required is not None):
        judgement = resolved(m, judgement)
    corner = kinked(m.differences)
    return Row(
        input=m.label,
        output=m.output,
        verdict=judgement.verdict,
        value=value_of(m),
        engines=engines(m),
        claims=m.claims,
        resolution=resolution(m),
        absolute=not scale_of(m),
        left=slope(m.differences.left) if corner else None,
        right=slope(m.differences.right) if corner else None,
        reason=judgement.reason,
    )


def under_test(m: Measured) -> Iterator[tuple[str, Bracket]]:
    """The derivatives that the target claims, with what sentences call them."""
    if m.given is not None:
        yield m.what, m.given
    if m.forward is not None:
        yield "forward mode", m.forward


def undefined(m: Measured) -> Judgement | None:
    """No finite value, no verdict; a gradient that is not finite where the derivative is known is wrong."""
    if m.undefined:
        return Judgement("undefined", m.undefined)
    for what, one in under_test(m):
        if not finite(one.value):
            truth = sharpest(m)
            if truth is None:
                return Judgement("undefined", f"{what} is {float(one.value)} here, and no engine says what it should be")
            return Judgement("disagree", f"{what} is {float(one.value)}, and the derivative exists: {known_text(truth)}")
    return None


def finite(value: Any) -> bool:
    """Whether a number of an engine is finite."""
    return value is not None and math.isfinite(float(value))


def at_a_kink(m: Measured) -> Judgement | None:
    """The verdict where the slopes on both sides differ."""
    d = m.differences
    if not kinked(d):
        return None
    slopes = slopes_in_words(d)
    for what, one in under_test(m):
        if not between(one.value, d, one.error):
            return Judgement("disagree", f"{slopes}; {what} is {text(one.value)}, outside of them")
    if not m.inside:
        return Judgement("disagree", f"{slopes}; by each input the gradient lies between them, along some direction of several it does not")
    return Judgement("kink", slopes)


def by_oracles(m: Measured) -> Judgement:
    """The verdict of the oracles on what the target claims, and of its two directions on each other."""
    if m.given is not None and m.forward is not None and (excess := beyond(m.given, m.forward)):
        said = f"the gradient says {text(m.given.value)}, forward mode {text(m.forward.value)}: {excess}"
        return Judgement("disagree", f"{said} (the dot-product test){whose(m)}")
    oracles = answered(m)
    if m.grain and any(one.value == 0 for _, one in under_test(m)):
        steps = f"the values change in steps of {m.grain:.2g} and are constant between them"
        return Judgement("inconclusive", f"{steps}: their slope is 0, that of what they stand for is not")
    for name, oracle in oracles.items():
        for what, one in under_test(m):
            if excess := beyond(one, oracle):
                if hides(m, oracle, one.value):
                    return Judgement("inconclusive", HIDDEN)
                return Judgement("disagree", f"the {name} says {known_text(oracle)}, {what} {text(one.value)}: {excess}")
    if not oracles:
        return Judgement("inconclusive", unanswered(m.differences))
    return Judgement("agree")


def hides(m: Measured, oracle: Bracket, slope: Any) -> bool:
    """Whether a function that does not change at any step may have this slope, because its values have few digits."""
    return bool(not oracle.value and abs(slope) <= m.hidden)


def whose(m: Measured) -> str:
    """Which of the two directions the difference quotient contradicts."""
    wrong = [what for what, one in under_test(m) for oracle in answered(m).values() if beyond(one, oracle)]
    return "; the difference quotient contradicts " + " and ".join(dict.fromkeys(wrong)) if wrong else ""


def answered(m: Measured) -> dict[str, Bracket]:
    """The oracles that have an answer, by their names in sentences."""
    d, found = m.differences, {}
    if usable(d.central):
        found["difference quotient"] = d.central
    else:
        sides = [side for side in (d.left, d.right) if usable(side)]
        if sides and not kinked(d):
            found["one-sided difference quotient"] = min(sides, key=lambda side: side.error)
    if m.complex_step is not None and usable(m.complex_step):
        found["complex step"] = m.complex_step
    return found


def usable(one: Bracket) -> bool:
    """Whether an engine has answered."""
    return finite(one.value) and not one.note and one.error < math.inf


def unanswered(d: Differences) -> str:
    """Why there is no difference quotient."""
    notes = list(dict.fromkeys(note for note in (d.central.note, d.left.note, d.right.note) if note))
    return f"no difference quotient ({notes[0] if notes else 'none settled'})"


def sharpest(m: Measured) -> Bracket | None:
    """The oracle with the smallest bound."""
    return min(answered(m).values(), key=lambda one: one.error, default=None)


def beyond(a: Bracket, r: Bracket) -> str:
    """How far two brackets are apart, in numbers; empty if they overlap."""
    bound, apart = a.error + r.error + SMALLEST, abs(a.value - r.value)
    if not apart > bound:
        return ""
    return f"{size_text(float(apart))} apart" + ("" if apart >= CLEAR * bound else f", and the bounds allow {size_text(float(bound))}")


def known_text(one: Bracket) -> str:
    """A measured number in a sentence, by the digits that it has."""
    digits, _ = decimal(one)
    return text(float(digits or one.value))


def size_text(size: float) -> str:
    """A size for a sentence."""
    return f"{size:.3g}"


def resolved(m: Measured, judgement: Judgement) -> Judgement:
    """An agreement that could not have failed is none."""
    finest, required = resolution(m), m.required if m.required is not None else REQUIRED_RESOLUTION
    scale = scale_of(m)
    if finest is None or finest <= (required if scale else max(required * max(1.0, m.size), m.hidden if m.required is None else 0.0)):
        return judgement
    if judgement.verdict == "kink":
        return Judgement("inconclusive", f"{judgement.reason}, known to {finest:.2g} only")
    kind = "a relative" if scale else "an absolute"
    cure = f"; --require-resolution {above(finest):.1g} passes" if math.isfinite(finest) else ""
    return Judgement("inconclusive", f"{kind} error below {finest:.2g} would not have been seen{cure}")


def scale_of(m: Measured) -> float:
    """What errors are compared with: the derivative, or where it is lost in its bound, how steep the function is around."""
    sizes = [abs(float(one.value)) for _, one in under_test(m) if finite(one.value)]
    sizes += [abs(float(one.value)) for one in (*answered(m).values(), *slopes_at_a_kink(m.differences))]
    truth = sharpest(m)
    lost = truth is not None and abs(truth.value) <= truth.error
    largest = max([*sizes, m.scale if lost else 0.0], default=0.0)
    return largest if largest > SMALLEST else 0.0


def resolution(m: Measured) -> float | None:
    """The smallest relative error that would have been caught; absolute where there is nothing to divide by."""
    known = slopes_at_a_kink(m.differences) or [one for one in (sharpest(m),) if one is not None]
    if not known:
        return None
    own = max((float(one.error) for _, one in under_test(m)), default=0.0)
    bound = max(float(one.error if one.value else max(one.error, m.hidden)) for one in known)
    widest = max([own + bound, *(claim.error for claim in m.claims if math.isfinite(claim.error))])
    scale = scale_of(m)
    return widest / scale if scale else widest


def value_of(m: Measured) -> float:
    """The derivative under test; without one the difference quotient, and nan where that has no answer either."""
    tested = next((one for _, one in under_test(m)), None) or sharpest(m)
    return math.nan if tested is None else float(tested.value)


def engines(m: Measured) -> Mapping[str, Estimate]:
    """What was measured, as results."""
    d = m.differences
    found = {"gradient": m.given, "forward": m.forward}
    answers = {name: given(one) for name, one in found.items() if one is not None}
    if kinked(d):
        answers["difference"] = sides(d)
    else:
        oracles = [one for name, one in answered(m).items() if name != "complex step"]
        answers["difference"] = estimate(oracles[0] if oracles else Bracket(None, math.inf, unanswered(d)))
    if m.complex_step is not None:
        answers["complex"] = estimate(m.complex_step)
    return answers


def given(one: Bracket) -> Estimate:
    """A number that the target answered, which has the digits of a double."""
    value = float(one.value)
    return Estimate(value, repr(value), float(one.error), "" if math.isfinite(value) else "not finite")
