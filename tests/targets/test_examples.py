"""The examples in other languages, as far as this machine can run them: right gradients agree, planted faults are found."""

from __future__ import annotations

import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from gradcli.checking.foreign import check_target
from gradcli.errors import TargetProblem
from gradcli.results import Check
from gradcli.targets import open_target

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "programs"
LIMIT = 60.0


@dataclass(frozen=True)
class Example:
    """A program: its file, what makes a command of it, a point, a piece of its gradient and what is wrong instead, what that spoils."""

    file: str
    needs: tuple[str, ...]
    at: str
    right: str
    wrong: str
    spoiled: tuple[tuple[str, str | None], ...]
    nowhere: str | None = None

    def command(self, folder: Path, text: str) -> str:
        """The command that runs a text of the program, compiled in a folder where it has to be."""
        source = folder / self.file
        source.write_text(text, "utf-8")
        if source.suffix == ".sh":
            return shlex.join(["sh", str(source)])
        program = folder / "program"
        compiler = shutil.which("cc") or "gcc" if source.suffix == ".c" else "rustc"
        options = ["-Wall", "-Wextra", "-Werror", "-lm"] if source.suffix == ".c" else ["-Dwarnings"]
        subprocess.run([compiler, str(source), "-o", str(program), *options], check=True, capture_output=True)
        return shlex.join([str(program)])


EXAMPLES = [
    Example("rosenbrock.sh", ("sh", "awk"), "x=-1.2,y=1", "400 * x * d, 200 * d", "400 * x * d, 100 * d", (("y", None),)),
    Example("logistic.c", ("cc",), "w=[0.5,-1],b=0.25", "by_b += slope", "by_b -= slope", (("b", None),), "w=[1,2,3],b=1"),
    Example("polar.rs", ("rustc",), "r=2,phi=0.5", "-r * sin, r * cos)", "r * cos, -r * sin)",
            (("phi", "value[0]"), ("phi", "value[1]")), "r=-1,phi=0"),
]  # fmt: skip

HERE = [example for example in EXAMPLES if all(map(shutil.which, example.needs))]
"""Those that this machine can run: a machine without a compiler still has a shell."""


def checked(example: Example, folder: Path, text: str, at: Any) -> Check:
    """The check of a text of a program."""
    with open_target({"exec": example.command(folder, text), "timeout": LIMIT}) as target:
        return check_target(target, at).checks[0]


def test_there_is_something_to_run() -> None:
    assert HERE
    assert {example.file for example in EXAMPLES} == {path.name for path in FOLDER.iterdir()}


@pytest.mark.parametrize("example", HERE, ids=lambda example: example.file)
def test_the_gradient_of_an_example_agrees_and_a_planted_fault_is_found(example: Example, tmp_path: Path) -> None:
    text = (FOLDER / example.file).read_text("utf-8")
    check = checked(example, tmp_path, text, example.at)
    assert check.verdict == "agree"
    assert max(row.resolution or 1.0 for row in check.rows) < 1e-10
    assert text.count(example.right) == 1
    wrong = checked(example, tmp_path, text.replace(example.right, example.wrong), example.at)
    assert tuple((row.input, row.output) for row in wrong.rows if row.verdict == "disagree") == example.spoiled


@pytest.mark.parametrize("example", [example for example in HERE if example.nowhere], ids=lambda example: example.file)
def test_an_example_says_where_it_has_no_value(example: Example, tmp_path: Path) -> None:
    with pytest.raises(TargetProblem, match="has no value at") as caught:
        checked(example, tmp_path, (FOLDER / example.file).read_text("utf-8"), example.nowhere)
    assert not caught.value.gone


def test_the_readme_shows_the_example_in_shell_and_awk() -> None:
    assert "".join(f"    {line}".rstrip() + "\n" for line in (FOLDER / "rosenbrock.sh").read_text("utf-8").splitlines()) in (
        ROOT / "README.md"
    ).read_text("utf-8")
