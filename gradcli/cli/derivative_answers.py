"""How `jacobian`, `hessian` and `jvp` show what the library answers: as text, or as a file of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from gradcli.cli.array_files import ARRAYS, format_or_arrays, write_arrays
from gradcli.cli.terminal import screen, show, warn
from gradcli.rendering import DERIVATIVE_FORMATS, derivative_arrays, render_derivatives

if TYPE_CHECKING:
    from gradcli.results import Hessian, Jacobian, Jvp


def chosen_format(wanted: str | None, json: bool, output: str | None) -> str:
    """The format of the answer."""
    return format_or_arrays(DERIVATIVE_FORMATS, wanted, json, output)


def show_and_exit(result: Jacobian | Hessian | Jvp, chosen: str, output: str | None) -> None:
    """Show an answer and end with its exit code; warnings that the format has no place for go to standard error."""
    if chosen == ARRAYS:
        write_arrays(str(output), derivative_arrays(result))
    else:
        show(render_derivatives(result, chosen, **screen(output)), output)
    if chosen in ("csv", "plain", ARRAYS):
        warn(result.warnings)
    raise typer.Exit(result.exit_code)
