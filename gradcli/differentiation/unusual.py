"""Where inf and nan come from: the first node whose value is not finite, or the node that passes on the first such gradient.

Sentences name the node, the branch that it stands in, and the path on which its number reaches an output or an input.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from gradcli.differentiation.array_shares import array_shares, elementwise_partials
from gradcli.graphs import Graph
from gradcli.operations.arrays import is_array
from gradcli.operations.floats import FLOATS, partial_of
from gradcli.operations.lazily import np, silently
from gradcli.results import all_finite

ENDS = 3
"""Nodes at both ends of a long path that a sentence names."""

LABEL = 30
"""Characters of a node's name on a path."""

SINGULAR = {"inv": "the matrix is singular", "solve": "the matrix is singular", "cholesky": "the matrix is not positive definite"}
"""Why operations on finite matrices have no value."""


Place = tuple[int, ...]


class Passing(NamedTuple):
    """What a node whose own adjoint is finite passes on to an argument: the first slope times adjoint that is not, with its place."""

    user: int
    argument: int
    slope: float | None
    adjoint: float | None
    place: Place = ()


def warnings_of(graph: Graph, wrt: Iterable[int], found: Sequence[Any]) -> list[str]:
    """A sentence about where inf or nan began, if there is any in the values, or in the gradients by the nodes `wrt`."""
    return value_warnings(graph) or gradient_warnings(graph, wrt, found)


def value_warnings(graph: Graph) -> list[str]:
    """The same for the values of all nodes."""
    first = first_not_finite(graph)
    return [] if first is None else [value_said(graph, first, ": the first that is not finite")]


def gradient_warnings(graph: Graph, wrt: Iterable[int], found: Sequence[Any]) -> list[str]:
    """The same for the gradients by the nodes `wrt`, of all nodes' adjoints."""
    node = next((i for i in wrt if i >= 0 and not (found[i] is None or all_finite(found[i]))), None)
    if node is None:
        return []
    return [f"the gradient of node {node}, {graph.node(node).describe()}, {said(found[node])}{cause(graph, node, found)}"]


def tangent_warnings(graph: Graph, outputs: Iterable[int], found: Sequence[Any]) -> list[str]:
    """The same for the derivatives of outputs along a direction, of all nodes' tangents."""
    if all(found[i] is None or all_finite(found[i]) for i in outputs if i >= 0):
        return []
    first = next(i for i in range(len(graph)) if found[i] is not None and not all_finite(found[i]))
    where = f"{branch(graph, first)}{path_said(graph, upwards(graph, first, lambda i: not_finite(found[i])))}"
    return [f"the tangent of node {first}, {graph.node(first).describe()}, {said(found[first])}: the first that is not finite{where}"]


def first_not_finite(graph: Graph) -> int | None:
    """The first node whose value is not finite."""
    values = (graph.values[i] for i in range(len(graph)))
    return next((i for i, v in enumerate(values) if not (math.isfinite(v) if type(v) is float else all_finite(v))), None)


def value_said(graph: Graph, node: int, more: str = "") -> str:
    """What is not finite about a node's value, why where that is known, in which branch, and how it reached the end."""
    where = f"{branch(graph, node)}{path_said(graph, upwards(graph, node, lambda i: not_finite(graph.values[i])))}"
    return f"the value of node {node}, {graph.node(node).describe()}, {said(graph.values[node])}{why(graph, node)}{more}{where}"


def why(graph: Graph, node: int) -> str:
    """Why a node has no finite value: the matrix, or the numbers that it is computed from."""
    op, xs = graph.operations[node], [graph.values[a] for a in graph.arguments[node]]
    if op.name in SINGULAR and all(all_finite(x) for x in xs):
        return f" ({SINGULAR[op.name]})"
    if op.structural or op.leaf or any(is_array(x) for x in (*xs, graph.values[node])):
        return ""
    return f" (at {', '.join(number(float(x)) for x in xs)})"


def number(x: float) -> str:
    """A number as people write it."""
    return str(int(x)) if x.is_integer() and abs(x) < 1e15 else repr(x)


def cause(graph: Graph, node: int, found: Sequence[Any], place: Place | None = None) -> str:
    """How the adjoint of a node became inf or nan: which node passed that on, in which branch, and the path from the output to here.

    `place` is the element that is asked about, where elements keep their places.
    """
    flow = downwards(graph, node, found)
    top = flow[0]
    passed = next((one for user in users_of(graph, top, found) if (one := passing(graph, user, found[user], top, place))), None)
    if passed is None:
        return path_said(graph, flow)
    above = upwards(graph, passed.user, lambda i: found[i] is not None)
    return f": {passed_on(graph, passed)}{branch(graph, passed.user)}{path_said(graph, [*above, *flow])}"


