"""The check of a gradient of functions in Python that a program has in hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcli.checking.foreign.checks import check_target
from gradcli.errors import GradcliError
from gradcli.language.points import Given
from gradcli.results import Report
from gradcli.targets.python.functions import python_function
from gradcli.targets.python.tensors import untensored


def check_gradient(
    function: Callable[..., Any] | str,
    gradient: Callable[..., Any] | str | None = None,
    at: Given = None,
    *,
    value_and_grad: bool = False,
    **options: Any,
) -> Report:
    """The verdict on the gradient of a function in Python.

    function         the function, or its place as on the command line, "losses:mse"
    gradient         a function of the same inputs that returns the gradient, a dict by input, a tuple in their order, or an array;
                     without one the library that the function computes with (PyTorch, JAX, autograd, CasADi) gives it
    at               the point: a mapping of numbers, lists, arrays or tensors, or a text such as "x=1.5,w=[1,2]"
    value_and_grad   whether the function returns the pair (value, gradient)
    options          as in `gradcli.check_target`: expect, wrt, freeze, require_resolution, verdict, id …

    Returns a Report. Raises GradcliError for what can't be called or understood.

    >>> check_gradient(lambda x, y: x*y, lambda x, y: (y, x), at={"x": 2, "y": 3}).verdict
    'agree'
    """
    point = {name: untensored(value) for name, value in at.items()} if isinstance(at, Mapping) else at
    try:
        with python_function(function, gradient, value_and_grad=value_and_grad) as target:
            return check_target(target, point, **options)
    except GradcliError as problem:
        if problem.hint:
            problem.add_note(f"hint: {problem.hint}")
        raise
