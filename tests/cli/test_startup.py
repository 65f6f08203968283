"""What a call imports: one command's module, and nothing heavy; and how the trick that spares pydantic gives way to other Typers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from gradcli.cli import plain_typer
from gradcli.cli.app import COMMANDS

ROOT = Path(__file__).parents[2]

TOY = """
import sys
from types import ModuleType, SimpleNamespace
import gradcli
rendering = sys.modules["gradcli.rendering"] = ModuleType("gradcli.rendering")
rendering.render_gradient = lambda *args, **options: "answer\\n" * {lines}
gradcli.grad = lambda *args, **options: SimpleNamespace(exit_code=0, warnings=())
{before}
from gradcli.cli import main
code = main()
sys.stderr.write(repr(sorted(sys.modules)))
sys.exit(code)
"""


def toy(*words: str, before: str = "", lines: int = 1) -> subprocess.CompletedProcess[str]:
    """A process of its own that calls gradcli with a library that does nothing; it writes what it has imported to stderr."""
    script = TOY.format(before=before, lines=lines)
    return subprocess.run([sys.executable, "-c", script, *words], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)


def modules(ended: subprocess.CompletedProcess[str]) -> set[str]:
    """The modules that a process had imported."""
    return set(eval(ended.stderr))


IMPORTS = "import sys, typer, typer.main; sys.stderr.write(repr(sorted(sys.modules)))"

HEAVY = {"rich", "numpy", "sympy", "mpmath", "json", "importlib.metadata", "tomllib", "asyncio", "http", "email"}


def test_a_gradient_as_json_imports_nothing_heavy_beside_typer() -> None:
    ended = toy("grad", "x^2", "--at", "x=3", "--json", "--wrt", "x", "--value")
    assert (ended.returncode, ended.stdout) == (0, "answer\n")
    alone = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False, timeout=60)
    assert not (modules(ended) - modules(alone)) & HEAVY


@pytest.mark.skipif(not typer.__version__.startswith(plain_typer.TESTED), reason="only these Typers load it, and only there it is spared")
@pytest.mark.parametrize("words", [["grad", "x^2", "--at", "x=3"], ["grad", "--help"], ["--version"], ["--help"]])
def test_pydantic_is_not_loaded(words: list[str]) -> None:
    ended = toy(*words)
    assert ended.returncode == 0
    assert not {name for name in modules(ended) if name.startswith("pydantic")}


@pytest.mark.skipif(not typer.__version__.startswith("0.29."), reason="only this Typer converts with pydantic")
def test_under_an_unknown_typer_the_trick_is_off_and_everything_works() -> None:
    ended = toy("grad", "x^2", "--at", "x=3", before="import typer; typer.__version__ = '9.0.0'")
    assert (ended.returncode, ended.stdout) == (0, "answer\n")
    assert "pydantic" in modules(ended)


@pytest.mark.parametrize("version", ["0.15.4", "0.30.0", "1.0", "0.290"])
def test_parameters_are_left_alone_under_other_versions(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    class Param:
        _runtime_param = None

    monkeypatch.setattr(typer, "__version__", version)
    param = Param()
    plain_typer.spare_pydantic([param])
    assert param._runtime_param is None


def test_parameters_without_the_attribute_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(typer, "__version__", "0.29.0")
    param = object.__new__(type("Param", (), {}))
    plain_typer.spare_pydantic([param])
    assert vars(param) == {}


@pytest.mark.parametrize("command", COMMANDS)
def test_only_the_module_of_the_command_is_imported(command: str) -> None:
    found = modules(toy(command, "--help"))
    assert {name for name in found if name.endswith("_command")} == {f"gradcli.cli.{COMMANDS[command]}"}


def test_the_overview_lists_every_command(call: Callable[..., Any]) -> None:
    ended = call("--help")
    assert ended.code == 0
    assert all(f"\n  {command} " in ended.out for command in COMMANDS)
    assert '\n    gradcli grad "(x+w)*(w+1)" --at w=1,x=2\n' in ended.out


def test_without_words_the_overview_is_an_error(call: Callable[..., Any]) -> None:
    ended = call()
    assert (ended.code, ended.out) == (2, "")
    assert "Commands:" in ended.err


def test_the_version_is_printed(call: Callable[..., Any]) -> None:
    ended = call("--version")
    assert ended.code == 0
    assert ended.out.startswith("gradcli ")


def test_the_module_can_be_run() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "gradcli", "--version"], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_reader_who_leaves_early_is_no_failure() -> None:
    script = TOY.format(before="", lines=500_000).replace("sys.stderr.write", "str")
    writer = subprocess.Popen([sys.executable, "-c", script, "grad", "x"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    assert writer.stdout is not None
    assert writer.stderr is not None
    assert writer.stdout.readline() == b"answer\n"
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait(60) == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
@pytest.mark.parametrize("words", [["grad", "x"], ["--help"], ["grad", "-h"], ["grad", "x", "--order", "nonsense", "--json"]])
def test_a_full_disk_is_said_without_a_traceback(words: list[str]) -> None:
    script = TOY.format(before="", lines=1).replace("sys.stderr.write", "str")
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-c", script, *words], stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False
        )
    assert ended.returncode == 2
    assert "can't write the answer: No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="closes a stream as a POSIX shell does")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_are_no_failure(closed: str) -> None:
    script = TOY.format(before="", lines=1).replace("sys.stderr.write", "str")
    for words in ("grad x", "--version", "--help"):
        ended = subprocess.run(
            ["sh", "-c", f'exec "$0" -c "$1" {words} {closed}', sys.executable, script],
            capture_output=True,
            text=True,
            cwd=ROOT,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, "")
