"""A point is a float for every input, from a text or a mapping; everything else is refused with something to type."""

from __future__ import annotations

import math
import warnings
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.errors import MissingValue, PointError, UnknownName
from gradcli.language import parse
from gradcli.language.points import complete, constant, entries, node_register, pieces, point


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w=1,x=2", {"w": 1.0, "x": 2.0}),
        (" w = 1 ; x = 2 , ", {"w": 1.0, "x": 2.0}),
        ("x=max(1,2),y=2", {"x": 2.0, "y": 2.0}),
        ("x=pi/2", {"x": math.pi / 2}),
        ("x=-1e-3,y=.5,z=+2.", {"x": -1e-3, "y": 0.5, "z": 2.0}),
        ("x=1/0,y=-inf", {"x": math.inf, "y": -math.inf}),
        ("x=1 if 2 > 1 else 3", {"x": 1.0}),
        ("x=2==2", {"x": 1.0}),
        ("x=9**9**9**9", {"x": math.inf}),
        ("x=1,x=2,w=3", {"x": 2.0, "w": 3.0}),
        ("µ=1,x̄=2,β₀=3", {"μ": 1.0, "x̄": 2.0, "β0": 3.0}),
        ("", {}),
    ],
)
def test_a_point_is_names_and_constant_expressions(text: str, expected: dict[str, float]) -> None:
    assert point(text) == expected
    assert point(dict(entries(text))) == expected


def test_of_a_name_given_twice_the_last_value_counts_and_stands_last() -> None:
    assert list(point("x=1,w=2,x=3").items()) == [("w", 2.0), ("x", 3.0)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("x=[1,2]", [1.0, 2.0]),
        ("w=2,x=[1, pi/2,]", [1.0, math.pi / 2]),
        ("x=[[1,2],[3,-4]],w=2", [[1.0, 2.0], [3.0, -4.0]]),
        ("x=2*[1,2]", [2.0, 4.0]),
        ({"x": [1, 2]}, [1.0, 2.0]),
        ({"x": ((1, 2), (3, 4))}, [[1.0, 2.0], [3.0, 4.0]]),
        ({"x": np.array([1, 2], np.int32)}, [1.0, 2.0]),
        ({"x": np.array([[1.5]], np.float32)}, [[1.5]]),
        ({"x": [Fraction(1, 2), 2**70]}, [0.5, 2.0**70]),
    ],
    ids=str,
)
def test_lists_and_arrays_become_arrays_of_floats_that_nobody_changes(given: Any, expected: list[Any]) -> None:
    found = point(given)["x"]
    assert found.dtype == np.float64
    assert found.tolist() == expected
    assert not found.flags.writeable


def test_an_array_of_a_point_is_a_copy() -> None:
    mine = np.array([1.0, 2.0])
    found = point({"x": mine})["x"]
    mine[0] = 5.0
    assert found.tolist() == [1.0, 2.0]


def test_a_list_may_be_the_value_of_a_program_that_has_no_free_names() -> None:
    program = parse("x = [1, 2]; k = 3; y = k*x[0]; y")
    assert {name: np.asarray(value).tolist() for name, value in complete(program, None).items()} == {"x": [1.0, 2.0], "k": 3.0}


