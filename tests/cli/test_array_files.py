"""Answers as NumPy's files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.cases.session import called

POINT = ("grad", "sum(W @ x)", "--at", "W=[[1,2],[3,4]],x=[1,1]")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of every test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--get", "W"), [[1, 1], [1, 1]]),
        (("--get", "x"), [4, 6]),
        (("--get", "x[1]"), 6.0),
        (("--value",), 10.0),
        (("--wrt", "x"), [4, 6]),
    ],
)
def test_an_npy_file_holds_what_is_asked_for(words: tuple[str, ...], wanted: Any) -> None:
    assert called([*POINT, *words, "-o", "a.npy"], {}).code == 0
    found = np.load("a.npy")
    assert found.dtype == np.float64
    assert np.array_equal(found, wanted)
    assert found.shape == np.shape(wanted)


def test_an_npz_file_holds_everything_under_the_names_of_csv() -> None:
    assert called([*POINT, "-o", "a.npz"], {}).code == 0
    found = np.load("a.npz")
    assert sorted(found) == ["W", "grad_W", "grad_x", "value", "x"]
    assert np.array_equal(found["W"], [[1, 2], [3, 4]])
    assert np.array_equal(found["grad_x"], [4, 6])


def test_names_that_numpy_would_take_for_its_own_are_names() -> None:
    assert called(["grad", "file*args", "file=2", "args=3", "-o", "a.npz"], {}).code == 0
    assert float(np.load("a.npz")["file"]) == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("-o", "a.npy"), "a .npy file holds one array, and there are 2: grad_W, grad_x\nhint: -o a.npz"),
        (("-o", "a.npy", "--json"), "'a.npy' is a file of arrays, and --json is text"),
        (("-o", "a.npz", "--format", "csv"), "'a.npz' is a file of arrays, and --format csv is text"),
        (("-o", "none/a.npz"), "can't write 'none/a.npz'"),
        (("--get", "y", "-o", "a.npz"), "no gradient of 'y'"),
    ],
)
def test_what_can_not_be_written_is_refused(here: Path, words: tuple[str, ...], message: str) -> None:
    ended = called([*POINT, *words], {})
    assert ended.code == 2
    assert message in ended.err
    assert not list(here.iterdir())


def test_what_is_not_finite_is_written_and_said() -> None:
    ended = called(["grad", "sqrt(x)", "x=[0, 1]", "--sum", "-o", "a.npy"], {})
    assert (ended.code, ended.out, ended.err[:8]) == (3, "", "warning:")
    assert np.load("a.npy").tolist() == [np.inf, 0.5]


def test_an_answer_is_the_next_point() -> None:
    called([*POINT, "-o", "a.npz"], {})
    assert called(["grad", "sum(x*x)", "x=@a.npz:grad_x", "--get", "x"], {}).out == "8\n12\n"
