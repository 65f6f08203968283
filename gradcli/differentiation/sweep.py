"""The reverse sweep: the whole of backpropagation. It knows no rule of any operation and nothing about text.

For y = (x + w)*(w + 1) at x = 2, w = 1 the nodes are 0: x, 1: w, 2: x + w = 3, 3: w + 1 = 2, 4: y = 6. The adjoint of a node is dy
by it: 1 for node 4; its arguments get shares 1·2 and 1·3, so adjoints 2 and 3; node 3 passes 3 on to w; node 2 passes 2 on to x
and to w. w was used twice, so its adjoint is the sum of two shares: 3 + 2 = 5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from gradcli.differentiation.array_shares import array_shares, at_corner, undefined
from gradcli.graphs import Graph
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import FLOATS
from gradcli.operations.lazily import silently

Adjoints = list[Any]


def requires_grad(graph: Graph, leaves: Iterable[int]) -> bytearray:
    """For every node, and behind them the constants, 1 if a derivative can pass from it to one of `leaves`."""
    flags = bytearray(len(graph.values))
    for leaf in leaves:
        flags[leaf] = 1
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if op.differentiable:
            for a in arguments:
                if flags[a]:
                    flags[i] = 1
                    break
    return flags


def adjoints(graph: Graph, weights: Mapping[int, Any], active: bytearray, F: Any = FLOATS, keep: Collection[int] | None = None) -> Adjoints:
    """The derivative of the weighted sum of outputs by every active node, None where there is none.

    `weights` maps output nodes to their weights (of the node's shape; an element of an array that weighs nothing does not count, also
    where it has an infinite slope), `active` comes from `requires_grad`, F is the number system of
    the graph's values. With `keep` the adjoints of other nodes are freed as soon as they are consumed.
    """
    with silently():
        found = swept(graph, weights, active, F, keep)
        if any(type(g) is not float and g is not None and undefined(g) for g in found):
            from gradcli.differentiation.alive import Alive

            return swept(graph, weights, active, F, keep, Alive(weights))
    return found


def swept(graph: Graph, weights: Mapping[int, Any], active: bytearray, F: Any, keep: Collection[int] | None, alive: Any = None) -> Adjoints:
    """One sweep; with `alive` it keeps account of the elements of arrays that selecting operations passed nothing to."""
    adjoint: Adjoints = [None] * len(graph.values)
    for output, weight in weights.items():
        if active[output]:
            adjoint[output] = weight
    operations, arguments, values = graph.operations, graph.arguments, graph.values
    for i in range(max(weights, default=-1), -1, -1):
        g = adjoint[i]
        if g is None:
            continue
        op, nodes, y = operations[i], arguments[i], values[i]
        xs = [values[a] for a in nodes]
        if op.structural or (type(y) is not float and shape_of(y)):
            for position, share, mask in array_shares(F, i, op, y, g, xs, [active[a] for a in nodes], alive):
                a = nodes[position]
                if alive is not None:
                    alive.add(a, mask, adjoint[a] is None)
                adjoint[a] = share if adjoint[a] is None else adjoint[a] + share
        else:
            for a, partial in zip(nodes, op.partials, strict=False):
                if active[a] and partial is not None:
                    try:
                        p = partial(F, y, *xs)
                    except (ArithmeticError, ValueError):
                        p = F.careful(partial, y, xs)
                    if p or not op.selects or not F.decides or at_corner(op, xs):
                        if y != y:
                            p = y  # where a value is undefined, so is its derivative, whatever the rule says (1/x of log at -1)
                        adjoint[a] = g * p if adjoint[a] is None else adjoint[a] + g * p
        if keep is not None and i not in keep:
            adjoint[i] = None
    return adjoint
