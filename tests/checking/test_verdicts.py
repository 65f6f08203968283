"""Verdicts and what they say: precedence, slopes, reasons, resolution, weights, frozen inputs, drawn points."""

from __future__ import annotations

import math
from typing import Any

import pytest

import gradcli
from gradcli.results import Row, worst


def row(program: str, at: Any, **options: Any) -> Row:
    """The first row of a check."""
    return gradcli.check(program, at, **options).checks[0].rows[0]


def test_the_worst_row_decides() -> None:
    assert worst(["agree", "kink", "undefined", "disagree", "inconclusive"]) == "disagree"
    assert worst([]) == "error"


@pytest.mark.parametrize(
    ("program", "at", "left", "right", "word"),
    [
        ("abs(x)", "x=0", -1, 1, "corner"),
        ("floor(x)", "x=2", math.inf, 0, "jump"),
        ("x % 1", "x=2", -math.inf, 1, "jump"),
        ("sign(x)", "x=0", math.inf, math.inf, "jump"),
        ("maximum(x, 3*x)", "x=0", 1, 3, "corner"),
        ("x if x > 0 else -2*x", "x=0", -2, 1, "corner"),
    ],
)
def test_kinks_have_their_slopes(program: str, at: str, left: float, right: float, word: str) -> None:
    found = row(program, at)
    assert (found.verdict, found.left, found.right) == ("kink", left, right)
    assert word in found.reason


def test_smooth_rows_have_no_slopes() -> None:
    found = row("x**2", "x=3")
    assert (found.left, found.right) == (None, None)


@pytest.mark.parametrize(
    ("program", "at", "words"),
    [
        ("log(x)", "x=-1", "the value of node 1, 'log(x)', is nan"),
        ("sqrt(x)", "x=0", "node 1, 'sqrt(x)', has the slope inf"),
        ("x*sqrt(x)", "x=0", "0 times inf is no number"),
        ("1/x", "x=inf", "the point is not finite"),
    ],
)
def test_what_is_undefined_says_where(program: str, at: str, words: str) -> None:
    found = row(program, at)
    assert found.verdict == "undefined"
    assert words in found.reason


def test_reasons_hold_no_absurd_numbers() -> None:
    for program, at in (("relu(x)-relu(-x)", "x=0"), ("abs(x)", "x=0"), ("x**2", "x=3")):
        assert "e-1" not in row(program, at).reason
        assert "e+2" not in row(program, at).reason


def test_digits_lost_are_the_actual_loss() -> None:
    lost = row("(1-cos(x))/x**2", "x=1e-4")
    assert lost.verdict == "agree"
    assert lost.digits_lost == 16
    assert row("sin(x)", "x=1").digits_lost == 0
    assert 3 < (row("(exp(x)-1)/x", "x=1e-3").digits_lost or 0) < 10


def test_too_many_lost_digits_are_inconclusive_where_asked() -> None:
    report = gradcli.check("(1-cos(x))/x**2", "x=1e-4", max_digits_lost=6)
    assert (report.verdict, report.exit_code) == ("inconclusive", 3)


def test_a_required_resolution_counts_tolerances_of_claims() -> None:
    claim = {"x": {"value": 6, "rtol": 1e-3}}
    assert gradcli.check("x**2", "x=3", expect=claim).verdict == "agree"
    assert gradcli.check("x**2", "x=3", expect=claim, require_resolution=1e-6).verdict == "inconclusive"


def test_an_input_that_does_not_matter_agrees_with_zero() -> None:
    rows = {row.input: row for row in gradcli.check("x + 0*y + z - z", "x=1,y=2,z=3").checks[0].rows}
    assert [rows[name].value for name in "xyz"] == [1, 0, 0]
    assert {row.verdict for row in rows.values()} == {"agree"}


def test_frozen_inputs_have_no_row_and_no_influence() -> None:
    (check,) = gradcli.check("x*y", "x=2,y=3", freeze=["y"])
    assert [(row.input, row.value) for row in check.rows] == [("x", 3)]


