"""`gradcli jvp`: derivatives along a direction, by forward mode. Reads options, calls the library, shows the answer."""

from __future__ import annotations

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import library_arguments, run_arguments
from gradcli.cli.derivative_answers import chosen_format, show_and_exit
from gradcli.cli.sources import given
from gradcli.errors import UsageError

TO_LIBRARY = ("of", "tangent")


def jvp(
    ctx: typer.Context,
    words: o.ProgramWords = None,
    at: o.At = None,
    tangent: o.Tangent = None,
    of: o.Of = None,
    seed: o.Seed = None,
    max_steps: o.MaxSteps = None,
    max_nodes: o.MaxNodes = None,
    max_elements: o.MaxElements = None,
    max_depth: o.MaxDepth = None,
    format_name: o.DerivativeFormat = None,
    json: o.Json = False,
    output: o.DerivativeOutput = None,
) -> None:
    """Compute the derivative of a program along a direction.

    PROGRAM is text, a file (NAME.grad or @FILE) or - for standard input.
    One pass forward gives the product of the Jacobian with the direction.

    Examples:
      gradcli jvp "(x+w)*(w+1)" --at w=1,x=2 --tangent w=1
      gradcli jvp "y = x*w; z = x/w" x=1 w=2 --tangent x=1,w=0.5 --of y,z
      gradcli jvp "sin(x)" --at x=1 --tangent x=2 --format plain
    """
    chosen = chosen_format(format_name, json, output)
    program = given("jvp", words or (), at or ())
    if not tangent:
        raise UsageError("a direction is missing", hint="add --tangent NAME=NUMBER for the inputs that move")
    arguments = library_arguments(ctx, TO_LIBRARY) | run_arguments(ctx)
    import gradcli

    with program.placed():
        result = gradcli.jvp(program.text, program.point, **arguments)
    show_and_exit(result, chosen, output)
