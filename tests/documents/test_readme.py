"""What the README and `--help` show is what happens: examples, tables, numbers and the picture."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from pathlib import Path

import pytest

import gradcli
from gradcli import files
from gradcli.cli.app import COMMANDS
from gradcli.differentiation.jacobians import MAX_ENTRIES
from gradcli.differentiation.taylor import MAX_ORDER, MAX_STEPS
from gradcli.rendering.gradient_nodes import ENDS, LONG
from gradcli.rendering.matrices import IN_TABLE
from tests.cases.session import called
from tests.documents.readme import CONSOLE, OPTIONS, PICTURE, README, ROOT, rerun, screens, squeezed, tables, words_of

TEXT = README.read_text("utf-8")
BLOCKS = list(CONSOLE.finditer(TEXT))
COMMAND_LINES = re.findall(r"(?m)^\$ (.*)$", "".join(block[2] for block in BLOCKS))
HELP = {command: called([command, "--help"], {}).out for command in COMMANDS} | {"": called(["--help"], {}).out}
EXAMPLES = [(command, line) for command, text in HELP.items() for line in re.findall(r"(?m)^    gradcli (.*)$", text)]


LOSS = """#!/bin/sh
while read -r line; do id=$((id + 1)); echo "{\\"id\\": $id, \\"value\\": 2, \\"grad\\": {\\"w\\": 0}}"; done
"""
"""A program that the examples of the help may run."""


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block[2].splitlines()[0])
def test_an_example_prints_what_the_readme_shows(block: re.Match[str]) -> None:
    assert rerun(block) == block[0]


@pytest.mark.parametrize("line", COMMAND_LINES)
def test_an_example_can_be_typed_in_every_shell(line: str) -> None:
    assert not set(line) & set("'!$`\\")
    assert not set(re.sub('"[^"]*"', "", line)) & set("()[]{}*^;<>|&~")
    assert "--at=" not in line


@pytest.mark.parametrize(("command", "line"), EXAMPLES)
def test_an_example_of_the_help_works(command: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.grad.toml").write_text('[[check]]\nname = "loss"\nprogram = "x**2"\nat = {x = 1}\n')
    (tmp_path / "loss.py").write_text("def f(w): return w**2\ndef df(w): return 2*w\n")
    (tmp_path / "loss").write_text(LOSS)
    (tmp_path / "loss").chmod(0o755)
    ended = called(shlex.split(line), {})
    assert (ended.code, ended.err) == (0, "")
    assert ended.out


def test_the_tables_of_options_are_those_of_the_commands() -> None:
    found = OPTIONS.search(TEXT)
    assert found
    assert found[0] == f"{found[1]}{''.join(tables())}{found[2]}"


def test_every_option_of_the_tables_is_in_the_help() -> None:
    for command in COMMANDS:
        (table,) = [text for text in tables_by_command() if text.startswith(f"### gradcli {command}\n")]
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", table)) <= set(re.findall(r"--?[a-z][a-z-]*", HELP[command]))


def tables_by_command() -> list[str]:
    """The text of the tables of options, one piece per command."""
    return re.split(r"(?=### gradcli )", "".join(tables()))


def test_the_examples_in_python_are_right() -> None:
    (block,) = re.findall(r"(?ms)^```python\n(.*?)^```$", TEXT)
    test = doctest.DocTestParser().get_doctest(block, {}, "README", str(README), 0)
    failed, attempted = doctest.DocTestRunner(verbose=False).run(test)
    assert attempted > 4
    assert failed == 0


def test_the_suites_come_out_as_declared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, shared, project = re.findall(r"(?ms)^```toml\n(.*?)^```$", TEXT)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").mkdir()
    shutil.copy(ROOT / "examples" / "gradients.py", "examples")
    Path("a.grad.toml").write_text(first, "utf-8")
    Path("models").mkdir()
    Path("models/b.grad.toml").write_text(shared.replace("examples/", "../examples/"), "utf-8")
    assert [check.verdict for check in gradcli.check_suites(["a.grad.toml"])] == ["agree", "agree", "kink", "agree"]
    assert [check.verdict for check in gradcli.check_suites(["models"])] == ["error", "error"]
    Path("pyproject.toml").write_text(project, "utf-8")
    report = gradcli.check_suites(["."])
    assert ([check.verdict for check in report], report.exit_code) == (["agree"] * 5, 0)


def test_the_diff_of_a_suite_is_that_of_the_session() -> None:
    (block,) = re.findall(r"(?ms)^```diff\n(.*?)^```$", TEXT)
    session = (ROOT / "tests" / "cases" / "suite_runs.session").read_text("utf-8")
    assert "".join(f"| {row}".rstrip() + "\n" for row in block.splitlines()) in session


def test_the_picture_shows_what_the_tool_shows() -> None:
    shown = "".join(f"{prompt}{re.sub(chr(27) + '.[0-9;]*m', '', text)}" for prompt, text in screens())
    assert words_of(PICTURE.read_text("utf-8")).removeprefix("gradcli") == squeezed(shown)
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", PICTURE.read_text("utf-8"))


def test_the_numbers_of_the_limits_are_those_of_the_code() -> None:
    limits = " ".join(TEXT.partition("## Limits")[2].partition("\n## ")[0].split())
    assert f"{files.LIMIT // 2**20} MB of program text" in limits
    assert f"order {MAX_ORDER} " in limits
    assert f"{MAX_STEPS:,} Taylor series; {MAX_ENTRIES:,} entries of a Jacobian or a Hessian" in limits
    assert f"a table shows up to {IN_TABLE:,}." in limits
    assert f"more than {LONG} nodes shows its first and last {ENDS};" in limits


def test_every_file_that_the_readme_names_exists() -> None:
    for name in re.findall(r"(?<![\w/.])(?!gradcli/\w+/\d)((?:examples|tests|gradcli)/(?:\w+/|[\w/]+(?:\.\w+)+))", TEXT):
        assert (ROOT / name).exists(), name


def test_every_exit_code_is_explained() -> None:
    assert re.findall(r"(?m)^\| (\d+) \|", TEXT) == ["0", "1", "2", "3", "130"]
