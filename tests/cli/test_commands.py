"""What each command asks of the library and of the renderers, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Call = Callable[..., Any]


def test_grad_passes_on_what_it_is_given(call: Call, library: Any) -> None:
    words = "(x+w)*y|x=3|--at|w=1|--at|y=2|--wrt|w, x|--wrt|W[0,1]|--freeze|y|--of|a,b|--grad-output|1|--grad-output|2|--order|3|--leaves"
    ended = call("grad", *words.split("|"))
    assert (ended.code, ended.out, ended.err) == (0, "answer\n", "")
    assert library.arguments("grad") == ("(x+w)*y", "w=1,y=2,x=3")
    assert library.options("grad") == {
        "wrt": ["w", "x", "W[0,1]"],
        "freeze": ["y"],
        "of": ["a", "b"],
        "grad_output": "1,2",
        "order": 3,
        "leaves": True,
    }


def test_grad_leaves_out_what_it_is_not_given(call: Call, library: Any) -> None:
    call("grad", "x")
    assert library.arguments("grad") == ("x", None)
    assert library.options("grad") == {"wrt": None, "freeze": [], "of": None, "grad_output": None, "order": None, "leaves": False}
    assert library.options("render_gradient") == {
        "terminal": False,
        "width": library.options("render_gradient")["width"],
        "color": False,
        "all_nodes": False,
        "get": [],
        "value_only": False,
    }


def test_grad_asks_for_the_part_that_is_wanted(call: Call, library: Any) -> None:
    call("grad", "x", "--get", "w,x", "--get", "y", "--value", "--all-nodes", "--format", "tree")
    assert library.arguments("render_gradient")[1] == "tree"
    assert library.options("render_gradient")["get"] == ["w", "x", "y"]
    assert library.options("render_gradient")["value_only"] is True
    assert library.options("render_gradient")["all_nodes"] is True


def test_warnings_go_to_standard_error(call: Call, library: Any) -> None:
    library.warnings = ["x is large"]
    ended = call("grad", "x", "--json")
    assert (ended.out, ended.err) == ("answer\n", "warning: x is large\n")


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.json", "json"), ("a.JSONL", "jsonl"), ("a.csv", "csv"), ("a.tsv", "plain"), ("a.txt", "table"), ("a.b.json", "json")],
)
def test_the_name_of_the_file_chooses_the_format(call: Call, library: Any, tmp_path: Path, name: str, form: str) -> None:
    library.answer = "∂ π\n"
    ended = call("grad", "x", "-o", str(tmp_path / name))
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (tmp_path / name).read_bytes() == "∂ π\n".encode()
    assert library.arguments("render_gradient")[1] == form


def test_a_given_format_counts_more_than_the_name_of_the_file(call: Call, library: Any, tmp_path: Path) -> None:
    call("grad", "x", "-o", str(tmp_path / "a.dat"), "--format", "csv")
    assert library.arguments("render_gradient")[1] == "csv"


def test_a_file_gets_no_colour(call: Call, library: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    call("grad", "x", "-o", str(tmp_path / "a.txt"))
    assert library.options("render_gradient")["color"] is False


def test_colour_can_be_forced_but_boxes_can_not(call: Call, library: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "77")
    call("grad", "x")
    assert {name: library.options("render_gradient")[name] for name in ("terminal", "width", "color")} == {
        "terminal": False,
        "width": 77,
        "color": True,
    }


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["grad", "x", "--format", "xml"], "no format 'xml'"),
        (["grad", "x", "--format", "csv", "--json"], "contradict"),
        (["grad", "x", "-o", "answer.dat"], "no format belongs"),
        (["grad", "x", "-o", "json"], "no format belongs"),
        (["grad", "x", "-o", "no/such/folder.json"], "can't write 'no/such/folder.json'"),
        (["check", "x", "-o", "a.csv"], "no format 'csv'"),
        (["ops", "--format", "csv"], "no format 'csv'"),
        (["ops", "sin", "cos"], "one operation at a time"),
        (["grad", "x", "--order", "0"], "whole number from 1"),
        (["grad", "x", "--order", "2.5"], "whole number from 1"),
        (["grad", "x", "--order", "²"], "whole number from 1"),
        (["grad", "x", "--order", "9" * 5000], "whole number from 1"),
        (["check", "x", "--samples", "-1"], "whole number from 1"),
        (["check", "x", "--max-digits-lost", "many"], "takes a number"),
        (["check", "x", "--require-resolution", "nan"], "takes a number"),
        (["grad", "x", "--wrt", "w,,x"], "empty name"),
        (["grad"], "no program"),
        (["check", "x", "-k", "a"], "option '-k' is for suites"),
        (["check", "x", "--list"], "option '--list' is for suites"),
        (["check", ".", "--at", "x=1"], "option '--at' is for a program"),
        (["check", "--expect", "2x"], "option '--expect' is for a program"),
        (["check", "--max-digits-lost", "3"], "option '--max-digits-lost' is for a program"),
        (["check", ".", "--list", "--json"], "option '--json' has no meaning beside --list"),
    ],
)
def test_what_makes_no_sense_is_refused(call: Call, words: list[str], message: str) -> None:
    ended = call(*words)
    assert (ended.code, ended.err.count("\nhint: ")) == (2, 1)
    assert message in ended.err


def test_check_passes_on_what_it_is_given(call: Call, library: Any) -> None:
    words = "x^2|x=3|--expect|2x|--expect|w=1|--samples|5|--max-digits-lost|4|--require-resolution|1e-6|--wrt|x|--failed-only|--json"
    ended = call("check", *words.split("|"))
    assert ended.code == 0
    assert library.arguments("check") == ("x^2", "x=3")
    assert library.options("check") == {
        "expect": "2x,w=1",
        "wrt": ["x"],
        "freeze": [],
        "of": None,
        "grad_output": None,
        "samples": 5,
        "max_digits_lost": 4.0,
        "require_resolution": 1e-6,
        "formula": False,
        "id": None,
    }
    assert library.options("render_report")["failed_only"] is True


@pytest.mark.parametrize(("words", "formula"), [([], True), (["--json"], False), (["--json", "--formula"], True)])
def test_a_table_of_one_program_shows_the_formula(call: Call, library: Any, words: list[str], formula: bool) -> None:
    call("check", "x^2", *words)
    assert library.options("check")["formula"] is formula


def test_a_program_of_a_file_is_called_by_its_name(call: Call, library: Any, tmp_path: Path) -> None:
    (tmp_path / "p.grad").write_text("x^2")
    call("check", str(tmp_path / "p.grad"))
    assert library.arguments("check")[0] == "x^2"
    assert library.options("check")["id"] == str(tmp_path / "p.grad")


@pytest.mark.parametrize(("words", "places"), [([], ["."]), (["."], ["."]), (["a.toml", "b/"], ["a.toml", "b/"])])
def test_check_without_a_program_runs_suites(call: Call, library: Any, words: list[str], places: list[str]) -> None:
    library.exit_code = 1
    ended = call("check", *words, "-k", "loss", "--exitfirst")
    assert (ended.code, ended.out, ended.err) == (1, "answer\n", "")
    assert library.arguments("check_suites") == (places,)
    assert library.options("check_suites")["keyword"] == "loss"
    assert library.options("check_suites")["exitfirst"] is True


def test_the_list_of_checks_is_printed(call: Call, library: Any) -> None:
    ended = call("check", ".", "--list", "-k", "a")
    assert (ended.code, ended.out) == (0, "a.grad.toml::one\na.grad.toml::two\n")
    assert library.arguments("list_checks") == (["."], "a")


@pytest.mark.parametrize("words", [[], ["--list"], ["-k", "zzz"], [".", "--list", "-k", "zzz"]])
def test_nothing_to_check_is_an_error(call: Call, library: Any, words: list[str]) -> None:
    library.ids = ()
    ended = call("check", *words)
    assert (ended.code, ended.out) == (2, "")
    assert "nothing to check" in ended.err


@pytest.mark.parametrize(("words", "name"), [([], None), (["tanh"], "tanh")])
def test_ops_asks_for_all_or_for_one(call: Call, library: Any, words: list[str], name: str | None) -> None:
    ended = call("ops", *words, "--json")
    assert (ended.code, ended.out) == (0, "answer\n")
    assert library.arguments("ops") == (name,)
    assert library.arguments("render_operations")[1] == "json"
