"""The answer of `jvp`: the value of every output and its derivative along the direction."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from gradcli.rendering import matrices
from gradcli.rendering.arrays import elements, json_value, shape_of
from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_json import branch_object
from gradcli.rendering.gradient_page import FACTS, Fact, closing, fact
from gradcli.rendering.jacobian_answer import UNNAMED
from gradcli.rendering.numerals import number_text
from gradcli.rendering.page import Grid, Screen, clean

if TYPE_CHECKING:
    from gradcli.results import Jvp, Value


def page(result: Jvp, screen: Screen) -> str:
    """The values, then the tangents."""
    return emitted([Grid(FACTS, [*values(result), *tangents(result)], headed=False), *closing(result)], screen)


def values(result: Jvp) -> Iterator[Fact]:
    """The value of every output."""
    for output in result.outputs:
        yield from fact(f"value {output.name or ''}".rstrip(), output.value, "answer")


def tangents(result: Jvp) -> Iterator[Fact]:
    """The derivative of every output along the direction, with a word where the direction does not reach it."""
    for output in result.outputs:
        remark = "does not depend on the direction" if output.independent else ""
        yield from fact(f"tangent {output.name or ''}".rstrip(), output.tangent, "gradient", remark)


def fields(result: Jvp) -> dict[str, Any]:
    """The JSON, schemas/jvp-1.json: fields may be added, never renamed."""
    return {
        "schema": "gradcli/jvp/1",
        "program": result.program,
        "at": {name: json_value(value) for name, value in result.at.items()},
        "tangent": {name: json_value(value) for name, value in result.tangent.items()},
        "outputs": [
            {
                "name": output.name,
                "id": output.id,
                "shape": list(shape_of(output.value)),
                "value": json_value(output.value),
                "tangent": json_value(output.tangent),
                "independent": output.independent,
            }
            for output in result.outputs
        ],
        "branches": [branch_object(branch) for branch in result.branches],
        "warnings": list(result.warnings),
    }


def csv(result: Jvp) -> str:
    """A header `output,value,tangent` and a line for every element of the outputs."""
    rows = (
        [name, number_text(value), number_text(tangent)]
        for output in result.outputs
        for (name, value), (_, tangent) in zip(*(elements(output.name or UNNAMED, x) for x in (output.value, output.tangent)), strict=True)
    )
    return matrices.table([["output", "value", "tangent"], *rows])


def plain(result: Jvp) -> str:
    """`value<TAB>number` and `tangent<TAB>number` lines; of several outputs `value:y` and `tangent:y`."""
    mark = "" if len(result.outputs) == 1 else ":{}"
    pairs = [
        pair
        for word in ("value", "tangent")
        for output in result.outputs
        for pair in elements(f"{word}{mark.format(output.name)}", getattr(output, word))
    ]
    return "".join(f"{clean(name, False)}\t{number_text(number)}\n" for name, number in pairs)


def arrays(result: Jvp) -> dict[str, Value]:
    """The tangents by output."""
    return {output.name or UNNAMED: output.tangent for output in result.outputs}
