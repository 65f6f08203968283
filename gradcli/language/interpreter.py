"""The interpreter: runs a Program at a point. It knows no derivatives.

One float64 run decides (`run`): values choose the branches, and the graph of the run is recorded. The same program then runs over
other number systems (`evaluate`), which replay the run's decisions or, left free, make their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from gradcli.graphs import Graph
from gradcli.language.program import BRANCH, GOTO, JOIN, STORE, Program
from gradcli.operations import Algebra, Op
from gradcli.operations.floats import value_of

Registers = list[Any]


@dataclass(slots=True)
class Trace:
    """One run: the program, its point, the graph, the node of every register, and the branches taken (instruction, truth)."""

    program: Program
    at: Mapping[str, float]
    graph: Graph
    nodes: Sequence[int]
    branches: list[tuple[int, bool]] = field(default_factory=list)

    def node_of(self, register: int) -> int:
        """The node that holds a register's value."""
        return register if register < 0 else self.nodes[register]


@dataclass(slots=True)
class Decisions:
    """What a run decided: the truth of each branch and the piece of each operation that has pieces, in order of execution."""

    branches: list[bool] = field(default_factory=list)
    pieces: list[Any] = field(default_factory=list)


def run(program: Program, at: Mapping[str, float]) -> Trace:
    """The float64 run of a program at a point that gives every input a value."""
    return _run_branching(program, at) if program.branching else _run_straight(program, at)


def _run_straight(program: Program, at: Mapping[str, float]) -> Trace:
    """A program without branches is its own graph: only values are computed."""
    values = program.initial(at)
    (_fill_with_truths if program.truths else _fill)(program, values)
    nodes = range(len(program))
    graph = Graph(program, program.operations, program.arguments, values, nodes, _labels(program, nodes, nodes))  # type: ignore[arg-type]
    return Trace(program, at, graph, nodes)


def _fill(program: Program, values: Registers) -> None:
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


def _fill_with_truths(program: Program, values: Registers) -> None:
    """The same for a program that may compute with truth values."""
    for i, (op, registers) in enumerate(zip(program.operations, program.arguments, strict=True)):
        if registers:
            values[i] = _value(op, [values[a] for a in registers])  # type: ignore[arg-type]


def _value(op: Op, arguments: Sequence[Any]) -> float | bool:
    """The value of a row on floats and truth values: Python's sum of two truth values is an int, which would grow without bound."""
    value = value_of(op, *arguments)
    return float(value) if type(value) is int else value


def _run_branching(program: Program, at: Mapping[str, float]) -> Trace:
    """A program with branches: the instructions that the values choose become nodes."""
    registers = program.initial(at)
    nodes = [-1] * len(program)
    operations: list[Op] = []
    arguments: list[tuple[int, ...]] = []
    origin: list[int] = []
    trace = Trace(program, at, Graph(program, operations, arguments, [], origin, {}), nodes)

    def node(register: int) -> int:
        return register if register < 0 else nodes[register]

    def decide(instruction: int, condition: Any) -> bool:
        trace.branches.append((instruction, bool(condition)))
        return bool(condition)

    def record(instruction: int) -> None:
        nodes[instruction] = len(operations)
        operations.append(program.operations[instruction])  # type: ignore[arg-type]
        arguments.append(tuple(node(a) for a in program.arguments[instruction]) if operations[-1].params else ())
        origin.append(instruction)

    for instruction in program.inputs.values():
        record(instruction)
    for instruction in path(program, registers, decide, nodes):
        op = program.operations[instruction]
        if op.name != "input":
            registers[instruction] = _value(op, [registers[a] for a in program.arguments[instruction]])  # type: ignore[arg-type]
            record(instruction)
    values = [registers[i] for i in origin] + program.constants[::-1]
    graph = Graph(program, operations, arguments, values, origin, _labels(program, nodes, origin))
    trace.graph = graph
    return trace


def path(program: Program, registers: Registers, decide: Callable[[int, Any], bool], nodes: list[int] | None = None) -> Iterator[int]:
    """The instructions that compute, in order of execution; jumps are carried out on the way. `nodes` moves like `registers`."""
    if not program.branching:
        yield from range(len(program))
        return
    at = 0
    while at < len(program):
        operation, arguments = program.operations[at], program.arguments[at]
        if operation is GOTO:
            at = arguments[0]
        elif operation is BRANCH:
            at = arguments[1] if decide(at, registers[arguments[0]]) else arguments[2]
        elif operation is STORE or operation is JOIN:
            source, target = arguments[0], arguments[1] if operation is STORE else at
            registers[target] = registers[source]
            if nodes is not None:
                nodes[target] = source if source < 0 else nodes[source]
            at = target + 1
        else:
            yield at
            at += 1


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


def decisions(program: Program, at: Mapping[str, float]) -> Decisions:
    """Everything that the float64 run decides, found by a run of its own."""
    log = Decisions()
    registers = program.initial(at)

    def decide(instruction: int, condition: Any) -> bool:
        log.branches.append(bool(condition))
        return bool(condition)

    for instruction in path(program, registers, decide):
        op: Op = program.operations[instruction]  # type: ignore[assignment]
        if op.name != "input":
            values = [registers[a] for a in program.arguments[instruction]]
            if op.decide is not None:
                log.pieces.append(op.piece_of(values))
            registers[instruction] = _value(op, values)
    return log


def evaluate(program: Program, inputs: Mapping[str, Any], F: Algebra, log: Decisions, *, free: bool = False) -> tuple[Registers, Decisions]:
    """The registers of a run over any number system, and its decisions.

    The run takes the decisions of `log`; a free one makes its own, except that detached values stay what they were. `inputs` are
    numbers of the system; constants are given to `F.number` as floats.
    """
    registers: Registers = [None] * len(program) + [F.number(value) for value in reversed(program.constants)]
    for name, register in program.inputs.items():
        registers[register] = inputs[name]
    made = Decisions()
    branches, pieces = iter(log.branches), iter(log.pieces)

    def decide(instruction: int, condition: Any) -> bool:
        made.branches.append(bool(condition) if free else next(branches))
        return made.branches[-1]

    def piece(op: Op, values: list[Any]) -> Any:
        logged = next(pieces, None)
        made.pieces.append(op.piece_of(values) if free and not op.detaches else logged)
        return made.pieces[-1]

    for instruction in path(program, registers, decide):
        op: Op = program.operations[instruction]  # type: ignore[assignment]
        if op.name != "input":
            values = [registers[a] for a in program.arguments[instruction]]
            registers[instruction] = getattr(F, op.name)(*values) if op.decide is None else F.on_piece(op, piece(op, values), values)
    return registers, made
