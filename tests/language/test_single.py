"""Runs in single precision: the numbers of float32, shown as float64."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcli import grad
from gradcli.errors import UsageError
from gradcli.language.single import single

NUMBERS = st.floats(-1e6, 1e6, width=32)


@given(NUMBERS, NUMBERS)
def test_arithmetic_is_that_of_float32(x: float, y: float) -> None:
    a, b = np.float32(x), np.float32(y)
    with np.errstate(all="ignore"):
        for text, value in (
            ("x+y", a + b),
            ("x-y", a - b),
            ("x*y", a * b),
            ("x/y", a / b if b else None),
            ("x*y+0.1", a * b + np.float32(0.1)),
        ):
            if value is not None:
                assert np.float32(grad(text, {"x": x, "y": y}, dtype="float32").value) == value
                assert np.array_equal(grad(text, {"x": [x], "y": y}, dtype="float32", sum=True).value, [float(value)])


def test_inputs_constants_and_gradients_are_rounded() -> None:
    result = grad("0.1*x", {"x": 0.1}, dtype="float32", order=2)
    tenth = float(np.float32(0.1))
    assert result.at == {"x": tenth}
    assert result.gradient == {"x": tenth}
    assert result.value == float(np.float32(tenth * tenth))
    assert result.higher == {"x": [tenth, 0.0]}


def test_every_node_is_a_number_of_float32() -> None:
    result = grad("s = 0\nfor i in range(3):\n  s = s + exp(x[i])/3\ns", {"x": [0.1, 0.2, 0.3]}, dtype="float32")
    nodes = [result.graph.node(i).value for i in range(len(result.graph))]
    for value in [*nodes, *(adjoint for adjoint in result.adjoints if adjoint is not None)]:
        assert np.array_equal(single(value), value)


def test_what_is_too_large_for_float32_is_infinite() -> None:
    result = grad("x*x", {"x": 1e30}, dtype="float32")
    assert (result.value, result.exit_code) == (np.inf, 3)
    assert grad("x*x", {"x": [1e30]}, dtype="float32", sum=True).value == np.inf


def test_double_precision_is_the_default() -> None:
    assert grad("0.1*x", {"x": 3}).value == grad("0.1*x", {"x": 3}, dtype="float64").value == 0.1 * 3


def test_another_dtype_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no dtype 'float16'") as caught:
        grad("x", {"x": 1}, dtype="float16")
    assert caught.value.hint == "--dtype float64"
