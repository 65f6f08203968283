"""What is probably wrong with a target's gradient: a mistake that explains the numbers, or a memory of the calls before."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcli.checking.foreign.probe import Probe
from gradcli.checking.foreign.rows import Measured, sharpest
from gradcli.checking.kinks import kinked
from gradcli.checking.mistakes.call_order import call_order
from gradcli.checking.mistakes.diagnosis import Compared, Situation, likely, sentence
from gradcli.checking.mistakes.hypotheses import single
from gradcli.errors import TargetProblem
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np
from gradcli.results import Row, Value

ELSEWHERE = (2.0**-3, 2.0**-12)
"""How far away the other point is at which a gradient is asked between two calls at the same one; nearer where it fails there."""

Numbers = tuple[float, float, float]
"""What was given, what is true, and how far the first may be from the second."""


def remembers(probe: Probe) -> str:
    """What the gradient remembers of the calls before, as a sentence; empty if nothing, or where it could not be asked."""
    if not probe.gradient:
        return ""
    first: list[Any] = [probe.gradient]

    def asked(at: Mapping[str, Value]) -> dict[str, float]:
        found = first.pop() if first else probe.claimed(at)
        return {of_line(probe, i, label): value for (i, label), value in found.items()}

    for step in ELSEWHERE:
        try:
            other = probe.claimed_moved(lambda _, x, step=step: moved(x, step))  # type: ignore[misc]
            return call_order(asked, probe.at, other, probe.target.evaluate)
        except TargetProblem as problem:
            if problem.gone:
                raise
    return ""


def in_single(probe: Probe) -> bool:
    """Whether all numbers of a gradient are numbers of single precision: where the function is in double, a mistake and no scatter."""
    given = np.abs([value for value in probe.gradient.values() if math.isfinite(value)])
    return bool(given.size) and single(given)


def moved(x: Any, step: float) -> Value:
    """A value whose numbers have all moved."""
    found: Value = x + step * (abs(x) + 1)
    return found


def of_line(probe: Probe, i: int, label: str) -> str:
    """What a derivative is called."""
    output = probe.label_of(probe.output_lines[i])
    return label if output is None else f"{label} of {output}"


def forgetful(row: Row, memory: str) -> Row:
    """A row of a gradient that remembers the calls before: an answer that depends on them is no gradient."""
    return replace(row, verdict="disagree", reason=memory) if row.verdict != "undefined" else row


def with_mistakes(probe: Probe, measured: Sequence[Measured], rows: Sequence[Row]) -> list[Row]:
    """The rows, those that disagree with what is likely wrong where a mistake explains all of them."""
    known = {(m.output, m.label): numbers for m in measured if (numbers := numbers_of(m))}
    wrong = [row for row in rows if row.verdict == "disagree" and (row.output, row.input) in known]
    if not wrong:
        return list(rows)
    found = likely(situation(probe, known, wrong[0].output))
    return [replace(row, likely=said(probe, known, found, row)) if row in wrong else row for row in rows]


def said(probe: Probe, known: Mapping[Any, Numbers], found: Mapping[str, str], row: Row) -> str:
    """The likely mistake of one row with its numbers; empty if there is none."""
    mistake = found.get(probe.lines[row.input].input, "")
    given, true, error = known[row.output, row.input]
    return sentence(mistake, given, certain(true, error)) if mistake else ""


def certain(value: float, error: float) -> float:
    """A number without the digits that its error leaves open."""
    digits = int(math.log10(abs(value) / error)) if 0 < error < abs(value) else 17
    return float(f"{value:.{min(max(digits, 1), 17)}g}")


def numbers_of(m: Measured) -> Numbers | None:
    """The numbers of one line: the gradient under test, or what stands for it, beside the sharpest oracle."""
    truth = None if m.undefined or kinked(m.differences) or m.what != "the gradient" else sharpest(m)
    if truth is None:
        return None
    claim = next((claim for claim in m.claims if claim.verdict == "disagree"), None)
    tested = m.given or m.forward
    if claim is not None and claim.value is not None:
        found = claim.value, float(truth.value), claim.error
    elif tested is not None:
        found = float(tested.value), float(truth.value), float(tested.error + truth.error)
    else:
        return None
    return found if all(map(math.isfinite, found)) else None


def situation(probe: Probe, known: Mapping[Any, Numbers], output: str | None) -> Situation:
    """Everything that the diagnosis wants to know; of outputs along directions only the first wrong one."""
    outputs = [probe.label_of(line) for line in probe.output_lines]
    if any(line.direction is not None and np.count_nonzero(line.direction) > 1 for line in probe.output_lines):
        outputs = [output]
    inputs = [compared(probe, known, name, outputs, output) for name in dict.fromkeys(line.input for line in probe.lines.values())]
    value = float(probe.here[0]) if probe.scalar else None
    counts = {int(np.size(x)): f"the number of elements of the output {name}" for name, x in probe.outputs.items() if is_array(x)}
    return Situation([c for c in inputs if c is not None], value, counts)


def compared(probe: Probe, known: Mapping[Any, Numbers], name: str, outputs: Sequence[str | None], output: str | None) -> Compared | None:
    """One input: a number for every output and element, or of a large array all elements along directions."""
    lines = [line for line in probe.lines.values() if line.input == name]
    x = np.asarray(probe.at[name], float)
    missing = (math.nan, math.nan, math.nan)
    if len(lines) == x.size and (x.ndim == 0 or np.count_nonzero([line.direction for line in lines]) == x.size):
        numbers = np.array([known.get((one, line.label), missing) for one in outputs for line in lines])
        shape = x.shape if len(outputs) == 1 else (len(outputs), *x.shape)
        return Compared(name, numbers[:, 0].reshape(shape), numbers[:, 1], numbers[:, 2], np.broadcast_to(x, shape))
    array = whole(probe, name, output)
    if array is None or any((output, line.label) not in known for line in lines):
        return None
    numbers = np.array([known[output, line.label] for line in lines])
    return Compared(name, array, numbers[:, 1], numbers[:, 2], x, np.array([np.ravel(line.direction) for line in lines]))


def whole(probe: Probe, name: str, output: str | None) -> Any:
    """All elements of the gradient of one output by an input; None where the target does not answer it."""
    line = next(line for line in probe.output_lines if probe.label_of(line) == output)
    if "vjp" in probe.target.derivatives:
        return probe.target.vjp(probe.at, probe.weights(line)).get(name)
    if "jacobian" not in probe.target.derivatives:
        return None
    block = probe.target.jacobian(probe.at).get((line.input, name))
    if block is None or line.direction is None:
        return block
    return np.tensordot(line.direction, block, axes=np.ndim(line.direction))
