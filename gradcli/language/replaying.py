"""Runs of a program over any number system: they take the decisions of a float64 run or, left free, make their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gradcli.language.interpreter import Decisions, Trace
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.machine import Machine
from gradcli.language.naming import Spot, at_spot
from gradcli.language.program import Function, Program
from gradcli.operations import Algebra, Op


class Registers(list[Any]):
    """The registers of a run over any number system; in a program with blocks also its nodes' values in order, and names' versions."""

    __slots__ = ("constants", "history", "values")

    def __init__(self, entries: Iterable[Any], constants: list[Any]) -> None:
        super().__init__(entries)
        self.constants = constants
        self.values: list[Any] = []
        self.history: Mapping[int, Sequence[Any]] = {}

    @property
    def numbers(self) -> list[Any]:
        """Every number that was computed or given, none of the constants."""
        return self.values or self[: len(self) - len(self.constants)]

    def at(self, program: Program, place: Spot) -> Any:
        """The value at a spot."""
        return at_spot(program, place, self, self.history)

    def of_nodes(self, trace: Trace) -> list[Any]:
        """The values of the nodes of a float64 run whose decisions this one took, then the constants backwards."""
        graph = trace.graph
        values = self.values if trace.program.blocks() else [self[i] for i in graph.origin]
        return [*values, *reversed(self.constants)]


class Evaluation(Machine):
    """A run over any number system that takes a log's decisions, or is free to make its own."""

    def __init__(self, program: Program, registers: Registers, F: Algebra, log: Decisions, free: bool, limits: Limits = LIMITS) -> None:
        self.F = F
        self.free = free
        self.made = Decisions()
        self.truths, self.pieces = iter(log.branches), iter(log.pieces)
        self.found = registers
        super().__init__(program, registers, [registers], limits)

    def decide(self, at: int, condition: Any) -> bool:
        self.made.branches.append(self.truth(at, condition) if self.free else next(self.truths))
        return self.made.branches[-1]

    def piece(self, op: Op, values: list[Any]) -> Any:
        """The piece of an operation with pieces, or the value that was drawn."""
        logged = next(self.pieces, None)
        self.made.pieces.append(self.F.piece_of(op, values) if self.free and not op.detaches else logged)
        return self.made.pieces[-1]

    def put(self, target: int, value: Any) -> None:
        self.registers[target] = self.F.number(value)
        self.found.constants.append(self.registers[target])

    def plain(self, at: int, value: Any) -> Any:
        return self.F.plain(value)

    def compute(self, op: Op, values: list[Any]) -> Any:
        """The value of an operation."""
        if op.transparent:
            return values[0]
        if op.draws:
            return self.F.numbers(self.piece(op, values))
        return getattr(self.F, op.name)(*values) if op.decide is None else self.F.on_piece(op, self.piece(op, values), values)

    def run(self, start: int = 0, end: int | None = None) -> Registers:
        """Runs the program, or one of its functions."""
        program, registers, kept = self.program, self.registers, self.found.values
        for first, behind in self.path(start, end):
            for i in range(first, behind):
                op, arguments = program.customs.get(i) or (program.operations[i], program.arguments[i])
                value = self.compute(op, [registers[a] for a in arguments])  # type: ignore[arg-type]
                target = self.targets[i]
                registers[target] = value
                if program.targets:
                    kept.append(value)
                    self.bound(i, target)
        self.found.history = self.history
        return self.found


def evaluate(program: Program, inputs: Mapping[str, Any], F: Algebra, log: Decisions, *, free: bool = False) -> tuple[Registers, Decisions]:
    """The registers of a run over any number system, and its decisions.

    The run takes the decisions of `log`; a free one makes its own, except that detached values and random draws stay what they were.
    `inputs` are numbers of the system, or arrays of them; constants are given to `F.numbers` as floats.
    """
    constants = [F.numbers(value) for value in program.constants]
    registers = Registers([None] * len(program) + constants[::-1], constants)
    for name, register in program.inputs.items():
        registers[register] = inputs[name]
        if program.blocks():
            registers.values.append(inputs[name])
    machine = Evaluation(program, registers, F, log, free)
    return machine.run(), machine.made


class Alone(Evaluation):
    """A run of one function of a program over any number system, free to decide by plain values."""

    def truth(self, at: int, condition: Any) -> bool:
        return super().truth(at, self.F.plain(condition))

    def piece(self, op: Op, values: list[Any]) -> Any:
        return op.piece_of([self.F.plain(value) for value in values])


def results_of(program: Program, function: Function, arguments: Sequence[Any], F: Algebra) -> list[Any]:
    """What a function of a program returns for numbers of any system."""
    constants = [F.numbers(value) for value in program.constants]
    registers = Registers([None] * len(program) + constants[::-1], constants)
    machine = Alone(program, registers, F, Decisions(), True)
    for entry, argument in zip(function.entries, arguments, strict=True):
        registers[entry] = argument
    machine.run(function.start + len(function.params))
    return machine.results
