"""Suites: found, read with file and line for every fault, selected, run, and what they exit with."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer.main

import gradcli
from gradcli.checking.suites.keys import KEYS
from gradcli.cli.app import application
from gradcli.cli.suite_runs import OF_ANSWERS, OF_SUITES
from tests.suites import KNOWN_CORNER, RIGHT, TWO_POINTS, assert_fault, written

GOOD = RIGHT + TWO_POINTS + KNOWN_CORNER


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A good suite in a folder of its own."""
    path = tmp_path / "good.grad.toml"
    path.write_text(GOOD)
    return path


def test_a_suite_runs_in_order_and_declared_verdicts_pass(suite: Path) -> None:
    report = gradcli.check_suites([str(suite)])
    assert [check.id.partition("::")[2] for check in report] == ["right", "two points[1]", "two points[2]", "known corner"]
    assert [check.verdict for check in report] == ["agree", "agree", "agree", "kink"]
    assert report.exit_code == 0


def test_single_checks_and_single_points(suite: Path) -> None:
    assert [check.at for check in gradcli.check_suites([f"{suite}::two points[2]"])] == [{"x": 2}]
    assert gradcli.list_checks([f"{suite}::right"]) == [f"{suite}::right"]
    with pytest.raises(gradcli.SuiteError, match="no check 'righ'") as fault:
        gradcli.check_suites([f"{suite}::righ"])
    assert fault.value.hint == "did you mean 'right'?"
    with pytest.raises(gradcli.SuiteError, match=r"no check 'two points\[3\]'"):
        gradcli.check_suites([f"{suite}::two points[3]"])


def test_a_keyword_selects(suite: Path) -> None:
    assert len(gradcli.list_checks([str(suite)], "two")) == 2
    assert gradcli.list_checks([str(suite)], "nothing") == []


def test_exitfirst_stops_and_every_check_is_told(suite: Path, tmp_path: Path) -> None:
    bad = written(tmp_path, '[[check]]\nprogram = "abs(x)"\nat = {x = 0}\n[[check]]\nprogram = "x"\nat = {x = 0}\n')
    told: list[str] = []
    report = gradcli.check_suites([bad], exitfirst=True, on_check=lambda check: told.append(check.verdict))
    assert (len(report.checks), told, report.exit_code) == (1, ["kink"], 3)


def test_folders_are_searched_in_order_without_hidden_ones(suite: Path, tmp_path: Path) -> None:
    for folder in ("b", "a", ".hidden", "node_modules"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, '[[check]]\nname = "one"\nprogram = "x"\nat = {x = 1}\n', "s.grad.toml")
    (tmp_path / "pyproject.toml").write_text('[[tool.gradcli.check]]\nname = "mine"\nprogram = "x"\nat = {x = 1}\n')
    ids = gradcli.list_checks([str(tmp_path)])
    places = [str(Path(id.partition("::")[0]).relative_to(tmp_path)) for id in ids]  # noqa: A001
    assert list(dict.fromkeys(places)) == [
        str(Path("a") / "s.grad.toml"),
        str(Path("b") / "s.grad.toml"),
        "good.grad.toml",
        "pyproject.toml",
    ]


def test_programs_in_files_are_relative_to_the_suite(tmp_path: Path) -> None:
    (tmp_path / "f.grad").write_text("x**3\n")
    path = written(tmp_path, '[[check]]\nname = "f"\nprogram = "f.grad"\nat = {x = 2}\nexpect = {x = 12}\n')
    assert gradcli.check_suites([path]).verdict == "agree"


def test_an_error_in_one_check_does_not_stop_the_others(tmp_path: Path) -> None:
    programs = ("missing.grad", "x+", "x")
    text = "".join(f'[[check]]\nname = "{i}"\nprogram = "{program}"\nat = {{x = 2}}\n' for i, program in enumerate(programs))
    report = gradcli.check_suites([written(tmp_path, text)])
    assert [check.verdict for check in report] == ["error", "error", "agree"]
    assert "relative to the suite" in report.checks[0].error
    assert report.exit_code == 2


