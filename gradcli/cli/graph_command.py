"""`gradcli graph`: the graph of a program, at a point or without values. Reads options, calls the library, shows the answer."""

from __future__ import annotations

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import choose_format, library_arguments, run_arguments
from gradcli.cli.sources import given
from gradcli.cli.terminal import screen, show
from gradcli.rendering import GRAPH_FORMATS, render_graph


def graph(
    ctx: typer.Context,
    words: o.ProgramWords = None,
    at: o.At = None,
    of: o.Of = None,
    seed: o.Seed = None,
    max_steps: o.MaxSteps = None,
    max_nodes: o.MaxNodes = None,
    max_elements: o.MaxElements = None,
    max_depth: o.MaxDepth = None,
    all_nodes: o.AllNodes = False,
    format_name: o.GraphFormat = None,
    json: o.Json = False,
    output: o.GraphOutput = None,
) -> None:
    """Show the computational graph of a program.

    PROGRAM is text, a file (NAME.grad or @FILE) or - for standard input.
    Without values the graph has none; a program that branches on values
    has a graph only at a point.

    Examples:
      gradcli graph "(x+w)*(w+1)"
      gradcli graph "(x+w)*(w+1)" --at w=1,x=2 --format list
      gradcli graph "y = sin(x); z = y^2 + y" --of z --json
    """
    chosen = choose_format(GRAPH_FORMATS, format_name, json, output)
    program = given("graph", words or (), at or ())
    arguments = library_arguments(ctx, ("of",)) | run_arguments(ctx)
    import gradcli

    with program.placed():
        result = gradcli.graph_of(program.text, program.point, **arguments)
    show(render_graph(result, chosen, **screen(output), all_nodes=all_nodes), output)
