"""The reverse sweep: the whole of backpropagation. It knows no rule of any operation and nothing about text.

For y = (x + w)*(w + 1) at x = 2, w = 1 the nodes are 0: x, 1: w, 2: x + w = 3, 3: w + 1 = 2, 4: y = 6. The adjoint of a node is dy
by it: 1 for node 4; its arguments get shares 1·2 and 1·3, so adjoints 2 and 3; node 3 passes 3 on to w; node 2 passes 2 on to x
and to w. w was used twice, so its adjoint is the sum of two shares: 3 + 2 = 5.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from gradcli.graphs import Graph
from gradcli.operations import Op
from gradcli.operations.floats import FLOATS

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

    `weights` maps output nodes to their weights, `active` comes from `requires_grad`, F is the number system of the graph's values.
    With `keep` the adjoints of other nodes are freed as soon as they are consumed.
    """
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
        for a, partial in zip(nodes, op.partials, strict=False):
            if active[a] and partial is not None:
                try:
                    p = partial(F, y, *xs)
                except (ArithmeticError, ValueError):
                    p = F.careful(partial, y, xs)
                if p or not op.selects or at_corner(op, xs):
                    if y != y:
                        p = y  # where a value is undefined, so is its derivative, whatever the rule says (1/x of log at -1)
                    adjoint[a] = g * p if adjoint[a] is None else adjoint[a] + g * p
        if keep is not None and i not in keep:
            adjoint[i] = None
    return adjoint


def at_corner(op: Op, arguments: list[Any]) -> bool:
    """Whether the arguments lie on a kink of the operation, or are nan: there a partial of zero is a convention, elsewhere a fact."""
    return op.corner is not None and not abs(op.corner(*map(float, arguments))) > 0
