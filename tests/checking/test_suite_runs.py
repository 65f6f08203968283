"""How suites are run: by several processes, in shares, with permission, as the project says, and until somebody interrupts."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import gradcli
from gradcli.checking.suites.project import fits, fits_folder
from gradcli.checking.suites.selecting import entries
from tests.cases.session import called
from tests.suites import DRAWN, IMPOSSIBLE, MISSPELLED, RIGHT, WRONG, assert_fault, written

MODULE = """
import ctypes, os, signal, sys

def square(x):
    return x * x

def twice(x):
    return 2 * x

def loud(x):
    print("printed by the user's code")
    return x * x

def leaves(x):
    ctypes.CDLL(None)._exit(3)

def forks(x):
    if os.fork():
        ctypes.CDLL(None)._exit(3)
    open(PIPE).close()
    ctypes.CDLL(None)._exit(0)

def killed(x):
    os.kill(os.getpid(), signal.SIGKILL)

def reads(x):
    return x * x + len(sys.stdin.read())

def waits(x):
    with open(PIPE, "w"):
        pass
    with open(PIPE, "w"):
        pass
    return x * x
"""


def checks(*functions: str) -> str:
    """A suite that checks functions of the module."""
    return "".join(
        f'[[check]]\nname = "{name}"\npython = "own.py:{name}"\ngradient = "own.py:twice"\nat = {{x = 3}}\n' for name in functions
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a module, which is the current one."""
    (tmp_path / "own.py").write_text(MODULE.replace("PIPE", repr(str(tmp_path / "pipe"))))
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def suite(text: str, name: str = "s.grad.toml") -> str:
    """A suite file in the current folder."""
    written(Path(), text, name)
    return name


POINTS = """
[[check]]
name = "points"
program = "sin(x)*w"
at = [{x = 1, w = [1, 2]}, {x = 2, w = 1}, {x = 3, w = 1}]
sum = true
"""

MIXED = RIGHT + POINTS + WRONG + DRAWN + IMPOSSIBLE + MISSPELLED


def test_several_processes_answer_what_one_does_in_the_same_order(folder: Path) -> None:
    path, told = suite(MIXED), list[str]()
    one = gradcli.check_suites([path])
    two = gradcli.check_suites([path], jobs=2, on_check=lambda check: told.append(check.id))
    assert [check.verdict for check in one] == ["agree", "agree", "agree", "agree", "disagree", "agree", "agree", "agree", "error", "error"]
    assert told == [check.id for check in one]
    assert untimed(two) == untimed(one)


def untimed(report: gradcli.Report) -> str:
    """All of a report but the time it took."""
    return repr([replace(check, seconds=0.0) for check in report])


@pytest.mark.parametrize(("function", "words"), [("leaves", "ended with exit code 3"), ("killed", "was ended by SIGKILL")])
def test_a_process_that_dies_costs_its_check_only(folder: Path, function: str, words: str) -> None:
    path = suite(checks("square", function) + checks("loud").replace("square", "third") + MIXED)
    report = gradcli.check_suites([path], jobs=2, allow_exec=True)
    first, second, third, *others = report.checks
    assert (first.verdict, second.verdict, third.verdict) == ("agree", "error", "agree")
    assert f"the process that ran this check {words}" in second.error
    assert (second.id, second.kind) == (f"{path}::{function}", "python")
    assert [check.verdict for check in others] == [check.verdict for check in gradcli.check_suites([suite(MIXED, "t.grad.toml")])]


def test_a_process_that_dies_is_not_waited_for_while_another_one_that_it_has_forked_lives(folder: Path) -> None:
    os.mkfifo("pipe")
    (check,) = gradcli.check_suites([suite(checks("forks"))], jobs=2, allow_exec=True)
    assert "the process that ran this check ended with exit code 3" in check.error
    with Path("pipe").open("w"):
        pass


