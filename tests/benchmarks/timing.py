"""How the benchmarks measure: candidates in turn, medians, ratios of one run; garbage collector on."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence


def seconds(action: Callable[[], object]) -> float:
    """Seconds that one call takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def process(arguments: Sequence[str]) -> Callable[[], object]:
    """A Python process with these arguments, as a call."""
    command = [sys.executable, *arguments]
    return lambda: subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def interleaved(candidates: dict[str, Callable[[], object]], rounds: int = 15) -> dict[str, float]:
    """The median seconds of each candidate, run in turn, after one round that does not count."""
    found: dict[str, list[float]] = {name: [] for name in candidates}
    for count in range(rounds + 1):
        for name, action in candidates.items():
            took = seconds(action)
            if count:
                found[name].append(took)
    return {name: statistics.median(times) for name, times in found.items()}


def line(what: str, ratio: float, limit: float) -> str:
    """One figure against its limit."""
    return f"{'ok  ' if ratio <= limit else 'OVER'}  {what:<62} {ratio:8.3g}   limit {limit:g}"
