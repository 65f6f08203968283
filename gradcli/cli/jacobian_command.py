"""`gradcli jacobian`: the derivatives of several outputs, or of an array. Reads options, calls the library, shows the answer."""

from __future__ import annotations

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import library_arguments, run_arguments
from gradcli.cli.derivative_answers import chosen_format, show_and_exit
from gradcli.cli.sources import given

TO_LIBRARY = ("of", "wrt", "freeze", "mode")


def jacobian(
    ctx: typer.Context,
    words: o.ProgramWords = None,
    at: o.At = None,
    of: o.Of = None,
    wrt: o.Wrt = None,
    freeze: o.Freeze = None,
    mode: o.Mode = None,
    seed: o.Seed = None,
    max_steps: o.MaxSteps = None,
    max_nodes: o.MaxNodes = None,
    max_elements: o.MaxElements = None,
    max_depth: o.MaxDepth = None,
    format_name: o.DerivativeFormat = None,
    json: o.Json = False,
    output: o.DerivativeOutput = None,
) -> None:
    """Compute the derivatives of every element of the outputs.

    PROGRAM is text, a file (NAME.grad or @FILE) or - for standard input.
    The table has a row per element of the outputs, a column per element of
    the inputs.

    Examples:
      gradcli jacobian "y = x*w; z = x + w" --at x=2,w=3 --of y,z
      gradcli jacobian "r = hypot(x, y); a = atan2(y, x)" x=3 y=4 --of r,a --json
      gradcli jacobian "softmax(x)" --at "x=[1,2,3]" --mode forward
    """
    chosen = chosen_format(format_name, json, output)
    program = given("jacobian", words or (), at or ())
    arguments = library_arguments(ctx, TO_LIBRARY) | run_arguments(ctx)
    import gradcli

    with program.placed():
        result = gradcli.jacobian(program.text, program.point, **arguments)
    show_and_exit(result, chosen, output)
