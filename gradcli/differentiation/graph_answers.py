"""The answer of `graph`: the graph of one run, at a point or without values. Nothing is differentiated."""

from __future__ import annotations

from gradcli.differentiation.gradients import Names, branches_of, names_of
from gradcli.language import Program, parse, run
from gradcli.language.interpreter import trace_without_values
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.naming import output_spots
from gradcli.language.points import Given, complete
from gradcli.results import Computed, Traced, Value


def graph_of(program: str, at: Given = None, *, of: Names = None, seed: int = 0, limits: Limits = LIMITS) -> Traced:
    """The computational graph of a program.

    program  text of a program
    at       a value for every input, as for `grad`; without any the values that depend on inputs are None
    of       names of the outputs (default: the last statement)
    seed     what random functions draw by
    limits   the budgets of the run

    Raises GradcliError; without values also for a program whose graph depends on them, at the place that does.

    >>> [node.op for node in map(graph_of("(x+w)*(w+1)").graph.node, range(5))]
    ['input', 'input', 'add', 'add', 'mul']
    """
    parsed = parse(program)
    point = point_of(parsed, at, seed)
    trace = run(parsed, point, seed=seed, limits=limits) if point is not None else trace_without_values(parsed, limits=limits)
    outputs = {name: trace.node_at(place) for name, place in output_spots(parsed, names_of(of) or None).items()}
    return Traced(
        program=program,
        at=None if point is None else {name: point[name] for name in parsed.inputs},
        outputs=[Computed(name, node, trace.graph.values[node]) for name, node in outputs.items()],
        graph=trace.graph,
        branches=branches_of(trace),
    )


def point_of(program: Program, at: Given, seed: int) -> dict[str, Value] | None:
    """The point, None where nothing is given and something would have to be."""
    if not at and program.inputs.keys() - program.defaults.keys():
        return None
    return complete(program, at, "graph", seed)
