"""Every failure ends with its exit code, its lines on stderr, and for programs an object on stdout."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import typer

from gradcli.cli.failures import wants_json
from gradcli.errors import UsageError

Call = Callable[..., Any]
Fault = Callable[[BaseException], None]


def test_an_error_is_shown_with_its_place_and_its_cure(call: Call) -> None:
    ended = call("grad", "(x+w)*(w+1)")
    assert (ended.code, ended.out) == (2, "")
    lines = ["error: no value for 'x', 'w'", "  (x+w)*(w+1)", "   ^ ^", 'hint: gradcli grad "(x+w)*(w+1)" --at x=1.0,w=1.0']
    assert ended.err.splitlines() == lines


@pytest.mark.parametrize("words", [["--json"], ["--format", "json"], ["--format=jsonl"], ["--format", "jsonl"]])
def test_json_formats_get_an_error_object(call: Call, words: list[str]) -> None:
    ended = call("grad", "a = x\na + y", "x=1", *words)
    assert (ended.code, ended.err.splitlines()[0]) == (2, "error: no value for 'y'")
    assert ended.out.count("\n") == 1
    assert json.loads(ended.out) == {
        "schema": "gradcli/error/1",
        "kind": "missing-value",
        "message": "no value for 'y'",
        "line": 2,
        "column": 5,
        "hint": "add --at y=1.0",
    }


def test_words_that_can_not_be_understood_get_an_error_object_too(call: Call) -> None:
    ended = call("grad", "x", "--json", "--nonsense")
    assert json.loads(ended.out)["kind"] == "usage"
    assert json.loads(ended.out)["line"] is None


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["grad", "x", "--json"], True),
        (["grad", "x", "--format", "table"], False),
        (["grad", "--", "--json"], False),
        (["grad", "x", "--format"], False),
        (["json"], False),
    ],
)
def test_the_wish_for_json_is_read_from_the_words(words: list[str], wanted: bool) -> None:
    assert wants_json(words) is wanted


@pytest.mark.parametrize("form", ["table", "plain", "csv", "tree", "list"])
def test_text_formats_get_no_error_object(call: Call, form: str) -> None:
    assert call("grad", "x", "--format", form).out == ""


@pytest.mark.parametrize("problem", [RecursionError("deep"), MemoryError(), KeyError("x"), ZeroDivisionError("0")])
def test_our_own_faults_say_so(call: Call, fault: Fault, problem: Exception) -> None:
    fault(problem)
    ended = call("grad", "x", "--json")
    assert ended.code == 2
    assert "Traceback (most recent call last)" in ended.err
    assert f"internal error: {type(problem).__name__}" in ended.err
    assert "this is a fault of gradcli, please report it" in ended.err
    assert json.loads(ended.out)["kind"] == "internal"


def test_an_interrupt_is_quiet(call: Call, fault: Fault) -> None:
    fault(KeyboardInterrupt())
    ended = call("grad", "x")
    assert (ended.code, ended.out, ended.err) == (130, "", "")


def test_a_closed_pipe_is_quiet(call: Call, fault: Fault) -> None:
    fault(BrokenPipeError(32, "Broken pipe"))
    ended = call("grad", "x")
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_an_error_of_typer_looks_like_ours(call: Call, fault: Fault) -> None:
    fault(typer.BadParameter("not so"))
    ended = call("grad", "x")
    assert ended.code == 2
    assert ended.err == "error: Invalid value: not so\nhint: gradcli --help\n"


@pytest.mark.parametrize(("environment", "colored"), [({"NO_COLOR": "", "FORCE_COLOR": "1"}, True), ({"NO_COLOR": "1"}, False)])
def test_the_environment_decides_about_colour(call: Call, environment: dict[str, str], colored: bool) -> None:
    ended = call("grad", "x", **environment)
    assert ended.err.startswith("\x1b[1;31merror:\x1b[0m no value" if colored else "error: no value")


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["x^2", "x=3"], "a command is missing", 'gradcli grad "x^2" x=3'),
        (["(x+w)*(w+1)", "--at", "w=1,x=2"], "a command is missing", 'gradcli grad "(x+w)*(w+1)" --at w=1,x=2'),
        (["-x", "x=3"], "a command is missing", 'gradcli grad "-x" x=3'),
        (["--json", "x^2"], "a command is missing", 'gradcli grad --json "x^2"'),
        (["y=x^2", "x=3"], "a command is missing", 'gradcli grad "y=x^2" x=3'),
        (["model.grad.toml"], "a command is missing", "gradcli check model.grad.toml"),
        (["x"], "there is no command 'x'", "gradcli grad x"),
        (["chek", "x^2", "x=3"], "there is no command 'chek'", 'gradcli check "x^2" x=3'),
        (["grads", "x"], "there is no command 'grads'", "gradcli grad x"),
        (["backward", "x"], "there is no command 'backward'", "gradcli grad PROGRAM"),
        (["gradcheck"], "there is no command 'gradcheck'", "gradcli check PROGRAM"),
        (["help"], "there is no command 'help'", "gradcli --help"),
        (["--versio"], "there is no option '--versio'", "did you mean --version?"),
    ],
)
def test_a_call_without_a_command_is_told_which(call: Call, words: list[str], message: str, hint: str) -> None:
    ended = call(*words)
    first, *_, last = ended.err.splitlines()
    assert ended.code == 2
    assert first.startswith(f"error: {message}")
    assert last == f"hint: {hint}"


def test_the_error_tree_carries_the_exit_code() -> None:
    assert UsageError("x").exit_code == 2
