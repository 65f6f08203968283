"""What a check is about: one program at one point, with the runs that every engine starts from. It judges nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gradcli.checking.lines import Line, Place, lines_of, total
from gradcli.differentiation.gradients import inputs_of
from gradcli.differentiation.outputs import outputs_of, weights_of
from gradcli.graphs import Graph
from gradcli.language import Program, Trace, run
from gradcli.language.interpreter import Decisions, decisions
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.naming import Spot, output_spots
from gradcli.language.replaying import Registers, evaluate
from gradcli.operations.arrays import is_array
from gradcli.operations.precise import Precise
from gradcli.results import Output, Value


@dataclass(slots=True)
class Bracket:
    """A number of an engine with a bound of its error: mpmath numbers, `value` None where the engine has no answer."""

    value: Any
    error: Any = 0
    note: str = ""


@dataclass(slots=True)
class Sample:
    """The value of one precise run, a bound of its rounding, and what it decided."""

    value: Any
    rounding: Any
    made: Decisions
    registers: Registers


MARGIN = 2**12
"""How many times the rounding of the largest number in a run the rounding of its value may be."""


@dataclass
class Subject:
    """A program at a point: its float64 trace, the decisions of that run, and the precise number system that engines share.

    `of`, `grad_output` and `add_up` say what the outputs are and weigh, `freeze`, `wrt` and `elements` along which lines derivatives
    are judged; seeded directions depend on the check's `id`, random functions of the program on `seed`.
    Engines leave in `notes` what readers of the check should know of how it was done.
    """

    program: Program
    at: Mapping[str, Value]
    of: Sequence[str] | None = None
    grad_output: Any = None
    freeze: frozenset[str] = frozenset()
    add_up: bool = False
    wrt: Sequence[str] = ()
    id: str = ""
    elements: Sequence[Place] = ()
    seed: int = 0
    limits: Limits = LIMITS
    F: Precise = field(default_factory=Precise)
    samples: dict[int, Sample] = field(default_factory=dict)
    replays: dict[int, tuple[Registers, Decisions]] = field(default_factory=dict, init=False)
    notes: list[str] = field(default_factory=list)

    @cached_property
    def trace(self) -> Trace:
        """The float64 run."""
        return run(self.program, self.at, seed=self.seed, limits=self.limits)

    @cached_property
    def outputs(self) -> list[Output]:
        """The outputs with their weights."""
        return outputs_of(self.trace, self.of, self.grad_output, self.add_up)

    @cached_property
    def weights(self) -> dict[int, Any]:
        """The weight of each output's node."""
        return weights_of(self.outputs)

    @cached_property
    def nodes(self) -> dict[str, int]:
        """The nodes of the inputs that are not frozen."""
        return inputs_of(self.trace, self.freeze)

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The lines along which derivatives are judged, by their labels; for numbers these are the inputs' names."""
        names = [name for name in self.wrt or self.nodes if name in self.nodes]
        return {line.label: line for line in lines_of(self.at, names, self.id, also=self.elements)}

    @cached_property
    def log(self) -> Decisions:
        """What the float64 run decided."""
        return decisions(self.program, self.at, seed=self.seed, limits=self.limits)

    @cached_property
    def path(self) -> tuple[list[bool], list[Any]]:
        """The decisions without what only holds a value, as detach does: points with the same path lie on the same formula."""
        deciding = [op for op in self.trace.graph.operations if op.decide is not None]
        return self.log.branches, [piece for op, piece in zip(deciding, self.log.pieces, strict=False) if not op.detaches]

    @cached_property
    def spread(self) -> int:
        """Bits between the largest and the smallest number of the float64 run: what a sum of them takes to lose nothing."""
        numbers = (number for value in (*self.at.values(), *self.trace.graph.values) for number in numbers_of(value))
        exponents = [math.frexp(number)[1] for number in numbers if number and math.isfinite(number)]
        return max(exponents) - min(exponents) if exponents else 0

    @cached_property
    def spots(self) -> list[tuple[Spot, Any]]:
        """(spot, weight) of each output; a spot, unlike a node, means the same in a run that branches otherwise."""
        return list(zip(output_spots(self.program, self.of).values(), (output.weight for output in self.outputs), strict=True))

    def outputs_in(self, registers: Registers) -> list[tuple[Any, Any]]:
        """(value, weight) of each output in a run over any number system."""
        return [(registers.at(self.program, place), weight) for place, weight in self.spots]

    def point(self, moved: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The point in precise numbers, with some inputs moved."""
        return {name: self.F.numbers(value) for name, value in self.at.items()} | dict(moved or {})

    def along(self, sides: Mapping[str, int], h: Any) -> dict[str, Any]:
        """The inputs that move when every line in `sides` is followed by h or -h."""
        moved: dict[str, Any] = {}
        for label, side in sides.items():
            line = self.lines[label]
            x = moved[line.input] if line.input in moved else self.F.numbers(self.at[line.input])
            moved[line.input] = line.moved(x, side * h)
        return moved

    def registers(self, moved: Mapping[str, Any] | None = None, *, free: bool = False) -> tuple[Registers, Decisions]:
        """The registers of a precise run: replaying the float64 run's decisions, or left free; a replay at the point is run once."""
        if moved is not None or free:
            return evaluate(self.program, self.point(moved), self.F, self.log, free=free)
        prec = self.F.context.prec
        if prec not in self.replays:
            self.replays[prec] = evaluate(self.program, self.point(), self.F, self.log)
        return self.replays[prec]

    def value(self, registers: Registers) -> Any:
        """The weighted sum of the outputs."""
        return total([weighted(self.F, value, weight) for value, weight in self.outputs_in(registers)])

    def sample(self, moved: Mapping[str, Any] | None = None, *, replay: bool = False) -> Sample:
        """The value at a moved point, left free unless it replays; at the point itself, computed once for each precision."""
        prec = self.F.context.prec
        if moved is None and prec in self.samples:
            return self.samples[prec]
        registers, made = self.registers(moved, free=not replay)
        value = self.value(registers)
        largest = self.F.largest(
            number for register in (value, *registers.numbers, *registers.constants) for number in numbers_of(register)
        )
        one = Sample(value, self.F.context.ldexp(largest, -prec) * MARGIN, made, registers)
        if moved is None:
            self.samples[prec] = one
        return one

    def graph_over(self, registers: Registers) -> Graph:
        """The graph of the float64 run, with the values of another run that took its decisions."""
        return replace(self.trace.graph, values=registers.of_nodes(self.trace))


def numbers_of(value: Any) -> Iterator[Any]:
    """The numbers of a register: itself, or the elements of an array; truth values and settings are none."""
    if is_array(value):
        yield from () if value.dtype == bool else (number for number in value.flat if not isinstance(number, bool))
    elif not (value is None or isinstance(value, bool | str | tuple)):
        yield value


def weighted(F: Any, value: Any, weight: Any) -> Any:
    """An output times its weight; of an array the sum over its elements."""
    if not is_array(value):
        return F.number(value) * weight
    return total((F.numbers(value) * weight).ravel()) if value.size else F.number(0)
