"""What the commands answer: the contract of the formats, the files, the words and the exit codes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gradcli.cli.app import COMMANDS
from tests.cases.session import HERE

Call = Callable[..., Any]

PRODUCT = ("(x+w)*(w+1)", "--at", "w=1,x=2")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files of the golden sessions in the current folder."""
    monkeypatch.chdir(HERE / "files")


def answer(call: Call, *words: str) -> Any:
    """What a call answers as JSON."""
    return json.loads(call(*words, "--json").out)


def test_the_json_of_grad_is_the_published_one(call: Call) -> None:
    found = answer(call, "grad", *PRODUCT)
    nodes = found.pop("nodes")
    assert found == {
        "schema": "gradcli/grad/1",
        "program": "(x+w)*(w+1)",
        "at": {"w": 1.0, "x": 2.0},
        "outputs": [{"name": None, "id": 4, "value": 6.0, "weight": 1.0}],
        "value": 6.0,
        "grad": {"w": 5.0, "x": 2.0},
        "independent": [],
        "higher": {},
        "branches": [],
        "warnings": [],
    }
    fields = {"id": 0, "name": "x", "op": "input", "text": "x", "inputs": [], "shape": [], "value": 2.0, "grad": 2.0, "is_leaf": True}
    assert nodes[0].items() >= (fields | {"requires_grad": True}).items()
    assert all(type(node[name]) is float for node in nodes[:5] for name in ("value", "grad"))


def test_the_json_of_check_is_the_published_one(call: Call) -> None:
    found = answer(call, "check", *PRODUCT, "--expect", "w=2*w+x+1")
    assert set(found) == {"schema", "verdict", "checks", "counts"}
    assert (found["schema"], found["verdict"], found["counts"]) == ("gradcli/check/1", "agree", {"agree": 1})
    (check,) = found["checks"]
    assert set(check) >= {"id", "program", "at", "verdict", "rows", "reproduce"}
    (row,) = check["rows"]
    parts = {"input", "verdict", "value", "engines", "claims", "resolution", "digits_lost", "left", "right", "node", "reason"}
    assert set(row) >= parts
    assert list(row["engines"]) == ["reverse", "forward", "symbolic", "difference"]
    assert all(set(engine) == {"value", "digits", "error", "note"} for engine in row["engines"].values())
    assert all(set(claim) >= {"text", "value", "digits", "error", "verdict"} for claim in row["claims"])


def test_an_independent_input_has_gradient_zero_and_a_frozen_one_has_none(call: Call) -> None:
    found = answer(call, "grad", "x if x > 0 else w", "--at", "w=1,x=2")
    assert (found["grad"], found["independent"]) == ({"x": 1.0, "w": 0.0}, ["w"])
    assert answer(call, "grad", *PRODUCT, "--freeze", "x")["grad"] == {"w": 5.0}


def test_several_outputs_have_no_single_value(call: Call) -> None:
    found = answer(call, "grad", "y = x^2; z = 3y", "x=2", "--of", "y", "--of", "z", "--grad-output", "y=1", "--grad-output", "z=10")
    assert found["value"] is None
    assert [(one["name"], one["value"], one["weight"]) for one in found["outputs"]] == [("y", 4.0, 1.0), ("z", 12.0, 10.0)]
    assert found["grad"] == {"x": 124.0}


def test_numbers_that_are_not_finite_are_strings(call: Call) -> None:
    ended = call("grad", "1/x", "x=0", "--json")
    found = json.loads(ended.out, parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert (ended.code, found["value"], found["grad"]) == (3, "inf", {"x": "-inf"})


def test_higher_derivatives_begin_with_the_first(call: Call) -> None:
    assert answer(call, "grad", "x^3", "x=2", "--order", "3")["higher"] == {"x": [12.0, 12.0, 6.0]}


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("csv", "x,w,value,grad_x,grad_w\n2,1,6,2,5\n"),
        ("plain", "value\t6\nx\t2\nw\t5\n"),
    ],
)
def test_the_formats_for_scripts_are_exact(call: Call, form: str, text: str) -> None:
    assert call("grad", *PRODUCT, "--format", form).out == text


@pytest.mark.parametrize("form", ["table", "tree", "list", "json", "jsonl", "csv", "plain"])
def test_every_format_ends_with_one_newline_and_answers_zero(call: Call, form: str) -> None:
    ended = call("grad", *PRODUCT, "--format", form)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("\n")
    assert not ended.out.endswith("\n\n")


