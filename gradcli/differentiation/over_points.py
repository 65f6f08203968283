"""Gradients at several points: inputs that run over the elements of arrays, in parallel. Every point is a run of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.differentiation.gradients import grad
from gradcli.errors import PointError, UsageError
from gradcli.language.points import Given, point
from gradcli.operations.arrays import shape_of, tidy
from gradcli.results import Gradient, Gradients, Output, Value


def grad_over(
    program: str,
    over: Given,
    at: Given = None,
    *,
    sum: bool = False,  # noqa: A002 - the word of the option
    seed: int = 0,
    **options: Any,
) -> Gradients:
    """The gradients of a program at several points.

    over     arrays, given like a point ("x=[1,2,3]"), whose elements along the first axis are the values of each point; several names
             run in parallel
    at       the values that are the same at every point
    sum      add up all outputs with their elements, and the gradients of all points
    options  as for `grad`

    Raises GradcliError.

    >>> [result.gradient["x"] for result in grad_over("w*x**2", "x=[1,2]", "w=3").points]
    [6.0, 12.0]
    """
    columns, shared = point(over, seed), point(at, seed)
    refuse_both(columns, shared)
    points = [grad(program, shared | row, sum=sum, seed=seed, **options) for row in rows_of(columns)]
    return Gradients(program, list(columns), points, total_value(points) if sum else None, total_gradient(points) if sum else None)


def refuse_both(columns: Mapping[str, Value], shared: Mapping[str, Value]) -> None:
    """Refuse names that are given twice, and a request without any."""
    for name in columns.keys() & shared.keys():
        raise UsageError(f"'{name}' is in --at and in --over", hint=f"leave it out of one of them: --over runs over the elements of {name}")
    if not columns:
        raise UsageError("--over names no input", hint='--over "x=linspace(0,1,11)"')


def rows_of(columns: Mapping[str, Any]) -> list[dict[str, Value]]:
    """The values of every point. Raises PointError for columns of different lengths."""
    lengths = {name: shape_of(values)[0] if shape_of(values) else 1 for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        said = ", ".join(f"{name} has {length}" for name, length in lengths.items())
        raise PointError(f"--over runs over several inputs in parallel, and {said} values", "give all of them one length")
    if 0 in lengths.values():
        raise PointError("--over has no values", "give at least one")
    listed = {name: list(values) if shape_of(values) else [values] for name, values in columns.items()}
    return [dict(zip(listed, map(tidy, row), strict=True)) for row in zip(*listed.values(), strict=True)]


def total_value(points: Sequence[Gradient]) -> float:
    """The sum of all outputs with their elements."""
    return sum((added(output) for result in points for output in result.outputs), start=0.0)


def added(output: Output) -> float:
    """The sum of the elements of an output."""
    value: Any = output.value
    return float(value.sum()) if shape_of(value) else float(value)


def total_gradient(points: Sequence[Gradient]) -> dict[str, Value]:
    """The sums of the gradients."""
    found: dict[str, Value] = {}
    for result in points:
        for name, value in result.gradient.items():
            found[name] = found[name] + value if name in found else value
    return found
