"""`gradcli ops`: the table of operations. Reads options, calls the library, shows the rows."""

from __future__ import annotations

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import choose_format
from gradcli.cli.terminal import screen, show
from gradcli.errors import UsageError
from gradcli.rendering import OPERATION_FORMATS, render_operations


def ops(
    words: o.OperationName = None, format_name: o.OperationsFormat = None, json: o.Json = False, output: o.OperationsOutput = None
) -> None:
    """List the operations: names, derivatives, domains and corners.

    Examples:
      gradcli ops
      gradcli ops tanh
      gradcli ops --json
    """
    chosen = choose_format(OPERATION_FORMATS, format_name, json, output)
    if words and len(words) > 1:
        raise UsageError(f"one operation at a time, not also '{words[1]}'", hint=f"gradcli ops {words[0]}")
    import gradcli

    show(render_operations(gradcli.ops(words[0] if words else None), chosen, **screen(output)), output)
    raise typer.Exit(0)
