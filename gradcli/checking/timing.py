"""How long a check took. It is told to reports for CI, and is no part of a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from gradcli.results import Check


def timed(judged: Callable[[], Check]) -> Check:
    """The check that a call answers, with the seconds that it took."""
    start = time.perf_counter()
    check = judged()
    return replace(check, seconds=time.perf_counter() - start)
