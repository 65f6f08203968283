"""Points of a check: values and ranges of --over, what is drawn, what is refused."""

from __future__ import annotations

import math
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gradcli
from gradcli.checking.foreign import check_target
from gradcli.checking.points.drawing import asked, count_of, points
from gradcli.checking.points.ranges import Range, read
from gradcli.checking.points.sampling import Room
from gradcli.data import Place, joined
from tests.checking.targets import Given

finite = st.floats(allow_nan=False, allow_infinity=False)
seeds = st.integers(0, 2**32)


def ends(low: float, high: float) -> tuple[float, float]:
    """Two numbers in their order."""
    return min(low, high), max(low, high)


def ats(program: str, **options: Any) -> list[dict[str, Any]]:
    """The points of a check."""
    return [dict(check.at) for check in gradcli.check(program, **options)]


@given(finite, finite, seeds)
def test_a_number_that_is_drawn_lies_in_its_range(one: float, other: float, seed: int) -> None:
    low, high = ends(one, other)
    assert low <= Range(low, high).draw(random.Random(seed)) <= high


@given(finite.filter(bool), finite.filter(bool), st.sampled_from((1, -1)), seeds)
def test_a_logarithmic_range_has_one_sign(one: float, other: float, side: int, seed: int) -> None:
    low, high = ends(side * abs(one), side * abs(other))
    assert low <= Range(low, high, log=True).draw(random.Random(seed)) <= high


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), seeds)
def test_numbers_that_are_drawn_have_few_digits(low: float, width: float, seed: int) -> None:
    drawn = Range(low, low + width).draw(random.Random(seed))
    needed = max(3, math.ceil(math.log10(max(abs(low), abs(low + width), width) / width)) + 4)
    assert float(f"{drawn:.{needed}g}") == drawn


def test_a_logarithmic_range_reaches_all_sizes() -> None:
    chance = random.Random(1)
    sizes = {math.floor(math.log10(Range(1e-6, 1e6, log=True).draw(chance))) for _ in range(500)}
    assert sizes >= set(range(-6, 6))


def test_narrow_ranges_have_different_numbers() -> None:
    chance = random.Random(1)
    assert len({Range(1e6, 1e6 + 1e-3).draw(chance) for _ in range(50)}) > 40


@pytest.mark.parametrize(
    ("text", "low", "high", "log"),
    [
        ("x=0.1:10", 0.1, 10, False),
        ("x = -pi : pi", -math.pi, math.pi, False),
        ("x=1e-6:1e6:log", 1e-6, 1e6, True),
        ("x=-3:-1e-3:LOG", -3, -1e-3, True),
        ("x=max(1,2):[4,5][0]", 2, 4, False),
    ],
)
def test_a_range_is_two_ends(text: str, low: float, high: float, log: bool) -> None:
    assert read(text) == ({}, {"x": Range(low, high, log)})


@pytest.mark.parametrize(
    ("over", "words", "cure"),
    [
        ("x=1:1", "has one number", "--at x=1"),
        ("x=3:1", "is reversed", "--over x=1:3"),
        ("x=3:1:log", "is reversed", "--over x=1:3:log"),
        ("x=0:1:log", "ends at 0", "--over x=1e-06:1:log"),
        ("x=-2:0:log", "ends at 0", "--over x=-2:-2e-06:log"),
        ("x=-2:2:log", "has 0 inside", "x=2e-06:2:log"),
        ("x=0:inf", "ends at inf", "finite end"),
        ("x=nan:1", "ends at nan", "finite end"),
        ("x=0:1:11", "third part", "linspace(0,1,5)"),
        ("x=0:1:2:3", "third part", "linspace(0,1,5)"),
        ("x=:1", "has one end", "0.1:10"),
        ("x=[1,2]:3", "is an array", "one range"),
        ("x=0:y", "depends on 'y'", "constant expressions"),
        ("0:1", "no NAME=VALUE", "--over x=1.5"),
    ],
)
def test_what_is_no_range_is_refused_with_a_cure(over: str, words: str, cure: str) -> None:
    with pytest.raises(gradcli.PointError) as refused:
        gradcli.check("x**2", over=over)
    assert words in refused.value.message
    assert cure in (refused.value.hint or "")


def test_values_of_over_are_one_check_each() -> None:
    report = gradcli.check("w*x**2", "w=3", over="x=[0.5,1,2]", expect="x=2*w*x")
    assert [check.id for check in report] == ["w*x**2[1]", "w*x**2[2]", "w*x**2[3]"]
    assert [check.at for check in report] == [{"w": 3.0, "x": x} for x in (0.5, 1.0, 2.0)]
    assert report.verdict == "agree"


