"""The gradient of a graph as a graph: the reverse sweep over nodes. Swept again it gives second and mixed derivatives, and so on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from gradcli.differentiation.sweep import adjoints, requires_grad
from gradcli.graphs import Graph
from gradcli.graphs.recording import Recorder

Name = TypeVar("Name")


def derivative_graph(
    graph: Graph, weights: Mapping[int, Any], wrt: Mapping[Name, int], exactly: bool = False
) -> tuple[Graph, dict[Name, int | None]]:
    """The graph continued by the gradient of a weighted sum of its nodes, and the node of the derivative by each node of `wrt`.

    The node of a derivative that is constant is a constant, below zero; None says that the outputs do not depend on that node.
    The nodes of `graph` keep their ids; with `exactly` no constant is one that float64 rounded. A function with pieces is differentiated
    on the piece that it lies on.

    For y = x*x at x = 3, with nodes 0: x and 1: y, the sweep adds node 2 = x + x, whose value is 6.
    """
    F = Recorder(graph, exactly=exactly)
    active = requires_grad(graph, wrt.values())
    found = adjoints(F.graph_of_numbers(), {node: F.number(weight) for node, weight in weights.items()}, active, F)
    return F.graph(), {name: None if found[node] is None else found[node].id for name, node in wrt.items()}
