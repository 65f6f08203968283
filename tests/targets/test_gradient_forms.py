"""The forms in which people give a gradient: each is read as the same derivatives, and each that fits nothing is refused in words."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradcli.errors import TargetProblem
from gradcli.targets.python.answers import RETURN, Reader
from gradcli.targets.python.gradient_forms import Form, squeezed

Shapes = Mapping[str, tuple[int, ...]]

SCALAR: Shapes = {"value": ()}
MATRIX = np.arange(6.0).reshape(2, 3)
EXPECTED = "expected (2, 3): the axes of the output (2,), then those of the input (3,)"


def read(answer: Any, inputs: Shapes, outputs: Shapes = SCALAR, orders: Sequence[Sequence[str]] = ()) -> Mapping[tuple[str, str], Any]:
    """What a gradient says, as lists."""
    form = Form(Reader("g"), outputs, inputs, [list(inputs), *orders])
    return {key: value if isinstance(value, float) else value.tolist() for key, value in form.blocks(answer).items()}


def refused(answer: Any, inputs: Shapes, outputs: Shapes = SCALAR) -> tuple[str, str | None]:
    """The message and the cure of a gradient that is refused."""
    with pytest.raises(TargetProblem) as caught:
        read(answer, inputs, outputs)
    return caught.value.message, caught.value.hint


@pytest.mark.parametrize("answer", [2, 2.0, [2.0], (2.0,), np.array(2.0), np.array([2.0]), np.array([[2.0]]), {"x": 2.0}, {"x": [2.0]}])
def test_of_one_number_by_one_number(answer: Any) -> None:
    assert read(answer, {"x": ()}) == {("value", "x"): 2.0}


@pytest.mark.parametrize(
    "answer",
    [
        [1, 2, 3],
        (1, 2, 3),
        np.array([1, 2, 3]),
        np.array([[1, 2, 3]]),
        np.array([[1], [2], [3]]),
        {"v": [1, 2, 3]},
        (np.array([1, 2, 3]),),
        [[1, 2, 3]],
        {"value": {"v": [1, 2, 3]}},
    ],
)
def test_of_one_number_by_a_vector(answer: Any) -> None:
    assert read(answer, {"v": (3,)}) == {("value", "v"): [1.0, 2.0, 3.0]}


@pytest.mark.parametrize(
    "answer",
    [
        (1, [2, 3]),
        [1, [2, 3]],
        [1, np.array([2, 3])],
        {"x": 1, "v": [2, 3]},
        {"v": np.array([2, 3]), "x": np.array([1])},
        [1, 2, 3],
        np.array([1, 2, 3]),
        np.array([[1], [2], [3]]),
    ],
)
def test_of_one_number_by_several_inputs(answer: Any) -> None:
    assert read(answer, {"x": (), "v": (2,)}) == {("value", "x"): 1.0, ("value", "v"): [2.0, 3.0]}


@pytest.mark.parametrize("answer", [[[1, 2], [3, 4]], ([1, 2], [3, 4]), np.array([[1, 2], [3, 4]]), np.array([1, 2, 3, 4])])
def test_of_one_number_by_inputs_of_one_length(answer: Any) -> None:
    assert read(answer, {"v": (2,), "w": (2,)}) == {("value", "v"): [1.0, 2.0], ("value", "w"): [3.0, 4.0]}


@pytest.mark.parametrize("answer", [MATRIX, MATRIX.ravel(), MATRIX.tolist(), {"W": MATRIX}, (MATRIX,), MATRIX[None]])
def test_of_one_number_by_a_matrix(answer: Any) -> None:
    assert read(answer, {"W": (2, 3)}) == {("value", "W"): MATRIX.tolist()}


@pytest.mark.parametrize("answer", [MATRIX, MATRIX.tolist(), {"v": MATRIX}, (MATRIX,), tuple(MATRIX.tolist())])
def test_of_a_vector_by_a_vector_rows_are_outputs(answer: Any) -> None:
    assert read(answer, {"v": (3,)}, {"value": (2,)}) == {("value", "v"): MATRIX.tolist()}


@pytest.mark.parametrize(
    "answer",
    [{"x": [0, 3], "v": [[1, 2], [4, 5]]}, ([0, 3], [[1, 2], [4, 5]]), [[0, 3], np.array([[1, 2], [4, 5]])], MATRIX, MATRIX.tolist()],
)
def test_of_a_vector_by_several_inputs(answer: Any) -> None:
    found = read(answer, {"x": (), "v": (2,)}, {"value": (2,)})
    assert found == {("value", "x"): [0.0, 3.0], ("value", "v"): [[1.0, 2.0], [4.0, 5.0]]}


def test_of_a_matrix_by_a_matrix_also_flattened() -> None:
    block = np.arange(24.0).reshape(2, 3, 2, 2)
    for answer in (block, block.reshape(6, 4), {"W": block.reshape(6, 4)}):
        assert read(answer, {"W": (2, 2)}, {"value": (2, 3)}) == {("value", "W"): block.tolist()}


@pytest.mark.parametrize(
    "answer",
    [
        ((1, 2), (3, 4)),
        [[1, 2], [3, 4]],
        np.array([[1, 2], [3, 4]]),
        {"a": {"x": 1, "y": 2}, "b": {"x": 3, "y": 4}},
        ({"x": 1, "y": 2}, {"x": 3, "y": 4}),
        {"x": {"a": 1, "b": 3}, "y": {"a": 2, "b": 4}},
        {"x": (1, 3), "y": (2, 4)},
        {"a": (1, 2), "b": [3, 4]},
    ],
)
def test_of_several_outputs_by_several_inputs(answer: Any) -> None:
    found = read(answer, {"x": (), "y": ()}, {"a": (), "b": ()})
    assert found == {("a", "x"): 1.0, ("a", "y"): 2.0, ("b", "x"): 3.0, ("b", "y"): 4.0}


def test_of_outputs_of_several_shapes() -> None:
    found = read(({"v": [1, 2]}, MATRIX[:, :2]), {"v": (2,)}, {"a": (), "b": (2,)})
    assert found == {("a", "v"): [1.0, 2.0], ("b", "v"): [[0.0, 1.0], [3.0, 4.0]]}


def test_what_is_none_or_left_out_is_not_claimed() -> None:
    inputs = {"x": (), "y": ()}
    assert read({"x": None, "y": 2}, inputs) == {("value", "y"): 2.0}
    assert read((None, 2), inputs) == {("value", "y"): 2.0}
    assert read([None, 2], inputs) == {("value", "y"): 2.0}
    assert read({"y": 2}, inputs) == {("value", "y"): 2.0}
    assert read({"b": {"x": 1}}, inputs, {"a": (), "b": ()}) == {("b", "x"): 1.0}


def test_one_array_of_the_first_inputs_shape_is_for_the_first_input() -> None:
    assert read(np.array([1, 2, 3]), {"w": (3,), "X": (2, 3), "y": (2,)}) == {("value", "w"): [1.0, 2.0, 3.0]}
    assert read(7.0, {"x": (), "y": ()}) == {("value", "x"): 7.0}


def test_a_tuple_may_be_for_fewer_inputs_where_it_is_known_which() -> None:
    assert read((1, 2), {"x": (), "eps": (), "y": ()}, orders=[["x", "y"]]) == {("value", "x"): 1.0, ("value", "y"): 2.0}


@pytest.mark.parametrize(
    ("answer", "message", "hint"),
    [
        (
            MATRIX.T,
            "has the shape (3, 2) for 'v': it is transposed",
            EXPECTED,
        ),
        (
            {"v": MATRIX.T},
            "has the shape (3, 2) for 'v': it is transposed",
            EXPECTED,
        ),
        (MATRIX[:, :2], "has the shape (2, 2) for 'v'", EXPECTED),
        (1.0, "has the shape () for 'v'", EXPECTED),
        ({"w": MATRIX}, "has an entry 'w', which is no input", "the inputs are: v"),
    ],
)
def test_a_wrong_shape_is_told_with_the_one_that_was_expected(answer: Any, message: str, hint: str) -> None:
    assert refused(answer, {"v": (3,)}, {"value": (2,)}) == (f"the gradient from g {message}", hint)


@pytest.mark.parametrize(
    ("answer", "message", "hint"),
    [
        (None, "g returned None", "is a return missing?"),
        ([1.0, 2.0, 3.0, 4.0], "the gradient from g has the shape (4,) for all inputs one behind the other",
         "expected (3,); or give a dict by input: weight, v"),
        ((1.0, 2.0, 3.0, 4.0), "the gradient from g has 4 parts", "one for each input: weight, v"),
        ({"weigth": 1.0}, "the gradient from g has an entry 'weigth', which is no input", "did you mean 'weight'?"),
        ({"weight": 1j}, "g returned as 'weight' a complex number, 1j", "derivatives of real functions are checked"),
        ("text", "g returned a text, 'text'", RETURN),
    ],
)  # fmt: skip
def test_a_gradient_of_no_known_form_is_refused(answer: Any, message: str, hint: str | None) -> None:
    assert refused(answer, {"weight": (), "v": (2,)}) == (message, hint)


def test_an_unknown_output_is_refused() -> None:
    outputs: Shapes = {"mean": (), "spread": ()}
    assert refused({"maen": 1, "spread": 2}, {"x": ()}, outputs) == (
        "the gradient from g has an entry 'maen', which is no output", "did you mean 'mean'?",
    )  # fmt: skip
    assert refused((1.0, 2.0, 3.0), {"x": ()}, outputs)[0] == "the gradient from g has 3 parts"
    assert refused(np.ones(3), {"x": ()}, outputs)[0] == "the gradient from g has the shape (3,)"


def test_every_form_is_a_copy_that_nobody_changes() -> None:
    given = np.array([1.0, 2.0])
    form = Form(Reader("g"), SCALAR, {"v": (2,)}, [["v"]])
    block = form.blocks(given)["value", "v"]
    given[0] = 5.0
    assert block.tolist() == [1.0, 2.0]  # type: ignore[union-attr]
    assert not block.flags.writeable  # type: ignore[union-attr]


SHAPES = st.lists(st.integers(0, 3), max_size=2).map(tuple)


@given(st.lists(SHAPES, min_size=1, max_size=3), SHAPES)
def test_a_dict_a_tuple_and_one_row_of_all_say_the_same(shapes: list[tuple[int, ...]], output: tuple[int, ...]) -> None:
    inputs = {f"x{i}": shape for i, shape in enumerate(shapes)}
    count = itertools.count(1)
    size = int(np.prod(output, dtype=int))
    blocks = {
        name: np.array([float(next(count)) for _ in range(size * int(np.prod(shape, dtype=int)))]).reshape(output + shape)
        for name, shape in inputs.items()
    }
    wanted = {("value", name): block.tolist() for name, block in blocks.items()}
    rows = np.concatenate([block.reshape(size, int(np.prod(inputs[name], dtype=int))) for name, block in blocks.items()], axis=1)
    outputs = {"value": output}
    assert read(blocks, inputs, outputs) == wanted
    assert read(tuple(blocks.values()), inputs, outputs) == wanted
    if len(inputs) > 1 and size and rows.size and squeezed(rows.shape) not in {squeezed(block.shape) for block in blocks.values()}:
        assert read(rows.reshape(*output, -1), inputs, outputs) == wanted