def test_a_single_value_of_over_has_no_number() -> None:
    assert [check.id for check in gradcli.check("x**2", over={"x": [4]})] == ["x**2"]


def test_rows_of_a_matrix_are_vectors() -> None:
    report = gradcli.check("sum(v**2)", over={"v": [[1, 2], [3, 4]]})
    assert [list(map(float, check.at["v"])) for check in report] == [[1, 2], [3, 4]]


def test_points_are_drawn_again_the_same() -> None:
    options = {"over": "x=0.1:10,y=1e-6:1e6:log", "samples": 4}
    assert ats("x*log(y)", **options) == ats("x*log(y)", **options)
    assert len(ats("x*log(y)", **options)) == 4


def test_id_and_seed_change_what_is_drawn() -> None:
    drawn = [ats("x**2", over="x=0:1", **options) for options in ({}, {"seed": 1}, {"id": "other"})]
    assert len({str(points) for points in drawn}) == 3


def test_inputs_that_no_option_gives_are_drawn_too() -> None:
    for point in ats("x*log(y)", over="x=100:101"):
        assert 100 <= point["x"] <= 101
        assert point["y"] > 0


def test_values_and_ranges_go_together() -> None:
    found = ats("w*x*y", over="w=[1,2],x=5:6", at="y=7", samples=2)
    assert [point["w"] for point in found] == [1, 1, 2, 2]
    assert all(5 <= point["x"] <= 6 and point["y"] == 7 for point in found)
    assert len({point["x"] for point in found}) == 4


def test_a_range_fills_the_shape_that_an_array_has() -> None:
    for point in ats("sum(W@x)", at={"W": np.zeros((2, 3)), "x": [1, 2, 3]}, over="W=-1:1"):
        assert point["W"].shape == (2, 3)
        assert np.all(abs(point["W"]) <= 1)
        assert len(set(point["W"].flat)) == 6


def test_a_range_for_a_number_that_is_given_is_refused() -> None:
    with pytest.raises(gradcli.UsageError, match="in --at and in --over"):
        gradcli.check("x**2", "x=1", over="x=0:2")


def test_only_points_of_the_domain_are_drawn_and_the_others_are_counted() -> None:
    report = gradcli.check("log(x)", over="x=-1:1")
    assert all(check.at["x"] > 0 for check in report)
    assert "more lie outside the domain" in report.checks[0].notes[0]


def test_a_range_outside_the_domain_is_an_error() -> None:
    with pytest.raises(gradcli.PointError, match="no point") as refused:
        gradcli.check("log(x)", over="x=-2:-1")
    assert "another range" in (refused.value.hint or "")


def test_arrays_of_unknown_shape_are_refused_with_a_cure() -> None:
    with pytest.raises(gradcli.GradcliError) as refused:
        gradcli.check("sum(W@x)", at="x=[1,2]", over="W=0:1")
    assert '--at "W=zeros(3)" --over "W=-1:1"' in (refused.value.hint or "")


def test_points_that_are_given_are_checked_wherever_they_lie() -> None:
    assert [check.verdict for check in gradcli.check("log(x)", over="x=[1,-1]")] == ["agree", "undefined"]


@pytest.mark.parametrize("options", [{"over": "x=[1,2,3]"}, {"over": "x=0:1"}, {"over": "x=[1,2],w=0:1", "samples": 3}, {"samples": 2}])
def test_points_are_counted_before_they_are_drawn(options: dict[str, Any]) -> None:
    program = "x*w" if "w" in str(options) else "x**2"
    names = list(gradcli.parse(program).inputs)
    count = count_of(asked(None, options.get("over"), options.get("samples")), names, {})
    assert count == len(gradcli.check(program, **options).checks)


def test_points_need_no_program() -> None:
    seen: list[dict[str, float]] = []

    def usable(at: Any) -> bool:
        seen.append(dict(at))
        return bool(at["b"] < 0)

    found, notes = points(asked("a=1", "b=-1:1", 3), Room(["a", "b", "c"], {"c": 4.0}), "f", usable)
    assert [list(point) for point in found] == [["a", "b", "c"]] * 3
    assert all(point["a"] == 1 and point["c"] == 4 and point["b"] < 0 for point in found)
    assert len(seen) > 3
    assert "3 points were drawn" in notes[0]


