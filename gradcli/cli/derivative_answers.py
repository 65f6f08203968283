"""How `jacobian`, `hessian` and `jvp` show what the library answers: as text, or as a file of arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from gradcli.cli.arguments import choose_format
from gradcli.cli.array_files import is_array_file, write_arrays
from gradcli.cli.terminal import screen, show, warn
from gradcli.errors import UsageError
from gradcli.rendering import DERIVATIVE_FORMATS, derivative_arrays, render_derivatives

if TYPE_CHECKING:
    from gradcli.results import Hessian, Jacobian, Jvp

ARRAYS = "arrays"
"""The format of .npy and .npz files."""


def chosen_format(wanted: str | None, json: bool, output: str | None) -> str:
    """The format of the answer; a file of arrays can have no other."""
    if not is_array_file(output):
        return choose_format(DERIVATIVE_FORMATS, wanted, json, output)
    if wanted or json:
        given = "--json" if json else f"--format {wanted}"
        raise UsageError(f"'{output}' is a file of arrays, and {given} is text", hint=f"leave {given} out, or -o answer.txt")
    return ARRAYS


def show_and_exit(result: Jacobian | Hessian | Jvp, chosen: str, output: str | None) -> None:
    """Show an answer and end with its exit code; warnings that the format has no place for go to standard error."""
    if chosen == ARRAYS:
        write_arrays(str(output), derivative_arrays(result))
    else:
        show(render_derivatives(result, chosen, **screen(output)), output)
    if chosen in ("csv", "plain", ARRAYS):
        warn(result.warnings)
    raise typer.Exit(result.exit_code)
