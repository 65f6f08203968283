"""The graph of `grad` as an indented tree from the outputs down, and as a list. Nothing here recurses: programs are deep and shared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from gradcli.rendering.arrays import shape_of, shape_text, value_text
from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_nodes import LONG, hidden_note, inputs_text, shown_name, shown_nodes, title
from gradcli.rendering.gradient_page import answer, closing, summarised
from gradcli.rendering.page import BLANK, Block, Cell, Column, Grid, Line, Piece, Screen, line
from gradcli.rendering.sources import places

if TYPE_CHECKING:
    from gradcli.graphs import Node as GraphNode
    from gradcli.rendering.gradient_nodes import Recorded
    from gradcli.results import Gradient

ROWS = 60
"""Lines of a tree that does not show all nodes."""

LEVELS = 12
"""Levels of such a tree."""

DEEPEST = 40
"""Levels after which the lines of a tree with all nodes are no longer indented, but numbered: 10^5 levels would need 10^10 spaces."""

LIST = (Column("id", number=True), Column("node"), Column("operation"), Column("value"), Column("gradient", "gradient"), Column("leaf"))


class Twig(NamedTuple):
    """A line of the tree: the node, the text before it, the text before its inputs, its level, and what is shown of it."""

    id: int
    before: str
    below: str
    level: int
    shown: str = "full"


def gradient_list(result: Gradient, screen: Screen, all_nodes: bool) -> str:
    """The page with one line per node."""
    nodes = node_list(result, screen, all_nodes)
    return emitted([*nodes, *([BLANK] if nodes else []), answer(result), *summarised(result), *closing(result)], screen)


def node_list(result: Recorded, screen: Screen, all_nodes: bool) -> list[Block]:
    """One line per node, or both ends of a long graph."""
    shown = shown_nodes(result, all_nodes)
    gap = [("…", *[""] * (len(LIST) - 1))] if shown.hidden else []
    known = places(result.graph, [*shown.head, *shown.tail])
    head, tail = ([list_row(result, i, known[i].text, screen) for i in ids] for ids in (shown.head, shown.tail))
    return [Grid(LIST, [*head, *gap, *tail], headed=False), *hidden_note(shown)] if head else []


def list_row(result: Recorded, number: int, text: str, screen: Screen) -> tuple[Cell, ...]:
    """The cells of one node in the list."""
    node = result.graph.node(number)
    call = f"{node.op}({inputs_text(node)})" if node.inputs else node.op
    words = valued("value", node.value), valued("gradient", result.adjoints[number])
    return str(number), title(node, text, screen), call, *words, ("leaf", "leaf") if node.is_leaf else ""


def valued(word: str, value: Any) -> str:
    """A value behind a word, an array that is not shown whole with its shape: `value (64, 10) norm 5  min -3`; nothing for None."""
    if value is None:
        return ""
    shape, text = shape_text(shape_of(value)), value_text(value)
    return f"{word} {shape} {text}" if shape and not text.startswith("[") else f"{word} {text}"


def gradient_tree(result: Gradient, screen: Screen, all_nodes: bool) -> str:
    """The page with the tree."""
    return emitted([*tree(result, screen, all_nodes), BLANK, answer(result), *summarised(result), *closing(result)], screen)


def tree(result: Recorded, screen: Screen, all_nodes: bool) -> Iterator[Line]:
    """The lines of the tree: every node once with its inputs below it, after that by its number."""
    whole = all_nodes or len(result.graph) <= LONG
    lines = list(walk(result, screen, whole))
    known = places(result.graph, (twig.id for twig in lines))
    for twig in lines:
        yield twig_line(result, twig, known[twig.id].text, screen)
    hidden = len(result.graph) - len({twig.id for twig in lines if twig.id >= 0 and twig.shown == "full"})
    if hidden and not whole:
        yield line((f"… {hidden} nodes not shown; --all-nodes shows all", "dim"))


def walk(result: Recorded, screen: Screen, whole: bool) -> Iterator[Twig]:
    """The twigs in the order of the page, of which a tree that is not whole has ROWS."""
    stack = [Twig(output.id, "", "", 0) for output in reversed(result.outputs)]
    written: set[int] = set()
    count = 0
    while stack and (whole or count < ROWS):
        twig, count = stack.pop(), count + 1
        inputs = operands(result.graph.node(twig.id)) if twig.shown == "full" else ()
        again = twig.id in written and bool(inputs)
        yield twig._replace(shown="again") if again else twig
        written.add(twig.id)
        if inputs and not again:
            stack.extend(reversed(twigs(inputs, twig, screen)) if whole or twig.level < LEVELS else [cut(twig, screen)])


def operands(node: GraphNode) -> list[int]:
    """The inputs of a node that it computes with; its settings stand in its text."""
    return [i for name, i in node.named_inputs if not name]


def cut(twig: Twig, screen: Screen) -> Twig:
    """The line below a node whose inputs are too deep to be shown."""
    return twig._replace(before=twig.below + guide(screen, True), shown="cut")


def twigs(inputs: Sequence[int], twig: Twig, screen: Screen) -> list[Twig]:
    """The inputs of a node, with their indentation."""
    level = twig.level + 1
    if level > DEEPEST:
        return [Twig(i, f"{twig.below}[level {level}] ", twig.below, level) for i in inputs]
    lasts = [False] * (len(inputs) - 1) + [True]
    return [
        Twig(i, twig.below + guide(screen, last), twig.below + trunk(screen, last), level) for i, last in zip(inputs, lasts, strict=True)
    ]


def guide(screen: Screen, last: bool) -> str:
    """What stands before an input: lines on a terminal, spaces on a pipe."""
    return ("└─ " if last else "├─ ") if screen.terminal else "  "


def trunk(screen: Screen, last: bool) -> str:
    """What stands before the inputs of an input."""
    return ("   " if last else "│  ") if screen.terminal else "  "


def twig_line(result: Recorded, twig: Twig, text: str, screen: Screen) -> Line:
    """One line of the tree: a node, a node that stands above, or the place where a deep tree is cut."""
    if twig.shown == "cut":
        return line((f"{twig.before}…", "dim"), fixed=True)
    node = result.graph.node(twig.id)
    number = (f"#{twig.id} " if twig.id >= 0 else "", "dim")
    if twig.shown == "again":
        return line((twig.before, "dim"), number, shown_name(node) or title(node, text, screen), ("  see above", "dim"), fixed=True)
    name = title(node, text, screen), "leaf" if node.is_leaf and twig.id >= 0 else ""
    return line((twig.before, "dim"), number, name, (f"  {node.op}", "dim"), *numbers(result, node, text), fixed=True)


def numbers(result: Recorded, node: GraphNode, text: str) -> list[Piece]:
    """Value and gradient of a node, where it has them; nothing for a constant that is written as its value."""
    if node.id < 0 and value_text(node.value) == text:
        return []
    gradient = None if node.id < 0 else result.adjoints[node.id]
    found = (valued("value", node.value), ""), (valued("gradient", gradient), "gradient")
    return [(f"  {words}", style) for words, style in found if words]