def test_a_folder_that_is_gone_has_no_project(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = folder / suite('[[check]]\nname = "a"\nprogram = "x"\nat = {x = 1}\n')
    (folder / "gone").mkdir()
    monkeypatch.chdir("gone")
    (folder / "gone").rmdir()
    assert gradcli.list_checks([str(path)]) == [f"{path}::a"]


def test_exitfirst_stops_at_the_same_check_with_several_processes(folder: Path) -> None:
    path = suite(MIXED)
    assert [check.id for check in gradcli.check_suites([path], exitfirst=True, jobs=3)] == [
        check.id for check in gradcli.check_suites([path], exitfirst=True)
    ]


def test_what_user_code_prints_in_another_process_is_no_answer(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    report = gradcli.check_suites([suite(checks("loud", "reads"))], jobs=2, allow_exec=True)
    assert [check.verdict for check in report] == ["agree", "agree"]
    assert capfd.readouterr().out == ""


def test_a_fault_of_gradcli_in_another_process_stays_a_fault(folder: Path) -> None:
    (folder / "sitecustomize.py").write_text("import gradcli.checking.suites.running as r\nr.run_entry = None\n")
    code = "import gradcli; gradcli.check_suites(['s.grad.toml'], jobs=2)"
    suite(checks("square"))
    Path("s.grad.toml").write_text('[[check]]\nprogram = "x"\nat = {x = 1}\n')
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *sys.path])}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert ended.returncode == 1
    assert "TypeError: 'NoneType' object is not callable" in ended.stderr


