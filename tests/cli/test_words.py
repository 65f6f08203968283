"""Which word is the program, which is a value, which is a path."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gradcli.cli.words import is_path, is_value, paths, program_and_values, quoted
from gradcli.errors import UsageError


@pytest.mark.parametrize("word", ["x=3", "x=-1", "β=2", "θ̂=1", "x₁=1", "β₀=2", "x = 3", "x=1,w=2", "x=", "x=[1,2]", "x=@file.npy"])
def test_a_name_with_a_value(word: str) -> None:
    assert is_value(word)


@pytest.mark.parametrize("word", ["x", "x==3", "=3", "2x=3", "x+y=3", "-x=3", "x.y=3", "=", ""])
def test_no_name_with_a_value(word: str) -> None:
    assert not is_value(word)


@pytest.mark.parametrize("program", ["x^2", "y=x^2", "x=2; x^2", "-x", "x==2", "@p.grad"])
def test_the_first_word_is_the_program(program: str) -> None:
    assert program_and_values("grad", [program, "x=3", "w=1"]) == (program, ["x=3", "w=1"])


@pytest.mark.parametrize(
    ("words", "at", "hint"),
    [
        (["x", "+", "w", "x=1"], [], 'gradcli grad "x + w" x=1'),
        (["sin", "x"], ["x=1"], 'gradcli grad "sin x" --at x=1'),
        (["y", "=", "x^2"], [], 'gradcli grad "y = x^2"'),
        (["x=2", "x^2"], [], 'gradcli grad "x^2" x=2'),
        (["x^2", "x==3"], [], 'gradcli grad "x^2 x==3"'),
        (["x^2", "-at", "x=3"], [], "options of several letters begin with --: --at"),
        (["x", "-oout.json"], [], "-o out.json"),
        (["x", "-kloss"], [], "-k loss"),
        (["x", "-vk"], [], "gradcli grad --help lists the options"),
        (["x^2", "x", "=", "1"], [], 'gradcli grad "x^2" x=1'),
        (["x^2", "x=", "1"], [], 'gradcli grad "x^2" x=1'),
        (["x^2", "w=2", "x", "=1"], [], 'gradcli grad "x^2" w=2 x=1'),
        (["x^2", "1"], ["w=2", "x"], 'gradcli grad "x^2" w=2 x=1'),
        (["x^2", "1"], ["w=2,x="], 'gradcli grad "x^2" w=2,x=1'),
        (["-x", "--at", "x=3"], [], "options stand before the --"),
        (["x", "y"], ["x=[1, 2]"], 'gradcli grad "x y" --at "x=[1, 2]"'),
    ],
)
def test_a_second_program_word_shows_the_quoted_command(words: list[str], at: list[str], hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        program_and_values("grad", words, at)
    assert caught.value.hint == hint


@pytest.mark.parametrize(
    ("terminal", "hint"), [(True, 'gradcli check "x^2" --at x=3'), (False, "gradcli check - reads it from standard input")]
)
def test_without_a_program_a_pipe_is_offered(monkeypatch: pytest.MonkeyPatch, terminal: bool, hint: str) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: terminal, raising=False)
    with pytest.raises(UsageError) as caught:
        program_and_values("check", [])
    assert caught.value.hint == hint


@pytest.mark.parametrize("word", ["a.grad.toml", "a.toml", "pyproject.toml", "sub/", "sub\\", ".", "..", "a.grad.toml::one", "here"])
def test_a_path(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    assert is_path(word)


@pytest.mark.parametrize("word", ["x^2", "model.grad", "@file", "-", "x/y", "nowhere", "x\0y", "a:b"])
def test_no_path(word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert not is_path(word)


def test_paths_and_programs_do_not_mix() -> None:
    assert paths([]) == ["."]
    assert paths([".", "a.toml"]) == [".", "a.toml"]
    with pytest.raises(UsageError, match="is a path and 'x\\^2' is a program"):
        paths([".", "x^2"])


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("x", "x"),
        ("x^2", '"x^2"'),
        ("x=3", "x=3"),
        ("w=1,x=2", "w=1,x=2"),
        ("a b", '"a b"'),
        ('s["a"]', "'s[\"a\"]'"),
        ("", '""'),
        ("x!", "'x!'"),
    ],
)
def test_words_are_quoted_where_a_shell_needs_it(word: str, typed: str) -> None:
    assert quoted(word) == typed


def test_a_path_among_programs_is_an_error_of_the_command(call: Callable[..., Any]) -> None:
    ended = call("check", ".", "x^2")
    assert ended.code == 2
    assert "is a path" in ended.err
