"""A program as instructions: what the parser makes and every run reads. It knows no values and runs nothing.

Instruction i writes register i. Its operation reads the registers in `arguments[i]`; a register below zero is a constant: -1 the
first literal of the program, -2 the second … Registers are kept in a list with the constants behind them, so that Python's own
indexing finds both.

A conditional expression `a if c else b` keeps its pieces in the order of the text and jumps between them:

    GOTO c;  a…;  STORE a, join;  c…;  BRANCH c, a, b;  b…;  join: JOIN b
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from gradcli.errors import Span, line_and_column
from gradcli.language.tokens import Chunk, offsets
from gradcli.operations import Op


class Control(Enum):
    """An instruction that moves the run or a value instead of computing."""

    GOTO = "goto"  # (target,)
    STORE = "store"  # (source, join): the join gets the value, and the run goes on behind it
    BRANCH = "branch"  # (condition, target if true, target if false)
    JOIN = "join"  # (source,)


GOTO, STORE, BRANCH, JOIN = Control

Instruction = Op | Control


class Program:
    """A parsed program. Columns have one entry per instruction; treat all of it as read-only.

    operations, arguments  what instruction i does, and the registers that it reads
    first, last            the tokens that its piece of the source begins and ends with
    names                  the name bound to its value, or None
    constants              the value of register -1, -2, …; `literals` their spelling
    inputs                 name of each free name -> its register, in order of appearance
    defaults               the values of inputs that the program itself gives (`x=2; x*x`)
    registers              register that each name has at the end; `versions` all of them for names bound more than once
    output                 the register of the last statement
    branching              whether it has jumps; `truths` whether it has truth values
    chunks                 (token, offset) at which each chunk of the text begins: places are found from there
    """

    __slots__ = (
        "arguments", "branching", "chunks", "constants", "defaults", "first", "inputs", "last", "literals", "names", "operations",
        "output", "registers", "text", "truths", "versions",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        self.text = text
        self.operations: list[Instruction] = []
        self.arguments: list[tuple[int, ...]] = []
        self.first = array("q")
        self.last = array("q")
        self.names: list[str | None] = []
        self.constants: list[float] = []
        self.literals: list[str] = []
        self.inputs: dict[str, int] = {}
        self.defaults: dict[str, float] = {}
        self.registers: dict[str, int] = {}
        self.versions: dict[str, list[int]] = {}
        self.output = 0
        self.branching = False
        self.truths = False
        self.chunks: list[Chunk] = []

    def __len__(self) -> int:
        return len(self.operations)

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Program) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def spans(self, instructions: Sequence[int]) -> list[Span]:
        """The places of some instructions in the text, found in one pass."""
        places = offsets(self.text, [token for i in instructions for token in (self.first[i], self.last[i])], self.chunks)
        return [self._trimmed(places[self.first[i]][0], places[self.last[i]][1]) for i in instructions]

    def _trimmed(self, start: int, end: int) -> Span:
        """A place without the method behind an input: its token is `x.exp(`."""
        return (start, self.text.index(".", start)) if self.text[end - 1 : end] == "(" else (start, end)

    def span(self, instruction: int) -> Span:
        """The place of an instruction in the text."""
        return self.spans([instruction])[0]

    def piece(self, instruction: int) -> str:
        """The piece of the source that an instruction computes."""
        start, end = self.span(instruction)
        return self.text[start:end]

    def position(self, instruction: int) -> tuple[int, int]:
        """Line and column of an instruction, from 1."""
        return line_and_column(self.text, self.span(instruction)[0])

    def register(self, name: str) -> int | None:
        """The register that `name`, or `name@version`, stands for at the end of the program."""
        base, at, version = name.partition("@")
        versions = self.versions.get(base) or ([self.registers[base]] if base in self.registers else [])
        if not at:
            return versions[-1] if versions else None
        if not version.isdecimal() or len(version) > 9:
            return None
        return versions[int(version) - 1] if 0 < int(version) <= len(versions) else None

    def assigned(self) -> Iterator[str]:
        """The names that the program itself binds."""
        return (name for name in self.registers if name not in self.inputs)

    def initial(self, values: Mapping[str, float]) -> list[object]:
        """Registers before a run: the inputs' values, nothing computed, the constants at the end."""
        registers: list[object] = [None] * len(self.operations)
        for name, register in self.inputs.items():
            registers[register] = values[name]
        return registers + self.constants[::-1]
