"""The answer of `grad` for people: the values and gradients first, the nodes below, then what else there is to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_nodes import hidden_note, node_grid, shown_nodes
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
    return emitted([answer(result), *table, *closing(result)], screen)


def closing(result: Gradient) -> list[Line]:
    """What follows the nodes: branches and warnings, after an empty line. A warning names the first node that is not finite."""
    lines = [*branches(result.branches), *warnings(result)]
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
