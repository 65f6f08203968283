"""The verdict on what a reader claims of a target's derivative: a formula or a number, against what was measured along its line."""

from __future__ import annotations

import math
from collections.abc import Sequence

from gradcli.checking import claims as claiming
from gradcli.checking.claims import Claim
from gradcli.checking.foreign.probe import Probe
from gradcli.checking.foreign.rows import HIDDEN, Measured, answered, hides
from gradcli.checking.kinks import between, kinked
from gradcli.checking.subject import Bracket
from gradcli.results import ClaimResult


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
