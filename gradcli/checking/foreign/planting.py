"""What the self-test of a target's check plants faults in: the gradient under test, or forward mode where that is all, and claims."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from gradcli.checking.foreign.naming import whole
from gradcli.checking.foreign.probe import Probe
from gradcli.checking.foreign.rows import Measured, finite, judge, scale_of, sharpest
from gradcli.checking.planted.self_test import FAILING, NOT_AGREED, Specimen, SpecimenLine, self_tests
from gradcli.checking.subject import Bracket
from gradcli.operations.lazily import np
from gradcli.results import Caught, Row

Judged = tuple[Measured, Row]


def caught(probe: Probe, measured: Sequence[Measured], rows: Sequence[Row]) -> list[Caught]:
    """Which faults the check at one point would have caught, for every gradient that it is about."""
    pairs = [pair for pair in zip(measured, rows, strict=True) if pair[0].what == "the gradient"]
    return self_tests(gradients(probe, pairs))


def gradients(probe: Probe, pairs: Sequence[Judged]) -> Iterator[Specimen]:
    """What faults are planted in, for every output by every input."""
    keys = dict.fromkeys((m.output, probe.lines[m.label].input) for m, _ in pairs)
    for output, name in keys:
        own = [pair for pair in pairs if (pair[0].output, probe.lines[pair[0].label].input) == (output, name)]
        title = name if output is None else f"{output} by {name}"
        verdict = next((row.verdict for _, row in own if row.verdict != "agree"), "")
        if verdict:
            yield Specimen(title, reason=NOT_AGREED.format(verdict))
            continue
        answered = [m for m, _ in own]
        if all(m.given is not None or m.forward is not None for m in answered):
            yield specimen(probe, title, name, answered)
        for position in range(max(len(m.claims) for m in answered)):
            stated = [m for m in answered if len(m.claims) > position]
            yield Specimen(f"{title} = {stated[0].claims[position].text}", [claim_line(m, position) for m in stated])


def specimen(probe: Probe, title: str, name: str, measured: Sequence[Measured]) -> Specimen:
    """The gradient under test of one output by one input."""
    lines = [own_line(m) for m in measured]
    directions = [probe.lines[m.label].direction for m in measured]
    if directions[0] is None or all(np.count_nonzero(one) == 1 for one in directions):
        return Specimen(title, lines)
    array = whole(probe, name, measured[0].output)
    if array is None:
        return Specimen(title, lines)
    return Specimen(title, lines, array, [np.ravel(one) for one in directions])


def own_line(m: Measured) -> SpecimenLine:
    """One line of what the target answers."""
    given = m.given or m.forward
    assert given is not None
    value, truth = float(given.value), sharpest(m)
    zero = truth is None or abs(value) <= given.error + truth.error
    return SpecimenLine(value, (scale_of(m) if zero else abs(value)) or 1.0, zero, partial(own_fails, m))


def own_fails(m: Measured, value: float) -> bool:
    """Whether the check fails if the target answers another number."""
    tested = m.given or m.forward
    assert tested is not None
    number = type(tested.value)(value)
    other = Bracket(number, tested.error if math.isfinite(value) else math.inf)
    moved = replace(m, given=other) if m.given is not None else replace(m, forward=other)
    return judge(moved).verdict in FAILING


def claim_line(m: Measured, position: int) -> SpecimenLine:
    """One line of a claim."""
    value = m.claims[position].value
    number = value if value is not None and finite(value) else math.nan
    return SpecimenLine(number, abs(number) or scale_of(m) or 1.0, number == 0, partial(claim_fails, m, position))


def claim_fails(m: Measured, position: int, value: float) -> bool:
    """Whether the check fails if a claim says another number."""
    assert m.again is not None
    claims = [m.again(i, value) if i == position else claim for i, claim in enumerate(m.claims)]
    return judge(replace(m, claims=claims)).verdict in FAILING
