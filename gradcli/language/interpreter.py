"""The interpreter: runs a Program at a point. It knows no derivatives.

One float64 run decides (`run`): values choose the branches, and the graph of the run is recorded. `replaying` then runs the same
program over other number systems.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from gradcli.errors import NotSupported, ShapeProblem
from gradcli.graphs import Graph
from gradcli.language.hints import short
from gradcli.language.limits import LIMITS, Limits, exceeded
from gradcli.language.machine import Machine
from gradcli.language.naming import Labels, RunSource, Scopes, Spellings, Spot, at_spot
from gradcli.language.program import JOIN, Program
from gradcli.operations import Op
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import drawn, value_of

SCALARS = (float, bool, int)
PARTS = ("index", "set_index")
Seed = int | Sequence[int]


@dataclass(slots=True)
class Trace:
    """One run: the program, its point, the graph, the node of every register and input, and the branches taken (instruction, truth)."""

    program: Program
    at: Mapping[str, Any]
    graph: Graph
    nodes: Sequence[int]
    inputs: Mapping[str, int]
    branches: list[tuple[int, bool]] = field(default_factory=list)
    history: Mapping[int, Sequence[int]] = field(default_factory=dict)

    def node_of(self, register: int) -> int:
        """The node that holds a register's value at the end."""
        return register if register < 0 else self.nodes[register]

    def node_at(self, place: Spot) -> int:
        """The node at a spot."""
        node: int = place.register if place.register < 0 else at_spot(self.program, place, self.nodes, self.history)
        return node


@dataclass(slots=True)
class Decisions:
    """What a run decided: the truth of each branch and the piece of each operation that has pieces, in order of execution."""

    branches: list[bool] = field(default_factory=list)
    pieces: list[Any] = field(default_factory=list)


def run(program: Program, at: Mapping[str, Any], *, seed: Seed = 0, limits: Limits = LIMITS) -> Trace:
    """The float64 run of a program at a point that gives every input a value; random operations draw by `seed`."""
    if program.branching or limits is not LIMITS or not scalar(program, at):
        return Recording(program, at, seed, limits).record()
    values = program.initial(at)
    (_fill_with_truths if program.truths else _fill)(program, values)
    nodes = range(len(program))
    graph = Graph(program, program.operations, program.arguments, values, nodes, _labels(program, nodes, nodes))  # type: ignore[arg-type]
    return Trace(program, at, graph, nodes, program.inputs)


def scalar(program: Program, at: Mapping[str, Any]) -> bool:
    """Whether a run meets no arrays."""
    return not program.arrays and all(isinstance(value, SCALARS) for value in at.values())


def _fill(program: Program, values: list[Any]) -> None:
    """Computes the registers of a program without branches."""
    for i, (op, registers) in enumerate(zip(program.operations, program.arguments, strict=True)):
        try:
            if len(registers) == 2:
                a, b = registers
                values[i] = op.value(values[a], values[b])
            elif registers:
                values[i] = op.value(*[values[a] for a in registers])
        except (ArithmeticError, ValueError):
            values[i] = op.exceptional(*[values[a] for a in registers])  # type: ignore[union-attr]


def _fill_with_truths(program: Program, values: list[Any]) -> None:
    """The same for a program that may compute with truth values."""
    for i, (op, registers) in enumerate(zip(program.operations, program.arguments, strict=True)):
        if registers:
            values[i] = _value(op, [values[a] for a in registers])  # type: ignore[arg-type]


def _value(op: Op, arguments: Sequence[Any]) -> Any:
    """The value of a row on floats and truth values: Python's sum of two truth values is an int, which would grow without bound."""
    value = value_of(op, *arguments)
    return float(value) if type(value) is int else value


class Floating(Machine):
    """A float64 run: it decides by its own values, and draws random numbers."""

    def __init__(self, program: Program, registers: list[Any], columns: list[list[Any]], seed: Seed, limits: Limits) -> None:
        self.seed = seed
        self.made: Any = None
        self.elements = 0
        super().__init__(program, registers, columns, limits)

    def compute(self, at: int, op: Op, values: list[Any]) -> Any:
        """The value of an operation, numbers and arrays alike."""
        if op.transparent:
            return values[0]
        try:
            if op.structural:
                self.allow(at, op, values)
            value = drawn(op, self.generator, values) if op.draws else value_of(op, *values)
        except ShapeProblem as fault:
            if op.name in PARTS and not shape_of(values[0]):
                self.refuse(at, "a single number has no parts", "give a list: --at x=[1,2,3]", ShapeProblem)
            raise fault.at(self.program.text, self.program.span(at)) from None
        if type(value) in SCALARS:
            return float(value) if type(value) is int else value
        self.spend(at, value.size)
        return value

    def allow(self, at: int, op: Op, values: list[Any]) -> None:
        """Refuses a value that is too large before it is computed."""
        if op.elements is not None:  # type: ignore[attr-defined]
            self.spend(at, 0, op.elements(*op.grouped(values)))  # type: ignore[attr-defined]

    def spend(self, at: int, size: int, more: int = 0) -> None:
        """Counts the elements of an array."""
        self.elements += size
        if self.elements + more > self.limits.elements:
            exceeded(self.limits, "elements", self.program, at)

    @property
    def generator(self) -> Any:
        """The random numbers of this run."""
        if self.made is None:
            from gradcli.operations.lazily import np

            self.made = np.random.default_rng(self.seed)
        return self.made


