"""Reports of `check` as files and for GitHub's runner: refused before anything runs, written whole, and never lost."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import gradcli
from gradcli.checking.suites import running
from gradcli.checking.suites.entry import Entry
from gradcli.checking.suites.running import judged
from gradcli.cli import reports, writing
from gradcli.errors import FileProblem
from gradcli.results import Check
from tests.cases.session import Ended
from tests.rendering.schema import faults
from tests.suites import RIGHT, WRONG

Call = Callable[..., Ended]

SUITE = RIGHT + WRONG


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder with a suite."""
    monkeypatch.chdir(tmp_path)
    Path("s.grad.toml").write_text(SUITE)


@pytest.fixture
def _nothing_may_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any, **__: Any) -> None:
        raise AssertionError("a check ran")

    for name in ("check", "check_suites", "list_checks"):
        monkeypatch.setitem(vars(gradcli), name, failing)


def test_every_report_is_written_beside_the_answer(call: Call) -> None:
    words = [word for form in ("junit", "xunit", "json", "jsonl", "markdown", "github") for word in ("--report", f"{form}:r.{form}")]
    ended = call("check", "s.grad.toml", "--format", "plain", *words)
    assert (ended.code, ended.out, ended.err) == (1, "s.grad.toml::right\tagree\ns.grad.toml::wrong\tdisagree\n", "")
    assert [case.get("line") for case in ElementTree.parse("r.junit").iter("testcase")] == ["2", "8"]
    assert faults(json.loads(Path("r.json").read_text()), "check") == []
    assert {path.name for path in Path().iterdir()} == {"s.grad.toml", *(f"r.{word.partition(':r.')[2]}" for word in words[1::2])}


def test_reports_have_all_checks_whatever_the_answer_shows(call: Call) -> None:
    call("check", "s.grad.toml", "--failed-only", "--report", "junit:r.xml")
    assert [case.get("name") for case in ElementTree.parse("r.xml").iter("testcase")] == ["right", "wrong"]


def test_a_check_in_junit_took_its_time(call: Call) -> None:
    call("check", "s.grad.toml", "--report", "junit:r.xml")
    assert all(float(case.get("time", "0")) > 0 for case in ElementTree.parse("r.xml").iter("testcase"))


@pytest.mark.usefixtures("_nothing_may_run")
@pytest.mark.parametrize(
    "value",
    ["junt:r.xml", "junit", "junit:", "junit:-", "github:-", "json:no/r.json", "json:.", "json:r/", ":r", "", "json:\0", "json:a\ud800/b"],
)
@pytest.mark.parametrize("words", [("s.grad.toml",), ("x^2", "x=1"), (".", "--list")])
def test_a_report_that_can_not_be_written_is_refused_before_anything_runs(call: Call, value: str, words: tuple[str, ...]) -> None:
    ended = call("check", *words, "--report", value)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("error: ")
    assert ended.err.count("\n") == 2
    assert "\nhint: " in ended.err


@pytest.mark.usefixtures("_nothing_may_run")
def test_two_answers_never_go_into_one_file(call: Call) -> None:
    Path("link.json").symlink_to("r.json")
    for words in (("--report", "junit:./r.json"), ("-o", "r.json"), ("--report", "jsonl:link.json")):
        assert "two answers go into the file" in call("check", "s.grad.toml", "--report", "json:r.json", *words).err


def test_devices_take_several_reports(call: Call) -> None:
    assert call("check", "s.grad.toml", "--report", f"json:{os.devnull}", "--report", f"junit:{os.devnull}").code == 1
    assert not stat.S_ISREG(Path(os.devnull).stat().st_mode)


def test_a_report_replaces_a_file_with_its_permissions_also_behind_a_link(call: Call) -> None:
    Path("old.xml").write_text("old")
    Path("old.xml").chmod(0o640)
    Path("link.xml").symlink_to("old.xml")
    call("check", "s.grad.toml", "--report", "junit:link.xml")
    assert Path("link.xml").is_symlink()
    assert Path("old.xml").read_text().startswith("<?xml")
    assert stat.S_IMODE(Path("old.xml").stat().st_mode) == 0o640


