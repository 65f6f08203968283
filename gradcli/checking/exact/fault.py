"""The node at fault: the first operation whose derivative is not the one that SymPy's derivatives give.

An operation on numbers is judged by its partials, one on arrays by what its shares say along seeded directions: u·(J v) from the
forward chain of exact numbers must be v·(Jᵀ u) from its own rules (the dot-product test).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gradcli.checking.exact.refining import START
from gradcli.checking.exact.sequences import finite
from gradcli.checking.exact.symbolic import Chain, Dual, Literals, Tangent, literals_of
from gradcli.checking.points.sampling import generator
from gradcli.checking.subject import Subject, numbers_of, weighted
from gradcli.differentiation import requires_grad
from gradcli.differentiation.array_shares import array_shares
from gradcli.graphs import Graph
from gradcli.operations import Op
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np
from gradcli.operations.precise import TooLarge
from gradcli.operations.symbolic import at_point
from gradcli.operations.symbolic import partial as symbolic_partial

CLOSE = 2.0**-60
"""How far two exact answers may be apart, relative."""


def node_at_fault(subject: Subject) -> str | None:
    """The first node, in the order of the program, whose local derivative is wrong; with what it says and what it should say."""
    subject.F.context.prec = 2 * START + subject.spread
    registers, made = subject.registers()
    graph, pieces = subject.graph_over(registers), iter(made.pieces)
    varying = requires_grad(graph, subject.nodes.values())
    for i, op in enumerate(graph.operations):
        k = next(pieces, None) if op.decide is not None else None
        for position, a in enumerate(graph.arguments[i]):
            wrong = compare(subject, graph, i, position, k, varying) if varying[a] else ""
            if wrong:
                return f"node {i}, {graph.node(i).describe()}: its partial by {graph.node(a).describe()} is {wrong}"
    return None


def compare(subject: Subject, graph: Graph, i: int, position: int, k: Any, varying: bytearray) -> str:
    """What a node's rule by one argument says against SymPy's; empty if they agree or SymPy has no answer."""
    op, y, xs = graph.operations[i], graph.values[i], [graph.values[a] for a in graph.arguments[i]]
    try:
        if op.structural or shape_of(y):
            return compare_arrays(subject, op, position, k, y, xs)
        literals = literals_of(op, [None if varying[a] else float(graph.values[a]) for a in graph.arguments[i]])
        return compare_numbers(subject, op, position, (k, literals), y, xs) if op.partials else ""
    except TooLarge:
        return ""


def compare_numbers(subject: Subject, op: Op, position: int, how: tuple[Any, Literals], y: Any, xs: list[Any]) -> str:
    """The same for an operation on numbers, on a piece and with literals."""
    F, rule = subject.F, op.partials[position]
    if rule is None or (op.piece is not None and how[0] is None):
        return ""
    ours = F.number(F.partial_by(rule, y, xs))
    return apart(ours, at_point(symbolic_partial(op.name, position, *how), F.functions, xs))


def compare_arrays(subject: Subject, op: Op, position: int, k: Any, y: Any, xs: Sequence[Any]) -> str:
    """The same for an operation on arrays, along a direction; what it says and should say are sums along it."""
    F = subject.F
    if not differentiable(op, position, len(xs)):
        return ""
    u, v = (signs(F, like, f"{op.name}{position}") for like in (y, xs[position]))
    wanted = [other == position for other in range(len(xs))]
    ours = sum((weighted(F, share, v) for _, share, _ in array_shares(F, 0, op, y, u, xs, wanted, None)), F.number(0))
    moved = forward(F, op, k, [seeded(F, x, v if other == position else None) for other, x in enumerate(xs)])
    theirs = sum((u_one * slope(value) for u_one, value in zip(flat(u), flat(moved), strict=True)), F.number(0))
    sizes = [abs(number) for value in (y, *xs) for number in numbers_of(value) if finite(number)]
    return apart(F.number(ours), F.number(theirs), F.context.ldexp(max([F.number(1), *sizes]), -F.context.prec // 2))


def differentiable(op: Any, position: int, count: int) -> bool:
    """Whether an operation has a rule for the derivative by an argument."""
    rules = op.pullbacks if op.structural else op.partials
    return bool(rules) and rules[op.parameter_of(position, count)] is not None


def forward(F: Any, op: Any, k: Any, duals: Sequence[Any]) -> Any:
    """The operation over exact numbers with their derivatives, on the pieces that the run lies on."""
    chain = Chain(F)
    if getattr(op, "transparent", False):
        from gradcli.language.replaying import results_of

        return results_of(op.program, op.program.functions[op.number], duals[1:], chain)[0]
    if op.decide is None:
        return chain.whole(op, duals) if op.structural else getattr(chain, op.name)(*duals)
    return chain.on_piece(op, k, op.grouped(duals, chain.plain))


def signs(F: Any, like: Any, seed: str) -> Any:
    """Seeded signs in the shape of a value."""
    chance = generator(seed)
    if not is_array(like):
        return F.number(1)
    return np.array([F.number(chance.choice((1, -1))) for _ in range(like.size)], object).reshape(like.shape)


def seeded(F: Any, x: Any, v: Any) -> Any:
    """A value in dual numbers that move along v; a setting stays what it is."""
    if v is None:
        return Chain(F).numbers(x) if is_array(x) or hasattr(x, "_mpf_") else x
    return np.frompyfunc(lambda value, side: Dual(F, value, {"v": Tangent(side, 1)}), 2, 1)(x, v)


def slope(value: Any) -> Any:
    """The derivative of a dual number along the direction."""
    found = value.tangents.get("v") if isinstance(value, Dual) else None
    return 0 if found is None else found.value


def flat(value: Any) -> Iterator[Any]:
    """The numbers of a value."""
    return iter(value.flat) if is_array(value) else iter([value])


def apart(ours: Any, theirs: Any, noise: Any = 0) -> str:
    """Two exact answers in words, if they differ by more than what is left of sums that cancel."""
    if theirs != theirs or abs(ours - theirs) <= abs(theirs) * CLOSE + noise:
        return ""
    return f"{float(ours)!r}, and should be {float(theirs)!r}"