class Recording(Floating):
    """The run that records: every executed operation becomes a node of the graph."""

    def __init__(self, program: Program, at: Mapping[str, Any], seed: Seed = 0, limits: Limits = LIMITS) -> None:
        registers = program.initial(at)
        self.constants = list(program.constants)
        self.nodes: list[Any] = [-1] * len(program) + list(range(-len(self.constants), 0))
        self.at = at
        self.operations: list[Op] = []
        self.arguments: list[tuple[int, ...]] = []
        self.values: list[Any] = []
        self.origin = array("q")
        self.branches: list[tuple[int, bool]] = []
        self.outcomes: dict[int, tuple[tuple[int, bool], tuple[int, bool]]] = {}
        self.scopes = Scopes(program)
        for register in program.inputs.values():
            self.nodes[register] = len(self.operations)
            self.node(register, program.operations[register], (), registers[register])  # type: ignore[arg-type]
        super().__init__(program, registers, [registers, self.nodes], seed, limits)

    def node(self, at: int, op: Op, arguments: tuple[int, ...], value: Any) -> None:
        """Adds a node."""
        self.operations.append(op)
        self.arguments.append(arguments)
        self.values.append(value)
        self.origin.append(at)

    def decide(self, at: int, condition: Any) -> bool:
        truth = condition if condition is True or condition is False else self.truth(at, condition)
        self.branches.append(self.outcomes[at][truth] if at in self.outcomes else self.outcome(at, truth))
        return truth

    def outcome(self, at: int, truth: bool) -> tuple[int, bool]:
        """The record of a decision, one object for all that are equal."""
        self.outcomes[at] = ((at, False), (at, True))
        return self.outcomes[at][truth]

    def put(self, target: int, value: Any) -> None:
        self.constants.append(value)
        self.registers[target] = value
        self.nodes[target] = -len(self.constants)

    def record(self) -> Trace:
        """Runs, and answers what happened."""
        program = self.program
        (self.run_scalars if scalar(program, self.at) and not program.customs else self.run_all)()
        static = len(self.constants) == len(program.constants)
        source: Any = program if static else RunSource(program, Spellings(program.literals, self.constants))
        labels: Any = Labels(program, self.history, self.origin) if program.blocks() else _labels(program, self.nodes, self.origin)
        scopes = self.scopes if self.scopes.found else None
        values = self.values + self.constants[::-1]
        graph = Graph(source, self.operations, self.arguments, values, self.origin, labels, scopes)
        inputs = {name: i for i, name in enumerate(program.inputs)}
        return Trace(program, self.at, graph, self.nodes, inputs, self.branches, self.history)

    def begin_piece(self, at: int, scope: Any) -> Any:
        """Notes where the run is, before a piece of straight code; the scope."""
        if len(self.operations) > self.limits.nodes:
            exceeded(self.limits, "nodes", self.program, at)
        if self.scope is not scope:
            self.scopes.enter(len(self.operations), self.scope)
        return self.scope

    def run_all(self) -> None:
        """Computes numbers and arrays."""
        program, registers, nodes = self.program, self.registers, self.nodes
        scope = None
        for start, end in self.path():
            scope = self.begin_piece(start, scope)
            for i in range(start, end):
                op, arguments = program.customs.get(i) or (program.operations[i], program.arguments[i])
                value = self.compute(i, op, [registers[a] for a in arguments])  # type: ignore[arg-type]
                target, number = self.targets[i], len(self.operations)
                self.node(i, op, tuple(nodes[a] for a in arguments), value)  # type: ignore[arg-type]
                registers[target], nodes[target] = value, number
                self.bound(i, target)

    def run_scalars(self) -> None:
        """The same for a program that meets no arrays, faster."""
        program, registers, nodes, scope = self.program, self.registers, self.nodes, None
        targets, lasting, history = self.targets, self.lasting, self.history
        columns = zip(program.operations, program.arguments, strict=True)
        code = [(op, sources, *(sources if len(sources) == 2 else (None, 0))) for op, sources in columns]
        operations, arguments, values, origin = self.operations, self.arguments, self.values, self.origin
        number = len(operations)
        for start, end in self.path():
            scope = self.begin_piece(start, scope)
            for i in range(start, end):
                op, sources, a, b = code[i]
                try:
                    if a is None:
                        arguments.append(tuple([nodes[a] for a in sources]))
                        value = op.value(*[registers[a] for a in sources])
                    else:
                        arguments.append((nodes[a], nodes[b]))
                        value = op.value(registers[a], registers[b])
                except (ArithmeticError, ValueError):
                    value = op.exceptional(*[registers[a] for a in sources])
                if value.__class__ is int:
                    value = float(value)
                target = targets[i]
                registers[target] = value
                nodes[target] = number
                operations.append(op)
                values.append(value)
                origin.append(i)
                if lasting[i]:
                    history[target].append(number)
                number += 1


