"""The answer of `jacobian`: a row for every element of the outputs, a column for every element of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.rendering import matrices
from gradcli.rendering.arrays import json_value, shape_of
from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_json import branch_object
from gradcli.rendering.gradient_page import FACTS, closing, fact
from gradcli.rendering.matrices import Matrix
from gradcli.rendering.page import BLANK, Grid, Screen, line

if TYPE_CHECKING:
    from gradcli.results import Block, Jacobian, Value

UNNAMED = "value"
"""What an unnamed last statement is called."""


def matrix(result: Jacobian) -> Matrix:
    """The blocks by names."""
    rows = {output.name or UNNAMED: shape_of(output.value) for output in result.outputs}
    return Matrix(rows, result.wrt, {(output or UNNAMED, name): block for (output, name), block in result.blocks.items()})


def page(result: Jacobian, screen: Screen) -> str:
    """The values, the matrix, and how it was computed."""
    values = [row for output in result.outputs for row in fact(f"value {output.name or ''}".rstrip(), output.value, "answer")]
    shown = matrix(result)
    remarks = [line((result.reason, "dim")), *(line((absent(block), "dim")) for block in result.independent)]
    blocks = [Grid(FACTS, values, headed=False), BLANK, matrices.grid(shown, "output"), *matrices.not_whole(shown.size), BLANK]
    return emitted([*blocks, *remarks, *closing(result)], screen)


def absent(block: Block) -> str:
    """What a block of zeros says."""
    return f"{block[0] or UNNAMED} does not depend on {block[1]}"


def fields(result: Jacobian) -> dict[str, Any]:
    """The JSON, schemas/jacobian-1.json: fields may be added, never renamed."""
    return {
        "schema": "gradcli/jacobian/1",
        "program": result.program,
        "at": {name: json_value(value) for name, value in result.at.items()},
        "outputs": [{"name": o.name, "id": o.id, "shape": list(shape_of(o.value)), "value": json_value(o.value)} for o in result.outputs],
        "inputs": [{"name": name, "shape": list(shape)} for name, shape in result.wrt.items()],
        "mode": result.mode,
        "reason": result.reason,
        "blocks": [block_object(result, key, block) for key, block in result.blocks.items()],
        "branches": [branch_object(branch) for branch in result.branches],
        "warnings": list(result.warnings),
    }


def block_object(result: Jacobian, key: Block, block: Value) -> dict[str, Any]:
    """The derivatives of one output by one input."""
    output, name = key
    facts = {"output": output, "input": name, "shape": list(shape_of(block)), "independent": key in result.independent}
    return {**facts, "value": json_value(block)}


def csv(result: Jacobian) -> str:
    """A header `output,x[0],…` and a line for every element of the outputs."""
    return matrices.csv(matrix(result), "output")


def plain(result: Jacobian) -> str:
    """`y[0]/x[1]<TAB>derivative` lines."""
    return matrices.plain(matrix(result))


def arrays(result: Jacobian) -> dict[str, Value]:
    """The blocks, named `y/x`."""
    return matrices.arrays(matrix(result))
