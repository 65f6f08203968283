"""Claims: formulas and numbers, right ones, wrong ones, and those that can't be judged."""

from __future__ import annotations

import math
from typing import Any

import pytest

import gradcli
from gradcli.results import ClaimResult, Report


def claim_of(report: Report) -> ClaimResult:
    """The first claim of a report."""
    return report.checks[0].rows[0].claims[0]


def claimed(program: str, at: Any, expect: Any, **options: Any) -> str:
    """The verdict on a program with claims."""
    return gradcli.check(program, at, expect=expect, **options).verdict


@pytest.mark.parametrize("expect", ["w=2*w+x+1,x=w+1", ["w=2*w+x+1", "x=w+1"], {"w": "2*w+x+1", "x": "w+1"}, {"w": 5, "x": 2.0}, "w=5,x=2"])
def test_claims_in_every_spelling(expect: Any) -> None:
    assert claimed("(x+w)*(w+1)", "w=1,x=2", expect) == "agree"


@pytest.mark.parametrize(
    ("program", "at", "claim"),
    [
        ("normpdf(x)", "x=0.7", "-x*exp(-x**2/2)/sqrt(2*pi)"),
        ("erf(x)", "x=0.7", "2/sqrt(pi)*exp(-x**2)"),
        ("0.7*x**7", "x=1.3", "4.9*x**6"),
        ("0.1*x**3", "x=1.3", "0.3*x**2"),
        ("pi*x**2", "x=2", "2*pi*x"),
        ("x**(1/3)", "x=2", "x**(-2/3)/3"),
        ("sin(pi*x/180)", "x=30", "pi/180*cos(pi*x/180)"),
        ("x*x if x > 0 else -x", "x=2", "2*x if x > 0 else -1"),
        ("relu(x)**2", "x=-1", "2*relu(x)"),
        ("tanh(x)", "x=300", "1 - tanh(x)**2"),
        ("log(1+exp(x))", "x=-800", "1/(1+exp(-x))"),
        ("x - x", "x=2", "0"),
        ("0*x", "x=2", "x - x"),
        ("detach(x)*x", "x=3", "detach(x)"),
        ("(exp(x)-1)/x", "x=1e-8", "exp(x)/x - (exp(x)-1)/x**2"),
        ("sigmoid(x)", "x=40", "sigmoid(x)*(1-sigmoid(x))"),
        ("abs(x)", "x=-3", "sign(x)"),
        ("floor(x)*x", "x=2.5", "floor(x)"),
        ("x % 2", "x=5.3", "1"),
    ],
)
def test_textbook_formulas_agree(program: str, at: str, claim: str) -> None:
    report = gradcli.check(program, at, expect=claim)
    assert report.verdict == "agree", report.checks[0].rows[0].reason


@pytest.mark.parametrize(
    ("program", "at", "claim", "words"),
    [
        ("sin(x)", "x=1", "-cos(x)", "the sign"),
        ("x**2", "x=3", "x", "a factor 1/2"),
        ("x**2", "x=3", "x+3", "right here, wrong at"),
        ("1e-12*sin(x)", "x=1", "11e-12*cos(x)", "10 relative"),
        ("x**2", "x=3", 6.000000001, "the derivative is 6.0"),
        ("x - x", "x=1", 1e-9, "the derivative is 0.0"),
        ("sin(pi*x/180)", "x=30", "cos(pi*x/180)", "degrees"),
        ("tanh(x)", "x=200", 0, "off"),
        ("0.7*x**7", "x=1.3", "4.9*(1+1e-9)*x**6", "relative"),
        ("x*1e-300", "x=1", 1.000000001e-300, "off"),
    ],
)
def test_wrong_claims_are_seen_and_say_how(program: str, at: str, claim: Any, words: str) -> None:
    report = gradcli.check(program, at, expect={"x": claim})
    assert (report.verdict, report.exit_code) == ("disagree", 1)
    assert words in report.checks[0].rows[0].reason


@pytest.mark.parametrize("value", [5e-324, 1e-323, 3e-310, 1e-308])
def test_numbers_agree_with_subnormal_gradients(value: float) -> None:
    assert claimed(f"{value!r}*x", "x=1", {"x": value}) == "agree"
    assert claimed(f"{value!r}*x", "x=1", {"x": math.nextafter(value, 1)}) == "agree"


