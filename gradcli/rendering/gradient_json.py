"""The JSON of `grad`, schemas/grad-1.json: fields may be added, never renamed.

Arrays are nested lists; of more than a million elements, and for a node of more than a thousand, their summary.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gradcli.rendering.arrays import OF_NODES_IN_JSON, json_value
from gradcli.rendering.gradient_nodes import listed_ids, shown_name
from gradcli.rendering.json_text import numbers
from gradcli.rendering.sources import Place, places

if TYPE_CHECKING:
    from gradcli.graphs import Node as GraphNode
    from gradcli.results import BranchTaken, Gradient, Output


def gradient_object(result: Gradient) -> dict[str, Any]:
    """The whole answer."""
    return {
        "schema": "gradcli/grad/1",
        "program": result.program,
        "at": numbers(result.at),
        "outputs": [output_object(output) for output in result.outputs],
        "value": json_value(result.value),
        "grad": numbers(result.gradient),
        "independent": list(result.independent),
        "higher": {name: [json_value(value) for value in row] for name, row in result.higher.items()},
        "nodes": list(node_objects(result)),
        "branches": [branch_object(branch) for branch in result.branches],
        "warnings": list(result.warnings),
    }


def output_object(output: Output) -> dict[str, Any]:
    """One output with its node's id."""
    return {"name": output.name, "id": output.id, "value": json_value(output.value), "weight": json_value(output.weight)}


def branch_object(branch: BranchTaken) -> dict[str, Any]:
    """One decision."""
    rounds = {"rounds": branch.rounds} if branch.rounds is not None else {}
    return {"text": branch.text, "line": branch.line, "column": branch.column, "taken": branch.taken, "times": branch.times, **rounds}


def node_objects(result: Gradient) -> Iterator[dict[str, Any]]:
    """The nodes, then the constants -k … -1, so that nodes[id] is the node with this id also where the id is negative.

    A result that has only leaves has no constants. Source text is cut in the middle beyond 200 characters.
    """
    ids = [*listed_ids(result), *(() if result.leaves else range(-result.graph.constant_count, 0))]
    known = places(result.graph, ids)
    return (node_object(result, result.graph.node(number), known[number]) for number in ids)


def node_object(result: Gradient, node: GraphNode, place: Place) -> dict[str, Any]:
    """One node; a constant, and a node that the output does not depend on, has no gradient."""
    return {
        **identity(node, place),
        **value_fields(node),
        "grad": json_value(result.adjoints[node.id] if node.id >= 0 else None, OF_NODES_IN_JSON),
        "is_leaf": node.is_leaf,
        "requires_grad": node.id >= 0 and bool(result.requires_grad[node.id]),
        **location(node, place),
    }


def identity(node: GraphNode, place: Place) -> dict[str, Any]:
    """What a node is, and what it is computed from."""
    return {
        "id": node.id,
        "name": node.name,
        "label": shown_name(node),
        "op": node.op,
        "text": place.text,
        "inputs": list(node.inputs),
    }


def value_fields(node: GraphNode) -> dict[str, Any]:
    """The shape and the value of a node."""
    return {"shape": list(node.shape), "value": json_value(node.value, OF_NODES_IN_JSON)}


def location(node: GraphNode, place: Place) -> dict[str, Any]:
    """Where a node stands in the source, and in which loop or call."""
    return {"line": place.line, "column": place.column, **({"scope": scope} if (scope := node.scope) else {})}
