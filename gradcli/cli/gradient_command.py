"""`gradcli grad`: value and gradient of a program at a point. Reads options, calls the library, shows the answer."""

from __future__ import annotations

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import choose_format, names, whole_number
from gradcli.cli.sources import placed, point_text, read_program
from gradcli.cli.terminal import screen, show, warn
from gradcli.cli.words import program_and_values

FORMATS = ("table", "tree", "list", "json", "jsonl", "csv", "plain")


def grad(
    words: o.ProgramWords = None,
    at: o.At = None,
    wrt: o.Wrt = None,
    freeze: o.Freeze = None,
    of: o.Of = None,
    grad_output: o.GradOutput = None,
    order: o.Order = None,
    leaves: o.Leaves = False,
    get: o.Get = None,
    value: o.Value = False,
    all_nodes: o.AllNodes = False,
    format_name: o.Format = None,
    json: o.Json = False,
    output: o.Output = None,
) -> None:
    """Compute the value and the gradient of a program at a point.

    PROGRAM is text, a file (NAME.grad or @FILE) or - for standard input.
    The table has one row per node of the graph, with its value and gradient.

    Examples:
      gradcli grad "(x+w)*(w+1)" --at w=1,x=2
      gradcli grad "x^2" x=3 --json
      gradcli grad "sin(x)*y" --at x=1,y=2 --get x
      gradcli grad "y = x^2; z = 3y" --at x=2 --of y,z --grad-output 1,10
    """
    chosen = choose_format(FORMATS, format_name, json, output)
    word, values = program_and_values("grad", words or [], at or [])
    text, label = read_program(word)
    point = point_text(at or [], values)
    import gradcli
    from gradcli.rendering import render_gradient

    with placed(word, text, label):
        result = gradcli.grad(
            text,
            point,
            wrt=names("--wrt", wrt) or None,
            freeze=names("--freeze", freeze),
            of=names("--of", of) or None,
            grad_output=",".join(grad_output or ()) or None,
            order=whole_number("--order", order, 1),
            leaves=leaves,
        )
    show(render_gradient(result, chosen, **screen(output), all_nodes=all_nodes, get=names("--get", get), value_only=value), output)
    if get or value or chosen in ("csv", "plain"):
        warn(result.warnings)
    raise typer.Exit(result.exit_code)