def test_a_folder_that_takes_no_new_file_gets_the_report_in_place(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr(writing.os, "replace", refused)
    Path("r.json").write_text("old")
    assert call("check", "s.grad.toml", "--report", "json:r.json").code == 1
    assert json.loads(Path("r.json").read_text())["verdict"] == "disagree"
    assert {path.name for path in Path().iterdir()} == {"s.grad.toml", "r.json"}


def test_a_report_that_fails_takes_neither_the_answer_nor_the_other_reports_with_it(call: Call) -> None:
    ended = call("check", "s.grad.toml", "--format", "plain", "--report", "json:/dev/full", "--report", "junit:r.xml")
    assert (ended.code, ended.out.count("\n")) == (2, 2)
    assert ended.err.startswith("error: can't write the report '/dev/full': No space left on device\nhint: ")
    assert Path("r.xml").exists()


def test_a_full_disk_leaves_the_old_report(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    Path("r.json").write_text("old")
    monkeypatch.setattr(writing.os, "replace", full)
    with pytest.raises(FileProblem, match="No space left"):
        writing.replace_file("r.json", "new")
    assert Path("r.json").read_text() == "old"
    assert {path.name for path in Path().iterdir()} == {"s.grad.toml", "r.json"}


@pytest.mark.parametrize(
    ("text", "line", "said"), [(SUITE + "name = \n", "13", "this is no TOML: "), (SUITE + 'expct = "x"\n', "13", "unknown key ")]
)
def test_a_suite_that_can_not_be_understood_is_an_error_at_its_line_in_every_report(call: Call, text: str, line: str, said: str) -> None:
    Path("s.grad.toml").write_text(text)
    ended = call("check", "s.grad.toml", "--report", "junit:r.xml", "--report", "github:r.txt", "--report", "json:r.json")
    assert ended.code == 2
    *_, case = ElementTree.parse("r.xml").iter("testcase")
    assert (case.get("file"), case.get("line"), case[0].tag) == ("s.grad.toml", line, "error")
    assert case[0].get("message", "").startswith(f"s.grad.toml:{line}: {said}")
    assert f"::error file=s.grad.toml,line={line},title=error%3A " in Path("r.txt").read_text()
    assert faults(json.loads(Path("r.json").read_text()), "check") == []


def test_an_interrupted_run_writes_what_was_done(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(entry: Entry) -> Iterator[Check]:
        if entry.name == "wrong":
            raise KeyboardInterrupt
        return judged(entry)

    monkeypatch.setattr(running, "judged", stopped)
    ended = call("check", "s.grad.toml", "--report", "junit:r.xml", "--report", "json:r.json", "--report", "github")
    assert ended.code == 130
    assert [(case.get("name"), len(case)) for case in ElementTree.parse("r.xml").iter("testcase")] == [("right", 0), ("interrupted", 1)]
    assert json.loads(Path("r.json").read_text())["interrupted"] is True
    assert "::error title=error%3A interrupted::the run was interrupted after 1 of its checks" in ended.err


def test_a_program_that_can_not_be_checked_is_an_error_in_every_report(call: Call) -> None:
    assert call("check", "x*", "x=1", "--report", "junit:r.xml").code == 2
    (case,) = ElementTree.parse("r.xml").iter("testcase")
    assert (case.get("file"), case[0].tag) == (None, "error")


def test_a_report_of_a_failure_that_can_not_be_written_hides_no_failure(call: Call) -> None:
    ended = call("check", "x*", "x=1", "--report", "json:/dev/full", "--json")
    assert ended.code == 2
    assert ended.err.count("error: ") == 2
    assert json.loads(ended.out)["kind"] == "syntax"


def test_a_function_of_somebody_else_is_reported_as_well(call: Call) -> None:
    Path("f.py").write_text("def f(x):\n    return x * x\n\n\ndef g(x):\n    return 3 * x\n")
    ended = call("check", "--python", "f.py:f", "--gradient", "f.py:g", "--at", "x=2", "--report", "junit:r.xml", "--report", "github")
    (case,) = ElementTree.parse("r.xml").iter("testcase")
    assert (ended.code, case.get("name"), case[0].get("type")) == (1, "f.py:f", "disagree")
    assert ended.err.startswith("::error title=disagree%3A f.py%3Af::x: ")


def test_github_alone_writes_to_standard_error_and_leaves_the_answer_alone(call: Call) -> None:
    ended = call("check", "s.grad.toml", "--json", "--report", "github")
    assert json.loads(ended.out)["verdict"] == "disagree"
    assert [line.split(" ")[0] for line in ended.err.splitlines()] == ["::error", "::error"]


def test_github_gets_files_from_the_top_of_the_repository(call: Call, tmp_path: Path) -> None:
    ended = call("check", "s.grad.toml", "--report", "github", GITHUB_WORKSPACE=str(tmp_path.parent))
    assert f"file={tmp_path.name}/s.grad.toml,line=8," in ended.err
    ended = call("check", "s.grad.toml", "--report", "github", GITHUB_WORKSPACE=str(tmp_path / "elsewhere"))
    assert "file=s.grad.toml,line=8," in ended.err


def test_the_summary_of_a_step_grows_by_the_report(call: Call) -> None:
    Path("summary.md").write_text("before\n")
    call("check", "s.grad.toml", "--report", "github", GITHUB_STEP_SUMMARY="summary.md")
    call("check", "s.grad.toml", "--report", "github:r.txt", GITHUB_STEP_SUMMARY="summary.md")
    text = Path("summary.md").read_text("utf-8")
    assert text.startswith("before\n## gradcli check: disagree\n")
    assert text.count("## gradcli check: disagree\n") == 2


def test_other_reports_do_not_touch_the_summary_of_a_step(call: Call) -> None:
    call("check", "s.grad.toml", "--report", "markdown:r.md", GITHUB_STEP_SUMMARY="summary.md")
    assert not Path("summary.md").exists()


def test_a_summary_that_is_nearly_full_gets_what_there_is_room_for(call: Call) -> None:
    Path("summary.md").write_text("x" * (reports.SUMMARY_LIMIT - 500))
    call("check", "s.grad.toml", "--report", "github", GITHUB_STEP_SUMMARY="summary.md")
    assert reports.SUMMARY_LIMIT - 400 < Path("summary.md").stat().st_size <= reports.SUMMARY_LIMIT
    assert Path("summary.md").read_text("utf-8").endswith("writes all of it.*\n")


def test_a_summary_that_can_not_be_written_is_a_warning(call: Call) -> None:
    ended = call("check", "s.grad.toml", "--report", "github", GITHUB_STEP_SUMMARY="no/summary.md")
    assert ended.code == 1
    assert ended.err.endswith("warning: no summary of the step in 'no/summary.md': No such file or directory\n")
