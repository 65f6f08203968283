"""What is known of a target's derivatives at a point: measured along each input line, for each output line. It judges no gradient."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.exact.difference import Differences
from gradcli.checking.foreign.claimed import judged_again, judged_claim
from gradcli.checking.foreign.naming import in_single, remembers
from gradcli.checking.foreign.probe import Phi, Probe
from gradcli.checking.foreign.request import NO_CURE, Request
from gradcli.checking.foreign.rows import ULPS, Measured, answered, beyond, under_test
from gradcli.checking.foreign.second import second_rows
from gradcli.checking.foreign.slopes import bracket, differences_of, nothing
from gradcli.checking.kinks import between, kinked
from gradcli.checking.lines import size_of, step_unit
from gradcli.checking.opaque.complex_step import complex_slopes
from gradcli.checking.opaque.looking import slopes
from gradcli.checking.opaque.noise import MEASURED
from gradcli.checking.points.sampling import directions
from gradcli.checking.subject import Bracket
from gradcli.errors import UsageError
from gradcli.operations.arrays import is_array
from gradcli.results import all_finite

NEAR = 2.0**-4
"""Steps, in units of the point, from which the steepness of a function around the point is read."""

CLOSE, WOBBLE = 1e-6, 2.0**-10
"""How close a gradient is, as a share, that rounding inside the function is asked for; and the step, in units of the point, for that."""

SINGLE = 2.0**-23
"""The relative size of a unit in the last place in single precision."""


def measured_at(request: Request, probe: Probe) -> list[Measured]:
    """What is known along all lines."""
    bad = not_finite(probe)
    probe.memory = "" if bad else remembers(probe)
    measured: list[Measured] = []
    for label in probe.lines:
        measured += along(request, probe, label, bad)
    if not measured and not probe.lines:
        raise UsageError(f"there is nothing to check: no elements in {', '.join(probe.wrt)}", NO_CURE)
    if not measured:
        raise UsageError(f"there is nothing to check: {probe.target.name} gives no gradient by {', '.join(probe.wrt)}", NO_CURE)
    if any(kinked(m.differences) for m in measured):
        fit_together(probe, measured)
    if not bad and {"hvp", "vjp"} <= probe.target.derivatives:
        measured += second_rows(probe, request.require_resolution)
    return measured


def not_finite(probe: Probe) -> str:
    """Which number is not finite at the point; empty if there is none."""
    for what, values in (("the point", probe.at), ("the value", probe.outputs)):
        for name, value in values.items():
            if not all_finite(value):
                own = "" if probe.scalar and what == "the value" else f": '{name}'"
                return f"{what} is not finite{own}{'' if is_array(value) else f' ({value})'}"
    return ""


def along(request: Request, probe: Probe, label: str, bad: str) -> list[Measured]:
    """What is known along one input line, for every output line of which something is claimed."""
    line = probe.lines[label]
    forward = probe.forward(label) if "jvp" in probe.target.derivatives else None
    claims = claiming.along_lines(request.claims, [line])
    asked = [i for i in range(len(probe.output_lines)) if (i, label) in probe.gradient or forward is not None or claims]
    if not asked:
        return []
    if claims and not probe.scalar:
        raise UsageError(f"--expect is for a function that returns one number, and {probe.target.name} returns several", NO_CURE)
    measured = partial(measured_line, request, probe, label, forward)
    if bad:
        rows = [measured(i, nothing(), undefined=bad) for i in asked]
    else:
        phi, x = probe.phi({label: 1}), size_of(line.touched(probe.at[line.input]))
        found = slopes(phi, x, len(probe.output_lines))
        stepped = complex_slopes(probe.phi_complex({label: 1}), x, probe.here, found)
        rows = [
            measured(
                i,
                differences_of(probe, found[i]),
                complex_step=None if (step := stepped[i]) is None else bracket(probe, step.value, step.error),
                scale=steepness(phi, i, x),
                size=abs(float(probe.here[i])) / step_unit(x),
                hidden=found[i].hidden,
                grain=found[i].grain,
            )
            for i in asked
        ]
        if any(barely_apart(m) for m in rows):
            widen(probe, rows, asked, x)
    for m in rows:
        m.claims, m.again = [judged_claim(probe, claim, m) for claim in claims], partial(judged_again, probe, claims, m)
    return rows


def barely_apart(m: Measured) -> bool:
    """Whether a gradient is so close to an answer that contradicts it that rounding inside the function may be why."""
    return any(
        beyond(one, oracle) and abs(one.value - oracle.value) < CLOSE * abs(oracle.value)
        for _, one in under_test(m)
        for oracle in answered(m).values()
    )


def widen(probe: Probe, rows: Sequence[Measured], asked: Sequence[int], x: float) -> None:
    """Adds to the bounds of slopes along a line what rounding inside the function does to them."""
    scattered = probe.slope_scatter(rows[0].label, WOBBLE * step_unit(x))
    for i, m in zip(asked, rows, strict=True):
        more = probe.F.number(MEASURED * float(scattered[i]) if math.isfinite(scattered[i]) else 0.0)
        d = m.differences
        m.differences = replace(d, central=wider(d.central, more), left=wider(d.left, more), right=wider(d.right, more))
        m.complex_step = None if m.complex_step is None else wider(m.complex_step, more)


def wider(one: Bracket, more: Any) -> Bracket:
    """A bracket with a larger error."""
    return Bracket(one.value, one.error + more, one.note)


def measured_line(request: Request, probe: Probe, label: str, forward: Any, i: int, differences: Differences, **measured: Any) -> Measured:
    """What the target says along an input line for an output line, beside the differences and what else was measured there."""
    return Measured(
        label,
        probe.label_of(probe.output_lines[i]),
        given_at(probe, (i, label), kinked(differences)),
        None if forward is None else bracket(probe, float(forward[i]), 0.0),
        differences,
        required=request.require_resolution,
        **measured,
    )


def given_at(probe: Probe, key: tuple[int, str], corner: bool) -> Bracket | None:
    """The gradient under test along a line, with the bound that its scatter gives it; at a corner it scatters from piece to piece."""
    if key not in probe.gradient:
        return None
    value = probe.gradient[key]
    if not math.isfinite(value):
        return Bracket(probe.F.number(value), math.inf)
    least = ULPS * max(math.ulp(value), probe.target.epsilon * abs(value) / 2)
    rounded = in_single(probe) and probe.target.epsilon < SINGLE
    return bracket(probe, value, least if corner or rounded else max(least, probe.scatter[key]))


def steepness(phi: Phi, i: int, x: float) -> float:
    """How steep an output is around the point: what an error in a derivative that vanishes is compared with."""
    h = NEAR * step_unit(x)
    found = [abs(float(phi(side * h)[i] - phi(0.0)[i])) / h for side in (1, -1)]
    return max((one for one in found if math.isfinite(one)), default=0.0)


def fit_together(probe: Probe, measured: Sequence[Measured]) -> None:
    """At a kink the given slopes must fit along ±1 directions of several inputs, too: marks what does not."""
    for i, output in enumerate(probe.output_lines):
        rows = [m for m in measured if m.output == probe.label_of(output)]
        gradient = {m.label: m.given.value for m in rows if m.given is not None}
        if len(rows) < 2 or len(gradient) < len(rows) or not any(kinked(m.differences) for m in rows):
            continue
        inside = all(fits(probe, i, sides, gradient) for sides in directions(list(gradient), probe.id))
        for m in rows:
            m.inside = inside


def fits(probe: Probe, i: int, sides: Mapping[str, int], gradient: Mapping[str, Any]) -> bool:
    """Whether a gradient's slope along a direction lies between the one-sided slopes there."""
    sizes = [x for label in sides for x in probe.lines[label].touched(probe.at[probe.lines[label].input])]
    d = differences_of(probe, slopes(probe.phi(sides), size_of(sizes), len(probe.output_lines))[i])
    along = sum(side * gradient[label] for label, side in sides.items())
    slack = sum(abs(value) for value in gradient.values()) * 8 * 2.0**-53
    known = d.left.value is not None and d.right.value is not None
    return not known or between(along, d, slack)
