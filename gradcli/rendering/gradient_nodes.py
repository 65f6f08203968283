"""What pages say about the nodes of a graph: which of them are shown, their titles, inputs and rows. Nodes are built for these only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gradcli.rendering.numerals import number_text
from gradcli.rendering.page import Cell, Column, Grid, Line, Screen, line, shortened
from gradcli.rendering.sources import places

if TYPE_CHECKING:
    from gradcli.graphs import Graph
    from gradcli.graphs import Node as GraphNode
    from gradcli.results import Gradient

LONG = 40
"""Nodes that a page shows before it leaves out the middle."""

ENDS = 15
"""Nodes shown at each end of a long program."""

TERMINAL_TEXT = 40
"""Characters of a node's source text on a terminal, if it is wide enough."""

COLUMNS = (
    Column("id", number=True),
    Column("node"),
    Column("operation", drop=2),
    Column("inputs", drop=3),
    Column("value", number=True),
    Column("gradient", "gradient", number=True),
    Column("leaf", "leaf", drop=1),
)


class Shown(NamedTuple):
    """The ids of the nodes on a page, in order, and how many are left out between `head` and `tail`."""

    head: Sequence[int]
    tail: Sequence[int]
    hidden: int


def shown_nodes(result: Gradient, all_nodes: bool) -> Shown:
    """The nodes that a page shows: all (only the leaves, if the result has no others), or both ends of a long program."""
    ids = listed_ids(result)
    if all_nodes or len(ids) <= LONG:
        return Shown(ids, (), 0)
    return Shown(ids[:ENDS], ids[-ENDS:], len(ids) - 2 * ENDS)


def listed_ids(result: Gradient) -> Sequence[int]:
    """The ids of the nodes that the result is about, without constants."""
    graph = result.graph
    return [i for i in range(len(graph)) if graph.node(i).is_leaf] if result.leaves else range(len(graph))


def hidden_note(shown: Shown) -> list[Line]:
    """The line that says how many nodes are left out, and how to see them."""
    return [line((f"… {shown.hidden} rows not shown; --all-nodes shows all", "dim"))] if shown.hidden else []


def node_grid(result: Gradient, shown: Shown, screen: Screen) -> Grid:
    """The table of nodes: one row each, with the chain of values and gradients."""
    gap = [("…", *[""] * (len(COLUMNS) - 1))] if shown.hidden else []
    known = places(result.graph, [*shown.head, *shown.tail])
    head, tail = ([node_row(result, i, known[i].text, screen) for i in ids] for ids in (shown.head, shown.tail))
    return Grid(COLUMNS, [*head, *gap, *tail])


def node_row(result: Gradient, number: int, text: str, screen: Screen) -> Sequence[Cell]:
    """The cells of one node."""
    node = result.graph.node(number)
    inputs = ", ".join(reference(result.graph, i) for i in node.inputs)
    gradient = number_text(result.adjoints[number])
    return str(number), title(node, text, screen), node.op, inputs, number_text(node.value), gradient, leaf_word(result, node)


def leaf_word(result: Gradient, node: GraphNode) -> Cell:
    """Whether the node is a leaf in PyTorch's sense, and one that keeps its gradient."""
    if not node.is_leaf:
        return ""
    return "yes" if result.requires_grad[node.id] else ("frozen" if node.op == "input" else "no grad", "dim")


def reference(graph: Graph, number: int) -> str:
    """A node as an input of another: `#3`, or a constant as it is written."""
    return f"#{number}" if number >= 0 else graph.node(number).text


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
