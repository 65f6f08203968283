"""Failing points made simple: what is found, what stays as it is, and how often a check is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gradcli
from gradcli.checking.foreign import check_target
from gradcli.checking.points.shrinking import RUNS, shrunk, size
from gradcli.errors import TargetProblem
from gradcli.results import Report
from tests.checking.targets import Given

finite = st.floats(-1e9, 1e9)
arrays = st.lists(finite, min_size=1, max_size=40).map(np.array)


def simpler(report: Report) -> str:
    """The note about a simpler point; empty if there is none."""
    notes = [note for check in report for note in check.notes if note.startswith("also wrong at")]
    assert len(notes) < 2
    return notes[0] if notes else ""


@given(finite, finite, st.floats(-10, 10))
def test_the_simple_point_fails_too_and_is_no_less_simple(x: float, y: float, edge: float) -> None:
    def fails(at: Mapping[str, Any]) -> bool:
        return bool(at["x"] >= edge)

    at = {"x": x, "y": y}
    found = shrunk(at, fails)
    assert found == at or fails(found)
    assert size(found["x"]) <= size(x)
    assert size(found["y"]) <= size(y)


@given(arrays)
def test_elements_that_do_not_matter_become_zero(v: Any) -> None:
    found = shrunk({"v": v}, lambda at: at["v"][0] == v[0])["v"]
    assert found[0] == v[0]
    assert np.count_nonzero(found) <= max(1, np.count_nonzero(v) - min(v.size // 2, 1))


@given(arrays, finite)
def test_a_point_costs_a_limited_number_of_checks(v: Any, x: float) -> None:
    asked: list[Any] = []

    def fails(at: Mapping[str, Any]) -> bool:
        asked.append(at)
        return False

    shrunk({"v": v, "x": x}, fails)
    assert len(asked) <= RUNS
    assert len({(at["v"].tobytes(), at["x"]) for at in asked}) == len(asked)


def test_a_wrong_claim_is_wrong_at_a_simple_number() -> None:
    assert simpler(gradcli.check("x**3", expect="3*x")) == 'also wrong at x = 2: gradcli check "x**3" --at x=2.0 --expect "x=3*x"'


def test_a_simple_point_lies_in_the_ranges_and_keeps_what_is_given() -> None:
    said = simpler(gradcli.check("x**3*w", "w=0.123", over="x=4.2:7", expect="x=3*x*w"))
    assert said.startswith("also wrong at x = 7, w = 0.123: ")


def test_all_but_one_element_of_an_array_become_zero() -> None:
    said = simpler(gradcli.check("sum(x**2)*w", {"x": np.zeros((2, 2))}, over="x=-1:1", expect="x=2*x"))
    assert said.startswith("also wrong at x = [[0, 0], [0, 1]], w = ")


def test_a_point_that_the_user_gave_is_left_alone_unless_it_is_long() -> None:
    assert not simpler(gradcli.check("x**3", "x=1.2345", expect="3*x"))
    assert simpler(gradcli.check("sum(x**2)", {"x": np.linspace(0.12345678, 1.3456789, 5)}, expect="3*x"))


def test_what_is_wrong_alike_is_made_simple_once() -> None:
    report = gradcli.check("x**3", expect="3*x", samples=4)
    assert [any("also wrong" in note for note in check.notes) for check in report] == [True, False, False, False]


def test_a_declared_disagreement_is_no_failure_to_make_simple() -> None:
    assert not simpler(gradcli.check("x**3", expect="3*x", verdict="disagree"))


def test_a_claim_that_is_wrong_elsewhere_is_not_the_same_fault() -> None:
    said = simpler(gradcli.check("abs(x)", over="x=-3:-0.1", expect="1"))
    assert said.startswith("also wrong at x = -1: ")


@pytest.mark.parametrize(("above", "simple"), [(0.5, 1), (3.0, 10)])
def test_a_wrong_gradient_of_a_target_is_wrong_at_a_simple_number(above: float, simple: int) -> None:
    target = Given(lambda x: x**2, lambda x: {"x": 2 * x if x < above else 3 * x}, inputs=("x",))
    assert simpler(check_target(target, over=f"x={above}:10")).startswith(f"also wrong at x = {simple}")


def test_a_target_that_ends_while_its_point_is_made_simple_is_asked_nothing_more_and_that_is_said() -> None:
    """It ends beside 1, which is tried first in this range."""
    ended: list[float] = []

    def f(x: float) -> float:
        if 0 < abs(x - 1) < 1e-3:
            ended.append(x)
            raise TargetProblem("f ended", gone=True)
        return x**2

    first, second = check_target(Given(f, lambda x: {"x": 3 * x}, inputs=("x",)), over="x=1:10", samples=2)
    assert first.notes[-1] == "the search for a simpler point ended at x = 1: f ended"
    assert not any("simpler" in note for note in second.notes)
    assert len(ended) == 1
