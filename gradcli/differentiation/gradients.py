"""The answer of `grad`: runs a program, sweeps its graph, and puts values and derivatives together."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from gradcli.differentiation.sweep import adjoints, requires_grad
from gradcli.errors import NotSupported, UnknownName, UsageError, line_and_column
from gradcli.language import Program, Trace, parse, run
from gradcli.language.points import Given, complete, constant, entries, node_register, normal, pieces
from gradcli.results import BranchTaken, Gradient, Output

Weights = Mapping[str, object] | Sequence[object] | str | None
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
    order: int | None = None,
    leaves: bool = False,
) -> Gradient:
    """The value of a program at a point and its gradient, by reverse-mode differentiation.

    program      text of a program, such as "(x+w)*(w+1)"
    at           a number for every input: a mapping, or text such as "w=1,x=2"; values may be constant expressions ("pi/2")
    wrt          names to differentiate by, inputs or assigned names (default: every input that is not frozen); ["w", "x"] or "w,x"
    freeze       inputs to hold constant (requires_grad=False)
    of           names of the outputs (default: the last statement)
    grad_output  weights of the outputs in a vector-Jacobian product, by name or in order; required for several outputs
    order        also the pure derivatives of orders 1 to `order` by each input, in `higher`
    leaves       keep the gradients of leaves only, and free the others as they are consumed

    Raises GradcliError (its subclasses say what is wrong and where). Values are IEEE doubles; nothing raises for inf and nan.

    >>> grad("(x+w)*(w+1)", {"w": 1, "x": 2}).gradient
    {'x': 2.0, 'w': 5.0}
    """
    parsed = parse(program)
    values = complete(parsed, at)
    trace = run(parsed, values)
    outputs = outputs_of(trace, names_of(of), grad_output)
    wrt, frozen = names_of(wrt), {normal(name) for name in names_of(freeze)}
    for name in frozen - parsed.inputs.keys():
        raise UnknownName(f"--freeze names '{name}', which is no input of the program", hint="inputs: " + ", ".join(parsed.inputs))
    both = next((name for name in wrt if normal(name) in frozen), None)
    if both is not None:
        raise UsageError(f"'{both}' is frozen and in --wrt", f"leave it out of one of them: --freeze {both} holds it constant")
    nodes = {normal(name): trace.node_of(node_register(parsed, name, "--wrt")) for name in wrt} if wrt else inputs_of(trace, frozen)
    active = requires_grad(trace.graph, [*inputs_of(trace, frozen).values(), *(node for node in nodes.values() if node >= 0)])
    found = adjoints(
        trace.graph, weights_of(outputs), active, keep=frozenset(leaf_nodes(trace)) | frozenset(nodes.values()) if leaves else None
    )
    return Gradient(
        program=program,
        at={name: values[name] for name in parsed.inputs},
        outputs=outputs,
        gradient={name: 0.0 if node < 0 or found[node] is None else float(found[node]) for name, node in nodes.items()},
        independent=[name for name, node in nodes.items() if node < 0 or found[node] is None],
        higher=higher(trace, outputs, nodes, order) if order is not None else {},
        graph=trace.graph,
        adjoints=found,
        requires_grad=active,
        branches=branches_of(trace),
        warnings=warnings_of(trace, nodes.values(), found),
        leaves=leaves,
    )


def names_of(given: Names) -> list[str]:
    """The names of a list, or of text with commas as the command line has it."""
    return [name.strip() for name in given.split(",") if name.strip()] if isinstance(given, str) else list(given or ())


def inputs_of(trace: Trace, frozen: Iterable[str] = ()) -> dict[str, int]:
    """The nodes of the inputs that are not frozen, by name."""
    return {name: trace.node_of(register) for name, register in trace.program.inputs.items() if name not in frozen}


def leaf_nodes(trace: Trace) -> list[int]:
    """The nodes of all inputs."""
    return list(inputs_of(trace).values())


def weights_of(outputs: Iterable[Output]) -> dict[int, float]:
    """The weight of each output's node; a node that is named twice has the sum."""
    weights: dict[int, float] = {}
    for output in outputs:
        if output.id >= 0:
            weights[output.id] = weights.get(output.id, 0.0) + output.weight
    return weights


