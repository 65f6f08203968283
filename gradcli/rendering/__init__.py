"""Results -> text, by pure functions: nothing here computes mathematics or touches files, streams and the environment.

A format is loaded when it is asked for. Every text ends with a newline. `terminal` chooses boxes and wraps at `width` columns (a pipe gets
aligned columns, whole), `color` adds colours, and with `ascii` every character is ASCII: ∂ is d.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gradcli.rendering.numerals import number_text

if TYPE_CHECKING:
    from typing import Protocol

    from gradcli.rendering.operations_page import Operation
    from gradcli.rendering.page import Screen
    from gradcli.results import Check, Gradient, Gradients, Hessian, Jacobian, Jvp, Report, Traced, Value

    class Failure(Protocol):
        """What is shown of a failure: an error of the user's, or a fault of gradcli."""

        @property
        def kind(self) -> str: ...
        @property
        def message(self) -> str: ...
        @property
        def line(self) -> int | None: ...
        @property
        def column(self) -> int | None: ...
        @property
        def hint(self) -> str | None: ...


__all__ = [
    "DERIVATIVE_FORMATS",
    "GRADIENT_FORMATS",
    "GRAPH_FORMATS",
    "OPERATION_FORMATS",
    "POINT_FORMATS",
    "REPORT_FILES",
    "REPORT_FORMATS",
    "derivative_arrays",
    "gradient_arrays",
    "known_format",
    "number_text",
    "render_derivatives",
    "render_error",
    "render_failure",
    "render_gradient",
    "render_graph",
    "render_operations",
    "render_points",
    "render_report",
    "report_file",
    "step_summary",
]

GRAPH_FORMATS = ("tree", "list", "json")
GRADIENT_FORMATS = ("table", "tree", "list", "json", "jsonl", "csv", "plain")
DERIVATIVE_FORMATS = ("table", "json", "csv", "plain")
POINT_FORMATS = ("table", "json", "jsonl", "csv", "plain")
REPORT_FORMATS = ("table", "json", "jsonl", "plain")
OPERATION_FORMATS = ("table", "json", "plain")
REPORT_FILES = ("junit", "xunit", "github", "json", "jsonl", "markdown")
"""The formats of `check` for CI, which go into files beside the answer."""


def render_gradient(
    result: Gradient,
    format: str,  # noqa: A002
    *,
    terminal: bool,
    width: int,
    color: bool,
    all_nodes: bool = False,
    get: Sequence[str] = (),
    value_only: bool = False,
    ascii: bool = False,  # noqa: A002
) -> str:
    """The answer of `grad` in one of GRADIENT_FORMATS.

    With `get` and `value_only` only these numbers, whatever the format: bare for one gradient, the value before it; `name<TAB>value`
    lines for several gradients. Raises UsageError for an unknown format, and for a name in `get` that has no gradient.
    """
    known_format(format, GRADIENT_FORMATS)
    if get or value_only:
        from gradcli.rendering.gradient_values import chosen_values

        return encodable(chosen_values(result, get, value_only), ascii)
    if format in ("table", "tree", "list"):
        return for_people(result, format, screen(terminal, width, color, ascii), all_nodes)
    return for_programs(result, format, ascii)


def render_points(
    result: Gradients,
    format: str,  # noqa: A002
    *,
    terminal: bool,
    width: int,
    color: bool,
    all_nodes: bool = False,
    get: Sequence[str] = (),
    value_only: bool = False,
    ascii: bool = False,  # noqa: A002
) -> str:
    """The answer of `grad` over several points in one of POINT_FORMATS. Raises UsageError as `render_gradient` does."""
    known_format(format, POINT_FORMATS)
    from gradcli.rendering.points_answer import points_for_programs, points_table

    if format == "table" and not (get or value_only):
        return points_table(result, screen(terminal, width, color, ascii), all_nodes)
    return encodable(points_for_programs(result, format, get, value_only), ascii)


def gradient_arrays(result: Gradient, get: Sequence[str], value_only: bool, single: bool) -> dict[str, Value]:
    """The numbers of the answer of `grad` by name, for a file of arrays, which holds a `single` array or several."""
    from gradcli.rendering.gradient_values import gradient_arrays as arrays

    return arrays(result, get, value_only, single)


def for_people(result: Gradient, form: str, page: Screen, all_nodes: bool) -> str:
    """The formats of `grad` for people."""
    if form == "table":
        from gradcli.rendering.gradient_page import gradient_table

        return gradient_table(result, page, all_nodes)
    from gradcli.rendering.gradient_tree import gradient_list, gradient_tree

    return (gradient_tree if form == "tree" else gradient_list)(result, page, all_nodes)


def for_programs(result: Gradient, form: str, ascii_only: bool) -> str:
    """The formats of `grad` for programs."""
    if form in ("csv", "plain"):
        from gradcli.rendering.gradient_values import csv_lines, plain_lines

        return encodable((csv_lines if form == "csv" else plain_lines)(result), ascii_only)
    from gradcli.rendering.gradient_json import gradient_object
    from gradcli.rendering.json_text import compact, document

    return (document if form == "json" else compact)(gradient_object(result))


def render_graph(
    result: Traced,
    format: str,  # noqa: A002
    *,
    terminal: bool,
    width: int,
    color: bool,
    all_nodes: bool = False,
    ascii: bool = False,  # noqa: A002
) -> str:
    """The answer of `graph` in one of GRAPH_FORMATS. Raises UsageError for an unknown format."""
    known_format(format, GRAPH_FORMATS)
    if format == "json":
        from gradcli.rendering.graph_json import graph_object
        from gradcli.rendering.json_text import document

        return document(graph_object(result))
    from gradcli.rendering.graph_page import graph_page

    return graph_page(result, format, screen(terminal, width, color, ascii), all_nodes)