def test_suites_are_listed_without_loading_what_judges_them(folder: Path) -> None:
    suite(checks("square") + '[[check]]\nname = "a"\nprogram = "x"\nat = {x = 1}\n')
    code = (
        "import sys, gradcli; print(len(gradcli.list_checks(['.'])), {'sympy', 'numpy', 'mpmath', 'gradcli.language'} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert ended.stdout == "2 set()\n"


def test_shares_are_disjoint_and_together_everything(folder: Path) -> None:
    path = suite(MIXED)
    everything = gradcli.list_checks([path])
    shares = [gradcli.list_checks([path], shard=f"{i}/3") for i in (1, 2, 3)]
    assert sorted(id for one in shares for id in one) == sorted(everything)  # noqa: A001
    assert shares[0][:2] == [f"{path}::right", f"{path}::points[3]"]
    assert [check.id for check in gradcli.check_suites([path], shard="2/3")] == shares[1]


def test_an_empty_share_passes(folder: Path) -> None:
    report = gradcli.check_suites([suite(checks("square"))], shard="2/2")
    assert (report.checks, report.verdict, report.exit_code) == ([], "agree", 0)


@pytest.mark.parametrize("shard", ["0/2", "3/2", "0/0", "1", "a/b", "1/2/3", "-1/2", "", "1/", "²/3", "1.0/2", "1/9999999"])
def test_a_share_that_there_is_not_is_refused(folder: Path, shard: str) -> None:
    with pytest.raises(gradcli.UsageError, match="is no share"):
        gradcli.check_suites([suite(checks("square"))], shard=shard)


def test_code_runs_only_with_permission(folder: Path) -> None:
    path = suite(
        checks("square") + '[[check]]\nprogram = "x"\nat = {x = 1}\n[[check]]\nexec = "./loss"\n[[check]]\num-bridge = "http://a"\n'
    )
    report = gradcli.check_suites([path])
    assert [check.verdict for check in report] == ["error", "agree", "error", "error"]
    assert [check.kind for check in report] == ["python", "program", "exec", "um-bridge"]
    assert "'python' in a suite runs code, which nobody has allowed" in report.checks[0].error
    assert "--allow-exec" in report.checks[0].error
    (allowed,) = gradcli.check_suites([path], keyword="square", allow_exec=True)
    assert (allowed.verdict, allowed.reproduce) == ("agree", 'gradcli check --allow-exec "s.grad.toml::square"')


def test_the_project_of_the_current_folder_gives_permission_to_its_own_suites(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite(checks("square").replace("own.py", "../own.py"), "inner/s.grad.toml")
    suite("[tool.gradcli]\nallow-exec = true\n", "pyproject.toml")
    (allowed,) = gradcli.check_suites(["."], allow_exec=True)
    assert (allowed.verdict, allowed.reproduce) == ("agree", 'gradcli check "inner/s.grad.toml::square"')
    assert gradcli.check_suites(["."], allow_exec=False).verdict == "error"
    monkeypatch.chdir("inner")
    assert gradcli.check_suites(["."]).verdict == "agree"


def test_a_suite_from_elsewhere_can_not_give_itself_permission(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    suite(checks("square").replace("own.py", "../own.py"), "stranger/s.grad.toml")
    suite("[tool.gradcli]\nallow-exec = true\n", "stranger/pyproject.toml")
    suite("[tool.gradcli]\nallow-exec = true\n", "mine/pyproject.toml")
    Path("mine/link.grad.toml").symlink_to(folder / "stranger" / "s.grad.toml")
    assert gradcli.check_suites(["stranger"]).verdict == "error"
    monkeypatch.chdir("mine")
    assert gradcli.check_suites(["../stranger"]).verdict == "error"
    assert gradcli.check_suites(["link.grad.toml"]).verdict == "error"


def test_the_project_says_which_files_are_suites(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '[[check]]\nname = "one"\nprogram = "x"\nat = {x = 1}\n'
    for name in ("a/one.grad.toml", "a/two.toml", "b/three.grad.toml", "b/old/four.grad.toml", "c/five.toml"):
        suite(text, name)
    everything = gradcli.list_checks(["."])
    suite('[tool.gradcli]\ninclude = ["a/*.toml", "b"]\nexclude = ["**/old"]\n' + text.replace("[[", "[[tool.gradcli."), "pyproject.toml")
    assert everything == ["a/one.grad.toml::one", "b/old/four.grad.toml::one", "b/three.grad.toml::one"]
    assert gradcli.list_checks(["."]) == [
        f"{name}::one" for name in ("a/one.grad.toml", "a/two.toml", "b/three.grad.toml", "pyproject.toml")
    ]
    assert gradcli.list_checks(["b/old/four.grad.toml", "c/five.toml"]) == ["b/old/four.grad.toml::one", "c/five.toml::one"]
    assert gradcli.list_checks(["b/old"]) == ["b/old/four.grad.toml::one"]
    monkeypatch.chdir("b")
    assert gradcli.list_checks(["."]) == ["three.grad.toml::one"]


@pytest.mark.parametrize(
    ("pattern", "path", "file", "below"),
    [
        ("a/*.toml", "a/b.toml", True, True),
        ("a/*.toml", "a/b/c.toml", False, False),
        ("**/*.toml", "c.toml", True, True),
        ("**/*.toml", "a/b/c.toml", True, True),
        ("a/**/c.toml", "a/c.toml", True, True),
        ("a", "a/b/c.toml", False, True),
        ("a/", "a/b/c.toml", False, True),
        ("b", "a/b/c.toml", False, False),
        ("**/b", "a/b/c.toml", False, True),
        ("a/[bc]?.toml", "a/cx.toml", True, True),
        ("*", "a/b.toml", False, True),
    ],
)
def test_patterns(pattern: str, path: str, file: bool, below: bool) -> None:
    assert (fits(pattern, path.split("/")), fits_folder(pattern, path.split("/"))) == (file, below)


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ("[tool.gradcli]\nallow-exce = true\n", 2, "unknown key 'allow-exce' under [tool.gradcli]", "did you mean 'allow-exec'?"),
        ("[tool.gradcli]\nallow-exec = 1\n", 2, "'allow-exec' has a value of the wrong kind", "allow-exec = true"),
        ('[tool.gradcli]\n\ninclude = "a"\n', 3, "'include' has a value of the wrong kind", "include = ["),
        ("[tool.gradcli]\nexclude = [1]\n", 2, "'exclude' has a value of the wrong kind", "exclude = ["),
        ("[tool.gradcli\n", 1, "no TOML", "a check is"),
    ],
)
def test_faults_of_the_project_have_file_line_and_cure(folder: Path, text: str, line: int, words: str, hint: str) -> None:
    suite(text, "pyproject.toml")
    with pytest.raises(gradcli.SuiteError) as fault:
        gradcli.check_suites([suite(MIXED)])
    assert_fault(fault.value, f"pyproject.toml:{line}", words, hint)


def test_settings_of_other_tools_are_none_of_ours(folder: Path) -> None:
    suite("[tool.other]\nallow-exec = 1\n", "pyproject.toml")
    assert len(gradcli.list_checks([suite(MIXED)])) == 10


DEFAULTS = """
[defaults]
program = "x*w"
at = {x = 3, w = 2}
require-resolution = 1e-9
formula = true

[[check]]
name = "all from the file"

[[check]]
name = "another point"
at = {x = 1, w = 1}

[[check]]
name = "drawn"
samples = 2

[[check]]
name = "a function"
python = "own.py:square"
gradient = "own.py:twice"
at = {x = 3}
"""


def test_defaults_are_for_checks_that_have_no_key_of_their_own(folder: Path) -> None:
    report = gradcli.check_suites([suite(DEFAULTS)], allow_exec=True)
    assert [check.program for check in report] == ["x*w"] * 4 + ["own.py:square"]
    assert [check.verdict for check in report] == ["agree"] * 5
    assert report.checks[0].at == {"x": 3.0, "w": 2.0}
    assert report.checks[1].at == {"x": 1.0, "w": 1.0}
    assert [check.id.rpartition("::")[2] for check in report.checks[2:4]] == ["drawn[1]", "drawn[2]"]
    assert report.checks[0].formula == {"x": "w", "w": "x"}


def test_a_target_of_its_own_takes_nothing_that_belongs_to_another(folder: Path) -> None:
    text = '[defaults]\npython = "own.py:square"\ngradient = "own.py:twice"\ntimeout = 5\nat = {x = 3}\n'
    keys = ('python = "own.py:loud"', 'exec = "./loss"', 'gradient = "own.py:square"', 'um-bridge = "http://a"\nat = "x=[1]"')
    found = entries([suite(text + "".join(f"[[check]]\n{key}\n" for key in keys))], allow_exec=True)
    assert [dict(entry.table) for entry in found] == [
        {"python": "own.py:loud", "at": {"x": 3}},
        {"exec": "./loss", "at": {"x": 3}, "timeout": 5},
        {"python": "own.py:square", "gradient": "own.py:square", "at": {"x": 3}},
        {"um-bridge": "http://a", "at": "x=[1]", "timeout": 5},
    ]


@pytest.mark.parametrize(
    ("text", "line", "words", "hint"),
    [
        ("[defaults]\nsampels = 3\n", 2, "unknown key 'sampels'", "did you mean 'samples'?"),
        ("[defaults]\nat = {x = 1}\nsamples = true\n", 3, "wrong kind", "samples = 5"),
        ('[defaults]\nname = "a"\n', 2, "'name' belongs to one check", "leave it out"),
        ("[[defaults]]\nsamples = 3\n", 1, "'defaults' is no table", "write [defaults]"),
        ("[default]\nsamples = 3\n", 1, "unknown key 'default' at the top", "did you mean [defaults]?"),
    ],
)
def test_faults_of_defaults_have_file_line_and_cure(folder: Path, text: str, line: int, words: str, hint: str) -> None:
    path = suite(text + '[[check]]\nprogram = "x"\n')
    with pytest.raises(gradcli.SuiteError) as fault:
        gradcli.check_suites([path])
    assert_fault(fault.value, f"{path}:{line}", words, hint)


def test_a_suite_that_can_not_be_read_is_an_error_among_others(folder: Path) -> None:
    suite("[[check]]\nprogram = x\n", "a.grad.toml")
    (folder / "b.grad.toml").write_bytes(b"\xff\xfe")
    suite(MIXED, "c.grad.toml")
    faults: list[gradcli.GradcliError] = []
    assert gradcli.list_checks(["."], on_fault=faults.append)[:3] == ["a.grad.toml", "b.grad.toml", "c.grad.toml::right"]
    assert [fault.line for fault in faults] == [2, None, 32]
    report = gradcli.check_suites(["."], keyword="right")
    assert [(check.id, check.verdict) for check in report] == [
        ("a.grad.toml", "error"),
        ("b.grad.toml", "error"),
        ("c.grad.toml::right", "agree"),
    ]
    assert (report.checks[0].file, report.checks[0].line) == ("a.grad.toml", 2)
    assert "a.grad.toml:2: this is no TOML" in report.checks[0].error
    assert "not UTF-8" in report.checks[1].error
    assert [check.id for check in gradcli.check_suites(["a.grad.toml::right", "c.grad.toml::right"])] == [
        "a.grad.toml",
        "c.grad.toml::right",
    ]
    for alone in ("a.grad.toml", "b.grad.toml", "a.grad.toml::right"):
        with pytest.raises(gradcli.GradcliError):
            gradcli.check_suites([alone])
    with pytest.raises(gradcli.FileProblem, match="there is no file"):
        gradcli.check_suites(["c.grad.toml", "d.grad.toml"])


def test_ids_are_one_check_each_even_where_names_are_not(folder: Path) -> None:
    text = '[[check]]\nname = "a"\nprogram = "x"\nat = {x = 1}\n'
    report = gradcli.check_suites([suite(text * 3)])
    assert [check.id for check in report] == ["s.grad.toml::a", "s.grad.toml::a in line 5", "s.grad.toml::a in line 9"]
    assert [check.verdict for check in report] == ["agree", "error", "error"]


def interrupting(count: int) -> Callable[[gradcli.Check], None]:
    """A listener that interrupts at a check."""
    told: list[str] = []

    def listen(check: gradcli.Check) -> None:
        told.append(check.id)
        if len(told) == count:
            raise KeyboardInterrupt

    return listen


@pytest.mark.parametrize("jobs", [1, 2])
def test_an_interrupted_run_has_what_was_done(folder: Path, jobs: int) -> None:
    with pytest.raises(KeyboardInterrupt) as stop:
        gradcli.check_suites([suite(MIXED)], on_check=interrupting(3), jobs=jobs)
    assert isinstance(stop.value, gradcli.Interrupted)
    report = stop.value.report
    assert (len(report.checks), report.interrupted, report.exit_code) == (3, True, 130)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("jobs", [(), ("--jobs", "2")])
def test_a_signal_ends_a_run_with_the_report_so_far(folder: Path, number: signal.Signals, jobs: tuple[str, ...]) -> None:
    os.mkfifo("pipe")
    suite(checks("square", "waits"))
    words = ["check", ".", "--allow-exec", "--report", "json:report.json", *jobs]
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    # what is started in the background of a shell ignores SIGINT, and hands that down
    heeding = {"env": environment, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    with subprocess.Popen([sys.executable, "-m", "gradcli", *words], stdout=subprocess.PIPE, text=True, **heeding) as process:
        with Path("pipe").open():
            pass
        process.send_signal(number)
        out, _ = process.communicate()
    assert process.returncode == 130
    if not jobs:  # of several processes the other may not have come to the first check yet
        assert "agree" in out
    assert "interrupted: more checks were to follow" in out
    assert '"interrupted": true' in Path("report.json").read_text()


def test_after_a_run_signals_do_what_they_did_before(folder: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    suite(MIXED)
    assert called(["check", "."], {}).code == 1
    assert signal.getsignal(signal.SIGTERM) is before
