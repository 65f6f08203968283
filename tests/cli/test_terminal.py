"""What is known about the terminal, and how text reaches it."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest

from gradcli.cli import progress, terminal
from gradcli.cli.progress import Progress
from gradcli.errors import FileProblem


class Stream(io.TextIOWrapper):
    """A stream into memory that may call itself a terminal."""

    def __init__(self, encoding: str = "utf-8", tty: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty

    @property
    def text(self) -> str:
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)  # type: ignore[attr-defined, no-any-return]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No wish of the environment unless a test has one."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("tty", "environment", "color"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_follows_the_stream_and_the_environment(
    monkeypatch: pytest.MonkeyPatch, tty: bool, environment: dict[str, str], color: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal.has_color(Stream(tty=tty)) is color


@pytest.mark.parametrize(
    ("encoding", "text", "written"),
    [
        ("utf-8", "∂y/∂x │ π", "∂y/∂x │ π"),
        ("ascii", "∂y/∂x", "dy/dx"),
        ("cp1252", "│∂y·2 …", "|dy*2 ..."),
        ("ascii", "π", "pi"),
        ("ascii", "λ", "\\u03bb"),
        ("utf-8", "\udcff", "\\udcff"),
    ],
)
def test_no_text_fails_in_any_encoding(monkeypatch: pytest.MonkeyPatch, encoding: str, text: str, written: str) -> None:
    stream, errors = Stream(encoding), Stream(encoding)
    monkeypatch.setattr("sys.stdout", stream)
    monkeypatch.setattr("sys.stderr", errors)
    terminal.forgive_encodings()
    terminal.show(text)
    terminal.note(text)
    assert (stream.text, errors.text) == (written, written + "\n")


def test_a_stream_that_is_not_there_takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    terminal.forgive_encodings()
    terminal.show("x")
    terminal.note("x")
    assert terminal.screen()["terminal"] is False


@pytest.mark.parametrize(("number", "fails"), [(32, False), (22, False), (28, True), (5, True)])
def test_only_a_reader_who_left_is_forgiven(monkeypatch: pytest.MonkeyPatch, number: int, fails: bool) -> None:
    class Broken(Stream):
        def write(self, text: str) -> int:
            raise OSError(number, "broken")

    monkeypatch.setattr("sys.stdout", Broken())
    if fails:
        with pytest.raises(FileProblem, match="broken"):
            terminal.show("x")
    else:
        terminal.show("x")


def run_of(checks: int, stream: Any, monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Some checks of which every one takes some seconds, the last not as expected."""
    clock = iter(range(10_000))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock) * seconds)
    monkeypatch.setattr("sys.stderr", stream)
    with Progress(lambda: checks) as bar:
        for index in range(checks):
            bar(SimpleNamespace(passed=index < checks - 1))  # type: ignore[arg-type]


def test_progress_shows_in_a_slow_run_and_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Stream(tty=True)
    run_of(4, stream, monkeypatch, 1.5)
    assert "1 of 4 checks" in stream.text
    assert "4 of 4 checks, 1 not as expected" in stream.text
    assert stream.text.endswith("\r\x1b[K")


@pytest.mark.parametrize(("tty", "seconds"), [(False, 5.0), (True, 0.01)])
def test_progress_is_silent_on_a_pipe_and_in_a_quick_run(monkeypatch: pytest.MonkeyPatch, tty: bool, seconds: float) -> None:
    stream = Stream(tty=tty)
    run_of(4, stream, monkeypatch, seconds)
    assert stream.text == ""
