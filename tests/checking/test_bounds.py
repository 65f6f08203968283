"""The bounds that verdicts rest on, where they are hardest: coarse errors, lost numbers, fast waves, jumps."""

from __future__ import annotations

import random

import pytest

import gradcli
from gradcli.operations import by_name

COARSE = ("sin(1e13*x)", "sin(1e16*x)", "sin(1e17*x)", "1/cos(1e16*x)", "tan(1e16*x)", "digamma(-1e14*x)", "sin(exp(x)*1e14)")
"""Programs whose arguments carry errors of about 1, so that the first order of the bound does not hold."""


@pytest.mark.parametrize("program", COARSE)
def test_coarse_errors_never_make_a_right_gradient_wrong(program: str) -> None:
    chance = random.Random(program)
    for _ in range(40):
        at = {"x": chance.uniform(0.1, 9)}
        assert gradcli.check(program, at).verdict not in ("disagree", "kink"), at


@pytest.mark.parametrize(("size", "function", "derivative"), [("1e150", "sin", "cos"), ("1e200", "exp", "exp"), ("1e300", "sin", "cos")])
def test_a_number_that_float64_loses_is_kept_by_the_precise_engines(size: str, function: str, derivative: str) -> None:
    program = f"{function}((x+{size})-{size})"
    assert gradcli.check(program, "x=1", expect=f"{derivative}(x)").verdict == "agree"
    assert gradcli.check(program, "x=1", expect="1").verdict != "agree"


WAVES = ("x + 1e-65*sin(1e60*x)", "x + 1e-95*sin(1e90*x)", "sqrt((x-1)**2+1e-200)", "hypot(x-1,1e-100)", "tanh(1e100*(x-1))/1e100")


@pytest.mark.parametrize("program", WAVES)
def test_no_step_goes_over_a_wave_or_a_rounded_corner(program: str) -> None:
    row = gradcli.check(program, "x=1").checks[0].rows[0]
    assert row.verdict == "agree"
    assert row.left is None


@pytest.mark.parametrize(("program", "at", "claim"), [("floor(x)", "x=2", "12345"), ("floor(x)*x", "x=2", "-3"), ("sign(x)", "x=0", "5")])
def test_at_a_jump_only_the_slope_of_the_pieces_fits(program: str, at: str, claim: str) -> None:
    assert gradcli.check(program, at, expect=claim).verdict == "disagree"
    right = gradcli.check(program, at).checks[0].rows[0].value
    assert gradcli.check(program, at, expect=right).verdict == "kink"


def test_a_wrong_value_is_seen_though_the_gradient_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gradcli.check("x+y", "x=1,y=2").verdict == "agree"
    monkeypatch.setattr(by_name("add"), "value", lambda a, b: a + b + 1)
    row = gradcli.check("x+y", "x=1,y=2").checks[0].rows[0]
    assert row.verdict == "disagree"
    assert "float64 value" in row.reason
