"""Where inf and nan come from: the first node whose value is not finite, or the last whose gradient is not."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from gradcli.graphs import Graph
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np
from gradcli.results import all_finite


def warnings_of(graph: Graph, wrt: Iterable[int], found: Sequence[Any]) -> list[str]:
    """A sentence about where inf or nan began, if there is any in the values, or in the gradients by the nodes `wrt`."""
    return value_warnings(graph) or gradient_warnings(graph, wrt, found)


def value_warnings(graph: Graph) -> list[str]:
    """The same for the values of all nodes."""
    first = first_not_finite(graph)
    return [] if first is None else [f"{value_said(graph, first)}: the first that is not finite"]


def gradient_warnings(graph: Graph, wrt: Iterable[int], found: Sequence[Any]) -> list[str]:
    """The same for the gradients by the nodes `wrt`, of all nodes' adjoints."""
    if all(found[i] is None or all_finite(found[i]) for i in wrt if i >= 0):
        return []
    last = next(i for i in range(len(graph) - 1, -1, -1) if found[i] is not None and not all_finite(found[i]))
    users = [i for i in range(last + 1, len(graph)) if last in graph.arguments[i] and found[i] is not None]
    through = f", through {graph.node(users[-1]).describe()}" if users else ""
    return [f"the gradient of node {last}, {graph.node(last).describe()}, {said(found[last])}{through}: the first that is not finite"]


def tangent_warnings(graph: Graph, outputs: Iterable[int], found: Sequence[Any]) -> list[str]:
    """The same for the derivatives of outputs along a direction, of all nodes' tangents."""
    if all(found[i] is None or all_finite(found[i]) for i in outputs if i >= 0):
        return []
    first = next(i for i in range(len(graph)) if found[i] is not None and not all_finite(found[i]))
    return [f"the tangent of node {first}, {graph.node(first).describe()}, {said(found[first])}: the first that is not finite"]


def first_not_finite(graph: Graph) -> int | None:
    """The first node whose value is not finite."""
    values = (graph.values[i] for i in range(len(graph)))
    return next((i for i, v in enumerate(values) if not (math.isfinite(v) if type(v) is float else all_finite(v))), None)


def value_said(graph: Graph, node: int) -> str:
    """What is not finite about a node's value."""
    return f"the value of node {node}, {graph.node(node).describe()}, {said(graph.values[node])}"


def said(value: Any) -> str:
    """A number that is not finite; of an array the first such element, with its place."""
    if not is_array(value):
        return f"is {value}"
    place = tuple(int(i) for i in np.argwhere(~np.isfinite(value))[0])
    return f"is {value[place]} at [{', '.join(map(str, place))}]"
