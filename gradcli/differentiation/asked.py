"""What is asked about a program at a point: its run, the outputs, the nodes to differentiate by, and directions in which to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.differentiation.gradients import Names, branches_of, names_of, requested
from gradcli.differentiation.outputs import Weights, outputs_of
from gradcli.errors import PointError, ShapeProblem, UnknownName, nearest
from gradcli.language import Trace, parse, run
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.points import Given, complete, entries, point
from gradcli.operations.arrays import Shape, shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import shape_text
from gradcli.results import BranchTaken, Computed, Output, Value


@dataclass(frozen=True, slots=True)
class Asked:
    """A run of a program, its outputs, and the nodes to differentiate by; a node below zero is a constant."""

    program: str
    at: Mapping[str, Value]
    trace: Trace
    outputs: Sequence[Output]
    wrt: Mapping[str, int]

    def shape(self, name: str) -> Shape:
        """The shape of something to differentiate by."""
        return shape_of(self.trace.graph.values[self.wrt[name]])

    @property
    def shapes(self) -> dict[str, Shape]:
        """The shapes of everything to differentiate by."""
        return {name: self.shape(name) for name in self.wrt}

    @property
    def nodes(self) -> dict[str, int]:
        """What to differentiate by without constants, on which nothing depends."""
        return {name: node for name, node in self.wrt.items() if node >= 0}

    @property
    def computed(self) -> list[Computed]:
        """The outputs without their weights."""
        return [Computed(output.name, output.id, output.value) for output in self.outputs]

    @property
    def branches(self) -> list[BranchTaken]:
        """The decisions of the run."""
        return branches_of(self.trace)


def asked(
    program: str,
    at: Given,
    command: str,
    of: Names,
    wrt: Names,
    freeze: Names,
    weights: Weights = None,
    add_up: bool = False,
    seed: int = 0,
    limits: Limits = LIMITS,
) -> Asked:
    """Runs a program for a command; the outputs weigh what `weights` says, or one each if they are to be added up."""
    parsed = parse(program)
    values = complete(parsed, at, command, seed)
    trace = run(parsed, values, seed=seed, limits=limits)
    outputs = outputs_of(trace, names_of(of), weights, add_up)
    nodes, _ = requested(trace, wrt, freeze)
    return Asked(program, {name: values[name] for name in parsed.inputs}, trace, outputs, nodes)


def direction(given: Given, shapes: Mapping[str, Shape], option: str) -> dict[str, Value]:
    """A direction in the space of some inputs, as a mapping or text: one number for an array moves every element.

    Inputs that are not named do not move. Raises UnknownName, PointError and ShapeProblem.
    """
    found = point(dict(entries(given, option)) if isinstance(given, str) else given)
    if not found:
        example = next(iter(shapes), "x")
        raise PointError(f"{option} gives no direction", f"write {option} {example}=1")
    for name in found.keys() - shapes.keys():
        near = nearest(name, shapes)
        hint = f"did you mean '{near}'?" if near else "it may name " + (", ".join(shapes) or "nothing: the program has no inputs")
        raise UnknownName(f"{option} names '{name}', by which nothing is differentiated", hint=hint)
    return {name: fitting(found[name], shape, name, option) for name, shape in shapes.items() if name in found}


def fitting(value: Any, shape: Shape, name: str, option: str) -> Value:
    """A part of a direction in the shape of its input."""
    if shape_of(value) == shape:
        return value  # type: ignore[no-any-return]
    if shape_of(value):
        what = f"the direction of '{name}' has the shape {shape_text(shape_of(value))}, and {name} has {shape_text(shape)}"
        raise ShapeProblem(f"{what} ({option})", "give one number for every element, or one for all")
    filled: Value = np.full(shape, float(value))
    return filled


def everywhere(along: Mapping[str, Value], shapes: Mapping[str, Shape]) -> dict[str, Value]:
    """A direction with zeros for all inputs that do not move."""
    return {name: along[name] if name in along else np.zeros(shape) if shape else 0.0 for name, shape in shapes.items()}


def unit(shape: Shape, k: int) -> Value:
    """One where element k is, counted through all axes, and zeros elsewhere."""
    if not shape:
        return 1.0
    found: Any = np.zeros(shape)
    found.reshape(-1)[k] = 1.0
    return found  # type: ignore[no-any-return]