def users_of(graph: Graph, node: int, found: Sequence[Any]) -> list[int]:
    """The nodes with a finite adjoint that use a node, the last first."""
    return [i for i in range(len(graph) - 1, node, -1) if node in graph.arguments[i] and found[i] is not None and all_finite(found[i])]


def passing(graph: Graph, i: int, g: Any, argument: int, place: Place | None) -> Passing | None:
    """What a node with a finite adjoint passes on to one of its arguments that is not finite; None if there is nothing."""
    op, y, xs = graph.operations[i], graph.values[i], [graph.values[a] for a in graph.arguments[i]]
    wanted = [a == argument for a in graph.arguments[i]]
    if op.structural:
        shares = array_shares(FLOATS, i, op, y, g, xs, wanted, None)
        return next((Passing(i, argument, None, None) for _, share, _ in shares if not all_finite(share)), None)
    if is_array(y):
        with silently():
            slopes = elementwise_partials(FLOATS, op, y, xs, wanted)
            return next((one for _, p in slopes if (one := at_place(i, argument, p, g, place))), None)
    for position, rule in enumerate(op.partials):
        slope = partial_of(op, position, y, xs) if wanted[position] and rule is not None else 0.0
        if not math.isfinite(slope * g):
            return Passing(i, argument, slope, float(g))
    return None


def at_place(i: int, argument: int, p: Any, g: Any, asked: Place | None) -> Passing | None:
    """The element in which a slope times an adjoint is not finite: the one that is asked about, or the first."""
    share = np.asarray(g * p)
    if all_finite(share):
        return None
    bad = ~np.isfinite(share)
    place = asked if asked is not None and len(asked) == share.ndim and bad[asked] else tuple(int(k) for k in np.argwhere(bad)[0])
    slopes, adjoints = np.broadcast_to(p, share.shape), np.broadcast_to(g, share.shape)
    return Passing(i, argument, float(slopes[place]), float(adjoints[place]), place)


def passed_on(graph: Graph, one: Passing) -> str:
    """What a node passed on, in words."""
    user, place = graph.node(one.user), f" at {list(one.place)}" if one.place else ""
    if one.slope is None or one.adjoint is None:
        because = SINGULAR.get(user.op, "")
        return f"node {one.user}, {user.describe()}, passes it on" + (f" ({because})" if because and not all_finite(user.value) else "")
    silenced = one.slope == one.slope and math.isnan(one.slope * one.adjoint)
    times = f", and {number(one.adjoint)} times {one.slope} is no number" if silenced else ""
    return f"node {one.user}, {user.describe()}, has the slope {number(one.slope)}{place}{times}"


def downwards(graph: Graph, node: int, found: Sequence[Any]) -> list[int]:
    """The path on which an adjoint that is not finite came down to a node, from where it began."""
    path = [node]
    for i in range(node + 1, len(graph)):
        if path[0] in graph.arguments[i] and found[i] is not None and not all_finite(found[i]):
            path.insert(0, i)
    return path


def upwards(graph: Graph, node: int, goes: Any) -> list[int]:
    """A path from the last node that a node reaches, through nodes that `goes` is true of, down to the node."""
    came = {node: node}
    for i in range(node + 1, len(graph)):
        source = next((a for a in graph.arguments[i] if a in came), None)
        if source is not None and goes(i):
            came[i] = source
    path = [max(came)]
    while path[-1] != node:
        path.append(came[path[-1]])
    return path


def not_finite(value: Any) -> bool:
    """Whether a value, where there is one, has a number that is not finite."""
    return value is not None and not all_finite(value)


def path_said(graph: Graph, path: Sequence[int]) -> str:
    """A path in words; of one node there is nothing to say."""
    if len(path) < 2:
        return ""
    names = [name_of(graph, i) for i in path]
    shown = names if len(names) <= 2 * ENDS + 1 else [*names[:ENDS], "…", *names[-ENDS:]]
    return f"; path {' <- '.join(shown)}"


def name_of(graph: Graph, i: int) -> str:
    """A node on a path: its name, or its piece of the source on one line."""
    node = graph.node(i)
    text = " ".join((node.label or node.text).split())
    return text if len(text) <= LABEL else f"{text[: LABEL - 1]}…"


def branch(graph: Graph, node: int) -> str:
    """The branch that a node stands in."""
    from gradcli.language.enclosing import branch_of
    from gradcli.language.program import Program

    taken = branch_of(graph.source, graph.origin[node]) if isinstance(graph.source, Program) and node >= 0 else ""
    return f"; in the branch of {taken}" if taken else ""


def said(value: Any) -> str:
    """A number that is not finite; of an array the first such element, with its place."""
    if not is_array(value):
        return f"is {value}"
    place = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
    return f"is {value[place]} at [{', '.join(map(str, place))}]"
