"""From a program to its tape: one run is traced, its derivative recorded for all values, and both become steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.differentiation.gradients import Names, grad, inputs_of, names_of, requested
from gradcli.differentiation.outputs import Weights, outputs_of, weights_of
from gradcli.differentiation.sweep import swept
from gradcli.differentiation.tape.code import code_of, depending
from gradcli.differentiation.tape.functions import Answer, GradientFunction, Result, one_or_all
from gradcli.differentiation.tape.steady import steady_run
from gradcli.differentiation.tape.steps import steps_of
from gradcli.errors import UsageError
from gradcli.graphs import Graph
from gradcli.graphs.recording import Recorder
from gradcli.language import parse
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.points import Given, complete
from gradcli.operations import Op
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np, silently
from gradcli.results import Value


def gradient_function(
    program: str,
    at: Given = None,
    *,
    wrt: Names = None,
    freeze: Names = (),
    of: Names = None,
    grad_output: Weights = None,
    sum: bool = False,  # noqa: A002 - the word of the option
    dtype: str = "float64",
    seed: int = 0,
    limits: Limits = LIMITS,
) -> GradientFunction:
    """The value and the gradient of a program as a function of its inputs, for many points of the same shapes.

    program  text of a program whose branches do not depend on values
    at       an example of a point: it says which inputs are arrays, and their shapes
    dtype    "float64", or "float32": arrays, and all that is computed of them, in single precision; single numbers stay doubles
    wrt, freeze, of, grad_output, sum, seed, limits  as in `grad`

    The program is traced once; its derivative then runs as a tape whose memory is used again by every call. Raises GradcliError as `grad`
    does, and NotSupported for a program whose graph depends on values. Random numbers stay those of the trace.

    >>> f = gradient_function("(x+w)*(w+1)", {"w": 1, "x": 2})
    >>> f(w=1, x=2)
    (6.0, {'x': 2.0, 'w': 5.0})
    """
    if dtype not in ("float64", "float32"):
        raise UsageError(f"dtype is float64 or float32, not {dtype!r}", 'write dtype="float32"')
    parsed, kind = parse(program), np.dtype(dtype)
    trace = steady_run(parsed, {name: of_type(value, kind) for name, value in complete(parsed, at, seed=seed).items()}, seed, limits)
    outputs = outputs_of(trace, names_of(of), grad_output, sum)
    nodes, active = requested(trace, wrt, freeze)
    inputs = {name: node for name, node in inputs_of(trace).items() if name not in parsed.defaults}
    graph, found = continued(trace.graph, inputs, weights_of(outputs), active, nodes, kind)
    values = trace.graph.values
    code, place = code_of(graph, inputs.values(), [*(output.id for output in outputs), *(i for i in found.values() if i is not None)])
    shapes = {name: shape_of(values[node]) for name, node in inputs.items()}
    results = [Result(output.name, place[output.id], shape_of(output.value)) for output in outputs]
    slopes = [Result(name, None if i is None else place[i], shape_of(values[nodes[name]])) for name, i in found.items()]

    def careful(point: Mapping[str, Value]) -> Answer:
        result = grad(program, point, wrt=wrt, freeze=freeze, of=of, grad_output=grad_output, sum=sum, seed=seed, limits=limits)
        return one_or_all({output.name: output.value for output in result.outputs}), dict(result.gradient)

    return GradientFunction(shapes, results, slopes, steps_of(code, set(place.values()), kind), kind, careful)


def of_type(value: Any, kind: Any) -> Any:
    """A value, an array of floats in the type of all arrays."""
    return value.astype(kind, copy=False) if is_array(value) and value.dtype.kind == "f" and value.dtype != kind else value


class Typed(Recorder):
    """A recorder that values do not steer, whose arrays of floats have one type."""

    def __init__(self, graph: Graph, dtype: Any) -> None:
        super().__init__(graph, decides=False)
        self.dtype = dtype

    def computed(self, op: Op, values: Sequence[Any]) -> Any:
        return of_type(super().computed(op, values), self.dtype)


def continued(
    graph: Graph, inputs: Mapping[str, int], weights: Mapping[int, Any], active: bytearray, nodes: Mapping[str, int], dtype: Any
) -> tuple[Graph, dict[str, int | None]]:
    """A graph continued by a gradient that holds for all values of the inputs, and the node of the derivative by each of `nodes`."""
    F = Typed(graph, dtype)
    numbers = F.graph_of_numbers()
    values = list(numbers.values)
    for node, varies in enumerate(depending(graph, inputs.values())[: len(graph)]):
        if not varies:
            values[node] = F.number(graph.values[node])
    numbers = Graph(numbers.source, numbers.operations, numbers.arguments, values, numbers.origin, numbers.labels)
    with silently():
        found = swept(numbers, {node: F.number(weight) for node, weight in weights.items()}, active, F, None)
    longer, slopes = F.graph(), {name: None if node < 0 or found[node] is None else found[node].id for name, node in nodes.items()}
    F.forget()
    return longer, slopes
