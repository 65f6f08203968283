"""Programs and points from files and standard input, and what can be wrong with them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from gradcli import files
from gradcli.cli.sources import Given, given, place_for, read_program
from gradcli.errors import BudgetExceeded, FileProblem, SyntaxProblem


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of every test."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("word", ["x^2", "x@y", "a.grad + 1", "-x"])
def test_text_is_the_program(word: str) -> None:
    assert read_program(word) == (word, None)


@pytest.mark.parametrize(("word", "name"), [("p.grad", "p.grad"), ("@p.grad", "p.grad"), ("@p.txt", "p.txt")])
@pytest.mark.parametrize("text", [b"y = x^2\n2y\n", b"y = x^2\r\n2y\r\n", b"\xef\xbb\xbfy = x^2\n2y\n"])
def test_files_are_read_as_utf8_with_any_line_ends(here: Path, word: str, name: str, text: bytes) -> None:
    (here / name).write_bytes(text)
    assert read_program(word) == ("y = x^2\n2y\n", name)


@pytest.mark.parametrize("word", ["-", "@-"])
def test_standard_input_is_read_when_asked_for(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("π*x".encode()), encoding="ascii"))
    assert read_program(word) == ("π*x", "<stdin>")


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("no.txt.grad", "there is no file 'no.txt.grad'", "the current folder is"),
        ("x.grad", "there is no file 'x.grad'", "a word that ends in .grad is a file"),
        ("@folder", "'folder' is a folder", 'gradcli check "folder"'),
        ("@latin", "'latin' is not UTF-8 text: byte 1", "save it as UTF-8"),
        ("@a\0b", "can't read 'a\0b'", "standard input"),
    ],
)
def test_what_can_not_be_read_is_said_with_a_cure(here: Path, word: str, message: str, hint: str) -> None:
    (here / "folder").mkdir()
    (here / "latin").write_bytes(b"x\xe9")
    with pytest.raises(FileProblem) as caught:
        read_program(word)
    assert message in caught.value.message
    assert hint in str(caught.value.hint)


def test_a_text_over_the_limit_is_refused_before_it_is_read(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LIMIT", 10)
    (here / "long.grad").write_text("x" * 11)
    with pytest.raises(BudgetExceeded):
        read_program("long.grad")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x" * 11)))
    with pytest.raises(BudgetExceeded):
        read_program("-")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("modle.grad", "did you mean 'model.grad'?"),
        ("sub/mdl.grad", "did you mean 'sub/mdll.grad'?"),
        ("missing.grad", "the current folder is "),
        ("nowhere/model.grad", "the current folder is "),
        ("x.grad", "the gradient of x is printed by"),
    ],
)
def test_a_missing_file_has_the_nearest_one_or_the_folder_as_its_cure(here: Path, name: str, hint: str) -> None:
    (here / "model.grad").write_text("x")
    (here / "sub").mkdir()
    (here / "sub" / "mdll.grad").write_text("x")
    with pytest.raises(FileProblem) as caught:
        read_program(name)
    assert hint in str(caught.value.hint)


def test_an_error_in_a_file_names_the_file() -> None:
    problem = SyntaxProblem("no", "x +", (3, 3), hint='gradcli grad "x +" --at x=1.0')
    with pytest.raises(SyntaxProblem) as caught, Given("x +", "p.txt", "@p.txt", None).placed():
        raise problem
    assert caught.value.file == "p.txt"
    assert caught.value.hint == "gradcli grad @p.txt --at x=1.0"


def test_an_error_in_a_point_does_not_name_the_program_s_file() -> None:
    with pytest.raises(SyntaxProblem) as caught, Given("x + y", "p.txt", "@p.txt", None).placed():
        raise SyntaxProblem("no", "x=1*", (3, 3))
    assert caught.value.file is None


def test_an_error_in_the_command_line_names_no_file() -> None:
    with pytest.raises(SyntaxProblem) as caught, Given("x +", None, "x +", None).placed():
        raise SyntaxProblem("no", "x +", (3, 3), hint='"x +"')
    assert (caught.value.file, caught.value.hint) == (None, '"x +"')


def test_values_come_from_standard_input_once_for_all_names(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"x,w\n1,2\n3,4\n")))
    point = given("grad", ["x*w", "w=@-:w"], ["x=@-:x"]).point
    assert {name: value.tolist() for name, value in (point or {}).items()} == {"x": [1, 3], "w": [2, 4]}


def test_standard_input_is_either_the_program_or_values() -> None:
    with pytest.raises(FileProblem, match="standard input is the program"):
        place_for("-").value("@-")


def test_a_point_has_the_values_of_options_and_words_in_order(here: Path) -> None:
    (here / "p.json").write_text('{"w": 1, "x": "2*pi"}')
    assert given("grad", ["x*w", "x=3"], ["@p.json", "w=2"]).point == {"w": "2", "x": "3"}
    assert given("grad", ["2"], []).point is None
