"""Jacobians: the derivatives of every element of the outputs by every element of the inputs, in reverse or in forward mode."""

from __future__ import annotations

from math import prod
from typing import Literal

from gradcli.differentiation.asked import Asked, asked, unit
from gradcli.differentiation.blocks import Blocks
from gradcli.differentiation.gradients import Names
from gradcli.differentiation.sweep import adjoints, requires_grad
from gradcli.differentiation.tangents import Slopes, tangents
from gradcli.differentiation.unusual import gradient_warnings, tangent_warnings, value_warnings
from gradcli.errors import BudgetExceeded, UsageError
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.points import Given
from gradcli.operations.arrays import Shape, shape_of
from gradcli.results import Jacobian

Mode = Literal["reverse", "forward"]

MAX_ENTRIES = 10**8
"""The most entries of a Jacobian or a Hessian: 800 MB."""


def jacobian(
    program: str,
    at: Given = None,
    *,
    of: Names = None,
    wrt: Names = None,
    freeze: Names = (),
    mode: Mode | None = None,
    seed: int = 0,
    limits: Limits = LIMITS,
) -> Jacobian:
    """The derivatives of every element of the outputs by every element of the inputs.

    program, at  text of a program, and a number or an array for every input, as for `grad`
    of           names of the outputs (default: the last statement)
    wrt, freeze  names to differentiate by (default: every input), and inputs to leave out
    mode         "reverse" takes one pass per element of the outputs, "forward" one per element of the inputs; without it the one that
                 takes fewer passes, reverse mode if both take as many
    seed, limits what random functions draw by, and the budgets of the run

    In reverse mode a row is what `grad` answers for that element, to the bit. Raises GradcliError; BudgetExceeded beyond 10^8 entries.

    >>> jacobian("y = x*w; z = x + w", "x=2,w=3", of="y,z").blocks["y", "w"]
    2.0
    """
    question = asked(program, at, "jacobian", of, wrt, freeze, add_up=True, seed=seed, limits=limits)
    rows = sum(prod(shape_of(output.value)) for output in question.outputs)
    columns = sum(map(prod, question.shapes.values()))
    limit(
        rows * columns, f"a Jacobian of {rows} by {columns}", "name fewer with --of or --wrt, or gradcli jvp for a product with a direction"
    )
    mode, reason = chosen(mode, rows, columns)
    blocks, warnings = (by_rows if mode == "reverse" else by_columns)(question)
    independent = blocks.absent()
    return Jacobian(
        program=program,
        at=question.at,
        outputs=question.computed,
        wrt=question.shapes,
        blocks=blocks.complete(),
        independent=independent,
        mode=mode,
        reason=reason,
        branches=question.branches,
        warnings=value_warnings(question.trace.graph) or warnings,
    )


def limit(entries: int, what: str, hint: str) -> None:
    """Refuses what has too many entries."""
    if entries > MAX_ENTRIES:
        raise BudgetExceeded(f"{what} has {entries} entries, and {MAX_ENTRIES} are allowed", hint)


def chosen(mode: Mode | None, rows: int, columns: int) -> tuple[Mode, str]:
    """The mode and why: the one asked for, else the one with fewer passes."""
    if mode not in (None, "reverse", "forward"):
        raise UsageError(f"there is no mode '{mode}'", "--mode reverse or --mode forward")
    sizes = f"{counted(rows, 'element')} of outputs, {columns} of inputs"
    if mode is not None:
        return mode, f"{sizes}: {mode} mode was asked for"
    mode = "reverse" if rows <= columns else "forward"
    return mode, f"{sizes}: {mode} mode takes {counted(min(rows, columns), 'pass', 'passes')}"


def counted(count: int, one: str, several: str = "") -> str:
    """A number of things in words."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def by_rows(question: Asked) -> tuple[Blocks[str | None], list[str]]:
    """The blocks by one sweep per element of the outputs, and warnings of the first that is not finite."""
    graph, nodes, warnings = question.trace.graph, question.nodes, list[str]()
    blocks, active = Blocks(shapes_of_outputs(question), question.shapes), requires_grad(graph, nodes.values())
    for output in question.outputs:
        shape = shape_of(output.value)
        for k in range(prod(shape) if output.id >= 0 else 0):
            found = adjoints(graph, {output.id: unit(shape, k)}, active)
            warnings = warnings or gradient_warnings(graph, nodes.values(), found)
            for name, node in nodes.items():
                if found[node] is not None:
                    blocks.put_row(output.name, name, k, found[node])
    return blocks, warnings


def by_columns(question: Asked) -> tuple[Blocks[str | None], list[str]]:
    """The blocks by one pass forward per element of the inputs, and warnings of the first that is not finite."""
    graph, blocks, warnings = question.trace.graph, Blocks(shapes_of_outputs(question), question.shapes), list[str]()
    ids, slopes = {output.name: output.id for output in question.outputs if output.id >= 0}, Slopes()
    for name, node in question.nodes.items():
        for k in range(prod(question.shape(name))):
            found = tangents(graph, {node: unit(question.shape(name), k)}, slopes=slopes)
            warnings = warnings or tangent_warnings(graph, ids.values(), found)
            for output, i in ids.items():
                if found[i] is not None:
                    blocks.put_column(output, name, k, found[i])
    return blocks, warnings


def shapes_of_outputs(question: Asked) -> dict[str | None, Shape]:
    """The shapes of the outputs by name."""
    return {output.name: shape_of(output.value) for output in question.outputs}
