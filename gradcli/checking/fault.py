"""The node at fault: the first operation whose partial is not SymPy's."""

from __future__ import annotations

from typing import Any

from gradcli.checking.refining import START
from gradcli.checking.subject import Subject
from gradcli.checking.symbolic import Literals, literals_of
from gradcli.differentiation import requires_grad
from gradcli.operations import Op
from gradcli.operations.precise import TooLarge
from gradcli.operations.symbolic import at_point
from gradcli.operations.symbolic import partial as symbolic_partial


def node_at_fault(subject: Subject) -> str | None:
    """The first node, in the order of the program, whose local derivative is wrong; with what it says and what it should say."""
    subject.F.context.prec = 2 * START + subject.spread
    registers, made = subject.registers()
    graph, pieces = subject.graph_over(registers), iter(made.pieces)
    varying = requires_grad(graph, subject.nodes.values())
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        k = next(pieces, None) if op.decide is not None else None
        xs = [graph.values[a] for a in arguments]
        literals = literals_of(op, [None if varying[a] else float(graph.values[a]) for a in arguments])
        for position, a in enumerate(arguments):
            wrong = compare(subject, op, position, (k, literals if varying[a] else ()), graph.values[i], xs) if op.partials else ""
            if wrong:
                return f"node {i}, {graph.node(i).describe()}: its partial by {graph.node(a).describe()} is {wrong}"
    return None


def compare(subject: Subject, op: Op, position: int, how: tuple[Any, Literals], y: Any, xs: list[Any]) -> str:
    """What the row's partial says against SymPy's (on a piece, with literals); empty if they agree or SymPy has no answer."""
    F = subject.F
    rule = op.partials[position]
    if rule is None or (op.piece is not None and how[0] is None):
        return ""
    try:
        ours = F.number(F.partial_by(rule, y, xs))
        theirs = at_point(symbolic_partial(op.name, position, *how), F.functions, xs)
    except TooLarge:
        return ""
    if theirs != theirs or abs(ours - theirs) <= abs(theirs) * 2.0**-60:
        return ""
    return f"{float(ours)!r}, and should be {float(theirs)!r}"
