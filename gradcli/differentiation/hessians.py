"""Hessians: second derivatives by forward mode over the gradient's graph, as a matrix or as a product with a direction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import prod
from typing import Any

from gradcli.differentiation.asked import Asked, asked, direction, unit, whole
from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.differentiation.gradients import Names, gradient_of
from gradcli.differentiation.jacobians import limit, plain
from gradcli.differentiation.outputs import Weights, weights_of
from gradcli.differentiation.sweep import adjoints, requires_grad
from gradcli.differentiation.tangents import Slopes, tangents
from gradcli.differentiation.unusual import tangent_warnings, value_warnings
from gradcli.errors import UsageError
from gradcli.graphs import Graph
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.points import Given
from gradcli.operations import by_name
from gradcli.operations.lazily import np
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
    for name, node in nodes.items():
        flags = requires_grad(graph, [node]) if len(nodes) > 1 and not all(graph.operations[i].leaf for i in nodes.values()) else ()
        other = next((other for other, i in nodes.items() if i != node and flags and flags[i]), None)
        if other is not None:
            raise UsageError(
                f"'{other}' is computed from '{name}', and a Hessian needs independent variables", f"leave one of them out: --wrt {other}"
            )


def variables(graph: Graph, nodes: Mapping[str, int]) -> Graph:
    """The graph with the nodes to differentiate by as inputs, whatever they were computed from."""
    operations, arguments = list(graph.operations), list(graph.arguments)
    for node in nodes.values():
        operations[node], arguments[node] = by_name("input"), ()
    return replace(graph, operations=operations, arguments=arguments)


def times(answer: Hessian, question: Asked, graph: Graph, slopes: Mapping[str, int | None], along: Mapping[str, Value]) -> Hessian:
    """The answer with the product of the Hessian and a direction."""
    found = tangents(graph, {question.wrt[name]: t for name, t in along.items() if question.wrt[name] >= 0})
    product = {name: moved(found, slopes.get(name), shape) for name, shape in question.shapes.items()}
    warnings = value_warnings(question.trace.graph) or tangent_warnings(graph, present(slopes), found)
    return replace(answer, direction=whole(along, question.shapes), product=product, warnings=warnings)


def present(slopes: Mapping[str, int | None]) -> list[int]:
    """The nodes of derivatives that are not constant."""
    return [node for node in slopes.values() if node is not None and node >= 0]


def moved(found: list[Any], node: int | None, shape: tuple[int, ...]) -> Value:
    """The tangent of a node of a derivative; zeros where there is none."""
    t = None if node is None or node < 0 else found[node]
    return plain(np.zeros(shape) if t is None else np.broadcast_to(t, shape))


def dense(answer: Hessian, question: Asked, graph: Graph, slopes: Mapping[str, int | None]) -> Hessian:
    """The answer with the matrix."""
    size = sum(map(prod, question.shapes.values()))
    limit(size * size, f"a Hessian of {size} by {size}", "--product gives its product with a direction; or name fewer with --wrt")
    places = places_of(question.shapes)
    matrix, warnings = by_columns(question, graph, slopes, places)
    apart = asymmetry(matrix)
    said = [apart_said(apart)] if apart > ASYMMETRY else []
    warnings = [*(value_warnings(question.trace.graph) or warnings), *said]
    return replace(answer, blocks=blocks(symmetric(matrix), places, question.shapes), asymmetry=apart, warnings=warnings)


def by_columns(question: Asked, graph: Graph, slopes: Mapping[str, int | None], places: Mapping[str, slice]) -> tuple[Any, list[str]]:
    """The matrix as it is computed, by one pass for each of its columns, and warnings of the first that is not finite."""
    size = sum(map(prod, question.shapes.values()))
    matrix, warnings, partials = np.zeros((size, size)), list[str](), Slopes()
    for name, node in question.nodes.items():
        for k in range(prod(question.shape(name))):
            found = tangents(graph, {node: unit(question.shape(name), k)}, slopes=partials)
            warnings = warnings or tangent_warnings(graph, present(slopes), found)
            for row, slope in slopes.items():
                if slope is not None and slope >= 0 and found[slope] is not None:
                    matrix[places[row], places[name].start + k] = np.ravel(found[slope])
    return matrix, warnings


def places_of(shapes: Mapping[str, tuple[int, ...]]) -> dict[str, slice]:
    """The rows, which are also the columns, of every input in the matrix."""
    found, start = {}, 0
    for name, shape in shapes.items():
        found[name] = slice(start, start + prod(shape))
        start += prod(shape)
    return found


def blocks(matrix: Any, places: Mapping[str, slice], shapes: Mapping[str, tuple[int, ...]]) -> dict[tuple[str, str], Value]:
    """The matrix in blocks, each in the shape of its row's input followed by its column's."""
    return {(a, b): plain(matrix[places[a], places[b]].reshape((*shapes[a], *shapes[b]))) for a in places for b in places}


def symmetric(matrix: Any) -> Any:
    """The matrix with mirrored entries replaced by their mean."""
    return np.where(matrix == matrix.T, matrix, matrix / 2 + matrix.T / 2)


def asymmetry(matrix: Any) -> float:
    """How far mirrored entries are apart, relative to the largest finite entry."""
    finite = np.isfinite(matrix) & np.isfinite(matrix.T)
    largest = np.abs(matrix, where=finite, out=np.zeros_like(matrix)).max(initial=0.0)
    apart = np.abs(np.subtract(matrix, matrix.T, where=finite, out=np.zeros_like(matrix))).max(initial=0.0)
    return float(apart / largest) if largest else 0.0


def apart_said(apart: float) -> str:
    """What it means that mirrored entries differ."""
    return (
        f"mirrored second derivatives differ by {apart:.1g} of the largest: digits lost to rounding, or a gradient defined by the program "
        "that is not the derivative of anything"
    )
