"""The derivatives of a large program, node by node: SymPy's derivative at some elements, and the dot-product test of whole arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gradcli.checking.exact.budget import cost
from gradcli.checking.exact.fault import compare_arrays, compare_numbers, differentiable
from gradcli.checking.exact.refining import START
from gradcli.checking.exact.symbolic import literals_of
from gradcli.checking.floating.loosely import Loosely, dot
from gradcli.checking.points.sampling import generator
from gradcli.checking.subject import Subject
from gradcli.differentiation.array_shares import array_shares
from gradcli.differentiation.tangents import pushforward
from gradcli.graphs import Graph
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import FLOATS
from gradcli.operations.lazily import np, silently
from gradcli.operations.loose import LooseBounds, loose, values
from gradcli.operations.op import Op
from gradcli.operations.precise import TooLarge

ELEMENTS = 4
"""Elements of an array at which SymPy's derivative is asked for."""

SMALL = 10_000
"""Sums and products of a node up to which it is compared in exact arithmetic."""


@dataclass
class Looked:
    """What was found: faults by node, nodes that could not be looked at, and how many could."""

    faults: dict[int, str] = field(default_factory=dict)
    unknown: dict[int, str] = field(default_factory=dict)
    count: int = 0


def look(loosely: Loosely) -> Looked:
    """Every node that a derivative passes through, judged by itself."""
    subject, graph, looked = loosely.subject, loosely.subject.trace.graph, Looked()
    subject.F.context.prec = START
    for i, op in enumerate(graph.operations):
        positions = [p for p, a in enumerate(graph.arguments[i]) if loosely.active[a] and differentiable(op, p, len(graph.arguments[i]))]
        if loosely.adjoints[i] is None or not positions:
            continue
        looked.count += 1
        for position in positions:
            by_argument(looked, subject, graph, i, position, loosely.active)
    return looked


def by_argument(looked: Looked, subject: Subject, graph: Graph, i: int, position: int, active: bytearray) -> None:
    """One node by one of its arguments."""
    op, xs = graph.operations[i], [graph.values[a] for a in graph.arguments[i]]
    name = f"node {i}, {graph.node(i).describe()}"
    try:
        wrong = of_arrays(subject, graph, i, position) if op.structural else of_elements(subject, op, i, position, xs, graph, active)
    except TooLarge as fault:
        looked.unknown[i] = f"{name}: {fault}"
        return
    if wrong is None:
        looked.unknown[i] = f"{name} is too large to be compared with SymPy's derivative"
    elif wrong:
        looked.faults.setdefault(i, f"{name}: its partial by {graph.node(graph.arguments[i][position]).describe()} is {wrong}")


def of_elements(subject: Subject, op: Op, i: int, position: int, xs: Sequence[Any], graph: Graph, active: bytearray) -> str:
    """What an operation on each element says at some of them, in exact arithmetic; empty where SymPy says the same."""
    F, shape = subject.F, shape_of(graph.values[i])
    chance = generator(f"{subject.id}/{i}")
    for _ in range(min(ELEMENTS, int(np.prod(shape)))):
        place = tuple(chance.randrange(n) for n in shape)
        floats = [element(x, place, shape) for x in xs]
        exact = [F.number(x) for x in floats]
        k = None if op.decide is None else op.piece_of(floats)
        y = F.on_piece(op, k, exact) if op.decide is not None else getattr(F, op.name)(*exact)
        literals = literals_of(op, [None if active[a] else x for a, x in zip(graph.arguments[i], floats, strict=True)])
        wrong = compare_numbers(subject, op, position, (k, literals), y, exact)
        if wrong:
            return f"{wrong}, at {place}" if place else wrong
    return ""


def element(x: Any, place: Sequence[int], shape: tuple[int, ...]) -> float:
    """The element of an argument that belongs to one of the value."""
    return float(np.broadcast_to(x, shape)[tuple(place)])


def of_arrays(subject: Subject, graph: Graph, i: int, position: int) -> str | None:
    """What an operation about whole arrays says: exactly where it is small, else by the dot-product test; None where neither can tell."""
    op, xs, y = graph.operations[i], [graph.values[a] for a in graph.arguments[i]], graph.values[i]
    if cost(graph, i) <= SMALL:
        F = subject.F
        names = [op.params[op.parameter_of(p, len(xs))] for p in range(len(xs))]
        exact = [x if name in op.settings else F.numbers(x) for name, x in zip(names, xs, strict=True)]
        k = op.piece_of(xs) if op.decide is not None else None
        value = F.on_piece(op, k, exact) if op.decide is not None else getattr(F, op.name)(*exact)
        return compare_arrays(subject, op, position, k, value, exact)
    linear = getattr(op, "linear", False) or getattr(op, "moves", False) or op.name == "einsum"
    return by_dot_product(op, position, xs, y, f"{subject.id}/{i}") if linear else None


def by_dot_product(op: Any, position: int, xs: Sequence[Any], y: Any, seed: str) -> str:
    """Whether u·(J v) is v·(Jᵀ u), for seeded signs u and v: J is the operation itself, which is linear in the argument."""
    F, u, v = LooseBounds(), signs(y, f"{seed}/u"), signs(xs[position], f"{seed}/v")
    operands = [F.numbers(x) for x in xs]
    wanted = [other == position for other in range(len(xs))]
    with silently():
        share = next((share for _, share, _ in array_shares(F, 0, op, F.numbers(y), loose(u), operands, wanted, None)), loose(0.0))
        ours, theirs = dot(share, v), dot(moved(F, op, position, operands, loose(v), y), u)
        apart = ours - theirs
    return "" if abs(apart.v) <= apart.e else f"{float(ours.v)!r} along seeded signs, and should be {float(theirs.v)!r}"


def moved(F: Any, op: Any, position: int, operands: Sequence[Any], v: Any, y: Any) -> Any:
    """What a tangent of one argument does to the value."""
    i, t = op.parameter_of(position, len(operands)), v
    grouped = op.grouped(operands, F.plain)
    if op.decide is not None:  # on its pieces it moves elements
        floats = [values(x) for x in grouped]
        return loose(op.piece(FLOATS, op.decide(*floats), *floats[:i], v.v, *floats[i + 1 :]))
    if op.params[i] == op.variadic:
        before = op.place_of_variadic[0]
        t = tuple(v if before + j == position else loose(np.zeros(shape_of(x))) for j, x in enumerate(grouped[i]))
    return pushforward(F, op, i, t, F.numbers(y), grouped)


def signs(like: Any, seed: str) -> Any:
    """Seeded signs in the shape of a value."""
    shape = shape_of(like)
    return np.array(generator(seed).choices((-1.0, 1.0), k=int(np.prod(shape)))).reshape(shape)


def reached(found: Mapping[int, str], tangents: Sequence[Any]) -> str | None:
    """The first of some nodes that a line moves, in words."""
    return next((said for node, said in sorted(found.items()) if tangents[node] is not None), None)
