"""Every case of the corpus: a right gradient agrees, a wrong one never does, and what the engines print is true to its last digit."""

from __future__ import annotations

import math
from typing import Any

import pytest

import gradcli
from gradcli.results import Check
from tests.checking import truth
from tests.checking.corpus import PIECE_CASES, POINTED_CASES, SMOOTH_CASES, Case

FALSE = "(1+1e-9)"
"""The factor of a claim that must be seen to be wrong."""

ALL = [*SMOOTH_CASES, *POINTED_CASES, *(case for case, _ in PIECE_CASES)]


def checked(case: Case, **options: Any) -> Check:
    """The check of a case."""
    (one,) = gradcli.check(case.program, case.at, **options)
    return one


def truths(case: Case) -> dict[str, Any]:
    """The derivative by each input at 60 digits, from SymPy alone; inputs for which SymPy has no value are left out."""
    pieces = dict(next((formulas for other, formulas in PIECE_CASES if other is case), {}))
    at = truth.point(case.at)
    if pieces:
        return {name: truth.number(truth.expression(text, {n: truth.symbol(n) for n in at}), at) for name, text in pieces.items()}
    return {name: value for name, value in truth.truths(case.program, at).items() if value is not None}


@pytest.mark.parametrize("case", ALL, ids=str)
def test_the_verdict_is_the_right_one(case: Case) -> None:
    check = checked(case)
    assert check.verdict == case.verdict, [row.reason for row in check.rows]


JUDGED = [case for case in (*SMOOTH_CASES, *(case for case, _ in PIECE_CASES)) if case.verdict == "agree"]


@pytest.mark.parametrize("case", JUDGED, ids=str)
def test_the_engines_digits_and_errors_enclose_the_truth(case: Case) -> None:
    known = truths(case)
    rows = {row.input: row for row in checked(case).rows}
    for name, value in known.items():
        context = value.context
        for engine, estimate in rows[name].engines.items():
            off = abs(context.mpf(estimate.digits) - value)
            assert off <= estimate.error + abs(value) * context.mpf(10) ** -truth.DIGITS, (name, engine, estimate, value)


def noise(case: Case, name: str) -> float:
    """float64's own noise in the gradient by an input: what rounding and the rounding of the point may do to it (see numerics.md)."""
    at = truth.point(case.at)
    (row,) = [row for row in checked(case).rows if row.input == name]
    derivative = truth.derivatives(case.program, at)[name] if case in SMOOTH_CASES else truth.expression("0", {})
    second = [truth.number(derivative.diff(truth.symbol(other)), at) for other in at]
    return 2 * row.engines["reverse"].error + sum(
        16 * abs(float(d)) * math.ulp(x) for d, x in zip(second, at.values(), strict=True) if d is not None
    )


@pytest.mark.parametrize("case", JUDGED, ids=str)
def test_the_double_nearest_to_the_truth_agrees_as_a_number(case: Case) -> None:
    for name, value in truths(case).items():
        check = checked(case, expect={name: float(value)})
        assert check.verdict == "agree", check.rows[0].reason


@pytest.mark.parametrize("case", JUDGED, ids=str)
def test_numbers_one_unit_off_agree(case: Case) -> None:
    for name, value in truths(case).items():
        for neighbour in (math.nextafter(float(value), math.inf), math.nextafter(float(value), -math.inf)):
            if math.isfinite(neighbour):
                assert checked(case, expect={name: neighbour}).verdict == "agree"


@pytest.mark.parametrize("case", JUDGED, ids=str)
def test_a_number_off_by_a_billionth_disagrees_where_float64_can_tell(case: Case) -> None:
    for name, value in truths(case).items():
        false = float(value) * (1 + 1e-9)
        off = abs(float(value.context.mpf(false) - value))
        if abs(value) > 1e-300 and math.isfinite(false) and off > noise(case, name):
            assert checked(case, expect={name: false}).verdict == "disagree"


FORMULAS = [case for case in JUDGED if case in SMOOTH_CASES]


def claims(case: Case) -> dict[str, str]:
    """SymPy's derivative of each input as text in gradcli's language, from gradcli's own display; what can't be written is left out."""
    check = checked(case, formula=True)
    readable = {name: text for name, text in check.formula.items() if not any(word in text for word in UNREADABLE)}
    known = truths(case)
    return {name: text for name, text in readable.items() if name in known}


UNREADABLE = ("polygamma", "sinc_derivative", "Derivative")


@pytest.mark.parametrize("case", FORMULAS, ids=str)
def test_sympys_derivative_agrees_as_a_claim_and_a_billionth_more_disagrees(case: Case) -> None:
    known = truths(case)
    for name, text in claims(case).items():
        right = checked(case, expect={name: text})
        assert right.verdict == "agree", (text, right.rows[0].reason)
        if abs(known[name]) > 1e-300:
            assert checked(case, expect={name: f"({text})*{FALSE}"}).verdict == "disagree"


def test_the_corpus_is_large_and_meets_every_operation() -> None:
    from gradcli.operations.table import OPS

    assert len(ALL) >= 250
    assert len({str(case) for case in ALL}) == len(ALL)
    met = {op.name for case in ALL for op in gradcli.grad(case.program, case.at).graph.operations}
    assert {op.name for op in OPS.values() if not op.internal and not op.structural} <= met