class Outline(Recording):
    """A run without values: what depends on inputs is unknown, and may not decide anything."""

    def __init__(self, program: Program, limits: Limits = LIMITS) -> None:
        super().__init__(program, dict.fromkeys(program.inputs, UNKNOWN), 0, limits)

    def compute(self, at: int, op: Op, values: list[Any]) -> Any:
        return UNKNOWN if any(value is UNKNOWN for value in values) else super().compute(at, op, values)

    def truth(self, at: int, condition: Any) -> bool:
        return super().truth(at, self.known(at, condition))

    def plain(self, at: int, value: Any) -> Any:
        return super().plain(at, self.known(at, value))

    def known(self, at: int, value: Any) -> Any:
        if value is UNKNOWN:
            line, piece = self.program.position(at)[0], short(self.program.piece(at))
            message = f"the graph depends on values: line {line} needs the value of {piece}"
            self.refuse(
                at, message, "give the inputs values: --at " + ",".join(f"{name}=1.0" for name in self.program.inputs), NotSupported
            )
        return value


class Unknown:
    """A value that only a point gives."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN = Unknown()


def trace_without_values(program: Program, *, limits: Limits = LIMITS) -> Trace:
    """The graph of a program without a point; values are None where they depend on inputs. Raises NotSupported where values decide."""
    trace = Outline(program, limits).record()
    trace.graph = replace(trace.graph, values=[None if value is UNKNOWN else value for value in trace.graph.values])
    trace.at = {}
    return trace


def _labels(program: Program, nodes: Sequence[int], origin_of: Sequence[int]) -> dict[int, str]:
    """The names that the columns don't show: with versions where a name is bound more than once, and names of a branch's value."""
    labels = {}
    if program.branching:
        for name, register in program.registers.items():
            node = nodes[register]
            if program.operations[register] is JOIN and node >= 0 and program.names[origin_of[node]] is None:
                labels[node] = name
    return labels | {
        (register if register < 0 else nodes[register]): f"{name}@{version}"
        for name, registers in program.versions.items()
        for version, register in zip(count(1), registers)
    }


class Deciding(Floating):
    """A float64 run that keeps what it decides and nothing else."""

    def __init__(self, program: Program, at: Mapping[str, Any], seed: Seed, limits: Limits) -> None:
        registers = program.initial(at)
        self.log = Decisions()
        super().__init__(program, registers, [registers], seed, limits)

    def decide(self, at: int, condition: Any) -> bool:
        self.log.branches.append(self.truth(at, condition))
        return self.log.branches[-1]

    def put(self, target: int, value: Any) -> None:
        self.registers[target] = value

    def run(self) -> Decisions:
        """Runs, and answers what was decided."""
        program, registers = self.program, self.registers
        for i in computing(self):
            op, arguments = program.customs.get(i) or (program.operations[i], program.arguments[i])
            values = [registers[a] for a in arguments]
            if op.decide is not None:  # type: ignore[union-attr]
                self.log.pieces.append(op.piece_of(values))  # type: ignore[union-attr]
            target = self.targets[i]
            registers[target] = self.compute(i, op, values)  # type: ignore[arg-type]
            if op.draws:  # type: ignore[union-attr]
                self.log.pieces.append(registers[target])
        return self.log


def computing(machine: Machine) -> Iterator[int]:
    """The computing instructions of a run, in order of execution."""
    for start, end in machine.path():
        yield from range(start, end)


def decisions(program: Program, at: Mapping[str, Any], *, seed: Seed = 0, limits: Limits = LIMITS) -> Decisions:
    """Everything that the float64 run decides, found by a run of its own."""
    return Deciding(program, at, seed, limits).run()
