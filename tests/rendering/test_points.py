"""Gradients at several points: the library's answer and its pages and formats."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from gradcli import grad, grad_over
from gradcli.errors import PointError, UnknownName, UsageError
from gradcli.rendering import POINT_FORMATS, render_points
from gradcli.results import Gradients
from tests.rendering.schema import faults


def shown(result: Gradients, form: str = "table", **options: Any) -> str:
    return render_points(result, form, **{"terminal": False, "width": 80, "color": False, **options})


def product(**options: Any) -> Gradients:
    return grad_over("w*x**2", "x=[0,0.5,1]", "w=3", **options)


def batch(**options: Any) -> Gradients:
    return grad_over("sum(w*x)", {"x": [[1, 2], [3, 4], [5, 6]]}, {"w": [1, 0.5]}, **options)


# the library


def test_every_point_has_the_answer_of_grad() -> None:
    for x, found in zip([0, 0.5, 1], product().points, strict=True):
        assert (found.value, found.gradient) == (3 * x * x, {"w": x * x, "x": 6 * x})
        assert found == grad("w*x**2", {"w": 3, "x": x})


def test_several_names_run_in_parallel_over_the_first_axis() -> None:
    result = grad_over("sum(x)*w", {"x": [[1, 2], [3, 4]], "w": [1, 10]})
    assert result.over == ["x", "w"]
    assert [point.value for point in result.points] == [3, 70]


def test_sums_are_those_of_all_points() -> None:
    result = batch(sum=True)
    assert result.value == 1 + 1 + 3 + 2 + 5 + 3
    assert result.gradient is not None
    assert np.array_equal(result.gradient["w"], [9, 12])
    assert np.array_equal(result.gradient["x"], [3, 1.5])


def test_sums_of_outputs_that_are_arrays_add_their_elements() -> None:
    result = grad_over("w*x", {"x": [[1, 2], [3, 4]]}, "w=2", sum=True)
    assert (result.value, result.gradient and result.gradient["w"]) == (20, 10)


@pytest.mark.parametrize(
    ("over", "at", "error", "message"),
    [
        ("x=[1,2],w=[1,2,3]", None, PointError, "x has 2, w has 3 values"),
        ("x=[1,2]", "x=1,w=2", UsageError, "'x' is in --at and in --over"),
        ("", "x=1,w=2", UsageError, "--over names no input"),
        ({"x": np.zeros(0)}, "w=2", PointError, "--over has no values"),
        ("x=[1,2],y=[1,2]", "w=1", PointError, "the program has no input 'y'"),
    ],
)
def test_what_can_not_be_run_over_is_refused(over: Any, at: Any, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        grad_over("w*x", over, at)


def test_a_point_that_is_not_finite_is_in_the_exit_code() -> None:
    assert grad_over("1/x", "x=[1,0,2]").exit_code == 3
    assert grad_over("1/x", "x=[1,2]").exit_code == 0


# pages and formats


def test_the_table_has_a_row_per_point() -> None:
    assert (
        shown(product()) == "at w = 3\n\n  x  value  ∂/∂w  ∂/∂x\n  0      0     0     0\n0.5   0.75  0.25     3\n  1      3     1     6\n"
    )


def test_the_table_ends_with_the_sums() -> None:
    assert shown(product(sum=True)).endswith("\n\nvalue  3.75  sum of 3 points\n∂/∂w   1.25\n∂/∂x   9\n")


def test_of_many_points_both_ends_are_shown() -> None:
    result = grad_over("x**2", {"x": np.arange(100.0)})
    assert "\n… 70 points not shown; --all-nodes shows all\n" in shown(result)
    assert len(shown(result, all_nodes=True).splitlines()) == 101


@pytest.mark.parametrize("width", [30, 60, 80])
def test_a_table_fits_a_terminal_with_all_numbers(width: int) -> None:
    text = shown(grad_over("exp(x)*w", "x=[0.1,0.2]", "w=[1,2]", sum=True), terminal=True, width=width)
    assert max(map(len, text.splitlines())) <= width
    assert "1.1051709180756477" in text


def test_csv_has_a_line_per_point() -> None:
    assert shown(product(), "csv") == "w,x,value,grad_w,grad_x\n3,0,0,0,0\n3,0.5,0.75,0.25,3\n3,1,3,1,6\n"
    assert shown(batch(), "csv").splitlines()[:2] == [
        "w[0],w[1],x[0],x[1],value,grad_w[0],grad_w[1],grad_x[0],grad_x[1]",
        "1,0.5,1,2,2,1,2,1,0.5",
    ]


def test_plain_is_a_line_of_numbers_per_point() -> None:
    assert shown(product(), "plain") == "3\t0\t0\t0\t0\n3\t0.5\t0.75\t0.25\t3\n3\t1\t3\t1\t6\n"


def test_higher_derivatives_have_columns() -> None:
    result = grad_over("x**3", "x=[1,2]", order=3)
    assert shown(result, "csv") == "x,value,grad_x,grad2_x,grad3_x\n1,1,3,6,6\n2,8,12,12,6\n"
    assert shown(result).startswith("x  value  ∂/∂x  ∂²/∂x²  ∂³/∂x³\n")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"get": ["x"]}, "0\n3\n6\n"),
        ({"get": ["x", "w"]}, "0\t0\n3\t0.25\n6\t1\n"),
        ({"value_only": True}, "0\n0.75\n3\n"),
        ({"value_only": True, "get": ["x"]}, "0\t0\n0.75\t3\n3\t6\n"),
    ],
)
@pytest.mark.parametrize("form", POINT_FORMATS)
def test_what_is_asked_for_is_a_line_of_bare_numbers_per_point(options: dict[str, Any], text: str, form: str) -> None:
    assert shown(product(), form, **options) == text


def test_sums_alone_are_what_programs_get() -> None:
    assert shown(product(sum=True), "csv") == "value,grad_w,grad_x\n3.75,1.25,9\n"
    assert shown(product(sum=True), "plain") == "3.75\t1.25\t9\n"
    assert shown(product(sum=True), get=["w"]) == "1.25\n"
    assert shown(batch(sum=True), get=["w[1]"]) == "12\n"


def test_points_of_different_shapes_are_no_csv() -> None:
    result = grad_over("y = x if x > 0 else [x, x]\nsum(y*[1,2])\ny", "x=[1,-1]", grad_output=[1])
    with pytest.raises(UsageError, match="values of different shapes"):
        shown(result, "csv")
    assert shown(result, "plain") == "1\t1\t1\n-1\t-1\t-1\t2\n"


@pytest.mark.parametrize("result", [product(), product(sum=True), batch(sum=True), grad_over("1/x", "x=[0,1]")])
def test_json_is_as_published(result: Gradients) -> None:
    found = json.loads(shown(result, "json"))
    assert faults(found, "grad-over") == []
    assert all(faults(json.loads(row), "grad") == [] for row in shown(result, "jsonl").splitlines())
    assert [json.loads(row) for row in shown(result, "jsonl").splitlines()] == found["points"]
    assert (found["sum"] is None) is (result.gradient is None)


def test_a_graph_is_no_format_of_several_points() -> None:
    with pytest.raises(UsageError, match="there is no format 'tree' here"):
        shown(product(), "tree")


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(UsageError, match="no gradient of 'y'"):
        shown(product(), get=["y"])
    with pytest.raises(UnknownName):
        grad_over("w*x", "x=[1,2]", "w=1", wrt="y")