def test_weighted_outputs() -> None:
    (check,) = gradcli.check("a = x*y; b = x + y", "x=2,y=3", of=["a", "b"], grad_output={"a": 2, "b": -1})
    assert {row.input: row.value for row in check.rows} == {"x": 5, "y": 3}
    assert check.verdict == "agree"


@pytest.mark.parametrize(
    "program",
    [
        "log(x-5)",
        "sqrt(1-x**2)",
        "acosh(x)",
        "log(log(log(x)))",
        "asin(x)*log(x)",
        "x**y",
        "gamma(x)",
        "1/(x-3)",
        "erfinv(x)",
        "atanh(x)*acos(x)",
    ],
)
def test_points_are_drawn_from_the_domain_again_the_same_and_short(program: str) -> None:
    first, second = gradcli.check(program), gradcli.check(program)
    assert [check.at for check in first] == [check.at for check in second]
    assert first.verdict == "agree"
    assert all(len(repr(x).lstrip("-")) <= 8 for check in first for x in check.at.values())


def test_a_program_defined_nowhere_is_an_error() -> None:
    with pytest.raises(gradcli.PointError, match="no point"):
        gradcli.check("log(-x**2)")


def test_a_check_in_which_nothing_could_fail_is_an_error() -> None:
    with pytest.raises(gradcli.UsageError, match="nothing to check"):
        gradcli.check("1 + 2")
    with pytest.raises(gradcli.UsageError, match="every input is frozen"):
        gradcli.check("x", "x=1", freeze=["x"])


def test_declared_verdicts_pass_and_missed_ones_fail() -> None:
    assert gradcli.check("abs(x)", "x=0", verdict="kink").exit_code == 0
    assert gradcli.check("abs(x)", "x=1", verdict="kink").exit_code == 1
    assert gradcli.check("abs(x)", "x=0").exit_code == 3
    with pytest.raises(gradcli.UsageError, match="kinky"):
        gradcli.check("abs(x)", "x=0", verdict="kinky")


def test_rounding_across_a_corner_is_said() -> None:
    assert "decide" in row("maximum(10*x, 1)", "x=0.1").reason


def test_programs_beyond_the_budget_are_inconclusive() -> None:
    program = "y0=x0;" + ";".join(f"y{i}=y{i - 1}*x{i % 40}" for i in range(1, 6000))
    found = gradcli.check(program, {f"x{i}": 1.0 for i in range(40)})
    assert found.verdict == "inconclusive"
    assert "out of budget" in found.checks[0].rows[0].reason


def test_the_resolution_of_a_kink_is_that_of_its_slopes() -> None:
    found = row("abs(x - 1)*exp(x)", "x=1")
    assert found.verdict == "kink"
    assert found.resolution is not None
    assert 0 < found.resolution < 1e-15
    assert not found.absolute


def test_a_required_resolution_counts_at_a_kink() -> None:
    assert row("abs(x - 1)*exp(x)", "x=1", require_resolution=1e-15).verdict == "kink"
    found = row("abs(x - 1)*exp(x)", "x=1", require_resolution=1e-60, verdict="kink")
    assert found.verdict == "inconclusive"
    assert "known to" in found.reason


@pytest.mark.parametrize(
    ("program", "at", "options"),
    [
        ("log(x)", "x=-1", {}),
        ("sqrt(x)", "x=0", {}),
        ("floor(x)", "x=2", {}),
        ("abs(x)", "x=0", {"order": 2}),
        ("sin(x)", "x=1e300", {}),
        ("sum(v*v)", {"v": [0.5] * 3000}, {"order": 2}),
        ("log(x)", "x=0", {"expect": "1/x"}),
    ],
)
def test_a_row_without_resolution_says_why(program: str, at: Any, options: dict[str, Any]) -> None:
    for found in gradcli.check(program, at, **options).checks[0].rows:
        assert found.resolution is not None or found.reason
