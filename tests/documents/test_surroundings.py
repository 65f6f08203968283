"""What others run of gradcli works as it stands: the hooks of pre-commit, and the commands of the README's jobs for CI."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.cases.session import called
from tests.documents.readme import README, ROOT

HOOKS = ROOT / ".pre-commit-hooks.yaml"
CI = README.read_text("utf-8").partition("\n## In CI\n")[2].partition("\n## ")[0]
JOBS = re.findall(r"(?ms)^```(?:yaml|groovy)\n(.*?)^```$", CI)
COMMANDS = re.findall(r"gradcli check(?: [\w:.-]+)*", "".join(JOBS))

GOOD = '[[check]]\nname = "good"\nprogram = "x**2"\nat = {x = 1}\n'
BAD = '[[check]]\nname = "bad"\nprogram = "x**2"\nat = {x = 1}\nexpect = "x"\n'


def hooks() -> dict[str, dict[str, str]]:
    """The hooks by their ids: a list of mappings from words to plain text, which is all that the file has of YAML."""
    found: list[dict[str, str]] = []
    for row in HOOKS.read_text("utf-8").splitlines():
        match = re.fullmatch(r"(- |  )([a-z_]+): ([\w .,\\()?$-]+)", row)
        assert match, row
        if match[1] == "- ":
            found.append({})
        found[-1][match[2]] = match[3]
    return {hook["id"]: hook for hook in found}


@pytest.fixture(autouse=True)
def _project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a project with a suite that passes and one that does not."""
    monkeypatch.chdir(tmp_path)
    Path("good.grad.toml").write_text(GOOD)
    Path("bad.grad.toml").write_text(BAD)


def test_the_hooks_have_what_pre_commit_needs() -> None:
    assert set(hooks()) == {"gradcli", "gradcli-all"}
    for hook in hooks().values():
        assert {"id", "name", "entry", "language", "files"} <= set(hook)
        assert hook["language"] == "python"


def test_the_hook_for_suites_checks_the_files_that_it_is_given() -> None:
    hook = hooks()["gradcli"]
    assert [name for name in ("a/b.grad.toml", "a.toml", "x.grad", "grad.toml.py") if re.search(hook["files"], name)] == ["a/b.grad.toml"]
    words = shlex.split(hook["entry"])
    assert words[0] == "gradcli"
    assert called([*words[1:], "good.grad.toml"], {}).code == 0
    ended = called([*words[1:], "good.grad.toml", "bad.grad.toml"], {})
    assert ended.code == 1
    assert "good" not in ended.out


def test_the_hook_for_all_suites_is_given_none() -> None:
    hook = hooks()["gradcli-all"]
    assert hook["pass_filenames"] == "false"
    assert [name for name in ("a/b.grad.toml", "a.toml", "x.grad") if re.search(hook["files"], name)] == ["a/b.grad.toml", "x.grad"]
    assert called(shlex.split(hook["entry"])[1:], {}).code == 1
    Path("bad.grad.toml").unlink()
    assert called(shlex.split(hook["entry"])[1:], {}).code == 0


def test_the_readme_names_the_hooks() -> None:
    assert set(re.findall(r"- id: ([\w-]+)", CI)) <= set(hooks())
    assert "- id: gradcli" in CI


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_a_job_fails_for_a_wrong_gradient_and_leaves_its_report(command: str) -> None:
    assert called(shlex.split(command)[1:], {}).code == 1
    report = re.search(r"--report \w+:(\S+)", command)
    assert report is None or Path(report[1]).read_text("utf-8").startswith("<?xml")
    Path("bad.grad.toml").unlink()
    assert called(shlex.split(command)[1:], {}).code == 0


def test_every_job_runs_a_check() -> None:
    assert len(COMMANDS) >= 3
