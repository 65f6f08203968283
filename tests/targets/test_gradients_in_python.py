"""Functions in Python checked from a program and on the command line: verdicts, exit codes, and the table in an assertion."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gradcli
from gradcli.errors import TargetProblem, UsageError
from tests.cases.session import called
from tests.targets.conftest import Write

EXAMPLES = Path(__file__).parents[2] / "examples" / "gradients.py"
A = np.array([[3.0, 1.0], [1.0, 2.0]])


def quadratic(v: Any) -> Any:
    return v @ A @ v / 2


def residuals(a: Any, v: Any) -> Any:
    return a * np.sin(v)


RIGHT: list[tuple[Callable[..., Any], Any, Any]] = [
    (lambda x: x**3, lambda x: 3 * x**2, "x=2"),
    (lambda x, y: x * y, lambda x, y: (y, x), {"x": 2, "y": 3}),
    (quadratic, lambda v: A @ v, {"v": [1, -2]}),
    (quadratic, lambda v: {"v": A @ v}, {"v": np.array([0.0, 0.0])}),
    (residuals, lambda a, v: {"a": np.sin(v), "v": a * np.diag(np.cos(v))}, "a=2,v=[0,1,2]"),
    (lambda x, y: (x * y, x + y), lambda x, y: [[y, x], [1, 1]], "x=2,y=3"),
    (lambda W: np.sum(W**3), lambda W: 3 * W**2, {"W": np.arange(6.0).reshape(2, 3)}),
]


@pytest.mark.parametrize(("function", "gradient", "at"), RIGHT)
def test_a_right_gradient_passes(function: Callable[..., Any], gradient: Any, at: Any) -> None:
    gradcli.assert_gradient(function, gradient, at)
    assert gradcli.check_gradient(function, gradient, at=at).exit_code == 0


@pytest.mark.parametrize("error", [1e-2, 1e-6, -1e-8])
def test_a_wrong_gradient_fails_with_the_table(error: float) -> None:
    with pytest.raises(AssertionError) as caught:
        gradcli.assert_gradient(quadratic, lambda v: A @ v * (1 + np.array([0, error])), {"v": [1, -2]})
    text = str(caught.value)
    assert "disagree  tests.targets.test_gradients_in_python:quadratic" in text
    assert "v[1]   disagree" in text
    assert "v[0]   agree" in text
    assert "\x1b" not in text


def test_a_pair_of_value_and_gradient_is_checked() -> None:
    gradcli.assert_gradient(lambda x: (x**2, 2 * x), at={"x": 3}, value_and_grad=True)
    with pytest.raises(AssertionError, match="disagree"):
        gradcli.assert_gradient(lambda x: (x**2, x), at={"x": 3}, value_and_grad=True)


def test_a_kink_fails_unless_it_is_declared() -> None:
    with pytest.raises(AssertionError, match="kink"):
        gradcli.assert_gradient(abs, lambda x: 0.5, at={"x": 0})
    gradcli.assert_gradient(abs, lambda x: 0.5, at={"x": 0}, verdict="kink")
    with pytest.raises(AssertionError, match="disagree"):
        gradcli.assert_gradient(abs, lambda x: 2, at={"x": 0}, verdict="kink")


def test_a_claim_needs_no_gradient() -> None:
    gradcli.assert_gradient(lambda x, y: x**2 * y, at="x=2,y=3", expect={"x": "2*x*y"})
    with pytest.raises(AssertionError, match=r"∂/∂x = 2\*x  disagree"):
        gradcli.assert_gradient(lambda x, y: x**2 * y, at="x=2,y=3", expect={"x": "2*x"})


def test_inputs_that_a_gradient_leaves_out_are_not_claimed() -> None:
    (check,) = gradcli.check_gradient(lambda w, x: w * x, lambda w, x: {"w": x}, at="w=2,x=3")
    assert ([row.input for row in check.rows], check.unclaimed, check.kind) == (["w"], ["x"], "python")


@pytest.mark.parametrize("x", [0.004699160035304011, 0.0010773969920869202, 0.3, -2.7, 41.0])
def test_a_right_gradient_of_a_function_in_single_precision_is_no_disagreement(x: float) -> None:
    def sine(x: float) -> Any:
        return np.sin(np.float32(x))

    def gradient(x: float) -> Any:
        return np.cos(np.float32(x))

    assert gradcli.check_gradient(sine, gradient, at={"x": x}, require_resolution=1e-2).verdict == "agree"
    assert gradcli.check_gradient(sine, lambda x: gradient(x) * 1.01, at={"x": x}, require_resolution=1e-2).verdict == "disagree"


def test_a_gradient_in_single_precision_of_a_function_in_double_is_wrong() -> None:
    (check,) = gradcli.check_gradient(np.sin, lambda x: np.float32(np.cos(x)), at={"x": 0.3})
    assert check.verdict == "disagree"


def test_nothing_to_check_is_an_error() -> None:
    with pytest.raises(UsageError, match="comes without a gradient"):
        gradcli.check_gradient(lambda x: x, at="x=1")


def test_a_function_that_fails_beside_the_point_is_checked_on_the_other_side() -> None:
    def root(x: float) -> float:
        if x < 1:
            raise ValueError("too small")
        return x**2

    (check,) = gradcli.check_gradient(root, lambda x: 2 * x, at="x=1")
    assert check.verdict == "agree"
    assert any("raised ValueError: too small" in note for note in check.notes)


def test_a_function_that_fails_at_the_point_is_an_error_with_its_line() -> None:
    with pytest.raises(TargetProblem, match=r"raised ZeroDivisionError: .* \(.*test_gradients_in_python.py, line \d+\) at x = 0"):
        gradcli.check_gradient(lambda x: 1 / x, lambda x: -1 / x**2, at="x=0")


@pytest.mark.parametrize(
    ("words", "at", "verdict"),
    [
        ("logistic logistic_gradient", "w=[0.5,-0.25],X=[[1,2],[3,-1],[-1,1]],y=[1,1,-1]", "agree"),
        ("ridge ridge_gradient", "w=[0.5,-0.25],X=[[1,2],[3,-1],[-1,1]],y=[1,1,-1]", "agree"),
        ("ridge least_squares_gradient", "w=[0.5,-0.25],X=[[1,2],[3,-1],[-1,1]],y=[1,1,-1]", "disagree"),
        ("rosenbrock", "x=[-1.2,1,0.5]", "agree"),
        ("henon henon_jacobian", "x=0.5,y=0.25", "agree"),
        ("henon henon_jacobian", "x=-1,y=3,a=2,b=0.5", "agree"),
    ],
)
def test_the_examples_come_out_as_they_should(words: str, at: str, verdict: str) -> None:
    places = [f"{EXAMPLES}:{word}" for word in words.split()]
    assert gradcli.check_gradient(*places, at=at, value_and_grad=len(places) == 1).verdict == verdict


MODULE = """
    print("imported")

    def mse(w, x, y):
        print("called")
        return sum((a*w - b)**2 for a, b in zip(x, y))/len(x)

    def mse_grad(w, x, y):
        return sum(2*a*(a*w - b) for a, b in zip(x, y))/len(x)

    def wrong(w, x, y):
        return sum(a*(a*w - b) for a, b in zip(x, y))/len(x)

    def both(w, x, y):
        return mse(w, x, y), mse_grad(w, x, y)

    def none(w, x, y):
        pass
