"""The graph of `grad` as an indented tree from the outputs down, and as a list. Nothing here recurses: programs are deep and shared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_nodes import LONG, hidden_note, reference, shown_nodes, title
from gradcli.rendering.gradient_page import answer, closing
from gradcli.rendering.numerals import number_text
from gradcli.rendering.page import BLANK, Block, Cell, Column, Grid, Line, Screen, line

if TYPE_CHECKING:
    from gradcli.graphs import Node as GraphNode
    from gradcli.results import Gradient

ROWS = 60
"""Lines of a tree that does not show all nodes."""

LEVELS = 12
"""Levels of such a tree."""

DEEPEST = 40
"""Levels after which the lines of a tree with all nodes are no longer indented, but numbered: 10^5 levels would need 10^10 spaces."""

LIST = (Column("id", number=True), Column("node"), Column("operation"), Column("value"), Column("gradient", "gradient"), Column("leaf"))


class Twig(NamedTuple):
    """A node in the tree: the text before it, the text before its own inputs, and its level."""

    id: int
    before: str
    below: str
    level: int


def gradient_list(result: Gradient, screen: Screen, all_nodes: bool) -> str:
    """The page with one line per node."""
    shown = shown_nodes(result, all_nodes)
    gap = [("…", *[""] * (len(LIST) - 1))] if shown.hidden else []
    rows = [*(list_row(result, i, screen) for i in shown.head), *gap, *(list_row(result, i, screen) for i in shown.tail)]
    nodes: list[Block] = [Grid(LIST, rows, headed=False), *hidden_note(shown), BLANK] if rows else []
    return emitted([*nodes, answer(result), *closing(result, screen)], screen)


def list_row(result: Gradient, number: int, screen: Screen) -> tuple[Cell, ...]:
    """The cells of one node in the list."""
    node = result.graph.node(number)
    call = f"{node.op}({', '.join(reference(result.graph, i) for i in node.inputs)})" if node.inputs else node.op
    gradient = result.adjoints[number]
    words = f"value {number_text(node.value)}", "" if gradient is None else f"gradient {number_text(gradient)}"
    return str(number), title(node, screen), call, *words, ("leaf", "leaf") if node.is_leaf else ""


def gradient_tree(result: Gradient, screen: Screen, all_nodes: bool) -> str:
    """The page with the tree."""
    return emitted([*tree(result, screen, all_nodes), BLANK, answer(result), *closing(result, screen)], screen)


def tree(result: Gradient, screen: Screen, all_nodes: bool) -> Iterator[Line]:
    """The lines of the tree: every node once with its inputs below it, after that by its number."""
    stack = [Twig(output.id, "", "", 0) for output in reversed(result.outputs)]
    written: set[int] = set()
    whole = all_nodes or len(result.graph) <= LONG
    lines, cut = 0, False
    while stack and (whole or lines < ROWS):
        twig, lines = stack.pop(), lines + 1
        again = twig.id in written and bool(result.graph.node(twig.id).inputs)
        yield reminder(result, twig, screen) if again else full(result, twig, screen)
        written.add(twig.id)
        below = [] if again else twigs(result, twig, screen)
        if below and not whole and twig.level >= LEVELS:
            cut = True
            yield line((f"{twig.below}{guide(screen, True)}…", "dim"))
        else:
            stack.extend(reversed(below))
    if stack or cut:
        shown = sum(number >= 0 for number in written)
        yield line((f"… {len(result.graph) - shown} nodes not shown; --all-nodes shows all", "dim"))


def twigs(result: Gradient, twig: Twig, screen: Screen) -> list[Twig]:
    """The inputs of a node, with their indentation."""
    inputs = result.graph.node(twig.id).inputs
    if twig.level >= DEEPEST:
        return [Twig(i, f"{twig.below}[level {twig.level + 1}] ", twig.below, twig.level + 1) for i in inputs]
    lasts = (k == len(inputs) for k in range(1, len(inputs) + 1))
    return [
        Twig(i, twig.below + guide(screen, last), twig.below + trunk(screen, last), twig.level + 1)
        for i, last in zip(inputs, lasts, strict=True)
    ]


def guide(screen: Screen, last: bool) -> str:
    """What stands before an input: lines on a terminal, spaces on a pipe."""
    if not screen.terminal:
        return "  "
    return "└─ " if last else "├─ "


def trunk(screen: Screen, last: bool) -> str:
    """What stands before the inputs of an input."""
    if not screen.terminal:
        return "  "
    return "   " if last else "│  "


def full(result: Gradient, twig: Twig, screen: Screen) -> Line:
    """A node with its operation, value and gradient."""
    node = result.graph.node(twig.id)
    if twig.id < 0:
        return line((twig.before, "dim"), title(node, screen), ("  constant", "dim"), constant_value(node), fixed=True)
    gradient = result.adjoints[twig.id]
    pieces = [(f"#{twig.id} ", "dim"), (title(node, screen), "leaf" if node.is_leaf else ""), (f"  {node.op}", "dim")]
    share = ("" if gradient is None else f"  gradient {number_text(gradient)}", "gradient")
    return line((twig.before, "dim"), *pieces, f"  value {number_text(node.value)}", share, fixed=True)


def constant_value(node: GraphNode) -> str:
    """The value of a constant that is not written as a plain number, such as `pi`."""
    return "" if number_text(node.value) == node.text else f"  value {number_text(node.value)}"


def reminder(result: Gradient, twig: Twig, screen: Screen) -> Line:
    """A node whose inputs are shown above."""
    node = result.graph.node(twig.id)
    return line((twig.before, "dim"), (f"#{twig.id} ", "dim"), node.label or title(node, screen), ("  see above", "dim"), fixed=True)
