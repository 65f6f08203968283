"""The outputs of a run and their weights: a gradient is that of one number, the weighted sum of the outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from gradcli.errors import NotSupported, ShapeProblem, UsageError
from gradcli.language import Trace
from gradcli.language.naming import output_spots
from gradcli.language.points import constant, entries, normal, pieces
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import shape_text
from gradcli.results import Output, Value

Weights: TypeAlias = "Mapping[str, object] | Sequence[object] | str | None"
"""Weights by the names of the outputs, in the order of the outputs, or as text of either; of one output also its weight alone."""


def weights_of(outputs: Iterable[Output]) -> dict[int, Value]:
    """The weight of each output's node; a node that is named twice has the sum."""
    weights: dict[int, Value] = {}
    for output in outputs:
        if output.id >= 0:
            weights[output.id] = weights[output.id] + output.weight if output.id in weights else output.weight
    return weights


def outputs_of(trace: Trace, of: Sequence[str] | None, grad_output: Weights, add_up: bool = False) -> list[Output]:
    """The outputs with their weights, all ones if they are to be added up.

    Raises UsageError if several outputs, or one that is no single number, have none, and ShapeProblem for weights that do not fit.
    """
    program = trace.program
    nodes = {name: trace.node_at(place) for name, place in output_spots(program, of).items()}
    values = [value_of_output(trace, node) for node in nodes.values()]
    if add_up and grad_output is not None:
        raise UsageError("--sum and --grad-output are two ways to weigh the outputs", "leave one of them out")
    weights = [1.0] * len(values) if add_up else output_weights(grad_output, list(nodes), values)
    return [
        Output(name, node, value, fitting(weight, value, name))
        for (name, node), value, weight in zip(nodes.items(), values, weights, strict=True)
    ]


def value_of_output(trace: Trace, node: int) -> Any:
    """The value of one output. Raises NotSupported for truth values, which have no gradient."""
    value = trace.graph.values[node]
    if isinstance(value, bool) or (is_array(value) and value.dtype == bool):
        place = trace.program.span(trace.graph.origin[node])
        what = "the output is a comparison, true or false: it has no gradient"
        raise NotSupported(what, trace.program.text, place, "choose between values: a if c else b")
    return value


def output_weights(grad_output: Weights, names: list[str | None], values: Sequence[Value]) -> Sequence[Value]:
    """One weight per output, from a mapping, a list in order, or text of either."""
    if grad_output is None:
        return unweighted(names, values)
    if isinstance(grad_output, str):
        grad_output = from_text(grad_output, values)
    if isinstance(grad_output, Mapping):
        return weights_by_name({normal(name): constant(weight, name) for name, weight in grad_output.items()}, names)
    if len(values) == 1 and shape_of(values[0]):
        return [constant(grad_output[0] if len(grad_output) == 1 else grad_output, "--grad-output")]
    if len(grad_output) != len(names):
        raise UsageError(
            f"--grad-output has {len(grad_output)} weights for {len(names)} outputs", "give one weight per output, in the order of --of"
        )
    return [constant(weight, str(name or "output")) for name, weight in zip(names, grad_output, strict=True)]


def from_text(text: str, values: Sequence[Value]) -> Mapping[str, object] | Sequence[object]:
    """Weights as text: `y=1,z=2`, `1,2`, or the array of weights of one array."""
    if "=" in text:
        return dict(entries(text, "--grad-output"))
    if len(values) == 1 and shape_of(values[0]):
        return [constant(text if len([*pieces(text)]) == 1 else f"[{text}]", "--grad-output")]
    return [*pieces(text.strip().strip("[]"))]


def unweighted(names: Sequence[str | None], values: Sequence[Value]) -> list[Value]:
    """The weight of an only number, where no weights are given."""
    if len(names) > 1:
        example = ",".join(f"{name}={ones_text(value)}" for name, value in zip(names, values, strict=True))
        raise UsageError(
            f"{len(names)} outputs need weights: the gradient is that of a weighted sum", f'add --grad-output "{example}", or --sum'
        )
    if shape_of(values[0]):
        what = f"the output has the shape {shape_text(shape_of(values[0]))}, and a gradient is that of one number"
        raise UsageError(what, f'add --grad-output "{ones_text(values[0])}", or --sum; gradcli jacobian has all derivatives')
    return [1.0]


def ones_text(value: Value) -> str:
    """Weights to type for a value."""
    shape = shape_of(value)
    if not shape:
        return "1"
    return str([1] * shape[0]).replace(" ", "") if len(shape) == 1 and shape[0] <= 8 else f"ones({','.join(map(str, shape))})"


def fitting(weight: Value, value: Value, name: str | None) -> Value:
    """A weight in the shape of its output; one number weighs every element."""
    if shape_of(weight) == shape_of(value):
        return weight
    if shape_of(weight):
        what = f"the weights of '{name or 'the output'}' have the shape {shape_text(shape_of(weight))}"
        raise ShapeProblem(f"{what}, and it has {shape_text(shape_of(value))}", "give one weight for every element, or one for all")
    filled: Value = np.full(shape_of(value), float(weight))
    return filled


def weights_by_name(weights: Mapping[str, Value], names: list[str | None]) -> list[Value]:
    """The weights in the order of the outputs."""
    for name in [*weights.keys() - set(names), *(name for name in names if name not in weights)]:
        known = ", ".join(str(name) for name in names if name) or "the last statement, which has no name: give a bare number"
        raise UsageError(f"--grad-output and the outputs differ in '{name}'", f"outputs: {known}")
    return [weights[str(name)] for name in names]
