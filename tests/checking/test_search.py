"""The search for points that matter: what it finds, why, how it counts, how long it looks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gradcli
from gradcli.checking.foreign import check_target
from gradcli.checking.searching import findings
from gradcli.checking.searching.coordinates import between, double, ordinal
from gradcli.errors import TargetProblem
from gradcli.results import Check, Report
from tests.checking.targets import Given

finite = st.floats(allow_nan=False, allow_infinity=False)


def found(report: Report) -> list[Check]:
    """What a search found."""
    return [check for check in report if check.found]


def search(program: str, at: Any = None, **options: Any) -> list[Check]:
    """The findings of a search."""
    return found(gradcli.check(program, at, search=True, **options))


@given(finite)
def test_doubles_are_numbered_in_their_order(x: float) -> None:
    assert double(ordinal(x)) == x
    assert double(ordinal(x) + 1) == math.nextafter(x, math.inf) or x == math.nextafter(math.inf, 0)


@given(finite, finite, finite)
def test_bisection_finds_neighbours(a: float, b: float, edge: float) -> None:
    low, high = sorted((a, b))
    if low < edge <= high:
        inside, outside = between(low, high, lambda x: x < edge)
        assert inside < edge == outside


@pytest.mark.parametrize(
    ("program", "at", "place", "why"),
    [
        ("abs(x - 1)*w", "x=3,w=2", {"x": 1.0}, "at the corner of abs, node 2"),
        ("relu(3*x - 6)", "x=0", {"x": 2.0}, "at the corner of relu, node 3"),
        ("floor(x)*x", "x=1.5", {"x": 1.0}, "at the corner of floor, node 1"),
        ("maximum(x, 2*w)", "x=1,w=3", {"x": 6.0}, "at the corner of maximum, node 3"),
        ("clip(x, -7, 5)", "x=0", {"x": 5.0}, "at the corner of clip, node 2"),
        ("x if x < 4 else 3*x", "x=0", {"x": 4.0}, "at the place where 'x < 4' changes, node 1"),
        ("y = x\nif x > 0.25:\n    y = x**2\ny", "x=1", {"x": 0.25}, "at the place where 'x > 0.25' changes, node 1"),
        ("sum(relu(v))", "v=[1,2]", {}, "at the corner of relu, node 1"),
        ("max(v)", "v=[1,2,3]", {}, "v is zero"),
        ("norm(v)", "v=[3,4]", {}, "v is zero"),
    ],
)
def test_corners_are_found_and_named(program: str, at: str, place: dict[str, float], why: str) -> None:
    kinks = [check for check in search(program, at) if check.verdict == "kink"]
    assert why in [check.found for check in kinks]
    assert all(any(check.at[name] == x for check in kinks) for name, x in place.items())


@pytest.mark.parametrize(
    ("program", "at", "x", "why"),
    [
        ("log(x)", "x=2", 0, "at the edge of the domain of log, node 1"),
        ("sqrt(x - 3)", "x=4", 3, "at the edge of the domain of sqrt, node 2"),
        ("1/(x - 5)", "x=1", 5, "at the edge of the domain of div, node 2"),
        ("asin(x)", "x=0", 1, "at the edge of the domain of asin, node 1"),
        ("exp(x)/(1 + exp(x))", "x=1", 709.783, "at the edge of what float64 holds in node 1, 'exp(x)'"),
    ],
)
def test_edges_are_found_and_named(program: str, at: str, x: float, why: str) -> None:
    undefined = {check.found: check.at["x"] for check in search(program, at) if check.verdict == "undefined"}
    assert abs(float(undefined[why])) == x


def test_places_where_digits_are_lost_are_found() -> None:
    checks = search("(1 - cos(x))/x**2", "x=1")
    assert any(check.verdict == "agree" and "float64 loses 16 digits here" in check.found for check in checks)


@pytest.mark.parametrize(
    ("program", "at", "claim", "wrong"),
    [
        ("x**3", "x=2", "3*abs(x)*x", lambda x: x < 0),
        ("abs(x)**3", "x=2", "3*x**2", lambda x: x < 0),
        ("log(1 + x**2)", "x=1", "2*x/(1 + x**2) if x < 50 else 1/x", lambda x: x >= 50),
    ],
)
def test_where_a_claim_is_wrong_is_found(program: str, at: str, claim: str, wrong: Any) -> None:
    report = gradcli.check(program, at, expect=claim, search=True)
    worst = [check for check in found(report) if check.verdict == "disagree"]
    assert worst
    assert all(wrong(check.at["x"]) for check in worst)
    assert report.exit_code == 1


def test_what_is_found_stays_in_the_ranges_and_keeps_what_is_given() -> None:
    for check in search("abs(x - 1)*log(w)", "w=2", over="x=-3:4"):
        assert -3 <= check.at["x"] <= 4
        assert check.at["w"] == 2


def test_findings_that_decide_nothing_are_no_failures() -> None:
    report = gradcli.check("abs(x) + log(x + 2)", "x=1", search=True)
    assert [check.verdict for check in report] == ["agree", "undefined", "kink"]
    assert report.exit_code == 0
    assert all(check.passed for check in report)


def test_the_point_that_was_asked_for_counts_as_ever() -> None:
    assert gradcli.check("abs(x)", "x=0", search=True).exit_code == 3
    assert gradcli.check("abs(x)", "x=0", verdict="kink", search=True).exit_code == 0


def test_digits_that_must_not_be_lost_are_a_failure_where_they_are() -> None:
    assert gradcli.check("(1 - cos(x))/x**2", "x=1", search=True, max_digits_lost=6).exit_code == 3
    assert gradcli.check("x**2", "x=1", search=True, max_digits_lost=6).exit_code == 0


def test_a_number_is_claimed_at_its_own_point_only() -> None:
    assert gradcli.check("x**2", "x=3", expect="6", search=True).exit_code == 0


@pytest.mark.parametrize("program", ["x**2*w", "sin(x)*w", "logsumexp([x, w])", "x*w + 1", "sigmoid(x)*w"])
def test_smooth_programs_have_nothing_to_report(program: str) -> None:
    assert search(program, "x=1,w=2") == []


def test_a_search_is_repeated_exactly() -> None:
    first, second = (search("abs(x)*log(y)", samples=2) for _ in range(2))
    assert [(check.at, check.found) for check in first] == [(check.at, check.found) for check in second]


def test_findings_have_ids_and_commands_of_their_own() -> None:
    report = gradcli.check("abs(x)", "x=1", search=True)
    assert [check.id for check in report] == ["abs(x)", "abs(x)[search 1]"]
    assert report.checks[1].reproduce == 'gradcli check "abs(x)" --at x=0.0'


def test_all_checks_say_what_the_search_did() -> None:
    for check in gradcli.check("abs(x)", "x=1", search=True):
        assert check.notes[-1].startswith("searched with ")
        assert int(check.notes[-1].split()[2]) <= findings.RUNS


def test_a_wrong_gradient_of_a_target_is_found_where_it_is_wrong() -> None:
    target = Given(lambda x: x**2, lambda x: {"x": 2 * x if abs(x) < 5 else 3 * x}, inputs=("x",))
    report = check_target(target, "x=1", search=True)
    assert [check.verdict for check in report] == ["agree", "disagree"]
    assert any("also wrong at x = " in note for note in report.checks[1].notes)


def test_of_the_claims_about_a_target_only_formulas_go_along_to_other_points() -> None:
    target = Given(lambda x: x**2 if abs(x) < 5 else x**2 + x - 5, inputs=("x",))
    assert check_target(target, "x=1", expect={"x": 2.0}, search=True).exit_code == 0
    own, other = check_target(target, "x=1", expect=["x=2", "x=2*x"], search=True)
    assert [(claim.text, claim.verdict) for claim in own.rows[0].claims] == [("2", "agree"), ("2*x", "agree")]
    assert [(claim.text, claim.verdict) for claim in other.rows[0].claims] == [("2*x", "disagree")]


class Ending(Given):
    """A target with a wrong gradient beyond 5 that ends while the second point there is checked: only checks ask for complex numbers."""

    checked = 0

    def evaluate(self, at: Mapping[str, Any]) -> Mapping[str, Any]:
        assert self.checked < 2
        return super().evaluate(at)

    def evaluate_complex(self, at: Mapping[str, Any]) -> None:
        self.checked += abs(at["x"]) > 5
        if self.checked == 2:
            raise TargetProblem("f ended", gone=True)


def test_a_target_that_ends_while_a_search_checks_a_point_keeps_what_was_found_and_says_where() -> None:
    target = Ending(lambda x: x**2, lambda x: {"x": 2 * x if abs(x) < 5 else 3 * x}, inputs=("x",))
    report = check_target(target, "x=1", search=True)
    assert [(check.id, check.verdict) for check in report] == [("f", "agree"), ("f[search 1]", "disagree"), ("f[search]", "error")]
    assert "f ended" in report.checks[-1].error
    assert all(check.notes[-1].startswith("searched with") for check in report)


def test_a_target_is_asked_a_limited_number_of_times() -> None:
    target = Given(lambda v: float(np.sum(v**2)), lambda v: {"v": 2 * v}, inputs=("v",))
    assert check_target(target, {"v": [1.0, 2.0]}, search=True).exit_code == 0
    assert target.calls < 5000
