"""The two-layer network beside careful NumPy by hand, and sweeps beside runs: `python -m tests.benchmarks.network`.

64 rows of 1000 numbers pass 100 hidden units to 10 outputs; 500 steps of gradient descent in one process, on one thread of BLAS.
"""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when NumPy is imported

import statistics
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

import gradcli
from gradcli.differentiation import adjoints, requires_grad
from gradcli.language import parse, run
from tests.benchmarks.scaling import AT
from tests.benchmarks.timing import interleaved, line, seconds

NETWORK = "sum((clamp(x @ w1, min=0) @ w2 - y)**2)"
ROWS, INPUTS, HIDDEN, OUTPUTS = 64, 1000, 100, 10
STEPS, RATE = 500, 1e-6

Point = dict[str, Any]
Gradients = Callable[..., tuple[Any, Point]]


def data(dtype: str) -> Point:
    """Seeded inputs, targets and weights."""
    random = np.random.default_rng(0)
    shapes = {"x": (ROWS, INPUTS), "y": (ROWS, OUTPUTS), "w1": (INPUTS, HIDDEN), "w2": (HIDDEN, OUTPUTS)}
    return {name: random.standard_normal(shape).astype(dtype) for name, shape in shapes.items()}


def by_hand(point: Point) -> tuple[float, Point]:
    """The loss and its gradient as people write them in NumPy."""
    x, y, w1, w2 = point.values()
    h = x @ w1
    h_relu = np.maximum(h, 0)
    difference = h_relu @ w2 - y
    loss = np.square(difference).sum()
    by_p = 2.0 * difference
    by_w2 = h_relu.T @ by_p
    by_h = by_p @ w2.T
    by_h[h < 0] = 0
    return float(loss), {"w1": x.T @ by_h, "w2": by_w2}


def tape(point: Point, dtype: str) -> Gradients:
    """The same from the program."""
    return gradcli.gradient_function(NETWORK, point, wrt="w1,w2", dtype=dtype)


def train(gradients: Gradients, point: Point) -> tuple[float, Point]:
    """The last loss and the weights after all steps."""
    point, loss = {name: x.copy() for name, x in point.items()}, 0.0
    for _ in range(STEPS):
        loss, gradient = gradients(point)
        for name, slope in gradient.items():
            point[name] -= RATE * slope
    return loss, point


def times(point: Point, dtype: str) -> float:
    """How long training takes by the tape, traced anew, against by hand: the median of the ratios of rounds."""
    train(by_hand, point)
    ratios = [seconds(lambda: train(tape(point, dtype), point)) / seconds(lambda: train(by_hand, point)) for _ in range(11)]
    return statistics.median(ratios)


def peak(action: Callable[[], object]) -> int:
    """The most bytes that an action holds at a time."""
    tracemalloc.start()
    action()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def sweep_against_run(text: str, at: Point) -> float:
    """The reverse sweep of `grad` against the run that it follows."""
    parsed = parse(text)
    trace = run(parsed, at)
    output, active = trace.node_of(parsed.output), requires_grad(trace.graph, trace.inputs.values())
    took = interleaved({"run": lambda: run(parsed, at), "sweep": lambda: adjoints(trace.graph, {output: 1.0}, active)})
    return took["sweep"] / took["run"]


def loop(rounds: int) -> str:
    """A program of two operations on numbers, many times over."""
    return f"s = x\nfor i in range({rounds}):\n    s = s*w + x\ns"


def main() -> None:
    """Prints each figure with its limit."""
    for dtype in ("float64", "float32"):
        point = data(dtype)
        here, there = train(tape(point, dtype), point), train(by_hand, point)
        same = here[0] == there[0] and all(np.array_equal(here[1][name], there[1][name]) for name in there[1])
        print(f"      {dtype}: losses and weights after {STEPS} steps are {'equal to the last bit' if same else 'NOT equal'}")
        print(line(f"500 steps of the network by the tape / by hand, {dtype}", times(point, dtype), 1.1))
        memory = peak(lambda dtype=dtype: train(tape(data(dtype), dtype), data(dtype))) / peak(
            lambda dtype=dtype: train(by_hand, data(dtype))
        )  # type: ignore[misc]
        print(line(f"peak memory of these, {dtype}", memory, 2))
    print(line("reverse sweep / forward run of the network", sweep_against_run(NETWORK, data("float64")), 2.5))
    print(line("reverse sweep / forward run of a loop of 100000 rounds", sweep_against_run(loop(100_000), AT), 2.5))
    print(line("seconds of a loop of 1e6 rounds, text to gradient", seconds(lambda: gradcli.grad(loop(1_000_000), AT)), 10))
    print(line("bytes per operation of a loop", peak(lambda: gradcli.grad(loop(100_000), AT)) / 200_000, 500))


if __name__ == "__main__":
    main()
