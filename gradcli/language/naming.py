"""What the nodes of a run are called: names with versions, the loop or call that they belong to, and the source behind them."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, overload

from gradcli.errors import NotSupported, Span, UnknownName
from gradcli.language.machine import UNSET, Scope
from gradcli.language.points import node_register, normal
from gradcli.language.program import CALL, Program


class Spot(NamedTuple):
    """What a name means: a register at the end of the run, or the k-th value that its slot was given."""

    register: int
    version: int | None = None


def spot(program: Program, name: str, what: str) -> Spot:
    """The spot of a name that an option gives: an input, an assigned name, or one of its versions."""
    spelled = normal(name.strip())
    if program.blocks():
        base, at, version = spelled.partition("@")
        if at and base in program.registers and version.isdecimal() and len(version) < 10 and int(version):
            return Spot(program.registers[base], int(version))
        if what != "--of" and spelled in program.inputs and spelled not in program.defaults:
            rebound = program.lasts(program.inputs[spelled])
            return Spot(program.inputs[spelled], 1 if rebound else None)
    return Spot(node_register(program, spelled, what))


def output_spots(program: Program, of: Iterable[str] | None = None) -> dict[str | None, Spot]:
    """The spots of the outputs by name: of the last statement, whose name may be None, unless `of` names others."""
    return {normal(name): spot(program, name, "--of") for name in of} if of else {program.output_name: Spot(program.output)}


def at_spot(program: Program, place: Spot, column: Sequence[Any], history: Mapping[int, Sequence[Any]]) -> Any:
    """What a run's column of registers holds at a spot. Raises UnknownName for a version that the run did not make."""
    register, version = place
    if version is None:
        if column[register] is UNSET:
            raise without_value(program, register)
        return column[register]
    found = history.get(register, ())
    if version > len(found):
        name = program.slots[register]
        count = f"{len(found)} version{'s' * (len(found) != 1)}"
        raise UnknownName(f"'{name}@{version}' is not there: this run made {count} of {name}", hint=f"the last one is {name}@{len(found)}")
    return found[version - 1]


def without_value(program: Program, register: int) -> NotSupported:
    """The error for a name, or a last statement, that the run did not reach."""
    name = program.slots.get(register) or ""
    what = f"'{name}' has no value" if name else "the last statement was not run: there is no value"
    hint = f"give {name} a value before the branch or loop: {name} = 0" if name else "end the program with a statement that always runs"
    return NotSupported(f"{what} at the end of this run", program.text, program.span(register), hint)


class Labels(Mapping[int, str]):
    """Labels of nodes from what names were bound to, in a program with blocks; put together when the first one is asked for."""

    def __init__(self, program: Program, history: Mapping[int, Sequence[int]], origin: Sequence[int]) -> None:
        self.program = program
        self.history = history
        self.origin = origin
        self._labels: dict[int, str] | None = None

    @property
    def labels(self) -> dict[int, str]:
        """All of them."""
        if self._labels is None:
            self._labels = dict(self._found())
        return self._labels

    def _found(self) -> Iterator[tuple[int, str]]:
        names = self.program.names
        for slot, nodes in self.history.items():
            name = self.program.slots[slot]
            if len(nodes) == 1 and name and nodes[0] >= 0 and names[self.origin[nodes[0]]] is None:
                yield nodes[0], name
        for slot, nodes in self.history.items():
            name = self.program.slots[slot]
            if len(nodes) > 1 and name:
                for k, node in enumerate(nodes, 1):
                    yield node, f"{name}@{k}"

    def __getitem__(self, node: int) -> str:
        return self.labels[node]

    def __iter__(self) -> Iterator[int]:
        return iter(self.labels)

    def __len__(self) -> int:
        return len(self.labels)


class Scopes:
    """The loop or call that each node of a run belongs to; kept where it changes."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.starts = array("q")
        self.found: list[Scope | None] = []
        self.lines: dict[int, int] = {}

    def enter(self, node: int, scope: Scope | None) -> None:
        """From this node on the run is in `scope`."""
        self.starts.append(node)
        self.found.append(scope)

    def of(self, node: int) -> str:
        """Where a node was computed, innermost first: "line 3, round 7; f, called at line 9"; empty at the top."""
        place = bisect_right(self.starts, node) - 1
        scope = self.found[place] if node >= 0 and place >= 0 else None
        parts: list[str] = []
        while scope is not None and len(parts) < DEEPEST:
            scope, at, rounds = scope
            line = self.line_of(at)
            if self.program.operations[at] is CALL:
                parts.append(f"{self.program.functions[self.program.arguments[at][0]].name}, called at line {line}")
            else:
                parts.append(f"line {line}, round {rounds}")
        return "; ".join([*parts, "…"] if scope is not None else parts)

    def line_of(self, instruction: int) -> int:
        """The line of a loop or a call; found once, because that takes a pass over the text."""
        if instruction not in self.lines:
            self.lines[instruction] = self.program.position(instruction)[0]
        return self.lines[instruction]


DEEPEST = 8
"""How many loops and calls around a node its scope names."""


class Spellings(Sequence[str]):
    """How constants are spelled: those of the program as in its text, those of loops as numbers."""

    def __init__(self, literals: Sequence[str], constants: Sequence[Any]) -> None:
        self.literals = literals
        self.constants = constants

    def __len__(self) -> int:
        return len(self.constants)

    @overload
    def __getitem__(self, i: int) -> str: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[str]: ...
    def __getitem__(self, i: Any) -> Any:
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        if i < len(self.literals):
            return self.literals[i]
        value = self.constants[i]
        return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else repr(value)


@dataclass(slots=True)
class RunSource:
    """The source of a graph whose run made constants of its own."""

    program: Program
    literals: Sequence[str]

    @property
    def names(self) -> list[str | None]:
        """The names of instructions."""
        return self.program.names

    @property
    def text(self) -> str:
        """The text of the program."""
        return self.program.text

    def spans(self, instructions: Sequence[int]) -> list[Span]:
        """Places in the text."""
        return self.program.spans(instructions)

    def piece(self, instruction: int) -> str:
        """The piece of the text that an instruction computes."""
        return self.program.piece(instruction)

    def position(self, instruction: int) -> tuple[int, int]:
        """Line and column of an instruction."""
        return self.program.position(instruction)
