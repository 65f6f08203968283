"""Numbers as text."""

from __future__ import annotations

import doctest
import math

import pytest

from gradcli.rendering import number_text, numerals, page
from gradcli.rendering.numerals import bound_text, digits_text


@pytest.mark.parametrize(
    "value", [0.0, -0.0, 1.0, 0.1 + 0.2, 1e22, 1e16, 123456789.0, 5e-324, 1.7976931348623157e308, -1 / 3, math.inf, -math.inf]
)
def test_a_number_reads_back_the_same(value: float) -> None:
    assert float(number_text(value)) == value
    assert math.copysign(1, float(number_text(value))) == math.copysign(1, value)


@pytest.mark.parametrize(
    ("value", "text"), [(6.0, "6"), (1e16, "1e+16"), (math.nan, "nan"), (True, "True"), (None, ""), (100.0, "100"), (-0.0, "-0")]
)
def test_a_number_has_no_needless_characters(value: float | None, text: str) -> None:
    assert number_text(value) == text


@pytest.mark.parametrize("bound", [1e-17, 4.5e-16, 9.99e-5, 9.901e300, 1.0, 0.1 + 0.2, 12345.6, 5e-324])
def test_a_bound_is_never_rounded_down(bound: float) -> None:
    assert bound <= float(bound_text(bound)) <= bound * 1.1 or bound < 1e-300
    assert len(bound_text(bound).split("e")[0].replace(".", "").lstrip("0").removesuffix("000")) <= 2


@pytest.mark.parametrize(
    ("digits", "text"),
    [
        ("5.0000000000000000000000", "5"),
        ("-1.23456789012345678901e-50", "-1.2345678901234568e-50"),
        ("1200", "1200"),
        ("", ""),
        ("nan", "nan"),
        ("0", "0"),
    ],
)
def test_digits_are_cut_to_seventeen(digits: str, text: str) -> None:
    assert digits_text(digits) == text


@pytest.mark.parametrize("module", [numerals, page])
def test_examples_in_docstrings_hold(module: object) -> None:
    found = doctest.testmod(module)  # type: ignore[arg-type]
    assert found.attempted > 0
    assert found.failed == 0
