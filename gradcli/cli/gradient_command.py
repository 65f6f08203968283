"""`gradcli grad`: value and gradient of a program at a point. Reads options, calls the library, shows the answer."""

from __future__ import annotations

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import library_arguments, names, run_arguments
from gradcli.cli.array_files import ARRAYS, format_or_arrays, is_single, write_arrays
from gradcli.cli.sources import given
from gradcli.cli.terminal import screen, show, warn
from gradcli.rendering import GRADIENT_FORMATS, gradient_arrays, render_gradient

TO_LIBRARY = ("wrt", "freeze", "of", "grad_output", "sum", "order", "leaves")


def grad(
    ctx: typer.Context,
    words: o.ProgramWords = None,
    at: o.At = None,
    wrt: o.Wrt = None,
    freeze: o.Freeze = None,
    of: o.Of = None,
    grad_output: o.GradOutput = None,
    sum: o.Sum = False,  # noqa: A002 - the word of the option
    order: o.Order = None,
    leaves: o.Leaves = False,
    get: o.Get = None,
    value: o.Value = False,
    seed: o.Seed = None,
    max_steps: o.MaxSteps = None,
    max_nodes: o.MaxNodes = None,
    max_elements: o.MaxElements = None,
    max_depth: o.MaxDepth = None,
    all_nodes: o.AllNodes = False,
    format_name: o.GradientFormat = None,
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
    chosen = format_or_arrays(GRADIENT_FORMATS, format_name, json, output)
    program = given("grad", words or (), at or ())
    wanted = names("--get", get or ())
    arguments = library_arguments(ctx, TO_LIBRARY) | run_arguments(ctx)
    import gradcli

    with program.placed():
        result = gradcli.grad(program.text, program.point, **arguments)
    if chosen == ARRAYS:
        write_arrays(str(output), gradient_arrays(result, wanted, value, single=is_single(output)))
    else:
        show(render_gradient(result, chosen, **screen(output), all_nodes=all_nodes, get=wanted, value_only=value), output)
    if get or value or chosen in ("csv", "plain", ARRAYS):
        warn(result.warnings)
    raise typer.Exit(result.exit_code)