@pytest.mark.parametrize(
    ("checks", "code"),
    [
        (["x**2|x=3||"], 0),
        (["x**2|x=3|x|"], 1),
        (["abs(x)|x=0||"], 3),
        (["abs(x)|x=0||kink"], 0),
        (["abs(x)|x=1||kink"], 1),
        (["x+|x=1||"], 2),
        (["abs(x)|x=0||", "x+|x=1||"], 2),
        (["abs(x)|x=0||", "x+|x=1||", "x**2|x=3|x|"], 1),
        (["x**2|x=3|x|disagree"], 0),
    ],
)
def test_exit_codes(tmp_path: Path, checks: list[str], code: int) -> None:
    lines: list[str] = []
    for i, check in enumerate(checks):
        program, at, expect, verdict = check.split("|")
        lines += ["[[check]]", f'name = "{i}"', f'program = "{program}"', f'at = "{at}"']
        lines += [f'expect = "{expect}"'] * bool(expect) + [f'verdict = "{verdict}"'] * bool(verdict)
    assert gradcli.check_suites([written(tmp_path, "\n".join(lines))]).exit_code == code


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ('[[check]]\nprogram = "x"\nat = {x = }\n', 3, "no TOML", "a check is"),
        ('[[check]]\nprogram = "x"\nexpct = {x = 1}\n', 3, "unknown key 'expct'", "did you mean 'expect'?"),
        ('[[check]]\nprogram = "x"\n\n[[check]]\nprogram = "x"\nzzz = 1\n', 6, "unknown key 'zzz'", "keys: "),
        ('[[check]]\nname = "a"\nprogram = "x"\n[[check]]\nname = "a"\nprogram = "y"\n', 4, "a second check named 'a'", "another name"),
        ("[[check]]\nat = {x = 1}\n", 1, "none of program, python", "write program"),
        ('[[check]]\nprogram = "x"\nsamples = "5"\n', 3, "wrong kind", "write samples = 5"),
        ('[[check]]\nprogram = "x"\nverdict = "kinky"\n', 3, "no verdict 'kinky'", "did you mean 'kink'?"),
        ('[[check]]\npython = "m:f"\nprogram = "x"\n', 2, "has 'program' and 'python'", "has one of program"),
        ('[[check]]\nprogram = "x"\ngradient = "m:g"\n', 3, "'gradient' has no meaning beside 'program'", "it is for python"),
        ('[[check]]\npython = "m:f"\nat = {x = 1}\nformula = true\n', 4, "'formula' has no meaning beside 'python'", "for program"),
        ('[[checks]]\nprogram = "x"\n', 1, "unknown key 'checks'", "did you mean [[check]]?"),
        ('# a remark\n[check]\nprogram = "x"\n', 2, "no list of tables", "two brackets"),
        ("check = 3\n", 1, "no list of tables", "two brackets"),
        ("[[check]]\nprogram = 3\n", 2, "wrong kind", "write program ="),
        ('[[check]]\nname = ""\nprogram = "x"\n', 2, "'name' is empty", 'write name = "a name"'),
        ('[[check]]\nprogram = "x"\nat = []\n', 3, "'at' is empty", "write at ="),
        ('[[check]]\nprogram = "x+"\nverdict = "error"\n', 3, "no verdict 'error'", "verdicts: disagree"),
        ('[[check]]\nprogram = "x"\nsamples = true\n', 3, "wrong kind", "write samples = 5"),
        ('[[check]]\nprogram = "x"\nat = [{x = 1}, 2]\n', 3, "wrong kind", "write at = {"),
        ('[[check]]\nprogram = "x"\nat = [{x = 1}, {}]\n', 3, "'at' is empty", "leave it out"),
        ('[[check]]\nprogram = "x"\nwrt = [1]\n', 3, "wrong kind", 'write wrt = ["w", "x"]'),
        ('[[check]]\nprogram = "x"\nexpect = [{x = 1}]\n', 3, "wrong kind", "write expect = {"),
        ('[[check]]\nprogram = "x"\nsamples = 0\n', 3, "'samples' is a number from 1, not 0", "write samples = 5"),
        ('[[check]]\nprogram = "x"\nseed = -1\n', 3, "'seed' is a number from 0, not -1", "write seed = 1"),
        ('[[check]]\nprogram = "x"\nrequire-resolution = nan\n', 3, "a number from 0, not nan", "write require-resolution"),
        ('[[check]]\nexec = "true"\ntimeout = inf\n', 3, "a number from 0, not inf", "write timeout = 10"),
        ('[[check]]\nname = "a\\nb"\nprogram = "x"\n', 2, "'name' has a line end", "write name ="),
        ('[[check]]\npython = " "\n', 2, "'python' is empty", "module:function"),
        ('[[check]]\nprogram = "x"\nat = [{x = 1}]\nsamples = 2\n', 4, "no meaning beside a list of points", "leave out samples"),
        (f'[[check]]\nprogram = "x"\nseed = 1{"0" * 5000}\n', None, "no TOML", "a check is"),
        (f'[[check]]\nprogram = "x"\nat = {"[" * 5000}{"]" * 5000}\n', None, "nested too deeply", "a few axes"),
    ],
)
def test_faults_have_file_line_and_cure(tmp_path: Path, text: str, line: int | None, words: str, hint: str) -> None:
    path = written(tmp_path, text)
    with faults_of(path) as found:
        gradcli.list_checks([path], on_fault=found.append)
    (fault,) = found
    assert isinstance(fault, gradcli.SuiteError)
    assert_fault(fault, f"{path}:{line}" if line else path, words, hint)
    assert fault.line == line


