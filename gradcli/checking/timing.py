"""How long a check took. It is told to reports for CI, and is no part of a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import ParamSpec

from gradcli.results import Check

P = ParamSpec("P")


def timed(judge: Callable[P, Check]) -> Callable[P, Check]:
    """A function that answers a check, whose checks know the seconds that they took."""

    @wraps(judge)
    def judged(*args: P.args, **kwargs: P.kwargs) -> Check:
        start = time.perf_counter()
        check = judge(*args, **kwargs)
        return replace(check, seconds=time.perf_counter() - start)

    return judged
