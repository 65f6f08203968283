"""Difference quotients in float64 of functions that somebody else computes, with bounds. It knows nothing of targets."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gradcli.checking.ladder import Rung, best


@dataclass(slots=True)
class Bracket:
    """A slope with a bound of its error; without value where there is no answer, and a note that says why."""

    value: float | None
    error: float = math.inf
    note: str = ""


@dataclass(slots=True)
class Slopes:
    """What differences say of one output along one line: the derivative, the one-sided slopes, and how much noise the values have."""

    central: Bracket
    left: Bracket = field(default_factory=lambda: Bracket(None))
    right: Bracket = field(default_factory=lambda: Bracket(None))
    noise: float = 0.0
    smooth: bool = True
    note: str = ""


def slopes(phi: Callable[[float], Any], x: float, m: int) -> list[Slopes]:
    """The slopes of the m outputs of phi at 0; `x` is the size of what moves."""
    unit = max(1.0, 2.0 ** (math.frexp(x)[1] - 1))
    steps = [unit * 2.0**-k for k in range(1, 41)]
    pairs = [(h, phi(h), phi(-h)) for h in steps]
    found = []
    for i in range(m):
        noise = 8 * 2.0**-53 * max((abs(float(v[i])) for _, *both in pairs for v in both if math.isfinite(v[i])), default=0.0)
        rungs = [Rung(float(a[i] - b[i]) / (2 * h), noise / h) for h, a, b in pairs if math.isfinite(a[i] - b[i])]
        answer = best(rungs)
        found.append(Slopes(Bracket(None, math.inf, "did not settle") if answer is None else Bracket(*answer), noise=noise))
    return found
