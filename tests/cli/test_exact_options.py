"""Option words are exact and never combine; whatever else starts with a minus is a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import typer.main

from gradcli.cli.app import COMMANDS, application
from gradcli.errors import UsageError


def parsed(command: str, *words: str) -> dict[str, Any]:
    """The parameters that a command reads from some words."""
    group: Any = typer.main.get_command(application([command]))
    found = group.commands[command]
    return {name: value for name, value in found.make_context(command, list(words)).params.items() if value}


PROGRAMS = ["-x", "-2x", "-k*x", "-exp(-x)", "-", "-kx", "-o1", "-oFILE", "-hx", "-1", "-json", "−x", "-x=3", "-x -y"]


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("command", ["grad", "check"])
def test_a_word_that_starts_with_one_minus_is_positional(command: str, program: str) -> None:
    assert [*parsed(command, program, "--at", "x=1", "x=3")["words"]] == [program, "x=3"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_options_before_and_after_a_program_are_found(program: str) -> None:
    found = parsed("check", "--json", "-k", "loss", program, "--exitfirst", "-o", "out.json")
    assert {name: value for name, value in found.items() if name != "words"} == {
        "json": True,
        "k": "loss",
        "exitfirst": True,
        "output": "out.json",
    }


@pytest.mark.parametrize("value", ["-x", "-", "-k", "-o", "-h", "--", "--x", "x=-1", "="])
def test_an_option_takes_the_next_word_whatever_it_starts_with(value: str) -> None:
    assert [*parsed("check", "x", "--expect", value)["expect"]] == [value]
    assert parsed("check", "x", "-k", value)["k"] == value


@pytest.mark.parametrize(
    ("word", "value"), [("--at=x=3", "x=3"), ("--at=-x", "-x"), ("--at=--json", "--json"), ("--at=a=b=c", "a=b=c"), ("--at=--", "--")]
)
def test_a_value_may_stand_behind_an_equals_sign(word: str, value: str) -> None:
    assert [*parsed("grad", "x", word)["at"]] == [value]


def test_repeated_values_keep_their_order() -> None:
    assert [*parsed("grad", "--at", "x=1", "x", "--at=x=2", "--at", "x=3")["at"]] == ["x=1", "x=2", "x=3"]


@pytest.mark.parametrize("word", ["--json", "-h", "--at", "-o", "--nonsense", "--", "-x"])
def test_behind_two_minus_signs_everything_is_positional(word: str) -> None:
    assert [*parsed("grad", "--leaves", "--", word, "x=1")["words"]] == [word, "x=1"]


def test_nothing_given_is_nothing_found() -> None:
    assert parsed("grad") == {}


def refusal(*words: str) -> UsageError:
    """The error that some words cause."""
    with pytest.raises(UsageError) as caught:
        parsed(*words)
    return caught.value


@pytest.mark.parametrize(
    ("word", "near"), [("--formt", "--format"), ("--form", "--format"), ("--grad_output", "--grad-output"), ("--jsn", "--json")]
)
def test_an_unknown_option_offers_the_nearest(word: str, near: str) -> None:
    error = refusal("grad", "x", word)
    assert error.message == f"there is no option '{word}'"
    assert error.hint == f"did you mean {near}?"


def test_the_start_of_an_option_is_not_the_option() -> None:
    assert refusal("check", "x", "--max", "3").hint == "did you mean --max-digits-lost?"


@pytest.mark.parametrize("command", ["grad", "check"])
@pytest.mark.parametrize("word", ["--no-json", "--no-leaves", "--no-list", "--no-value", "--no-formula"])
def test_no_option_has_a_negative_twin(command: str, word: str) -> None:
    assert "there is no option" in refusal(command, "x", word).message


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("--retain-grad", "every node"),
        ("--retain_grad", "every node"),
        ("--requires-grad", "--freeze NAME"),
        ("--requires_grad=False", "--freeze NAME"),
        ("--backward", "backward pass"),
        ("--create-graph", "--order 2"),
        ("--retain-graph", "--order 2"),
        ("--no-grad", "detach("),
        ("--rtol=1e-5", "error bounds"),
        ("--atol", "error bounds"),
        ("--expr", "first word"),
        ("--x=3", "--at x=3"),
        ("--w", "--at w="),
        ("--learning=0.1", "--at learning=0.1"),
        ("--learning", "--help lists"),
        ("--2x", "follow a lone --"),
    ],
)
def test_what_people_try_gets_its_own_hint(word: str, hint: str) -> None:
    assert hint in str(refusal("grad", "x^2", word).hint)


@pytest.mark.parametrize("word", ["–json", "—at", "—at=x=3", "−−json"])
def test_a_typographic_dash_before_an_option_is_explained(word: str) -> None:
    assert "two minus signs" in str(refusal("grad", "x", word).hint)


@pytest.mark.parametrize("words", [["--at"], ["--at", ""], ["--at="], ["x", "-o"], ["--at", "--json"], ["--at", "--wrt=x"]])
def test_a_missing_value_is_said(words: list[str]) -> None:
    error = refusal("grad", *words)
    assert "has no value" in error.message
    assert str(error.hint).split()[0] in words[-1] + words[0] + "--at -o"


def test_a_flag_takes_no_value() -> None:
    assert refusal("grad", "x", "--json=yes").message == "option '--json' takes no value"


@pytest.mark.parametrize(
    "words", [["--order", "1", "--order", "2"], ["-o", "a.json", "--output", "b.json"], ["--format=json", "--format", "csv"]]
)
def test_an_option_with_one_value_can_not_be_given_twice(words: list[str]) -> None:
    assert "twice" in refusal("grad", "x", *words).message


@pytest.mark.parametrize("command", COMMANDS)
def test_short_options_are_h_k_o_and_no_other(command: str) -> None:
    group: Any = typer.main.get_command(application([command]))
    ctx = group.commands[command].make_context(command, [], resilient_parsing=True)
    short = {word for param in ctx.command.get_params(ctx) for word in param.opts if word.startswith("-") and not word.startswith("--")}
    assert short <= {"-h", "-k", "-o"}
    assert not [word for param in ctx.command.get_params(ctx) for word in param.secondary_opts]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_is_asked_for_in_two_ways(call: Callable[..., Any], command: str, word: str) -> None:
    ended = call(command, word)
    assert (ended.code, ended.err) == (0, "")
    assert f"\n    gradcli {command}" in ended.out
