"""What is wrong with gradients that somebody else computes: likely mistakes by name, and memories of earlier calls."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradcli import TargetProblem, check_target
from gradcli.results import Row
from tests.checking.targets import Given


def rows_of(f: Callable[..., Any], gradient: Callable[..., Any], at: dict[str, Any]) -> list[Row]:
    """The rows of the check of a function."""
    return list(check_target(Given(f, gradient), at).checks[0].rows)


def loss(x: Any, w: Any) -> float:
    return float(np.mean((x * w - 1) ** 2))


def slopes(x: Any, w: Any) -> dict[str, Any]:
    return {"x": 2 * (x * w - 1) * w / x.size, "w": 2 * (x * w - 1) * x / x.size}


AT = {"x": [0.3, 1.2, 2.5], "w": [1.5, -0.4, 0.7]}

MISTAKES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("the sign", lambda x, w: slopes(x, w) | {"x": -slopes(x, w)["x"]}),
    ("a factor 3 too much, the number of elements", lambda x, w: {name: 3 * g for name, g in slopes(x, w).items()}),
    ("x and w swapped", lambda x, w: {"x": slopes(x, w)["w"], "w": slopes(x, w)["x"]}),
    ("reversed", lambda x, w: slopes(x, w) | {"x": slopes(x, w)["x"][::-1]}),
    ("a gradient that is never counted", lambda x, w: slopes(x, w) | {"x": 0 * x}),
    ("a term 0.2*x is missing (a penalty?)", lambda x, w: slopes(x, w) | {"x": slopes(x, w)["x"] - 0.2 * x}),
    ("a term 3*x too much (a penalty?)", lambda x, w: slopes(x, w) | {"x": slopes(x, w)["x"] + 3 * x}),
    ("rounded to 6 digits", lambda x, w: slopes(x, w) | {"x": np.array([float(f"{g:.6g}") for g in slopes(x, w)["x"]])}),
)


@pytest.mark.parametrize(("words", "gradient"), MISTAKES, ids=[words for words, _ in MISTAKES])
def test_the_likely_mistake_is_named(words: str, gradient: Callable[..., Any]) -> None:
    wrong = [row for row in rows_of(loss, gradient, AT) if row.verdict == "disagree"]
    assert wrong
    assert all(words in row.likely for row in wrong), [row.likely for row in wrong]


def test_the_numbers_stand_in_the_sentence() -> None:
    row = rows_of(lambda x: x * x, lambda x: {"x": x}, {"x": 3.0})[0]
    assert row.likely.startswith("likely a factor 2 is missing: 3 given, 6")


def test_a_right_gradient_has_no_mistake() -> None:
    assert {(row.verdict, row.likely) for row in rows_of(loss, slopes, AT)} == {("agree", "")}


def test_an_error_without_a_name_gets_none() -> None:
    rows = rows_of(loss, lambda x, w: slopes(x, w) | {"x": 1.73 * slopes(x, w)["x"]}, AT)
    assert {row.likely for row in rows} == {""}


def test_what_is_expected_has_the_digits_that_were_measured() -> None:
    (row,) = rows_of(lambda x: math.exp(x) * math.sin(x), lambda x: {"x": -math.exp(x) * (math.sin(x) + math.cos(x))}, {"x": 0.7})
    expected = row.likely.removesuffix(" expected").rpartition(" ")[2]
    bound = row.engines["difference"].error
    assert row.likely.startswith("likely the sign")
    assert abs(float(expected) - math.exp(0.7) * (math.sin(0.7) + math.cos(0.7))) < 10 * bound
    assert len(expected) < 17


def test_a_transposed_jacobian_is_named() -> None:
    matrix = np.array([[1.0, 2.0, 3.5], [0.5, -1.0, 4.0], [2.5, 0.1, -0.3]])
    rows = rows_of(lambda x: matrix @ x, lambda x: {"x": matrix.T}, {"x": [0.2, 0.4, 1.7]})
    assert {row.likely.partition(":")[0] for row in rows if row.verdict == "disagree"} == {"likely transposed"}


def test_a_large_transposed_gradient_is_named_from_its_directions() -> None:
    chance = np.random.default_rng(5)
    a, b = chance.normal(size=(12, 12)), chance.normal(size=(12, 12))
    rows = rows_of(lambda x: float(np.sum(a * x**2 + b * x)), lambda x: {"x": (2 * a * x + b).T}, {"x": chance.normal(size=(12, 12))})
    assert {row.likely.partition(":")[0] for row in rows} == {"likely transposed"}


def test_a_gradient_in_single_precision_of_a_function_in_double_is_a_mistake_with_a_name() -> None:
    def single(x: Any, w: Any) -> dict[str, Any]:
        return {name: slope.astype(np.float32).astype(float) for name, slope in slopes(x, w).items()}

    rows = rows_of(loss, single, AT)
    assert {row.input: row.verdict for row in rows} == {  # 1.25 is a number of single precision
        **dict.fromkeys(("x[0]", "x[1]", "x[2]", "w[0]", "w[1]"), "disagree"),
        "w[2]": "agree",
    }
    assert {row.likely.partition(":")[0] for row in rows if row.verdict == "disagree"} == {"likely float32 precision"}


def test_a_gradient_that_is_not_reset_disagrees_and_says_so() -> None:
    total = {"x": np.zeros(3), "w": np.zeros(3)}

    def added(x: Any, w: Any) -> dict[str, Any]:
        for name, slope in slopes(x, w).items():
            total[name] = total[name] + slope
        return dict(total)

    rows = rows_of(loss, added, AT)
    assert {row.verdict for row in rows} == {"disagree"}
    assert all("not reset: each call adds to the one before" in row.reason for row in rows)


def test_a_gradient_that_depends_on_earlier_calls_disagrees() -> None:
    calls: list[int] = []

    def counting(x: Any) -> dict[str, Any]:
        calls.append(1)
        return {"x": 2 * x * (1 + (len(calls) > 1))}

    rows = rows_of(lambda x: x * x, counting, {"x": 3.0})
    assert [row.verdict for row in rows] == ["disagree"]
    assert "depends on the calls before it" in rows[0].reason


def test_last_digits_that_change_are_a_note() -> None:
    calls: list[int] = []

    def noisy(x: Any) -> dict[str, Any]:
        calls.append(1)
        return {"x": 2 * x * (1 + 2.0**-51 * (len(calls) % 3))}

    check = check_target(Given(lambda x: x * x, noisy), {"x": 3.0}).checks[0]
    assert check.verdict == "agree"
    assert any("its last digits change" in note for note in check.notes)


def test_a_gradient_with_noise_is_inconclusive_and_not_called_wrong() -> None:
    chance = np.random.default_rng(1)
    check = check_target(Given(lambda x: x * x, lambda x: {"x": 2 * x * (1 + 1e-3 * chance.normal())}), {"x": 3.0}).checks[0]
    assert check.verdict == "inconclusive"
    assert any("not repeatable" in note for note in check.notes)


def test_where_the_other_point_fails_a_nearer_one_is_asked() -> None:
    asked: list[float] = []

    def edge(x: Any) -> dict[str, Any]:
        if x > 1.1:
            raise TargetProblem("x is too large")
        asked.append(x)
        return {"x": 1 / x}

    assert [row.verdict for row in rows_of(lambda x: math.log(x) if x > 0 else math.nan, edge, {"x": 1.0})] == ["agree"]
    assert any(1.0 + 1e-5 < x < 1.01 for x in asked)


def test_a_gradient_of_the_point_where_the_function_was_called_last_says_so() -> None:
    last = [0.0]

    def cube(x: float) -> float:
        last[0] = x
        return x**3

    (row,) = rows_of(cube, lambda x: {"x": 3 * last[0] ** 2}, {"x": 2.0})
    assert row.verdict == "disagree"
    assert "that of the point where the function was called last (by x it is 12, and " in row.reason


def test_a_gradient_that_alternates_depends_on_earlier_calls() -> None:
    calls = [0]

    def gradient(x: float) -> dict[str, float]:
        calls[0] += 1
        return {"x": 3 * x**2 * (1 + calls[0] % 2)}

    (row,) = rows_of(lambda x: x**3, gradient, {"x": 2.0})
    assert row.verdict == "disagree"
    assert "depends on the calls before it" in row.reason


def test_a_round_number_is_not_single_precision() -> None:
    check = check_target(Given(lambda x: math.log(abs(x)), lambda x: {"x": 1 / x}), {"x": 1e-8}).checks[0]
    assert check.verdict == "agree"
    assert not any("float32" in note for note in check.notes)


def test_a_gradient_in_single_precision_is_wrong_whether_it_scatters_or_not() -> None:
    x = np.array([1.0, 2.0, 3.0])
    for cosine in (lambda x: np.cos(x.astype(np.float32)).astype(float), lambda x: np.cos(x).astype(np.float32).astype(float)):
        rows = rows_of(lambda x: float(np.sum(np.sin(x))), lambda x, cosine=cosine: {"x": cosine(x)}, {"x": x})
        assert {row.verdict for row in rows} == {"disagree"}


def test_only_inputs_that_the_gradient_is_by_are_moved() -> None:
    def power(x: float, n: float) -> float:
        return x ** range(9)[round(n)] if n == round(n) else math.nan

    def slope(x: float, n: float) -> dict[str, float]:
        assert n == round(n)
        return {"x": n * x ** (n - 1)}

    (row,) = rows_of(power, slope, {"x": 1.5, "n": 3.0})
    assert row.verdict == "agree"
