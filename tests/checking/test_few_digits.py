"""Functions whose values have few digits: what that hides is no disagreement, and a function that does not change is no riddle."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gradcli import check_target
from gradcli.checking.opaque.few_digits import hidden_change, relative_error
from tests.checking.targets import Given


def verdict(f: Callable[..., Any], gradient: Callable[..., Any], at: dict[str, Any], **options: Any) -> str:
    """The verdict of the check of a function."""
    return check_target(Given(f, gradient), at, **options).verdict


def six(value: float) -> float:
    return float(f"{value:.6g}")


def test_a_slope_that_printed_digits_hide_is_not_wrong() -> None:
    assert verdict(lambda x: six(1e3 + 1e-5 * x), lambda x: {"x": 1e-5}, {"x": 1.0}) == "inconclusive"
    assert verdict(lambda x, y: six(2.7 + y**2 + 1e-8 * x), lambda x, y: {"x": 1e-8}, {"x": 1.0, "y": 0.3}) == "inconclusive"


def test_so_it_is_for_a_claim() -> None:
    check = check_target(Given(lambda x: six(1e3 + 1e-5 * x), None), {"x": 1.0}, expect={"x": "0.00001"}).checks[0]
    assert check.verdict == "inconclusive"
    assert "few digits" in check.rows[0].reason


@pytest.mark.parametrize(("value", "slope"), [(1.0, 1e-3), (0.0, 1e-9), (math.pi, 1e-9)])
def test_a_slope_that_the_digits_would_show_is_wrong(value: float, slope: float) -> None:
    assert verdict(lambda x: value, lambda x: {"x": slope}, {"x": 1.5}) == "disagree"


@pytest.mark.parametrize("point", [0.0, -6.3e-9, 3.6e-9])
def test_values_that_are_rounded_alike_near_a_root_have_no_corner_there(point: float) -> None:
    def slope(x: float) -> dict[str, float]:
        return {"x": 0.9 / (1 + x * x)}

    for f in (lambda x: float(np.float32(0.9 * math.atan(x))), lambda x: float(f"{0.9 * math.atan(x):.8g}")):
        assert verdict(f, slope, {"x": point}) == "agree"


@pytest.mark.parametrize("value", [1e13, 1e13 * math.pi, 0.0, 1e-200])
def test_an_input_that_does_not_matter_agrees_however_large_the_value_is(value: float) -> None:
    assert verdict(lambda x: value, lambda x: {"x": 0.0}, {"x": 1.5}) == "agree"


@pytest.mark.parametrize("value", [1.0, 3.5, 1e13, math.pi, 1e13 * math.pi])
def test_of_a_value_that_never_changes_the_resolution_is_the_smallest_slope_that_would_be_wrong(value: float) -> None:
    row = check_target(Given(lambda x: value, lambda x: {"x": 0.0}), {"x": 1.5}).checks[0].rows[0]
    assert row.absolute
    assert verdict(lambda x: value, lambda x: {"x": 1.01 * row.resolution}, {"x": 1.5}) == "disagree"
    assert verdict(lambda x: value, lambda x: {"x": row.resolution / 1.01}, {"x": 1.5}) == "inconclusive"


def test_a_resolution_that_is_asked_for_may_be_finer_than_what_the_digits_show() -> None:
    def asked(resolution: float) -> Any:
        return check_target(Given(lambda x: 1.0, lambda x: {"x": 0.0}), {"x": 1.5}, require_resolution=resolution).checks[0].rows[0]

    assert asked(6e-6).verdict == "agree"
    assert (asked(1e-6).verdict, "an absolute error below 5e-06" in asked(1e-6).reason) == ("inconclusive", True)


def test_digits_tell_only_where_many_values_have_few() -> None:
    thirds = [float(f"{i / 3:.7g}") for i in range(1, 20)]
    assert relative_error(thirds) == 0.5e-6
    assert relative_error(thirds[:5]) == 0
    assert relative_error([*thirds, math.pi]) == 0
    assert relative_error([float(np.float32(third)) for third in np.arange(1, 20) / 3]) == 2.0**-24
    assert hidden_change(math.pi) == 0
    assert hidden_change(2.5) == 2.5e-5
