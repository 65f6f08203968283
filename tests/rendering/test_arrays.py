"""Arrays on every page and in every format: whole where they are small, summarised where they are large, no number changed."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gradcli.errors import UsageError
from gradcli.rendering import GRADIENT_FORMATS, render_gradient, render_report
from gradcli.rendering.arrays import IN_ANSWER, IN_JSON, OF_NODES_IN_JSON, json_value, summary, value_rows, value_text
from gradcli.results import Gradient, Output, Report
from tests.rendering.array_samples import arrays
from tests.rendering.samples import agreeing, product
from tests.rendering.schema import faults


def piped(result: Gradient, form: str = "table", **options: Any) -> str:
    return render_gradient(result, form, terminal=False, width=80, color=False, **options)


def test_the_table_has_shapes_settings_by_name_and_the_scope() -> None:
    assert piped(arrays(higher={})) == (
        "value y  7.5\n"
        "∂y/∂W    [[1, 1, 1],\n"
        "          [1, 1, 1]]\n"
        "∂y/∂x    [1.5, 2.5, 3.5]\n\n"
        "id  node                    operation  inputs      shape   value                         gradient                leaf  scope\n"
        " 0  W                       input                  (2, 3)  [[0, 0.5, 1], [1.5, 2, 2.5]]  [[1, 1, 1], [1, 1, 1]]  yes\n"
        " 1  x                       input                  (3,)    [1, 1, 1]                     [1.5, 2.5, 3.5]         yes\n"
        " 2  W @ x                   matmul     #0, #1      (2,)    [1.5, 6]                      [1, 1]                        round 2\n"
        " 3  y = sum(W @ x, axis=0)  sum        #2, axis=0          7.5                           1\n"
    )


def test_a_program_of_numbers_has_no_column_for_shapes() -> None:
    assert "shape" not in piped(product())
    assert "scope" not in piped(product())


def test_large_arrays_are_summarised_and_the_page_says_how_to_see_them() -> None:
    text = piped(arrays(20, 30))
    assert "∂y/∂W    shape (20, 30)  norm 24.49489742783178  min 1  max 1\n" in text
    assert "--get W prints all numbers" in text
    assert "(20, 30)  norm 4237.337017514656  min 0  max 299.5  " in text
    assert "--get" not in piped(arrays())


def test_trees_and_lists_say_the_shape_of_what_they_summarise() -> None:
    assert "#0 W  input  value (20, 30) norm 4237.337017514656  min 0  max 299.5  gradient (20, 30) norm" in piped(arrays(20, 30), "tree")
    assert "sum(#2, axis=0)" in piped(arrays(), "list")
    assert "value [1, 1, 1]  " in piped(arrays(), "list")


def test_settings_are_no_twigs_of_the_tree() -> None:
    assert piped(arrays(), "tree").splitlines()[:3] == [
        "#3 y = sum(W @ x, axis=0)  sum  value 7.5  gradient 1",
        "  #2 W @ x  matmul  value [1.5, 6]  gradient [1, 1]",
        "    #0 W  input  value [[0, 0.5, 1], [1.5, 2, 2.5]]  gradient [[1, 1, 1], [1, 1, 1]]",
    ]


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("form", ["table", "tree", "list"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_no_width_cuts_a_number_of_an_array(form: str, width: int, ascii_only: bool) -> None:
    wide = np.array([-1.2345678901234567e-101, -0.12345678901234567, 9.876543210987654e300])
    text = render_gradient(arrays(gradient={"x": wide}), form, terminal=True, width=width, color=False, ascii=ascii_only)
    for number in wide.tolist():
        assert repr(number) in text
    assert text.isascii() is ascii_only


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("result", [arrays(), arrays(20, 30), arrays(1, 1)])
def test_a_table_of_arrays_is_no_wider_than_the_terminal(result: Gradient, width: int) -> None:
    text = render_gradient(result, "table", terminal=True, width=width, color=False)
    assert max(map(len, text.splitlines())) <= width


def test_an_array_of_outputs_shows_its_weights() -> None:
    value, weight = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    assert piped(arrays(outputs=[Output("y", 2, value, weight)])).startswith("value y   [1, 2]\nweight y  [3, 4]\n")


@pytest.mark.parametrize("form", GRADIENT_FORMATS)
def test_every_format_shows_empty_and_large_arrays(form: str) -> None:
    for shape in ((0,), (0, 3), (2, 0), (1,), (2, 1, 2), (7, 7)):
        assert piped(arrays(gradient={"x": np.zeros(shape)}), form)


def test_the_rows_of_arrays_are_aligned_and_are_nested_lists() -> None:
    rows = value_rows(np.array([[[1, -2.5], [10, 4]], [[0, 0], [0.125, 3]]]))
    assert rows == ["[[[    1, -2.5],", "  [   10,    4]],", " [[    0,    0],", "  [0.125,    3]]]"]


@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1, 3), (2, 3, 2), (2, 1, 1, 4)])
def test_the_rows_of_an_array_read_back_as_the_array(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).normal(size=shape)
    assert np.array_equal(np.array(json.loads("".join(value_rows(array)))), array)


def test_summaries_neither_overflow_nor_vanish() -> None:
    assert summary(np.array([3e200, 4e200])) == pytest.approx((5e200, 3e200, 4e200), rel=1e-15)
    assert summary(np.array([3e-200, -4e-200])) == pytest.approx((5e-200, -4e-200, 3e-200), rel=1e-15, abs=0)
    assert summary(np.array([5e-324, 1.7e308])).norm == 1.7e308
    assert summary(np.array([1.0, math.inf])) == (math.inf, 1.0, math.inf)
    assert summary(np.zeros(3)) == (0.0, 0.0, 0.0)


def test_summaries_count_what_is_no_number_and_what_is_true() -> None:
    assert value_text(np.array([math.nan] * 3 + [1.0] * 7)) == "3 of 10 are nan"
    assert value_text(np.arange(10) > 6) == "3 of 10 true"
    assert value_text(np.arange(3) > 1) == "[False, False, True]"


# plain, csv and bare numbers


def test_plain_has_a_line_per_element() -> None:
    assert piped(arrays(2, 2, higher={"x": [np.ones(2), np.zeros(2)]}), "plain") == (
        "value\t3\nW[0,0]\t1\nW[0,1]\t1\nW[1,0]\t1\nW[1,1]\t1\nx[0]\t1\nx[1]\t2\nx:2[0]\t0\nx:2[1]\t0\n"
    )


def test_csv_has_a_column_per_element() -> None:
    header, row = piped(arrays(1, 2, higher={}), "csv").splitlines()
    assert header == '"W[0,0]","W[0,1]",x[0],x[1],value,"grad_W[0,0]","grad_W[0,1]",grad_x[0],grad_x[1]'
    assert row == "0,0.5,1,1,0.5,1,1,0,0.5"


@pytest.mark.parametrize(
    ("get", "text"),
    [
        (["x"], "1.5\n2.5\n3.5\n"),
        (["W"], "1 1 1\n1 1 1\n"),
        (["x[0]"], "1.5\n"),
        (["x[-1]"], "3.5\n"),
        (["W[0,2]"], "1\n"),
        (["W[1]"], "1\n1\n1\n"),
        (["x[0]", "x[2]"], "x[0]\t1.5\nx[2]\t3.5\n"),
    ],
)
def test_bare_numbers_of_an_array(get: list[str], text: str) -> None:
    assert piped(arrays(), get=get) == text


@pytest.mark.parametrize("name", ["x[3]", "x[-4]", "x[0,0]", "W[2,0]", "W[0,3]"])
def test_an_element_that_is_not_there_is_refused_with_the_shape(name: str) -> None:
    with pytest.raises(UsageError, match=re.escape(f"'{name}' is not there: the gradient of {name[0]} has the shape (")) as caught:
        piped(arrays(), get=[name])
    assert caught.value.hint == f"--get {name[0]}"


@pytest.mark.parametrize("name", ["x[", "x[]", "x[a]", "x[0:1]", "x[1e3]", "y[0]", "[0]"])
def test_what_is_no_element_is_an_unknown_name(name: str) -> None:
    with pytest.raises(UsageError, match="no gradient of"):
        piped(arrays(), get=[name])


# JSON


def answer(result: Gradient) -> Any:
    return json.loads(piped(result, "json"))


def test_json_has_nested_lists() -> None:
    found = answer(arrays())
    assert faults(found, "grad") == []
    assert found["at"] == {"W": [[0, 0.5, 1], [1.5, 2, 2.5]], "x": [1, 1, 1]}
    assert found["grad"]["x"] == [1.5, 2.5, 3.5]
    assert found["higher"] == {"x": [[1.5, 2.5, 3.5], [0, 0, 0]]}
    assert [node["shape"] for node in found["nodes"]] == [[2, 3], [3], [2], [], []]
    assert [node.get("scope") for node in found["nodes"]] == [None, None, "round 2", None, None]


def test_numbers_that_are_not_finite_are_strings_in_lists_too() -> None:
    found = answer(arrays(gradient={"x": np.array([[math.nan, math.inf], [-math.inf, 1.0]])}))
    assert found["grad"] == {"x": [["nan", "inf"], ["-inf", 1.0]]}
    assert faults(found, "grad") == []


def test_json_has_large_values_whole_and_large_nodes_summarised() -> None:
    found = answer(arrays(20, 60))
    assert faults(found, "grad") == []
    assert len(found["grad"]["W"]) == 20
    assert found["nodes"][0]["value"]["omitted"] == 1200 > OF_NODES_IN_JSON
    assert found["nodes"][0]["value"]["shape"] == [20, 60]
    assert isinstance(found["nodes"][1]["value"], list)


def test_beyond_a_million_elements_json_has_the_summary() -> None:
    assert json_value(np.ones(IN_JSON))[-1] == 1.0
    assert json_value(np.ones(IN_JSON + 1)) == {
        "shape": [IN_JSON + 1],
        "norm": math.sqrt(IN_JSON + 1),
        "min": 1,
        "max": 1,
        "omitted": IN_JSON + 1,
    }


@pytest.mark.parametrize(("setting", "found"), [(None, None), ("ij,jk", "ij,jk"), (False, False), ((2.0, 3.0), [2.0, 3.0])])
def test_settings_are_fit_for_json(setting: Any, found: Any) -> None:
    assert json_value(setting) == found


# the report of a check


def test_points_of_a_check_are_shown_and_are_lists_in_json() -> None:
    check = replace(agreeing(), at={"x": np.array([1.0, 2.0]), "W": np.ones((4, 5))}, value=np.array([0.5, 1.5]))
    page = render_report(Report([check]), "table", terminal=False, width=80, color=False)
    assert "  at x = [1, 2], W = array (4, 5) norm 4.47213595499958  min 1  max 1   value [0.5, 1.5]\n" in page
    found = json.loads(render_report(Report([check]), "json", terminal=False, width=80, color=False))
    assert faults(found, "check") == []
    assert found["checks"][0]["at"]["x"] == [1, 2]
    assert found["checks"][0]["value"] == [0.5, 1.5]


def test_what_is_small_is_stated_where_it_is_cut() -> None:
    assert f"arrays of more than {IN_ANSWER} elements are summarised" in piped(arrays(7, 7))
