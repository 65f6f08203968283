"""The answer of `grad` for people: the values and gradients first, the nodes below, then what else there is to know."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_nodes import hidden_note, node_grid, shown_nodes, title
from gradcli.rendering.numerals import number_text, superscript
from gradcli.rendering.page import BLANK, Block, Cell, Column, Grid, Line, Screen, line

if TYPE_CHECKING:
    from gradcli.results import BranchTaken, Gradient

FACTS = (Column("what"), Column("number"), Column("remark", "dim"))

CONDITIONS = 10
"""Conditions that a page lists; the JSON has every decision."""


def gradient_table(result: Gradient, screen: Screen, all_nodes: bool) -> str:
    """The page with the table of nodes."""
    shown = shown_nodes(result, all_nodes)
    table: list[Block] = [BLANK, node_grid(result, shown, screen), *hidden_note(shown)] if shown.head else []
    return emitted([answer(result), *table, *closing(result, screen)], screen)


def closing(result: Gradient, screen: Screen) -> list[Line]:
    """What follows the nodes: branches, warnings and the first node that is not finite, after an empty line."""
    lines = [*branches(result.branches), *warnings(result), *not_finite(result, screen)]
    return [BLANK, *lines] if lines else []


def answer(result: Gradient) -> Grid:
    """The values and the gradient of every input, one line each."""
    return Grid(FACTS, [*values(result), *gradients(result), *higher(result)], headed=False)


def values(result: Gradient) -> Iterator[tuple[str, Cell, str]]:
    """The value of every output, with its weight where there are several."""
    several = len(result.outputs) > 1
    for output in result.outputs:
        name = output.name or (f"#{output.id}" if several else "")
        weight = f"weight {number_text(output.weight)} in the gradients" if several else ""
        yield f"value {name}".rstrip(), (number_text(output.value), "answer"), weight


def gradients(result: Gradient) -> Iterator[tuple[str, Cell, str]]:
    """The gradient of every input, with a word where the input does not matter."""
    name = output_name(result)
    independent = set(result.independent)
    for wrt, value in result.gradient.items():
        yield f"∂{name}/∂{wrt}", (number_text(value), "gradient"), f"does not depend on {wrt}" if wrt in independent else ""


def higher(result: Gradient) -> Iterator[tuple[str, Cell, str]]:
    """The derivatives above the first."""
    name = output_name(result)
    for wrt, row in result.higher.items():
        for order, value in enumerate(row[1:], 2):
            yield f"∂{superscript(order)}{name}/∂{wrt}{superscript(order)}", (number_text(value), "gradient"), ""


def output_name(result: Gradient) -> str:
    """The name of the only output, if it has one."""
    return (result.outputs[0].name or "") if len(result.outputs) == 1 else ""


def branches(taken: Sequence[BranchTaken]) -> Iterator[Line]:
    """One line for every condition of the source: what it was, and how often where it varied."""
    found: dict[tuple[int, int, str], list[bool]] = {}
    for branch in taken:
        found.setdefault((branch.line, branch.column, branch.text), []).append(branch.taken)
    for (row, _, text), decisions in list(found.items())[:CONDITIONS]:
        yield line(("branch   ", "dim"), f"line {row}: ", (text, "heading"), f" was {decided(decisions)}", hang=9)
    if len(found) > CONDITIONS:
        yield line((f"… {len(found) - CONDITIONS} more conditions; --format json has all", "dim"))


def decided(decisions: Sequence[bool]) -> str:
    """What a condition was: `true`, `true 10 times`, `true 10 times and false once`."""
    if len(decisions) == 1:
        return "true" if decisions[0] else "false"
    counts = ((word, sum(decision is truth for decision in decisions)) for word, truth in (("true", True), ("false", False)))
    return " and ".join(f"{word} once" if count == 1 else f"{word} {count} times" for word, count in counts if count)


def warnings(result: Gradient) -> Iterator[Line]:
    """The warnings of the run."""
    return (line(("warning  ", "warning"), text, hang=9) for text in result.warnings)


def not_finite(result: Gradient, screen: Screen) -> Iterator[Line]:
    """The first node whose value is not finite; else the first that the backward pass gives a gradient that is not finite."""
    if result.finite:
        return
    values, adjoints = result.graph.values, result.adjoints
    forward = next((i for i in range(len(result.graph)) if not math.isfinite(values[i])), None)
    if forward is not None:
        yield finding(result, forward, f"is the first value that is not finite: {number_text(values[forward])}", screen)
        return
    backward = next((i for i in reversed(range(len(adjoints))) if not math.isfinite(adjoints[i] or 0)), None)
    if backward is not None:
        yield finding(result, backward, f"is the first to get a gradient that is not finite: {number_text(adjoints[backward])}", screen)


def finding(result: Gradient, number: int, said: str, screen: Screen) -> Line:
    """A line about a node that is not finite."""
    node = result.graph.node(number)
    place = f" (line {node.line}) " if node.line else " "
    return line(("not finite  ", "warning"), (f"#{number} {title(node, screen)}", "heading"), f"{place}{said}", hang=12)