def outputs_of(trace: Trace, of: Sequence[str] | None, grad_output: Weights) -> list[Output]:
    """The outputs with their weights. Raises UsageError if several outputs have none."""
    program = trace.program
    registers = {normal(name): node_register(program, name, "--of") for name in of} if of else {last_name(program): program.output}
    weights = output_weights(grad_output, list(registers))
    return [output_of(trace, name, register, weight) for (name, register), weight in zip(registers.items(), weights, strict=True)]


def last_name(program: Program) -> str | None:
    """The name that the last statement binds, if it does."""
    return None if program.output < 0 else program.names[program.output]


def output_of(trace: Trace, name: str | None, register: int, weight: float) -> Output:
    """One output. Raises NotSupported for a truth value, which has no gradient."""
    node = trace.node_of(register)
    value = trace.graph.values[node]
    if isinstance(value, bool):
        place = trace.program.span(trace.graph.origin[node])
        what = "the output is a comparison, true or false: it has no gradient"
        raise NotSupported(what, trace.program.text, place, "choose between values: a if c else b")
    return Output(name, node, float(value), weight)


def output_weights(grad_output: Weights, names: list[str | None]) -> list[float]:
    """One weight per output, from a mapping, a list in order, or text of either."""
    if grad_output is None:
        if len(names) > 1:
            example = ",".join(f"{name}=1" for name in names)
            raise UsageError(f"{len(names)} outputs need weights: the gradient is that of a weighted sum", f"add --grad-output {example}")
        return [1.0]
    if isinstance(grad_output, str):
        grad_output = dict(entries(grad_output, "--grad-output")) if "=" in grad_output else [*pieces(grad_output.strip().strip("[]"))]
    if isinstance(grad_output, Mapping):
        return weights_by_name({normal(name): constant(weight, name) for name, weight in grad_output.items()}, names)
    if len(grad_output) != len(names):
        raise UsageError(
            f"--grad-output has {len(grad_output)} weights for {len(names)} outputs", "give one weight per output, in the order of --of"
        )
    return [constant(weight, str(name or "output")) for name, weight in zip(names, grad_output, strict=True)]


def weights_by_name(weights: Mapping[str, float], names: list[str | None]) -> list[float]:
    """The weights in the order of the outputs."""
    for name in [*weights.keys() - set(names), *(name for name in names if name not in weights)]:
        known = ", ".join(str(name) for name in names if name) or "the last statement, which has no name: give a bare number"
        raise UsageError(f"--grad-output and the outputs differ in '{name}'", f"outputs: {known}")
    return [weights[str(name)] for name in names]


def higher(trace: Trace, outputs: Sequence[Output], nodes: Mapping[str, int], order: int) -> dict[str, list[float]]:
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
    """The decisions of the run, with the text of each condition."""
    program = trace.program
    spans = program.spans([instruction for instruction, _ in trace.branches]) if trace.branches else []
    return [
        BranchTaken(program.text[start:end], *line_and_column(program.text, start), taken)
        for (start, end), (_, taken) in zip(spans, trace.branches, strict=True)
    ]


def warnings_of(trace: Trace, wrt: Iterable[int], found: Sequence[float | None]) -> list[str]:
    """Where inf or nan began: the first node whose value is not finite, else the last whose gradient is not."""
    graph = trace.graph
    node = next((i for i in range(len(graph)) if not math.isfinite(graph.values[i])), None)
    if node is not None:
        return [f"the value of node {node}, {graph.node(node).describe()}, is {graph.values[node]}: the first that is not finite"]
    if all(found[i] is None or math.isfinite(found[i]) for i in wrt if i >= 0):  # type: ignore[arg-type]
        return []
    node = next(i for i in range(len(graph) - 1, -1, -1) if found[i] is not None and not math.isfinite(found[i]))  # type: ignore[arg-type]
    users = [i for i in range(node + 1, len(graph)) if node in graph.arguments[i] and found[i] is not None]
    through = f", through {graph.node(users[-1]).describe()}" if users else ""
    return [f"the gradient of node {node}, {graph.node(node).describe()}, is {found[node]}{through}: the first that is not finite"]
