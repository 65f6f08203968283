"""The answer of `grad`: runs a program, sweeps its graph, and puts values and derivatives together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradcli.differentiation.outputs import Weights, outputs_of, weights_of
from gradcli.differentiation.sweep import adjoints, requires_grad
from gradcli.differentiation.unusual import warnings_of
from gradcli.errors import UnknownName, UsageError, line_and_column
from gradcli.language import Trace, parse
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.naming import spot
from gradcli.language.points import Given, complete, normal
from gradcli.language.program import FOR
from gradcli.language.single import run_in, single
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np
from gradcli.results import BranchTaken, Gradient, Output, Value

Names = Sequence[str] | str | None
"""Names as a list, or as text with commas."""


def grad(
    program: str,
    at: Given = None,
    *,
    wrt: Names = None,
    freeze: Names = (),
    of: Names = None,
    grad_output: Weights = None,
    sum: bool = False,  # noqa: A002 - the word of the option
    order: int | None = None,
    leaves: bool = False,
    seed: int = 0,
    limits: Limits = LIMITS,
    dtype: str = "float64",
) -> Gradient:
    """The value of a program at a point and its gradient, by reverse-mode differentiation.

    program      text of a program, such as "(x+w)*(w+1)"
    at           a number or an array for every input: a mapping, or text such as "w=1,x=[2,3]"; values may be constant expressions
    wrt          names to differentiate by, inputs or assigned names (default: every input that is not frozen); ["w", "x"] or "w,x"
    freeze       inputs to hold constant (requires_grad=False)
    of           names of the outputs (default: the last statement)
    grad_output  weights of the outputs in a vector-Jacobian product, by name or in order, in the outputs' shapes; required for several
                 outputs, and for one that is an array
    sum          add all outputs and all their elements up instead
    order        also the pure derivatives of orders 1 to `order` by each input, in `higher`
    leaves       keep the gradients of leaves only, and free the others as they are consumed
    seed         what random functions draw by, in the program and in values of the point
    limits       the budgets of the run: steps, nodes, elements of arrays, depth of calls
    dtype        "float32": the values of all nodes, and then the gradients, are rounded to single precision

    Raises GradcliError (its subclasses say what is wrong and where). Values are IEEE doubles; nothing raises for inf and nan.

    >>> grad("(x+w)*(w+1)", {"w": 1, "x": 2}).gradient
    {'x': 2.0, 'w': 5.0}
    """
    parsed = parse(program)
    values = complete(parsed, at, seed=seed)
    trace = run_in(dtype, parsed, values, seed=seed, limits=limits)
    outputs = outputs_of(trace, names_of(of), grad_output, sum)
    nodes, active = requested(trace, wrt, freeze)
    found = adjoints(
        trace.graph, weights_of(outputs), active, keep=frozenset(leaf_nodes(trace)) | frozenset(nodes.values()) if leaves else None
    )
    pure = higher(trace, outputs, nodes, order) if order is not None else {}
    if dtype == "float32":
        found, pure = list(map(single, found)), {name: list(map(single, row)) for name, row in pure.items()}
    return Gradient(
        program=program,
        at={name: trace.at[name] for name in parsed.inputs},
        outputs=outputs,
        gradient={name: gradient_of(trace, found, node) for name, node in nodes.items()},
        independent=[name for name, node in nodes.items() if node < 0 or found[node] is None],
        higher=pure,
        graph=trace.graph,
        adjoints=found,
        requires_grad=active,
        branches=branches_of(trace),
        warnings=warnings_of(trace.graph, nodes.values(), found),
        leaves=leaves,
    )


def requested(trace: Trace, wrt: Names, freeze: Names) -> tuple[dict[str, int], bytearray]:
    """The nodes to differentiate by, by name, and for every node whether a derivative can pass from it to one of these or to an input."""
    program, names, frozen = trace.program, names_of(wrt), {normal(name) for name in names_of(freeze)}
    for name in frozen - program.inputs.keys():
        raise UnknownName(f"--freeze names '{name}', which is no input of the program", hint="inputs: " + ", ".join(program.inputs))
    both = next((name for name in names if normal(name) in frozen), None)
    if both is not None:
        raise UsageError(f"'{both}' is frozen and in --wrt", f"leave it out of one of them: --freeze {both} holds it constant")
    inputs = inputs_of(trace, frozen)
    nodes = {normal(name): trace.node_at(spot(program, name, "--wrt")) for name in names} if names else inputs
    return nodes, requires_grad(trace.graph, [*inputs.values(), *(node for node in nodes.values() if node >= 0)])


def names_of(given: Names) -> list[str]:
    """The names of a list, or of text with commas as the command line has it."""
    return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else list(given or ())


def gradient_of(trace: Trace, found: Sequence[Any], node: int) -> Value:
    """The derivative by a node, in its shape; zeros where nothing depends on it."""
    adjoint = found[node] if node >= 0 else None
    if adjoint is None:
        shape = shape_of(trace.graph.values[node])
        return np.zeros(shape) if shape else 0.0
    return adjoint if is_array(adjoint) else float(adjoint)


def inputs_of(trace: Trace, frozen: Iterable[str] = ()) -> dict[str, int]:
    """The nodes of the inputs that are not frozen, by name."""
    return {name: node for name, node in trace.inputs.items() if name not in frozen}


def leaf_nodes(trace: Trace) -> list[int]:
    """The nodes of all inputs."""
    return list(inputs_of(trace).values())


def higher(trace: Trace, outputs: Sequence[Output], nodes: Mapping[str, int], order: int) -> dict[str, list[Value]]:
    """The pure derivatives of orders 1 to `order` of the weighted output by each input."""
    from gradcli.differentiation.taylor import MAX_ORDER, derivatives

    if not 1 <= order <= MAX_ORDER:
        raise UsageError(f"--order {order} is not between 1 and {MAX_ORDER}", "write --order 2")
    for name, node in nodes.items():
        if node not in leaf_nodes(trace):
            raise UsageError(f"--order differentiates by inputs, and '{name}' is none", "inputs: " + ", ".join(trace.program.inputs))
    weights = weights_of(outputs)
    return {name: derivatives(trace.graph, weights, node, order) for name, node in nodes.items()}


def branches_of(trace: Trace) -> list[BranchTaken]:
    """The decisions of the run, with the text of each condition; equal ones together, and of a `for` its rounds."""
    program, times = trace.program, Counter(trace.branches)
    loops = {instruction: times[instruction, True] for instruction, _ in times if program.operations[instruction] is FOR}
    found = [key for key in times if key[0] not in loops or key == (key[0], loops[key[0]] > 0)]
    spans = program.spans([instruction for instruction, _ in found]) if found else []
    return [
        BranchTaken(program.text[start:end], *line_and_column(program.text, start), key[1], times[key], loops.get(key[0]))
        for (start, end), key in zip(spans, found, strict=True)
    ]
