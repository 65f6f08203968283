"""`gradcli grad`: value and gradient of a program at a point. Reads options, calls the library, shows the answer."""

from __future__ import annotations

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import library_arguments, names, run_arguments
from gradcli.cli.gradient_answers import chosen_format, show_and_exit
from gradcli.cli.sources import given
from gradcli.data import joined

TO_LIBRARY = ("wrt", "freeze", "of", "grad_output", "sum", "order", "leaves", "dtype")


def grad(
    ctx: typer.Context,
    words: o.ProgramWords = None,
    at: o.At = None,
    over: o.Over = None,
    wrt: o.Wrt = None,
    freeze: o.Freeze = None,
    of: o.Of = None,
    grad_output: o.GradOutput = None,
    sum: o.SumOfPoints = False,  # noqa: A002 - the word of the option
    order: o.Order = None,
    leaves: o.Leaves = False,
    get: o.Get = None,
    value: o.Value = False,
    dtype: o.Dtype = None,
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
      gradcli grad "sum((W @ x)^2)" --at "W=[[1,2],[3,4]],x=[1,0]"
      gradcli grad "x^2" --over "x=linspace(0,1,5)" --format csv
      gradcli grad "y = x^2; z = 3y" --at x=2 --of y,z --grad-output 1,10
    """
    chosen = chosen_format(format_name, json, output, bool(over))
    program = given("grad", words or (), at or ())
    columns, wanted = joined(over or (), program.place, "--over"), names("--get", get or ())
    arguments = library_arguments(ctx, TO_LIBRARY) | run_arguments(ctx)
    import gradcli

    with program.placed():
        result = (
            gradcli.grad_over(program.text, columns, program.point, **arguments)
            if over
            else gradcli.grad(program.text, program.point, **arguments)
        )
    show_and_exit(result, chosen, output, wanted, value, all_nodes)
