"""How `grad` shows what the library answers, at one point or at several: as text, or as a file of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import typer

from gradcli.cli.arguments import choose_format
from gradcli.cli.array_files import ARRAYS, format_or_arrays, is_single, write_arrays
from gradcli.cli.terminal import screen, show, warn
from gradcli.rendering import GRADIENT_FORMATS, POINT_FORMATS, gradient_arrays, render_gradient, render_points
from gradcli.results import Gradient, Gradients


def chosen_format(wanted: str | None, json: bool, output: str | None, several: bool) -> str:
    """The format of the answer; that at several points is no graph and no file of arrays."""
    return choose_format(POINT_FORMATS, wanted, json, output) if several else format_or_arrays(GRADIENT_FORMATS, wanted, json, output)


def show_and_exit(
    result: Gradient | Gradients, form: str, output: str | None, get: Sequence[str], value_only: bool, all_nodes: bool
) -> NoReturn:
    """Show an answer and end with its exit code; warnings that the format has no place for go to standard error."""
    if isinstance(result, Gradients):
        show(render_points(result, form, **screen(output), all_nodes=all_nodes, get=get, value_only=value_only), output)
    elif form == ARRAYS:
        write_arrays(str(output), gradient_arrays(result, get, value_only, single=is_single(output)))
    else:
        show(render_gradient(result, form, **screen(output), all_nodes=all_nodes, get=get, value_only=value_only), output)
    if get or value_only or form in ("csv", "plain", ARRAYS):
        warn(result.warnings)
    raise typer.Exit(result.exit_code)
