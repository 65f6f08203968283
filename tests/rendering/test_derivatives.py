"""The answers of jacobian, hessian and jvp: labels of elements, whole tables, the published JSON, and files of arrays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gradcli.cli.array_files import write_arrays
from gradcli.errors import UsageError
from gradcli.rendering import derivative_arrays, render_derivatives
from gradcli.rendering.matrices import IN_TABLE
from gradcli.results import Computed, Hessian, Jacobian, Jvp, Output, Pushed
from tests.rendering.schema import faults

X = np.array([1.0, -0.1 - 0.2])


def jacobian(n: int = 2) -> Jacobian:
    """Of y, a vector of n elements, by a matrix and a number."""
    blocks = {("y", "W"): np.arange(4.0 * n).reshape(n, 2, 2), ("y", "b"): np.full(n, np.inf)}
    outputs, wrt = [Computed("y", 7, np.arange(float(n)))], {"W": (2, 2), "b": ()}
    return Jacobian("y = …", {"W": np.ones((2, 2)), "b": 1.0}, outputs, wrt, blocks, [("y", "b")], "reverse", "because")


def hessian(**fields: Any) -> Hessian:
    """By a vector and a number."""
    blocks = {("x", "x"): np.array([[1.0, 2.0], [2.0, 3.0]]), ("x", "w"): X, ("w", "x"): X, ("w", "w"): 7.0}
    gradient, outputs = {"x": X, "w": 5.0}, [Output(None, 4, 6.0, 1.0)]
    return Hessian("x", {"x": X, "w": 1.0}, outputs, {"x": (2,), "w": ()}, gradient, **({"blocks": blocks} | fields))


def product() -> Hessian:
    """The same with a direction."""
    return hessian(blocks={}, direction={"x": np.array([1.0, 0.0]), "w": 2.0}, product={"x": X, "w": np.nan})


def jvp() -> Jvp:
    """Of a vector and a number."""
    return Jvp("x", {"x": X}, {"x": X}, [Pushed("y", 3, X, 2 * X), Pushed("z", 4, 1.0, 0.0, True)], warnings=["careful"])


ALL = [jacobian(), hessian(), product(), jvp()]


def rendered(result: Any, form: str, width: int = 80, terminal: bool = False) -> str:
    return render_derivatives(result, form, terminal=terminal, width=width, color=False)


@pytest.mark.parametrize("result", ALL)
def test_the_json_is_as_published(result: Any) -> None:
    answer = json.loads(rendered(result, "json"), parse_constant=pytest.fail)
    assert faults(answer, type(result).__name__.lower()) == []
    assert faults({**answer, "warnings": [1]}, type(result).__name__.lower())


def test_csv_has_labels_for_rows_and_columns() -> None:
    assert rendered(jacobian(), "csv").splitlines() == [
        'output,"W[0,0]","W[0,1]","W[1,0]","W[1,1]",b', "y[0],0,1,2,3,inf", "y[1],4,5,6,7,inf",
    ]  # fmt: skip
    assert rendered(hessian(), "csv").splitlines() == [
        "input,x[0],x[1],w", "x[0],1,2,1", "x[1],2,3,-0.30000000000000004", "w,1,-0.30000000000000004,7",
    ]  # fmt: skip
    assert rendered(product(), "csv").splitlines()[:2] == ["input,gradient,direction,product", "x[0],1,1,1"]
    assert rendered(jvp(), "csv").splitlines() == [
        "output,value,tangent", "y[0],1,2", "y[1],-0.30000000000000004,-0.6000000000000001", "z,1,0",
    ]  # fmt: skip


def test_plain_has_a_line_for_every_entry() -> None:
    assert rendered(jacobian(), "plain").splitlines()[:2] == ["y[0]/W[0,0]\t0", "y[0]/W[0,1]\t1"]
    assert "x[1]/w\t-0.30000000000000004" in rendered(hessian(), "plain").splitlines()
    assert rendered(product(), "plain").splitlines() == ["x[0]\t1", "x[1]\t-0.30000000000000004", "w\tnan"]
    assert rendered(jvp(), "plain").splitlines()[2:] == [
        "value:z\t1", "tangent:y[0]\t2", "tangent:y[1]\t-0.6000000000000001", "tangent:z\t0",
    ]  # fmt: skip


@pytest.mark.parametrize(("terminal", "width"), [(False, 80), (True, 80), (True, 20)])
def test_numbers_of_a_table_are_whole_and_have_their_labels(terminal: bool, width: int) -> None:
    shown = rendered(hessian(), "table", width, terminal)
    for word in ("x[0]", "x[1]", "∂/∂w", "-0.30000000000000004", "gradient"):
        assert word in shown
    assert "W[1,1]" in rendered(jacobian(), "table", width, terminal)


def test_a_table_says_what_does_not_matter_and_how_it_was_computed() -> None:
    shown = rendered(jacobian(), "table").splitlines()
    assert {"because", "y does not depend on b"} <= set(shown)
    assert rendered(jvp(), "table").splitlines()[-1] == "warning  careful"


def test_a_large_table_is_summarised_and_says_how_to_see_all() -> None:
    shown = rendered(jacobian(IN_TABLE), "table")
    assert "∂y/∂W" in shown
    assert f"max {4 * IN_TABLE - 1}" in shown
    assert "--format csv" in shown
    assert len(shown) < 2000
    assert rendered(jacobian(IN_TABLE), "csv").count("\n") == IN_TABLE + 1


def test_without_inputs_there_is_nothing_to_show() -> None:
    empty = Jacobian("5", {}, [Computed(None, -1, 5.0)], {}, {}, [], "reverse", "because")
    assert rendered(empty, "plain") == ""
    assert rendered(empty, "csv") == "output\nvalue\n"
    assert "value" in rendered(empty, "table")


def test_arrays_are_named_and_written_whole(tmp_path: Path) -> None:
    file = str(tmp_path / "answer.npz")
    write_arrays(file, derivative_arrays(jacobian()))
    with np.load(file, allow_pickle=False) as archive:
        assert sorted(archive) == ["y/W", "y/b"]
        assert np.array_equal(archive["y/W"], jacobian().blocks["y", "W"])
    write_arrays(file, {"file": 3.0})
    with np.load(file) as archive:
        assert archive["file"].shape == ()
    write_arrays(str(tmp_path / "one.NPY"), {"w": X})
    assert np.array_equal(np.load(tmp_path / "one.NPY", allow_pickle=False), X)
    assert sorted(derivative_arrays(jvp())) == ["y", "z"]
    assert sorted(derivative_arrays(product())) == ["w", "x"]


def test_several_arrays_do_not_fit_into_one() -> None:
    with pytest.raises(UsageError, match="there are 2: y/W, y/b") as raised:
        write_arrays("answer.npy", derivative_arrays(jacobian()))
    assert raised.value.hint == "-o answer.npz holds all of them"
