"""The forward engine: the tangents of forward mode in exact arithmetic, by the rows' partials and pushforwards.

It is no oracle of the rules, which the reverse sweep uses too: it finds a pullback that is not the transpose of its pushforward, and
faults of either sweep. A program whose gradient it defines itself has no pushforward of its own.
"""

from __future__ import annotations

import math
from typing import Any

from gradcli.checking.pinning import pinned
from gradcli.checking.refining import START, lost
from gradcli.checking.subject import Bracket, Subject, weighted
from gradcli.differentiation.tangents import tangents
from gradcli.operations.precise import TooLarge


def forward(subject: Subject, scales: dict[str, Any]) -> dict[str, Bracket]:
    """The derivative along every line; `scales` are the sizes of the terms that may cancel in it."""
    if any(getattr(op, "transparent", False) for op in subject.trace.graph.operations):
        return dict.fromkeys(subject.lines, Bracket(None, math.inf, "the program defines a gradient of its own"))
    try:
        subject.F.context.prec = 2 * START + subject.spread
        registers, _ = subject.registers()
        graph = pinned(subject, subject.graph_over(registers))
        return {label: along(subject, graph, label, scales[label]) for label in subject.lines}
    except TooLarge as fault:
        return dict.fromkeys(subject.lines, Bracket(None, math.inf, str(fault)))


def along(subject: Subject, graph: Any, label: str, scale: Any) -> Bracket:
    """The derivative along one line."""
    F, line = subject.F, subject.lines[label]
    seed = F.numbers(1.0 if line.direction is None else line.direction)
    found = tangents(graph, {subject.nodes[line.input]: seed}, F)
    terms = [weighted(F, found[node], weight) for node, weight in subject.weights.items() if found[node] is not None]
    value = sum(terms, F.number(0))
    return Bracket(value, lost(max(abs(value), scale))) if value == value else Bracket(None, math.inf, "no value")
