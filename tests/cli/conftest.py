"""A way to call the commands in this process, with the library they really have."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import gradcli
from tests.cases.session import Ended, called


@pytest.fixture
def call() -> Callable[..., Ended]:
    """Call gradcli with some words; named arguments are variables of the environment."""

    def run(*words: str, stdin: bytes = b"", **environment: str) -> Ended:
        return called(words, environment, stdin)

    return run


@pytest.fixture
def fault(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Let `grad` of the library raise something that it never would by itself."""

    def inject(problem: BaseException) -> None:
        def failing(*_: Any, **__: Any) -> None:
            raise problem

        monkeypatch.setitem(vars(gradcli), "grad", failing)

    return inject
