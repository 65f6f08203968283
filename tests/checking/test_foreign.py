"""The verdict on gradients that somebody else computes: right ones agree, wrong ones do not, and what can't be told is said."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradcli import Report, TargetProblem, UnknownName, UsageError, check_gradient, check_target
from gradcli.rendering import render_report
from tests.checking.targets import Given

ALWAYS = {"x": 0.7, "w": -1.3}

RIGHT: list[tuple[str, Callable[..., Any], Callable[..., Any], dict[str, Any]]] = [
    ("polynomial", lambda x, w: (x + w) * (w + 1), lambda x, w: {"x": w + 1, "w": 2 * w + x + 1}, ALWAYS),
    ("waves", lambda x, w: math.sin(3 * x) * w, lambda x, w: {"x": 3 * math.cos(3 * x) * w, "w": math.sin(3 * x)}, ALWAYS),
    ("large", lambda x: x**3, lambda x: {"x": 3 * x**2}, {"x": 1e8}),
    ("tiny", lambda x: 1e-12 * math.sin(x), lambda x: {"x": 1e-12 * math.cos(x)}, {"x": 1.0}),
    ("near a corner", lambda x: abs(x - 1e-3), lambda x: {"x": math.copysign(1.0, x - 1e-3)}, {"x": 0.0}),
    ("stationary", lambda x: x * x, lambda x: {"x": 2 * x}, {"x": 0.0}),
    ("array", lambda x, w: float(np.sin(x) @ w), lambda x, w: {"x": np.cos(x) * w, "w": np.sin(x)}, {"x": [1, 2, 3], "w": [0.1, 0.2, 0.3]}),
    ("matrix", lambda a: float(np.sum(a @ a)), lambda a: {"a": (lambda s: s @ a.T + a.T @ s)(np.ones((2, 2)))}, {"a": [[1, 2], [3, 4]]}),
]


def verdicts(report: Report) -> dict[str, str]:
    """The verdict of each row, by input and output."""
    return {row.input if row.output is None else f"{row.output}/{row.input}": row.verdict for row in report.checks[0].rows}


@pytest.mark.parametrize(("f", "gradient", "at"), [pytest.param(*rest, id=name) for name, *rest in RIGHT])
def test_a_right_gradient_agrees(f: Any, gradient: Any, at: Any) -> None:
    report = check_target(Given(f, gradient), at)
    assert set(verdicts(report).values()) == {"agree"}, render_report(report, "table", terminal=False, width=120, color=False)
    assert report.exit_code == 0


@pytest.mark.parametrize(("f", "gradient", "at"), [pytest.param(*rest, id=name) for name, *rest in RIGHT])
def test_an_error_of_a_millionth_in_one_component_is_found_there(f: Any, gradient: Any, at: Any) -> None:
    name = next(iter(at))
    first = np.asarray(gradient(**{key: np.asarray(x, float) if isinstance(x, list) else x for key, x in at.items()})[name]).flat[0]

    def wrong(**point: Any) -> Any:
        found = gradient(**point)
        value = np.array(found[name], float)
        value.flat[0] += 1e-6 * (abs(first) or 1.0)
        return found | {name: value if value.shape else float(value)}

    rows = check_target(Given(f, wrong), at).checks[0].rows
    assert [row.verdict for row in rows].count("disagree") == 1
    assert next(row for row in rows if row.verdict == "disagree").input in (
        next(iter(at)),
        f"{next(iter(at))}[0]",
        f"{next(iter(at))}[0,0]",
    )


def test_a_jacobian_has_a_row_for_every_output_and_input() -> None:
    target = Given(lambda x: np.array([x[0] * x[1], x[0] ** 2]), lambda x: {"x": np.array([[x[1], x[0]], [2 * x[0], 1.0]])})
    found = verdicts(check_target(target, {"x": [2.0, 3.0]}))
    assert found == {"f[0]/x[0]": "agree", "f[0]/x[1]": "agree", "f[1]/x[0]": "agree", "f[1]/x[1]": "disagree"}


def test_a_large_array_is_judged_along_directions() -> None:
    def gradient(x: Any) -> Any:
        return {"x": np.cos(x)}

    def slightly_wrong(x: Any) -> Any:
        found = np.cos(x)
        found[1234] += 1e-3
        return {"x": found}

    at = {"x": np.linspace(0, 1, 5000)}
    assert set(verdicts(check_target(Given(lambda x: float(np.sum(np.sin(x))), gradient), at)).values()) == {"agree"}
    found = verdicts(check_target(Given(lambda x: float(np.sum(np.sin(x))), slightly_wrong), at))
    assert len(found) == 3
    assert set(found.values()) == {"disagree"}


def test_a_gradient_that_is_nan_where_the_derivative_exists_is_wrong() -> None:
    row = check_target(Given(lambda x: x * x, lambda x: {"x": math.nan}), {"x": 3.0}).checks[0].rows[0]
    assert row.verdict == "disagree"
    assert "nan" in row.reason


def test_nan_everywhere_is_undefined_and_never_an_agreement() -> None:
    report = check_target(Given(lambda x: math.nan, lambda x: {"x": math.nan}), {"x": 3.0})
    assert report.verdict == "undefined"
    assert report.exit_code == 3


def test_both_directions_of_a_target_are_held_against_each_other() -> None:
    def vjp(at: Any, u: Any) -> Any:
        return {"x": 2 * at["x"] * u["f"]}

    right = Given(lambda x: x * x, vjp=vjp, jvp=lambda at, t: {"f": 2 * at["x"] * t["x"]})
    assert check_target(right, {"x": 3.0}).verdict == "agree"
    wrong = Given(lambda x: x * x, vjp=vjp, jvp=lambda at, t: {"f": 3 * at["x"] * t["x"]})
    row = check_target(wrong, {"x": 3.0}).checks[0].rows[0]
    assert row.verdict == "disagree"
    assert "the dot-product test" in row.reason
    assert row.reason.endswith("the difference quotient contradicts forward mode")


def test_hessian_products_are_checked() -> None:
    def hvp(at: Any, u: Any, t: Any) -> Any:
        x, w, dx, dw = at["x"], at["w"], t.get("x", 0.0), t.get("w", 0.0)
        return {"x": u["f"] * (2 * w * dx + 2 * x * dw), "w": u["f"] * (2 * x * dx + 5 * dw)}

    def vjp(at: Any, u: Any) -> Any:
        return {"x": 2 * at["x"] * at["w"] * u["f"], "w": at["x"] ** 2 * u["f"]}

    found = verdicts(check_target(Given(lambda x, w: x * x * w, vjp=vjp, hvp=hvp), {"x": 2.0, "w": 1.5}))
    assert found == {"x": "agree", "w": "agree", "x, x": "agree", "w, x": "agree", "x, w": "agree", "w, w": "disagree"}


def test_hessian_products_of_several_outputs_say_of_which_they_are() -> None:
    def vjp(at: Any, u: Any) -> Any:
        return {"x": 2 * at["x"] * u["f"][0] + 3 * at["x"] ** 2 * u["f"][1]}

    def hvp(at: Any, u: Any, t: Any) -> Any:
        return {"x": t["x"] * (2 * u["f"][0] + 7 * at["x"] * u["f"][1])}

    found = verdicts(check_target(Given(lambda x: np.array([x**2, x**3]), vjp=vjp, hvp=hvp), {"x": 2.0}))
    assert found == {"f[0]/x": "agree", "f[1]/x": "agree", "f[0]/x, x": "agree", "f[1]/x, x": "disagree"}


def test_a_claim_is_judged_where_there_is_no_gradient() -> None:
    target = Given(lambda x, w: x * x * w)
    assert check_target(target, {"x": 2, "w": 3}, expect="x=2*x*w").verdict == "agree"
    report = check_target(target, {"x": 2, "w": 3}, expect={"x": "2*x*w", "w": 5.0})
    assert verdicts(report) == {"x": "agree", "w": "disagree"}
    with pytest.raises(UsageError, match="without a gradient"):
        check_target(target, {"x": 2, "w": 3})


def test_an_input_without_gradient_is_said_not_to_be_claimed() -> None:
    check = check_target(Given(lambda x, w: x * w, lambda x, w: {"x": w}), {"x": 2, "w": 3}).checks[0]
    assert [row.input for row in check.rows] == ["x"]
    assert check.unclaimed == ["w"]


def test_a_request_that_can_fail_nowhere_is_refused() -> None:
    target = Given(lambda x: x, lambda x: {"x": 1.0}, inputs=("x",))
    with pytest.raises(UsageError, match="every input is frozen"):
        check_target(target, {"x": 2.0}, freeze="x")
    with pytest.raises(UnknownName, match="'y' is no input"):
        check_target(target, {"x": 2.0}, wrt="y")
    with pytest.raises(UsageError, match="has no input"):
        check_target(Given(lambda: 1.0, dict), {})


def test_a_target_that_fails_beside_the_point_is_judged_by_the_other_side() -> None:
    def f(x: float) -> float:
        if x < 0:
            raise TargetProblem("x is negative")
        return x**1.5 + 2 * x

    check = check_target(Given(f, lambda x: {"x": 1.5 * max(x, 0.0) ** 0.5 + 2}), {"x": 0.0}).checks[0]
    assert check.rows[0].verdict == "agree"
    assert any("x is negative" in note for note in check.notes)


def test_a_gradient_is_as_certain_at_the_edge_of_its_domain_as_beside_it() -> None:
    def inside(x: float) -> float:
        if x < 0:
            raise TargetProblem("x is negative")
        return x

    def check(factor: float) -> str:
        return check_target(Given(lambda x: inside(x) + x * x, lambda x: {"x": factor * (1 + 2 * inside(x))}), {"x": 0.0}).verdict

    assert [check(factor) for factor in (1.0, 1.001)] == ["agree", "disagree"]


def test_a_target_that_is_gone_ends_the_check() -> None:
    def f(x: float) -> float:
        if x != 1.0:
            raise TargetProblem("the process died", gone=True)
        return x

    with pytest.raises(TargetProblem, match="died"):
        check_target(Given(f, lambda x: {"x": 1.0}), {"x": 1.0})


@pytest.mark.parametrize(("slope", "verdict"), [(0.0, "kink"), (1.0, "kink"), (0.3, "kink"), (-0.01, "disagree"), (1.01, "disagree")])
def test_at_a_corner_a_gradient_must_lie_between_the_slopes(slope: float, verdict: str) -> None:
    row = check_target(Given(lambda x: max(x, 0.0), lambda x: {"x": slope if x == 0 else float(x > 0)}), {"x": 0.0}).checks[0].rows[0]
    assert (row.verdict, row.left, row.right) == (verdict, 0.0, 1.0)


@pytest.mark.parametrize(
    ("gradient", "verdict"), [((0.5, 0.5), "kink"), ((1.0, 0.0), "kink"), ((0.0, 0.0), "disagree"), ((1.0, 1.0), "disagree")]
)
def test_at_a_tie_a_gradient_must_fit_along_directions_too(gradient: tuple[float, float], verdict: str) -> None:
    target = Given(lambda x, y: max(x, y), lambda x, y: dict(zip("xy", gradient, strict=True)))
    assert check_target(target, {"x": 1.0, "y": 1.0}).verdict == verdict


def test_a_gradient_of_zero_is_right_for_steps_and_wrong_for_what_they_stand_for() -> None:
    (row,) = check_target(Given(lambda x: math.floor(1e4 * x) / 1e4, lambda x: {"x": 0.0}), {"x": 0.37}).checks[0].rows
    assert row.verdict == "inconclusive"
    assert "constant between them" in row.reason
    (row,) = check_target(Given(lambda x: math.floor(1e4 * x) / 1e4, lambda x: {"x": 1.1}), {"x": 0.37}).checks[0].rows
    assert row.verdict == "disagree"


def log1p2(x: Any) -> Any:
    """log(1 + x**2), as it is often written: 1 + x**2 loses what is small beside 1, alike for many neighbours."""
    return np.log(1 + x * x)


ROUNDED_INSIDE: tuple[tuple[Callable[..., float], dict[str, float], tuple[float, float]], ...] = (
    # gradients from numerical differentiation with 60 digits
    (
        lambda x, y: float(np.exp((1 / (1 + y * y)) ** 2) * log1p2(0.25 * y - y)),
        {"x": -0.00038605883202889093, "y": 0.0007314038899984147},
        (0.0, 0.002236676682280789),
    ),
    (
        lambda x, y: float((log1p2(x) + y) * x),
        {"x": -0.0015218904363178219, "y": -0.0001645488902132124},
        (-0.00015760045212409932, -0.0015218904363178219),
    ),
    (
        lambda x, y: float(np.arctan(y) * (x + 0.48) - log1p2(x * 0.6)),
        {"x": 0.0005866677354261678, "y": 0.0007250391864677423},
        (0.00030263834225163056, 0.48058641509988387),
    ),
    (
        lambda x, y: float(log1p2(1 / (1 + y * y)) * np.arctan(x)),
        {"x": -0.20798612279166573, "y": 9.429056947587938},
        (0.00011857501717093948, 1.0640910681476242e-05),
    ),
    (
        lambda x, y: float((x + y) * log1p2(y)),
        {"x": -0.0015799339322470915, "y": -0.001206434582453618},
        (1.4554833425236417e-06, 8.178616228298312e-06),
    ),
)


@pytest.mark.parametrize(("f", "at", "gradient"), ROUNDED_INSIDE)
def test_what_rounds_alike_at_all_values_of_a_line_is_not_taken_for_the_slope(
    f: Callable[..., float], at: dict[str, float], gradient: tuple[float, float]
) -> None:
    rows = check_gradient(f, lambda x, y: gradient, at=at).checks[0].rows
    assert "disagree" not in [row.verdict for row in rows]
    for wrong in ((gradient[0] + 0.2, gradient[1]), (gradient[0], gradient[1] + 0.2)):
        assert check_gradient(f, lambda x, y, wrong=wrong: wrong, at=at).verdict == "disagree"
