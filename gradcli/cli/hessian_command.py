"""`gradcli hessian`: second derivatives. Reads options, calls the library, shows the answer."""

from __future__ import annotations

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import library_arguments, run_arguments
from gradcli.cli.derivative_answers import chosen_format, show_and_exit
from gradcli.cli.sources import given

TO_LIBRARY = ("of", "grad_output", "sum", "wrt", "freeze", "product")


def hessian(
    ctx: typer.Context,
    words: o.ProgramWords = None,
    at: o.At = None,
    product: o.Product = None,
    of: o.Of = None,
    grad_output: o.GradOutput = None,
    sum: o.Sum = False,  # noqa: A002 - the word of the option
    wrt: o.Wrt = None,
    freeze: o.Freeze = None,
    seed: o.Seed = None,
    max_steps: o.MaxSteps = None,
    max_nodes: o.MaxNodes = None,
    max_elements: o.MaxElements = None,
    max_depth: o.MaxDepth = None,
    format_name: o.DerivativeFormat = None,
    json: o.Json = False,
    output: o.DerivativeOutput = None,
) -> None:
    """Compute the second derivatives of a program at a point.

    PROGRAM is text, a file (NAME.grad or @FILE) or - for standard input.
    The table has a row and a column per element of the inputs; with --product
    only the product of the matrix with a direction.

    Examples:
      gradcli hessian "x^2*w + w^3" --at x=1,w=2
      gradcli hessian "sum(x**3)*w" --at "x=[1,2],w=3" --json
      gradcli hessian "x^2*w + w^3" --at x=1,w=2 --product x=1,w=-1
    """
    chosen = chosen_format(format_name, json, output)
    program = given("hessian", words or (), at or ())
    arguments = library_arguments(ctx, TO_LIBRARY) | run_arguments(ctx)
    import gradcli

    with program.placed():
        result = gradcli.hessian(program.text, program.point, **arguments)
    show_and_exit(result, chosen, output)
