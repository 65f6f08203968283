"""How far a run of suites has come, on standard error: shown to people only, and only when it takes longer than a second."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from gradcli.cli.terminal import is_terminal

if TYPE_CHECKING:
    from gradcli.results import Check

PATIENCE = 1.0
"""Seconds before anything is shown."""

PAUSE = 0.1
"""Seconds between two pictures."""

WIDTH = 30
"""Characters of the bar."""


class Progress:
    """A bar that is called with every finished check; `total` says how many there will be, and is asked when the bar first shows."""

    def __init__(self, total: Callable[[], int]) -> None:
        self.total = total
        self.expected = 0
        self.done = 0
        self.unexpected = 0
        self.next = time.monotonic() + PATIENCE
        self.visible = is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self.expected:
            self.put("")

    def __call__(self, check: Check) -> None:
        """Count a check, and show the bar if it is time."""
        self.done += 1
        self.unexpected += not check.passed
        if self.visible and time.monotonic() >= self.next:
            self.expected = self.expected or max(self.total(), self.done)
            self.put(self.picture())
            self.next = time.monotonic() + PAUSE

    def picture(self) -> str:
        """The bar as a line of text."""
        filled = min(WIDTH, WIDTH * self.done // max(self.expected, 1))
        bad = f", {self.unexpected} not as expected" if self.unexpected else ""
        return f"[{'#' * filled}{'.' * (WIDTH - filled)}] {self.done} of {self.expected} checks{bad}"

    def put(self, text: str) -> None:
        """Replace the current line of the terminal."""
        try:
            sys.stderr.write(f"\r\x1b[K{text}")
            sys.stderr.flush()
        except OSError:
            self.visible = False
