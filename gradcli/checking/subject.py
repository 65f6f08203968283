"""What a check is about: one program at one point, with the runs that every engine starts from. It judges nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gradcli.differentiation.gradients import inputs_of
from gradcli.differentiation.outputs import outputs_of, weights_of
from gradcli.graphs import Graph
from gradcli.language import Program, Trace, run
from gradcli.language.interpreter import Decisions, Registers, decisions, evaluate
from gradcli.language.naming import Spot, output_spots
from gradcli.operations.precise import Precise
from gradcli.results import Output


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
    """A program at a point: its float64 trace, the decisions of that run, and the precise number system that engines share."""

    program: Program
    at: Mapping[str, float]
    of: Sequence[str] | None = None
    grad_output: Any = None
    freeze: frozenset[str] = frozenset()
    F: Precise = field(default_factory=Precise)
    samples: dict[int, Sample] = field(default_factory=dict)

    @cached_property
    def trace(self) -> Trace:
        """The float64 run."""
        return run(self.program, self.at)

    @cached_property
    def outputs(self) -> list[Output]:
        """The outputs with their weights."""
        return outputs_of(self.trace, self.of, self.grad_output)

    @cached_property
    def weights(self) -> dict[int, Any]:
        """The weight of each output's node."""
        return weights_of(self.outputs)

    @cached_property
    def nodes(self) -> dict[str, int]:
        """The nodes of the inputs that are not frozen."""
        return inputs_of(self.trace, self.freeze)

    @cached_property
    def log(self) -> Decisions:
        """What the float64 run decided."""
        return decisions(self.program, self.at)

    @cached_property
    def path(self) -> tuple[list[bool], list[Any]]:
        """The decisions without what only holds a value, as detach does: points with the same path lie on the same formula."""
        deciding = [op for op in self.trace.graph.operations if op.decide is not None]
        return self.log.branches, [piece for op, piece in zip(deciding, self.log.pieces, strict=False) if not op.detaches]

    @cached_property
    def spread(self) -> int:
        """Bits between the largest and the smallest number of the float64 run: what a sum of them takes to lose nothing."""
        numbers = [*self.at.values(), *self.trace.graph.values]
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
        return {name: self.F.number(value) for name, value in self.at.items()} | dict(moved or {})

    def registers(self, moved: Mapping[str, Any] | None = None, *, free: bool = False) -> tuple[Registers, Decisions]:
        """The registers of a precise run: replaying the float64 run's decisions, or left free."""
        return evaluate(self.program, self.point(moved), self.F, self.log, free=free)

    def value(self, registers: Registers) -> Any:
        """The weighted sum of the outputs."""
        values = [self.F.number(value) * weight for value, weight in self.outputs_in(registers)]
        return sum(values[1:], values[0])

    def sample(self, moved: Mapping[str, Any] | None = None, *, replay: bool = False) -> Sample:
        """The value at a moved point, left free unless it replays; at the point itself, computed once for each precision."""
        prec = self.F.context.prec
        if moved is None and prec in self.samples:
            return self.samples[prec]
        registers, made = self.registers(moved, free=not replay)
        value = self.value(registers)
        numbers = [value, *registers.numbers, *registers.constants]
        sizes = [abs(number) for number in numbers if number is not None and not isinstance(number, bool | str | tuple)]
        largest = max((size for size in sizes if size < math.inf), default=self.F.number(0))
        one = Sample(value, self.F.context.ldexp(largest, -prec) * MARGIN, made, registers)
        if moved is None:
            self.samples[prec] = one
        return one

    def graph_over(self, registers: Registers) -> Graph:
        """The graph of the float64 run, with the values of another run that took its decisions."""
        return replace(self.trace.graph, values=registers.of_nodes(self.trace))
