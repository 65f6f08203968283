"""The answer of `grad` for people: the values and gradients first, the nodes below, then what else there is to know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.arrays import IN_ANSWER, is_long, shape_of, value_rows, value_text
from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_nodes import hidden_note, node_grid, shown_nodes
from gradcli.rendering.numerals import superscript
from gradcli.rendering.page import BLANK, Block, Cell, Column, Grid, Line, Screen, line

if TYPE_CHECKING:
    from typing import Protocol

    from gradcli.results import BranchTaken, Gradient, Output, Value

    class Run(Protocol):
        """What the answers of all commands that run a program say about the run."""

        @property
        def branches(self) -> Sequence[BranchTaken]: ...
        @property
        def warnings(self) -> Sequence[str]: ...

    class Weighted(Protocol):
        """An answer about outputs with weights."""

        @property
        def outputs(self) -> Sequence[Output]: ...


Fact = tuple[str, Cell, str]
"""A line of the answer: what it is, the number, and what is to be said about it."""

FACTS = (Column("what"), Column("number"), Column("remark", "dim"))

CONDITIONS = 10
"""Conditions that a page lists; the JSON has every decision."""


def gradient_table(result: Gradient, screen: Screen, all_nodes: bool) -> str:
    """The page with the table of nodes."""
    shown = shown_nodes(result, all_nodes)
    table: list[Block] = [BLANK, node_grid(result, shown, screen), *hidden_note(shown)] if shown.head else []
    return emitted([answer(result), *summarised(result), *table, *closing(result)], screen)


def closing(result: Run) -> list[Line]:
    """What follows the nodes: branches and warnings, after an empty line. A warning names the first node that is not finite."""
    lines = [*branches(result.branches), *warning_lines(result.warnings)]
    return [BLANK, *lines] if lines else []


def answer(result: Gradient) -> Grid:
    """The values and the gradient of every input: numbers and vectors on a line each, matrices in rows."""
    return Grid(FACTS, [*values(result), *gradients(result), *higher(result)], headed=False)


def summarised(result: Gradient) -> list[Line]:
    """The line that says how to see arrays whole, where the answer has one that is not."""
    longest = next((f"--get {name}" for name, value in result.gradient.items() if is_long(value)), "")
    option = longest or ("--value" if any(is_long(output.value) for output in result.outputs) else "")
    text = f"arrays of more than {IN_ANSWER} elements are summarised; {option} prints all numbers, --format json has everything"
    return [line((text, "dim"))] if option else []


def fact(what: str, value: Value, style: str, remark: str = "") -> Iterator[Fact]:
    """The lines of one value."""
    for row in value_rows(value):
        yield what, (row, style), remark
        what = remark = ""


def values(result: Weighted) -> Iterator[Fact]:
    """The value of every output, with its weights where there are several, or where it is an array."""
    several = len(result.outputs) > 1
    for output in result.outputs:
        name = output.name or (f"#{output.id}" if several else "")
        remark = f"weight {value_text(output.weight)} in the gradients" if several and not shape_of(output.value) else ""
        yield from fact(f"value {name}".rstrip(), output.value, "answer", remark)
        if shape_of(output.value):
            yield from fact(f"weight {name}".rstrip(), output.weight, "dim")


def gradients(result: Gradient) -> Iterator[Fact]:
    """The gradient of every input, with a word where the input does not matter."""
    name = output_name(result)
    independent = set(result.independent)
    for wrt, value in result.gradient.items():
        yield from fact(f"∂{name}/∂{wrt}", value, "gradient", f"does not depend on {wrt}" if wrt in independent else "")


def higher(result: Gradient) -> Iterator[Fact]:
    """The derivatives above the first."""
    name = output_name(result)
    for wrt, row in result.higher.items():
        for order, value in enumerate(row[1:], 2):
            yield from fact(f"∂{superscript(order)}{name}/∂{wrt}{superscript(order)}", value, "gradient")


def output_name(result: Gradient) -> str:
    """The name of the only output, if it has one."""
    return (result.outputs[0].name or "") if len(result.outputs) == 1 else ""


def branches(taken: Sequence[BranchTaken]) -> Iterator[Line]:
    """One line for every condition of the source: what it was, and how often where it varied; for a loop its rounds."""
    found: dict[tuple[int, int, str], list[BranchTaken]] = {}
    for branch in taken:
        found.setdefault((branch.line, branch.column, branch.text), []).append(branch)
    for (row, _, text), decisions in list(found.items())[:CONDITIONS]:
        yield line(("branch   ", "dim"), f"line {row}: ", (text, "heading"), f" {decided(decisions)}", hang=9)
    if len(found) > CONDITIONS:
        yield line((f"… {len(found) - CONDITIONS} more conditions; --format json has all", "dim"))


def decided(decisions: Sequence[BranchTaken]) -> str:
    """What a condition was: `was true`, `was true 10 times`, `was true 10 times and false once`, or `ran 10 rounds`."""
    if decisions[0].rounds is not None:
        rounds = sum(decision.rounds or 0 for decision in decisions)
        return f"ran {rounds} round{'s' * (rounds != 1)}"
    counts = {word: sum(one.times for one in decisions if one.taken is truth) for word, truth in (("true", True), ("false", False))}
    if sum(counts.values()) == 1:
        return "was true" if counts["true"] else "was false"
    return "was " + " and ".join(f"{word} once" if count == 1 else f"{word} {count} times" for word, count in counts.items() if count)


def warning_lines(warnings: Sequence[str]) -> Iterator[Line]:
    """The warnings of a run, or of several."""
    return (line(("warning  ", "warning"), text, hang=9) for text in warnings)
