"""The plug-in of pytest, in a pytest of its own for each law: what it collects, what it shows, and what it leaves alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import pytest

import gradcli
from tests.suites import CORNER, DRAWN, IMPOSSIBLE, KNOWN_CORNER, MISSPELLED, RIGHT, WRONG

ROOT = Path(gradcli.__file__).parents[1]
PLUGIN = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["pytest11"]

SUITE = RIGHT.replace("{x = 3}", "[{x = 3}, {x = 4}]") + WRONG + CORNER + KNOWN_CORNER + DRAWN + IMPOSSIBLE + MISSPELLED

CODE = """
[[check]]
name = "code"
python = "square.py:square"
gradient = "square.py:slope"
at = {x = 3}
"""

SQUARE = "def square(x):\n    return x * x\n\n\ndef slope(x):\n    return 2 * x\n"

LOADED = """
import json, sys

HEAVY = {"sympy", "numpy", "rich", "typer"}

def pytest_collection_finish(session):
    print("collected with", json.dumps([len(session.items), sorted(HEAVY & set(sys.modules))]))

def pytest_unconfigure(config):
    print("ended with", json.dumps(sorted(name for name in sys.modules if name.split(".")[0] == "gradcli")))
"""


class Ended(NamedTuple):
    """How a pytest ended."""

    code: int
    out: str

    def lines(self, start: str) -> list[str]:
        """The rest of the lines that begin with a text."""
        return [line.removeprefix(start) for line in self.out.splitlines() if line.startswith(start)]


def run(folder: Path, *words: str, plugins: Sequence[str] = (PLUGIN["gradcli"],), autoload: bool = False) -> Ended:
    """Call pytest in a folder, with the plug-in by its module, so that it need not be installed."""
    without = {} if autoload else {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200", "PYTHONIOENCODING": "utf-8", **without}
    chosen = [word for plugin in plugins for word in ("-p", plugin)]
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *chosen, *words]
    clean = {
        name: value for name, value in environment.items() if not name.startswith(("PYTEST_XDIST", "PYTEST_CURRENT", "PYTEST_ADDOPTS"))
    }
    ended = subprocess.run(command, cwd=folder, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", check=False)
    return Ended(ended.returncode, ended.stdout)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with a suite, tests in Python and a file that is none of the plug-in's business."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "checks").mkdir()
    (folder / "checks" / "s.grad.toml").write_text(SUITE)
    (folder / "test_it.py").write_text("def test_it():\n    assert True\n")
    (folder / "grad.toml").write_text("broken [")
    (folder / "x.grad").write_text("broken (")
    (folder / "conftest.py").write_text(LOADED)
    return folder


@pytest.fixture(scope="module")
def ended(project: Path) -> Ended:
    """All tests of the project, run once."""
    return run(project, "-rA", "-s", "--junitxml=j.xml", "-o", "junit_family=xunit1")


def test_every_point_of_every_check_is_a_test_with_the_name_that_gradcli_lists(project: Path, ended: Ended) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "gradcli", "check", "checks", "--list"],
        cwd=project, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, encoding="utf-8", check=False,
    ).stdout.splitlines()  # fmt: skip
    shown = [line for verdict in ("PASSED ", "FAILED ") for line in ended.lines(verdict)]
    assert {line.partition(" - ")[0] for line in shown} == {*listed, "test_it.py::test_it"}
    assert ended.code == 1
    assert " 4 failed, 7 passed in " in ended.out


def test_nothing_heavy_is_imported_before_a_test_runs(ended: Ended) -> None:
    assert ended.lines("collected with ") == ["[11, []]"]


def test_a_failure_says_why_and_shows_the_page_of_the_check(ended: Ended) -> None:
    (line,) = ended.lines("FAILED checks/s.grad.toml::wrong - ")
    assert line.startswith("Failed: x: the claim x: 3.0 here, and the derivative is 6.0 ")
    assert '\nreproduce  gradcli check "checks/s.grad.toml::wrong"\n' in ended.out
    assert "\nkink  checks/s.grad.toml::corner\n" in ended.out
    assert "\n  hint: add at = {w = 1.0} to the check\n" in ended.out
    assert "checks/s.grad.toml:37: unknown key 'progam'" in ended.out
    assert "Traceback" not in ended.out
    assert "pytest_plugin.py" not in ended.out


@pytest.mark.usefixtures("ended")
def test_junit_of_pytest_has_the_place_of_every_check(project: Path) -> None:
    cases = {case.get("name"): case for case in ElementTree.parse(project / "j.xml").iter("testcase")}
    assert (cases["wrong"].get("file"), cases["wrong"].get("line")) == ("checks/s.grad.toml", "7")
    assert cases["drawn[2]"].get("classname") == "checks.s.grad.toml"
    (failure,) = cases["wrong"]
    assert "\ndisagree  checks/s.grad.toml::wrong\n" in str(failure.text)


def test_tests_are_selected_by_text_and_by_name(project: Path) -> None:
    chosen = run(project, "-q", "checks/s.grad.toml::right", "checks/s.grad.toml::drawn[2]", "--collect-only")
    assert chosen.lines("checks/s.grad.toml::") == ["right[1]", "right[2]", "drawn[2]"]
    assert run(project, "-k", "corner", "-q", "--collect-only").lines("checks/s.grad.toml::") == ["corner", "known corner"]
    assert run(project, "-k", "known", "-q").code == 0


def test_processes_share_the_tests(project: Path) -> None:
    ended = run(project, "-n", "2", "-q", "-rf", plugins=[*PLUGIN.values(), "xdist"])
    assert {line.partition(" - ")[0] for line in ended.lines("FAILED checks/s.grad.toml::")} == {
        "wrong",
        "corner",
        "impossible",
        "misspelled",
    }
    assert "4 failed, 7 passed" in ended.out


def test_a_suite_that_can_not_be_read_is_an_error_of_collection_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "s.grad.toml").write_text('[[check]]\nprogram = "x\n')
    ended = run(tmp_path)
    assert ended.code == 2
    assert "\nerror: s.grad.toml:2: this is no TOML: Illegal character '\\n'\nhint: a check is [[check]]" in ended.out
    assert "Traceback" not in ended.out


def test_a_project_without_suites_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(LOADED)
    (tmp_path / "test_it.py").write_text("def test_it():\n    assert True\n")
    ended = run(tmp_path, "-s")
    assert ended.code == 0
    assert ended.lines("ended with ") == [json.dumps(["gradcli", "gradcli.pytest_plugin"])]


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ((), {}),
        (("--gradcli-allow-exec",), {}),
        ((), {"pytest.ini": "[pytest]\ngradcli_allow_exec = true\n"}),
        ((), {"pyproject.toml": "[tool.gradcli]\nallow-exec = true\n"}),
    ],
    ids=["nobody", "option", "ini", "pyproject"],
)
def test_code_runs_only_with_permission(words: Sequence[str], files: Mapping[str, str], tmp_path: Path) -> None:
    for name, text in {"s.grad.toml": CODE, "square.py": SQUARE, **files}.items():
        (tmp_path / name).write_text(text)
    ended = run(tmp_path, *words)
    allowed = bool(words or files)
    assert ended.code == (0 if allowed else 1)
    assert ("runs code, which nobody has allowed" in ended.out) is not allowed


def test_what_the_project_excludes_is_collected_only_by_name(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.gradcli]\nexclude = ["s.grad.toml"]\n')
    (tmp_path / "s.grad.toml").write_text('[[check]]\nprogram = "x**2"\nat = {x = 1}\n')
    assert run(tmp_path).code == 5
    assert run(tmp_path, "s.grad.toml").code == 0


def test_a_fault_of_gradcli_stays_a_fault(tmp_path: Path) -> None:
    (tmp_path / "s.grad.toml").write_text('[[check]]\nprogram = "x**2"\nat = {x = 1}\n')
    (tmp_path / "conftest.py").write_text("import gradcli.checking.suites.running as running\n\nrunning.judged = lambda entry: 1 / 0\n")
    ended = run(tmp_path)
    assert ended.code == 1
    assert "ZeroDivisionError: division by zero" in ended.out


def test_an_installed_plug_in_is_found_by_its_entry_point_and_switched_off_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "s.grad.toml").write_text('[[check]]\nname = "it"\nprogram = "x**2"\nat = {x = 1}\n')
    info = tmp_path / "standin-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: standin\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[pytest11]\n" + "".join(f"{name} = {module}\n" for name, module in PLUGIN.items()))
    here = ["-c", os.devnull, "--rootdir", str(tmp_path), "-q", "--collect-only"]
    assert "s.grad.toml::it" in run(tmp_path, *here, plugins=(), autoload=True).out
    assert run(tmp_path, *here, plugins=("no:gradcli",), autoload=True).code == 5