@contextmanager
def faults_of(path: str) -> Iterator[list[gradcli.GradcliError]]:
    """The faults of a suite: of checks, which are told, or of all of it, which is raised."""
    found: list[gradcli.GradcliError] = []
    try:
        yield found
    except gradcli.SuiteError as fault:
        found.append(fault)


def test_every_key_is_an_option_and_the_reverse() -> None:
    words = {param.opts[0].removeprefix("--") for param in options_of("check") if param.name not in ABOUT_RUNS}
    assert words == set(KEYS) - {"name", "program"}


def options_of(name: str) -> list[Any]:
    """The options of a command."""
    group: Any = typer.main.get_command(application([name]))
    return [param for param in group.commands[name].params if param.param_type_name == "option"]


ABOUT_RUNS = {*OF_SUITES, *OF_ANSWERS}
"""Options that say which checks are run and how, and how the answer is shown."""


def test_a_missing_suite_is_a_file_problem(tmp_path: Path) -> None:
    with pytest.raises(gradcli.FileProblem):
        gradcli.check_suites([str(tmp_path / "nowhere.grad.toml")])


def test_tables_of_pyproject_and_foreign_ones(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[project]\nname = "p"\n\n[[tool.gradcli.check]]\nprogram = "x**2"\nat = {x = 3}\nexpect = "2*x"\n')
    assert gradcli.list_checks([str(path)]) == [f"{path}::x**2"]
    assert gradcli.check_suites([str(path)]).verdict == "agree"
    for broken in ("[tool]\ngradcli = 3\n", "[tool.gradcli]\ncheck = 5\n", "[tool.gradcli]\ncheck = [1]\n"):
        path.write_text(broken)
        with pytest.raises(gradcli.SuiteError):
            gradcli.check_suites([str(path)])


def test_a_tolerance_that_is_no_size_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, '[[check]]\nprogram = "x"\nat = {x = 1}\nexpect = {x = {value = 2, rtol = "a"}}\n')
    (check,) = gradcli.check_suites([path])
    assert check.verdict == "error"
    assert "'rtol' of the claim for 'x'" in check.error


@pytest.mark.parametrize("place", ["::x", ".::x"])
def test_a_check_that_a_folder_does_not_have(suite: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    monkeypatch.chdir(suite.parent)
    with pytest.raises(gradcli.SuiteError, match="there is no check 'x'"):
        gradcli.check_suites([place])
    assert gradcli.list_checks(["::right"]) == ["good.grad.toml::right"]


def test_a_missing_folder_is_called_one(tmp_path: Path) -> None:
    with pytest.raises(gradcli.FileProblem, match="there is no folder"):
        gradcli.check_suites([f"{tmp_path}/nosuch/"])


def test_the_command_to_repeat_a_check_is_safe_to_paste(tmp_path: Path) -> None:
    name = "it's `a` $HOME \\"
    text = f'[[check]]\nname = "{name}\\\\ \\""\nprogram = "x+"\n[[check]]\nname = "{name}\\\\"\nprogram = "x"\nat = {{x = 1}}\n'
    for check in gradcli.check_suites([written(tmp_path, text.replace("HOME \\", "HOME "))]):
        assert shlex.split(check.reproduce) == ["gradcli", "check", check.id]
        assert f"'{tmp_path}" in check.reproduce


def test_a_long_suite_is_listed_whole(tmp_path: Path) -> None:
    text = "".join(f'[[check]]\nname = "{i}"\nprogram = "x"\nat = {{x = {i}}}\n' for i in range(20_000))
    path = written(tmp_path, text)
    assert len(gradcli.list_checks([path])) == 20_000
