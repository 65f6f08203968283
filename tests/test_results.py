"""Results are data: read-only, and the same after a way through pickle."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

import gradcli

PROGRAM = "y = (x + w)*(w + 1)\nz = y if y > 0 else -y\nz + 2"


def results() -> list[Any]:
    """An answer of each kind."""
    return [
        gradcli.grad(PROGRAM, "x=1,w=2", order=2),
        gradcli.check("x**2", "x=3", expect="2*x"),
        gradcli.jacobian(PROGRAM, "x=1,w=2"),
        gradcli.hessian(PROGRAM, "x=1,w=2"),
        gradcli.jvp(PROGRAM, "x=1,w=2", tangent="x=1"),
    ]


@pytest.mark.parametrize("result", results(), ids=lambda result: type(result).__name__)
def test_a_result_is_the_same_after_pickle_and_copy(result: Any) -> None:
    assert pickle.loads(pickle.dumps(result)) == result
    assert copy.deepcopy(result) == result


def test_results_of_different_programs_are_different() -> None:
    assert gradcli.grad("x*2", "x=3") != gradcli.grad("x * 2", "x=3")
    assert gradcli.grad("x*2", "x=3") == gradcli.grad("x*2", "x=3")


@pytest.mark.parametrize("name", ["program", "at", "exit_code", "new"])
@pytest.mark.parametrize("result", results(), ids=lambda result: type(result).__name__)
def test_a_field_of_a_result_can_not_be_set(result: Any, name: str) -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(result, name, 3)


@pytest.mark.parametrize("field", ["at", "gradient", "higher"])
def test_a_mapping_of_a_result_can_not_be_changed(field: str) -> None:
    mapping = getattr(results()[0], field)
    for change in (
        lambda: mapping.__setitem__("x", 1.0),
        lambda: mapping.__delitem__("x"),
        lambda: mapping.update(x=1.0),
        lambda: mapping.setdefault("y", 1.0),
        lambda: mapping.__ior__({"x": 1.0}),
        lambda: mapping.pop("x"),
        mapping.popitem,
        mapping.clear,
    ):
        with pytest.raises(TypeError, match="read-only"):
            change()
    assert {**mapping, "x": 0.0}["x"] == 0.0
