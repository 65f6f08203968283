"""The JSON of `graph`, schemas/graph-1.json: fields may be added, never renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.rendering.arrays import json_value
from gradcli.rendering.gradient_json import branch_object, identity, location, value_fields
from gradcli.rendering.json_text import numbers
from gradcli.rendering.sources import Place, places

if TYPE_CHECKING:
    from gradcli.graphs import Node as GraphNode
    from gradcli.results import Computed, Traced


def graph_object(result: Traced) -> dict[str, Any]:
    """The whole answer; without a point `at` is null, and what depends on inputs has neither shape nor value."""
    graph = result.graph
    ids = [*range(len(graph)), *range(-graph.constant_count, 0)]
    known = places(graph, ids)
    return {
        "schema": "gradcli/graph/1",
        "program": result.program,
        "at": None if result.at is None else numbers(result.at),
        "outputs": [output_object(output) for output in result.outputs],
        "nodes": [node_object(graph.node(number), known[number]) for number in ids],
        "branches": [branch_object(branch) for branch in result.branches],
    }


def output_object(output: Computed) -> dict[str, Any]:
    """One output, with its value if that is known."""
    value = {} if output.value is None else {"value": json_value(output.value)}
    return {"name": output.name, "id": output.id, **value}


def node_object(node: GraphNode, place: Place) -> dict[str, Any]:
    """One node; the value of a constant is known also where it is a setting, None."""
    value = value_fields(node) if node.id < 0 or node.value is not None else {}
    return {**identity(node, place), **value, "is_leaf": node.is_leaf, **location(node, place)}