def test_nan_is_a_value() -> None:
    assert math.isnan(point("x=nan")["x"])


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("x=1,5", "'5' in --at is no NAME=VALUE (a decimal number has a point: x=1.5)", "write --at x=1.5,w=2"),
        ("x=", "'x' has no value", "write x=1.0"),
        ("=3", "'=3' in --at is no NAME=VALUE", "write --at x=1.5,w=2"),
        ("x==3", "'x==3' in --at is no NAME=VALUE", "write --at x=1.5,w=2"),
        ("x", "'x' in --at is no NAME=VALUE", "write --at x=1.5,w=2"),
        ("2=x", "'2=x' in --at is no NAME=VALUE", "write --at x=1.5,w=2"),
        ("x=1e400", "the value of 'x' is larger than the largest double, 1.8e308", "infinity is written x=inf"),
        ("x=2*w", "the value of 'x' depends on 'w'", "values are numbers or constant expressions, such as pi/2"),
        ("x=w", "the value of 'x' depends on 'w'", "values are numbers or constant expressions, such as pi/2"),
        ("x=(w=2)", "the value of 'x' can't be read: '=' assigns, and can't stand inside an expression", "compare with =="),
        ("x=2*", "the value of 'x' can't be read: the expression ends too early", "an operand is missing behind the last operator"),
        ("x=__import__('os')", "the value of 'x' can't be read: unknown function '__import__'", None),
        ("x=@", "the value of 'x' can't be read: '@' in a line of its own names the function whose gradient follows", None),
    ],
)  # fmt: skip
def test_a_malformed_point_is_refused(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(PointError) as caught:
        point(text)
    assert caught.value.message == message
    assert caught.value.hint == hint if hint else caught.value.hint


@pytest.mark.parametrize(
    ("value", "expected"),
    [(2, 2.0), (2.5, 2.5), (Fraction(1, 4), 0.25), (Decimal("0.1"), 0.1), (np.float32(0.5), 0.5),
     (np.int64(3), 3.0), (np.array(2.0), 2.0), ("pi", math.pi)],
    ids=repr,
)  # fmt: skip
def test_a_mapping_may_hold_any_kind_of_number(value: Any, expected: float) -> None:
    found = point({"x": value})["x"]
    assert found == expected
    assert type(found) is float


@pytest.mark.parametrize(
    "value",
    [True, np.True_, None, 1j, np.complex128(1), {"a": 1}, {1.0}, [1.0, [2.0]], [[1.0], [2.0, 3.0]], [1j], [True, False], ["a"], [None],
     np.array([True]), np.ones((2, 2), complex), np.array([1, "a"], object), [10**400], object(), 10**400, -(10**400), b"1", ""],
    ids=lambda value: repr(value)[:20],
)  # fmt: skip
def test_a_mapping_value_that_is_no_number_and_no_array_is_refused(value: Any) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(PointError) as caught:
            point({"x": value})
    assert "'x'" in caught.value.message
    assert caught.value.hint
    assert len(caught.value.message) < 200


@pytest.mark.parametrize("given", [{1: 2.0}, [1.0], 3.0, {"x": 1.0}.items()], ids=repr)
def test_what_is_no_point_at_all_is_refused(given: Any) -> None:
    with pytest.raises(PointError):
        point(given)


def test_an_unknown_name_offers_the_nearest_input() -> None:
    with pytest.raises(PointError, match="no input 'lambda'") as caught:
        complete(parse("lamda*x"), "lambda=1,x=2")
    assert caught.value.hint == "did you mean 'lamda'?"


def test_an_unlike_name_offers_the_list_of_inputs() -> None:
    with pytest.raises(PointError) as caught:
        complete(parse("w*x"), "temperature=1")
    assert caught.value.hint == "its inputs are: w, x"


def test_an_assigned_name_takes_no_value() -> None:
    with pytest.raises(PointError, match="'a' is assigned in the program"):
        complete(parse("a = x + 1; a*a"), "x=1,a=2")


def test_the_numbers_of_a_program_without_free_names_are_its_inputs_and_keep_their_values() -> None:
    program = parse("x = 2; w = -1.5; k = (3); x = 4; (x + w)*(w + k)")
    assert complete(program, None) == {"w": -1.5, "k": 3.0}
    with pytest.raises(PointError, match="'w' is assigned in the program"):
        complete(program, "w=2")


@pytest.mark.parametrize(
    ("text", "at", "names", "hint"),
    [
        ("(x+w)*(w+1)", "", ["x", "w"], 'gradcli grad "(x+w)*(w+1)" --at x=1.0,w=1.0'),
        ("(x+w)*(w+1)", "x=1", ["w"], "add --at w=1.0"),
        ("x*y + xy", "x=1,y=2", ["xy"], "names are not split: write x*y; or give xy a value"),
        ("xyz + x + y + z", "x=1", ["xyz", "y", "z"], "names are not split: write x*y*z; or give xyz a value"),
        ("xy", "x=1,y=2", ["xy"], "names are not split: write x*y; or give xy a value"),
        ("x*xy", "x=1,y=2", ["xy"], "names are not split: write x*y; or give xy a value"),
        ("lenght + length", "length=1", ["lenght"], "did you mean 'length'? Or add --at lenght=1.0"),
        ("w_10 + w_11", "w_10=1", ["w_11"], "add --at w_11=1.0"),
        ("e^x", "x=1", ["e"], "the exponential function is exp(x); or give e a value: --at e=2.718281828459045"),
        ("sin + x", "x=1", ["sin"], "add --at sin=1.0; the function is written sin(…)"),
        ('x + y # "', "x=1", ["y"], "add --at y=1.0"),
    ],
)
def test_all_missing_values_come_at_once_with_what_to_type(text: str, at: str, names: list[str], hint: str) -> None:
    with pytest.raises(MissingValue) as caught:
        complete(parse(text), at)
    assert caught.value.names == names
    assert caught.value.hint == hint
    assert [text[a:b] for a, b in caught.value.spans] == names


def test_a_suite_is_told_to_give_the_value_itself() -> None:
    with pytest.raises(MissingValue) as caught:
        complete(parse("x*y*z"), "x=1", "suite")
    assert caught.value.hint == "add at = {y = 1.0, z = 1.0} to the check"


def test_names_are_found_by_version_and_after_normalisation() -> None:
    program = parse("a = x + 1; a = a * 2; µ = a; a")
    assert [node_register(program, name, "--wrt") for name in ("x", "a@1", "a@2", "a", "μ", "µ")] == [0, 1, 2, 2, 2, 2]


@pytest.mark.parametrize("name", ["a@0", "a@3", "a@", "a@x", "a@-1", "a@" + "9" * 5000, "1", "2", "pi", "-1", ""])
def test_what_is_no_name_of_the_program_is_refused(name: str) -> None:
    with pytest.raises(UnknownName):
        node_register(parse("a = x + 1; a = a * 2 * pi + x⁻¹; a"), name, "--wrt")


def test_commas_inside_brackets_separate_nothing() -> None:
    assert list(pieces("a=max(1,2),b=[1,{2,3}],c=(4")) == ["a=max(1,2)", "b=[1,{2,3}]", "c=(4"]


def test_long_points_take_time_in_proportion_to_their_length() -> None:
    assert len(point(",".join(f"x{i}={i}" for i in range(20_000)))) == 20_000
    with pytest.raises(PointError):
        point("x" + " " * 1_000_000)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=15),
        st.lists(st.sampled_from(["x", "=", ",", "1", "(", ")", "[", ";", "/0", "-", "µ", " ", "\n", "**9"])).map("".join),
    )
)
def test_any_text_is_a_point_or_is_refused(text: str) -> None:
    found = point_or_error(text)
    if isinstance(found, PointError):
        assert found.hint
        assert "\n" not in found.message
    else:
        assert all(type(value) is float for value in found.values())


def point_or_error(text: str) -> dict[str, float] | PointError:
    """The point that a text means, or the error."""
    try:
        return point(text)
    except PointError as error:
        return error


def test_a_constant_is_a_float_whatever_the_expression_yields() -> None:
    assert type(constant("1 < 2", "x")) is float
    assert type(constant("(1 < 2) + (2 < 3)", "x")) is float
