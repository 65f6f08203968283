"""Claims beside the truth as plain floats, for the diagnosis of what is wrong with them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.claims import Claim
from gradcli.checking.judging import Bench, truth_for_claims
from gradcli.checking.kinks import kinked
from gradcli.checking.lines import Line
from gradcli.checking.mistakes.diagnosis import Compared, Situation, likely, sentence
from gradcli.checking.mistakes.parts import parts_of
from gradcli.checking.subject import Subject
from gradcli.checking.verdict import Evidence
from gradcli.differentiation import adjoints, requires_grad
from gradcli.language import run
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np

ELSEWHERE = 2
"""Points around the point at which the mistake of a formula must be the same."""

Numbers = Mapping[str, tuple[float, float, float]]
"""By line what was given, what is true, and how far the first may be from the second."""


def name_mistakes(subject: Subject, bench: Bench, rows: Sequence[Evidence], near: bool = True) -> None:
    """Writes into the evidence of claims that disagree what is likely wrong with them; formulas also by points near the point."""
    wrong = {e.name: position for e in rows if (position := first_wrong(e)) is not None}
    if not wrong:
        if any(getattr(op, "transparent", False) for op in subject.trace.graph.operations):
            name_own_mistakes(subject, rows)
        return
    position = min(wrong.values())
    here = {e.name: numbers for e in rows if (numbers := numbers_of(e, position)) is not None}
    formulas = [claims[position] for label in here if len(claims := claims_at(bench, label)) > position]
    elsewhere = around(bench, formulas) if near and all(claim.program is not None for claim in formulas) else iter(())
    found = likely(situation(subject, here, whole(bench, position)), elsewhere)
    for e in rows:
        mistake = found.get(subject.lines[e.name].input, "")
        if mistake and e.name in wrong and e.name in here:
            e.likely = sentence(mistake, *here[e.name][:2])


def name_own_mistakes(subject: Subject, rows: Sequence[Evidence]) -> None:
    """The same where the program defines a gradient of its own, which is wrong."""
    here = {e.name: numbers for e in rows if (numbers := own_numbers(e)) is not None}
    if any(abs(given - true) > bound for given, true, bound in here.values()):
        found = likely(situation(subject, here, {}))
        for e in rows:
            mistake = found.get(subject.lines[e.name].input, "")
            if mistake and e.name in here and abs(here[e.name][0] - here[e.name][1]) > here[e.name][2]:
                e.likely = sentence(mistake, *here[e.name][:2])


def own_numbers(e: Evidence) -> tuple[float, float, float] | None:
    """What the rules of the program say along one line, and what the oracles say."""
    own, truth = e.reverse.precise, truth_for_claims(e)
    if e.undefined or kinked(e.differences) or truth is None or own.value is None or own.value != own.value:
        return None
    return float(own.value), float(truth.value), float(own.error + truth.error)


def first_wrong(e: Evidence) -> int | None:
    """Which of the claims of a row is the first that disagrees; None where that is no matter of numbers."""
    if e.undefined or kinked(e.differences):
        return None
    return next((i for i, claim in enumerate(e.claims) if claim.verdict == "disagree"), None)


def claims_at(bench: Bench, label: str) -> list[Claim]:
    """The claims about one line."""
    return [claim for claim in bench.claims if claim.label == label]


def numbers_of(e: Evidence, position: int) -> tuple[float, float, float] | None:
    """The numbers of one row, with the claim at a position."""
    truth = truth_for_claims(e)
    if truth is None or len(e.claims) <= position:
        return None
    claim = e.claims[position]
    return None if claim.value is None or not math.isfinite(claim.value) else (claim.value, float(truth.value), claim.error)


def around(bench: Bench, formulas: Sequence[Claim]) -> Iterator[Situation]:
    """What formulas say at points around the point."""
    for place in islice(bench.around(), ELSEWHERE):
        numbers = {}
        for claim in formulas:
            truth, claimed = place.truths[claim.label], claiming.value_at(claim, place.subject)
            if truth.value is not None and claimed.value is not None and abs(claimed.value - truth.value) < math.inf:
                numbers[claim.label] = float(claimed.value), float(truth.value), float(truth.error + claimed.error)
        yield situation(place.subject, numbers, {})


def whole(bench: Bench, position: int) -> dict[str, Any]:
    """The claimed arrays that are judged along directions, by input."""
    found = {}
    for label, line in bench.subject.lines.items():
        claims = claims_at(bench, label)
        if line.direction is not None and np.count_nonzero(line.direction) > 1 and len(claims) > position:
            found[line.input] = claimed_array(claims[position], bench.subject)
    return found


def claimed_array(claim: Claim, subject: Subject) -> Any:
    """All elements of a claimed gradient, in float64."""
    shape = np.shape(subject.at[claim.input])
    if claim.program is None:
        return np.broadcast_to(np.asarray(claim.number, float), shape)
    trace = run(claim.program, claiming.point_of(claim.program, subject), seed=subject.seed, limits=subject.limits)
    return np.broadcast_to(np.asarray(trace.graph.values[trace.node_of(claim.program.output)], float), shape)


def situation(subject: Subject, numbers: Numbers, arrays: Mapping[str, Any]) -> Situation:
    """Everything that the diagnosis wants to know at one point."""
    lines: dict[str, list[Line]] = {}
    for label in numbers:
        lines.setdefault(subject.lines[label].input, []).append(subject.lines[label])
    inputs = [compared(subject, name, own, numbers, arrays.get(name)) for name, own in lines.items()]
    others = [unclaimed(subject, name, node) for name, node in subject.nodes.items() if name not in lines]
    value = subject.outputs[0].value if len(subject.outputs) == 1 else None
    return Situation(
        [*(c for c in inputs if c), *(c for c in others if c)],
        value if type(value) is float else None,
        counts_of(subject),
        {name: parts for name, parts in parts_of(subject, lines).items() if parts},
    )


def compared(subject: Subject, name: str, lines: Sequence[Line], numbers: Numbers, array: Any) -> Compared | None:
    """One input: element by element where lines are elements, along directions where the whole array was claimed."""
    x = np.asarray(subject.at[name], float)
    given, true, bound = (np.array(column) for column in zip(*(numbers[line.label] for line in lines), strict=True))
    if lines[0].direction is None:
        return Compared(name, given[0].reshape(()), true, bound, x)
    directions = np.array([np.ravel(line.direction) for line in lines])
    if array is not None:
        return Compared(name, array, true, bound, x, directions)
    if np.count_nonzero(directions) > len(lines):
        return None
    places = np.argmax(directions, axis=1)
    columns = [np.full(x.size, np.nan) for _ in range(3)]
    for column, found in zip(columns, (given, true, bound), strict=True):
        column[places] = found
    return Compared(name, columns[0].reshape(x.shape), columns[1], columns[2], x)


def unclaimed(subject: Subject, name: str, node: int) -> Compared | None:
    """An input for which nothing was given, with its gradient in float64."""
    found = adjoints(subject.trace.graph, subject.weights, requires_grad(subject.trace.graph, [node]))[node]
    x = np.asarray(subject.at[name], float)
    true = np.zeros(x.size) if found is None else np.ravel(np.asarray(found, float))
    return Compared(name, np.full(x.shape, np.nan), true, np.zeros(x.size), x)


def counts_of(subject: Subject) -> dict[int, str]:
    """The lengths of arrays in the program that a mean may divide by."""
    found: dict[int, str] = {}
    graph = subject.trace.graph
    for i in range(len(graph)):
        if is_array(graph.values[i]):
            for axis, length in enumerate(graph.values[i].shape):
                found.setdefault(length, f"the length of axis {axis} of node {i}, {graph.node(i).describe()}")
    return dict(list(found.items())[:20])
