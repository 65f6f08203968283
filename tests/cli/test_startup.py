"""What a call imports: one command's module, and nothing heavy; and how the trick that spares pydantic gives way to other Typers."""

from __future__ import annotations

import contextlib
import os
import re
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

REAL = """
import sys
{before}
from gradcli.cli import main
code = main()
sys.stderr.write(repr(sorted(sys.modules)))
sys.exit(code)
"""


def process(*words: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """A process of its own that calls gradcli; it writes what it has imported to stderr."""
    script = REAL.format(before=before)
    command = [sys.executable, "-c", script, *words]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60, encoding="utf-8", env=utf8())


def utf8() -> dict[str, str]:
    """The environment with streams that can say ∂ on every system, and without wishes for colours."""
    return {name: value for name, value in os.environ.items() if "COLOR" not in name} | {"PYTHONIOENCODING": "utf-8"}


def modules(ended: subprocess.CompletedProcess[str]) -> set[str]:
    """The modules that a process had imported."""
    return set(eval(ended.stderr))


IMPORTS = "import sys, typer, typer.main; sys.stderr.write(repr(sorted(sys.modules)))"

NUMERICAL = {"numpy", "sympy", "mpmath", "decimal"}
HEAVY = NUMERICAL | {"rich", "importlib.metadata", "tomllib", "asyncio", "http", "email", "difflib"}

POINT = ("grad", "(x+w)*(w+1)", "--at", "w=1,x=2")


@pytest.fixture(scope="module")
def typer_alone() -> set[str]:
    """What Typer imports by itself."""
    return modules(subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=False, timeout=60))


@pytest.mark.parametrize(
    "words",
    [
        (*POINT, "--json"),
        (*POINT,),
        (*POINT, "--format", "tree"),
        (*POINT, "--get", "w"),
        (*POINT, "--order", "3", "--format", "plain"),
        ("grad", "1/x", "x=0"),
        ("jacobian", "y = x*w; z = sin(x)", "--at", "x=1,w=2", "--of", "y,z"),
        ("hessian", "x**2*w", "--at", "x=1,w=2"),
        ("hessian", "x**2*w", "--at", "x=1,w=2", "--product", "x=1", "--format", "csv"),
        ("jvp", "x**2*w", "--at", "x=1,w=2", "--tangent", "x=1", "--json"),
        ("ops", "--help"),
        ("check", "--help"),
        ("--version",),
    ],
    ids=lambda words: " ".join(words),
)
def test_nothing_heavy_is_imported_beside_typer(typer_alone: set[str], words: tuple[str, ...]) -> None:
    ended = process(*words)
    assert ended.returncode in (0, 3)
    assert not (modules(ended) - typer_alone) & HEAVY
    assert "json" not in modules(ended) - typer_alone or "--json" in words


def test_a_check_imports_neither_numpy_nor_rich_on_a_pipe(typer_alone: set[str]) -> None:
    ended = process("check", "x^2", "x=3")
    assert ended.returncode == 0
    assert not (modules(ended) - typer_alone) & {"numpy", "rich"}


@pytest.mark.skipif(not typer.__version__.startswith(plain_typer.TESTED), reason="only these Typers load it, and only there it is spared")
def test_the_check_of_a_function_in_python_does_without_sympy() -> None:
    ended = process("check", "--python", "math:exp", "--gradient", "math:exp", "x=1")
    assert "sympy" not in modules(ended)
    assert "gradcli.checking.foreign" in modules(ended)


@pytest.mark.parametrize("words", [POINT, (*POINT, "--json"), ("check", "x^2", "x=3"), ("ops", "--help"), ("--version",), ("--help",)])
def test_pydantic_is_not_loaded(words: tuple[str, ...]) -> None:
    ended = process(*words)
    assert ended.returncode == 0
    assert not {name for name in modules(ended) if name.startswith("pydantic")}


