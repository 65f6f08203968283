"""A library and renderers that record how the commands call them, and a way to call the commands."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

import gradcli
from gradcli.cli import main

ROOT = Path(__file__).parents[2]


@dataclass
class Library:
    """What the commands called, and what they get for it."""

    calls: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = field(default_factory=list)
    exit_code: int = 0
    warnings: Sequence[str] = ()
    ids: Sequence[str] = ("a.grad.toml::one", "a.grad.toml::two")
    problem: BaseException | None = None
    answer: str = "answer\n"

    def __call__(self, name: str) -> Callable[..., Any]:
        def function(*args: Any, **options: Any) -> Any:
            self.calls.append((name, args, options))
            if self.problem is not None and not name.startswith("render"):
                raise self.problem
            return self.result(name, options)

        return function

    def result(self, name: str, options: dict[str, Any]) -> Any:
        """What a function of this name answers."""
        if name.startswith("render"):
            return self.answer
        if name == "list_checks":
            return list(self.ids)
        for _ in self.ids if options.get("on_check") else ():
            options["on_check"](SimpleNamespace(passed=True))
        return SimpleNamespace(exit_code=self.exit_code, warnings=self.warnings, checks=self.ids)

    def options(self, name: str) -> dict[str, Any]:
        """The named arguments of the only call of a function."""
        (found,) = [options for called, _, options in self.calls if called == name]
        return found

    def arguments(self, name: str) -> tuple[Any, ...]:
        """The positional arguments of the only call of a function."""
        (found,) = [args for called, args, _ in self.calls if called == name]
        return found


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    """The recording library in the place of gradcli's own."""
    fake = Library()
    rendering = ModuleType("gradcli.rendering")
    for name in ("render_gradient", "render_report", "render_operations"):
        setattr(rendering, name, fake(name))
    monkeypatch.setitem(sys.modules, "gradcli.rendering", rendering)
    for name in ("grad", "check", "check_suites", "list_checks", "ops"):
        monkeypatch.setitem(vars(gradcli), name, fake(name))
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return fake


@dataclass
class Ended:
    """How a call ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(library: Library, capsys: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    """Call gradcli with some words."""

    def run(*words: str) -> Ended:
        code = main(words)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return run
