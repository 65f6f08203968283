"""What the self-test of a program's check plants faults in: its claims, or without claims gradcli's own reverse gradient."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from gradcli.checking.claims import Claim
from gradcli.checking.mistakes.comparing import claimed_array
from gradcli.checking.planted.self_test import FAILING, NOT_AGREED, Specimen, SpecimenLine, self_tests
from gradcli.checking.subject import Bracket, Subject
from gradcli.checking.verdict import Evidence, judge
from gradcli.differentiation import adjoints, requires_grad
from gradcli.operations.lazily import np
from gradcli.results import Caught, Row


def caught(subject: Subject, claims: Sequence[Claim], evidence: Sequence[Evidence], rows: Sequence[Row]) -> list[Caught]:
    """Which faults the check at one point would have caught, for every gradient that it is about."""
    verdicts = {row.input: row.verdict for row in rows}
    by_label = {e.name: e for e in evidence if e.name in subject.lines}
    return self_tests(gradients(subject, claims, by_label, verdicts))


def gradients(
    subject: Subject, claims: Sequence[Claim], evidence: Mapping[str, Evidence], verdicts: Mapping[str, str]
) -> Iterator[Specimen]:
    """What faults are planted in: each claim of each input, or its own gradient."""
    for name in dict.fromkeys(line.input for line in subject.lines.values()):
        labels = [label for label, line in subject.lines.items() if line.input == name]
        if not evidence:
            yield Specimen(name, reason=NOT_AGREED.format(verdicts[labels[0]]))
            continue
        most = max(len(evidence[label].claims) for label in labels)
        for position in range(most) if claims else (None,):
            chosen = [evidence[label] for label in labels if position is None or len(evidence[label].claims) > position]
            text = chosen[0].claims[position].text if most > 1 and position is not None else ""
            title = f"{name} = {text}" if text else name
            other = next((verdicts[e.name] for e in chosen if verdicts[e.name] != "agree"), "")
            yield Specimen(title, reason=NOT_AGREED.format(other)) if other else specimen(subject, claims, title, chosen, position)


def specimen(subject: Subject, claims: Sequence[Claim], title: str, chosen: Sequence[Evidence], position: int | None) -> Specimen:
    """One gradient by an input, along its lines."""
    lines = [specimen_line(e, position) for e in chosen]
    directions = [subject.lines[e.name].direction for e in chosen]
    if directions[0] is None or all(np.count_nonzero(one) == 1 for one in directions):
        return Specimen(title, lines)
    about = [claim for claim in claims if claim.label == chosen[0].name]
    name = subject.lines[chosen[0].name].input
    elements = own_gradient(subject, name) if position is None else claimed_array(about[position], subject)
    return Specimen(title, lines, elements, [np.ravel(one) for one in directions])


def own_gradient(subject: Subject, name: str) -> Any:
    """All elements of the reverse gradient by an input."""
    node, graph = subject.nodes[name], subject.trace.graph
    found = adjoints(graph, subject.weights, requires_grad(graph, [node]))[node]
    return np.zeros(np.shape(subject.at[name])) if found is None else found


def specimen_line(e: Evidence, position: int | None) -> SpecimenLine:
    """One line: what stands there, and the verdict if it were another number."""
    found = e.reverse.value if position is None else e.claims[position].value
    value = math.nan if found is None else found
    unit = abs(value) or float(e.reverse.scale) or 1.0
    fails = partial(own_fails, e) if position is None else partial(claim_fails, e, position)
    return SpecimenLine(value, unit, value == 0, fails)


def own_fails(e: Evidence, value: float) -> bool:
    """Whether the check fails if gradcli's own gradient is another number."""
    exact = e.reverse.precise
    moved = exact.value if not math.isfinite(value) else exact.value + (value - e.reverse.value)
    other = replace(e.reverse, value=value, precise=Bracket(moved, exact.error, exact.note))
    undefined = "" if math.isfinite(value) else "not finite"
    return judge(replace(e, reverse=other, undefined=undefined, culprit=None)).verdict in FAILING


def claim_fails(e: Evidence, position: int, value: float) -> bool:
    """Whether the check fails if a claim says another number at the point."""
    assert e.again is not None
    claims = [e.again(i, value) if i == position else claim for i, claim in enumerate(e.claims)]
    return judge(replace(e, claims=claims, culprit=None)).verdict in FAILING