@pytest.mark.skipif(not typer.__version__.startswith("0.29."), reason="only this Typer converts with pydantic")
def test_under_an_unknown_typer_the_trick_is_off_and_everything_works() -> None:
    ended = process("grad", "x^2", "--at", "x=3", before="import typer; typer.__version__ = '9.0.0'")
    assert (ended.returncode, ended.stdout.splitlines()[0]) == (0, "value  9")
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
    found = modules(process(command, "--help"))
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


def test_a_reader_who_leaves_early_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "long.grad").write_text("y = x\n" + "y = y + x\n" * 20_000)
    command = [sys.executable, "-m", "gradcli", "grad", str(tmp_path / "long.grad"), "x=1", "--all-nodes"]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=utf8())
    assert writer.stdout is not None
    assert writer.stderr is not None
    assert writer.stdout.readline().split() == [b"value", b"y", b"20001"]
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait(60) == 0


INTERRUPTED = """
from signal import SIGINT, raise_signal
from types import SimpleNamespace
sys.stdin = SimpleNamespace(buffer=SimpleNamespace(read=lambda size: raise_signal(SIGINT)))
"""


def test_an_interrupt_while_it_waits_for_its_program_exits_130() -> None:
    ended = process("grad", "-", before=INTERRUPTED)
    assert (ended.returncode, ended.stdout) == (130, "")
    assert "Traceback" not in ended.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
@pytest.mark.parametrize("words", [["grad", "x", "x=1"], ["--help"], ["grad", "-h"], ["grad", "x", "--order", "nonsense", "--json"]])
def test_a_full_disk_is_said_without_a_traceback(words: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "gradcli", *words]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    assert ended.returncode == 2
    assert "can't write the answer: No space left on device" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception ignored" not in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="closes a stream as a POSIX shell does")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize("words", ["grad x x=1", "--version", "--help"])
def test_closed_streams_are_no_failure(words: str, closed: str) -> None:
    command = ["sh", "-c", f'exec "$0" -m gradcli {words} {closed}', sys.executable]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")


@pytest.mark.parametrize("words", [["--help"], ["grad", "--help"], []])
def test_help_has_no_colours_where_actions_of_github_would_force_them(words: list[str]) -> None:
    environment = {**utf8(), "GITHUB_ACTIONS": "true", "FORCE_COLOR": "1"}
    command = [sys.executable, "-m", "gradcli", *words]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, env=environment)
    assert "Usage: gradcli" in ended.stdout + ended.stderr
    assert "\x1b" not in ended.stdout + ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_a_real_terminal_of_any_width_gets_boxes_and_loses_no_number(width: int) -> None:
    code, text = on_terminal(width, "grad", "1/(1+exp(-(a*x+b)))", "--at", "a=0.3,x=1.7,b=-0.2")
    assert code == 0
    assert ("╭" in text) == (width >= 80)
    for number in ("0.5768852611320463", "-0.33279660451138926", "0.7334469562242892"):
        assert number in text
    assert max(map(len, re.sub("\x1b\\[[0-9;]*m", "", text).splitlines())) <= width


def on_terminal(width: int, *words: str) -> tuple[int, str]:
    """A call on a pseudo-terminal: its exit code and what it showed."""
    import fcntl
    import pty
    import struct
    import termios

    inside, outside = pty.openpty()
    fcntl.ioctl(outside, termios.TIOCSWINSZ, struct.pack("HHHH", 30, width, 0, 0))
    environment = {name: value for name, value in utf8().items() if name != "COLUMNS"} | {"TERM": "xterm"}
    child = subprocess.Popen([sys.executable, "-m", "gradcli", *words], stdin=outside, stdout=outside, stderr=outside, env=environment)
    os.close(outside)
    shown = b""
    with contextlib.suppress(OSError):
        while piece := os.read(inside, 65536):
            shown += piece
    os.close(inside)
    return child.wait(60), shown.decode().replace("\r\n", "\n")
