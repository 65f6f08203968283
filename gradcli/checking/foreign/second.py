"""The second derivatives that a target claims: its Hessian products against differences of its own vector-Jacobian products."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from gradcli.checking.foreign.probe import Probe
from gradcli.checking.foreign.rows import ULPS, Measured
from gradcli.checking.foreign.slopes import bracket, differences_of
from gradcli.checking.lines import DIRECTIONS, Line, lines_of, size_of
from gradcli.checking.opaque.looking import slopes
from gradcli.checking.points.sampling import directions
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np

FEW_LINES, FEW_OUTPUTS = 8, 4
"""Input lines up to which products with each of them are judged, beyond that with ±1 directions of all; and elements of outputs."""

UNCHECKED = "the Hessian products are not checked: they would be compared with differences of a gradient, and there is none"


def second_rows(probe: Probe, required: float | None) -> Iterator[Measured]:
    """What is known of every Hessian product, along every input line."""
    lines = list(probe.lines.values())
    for output in lines_of(probe.outputs, list(probe.outputs), f"{probe.id}/second", FEW_OUTPUTS):
        for name, sides in tangents(probe):
            yield from along(probe, output, (name, sides), lines, required)


def tangents(probe: Probe) -> Iterator[tuple[str, Mapping[str, int]]]:
    """The directions of the products, with their names."""
    if len(probe.lines) <= FEW_LINES:
        return ((label, {label: 1}) for label in probe.lines)
    drawn = directions(list(probe.lines), f"{probe.id}/second", DIRECTIONS)
    return ((f"direction {i}", sides) for i, sides in enumerate(drawn, 1))


def along(
    probe: Probe, output: Line, tangent: tuple[str, Mapping[str, int]], lines: list[Line], required: float | None
) -> Iterator[Measured]:
    """What is known of one product: its claimed number along each line, and the slope of the gradient's number."""
    name, sides = tangent
    weights = probe.weights(output)

    def gradient(t: float) -> Any:
        answer = probe.target.vjp(probe.moved(sides, t), weights)
        return np.array([float(line.along(answer[line.input])) for line in lines])

    claimed = probe.target.hvp(probe.at, weights, moving(probe, sides))
    sizes = [x for label in sides for x in probe.lines[label].touched(probe.at[probe.lines[label].input])]
    found = slopes(kept(gradient), size_of(sizes), len(lines))
    for line, one in zip(lines, found, strict=True):
        value = float(line.along(claimed[line.input]))
        error = ULPS * math.ulp(value) if math.isfinite(value) else math.inf
        label = None if probe.scalar else output.label
        given = bracket(probe, value, error)
        yield Measured(
            f"{line.label}, {name}", label, given, None, differences_of(probe, one), required=required, what="the Hessian product"
        )


def kept(phi: Any) -> Any:
    """A function that asks once for each argument."""
    answers: dict[float, Any] = {}

    def once(t: float) -> Any:
        if t not in answers:
            answers[t] = phi(t)
        return answers[t]

    return once


def moving(probe: Probe, sides: Mapping[str, int]) -> dict[str, Any]:
    """A direction over lines as tangents of the inputs."""
    found: dict[str, Any] = {}
    for label, side in sides.items():
        line = probe.lines[label]
        own = float(side) if line.direction is None else side * line.direction
        found[line.input] = own + found[line.input] if line.input in found and is_array(own) else own
    return found