def test_warnings_stand_on_the_page_or_on_standard_error_and_never_on_both(call: Call) -> None:
    warning = "the value of node 1, '1/x', is inf"
    assert warning in call("grad", "1/x", "x=0").out
    assert call("grad", "1/x", "x=0").err == ""
    assert warning in call("grad", "1/x", "x=0", "--get", "x").err
    assert call("grad", "1/x", "x=0", "--get", "x").out == "-inf\n"


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("a.json", "{\n"),
        ("a.JSONL", '{"schema"'),
        ("a.csv", "x,w,value"),
        ("a.tsv", "value\t6"),
        ("a.txt", "value  6"),
        ("a.b.json", "{\n"),
    ],
)
def test_the_name_of_the_file_chooses_the_format(call: Call, here: Path, name: str, start: str) -> None:
    ended = call("grad", *PRODUCT, "-o", name)
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert (here / name).read_text("utf-8").startswith(start)


def test_a_given_format_counts_more_than_the_name_of_the_file(call: Call, here: Path) -> None:
    call("grad", *PRODUCT, "-o", "a.dat", "--format", "csv")
    assert (here / "a.dat").read_bytes() == b"x,w,value,grad_x,grad_w\n2,1,6,2,5\n"


def test_a_file_has_no_colour_and_every_letter(call: Call, here: Path) -> None:
    call("grad", *PRODUCT, "-o", "a.txt", FORCE_COLOR="1", NO_COLOR="", PYTHONIOENCODING="ascii", TERMINAL="80")
    text = (here / "a.txt").read_text("utf-8")
    assert "∂/∂w   5" in text
    assert not set(text) & set("\x1b│╭")


def test_colour_can_be_forced_on_a_pipe_but_boxes_can_not(call: Call) -> None:
    text = call("grad", *PRODUCT, FORCE_COLOR="1", NO_COLOR="").out
    assert "\x1b[36m" in text
    assert "│" not in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["grad", "x", "--format", "xml"], "there is no format 'xml'"),
        (["grad", "x", "--format", "csv", "--json"], "contradict"),
        (["grad", "x", "-o", "answer.dat"], "no format belongs"),
        (["grad", "x", "-o", "json"], "no format belongs"),
        (["grad", "x", "x=1", "-o", "no/such/folder.json"], "can't write 'no/such/folder.json'"),
        (["check", "x", "-o", "a.csv"], "there is no format 'csv'"),
        (["ops", "--format", "csv"], "there is no format 'csv'"),
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
        (["check", ".", "x"], "is a path"),
        (["check", "x", "."], "is a path"),
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


@pytest.mark.parametrize(("words", "formula"), [([], True), (["--format", "json"], False), (["--json", "--formula"], True)])
def test_a_table_of_one_program_shows_the_formula(call: Call, words: list[str], formula: bool) -> None:
    assert ("2*x" in call("check", "x^2", "x=3", *words).out) is formula


def test_a_program_of_a_file_is_called_by_its_name(call: Call, files: None) -> None:
    found = answer(call, "check", "rosenbrock.grad", "--at", "x=-1,y=2")
    assert found["checks"][0]["id"] == "rosenbrock.grad"
    assert found["checks"][0]["program"].startswith("# Rosenbrock")


def test_without_a_claim_the_screen_says_what_is_checked_and_how_to_claim(call: Call) -> None:
    assert "checks gradcli's own derivative; --expect" in call("check", "x^2", "x=3").out
    assert "own derivative" not in call("check", "x^2", "x=3", "--expect", "2x").out


def test_drawn_points_are_printed_and_always_the_same(call: Call) -> None:
    first, second = (call("check", "log(x)*y", "--samples", "4") for _ in range(2))
    assert first == second
    points = [check["at"] for check in answer(call, "check", "log(x)*y", "--samples", "4")["checks"]]
    assert len(points) == 4
    assert all(f"x = {point['x']}, y = {point['y']}".replace(".0,", ",") in first.out for point in points)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["x^2", "x=3"], 0),
        (["x^2", "x=3", "--expect", "3*x"], 1),
        (["x^2", "x=3", "--expect", "2*x"], 0),
        (["x^2", "x=3", "--expect", "6"], 0),
        (["x^2", "x=3", "--expect", "6.00000001"], 1),
        (["abs(x)", "x=0"], 3),
        (["abs(x)", "x=0", "--verdict", "kink"], 0),
        (["x^2", "x=0", "--verdict", "kink"], 1),
        (["log(x)", "x=-1"], 3),
        (["(1-cos(x))/x**2", "x=1e-8", "--max-digits-lost", "4"], 3),
        (["x^2"], 0),
        (["x^2", "--at", "y=3"], 2),
        (["losses.grad.toml"], 0),
        (["mixed/"], 1),
        (["mixed/", "-k", "corner"], 3),
        (["mixed/", "-k", "run"], 2),
        (["mixed/", "losses.grad.toml"], 1),
        (["mixed/mixed.grad.toml::right"], 0),
        (["mixed/", "-k", "no such check"], 2),
        (["nowhere.grad.toml"], 2),
    ],
)
def test_the_exit_code_is_the_published_one(call: Call, files: None, words: list[str], code: int) -> None:
    assert call("check", *words).code == code


