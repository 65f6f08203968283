"""The answer of `jvp`: the derivatives of outputs along a direction, by one forward pass."""

from __future__ import annotations

from typing import Any

from gradcli.differentiation.asked import asked, direction, everywhere
from gradcli.differentiation.gradients import Names
from gradcli.differentiation.tangents import tangents
from gradcli.differentiation.unusual import tangent_warnings, value_warnings
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.points import Given
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np
from gradcli.results import Jvp, Output, Pushed


def jvp(program: str, at: Given = None, *, tangent: Given, of: Names = None, seed: int = 0, limits: Limits = LIMITS) -> Jvp:
    """The derivative of every output along a direction: the product of the Jacobian with a vector, for the cost of one run or two.

    program, at  text of a program, and a number or an array for every input, as for `grad`
    tangent      the direction, given like a point ("x=1,w=[0,1]"); one number moves every element of an array, and inputs that are not
                 named do not move
    of           names of the outputs (default: the last statement)
    seed, limits what random functions draw by, and the budgets of the run

    Raises GradcliError.

    >>> jvp("(x+w)*(w+1)", "x=2,w=1", tangent="w=1").outputs[0].tangent
    5.0
    """
    command = f"jvp --tangent {tangent}" if isinstance(tangent, str) else "jvp"
    question = asked(program, at, command, of, None, (), add_up=True, seed=seed, limits=limits)
    along = direction(tangent, question.shapes, "--tangent")
    graph = question.trace.graph
    found = tangents(graph, {question.wrt[name]: t for name, t in along.items()})
    return Jvp(
        program=program,
        at=question.at,
        tangent=everywhere(along, question.shapes),
        outputs=[pushed(output, found[output.id] if output.id >= 0 else None) for output in question.outputs],
        branches=question.branches,
        warnings=value_warnings(graph) or tangent_warnings(graph, [output.id for output in question.outputs], found),
    )


def pushed(output: Output, t: Any) -> Pushed:
    """An output with its tangent, zero where the direction does not reach it."""
    shape = shape_of(output.value)
    slope = (np.zeros(shape) if shape else 0.0) if t is None else t if is_array(t) else float(t)
    return Pushed(output.name, output.id, output.value, slope, t is None)
