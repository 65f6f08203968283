"""What pages say about the nodes of a graph: which of them are shown, their titles, inputs and rows. Nodes are built for these only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.rendering.arrays import shape_of, shape_text, value_text
from gradcli.rendering.page import Cell, Column, Grid, Line, Screen, line, shortened
from gradcli.rendering.sources import places

if TYPE_CHECKING:
    from gradcli.graphs import Graph
    from gradcli.graphs import Node as GraphNode
    from gradcli.results import Gradient, Traced

    Recorded = Gradient | Traced
    """A result with a graph of one run."""

LONG = 40
"""Nodes that a page shows before it leaves out the middle."""

ENDS = 15
"""Nodes shown at each end of a long program."""

TERMINAL_TEXT = 40
"""Characters of a node's source text on a terminal, if it is wide enough."""


class Shown(NamedTuple):
    """The ids of the nodes on a page, in order, and how many are left out between `head` and `tail`."""

    head: Sequence[int]
    tail: Sequence[int]
    hidden: int


def shown_nodes(result: Recorded, all_nodes: bool) -> Shown:
    """The nodes that a page shows: all (only the leaves, if the result has no others), or both ends of a long program."""
    ids = listed_ids(result)
    if all_nodes or len(ids) <= LONG:
        return Shown(ids, (), 0)
    return Shown(ids[:ENDS], ids[-ENDS:], len(ids) - 2 * ENDS)


def listed_ids(result: Recorded) -> Sequence[int]:
    """The ids of the nodes that the result is about, without constants."""
    graph = result.graph
    return [i for i in range(len(graph)) if graph.node(i).is_leaf] if result.leaves else range(len(graph))


def hidden_note(shown: Shown) -> list[Line]:
    """The line that says how many nodes are left out, and how to see them."""
    return [line((f"… {shown.hidden} rows not shown; --all-nodes shows all", "dim"))] if shown.hidden else []


def node_grid(result: Gradient, shown: Shown, screen: Screen) -> Grid:
    """The table of nodes: one row each, with the chain of values and gradients."""
    known = places(result.graph, [*shown.head, *shown.tail])
    nodes = [result.graph.node(i) for i in (*shown.head, *shown.tail)]
    columns = node_columns(any(shape_of(node.value) for node in nodes), any(node.scope for node in nodes))
    rows = [node_row(result, node, title(node, known[node.id].text, screen), columns) for node in nodes]
    gap = [("…", *[""] * (len(columns) - 1))] if shown.hidden else []
    return Grid(columns, [*rows[: len(shown.head)], *gap, *rows[len(shown.head) :]])


def node_columns(arrays: bool, scopes: bool) -> list[Column]:
    """The columns of the table: a shape where there are arrays, whose numbers may be folded between each other; a scope where one is."""
    return [
        Column("id", number=True),
        Column("node"),
        Column("operation", drop=3),
        Column("inputs", drop=4),
        *([Column("shape", drop=5)] if arrays else []),
        Column("value", number=not arrays),
        Column("gradient", "gradient", number=not arrays),
        Column("leaf", "leaf", drop=1),
        *([Column("scope", "dim", drop=2)] if scopes else []),
    ]


def node_row(result: Gradient, node: GraphNode, name: str, columns: Sequence[Column]) -> Sequence[Cell]:
    """The cells of one node, as many as there are columns for."""
    cells: dict[str, Cell] = {
        "id": str(node.id),
        "node": name,
        "operation": node.op,
        "inputs": inputs_text(node),
        "shape": shape_text(shape_of(node.value)),
        "value": value_text(node.value),
        "gradient": value_text(result.adjoints[node.id]),
        "leaf": leaf_word(result, node),
        "scope": node.scope,
    }
    return [cells[column.heading] for column in columns]


def leaf_word(result: Gradient, node: GraphNode) -> Cell:
    """Whether the node is a leaf in PyTorch's sense, and one that keeps its gradient."""
    if not node.is_leaf:
        return ""
    return "yes" if result.requires_grad[node.id] else ("frozen" if node.op == "input" else "no grad", "dim")


def reference(graph: Graph, number: int) -> str:
    """A node as an input of another: `#3`, or a constant as it is written."""
    return f"#{number}" if number >= 0 else graph.node(number).text


def inputs_text(node: GraphNode) -> str:
    """The inputs of a node, settings with their names: `#0, axis=0`."""
    return ", ".join(f"{name}={reference(node.graph, i)}" if name else reference(node.graph, i) for name, i in node.named_inputs)


def title(node: GraphNode, text: str, screen: Screen) -> str:
    """What the node is in the program: its name, its source text, or `name = text`; a long text is cut in the middle, a name never."""
    text = " ".join(text.split())
    if screen.terminal:
        text = shortened(text, max(12, min(TERMINAL_TEXT, screen.width - 8)))
    label = shown_name(node)
    if not label or node.op == "input":
        return label or text
    return label if text in ("", label) else f"{label} = {text}"


def shown_name(node: GraphNode) -> str | None:
    """A node's name with its version; an input keeps its own also where the program gives it another (`y = x`)."""
    return node.name if node.op == "input" else node.label
