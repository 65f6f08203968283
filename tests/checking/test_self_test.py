"""The self-test: planted faults are caught by checks that can fail, and checks that can't are told so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradcli
from gradcli.checking.planted.self_test import SIZES, Specimen, SpecimenLine, self_test
from gradcli.results import Caught, Check
from tests.checking.targets import Given
from tests.suites import RIGHT, written

ALL = {"sign": "caught", "swap": "caught", "zero": "caught", "nan": "caught"}


def outcomes(one: Caught) -> dict[str, str]:
    """What became of the faults beside errors of some size."""
    return {"sign": one.sign, "swap": one.swap, "zero": one.zero, "nan": one.nan}


def checked(program: str, at: Any, **options: Any) -> Check:
    """The check of a program with its self-test."""
    return gradcli.check(program, at, self_test=True, **options).checks[0]


def caught(check: Check) -> dict[str, Caught]:
    """What the self-test found, by gradient."""
    assert check.caught is not None
    return {one.input: one for one in check.caught}


@pytest.mark.parametrize("expect", [None, {"w": "2*w+x+1", "x": "w+1"}, {"w": 5, "x": 2.0}])
def test_every_fault_in_a_program_is_caught(expect: Any) -> None:
    check = checked("(x+w)*(w+1)", "w=1,x=2", expect=expect)
    assert {name: (one.smallest, outcomes(one)) for name, one in caught(check).items()} == {"x": (1e-10, ALL), "w": (1e-10, ALL)}
    assert (check.passed, check.exit_code) == (True, 0)


def test_without_being_asked_nothing_is_planted() -> None:
    assert gradcli.check("x**2", "x=3").checks[0].caught is None


@pytest.mark.parametrize(
    ("claim", "smallest", "sign"),
    [
        ({"value": 0.5403023, "rtol": 1e-5}, 1e-4, "caught"),
        ({"value": 0.54, "rtol": 1e-2}, 1e-1, "caught"),
        ({"value": 0.54, "rtol": 0.5}, None, "caught"),
        ({"value": 0.54, "rtol": 3.0}, None, "missed"),
    ],
)
def test_tolerances_hide_errors_and_may_leave_a_check_that_can_not_fail(claim: Any, smallest: float | None, sign: str) -> None:
    check = checked("sin(x)", "x=1", expect={"x": claim})
    assert check.verdict == "agree"
    assert (caught(check)["x"].smallest, caught(check)["x"].sign) == (smallest, sign)
    assert (check.passed, check.exit_code) == ((True, 0) if smallest else (False, 1))


def test_a_wrong_sign_of_nothing_is_no_fault() -> None:
    check = checked("x**2", "x=0", expect={"x": 0})
    one = caught(check)["x"]
    assert (one.smallest, one.sign, one.zero, one.nan) == (1e-10, "not applicable", "not applicable", "caught")
    assert check.passed


@pytest.mark.parametrize(("program", "at", "verdict"), [("relu(x)", "x=0", "kink"), ("log(x)", "x=-1", "undefined")])
def test_where_the_check_does_not_agree_nothing_is_planted(program: str, at: str, verdict: str) -> None:
    check = checked(program, at, verdict=verdict)
    assert check.passed
    assert not caught(check)["x"].applicable
    assert verdict in caught(check)["x"].reason


def test_elements_of_arrays_are_tested_one_by_one() -> None:
    check = checked("sum((W@v)**2)", "W=[[1,2],[3,4.5]],v=[1.5,2.25]")
    assert {name: (one.smallest, outcomes(one)) for name, one in caught(check).items()} == {"W": (1e-10, ALL), "v": (1e-10, ALL)}


@pytest.mark.parametrize("expect", [None, {"x": "3*x**2"}])
def test_elements_of_large_arrays_are_tested_through_directions(expect: Any) -> None:
    one = caught(checked("sum(x**3)", "x=linspace(0.1,3,80)", expect=expect))["x"]
    assert (one.smallest, one.sign, one.zero, one.nan) == (1e-10, "caught", "caught", "caught")
    assert "directions" in one.reason


def test_each_of_several_claims_is_tested() -> None:
    check = checked("x**2", "x=3", expect=["x=2*x", "x=x+x"])
    assert set(caught(check)) == {"x = 2*x", "x = x+x"}


def test_every_fault_in_a_gradient_of_somebody_else_is_caught() -> None:
    target = Given(lambda x, w: (x + w) * (w + 1), lambda x, w: {"x": w + 1, "w": 2 * w + x + 1})
    check = gradcli.check_target(target, {"x": 2.0, "w": 1.0}, self_test=True).checks[0]
    assert all(outcomes(one) == ALL and (one.smallest or 1) <= 1e-7 for one in caught(check).values())


def test_a_jacobian_of_somebody_else_is_tested_by_output_and_input() -> None:
    target = Given(lambda x: np.array([1.0, 2.0]) * x, lambda x: {"x": np.array([1.0, 2.0])})
    check = gradcli.check_target(target, {"x": 2.0}, self_test=True).checks[0]
    assert set(caught(check)) == {"f[0] by x", "f[1] by x"}
    assert check.passed


def test_a_large_gradient_of_somebody_else_is_tested_through_directions() -> None:
    chance = np.random.default_rng(5)
    a = chance.normal(size=100)
    target = Given(lambda x: float(np.sum(a * x**2)), lambda x: {"x": 2 * a * x})
    check = gradcli.check_target(target, {"x": chance.normal(size=100)}, self_test=True).checks[0]
    one = caught(check)["x"]
    assert "directions" in one.reason
    assert (one.sign, one.nan) == ("caught", "caught")


def test_a_claim_about_a_function_of_somebody_else_is_tested() -> None:
    check = gradcli.check_target(Given(lambda x: x**3), {"x": 2.0}, expect={"x": "3*x**2"}, self_test=True).checks[0]
    assert caught(check)["x = 3*x**2"].proved


@pytest.mark.parametrize("resolution", [1e-12, 1e-7, 1e-5, 1e-3, 0.05])
def test_the_smallest_error_is_the_first_size_beyond_the_resolution(resolution: float) -> None:
    lines = [SpecimenLine(value, value, False, lambda new, value=value: abs(new - value) > resolution * value) for value in (2.0, 5.0)]  # type: ignore[misc]
    found = self_test(Specimen("x", lines))
    assert found.smallest == next(size for size in SIZES if size > resolution)


def test_a_check_that_never_fails_is_not_proved() -> None:
    found = self_test(Specimen("x", [SpecimenLine(2.0, 2.0, False, lambda new: False)]))
    assert (found.smallest, found.sign, found.nan, found.proved) == (None, "missed", "missed", False)


LOOSE = """
[[check]]
name = "loose"
program = "sin(x)"
at = {x = 1}
expect = {x = {value = 0.54, rtol = 3}}
"""


def test_all_checks_of_suites_can_be_asked(tmp_path: Path) -> None:
    suite = written(tmp_path, RIGHT + LOOSE)
    report = gradcli.check_suites([suite], self_test=True)
    assert [(check.proved, check.passed) for check in report] == [(True, True), (False, False)]
    assert report.exit_code == 1
    assert gradcli.check_suites([suite]).exit_code == 0


def test_a_suite_asks_for_it_with_a_key(tmp_path: Path) -> None:
    suite = written(tmp_path, RIGHT + LOOSE + "self-test = true\n")
    assert [check.caught is None for check in gradcli.check_suites([suite])] == [True, False]