def render_derivatives(
    result: Jacobian | Hessian | Jvp,
    format: str,  # noqa: A002
    *,
    terminal: bool,
    width: int,
    color: bool,
    ascii: bool = False,  # noqa: A002
) -> str:
    """The answer of `jacobian`, `hessian` or `jvp` in one of DERIVATIVE_FORMATS. Raises UsageError for an unknown format."""
    known_format(format, DERIVATIVE_FORMATS)
    answer = answer_of(result)
    if format == "table":
        return str(answer.page(result, screen(terminal, width, color, ascii)))
    if format == "json":
        from gradcli.rendering.json_text import document

        return document(answer.fields(result))
    return encodable((answer.csv if format == "csv" else answer.plain)(result), ascii)


def derivative_arrays(result: Jacobian | Hessian | Jvp) -> dict[str, Value]:
    """The numbers of an answer as arrays by name: blocks `y/x`, products and tangents by input or output."""
    found: dict[str, Value] = answer_of(result).arrays(result)
    return found


def answer_of(result: Jacobian | Hessian | Jvp) -> Any:
    """The module that knows the answer of a command: its page, fields, csv, plain and arrays."""
    from importlib import import_module

    return import_module(f"gradcli.rendering.{type(result).__name__.lower()}_answer")


def render_report(
    report: Report,
    format: str,  # noqa: A002
    *,
    terminal: bool,
    width: int,
    color: bool,
    failed_only: bool = False,
    ascii: bool = False,  # noqa: A002
) -> str:
    """The answer of `check` in one of REPORT_FORMATS; `failed_only` leaves out the checks that came out as they should.

    The verdict and the counts are always those of all checks. Raises UsageError for an unknown format.
    """
    known_format(format, REPORT_FORMATS)
    if format == "table":
        from gradcli.rendering.report_page import report_table

        return report_table(report, screen(terminal, width, color, ascii), failed_only)
    from gradcli.rendering.json_text import compact, document
    from gradcli.rendering.report_json import check_line, report_object, verdict_lines

    checks = [check for check in report.checks if not (failed_only and check.passed)]
    if format == "plain":
        return encodable(verdict_lines(checks), ascii)
    return document(report_object(report, checks)) if format == "json" else "".join(compact(check_line(check)) for check in checks)


def render_failure(check: Check) -> str:
    """Why a check is not as expected, and its page: what a test that fails says."""
    from gradcli.rendering.report_outline import page_text, why

    return f"{why(check)}\n\n{page_text(check)}"


def report_file(report: Report, format: str) -> str:  # noqa: A002
    """The report of `check` in one of REPORT_FILES, with all checks. Raises UsageError for an unknown format."""
    known_format(format, REPORT_FILES)
    if format in ("json", "jsonl"):
        return render_report(report, format, terminal=False, width=80, color=False)
    from gradcli.rendering.report_github import workflow_commands
    from gradcli.rendering.report_junit import junit
    from gradcli.rendering.report_markdown import markdown
    from gradcli.rendering.report_outline import complete

    whole = complete(report)
    if format in ("junit", "xunit"):
        return junit(whole, strict=format == "xunit")
    return workflow_commands(whole) if format == "github" else markdown(whole)


def step_summary(report: Report, room: int) -> str:
    """The report in Markdown, with as many of its sections as fit into a number of bytes."""
    from gradcli.rendering.report_markdown import markdown
    from gradcli.rendering.report_outline import complete

    return markdown(complete(report), room)


def render_operations(
    rows: Sequence[Operation],
    format: str,  # noqa: A002
    *,
    terminal: bool,
    width: int,
    color: bool,
    ascii: bool = False,  # noqa: A002
) -> str:
    """The answer of `ops` in one of OPERATION_FORMATS: one operation in detail, several as a table.

    Raises UsageError for an unknown format.
    """
    known_format(format, OPERATION_FORMATS)
    from gradcli.rendering.operations_page import operation_lines, operation_object, operations_table

    if format == "table":
        return operations_table(rows, screen(terminal, width, color, ascii))
    if format == "plain":
        return encodable(operation_lines(rows), ascii)
    from gradcli.rendering.json_text import document

    return document({"schema": "gradcli/ops/1", "operations": [operation_object(row) for row in rows]})


def render_error(error: Failure) -> str:
    """A failure as one line of JSON, which json and jsonl print on stdout."""
    from gradcli.rendering.json_text import compact

    fields = {"kind": error.kind, "message": error.message, "line": error.line, "column": error.column, "hint": error.hint}
    return compact({"schema": "gradcli/error/1", **fields})


def known_format(form: str, formats: Sequence[str]) -> str:
    """The format, if it is among those of a command. Raises UsageError with the nearest one."""
    if form in formats:
        return form
    from gradcli.errors import UsageError, nearest

    raise UsageError(f"there is no format '{form}' here", hint=f"--format {nearest(form, formats) or '|'.join(formats)}")


def screen(terminal: bool, width: int, color: bool, ascii_only: bool) -> Screen:
    """What the pages are laid out for."""
    from gradcli.rendering.page import Screen

    return Screen(terminal, width, color, ascii_only)


def encodable(text: str, ascii_only: bool) -> str:
    """The text as it is, or with escapes for what is not ASCII."""
    return text.encode("ascii", "backslashreplace").decode("ascii") if ascii_only else text
