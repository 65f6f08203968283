"""The answer of `hessian`: the matrix of second derivatives beside the gradient, or its product with a direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gradcli.rendering import matrices
from gradcli.rendering.arrays import elements, json_value, shape_of
from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_json import branch_object, output_object
from gradcli.rendering.gradient_page import FACTS, closing, values
from gradcli.rendering.json_text import numbers
from gradcli.rendering.matrices import Matrix
from gradcli.rendering.numerals import json_number, number_text
from gradcli.rendering.page import BLANK, Block, Column, Grid, Screen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gradcli.results import Hessian, Value


def matrix(result: Hessian) -> Matrix:
    """The blocks by names."""
    return Matrix(result.wrt, result.wrt, result.blocks)


def page(result: Hessian, screen: Screen) -> str:
    """The values, and a row for every element of the inputs with its gradient and second derivatives."""
    rows = [product_grid(result)] if result.product is not None else dense_grid(result)
    return emitted([Grid(FACTS, list(values(result)), headed=False), BLANK, *rows, *closing(result)], screen)


def dense_grid(result: Hessian) -> list[Block]:
    """The matrix, with the gradient before it."""
    shown = matrix(result)
    return [matrices.grid(shown, "input", [("gradient", flat(result.gradient))]), *matrices.not_whole(shown.size)]


def product_grid(result: Hessian) -> Grid:
    """Gradient, direction and product, element by element."""
    heads = [Column("input", "heading"), *(Column(head, "gradient", number=True) for head in ("gradient", "direction", "product"))]
    return Grid(heads, [[name, *map(number_text, row)] for name, *row in product_rows(result)])


def product_rows(result: Hessian) -> list[tuple[str, float, float, float]]:
    """Label, gradient, direction and product of every element of the inputs."""
    columns = [flat(found or {}) for found in (result.gradient, result.direction, result.product)]
    return list(zip(matrices.all_labels(result.wrt), *columns, strict=True))


def flat(found: Mapping[str, Value]) -> list[float]:
    """All elements in order."""
    return [number for name, value in found.items() for _, number in elements(name, value)]


def fields(result: Hessian) -> dict[str, Any]:
    """The JSON, schemas/hessian-1.json: fields may be added, never renamed."""
    return {
        "schema": "gradcli/hessian/1",
        "program": result.program,
        "at": numbers(result.at),
        "outputs": [output_object(output) for output in result.outputs],
        "grad": numbers(result.gradient),
        "inputs": [{"name": name, "shape": list(shape)} for name, shape in result.wrt.items()],
        "blocks": [
            {"row": row, "column": column, "shape": list(shape_of(block)), "value": json_value(block)}
            for (row, column), block in result.blocks.items()
        ],
        "asymmetry": json_number(result.asymmetry),
        "direction": None if result.direction is None else numbers(result.direction),
        "product": None if result.product is None else numbers(result.product),
        "branches": [branch_object(branch) for branch in result.branches],
        "warnings": list(result.warnings),
    }


def csv(result: Hessian) -> str:
    """A header `input,x[0],…` and a line for every element of the inputs; of a product `input,gradient,direction,product`."""
    if result.product is None:
        return matrices.csv(matrix(result), "input")
    rows = ([name, *map(number_text, row)] for name, *row in product_rows(result))
    return matrices.table([["input", "gradient", "direction", "product"], *rows])


def plain(result: Hessian) -> str:
    """`x[0]/w<TAB>derivative` lines; of a product `x[0]<TAB>number`."""
    if result.product is None:
        return matrices.plain(matrix(result))
    pairs = [pair for name, value in result.product.items() for pair in elements(name, value)]
    return "".join(f"{name}\t{number_text(number)}\n" for name, number in pairs)


def arrays(result: Hessian) -> dict[str, Value]:
    """The blocks, named `x/w`, or the product by input."""
    return matrices.arrays(matrix(result)) if result.product is None else dict(result.product)
