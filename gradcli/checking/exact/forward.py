"""The forward engine: the tangents of forward mode in exact arithmetic, by the rows' partials and pushforwards.

It is no oracle of the rules, which the reverse sweep uses too: it finds a pullback that is not the transpose of its pushforward, and
faults of either sweep. A program whose gradient it defines itself has no pushforward of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from gradcli.checking.exact.pinning import pinned
from gradcli.checking.exact.refining import START, agree, lost, refined
from gradcli.checking.subject import Bracket, Subject, weighted
from gradcli.differentiation.tangents import tangents
from gradcli.operations.precise import TooLarge


def forward(subject: Subject, swept: Mapping[str, Bracket], scales: Mapping[str, Any]) -> dict[str, Bracket]:
    """The derivative along every line; `swept` is what the reverse sweep says, `scales` the sizes of the terms that may cancel in it.

    One precision is enough where it says the same; where it does not, two show how much of that is rounding.
    """
    if any(getattr(op, "transparent", False) for op in subject.trace.graph.operations):
        return dict.fromkeys(subject.lines, Bracket(None, math.inf, "the program defines a gradient of its own"))
    try:
        once = slopes(subject, 2 * START + subject.spread)
        if all(same(once[label], swept[label].value, scales[label]) for label in once):
            return {label: bracket(value, value, scales[label]) for label, value in once.items()}
        fine, coarse = refined(subject, lambda prec: slopes(subject, prec), settled)
    except TooLarge as fault:
        return dict.fromkeys(subject.lines, Bracket(None, math.inf, str(fault)))
    return {label: bracket(fine[label], coarse[label], scales[label]) for label in subject.lines}


def same(one: Any, other: Any, scale: Any) -> bool:
    """Whether the slopes of both sweeps are the same but for the last bits."""
    return other is not None and bool(abs(one - other) <= lost(max(abs(one), scale)))


def settled(fine: dict[str, Any], coarse: dict[str, Any]) -> bool:
    """Whether the slopes of two precisions agree."""
    return all(agree(value, coarse[label], 0) for label, value in fine.items())


def bracket(fine: Any, coarse: Any, scale: Any) -> Bracket:
    """The answer of two precisions; what both may have lost alike belongs to the error."""
    error = abs(fine - coarse) + lost(max(abs(fine), scale))
    return Bracket(fine, error) if error == error else Bracket(None, math.inf, "no value")


def slopes(subject: Subject, prec: int) -> dict[str, Any]:
    """The derivatives along all lines at one precision."""
    F = subject.F
    F.context.prec = prec
    registers, _ = subject.registers()
    graph = pinned(subject, subject.graph_over(registers))
    return {label: along(subject, graph, label) for label in subject.lines}


def along(subject: Subject, graph: Any, label: str) -> Any:
    """The derivative along one line."""
    F, line = subject.F, subject.lines[label]
    seed = F.numbers(1.0 if line.direction is None else line.direction)
    found = tangents(graph, {subject.nodes[line.input]: seed}, F)
    terms = [weighted(F, found[node], weight) for node, weight in subject.weights.items() if found[node] is not None]
    return sum(terms, F.number(0))
