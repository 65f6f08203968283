"""The answer of `grad` over several points: a row for each, or the sums alone where these were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.errors import UsageError
from gradcli.rendering.arrays import elements, shape_of, value_text
from gradcli.rendering.emitting import emitted
from gradcli.rendering.gradient_json import gradient_object
from gradcli.rendering.gradient_nodes import ENDS, LONG
from gradcli.rendering.gradient_page import FACTS, fact, warning_lines
from gradcli.rendering.gradient_values import gradient_of, named_values, quoted
from gradcli.rendering.json_text import compact, document, numbers
from gradcli.rendering.numerals import json_number, number_text, superscript
from gradcli.rendering.page import BLANK, Block, Column, Grid, Line, Screen, line

if TYPE_CHECKING:
    from gradcli.results import Gradient, Gradients, Value

    Named = Sequence[tuple[str, Value]]
    """Numbers by the names of CSV, in order."""


def points_table(result: Gradients, screen: Screen, all_points: bool) -> str:
    """The page: what is the same at every point, a row for each, and the sums."""
    said = list(warning_lines(result.warnings))
    return emitted([*shared(result), *point_blocks(result, all_points), *sums(result), *([BLANK] if said else []), *said], screen)


def shared(result: Gradients) -> list[Line]:
    """The line of the inputs that are the same at every point."""
    same = ((name, value) for name, value in result.points[0].at.items() if name not in result.over)
    texts = [f"{name} = {value_text(value)}" for name, value in same]
    return [line(("at ", "dim"), ", ".join(texts), hang=3), BLANK] if texts else []


def point_blocks(result: Gradients, all_points: bool) -> list[Block]:
    """The rows of the points, both ends of many."""
    hidden = 0 if all_points or len(result.points) <= LONG else len(result.points) - 2 * ENDS
    shown = [*result.points[:ENDS], *result.points[-ENDS:]] if hidden else result.points
    cells = [point_cells(result.over, point) for point in shown]
    columns = [column(row) for row in zip(*cells, strict=True)]
    rows = [[value_text(value) for _, value in row] for row in cells]
    if not hidden:
        return [Grid(columns, rows)]
    note = line((f"… {hidden} points not shown; --all-nodes shows all", "dim"))
    return [Grid(columns, [*rows[:ENDS], ["…"] * len(columns), *rows[ENDS:]]), note]


def column(cells: Named) -> Column:
    """The column of some cells of one name; those that hold arrays may be folded."""
    name = cells[0][0]
    return Column(name, "gradient" if name.startswith("∂") else "", number=not any(shape_of(value) for _, value in cells))


def point_cells(over: Sequence[str], point: Gradient) -> Named:
    """What a row shows: the inputs that differ, the values and the gradients."""
    inputs = [(name, point.at[name]) for name in over]
    answers = named_values(point)[len(point.at) :]
    return [*inputs, *((heading(name), value) for name, value in answers)]


def heading(name: str) -> str:
    """The heading of a column: ∂/∂x, ∂²/∂x², or `value` as it is."""
    kind, _, input_name = name.partition("_")
    order = kind.removeprefix("grad")
    if kind == order:
        return name
    return f"∂{superscript(int(order))}/∂{input_name}{superscript(int(order))}" if order else f"∂/∂{input_name}"


def sums(result: Gradients) -> list[Block]:
    """The sums over all points."""
    if result.gradient is None:
        return []
    title = f"sum of {len(result.points)} points"
    rows = [*fact("value", result.value or 0.0, "answer", title)]
    for name, value in result.gradient.items():
        rows += fact(f"∂/∂{name}", value, "gradient")
    return [BLANK, Grid(FACTS, rows, headed=False)]


def points_for_programs(result: Gradients, form: str, get: Sequence[str], value_only: bool) -> str:
    """The formats for programs: a line or an object for each point; only the sums in lines, where these were asked for."""
    if get or value_only or form in ("csv", "plain"):
        return lines(result, form, get, value_only)
    return document(points_object(result)) if form == "json" else "".join(compact(gradient_object(point)) for point in result.points)


def lines(result: Gradients, form: str, get: Sequence[str], value_only: bool) -> str:
    """The points as lines of numbers: with commas and a header, or with tabs."""
    if result.gradient is not None:
        rows = [chosen(summed(result), result.gradient, get, value_only)]
    else:
        rows = [chosen(named_values(point), point.gradient, get, value_only) for point in result.points]
    cells = [[cell for name, value in row for cell in elements(name, value)] for row in rows]
    mark = "," if form == "csv" and not (get or value_only) else "\t"
    table = [[number_text(value) for _, value in row] for row in cells]
    if mark == ",":
        refuse_ragged(cells)
        table.insert(0, [quoted(name) for name, _ in cells[0]])
    return "".join(f"{mark.join(row)}\n" for row in table)


def chosen(everything: Named, gradient: Mapping[str, Value], get: Sequence[str], value_only: bool) -> Named:
    """What is shown of a point: everything, or the values and the gradients that are asked for."""
    if not (get or value_only):
        return everything
    values = [(name, value) for name, value in everything if name.partition("_")[0] == "value"] if value_only else []
    return [*values, *((name, gradient_of(gradient, name)) for name in get)]


def summed(result: Gradients) -> Named:
    """The sums under the names of CSV."""
    return [("value", result.value or 0.0), *((f"grad_{name}", value) for name, value in (result.gradient or {}).items())]


def refuse_ragged(rows: Sequence[Named]) -> None:
    """Refuse a table whose rows have different columns, as where a branch changes the shape of a value."""
    if any(len(row) != len(rows[0]) for row in rows):
        raise UsageError(
            "the points have values of different shapes, which are no columns", hint="--format jsonl has an object for each point"
        )


def points_object(result: Gradients) -> dict[str, Any]:
    """The whole answer, schemas/grad-over-1.json: the objects of all points, and the sums."""
    found = None if result.gradient is None else {"value": json_number(result.value), "grad": numbers(result.gradient)}
    return {
        "schema": "gradcli/grad-over/1",
        "program": result.program,
        "over": list(result.over),
        "points": [gradient_object(point) for point in result.points],
        "sum": found,
    }
