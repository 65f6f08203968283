"""Requests: the arguments of `check`, understood and refused before anything is computed, and the points that they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from gradcli.checking.claims import Claim
from gradcli.checking.declarations import DECLARABLE, verdict_cure
from gradcli.checking.points.drawing import Asked, points
from gradcli.checking.points.sampling import Room
from gradcli.differentiation import adjoints, requires_grad
from gradcli.differentiation.gradients import inputs_of
from gradcli.differentiation.outputs import outputs_of, weights_of
from gradcli.errors import ShapeProblem, UnknownName, UsageError
from gradcli.language import Program, Trace, run
from gradcli.language.hints import short
from gradcli.language.limits import Limits
from gradcli.language.points import Given, complete, normal, refuse
from gradcli.results import Value, Verdict, all_finite


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be checked, and how; the parsed form of `check`'s arguments."""

    id: str
    program: Program
    of: Sequence[str] | None
    grad_output: Any
    wrt: Sequence[str]
    freeze: frozenset[str]
    claims: Sequence[Claim]
    max_digits_lost: float | None
    require_resolution: float | None
    formula: bool
    order: int
    sum: bool
    seed: int
    limits: Limits
    verdict: Verdict | None
    suite: bool
    self_test: bool = False
    typed: Mapping[str, tuple[str, Value]] = field(default_factory=dict)
    """What the user typed for inputs, with the values that it meant."""


def declared(verdict: str | None) -> Verdict | None:
    """An expected verdict. Raises UsageError for a word that is none."""
    if verdict is None or verdict in DECLARABLE:
        return verdict
    raise UsageError(f"there is no verdict '{verdict}'", verdict_cure(verdict))


def order_of(order: int | None) -> int:
    """The order of the derivatives to check. Raises UsageError for one that the engines do not know."""
    if order not in (None, 1, 2):
        raise UsageError(f"--order {order} is not part of check, which knows first and second derivatives", "write --order 2")
    return order or 1


def usable(request: Request, at: Mapping[str, Any]) -> bool:
    """Whether value and gradient are finite at a point that was drawn."""
    return finite_at(request, run(request.program, at, seed=request.seed, limits=request.limits))


def finite_at(request: Request, trace: Trace) -> bool:
    """Whether value and gradient of a run are finite."""
    outputs = outputs_of(trace, request.of, request.grad_output, request.sum)
    nodes = inputs_of(trace).values()
    found = adjoints(trace.graph, weights_of(outputs), requires_grad(trace.graph, nodes))
    return all(map(all_finite, [*(output.value for output in outputs), *(found[node] for node in nodes if found[node] is not None)]))


def inputs_to_check(program: Program, wrt: Sequence[str], claims: Sequence[Claim], freeze: Sequence[str]) -> list[str]:
    """The inputs that get a row. Raises UsageError if there is none: a check in which nothing could fail is no check."""
    frozen = set(map(normal, freeze))
    for name in [*wrt, *freeze]:
        if normal(name) not in program.inputs:
            raise UnknownName(f"'{name}' is no input of the program", hint="inputs: " + (", ".join(program.inputs) or "none"))
    chosen = list(dict.fromkeys(map(normal, wrt))) if wrt else list(dict.fromkeys(claim.input for claim in claims)) or list(program.inputs)
    if wrt:
        chosen += [claim.input for claim in claims if claim.input not in chosen]
    rows = [name for name in chosen if name not in frozen]
    for claim in claims:
        if claim.input in frozen:
            raise UsageError(f"'{claim.input}' is frozen and has a claim", "leave it out of --freeze")
    if not rows:
        raise UsageError("there is nothing to check: the program has no input" if not program.inputs else "every input is frozen",
                         'a program with an input is, for example, "x**2 + 1"')  # fmt: skip
    return rows


def points_of(request: Request, at: Given, wanted: Asked) -> tuple[list[dict[str, Value]], list[str]]:
    """The points of a check: the given one, those of --over, or points drawn for what is not given."""
    program = request.program
    if wanted.one and (wanted.given or program.defaults):
        return [complete(program, at, "suite" if request.suite else "check", request.seed)], []
    for name in wanted.names:
        if name not in program.inputs or (name in program.defaults and name not in wanted.shapes):
            refuse(program, name)
    room = Room(list(program.inputs), program.defaults, constants=program.constants, cost=max(len(program), 1))
    try:
        return points(wanted, room, request.id, partial(usable, request), suite=request.suite, seed=request.seed)
    except ShapeProblem as fault:
        numbers = [name for name in program.inputs if name not in {*wanted.shapes, *wanted.given, *program.defaults, *wanted.columns}]
        fault.hint = shape_cure(numbers, request.suite) if numbers else fault.hint
        raise


def shape_cure(names: Sequence[str], suite: bool) -> str:
    """What to do where numbers were drawn for inputs that have to be arrays: nobody knows their shapes."""
    shown = short(", ".join(names))
    shapes, room = ",".join(f"{name}=zeros(3)" for name in names), ",".join(f"{name}=-1:1" for name in names)
    cure = f'at = "{shapes}", over = "{room}"' if suite else f'--at "{shapes}" --over "{room}"'
    return f"numbers were drawn for {shown}; arrays are drawn in the shapes that they are given: {short(cure, 200)}"
