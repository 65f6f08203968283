"""Hessians: second derivatives by forward mode over the gradient's graph, as a matrix or as a product with a direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod

from gradcli.differentiation.asked import Asked, asked, direction, everywhere, unit
from gradcli.differentiation.blocks import Blocks, shaped, symmetric
from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.differentiation.gradients import Names, gradient_of
from gradcli.differentiation.jacobians import limit
from gradcli.differentiation.outputs import Weights, weights_of
from gradcli.differentiation.sweep import adjoints, requires_grad
from gradcli.differentiation.tangents import Slopes, tangents
from gradcli.differentiation.unusual import tangent_warnings, value_warnings
from gradcli.errors import UsageError
from gradcli.graphs import Graph
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.points import Given
from gradcli.operations import by_name
from gradcli.results import Hessian, Value

ASYMMETRY = 1e-6
"""Mirrored entries that are further apart than this, relative to the largest entry, are worth a warning."""


def hessian(
    program: str,
    at: Given = None,
    *,
    of: Names = None,
    grad_output: Weights = None,
    sum: bool = False,  # noqa: A002 - the word of the option
    wrt: Names = None,
    freeze: Names = (),
    product: Given = None,
    seed: int = 0,
    limits: Limits = LIMITS,
) -> Hessian:
    """The second derivatives of a program at a point: of its value, or of the weighted sum of its outputs.

    program, at              text of a program, and a number or an array for every input, as for `grad`
    of, grad_output, sum     the outputs and their weights, as for `grad`
    wrt, freeze              names to differentiate by (default: every input), and inputs to hold constant
    product                  a direction, given like a point: its product with the Hessian instead, for the cost of a few gradients
    seed, limits             what random functions draw by, and the budgets of the run

    The gradient is written as a graph, through which one forward pass per column goes. Raises GradcliError; UsageError if one name of
    `wrt` is computed from another, BudgetExceeded beyond 10^8 entries.

    >>> hessian("x*x*w", "x=2,w=3").blocks["x", "w"]
    4.0
    """
    question = asked(program, at, "hessian", of, wrt, freeze, grad_output, sum, seed=seed, limits=limits)
    nodes = question.nodes
    along = None if product is None else direction(product, question.shapes, "--product")
    refuse_dependent(question.trace.graph, nodes)
    variable, weights = variables(question.trace.graph, nodes), weights_of(question.outputs)
    first = adjoints(variable, weights, requires_grad(variable, nodes.values()))
    graph, slopes = derivative_graph(variable, weights, nodes)
    answer = Hessian(
        program=program,
        at=question.at,
        outputs=question.outputs,
        wrt=question.shapes,
        gradient={name: gradient_of(question.trace, first, node) for name, node in question.wrt.items()},
        branches=question.branches,
    )
    return dense(answer, question, graph, slopes) if along is None else times(answer, question, graph, slopes, along)


def refuse_dependent(graph: Graph, nodes: Mapping[str, int]) -> None:
    """Refuses names of which one is computed from another: a second derivative needs independent variables."""
    if all(graph.operations[node].leaf for node in nodes.values()):
        return
    for name, node in nodes.items():
        flags = requires_grad(graph, [node])
        other = next((other for other, i in nodes.items() if i != node and flags[i]), None)
        if other is not None:
            what = f"'{other}' is computed from '{name}', and a Hessian needs independent variables"
            raise UsageError(what, f"leave one of them out: --wrt {other}")


def variables(graph: Graph, nodes: Mapping[str, int]) -> Graph:
    """The graph with the nodes to differentiate by as inputs, whatever they were computed from."""
    operations, arguments = list(graph.operations), list(graph.arguments)
    for node in nodes.values():
        operations[node], arguments[node] = by_name("input"), ()
    return replace(graph, operations=operations, arguments=arguments)


def times(answer: Hessian, question: Asked, graph: Graph, slopes: Mapping[str, int | None], along: Mapping[str, Value]) -> Hessian:
    """The answer with the product of the Hessian and a direction."""
    found = tangents(graph, {question.wrt[name]: t for name, t in along.items() if question.wrt[name] >= 0})
    moved = {name: found[slope] for name, slope in slopes.items() if slope is not None and slope >= 0}
    product = {name: shaped(moved.get(name), shape) for name, shape in question.shapes.items()}
    warnings = value_warnings(question.trace.graph) or tangent_warnings(graph, present(slopes), found)
    return replace(answer, direction=everywhere(along, question.shapes), product=product, warnings=warnings)


def present(slopes: Mapping[str, int | None]) -> list[int]:
    """The nodes of derivatives that are not constant."""
    return [node for node in slopes.values() if node is not None and node >= 0]


def dense(answer: Hessian, question: Asked, graph: Graph, slopes: Mapping[str, int | None]) -> Hessian:
    """The answer with the matrix."""
    size = sum(map(prod, question.shapes.values()))
    limit(size * size, f"a Hessian of {size} by {size}", "--product gives its product with a direction; or name fewer with --wrt")
    blocks, warnings = by_columns(question, graph, slopes)
    mirrored, apart = symmetric(blocks.complete(), question.shapes)
    said = [apart_said(apart)] if apart > ASYMMETRY else []
    warnings = [*(value_warnings(question.trace.graph) or warnings), *said]
    return replace(answer, blocks=mirrored, asymmetry=apart, warnings=warnings)


def by_columns(question: Asked, graph: Graph, slopes: Mapping[str, int | None]) -> tuple[Blocks[str], list[str]]:
    """The matrix as it is computed, by one pass for each of its columns, and warnings of the first that is not finite."""
    blocks, warnings, partials = Blocks(question.shapes, question.shapes), list[str](), Slopes()
    for name, node in question.nodes.items():
        for k in range(prod(question.shape(name))):
            found = tangents(graph, {node: unit(question.shape(name), k)}, slopes=partials)
            warnings = warnings or tangent_warnings(graph, present(slopes), found)
            for row, slope in slopes.items():
                if slope is not None and slope >= 0 and found[slope] is not None:
                    blocks.put_column(row, name, k, shaped(found[slope], question.shape(row)))
    return blocks, warnings


def apart_said(apart: float) -> str:
    """What it means that mirrored entries differ."""
    return (
        f"mirrored second derivatives differ by {apart:.1g} of the largest: digits lost to rounding, or a gradient defined by the program "
        "that is not the derivative of anything"
    )
