"""Verdicts on programs with arrays: elements, directions, claims, kinks, second derivatives, and faults of the sweep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gradcli
from gradcli.checking import checks
from gradcli.checking.lines import DIRECTIONS, ELEMENTS, lines_of
from gradcli.differentiation import array_shares
from gradcli.results import Check

LEAST_SQUARES = "r = A@x - b; sum(r*r)"
POINT = {"A": [[1.0, 2.0], [3.0, -1.0], [0.5, 0.25]], "x": [0.7, -1.2], "b": [1.0, 0.0, 2.0]}


def checked(program: str, at: Any, **how: Any) -> Check:
    """The only check of a program at a point."""
    (check,) = gradcli.check(program, at, **how)
    return check


def verdicts(check: Check) -> dict[str, str]:
    """The verdict of each row."""
    return {row.input: row.verdict for row in check.rows}


def test_every_element_of_a_small_array_has_a_row() -> None:
    check = checked(LEAST_SQUARES, POINT)
    assert [row.input for row in check.rows] == [
        *(f"A[{i},{j}]" for i in range(3) for j in range(2)), "x[0]", "x[1]", *(f"b[{i}]" for i in range(3)),
    ]  # fmt: skip
    assert check.verdict == "agree"
    gradient = gradcli.grad(LEAST_SQUARES, POINT).gradient["A"]
    assert [row.value for row in check.rows[:6]] == [float(value) for value in np.ravel(gradient)]


def test_larger_arrays_have_rows_along_directions() -> None:
    x = np.linspace(-1, 1, ELEMENTS + 1)
    check = checked("sum(sin(x)*x)", {"x": x})
    assert [row.input for row in check.rows] == [f"x, direction {i}" for i in range(1, DIRECTIONS + 1)]
    assert check.verdict == "agree"
    gradient = np.cos(x) * x + np.sin(x)
    for row, line in zip(check.rows, lines_of({"x": x}, ["x"], check.id), strict=True):
        assert set(line.direction) == {1.0, -1.0}
        assert row.value == pytest.approx(float(line.direction @ gradient), rel=1e-12)


@pytest.mark.parametrize("claim", ["2*A.T@(A@x - b)", "2*(A@x-b)@A"])
def test_a_right_formula_for_an_array_is_equal_as_a_formula(claim: str) -> None:
    check = checked(LEAST_SQUARES, POINT, expect={"x": claim})
    assert verdicts(check) == {"x[0]": "agree", "x[1]": "agree"}
    assert {claim.note for row in check.rows for claim in row.claims} == {"equal as formulas"}


def test_a_wrong_formula_is_wrong_in_the_elements_where_it_is() -> None:
    check = checked("sum(x**3)", {"x": [1.0, 2.0, 0.5]}, expect="3*x**2 + [0, 1e-9, 0]")
    assert verdicts(check) == {"x[0]": "agree", "x[2]": "agree", "x[1]": "disagree"}
    assert check.rows[-1].verdict == "disagree", "the worst row stands last"


def test_numbers_for_an_array_are_judged_one_by_one() -> None:
    assert verdicts(checked("sum(x**2)", "x=[1,2,3]", expect={"x": [2, 4, 6]})) == dict.fromkeys(("x[0]", "x[1]", "x[2]"), "agree")
    wrong = checked("sum(x**2)", "x=[1,2,3]", expect="x=[2,4,6.000001]")
    assert verdicts(wrong) == {"x[0]": "agree", "x[1]": "agree", "x[2]": "disagree"}
    assert wrong.exit_code == 1


def test_a_claim_may_be_about_one_element() -> None:
    large = np.ones((9, 9))
    check = checked("sum(W**2)", {"W": large}, expect={"W[3,4]": "2*W[3,4]"})
    assert verdicts(check)["W[3,4]"] == "agree"
    assert verdicts(checked("sum(W**2)", {"W": large}, expect={"W[3,4]": 2.1}))["W[3,4]"] == "disagree"


def test_numbers_along_directions_find_one_wrong_element() -> None:
    x = np.linspace(0.1, 2, 100)
    right = np.cos(x)
    assert checked("sum(sin(x))", {"x": x}, expect={"x": right}).verdict == "agree"
    wrong = right.copy()
    wrong[57] *= 1 + 1e-9
    assert checked("sum(sin(x))", {"x": x}, expect={"x": wrong}).verdict == "disagree"


@pytest.mark.parametrize("claim", ["[1,2]", "x[0:2]", "ones(3,1)"])
def test_a_claim_has_the_shape_of_its_input(claim: str) -> None:
    with pytest.raises(gradcli.GradcliError, match="shape"):
        gradcli.check("sum(x**2)", "x=[1,2,3]", expect=f"x={claim}")


def test_a_kink_is_met_in_its_element() -> None:
    check = checked("sum(abs(x))", "x=[1,0,-2]", expect={"x": [1, 0.5, -1]})
    assert verdicts(check) == {"x[0]": "agree", "x[1]": "kink", "x[2]": "agree"}
    assert (check.rows[-1].left, check.rows[-1].right) == (-1.0, 1.0)
    assert checked("sum(abs(x))", "x=[1,0,-2]", expect={"x": [1, 1.5, -1]}).verdict == "disagree"


def test_ties_are_kinks_and_their_claims_must_fit_together() -> None:
    assert checked("max(x)", "x=[1,2,2]").verdict == "kink"
    assert checked("max(x)", "x=[1,2,2]", expect={"x": [0, 0.5, 0.5]}).verdict == "kink"
    assert checked("max(x)", "x=[1,2,2]", expect={"x": [0, 0, 0]}).verdict == "disagree"


def test_undefined_values_name_the_node_and_the_element() -> None:
    check = checked("sum(log(x))", "x=[1,-1,2]")
    assert check.verdict == "undefined"
    assert "log(x)" in check.rows[0].reason
    assert "[1]" in check.rows[0].reason


def test_digits_lost_are_reported_for_elements() -> None:
    check = checked("sum((1-cos(x))/x**2)", "x=[1e-7,1]")
    assert check.verdict == "agree"
    assert max(row.digits_lost or 0 for row in check.rows) > 10


def test_decisions_of_float64_are_followed_and_said() -> None:
    check = checked("sum(floor(10*x)*x)", "x=[0.3,1]")
    assert check.verdict in ("agree", "kink")
    assert any("differently" in row.reason for row in check.rows) or check.verdict == "kink"


@pytest.mark.parametrize(
    ("program", "at"),
    [
        ("sum(x*x*x)", "x=[1,2]"),
        ("logsumexp(A@x)", "A=[[1,2],[3,-1]],x=[0.3,0.4]"),
        ("sum(solve(A, b))", "A=[[2,1],[1,3]],b=[1,2]"),
        ("s=0\nfor i in range(3):\n  s = s + x[i]**(i+1)\ns*y", "x=[1.5,2,-1],y=2"),
        ("def f(a, b=2):\n  return a*b if a > 0 else a**b\nf(x) + f(-x, b=3)", "x=1.5"),
        ("x[0] = x[1]*2\nsum(x**2)", "x=[1,3]"),
        ("detach(x)*x + sum(y)", "x=3,y=[1,2]"),
        ("with no_grad():\n  c = x*x\nc*x", "x=3"),
    ],
)
def test_second_derivatives_agree(program: str, at: str) -> None:
    check = checked(program, at, order=2)
    assert check.verdict == "agree", [(row.input, row.reason) for row in check.rows if row.verdict != "agree"]
    assert any(", " in row.input for row in check.rows)


def test_a_kink_of_the_first_derivative_is_one_of_second_order() -> None:
    assert verdicts(checked("relu(x)**2", "x=0", order=2)) == {"x": "agree", "x, x": "kink"}
    assert verdicts(checked("x**4", "x=0", order=2)) == {"x": "agree", "x, x": "agree"}


def test_a_wrong_second_derivative_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = checks.reverse_twice

    def doubled(*given: Any) -> Any:
        found = exact(*given)
        for one in found.values():
            one.value, one.precise.value = 2 * one.value, 2 * one.precise.value
        return found

    monkeypatch.setattr(checks, "reverse_twice", doubled)
    assert checked("x**3", "x=2", order=2).verdict == "disagree"


CONSTANTS = {
    "x**2/3": "x=0.7", "log10(x)": "x=0.7", "normcdf(x)*gelu(x)": "x=0.7", "x**0.1": "x=0.7", "mean(x**2)": "x=[1,2,3]",
    "var(x)-mean(x*x)+mean(x)**2": "x=[1,-2,3.3]", "cross_entropy(W,[0,1,1])": "W=[[1,2],[3,4],[5,6.5]]", "sum(x[x>1]**2)": "x=[0,2,3]",
}  # fmt: skip


@pytest.mark.parametrize("program", CONSTANTS)
def test_second_derivatives_hold_no_rounded_constants_and_no_numbers_for_masks(program: str) -> None:
    check = checked(program, CONSTANTS[program], order=2)
    assert check.verdict == "agree", [row.reason for row in check.rows]


RIGHT = "def f(x):\n  return log(1+exp(x))\n@gradient(f)\ndef df(x):\n  return 1 - 1/(1+exp(x))\n"


def test_a_gradient_of_its_own_is_checked_like_a_claim() -> None:
    assert checked(RIGHT + "f(x)*y", "x=0.3,y=2").verdict == "agree"
    wrong = checked(RIGHT.replace("1 - 1/", "1 - 2/") + "f(x)*y", "x=0.3,y=2")
    assert verdicts(wrong) == {"x": "disagree", "y": "agree"}
    assert "'f(x)'" in str(wrong.rows[0].node)


def test_a_gradient_of_its_own_on_arrays() -> None:
    program = "def f(x):\n  return sum(x*x)\n@gradient(f)\ndef df(x, g):\n  return 2*x*g\nf(x)*y"
    assert checked(program, "x=[1,2],y=3").verdict == "agree"
    assert checked(program.replace("2*x*g", "2*x"), "x=[1,2],y=3").verdict == "disagree"


FAULTS = {
    "shares of broadcast arguments not added up": ("fitted", lambda F, share, shape: share if np.ndim(share) == len(shape) else share[0]),
    "partials of elements taken with the wrong sign": (
        "elementwise_partials",
        lambda F, op, y, xs, wanted: ((position, -p) for position, p in exact_partials(F, op, y, xs, wanted)),
    ),
}
exact_partials = array_shares.elementwise_partials


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_sweep_over_arrays_is_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, wrong = FAULTS[fault]
    monkeypatch.setattr(array_shares, name, wrong)
    assert checked("sum(sin(A)*x)", {"A": [[1.0, 2.0], [3.0, 4.0]], "x": [0.5, 0.25]}).verdict == "disagree"


def test_a_gradient_that_keeps_only_its_last_share_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from gradcli.checking.exact import reverse as engine
    from gradcli.differentiation import sweep

    exact = sweep.swept

    def forgetful(graph: Any, weights: Any, active: Any, F: Any, keep: Any = None, alive: Any = None) -> Any:
        found = exact(graph, weights, active, F, keep, alive)
        return [None if g is None else g * 0.5 if i == 0 else g for i, g in enumerate(found)]

    monkeypatch.setattr(sweep, "swept", forgetful)
    assert engine.adjoints is sweep.adjoints
    assert checked("sum(x*x)", {"x": [1.0, 2.0]}).verdict == "disagree"


def test_the_command_to_repeat_a_check_repeats_it() -> None:
    check = checked("sum(W@x)", {"W": np.eye(2), "x": [1.0, 2.0]}, wrt="x", order=2, seed=3)
    assert check.reproduce == ('gradcli check "sum(W@x)" --at "W=[[1.0,0.0],[0.0,1.0]],x=[1.0,2.0]" --wrt x --order 2 --seed 3')
    blocks = checked("s = 0\nfor i in range(3):\n  s += x**i\ns", "x=2", id="loop.grad")
    assert blocks.reproduce == 'gradcli check "loop.grad" --at x=2.0'
    assert checked("s = 0\nfor i in range(3):\n  s += x**i\ns", "x=2").reproduce == ""


def test_weights_and_sums_of_array_outputs_are_checked() -> None:
    assert checked("x*[1,2]", "x=3", sum=True, expect="x=3").verdict == "agree"
    assert checked("x*[1,2]", "x=3", grad_output="[10,1]", expect="x=12").verdict == "agree"
    with pytest.raises(gradcli.UsageError, match="shape"):
        gradcli.check("x*[1,2]", "x=3")


def test_random_numbers_of_a_program_are_the_same_in_every_engine() -> None:
    program = "x = randn(4); sum(x*w**2)"
    assert checked(program, "w=1.5", seed=7).verdict == "agree"
    assert checked(program, "w=1.5", seed=7).rows[0].value != checked(program, "w=1.5", seed=8).rows[0].value


def test_out_of_budget_is_no_agreement() -> None:
    with pytest.raises(gradcli.BudgetExceeded, match="steps"):
        gradcli.check("while x > 0:\n  x = x + 1\nx", "x=1", limits=gradcli.Limits(steps=1000))


def test_a_gradient_that_cancels_to_zero_agrees() -> None:
    check = checked("sum(softmax(x*y))", {"x": [0.3, -1.2, 2.0], "y": [1.0, 0.5, -0.7]})
    assert check.verdict == "agree", [row.reason for row in check.rows]


def test_second_derivatives_of_many_elements_are_checked_along_directions() -> None:
    check = gradcli.check("sum(x**3)*sum(x)", {"x": np.linspace(1, 2, 20)}, order=2).checks[0]
    second = [row for row in check.rows if " with " in row.input]
    assert "x, direction 1 with x, direction 2" in [row.input for row in second]
    assert {row.verdict for row in second} == {"agree"}
    assert any("along directions" in note for note in check.notes)
