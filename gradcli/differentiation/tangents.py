"""Forward mode: the derivative of every node along one direction, from the inputs to the outputs. It knows no rule of any operation.

For y = (x + w)*(w + 1) at x = 2, w = 1 in the direction of w the tangent of x + w is 1 and that of w + 1 is 1; y = 3·2 has the tangent
2·1 + 3·1 = 5. A direction that is zero somewhere does not move there: such a zero stays zero beside an infinite slope, as nodes that the
direction does not reach have no tangent at all. What selecting operations pass on is as in the reverse sweep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gradcli.differentiation.array_shares import at_corner, at_corners, elementwise_partials, undefined
from gradcli.graphs import Graph
from gradcli.operations import Op
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import FLOATS
from gradcli.operations.lazily import np, silently

Tangents = list[Any]
Slopes = dict[tuple[int, int], Any]
"""Partials by node and position of the argument; None where nothing passes."""

Masks = dict[int, Any]
"""Which elements of a tangent are alive, by node; nodes that are not there are all alive. See `alive`."""


def tangents(graph: Graph, seeds: Mapping[int, Any], F: Any = FLOATS, slopes: Slopes | None = None) -> Tangents:
    """The tangent of every node in its shape, and behind them of the constants; None where the direction does not reach.

    `seeds` maps nodes to their tangents (of the node's shape), F is the number system of the graph's values. A node with a seed is a
    variable by itself, whatever it is computed from. Several passes over one graph may share `slopes`, an empty dictionary to begin
    with: then every partial is computed once.
    """
    slopes = {} if slopes is None else slopes
    with silently():
        found = carried(graph, seeds, F, slopes)
        if any(type(t) is not float and t is not None and undefined(t) for t in found):
            return carried(graph, seeds, F, slopes, {node: moving(seed) for node, seed in seeds.items() if shape_of(seed)})
    return found


def carried(graph: Graph, seeds: Mapping[int, Any], F: Any, slopes: Slopes, masks: Masks | None = None) -> Tangents:
    """One pass; with `masks` it keeps account of the elements of arrays that do not move."""
    tangent: Tangents = [None] * len(graph.values)
    for node, seed in seeds.items():
        tangent[node] = seed if shape_of(seed) or moving(seed) else None
    values = graph.values
    for i, (op, nodes) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if i in seeds or not op.differentiable:
            continue
        ts = [tangent[a] for a in nodes]
        if not reached(ts):
            continue
        y, xs = values[i], [values[a] for a in nodes]
        if type(y) is float and not op.structural:
            tangent[i] = of_number(F, i, op, y, xs, ts, slopes)
        elif masks is not None and (op.structural or shape_of(y)):
            tangent[i] = alive_part(F, i, op, y, xs, ts, nodes, slopes, masks)
        elif op.structural:
            tangent[i] = total(structural_shares(F, op, y, xs, ts))
        else:
            tangent[i] = total(spread(F, t * p, shape_of(y)) for t, p in moved_by(F, i, op, y, xs, ts, slopes))
    return tangent


def reached(ts: Sequence[Any]) -> bool:
    """Whether any tangent is there."""
    for t in ts:  # noqa: SIM110 - any(…) takes twice as long
        if t is not None:
            return True
    return False


def of_number(F: Any, node: int, op: Op, y: float, xs: Sequence[Any], ts: Sequence[Any], slopes: Slopes) -> Any:
    """The tangent of an operation on floats, which are most nodes of most programs."""
    found = None
    for position, t in enumerate(ts):
        if t is not None:
            key = node, position
            p = slopes[key] if key in slopes else slopes.setdefault(key, slope(F, op, y, xs, position))
            if p is not None:
                found = t * p if found is None else found + t * p
    return found


def moved_by(F: Any, node: int, op: Op, y: Any, xs: Sequence[Any], ts: Sequence[Any], slopes: Slopes) -> Iterator[tuple[Any, Any]]:
    """The tangents of the arguments that an operation on each element passes on, with the partials by these arguments."""
    for position, t in enumerate(ts):
        if t is not None:
            key = node, position
            if key not in slopes:
                slopes[key] = slope(F, op, y, xs, position)
            if slopes[key] is not None:
                yield t, slopes[key]


def slope(F: Any, op: Op, y: Any, xs: Sequence[Any], position: int) -> Any:
    """The partial of an operation on each element; None where the argument has no influence nearby."""
    if type(y) is not float and shape_of(y):
        wanted = [i == position for i in range(len(xs))]
        return next((p for _, p in elementwise_partials(F, op, y, xs, wanted)), None)
    rule = op.partials[position]
    p = None if rule is None else F.partial_by(rule, y, xs)
    if p is None or not (p or not op.selects or at_corner(op, xs)):
        return None
    return p if y == y else y  # where a value is undefined, so is its derivative, whatever the rule says


def moving(seed: Any) -> Any:
    """Where a seed is not zero."""
    return getattr(seed, "value", seed) != 0


def total(shares: Iterator[Any]) -> Any:
    """The sum of some shares; None if there are none."""
    found = next(shares, None)
    for share in shares:
        found = found + share
    return found


def spread(F: Any, share: Any, shape: tuple[int, ...]) -> Any:
    """A share in the shape of the value."""
    return share if shape_of(share) == shape else F.broadcast_to(share, shape)


def structural_shares(F: Any, op: Any, y: Any, xs: Sequence[Any], ts: Sequence[Any]) -> Iterator[Any]:
    """What the tangents of the arguments of an operation about whole arrays contribute, one share per parameter."""
    grouped = op.grouped(xs, F.plain)
    for i, name in enumerate(op.params):
        places = [position for position in range(len(xs)) if op.parameter_of(position, len(xs)) == i]
        if op.pullbacks[i] is not None and any(ts[position] is not None for position in places):
            t = tuple(filled(F, ts[position], xs[position]) for position in places) if name == op.variadic else ts[places[0]]
            yield pushforward(F, op, i, t, y, grouped)


def filled(F: Any, t: Any, x: Any) -> Any:
    """A tangent, zeros where there is none."""
    if t is not None:
        return t
    return F.broadcast_to(F.number(0.0), shape_of(x)) if shape_of(x) else F.number(0.0)


def pushforward(F: Any, op: Any, i: int, t: Any, y: Any, grouped: Sequence[Any]) -> Any:
    """What a tangent of the i-th parameter contributes."""
    if op.pushforwards:
        return op.pushforwards[i](F, t, y, *grouped)
    from gradcli.differentiation.transposing import transposed

    return transposed(op, i, t, y, grouped)


def alive_part(
    F: Any, node: int, op: Any, y: Any, xs: Sequence[Any], ts: Sequence[Any], nodes: Sequence[int], slopes: Slopes, masks: Masks
) -> Any:
    """The tangent of an operation about arrays, whose elements that do not move stay zero; notes which these are."""
    known = [masks.get(a) if t is not None else None for a, t in zip(nodes, ts, strict=True)]
    if op.structural:
        found, mask = total(structural_shares(F, op, y, xs, ts)), moved(op, y, xs, ts, known)
    else:
        shares = [*alive_shares(F, node, op, y, xs, ts, known, slopes)]
        found = total(share for share, _ in shares)
        mask = None if any(mask is None for _, mask in shares) else total(mask for _, mask in shares)
    if mask is not None:
        masks[node] = mask
    return found


def alive_shares(
    F: Any, node: int, op: Op, y: Any, xs: Sequence[Any], ts: Sequence[Any], known: Sequence[Any], slopes: Slopes
) -> Iterator[tuple[Any, Any]]:
    """What the arguments of an operation on each element contribute, and which elements of that are alive; None: all."""
    for position, mask in enumerate(known):
        only = [t if i == position else None for i, t in enumerate(ts)]
        for t, p in moved_by(F, node, op, y, xs, only, slopes):
            share = t * (p if mask is None else F.where(mask, p, 0))
            if op.selects:
                chosen = (getattr(p, "value", p) != 0) | at_corners(op, [getattr(x, "value", x) for x in xs])
                share = F.where(chosen, share, 0)
                mask = chosen if mask is None else mask & chosen
            yield spread(F, share, shape_of(y)), None if mask is None else np.broadcast_to(mask, shape_of(y))


def moved(op: Any, y: Any, xs: Sequence[Any], ts: Sequence[Any], known: Sequence[Any]) -> Any:
    """Which elements of a tangent are alive where an operation moves elements; None: all."""
    if not op.moves or all(mask is None for mask in known) or not shape_of(y):
        return None
    ones = [None if t is None else np.ones(shape_of(x)) if m is None else m.astype(float) for t, x, m in zip(ts, xs, known, strict=True)]
    return total(structural_shares(FLOATS, op, y, [getattr(x, "value", x) for x in xs], ones)) != 0