@pytest.mark.parametrize("words", [[], ["--list"], ["-k", "zzz"], [".", "--list", "-k", "zzz"]])
def test_nothing_to_check_is_an_error(call: Call, here: Path, words: list[str]) -> None:
    ended = call("check", *words)
    assert (ended.code, ended.out) == (2, "")
    assert "nothing to check" in ended.err


def test_without_words_every_suite_below_the_current_folder_is_checked(call: Call, here: Path) -> None:
    for name in ("a.grad.toml", "deep/er/b.grad.toml"):
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text('[[check]]\nname = "one"\nprogram = "x**2"\nat = {x = 1}\n')
    assert [check["id"] for check in answer(call, "check")["checks"]] == ["a.grad.toml::one", "deep/er/b.grad.toml::one"]
    assert call("check", "--list", "-k", "b.grad").out == "deep/er/b.grad.toml::one\n"


KEPT = ("verdict", "expected", "passed", "at")

REPEATABLE = [
    ["(x+w)*(w+1)", "--at", "w=1,x=2"],
    ["(x+w)*(w+1)", "--at", "w=1,x=2", "--expect", "w=2*w+x"],
    ["(x+w)*(w+1)", "--at", "w=1,x=2", "--expect", "w=5,x=2"],
    ["abs(x)", "x=0"],
    ["abs(x)*y", "--at", "x=0,y=0.1", "--freeze", "x"],
    ["log(x)", "x=-1"],
    ["y = x^2 # a remark\nz = y*w", "--at", "w=1e-300,x=2", "--wrt", "w"],
    ["y = x^2; z = 3y", "x=2", "--of", "y,z", "--grad-output", "y=1,z=10"],
    ["-exp(-x)", "--samples", "2"],
    ["x=2; w=1; (x+w)*(w+1)"],
    ["x if x > 0 else -x", "x=0"],
    ["mixed/"],
    ["losses.grad.toml"],
    ["(1-cos(x))/x**2", "x=1e-8", "--max-digits-lost", "4"],
    ["abs(x)", "x=0", "--verdict", "kink"],
    ["--at", "x=1", "--", "--x"],
]


@pytest.mark.parametrize("words", REPEATABLE, ids=lambda words: words[0])
def test_the_command_to_reproduce_a_check_can_be_pasted(call: Call, files: None, words: list[str]) -> None:
    for check in json.loads(call("check", "--json", *words).out)["checks"]:
        program, *again = shlex.split(check["reproduce"])
        (repeated,) = json.loads(call(again[0], "--json", *again[1:]).out)["checks"]
        assert program == "gradcli"
        assert [repeated[name] for name in KEPT] == [check[name] for name in KEPT]
        assert [row["value"] for row in repeated["rows"]] == [row["value"] for row in check["rows"]]


@pytest.mark.parametrize("command", [["ops"], ["ops", "--format", "plain"], ["ops", "--json"]])
def test_ops_lists_every_operation(call: Call, command: list[str]) -> None:
    from gradcli import ops

    ended = call(*command)
    assert (ended.code, ended.err) == (0, "")
    assert all(row.name in ended.out for row in ops())


def test_ops_shows_one_operation_by_any_of_its_names(call: Call) -> None:
    assert call("ops", "clamp").out == call("ops", "clip").out
    assert [row["name"] for row in answer(call, "ops", "ln")["operations"]] == ["log"]


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("--json",), f"the command stands first: gradcli {'|'.join(COMMANDS)} … --json"),
        (("--vrsion",), "did you mean --version?"),
        (("check", "x", "x=1", "--bogus"), "--help lists the options"),
        (("grad", "x**2", "x", "=", "1"), 'gradcli grad "x**2" x=1'),
        (("grad", "x**2", "--at", "x", "1"), 'gradcli grad "x**2" x=1'),
        (("grad", "x", "-json"), "options of several letters begin with --: --json"),
    ],
)
def test_a_hint_can_be_typed(call: Call, words: tuple[str, ...], hint: str) -> None:
    assert f"hint: {hint}\n" in call(*words).err


def test_the_list_of_a_folder_is_offered_for_that_folder(call: Call, tmp_path: Path) -> None:
    (tmp_path / "a.grad.toml").write_text('[[check]]\nname = "a"\nprogram = "x*x"\n')
    assert call("check", str(tmp_path), "-k", "nope").err.rstrip().endswith(f"gradcli check {tmp_path} --list")


def test_names_are_known_after_normalisation(call: Call) -> None:
    assert call("grad", "x₁ + 3x₂", "x₁=1", "x₂=2", "--get", "x₂").out == "3\n"