"""
AT = ("--at", "w=0.5,x=[1,2],y=[1,3]")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--python", "losses:mse", "--gradient", "losses:mse_grad"), 0),
        (("--python", "losses.py:mse", "--gradient", "losses.py:mse_grad"), 0),
        (("--python", "losses:both", "--value-and-grad"), 0),
        (("--python", "losses:mse", "--gradient", "losses:wrong"), 1),
        (("--python", "losses:mse", "--expect", "w=-4.5"), 0),
        (("--python", "losses:mse"), 2),
        (("--python", "losses:both"), 2),
        (("--python", "losses:none", "--gradient", "losses:mse_grad"), 2),
        (("--python", "losses:mse", "--gradient", "losses:mse_grad", "--value-and-grad"), 2),
        (("--gradient", "losses:mse_grad"), 2),
    ],
)
def test_the_command_has_the_exit_codes_of_every_check(words: tuple[str, ...], code: int, write: Write) -> None:
    write("losses.py", MODULE)
    assert called(["check", *words, *AT], {}).code == code


def test_what_the_users_code_prints_does_not_spoil_the_json(write: Write) -> None:
    write("losses.py", MODULE)
    ended = called(["check", "--python", "losses:mse", "--gradient", "losses:mse_grad", *AT, "--json"], {})
    answer = json.loads(ended.out)
    assert (answer["verdict"], answer["checks"][0]["kind"], answer["checks"][0]["program"]) == ("agree", "python", "losses:mse")
    assert "imported" in ended.err


def test_the_command_that_reproduces_a_check_does(write: Write) -> None:
    write("losses.py", MODULE)
    ended = called(["check", "--python", "losses:mse", "--gradient", "losses:wrong", *AT, "--json"], {})
    again = json.loads(ended.out)["checks"][0]["reproduce"]
    assert again == 'gradcli check --python "losses:mse" --gradient "losses:wrong" --at "w=0.5,x=[1.0,2.0],y=[1.0,3.0]"'
