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
        ("x**2", "x=3", "x", "a factor 2 is missing"),
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
    assert words in report.checks[0].rows[0].reason + report.checks[0].rows[0].likely


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


@pytest.mark.parametrize("program", ["1 if x > 0 else 0", "x; 3", "3"])
def test_an_output_that_is_a_constant_has_derivative_0(program: str) -> None:
    text = program if "x" in program else "x; 3"
    (check,) = gradcli.check(text, "x=1", formula=True)
    assert (check.verdict, check.rows[0].value, check.formula) == ("agree", 0.0, {"x": "0"})
    assert gradcli.check("1 if x > 0 else 0", "x=0", formula=True).verdict == gradcli.check("1 if x > 0 else 0", "x=0").verdict


def test_constants_that_cancel_excuse_nothing() -> None:
    claim = "2*x*(1+1e-9) + (0.1*x - 0.10*x)*1e9"
    assert claimed("x**2", "x=3", claim) == "inconclusive"
    assert claimed("x**2", "x=3", "2*x + (0.1*x - 0.10*x)*1e9") == "agree"


@pytest.mark.parametrize(
    ("program", "at", "number", "verdict"),
    [
        ("x**0.5", "x=1e-300", 5.000000005000001e149, "disagree"),
        ("x**0.5", "x=1e-300", 5e149, "agree"),
        ("sin(x)*1e300*1e5", "x=0.3", math.cos(0.3) * 1e305, "agree"),
        ("sin(x)", "x=12345.678", math.cos(12345.678) * (1 + 1e-14), "agree"),
    ],
)
def test_numbers_are_judged_where_bounds_say_nothing(program: str, at: str, number: float, verdict: str) -> None:
    assert claimed(program, at, {"x": number}) == verdict


def test_the_command_says_all_of_a_check_or_nothing() -> None:
    def said(program: str, at: str, **options: Any) -> str:
        return gradcli.check(program, at, **options).checks[0].reproduce

    assert said("x*y", "x=1,y=2", expect={"x": {"value": 2, "rtol": 1e-3}}) == ""
    assert said("x*y", "x=1,y=2", expect={"x": 2}).endswith('--expect "x=2"')
    assert said("x*y", "x=1,y=2", expect={"x": 2}, wrt="x,y").endswith("--wrt x,y")
    assert said("x*y", "x=1,y=2", wrt="x,x").endswith("--wrt x")
    assert said("x", "x=1", require_resolution=1.23456789e-9).endswith("--require-resolution 1.23456789e-09")
    assert "--wrt" not in said("x*y", "x=1,y=2", freeze="y")


def test_names_as_text_with_commas() -> None:
    assert gradcli.grad("x*y*xy", "x=1,y=2,xy=3", wrt="xy").gradient == {"xy": 2.0}
    assert gradcli.grad("x*y", "x=1,y=2", wrt="x, y").gradient == {"x": 2.0, "y": 1.0}
    assert [row.input for row in gradcli.check("x*y", "x=1,y=2", wrt="x,x").checks[0].rows] == ["x"]
    assert gradcli.check("yy = x; z = 2*x", "x=1", of="yy").checks[0].rows[0].value == 1.0
    with pytest.raises(gradcli.UsageError, match="frozen"):
        gradcli.grad("x*y", "x=1,y=2", wrt="x", freeze="x")


def test_error_is_no_verdict_to_declare() -> None:
    with pytest.raises(gradcli.UsageError, match="no verdict 'error'"):
        gradcli.check("x", "x=1", verdict="error")


def test_many_claims_and_many_constants_take_their_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradcli.checking.exact import symbolic

    runs = []
    chained = symbolic.chained
    monkeypatch.setattr(symbolic, "chained", lambda *given: runs.append(1) or chained(*given))
    names = [f"x{i}" for i in range(60)]
    program = "+".join(f"{i + 1}*{name}**2" for i, name in enumerate(names))
    claims = {name: f"{2 * i + 2}*{name}" for i, name in enumerate(names)}
    assert claimed(program, dict.fromkeys(names, 1.5), claims) == "agree"
    many = "+".join(f"0.{i}1*x" for i in range(100, 300))
    assert claimed("x**2", "x=3", many) == "disagree"
    assert claimed("+".join(f"0.{i}1*x**2" for i in range(100, 300)), "x=3", many.replace("*x", "*2*x")) == "agree"
    assert len(runs) < 40


@pytest.mark.parametrize(
    "program", ["sqrt(x-1000)", "log(x-5000)", "asin(x-300)", "asin(3*x-300)", "sqrt(-x-1e5)", "asin(x-300)*acos(y+77)"]
)
def test_points_are_found_far_from_0(program: str) -> None:
    assert len(gradcli.check(program).checks) == 5


def test_a_long_program_ends_by_its_budget() -> None:
    (check,) = gradcli.check("y = x\n" + "y = sin(y) + 0.5\n" * 20_000 + "y", "x=1.5")
    assert check.verdict == "inconclusive"
    assert "out of budget" in check.rows[0].reason
    assert math.isfinite(check.rows[0].value)
