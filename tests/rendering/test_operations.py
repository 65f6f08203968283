"""The pages of `ops`."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gradcli.rendering import OPERATION_FORMATS, render_operations


def operation(name: str, **fields: Any) -> Any:
    """A row of the table of operations."""
    known = {
        "aliases": (),
        "params": ("x",),
        "defaults": {},
        "symbol": None,
        "derivative": {"x": ""},
        "domain": "",
        "corner": "",
        "doc": "",
        "share": {},
        "settings": (),
        "variadic": None,
    }
    return SimpleNamespace(name=name, **{**known, **fields})


OPERATIONS = [
    operation("tanh", derivative={"x": "1 / cosh(x)**2"}, doc="hyperbolic tangent"),
    operation("abs", aliases=("absolute",), derivative={"x": "sign(x)"}, corner="x = 0", doc="absolute value"),
    operation("mul", params=("a", "b"), symbol="*", derivative={"a": "b", "b": "a"}, doc="a times b"),
    operation("lt", params=("a", "b"), symbol="<", derivative={"a": "", "b": ""}, doc="whether a < b"),
]


def shown(rows: Any, form: str = "table", **options: Any) -> str:
    return render_operations(rows, form, **{"terminal": False, "width": 80, "color": False, **options})


def test_several_operations_are_a_table() -> None:
    assert shown(OPERATIONS) == (
        "operation  what it is          aliases   derivative      corner\n"
        "tanh(x)    hyperbolic tangent            1 / cosh(x)**2\n"
        "abs(x)     absolute value      absolute  sign(x)         x = 0\n"
        "mul(a, b)  a times b                     b, a\n"
        "lt(a, b)   whether a < b\n\n"
        "4 operations; gradcli ops NAME shows one\n"
    )


def test_one_operation_is_shown_in_detail() -> None:
    assert shown(OPERATIONS[2:3]) == (
        "mul(a, b)  a times b\n  symbol    *\n  ∂/∂a      b\n  ∂/∂b      a\n  domain    everywhere\n  corner    none\n"
    )
    assert "  ∂/∂a      none\n" in shown(OPERATIONS[3:])


def test_a_detail_has_the_defaults() -> None:
    row = operation("clip", params=("x", "min", "max"), defaults={"min": float("-inf"), "max": 1.0})
    assert "  defaults  min = -inf, max = 1\n" in shown([row])
    assert '"defaults": {"min": "-inf", "max": 1.0}' in shown([row], "json")


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_column_leaves_a_narrow_terminal(width: int) -> None:
    rows = [operation("logaddexp", aliases=("log_add_exp",), derivative={"x": "exp(x)/(exp(x) + 1)"}, domain="all real numbers",
                      corner="where both are equal", doc="log(exp(a) + exp(b)), accurate")]  # fmt: skip
    text = " ".join(shown([*rows, *OPERATIONS], terminal=True, width=width).replace("│", " ").split())
    for word in ("logaddexp(x)", "log_add_exp", "exp(x)/", "real", "both", "accurate"):
        assert word in text
    assert "left out" not in text


def test_plain_has_name_call_and_derivatives() -> None:
    assert shown(OPERATIONS[1:], "plain") == "abs\tabs(x)\tsign(x)\nmul\tmul(a, b)\tb, a\nlt\tlt(a, b)\t\n"


@pytest.mark.parametrize("form", OPERATION_FORMATS)
@pytest.mark.parametrize("width", [20, 40, 60, 120])
@pytest.mark.parametrize("count", [1, 4])
def test_ascii_and_width(form: str, width: int, count: int) -> None:
    text = shown(OPERATIONS[:count], form, terminal=True, width=width, ascii=True)
    assert text.isascii()
    assert text.endswith("\n")
    if form == "table" and width >= 40:
        assert max(map(len, text.splitlines())) <= width


def test_a_row_of_arrays_says_what_it_passes_on() -> None:
    row = operation(
        "cat", params=("arrays", "axis"), defaults={"axis": None}, variadic="arrays", share={"arrays": "the parts of g"}, derivative={}
    )
    assert "cat(*arrays, axis)\n" in shown([row])
    assert "  defaults  axis = None\n  to arrays  the parts of g\n" in shown([row])
    assert '"share": {"arrays": "the parts of g"}' in shown([row], "json")