@pytest.mark.parametrize(
    ("program", "at", "claims", "verdict"),
    [
        ("maximum(x, y)", "x=1,y=1", {"x": 0, "y": 0}, "disagree"),
        ("maximum(x, y)", "x=1,y=1", {"x": 1, "y": 0}, "kink"),
        ("maximum(x, y)", "x=1,y=1", {"x": 0.5, "y": 0.5}, "kink"),
        ("maximum(x, y)", "x=1,y=1", {"x": 1, "y": 1}, "disagree"),
        ("maximum(x, y)", "x=1,y=1", {"x": 0.25}, "kink"),
        ("abs(x)", "x=0", {"x": 1}, "kink"),
        ("abs(x)", "x=0", {"x": 0}, "kink"),
        ("abs(x)", "x=0", {"x": 1.0000001}, "disagree"),
        ("abs(x)", "x=0", {"x": "2"}, "disagree"),
        ("abs(x)+abs(y)", "x=0,y=0", {"x": 1, "y": -1}, "kink"),
        ("hypot(x, y)", "x=0,y=0", {"x": 0.5, "y": 0.5}, "kink"),
        ("hypot(x, y)", "x=0,y=0", {"x": 1, "y": 1}, "disagree"),
        ("floor(x)", "x=2", {"x": 0}, "kink"),
        ("sign(x)", "x=0", {"x": 0}, "kink"),
        ("relu(x) - relu(-x)", "x=0", {"x": 1}, "disagree"),
        ("maximum(x, 3*x)", "x=0", {"x": 0.5}, "disagree"),
    ],
)
def test_claims_at_kinks(program: str, at: str, claims: dict[str, Any], verdict: str) -> None:
    assert claimed(program, at, claims) == verdict


@pytest.mark.parametrize(
    ("program", "at", "claim", "verdict"),
    [
        ("x**2", "x=0", "x*x/x", "undefined"),
        ("x**2", "x=1", "log(-x)", "undefined"),
        ("log(x)", "x=-1", "1/x", "undefined"),
        ("sqrt(x)", "x=0", 3, "undefined"),
        ("x**2", "x=3", math.nan, "undefined"),
        ("(1-cos(x))/x**2", "x=1e-4", 5e-4, "inconclusive"),
        ("(1-cos(x))/x**2", "x=1e-4", 5.0, "disagree"),
        ("(1-cos(x))/x**2", "x=1e-4", -8.333333327777778e-06, "agree"),
        ("sinc(x)", "x=0.5", "cos(exp(exp(exp(exp(9)))))", "undefined"),
    ],
)
def test_claims_that_can_not_be_judged(program: str, at: str, claim: Any, verdict: str) -> None:
    report = gradcli.check(program, at, expect={"x": claim})
    assert report.verdict == verdict, report.checks[0].rows[0].reason
    assert len(report.checks[0].rows[0].claims) == 1


def test_tolerances_widen_a_number() -> None:
    assert claimed("x**2", "x=3", {"x": {"value": 6.01, "rtol": 0.01}}) == "agree"
    assert claimed("x**2", "x=3", {"x": {"value": 6.01, "atol": 0.02}}) == "agree"
    assert claimed("x**2", "x=3", {"x": {"value": 6.01, "rtol": 1e-3}}) == "disagree"


@pytest.mark.parametrize(
    "table", [{"value": 6, "rtol": -1}, {"value": 6, "rtol": math.inf}, {"value": 6, "tol": 1}, {"rtol": 1}, {"value": "x", "rtol": 1}]
)
def test_unusable_tolerances_are_refused(table: dict[str, Any]) -> None:
    with pytest.raises(gradcli.UsageError):
        gradcli.check("x**2", "x=3", expect={"x": table})


def test_claims_are_judged_as_formulas() -> None:
    assert claim_of(gradcli.check("(x+w)*(w+1)", "w=1,x=2", expect={"w": "2*w+x+1"})).note == "equal as formulas"
    assert "points" in claim_of(gradcli.check("sin(2*x)", "x=1", expect="2*(1 - 2*sin(x)**2)")).note


def test_claims_choose_the_rows_and_the_others_are_listed() -> None:
    (check,) = gradcli.check("x*y*z", "x=1,y=2,z=3", expect={"y": "x*z"})
    assert [row.input for row in check.rows] == ["y"]
    assert check.unclaimed == ["x", "z"]


@pytest.mark.parametrize("expect", [{"q": 1}, "q=1", {"x": "x+q"}, {"x": "x+"}, {"x": True}, {"x": None}])
def test_claims_that_mean_nothing_are_refused(expect: Any) -> None:
    with pytest.raises(gradcli.GradcliError):
        gradcli.check("x**2", "x=3", expect=expect)


def test_the_shown_formula_may_be_pasted() -> None:
    for program, at in (("sin(2*pi*x)", "x=0.1"), ("0.1*x**3", "x=2"), ("exp(-x**2/2)/sqrt(2*pi)", "x=0.4"), ("x**(1/3)", "x=2")):
        (check,) = gradcli.check(program, at, formula=True)
        assert claimed(program, at, check.formula["x"]) == "agree", check.formula