def logarithm(x: float, w: float) -> float:
    """A function that raises outside its domain, as Python's do."""
    if x <= 0:
        raise gradcli.TargetProblem("f raised ValueError: math domain error")
    return w * math.log(x)


def target(**options: Any) -> Given:
    """The logarithm with its gradient, which is wrong beyond 5."""
    return Given(logarithm, lambda x, w: {"x": w / x if x < 5 else -w / x, "w": math.log(x)}, **options)


def test_points_of_targets_are_drawn_where_they_have_a_value() -> None:
    report = check_target(target(inputs=("x", "w")), over="x=-1:10", samples=8)
    assert len(report.checks) == 8
    assert {check.at["x"] > 5 for check in report} == {True, False}
    for check in report:
        assert check.at["x"] > 0
        assert check.verdict == ("disagree" if check.at["x"] > 5 else "agree")
        assert "8 points were drawn" in check.notes[0]


def test_a_target_that_names_no_inputs_has_those_that_are_given() -> None:
    report = check_target(target(), "w=2", over="x=[1,2]")
    assert [dict(check.at) for check in report] == [{"w": 2, "x": 1}, {"w": 2, "x": 2}]


def test_where_a_target_fails_the_other_points_go_on() -> None:
    report = check_target(target(), "w=2", over="x=[1,-1,2]")
    assert [check.verdict for check in report] == ["agree", "error", "agree"]
    assert "math domain error" in report.checks[1].error


def test_a_range_where_a_target_always_fails_says_what_it_says() -> None:
    with pytest.raises(gradcli.PointError, match=r"no point was found.*math domain error"):
        check_target(target(), "w=2", over="x=-2:-1")


def test_a_name_that_a_target_does_not_know_is_refused() -> None:
    with pytest.raises(gradcli.PointError, match="no input 'z'"):
        check_target(target(inputs=("x", "w")), over="z=1:2")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("v=linspace(0,1,40)", '--at "v=linspace(0,1,40)"'),
        ("v=randn(300)", '--at "v=randn(300)"'),
        ("v=zeros(2000)", '--at "v=zeros(2000)"'),
        ("v=ones(2)", '--at "v=[1.0,1.0]"'),
        ({"v": "linspace(0,1,40)"}, '--at "v=linspace(0,1,40)"'),
    ],
)
def test_a_command_says_what_the_user_typed_where_that_is_shorter(at: Any, said: str) -> None:
    assert said in gradcli.check("sum(v**2)", at).checks[0].reproduce


def test_a_command_names_the_files_that_a_point_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(tmp_path / "v.npy", np.linspace(0, 1, 30))
    np.savez(tmp_path / "all.npz", v=np.linspace(0, 1, 30))
    monkeypatch.chdir(tmp_path)
    for text, said in (("v=@v.npy", "--at v=@v.npy"), ("@all.npz", "--at v=@all.npz:v")):
        assert said in gradcli.check("sum(v**2)", joined([text], Place())).checks[0].reproduce


def test_a_simpler_point_is_written_in_numbers() -> None:
    report = gradcli.check("sum(v**2)*w", "v=linspace(0,1,30)", over="w=2:3", expect="w=3")
    assert '--at "v=linspace(0,1,30),w=2.0"' in next(note for note in report.checks[0].notes if "also wrong" in note)


def test_keys_of_suites_draw_and_search_as_options_do(tmp_path: Path) -> None:
    suite = tmp_path / "a.grad.toml"
    suite.write_text(
        '[[check]]\nname = "ranges"\nprogram = "w*log(x)"\nat = {w = 2}\nover = {x = "1e-3:1e3:log"}\nsamples = 3\n'
        '[[check]]\nname = "values"\nprogram = "x**2"\nover = "x=[1,2]"\n'
        '[[check]]\nname = "search"\nprogram = "abs(x)"\nat = {x = 1}\nsearch = true\n',
        "utf-8",
    )
    report = gradcli.check_suites([str(suite)])
    names = [check.id.partition("::")[2] for check in report]
    assert names == ["ranges[1]", "ranges[2]", "ranges[3]", "values[1]", "values[2]", "search", "search[search 1]"]
    assert [name.partition("::")[2] for name in gradcli.list_checks([str(suite)])] == names[:-1]
    assert all(1e-3 <= check.at["x"] <= 1e3 and check.at["w"] == 2 for check in report.checks[:3])
    assert report.exit_code == 0
    assert report.checks[-1].verdict == "kink"
    again = gradcli.check_suites([f"{suite}::search[search 1]"])
    assert [check.id.partition("::")[2] for check in again] == ["search", "search[search 1]"]
