"""A program as instructions: what the parser makes and every run reads. It knows no values and runs nothing.

Instruction i writes register i. Its operation reads the registers in `arguments[i]`; a register below zero is a constant: -1 the
first literal of the program, -2 the second … Registers are kept in a list with the constants behind them, so that Python's own
indexing finds both.

A conditional expression `a if c else b` keeps its pieces in the order of the text and jumps between them:

    GOTO c;  a…;  STORE a, join;  c…;  BRANCH c, a, b;  b…;  join: JOIN b

In a program with blocks a name has one register, its slot: that of the first instruction that binds it. Other instructions that bind
the name write there too (`targets`). Blocks are jumps, functions pieces of the same list:

    while c: …      LOOP;  top: c…;  UNLESS c, end;  …;  AGAIN top;  end: LEAVE
    for i in …      START a, b, s;  GOTO test;  body: …;  test: FOR state, body;  LEAVE
    def f(x): …     GOTO end;  PARAM;  …;  RETURN y;  end:
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from gradcli.errors import Span, line_and_column
from gradcli.language.tokens import Chunk, offsets
from gradcli.operations import Op


class Control(Enum):
    """An instruction that moves the run or a value instead of computing.

    `kinds` says what its arguments are: r a register, t a target of a jump, n a number; the last kind stands for all that follow.
    """

    GOTO = "goto", "t"
    STORE = "store", "r"  # (source, join): the join gets the value, and the run goes on behind it
    BRANCH = "branch", "rt"  # (condition, target if true, target if false)
    JOIN = "join", "r"  # (source,)
    BIND = "bind", "r"  # (source,): the target gets the value of another register
    CHECK = "check", "r"  # (slot,): the name must have a value
    UNLESS = "unless", "rt"  # (condition, target if false)
    LOOP = "loop", "n"  # a `while` begins
    AGAIN = "again", "t"  # (target,): its next round
    LEAVE = "leave", "n"  # a loop has ended
    START = "start", "r"  # (start, stop, step): a `for` begins; its own register is the state of the loop
    ROWS = "rows", "r"  # (array,): the same, over the places along the first axis
    FOR = "for", "rt"  # (state, body): the next round, if there is one
    CALL = "call", "nr"  # (function, *arguments)
    PARAM = "param", "n"  # the register of a parameter
    RETURN = "return", "r"  # (*results,)
    FALL = "fall", "n"  # the end of a function without `return`
    PART = "part", "rn"  # (results, k): one of the results of a function
    EXPECT = "expect", "rn"  # (source, n): it has n results, or n parts along its first axis
    MEASURE = "measure", "rn"  # (array, index into MEASURES, axis): a plain number

    @property
    def kinds(self) -> str:
        """What the arguments are."""
        kinds: str = self.value[1]
        return kinds


GOTO, STORE, BRANCH, JOIN, BIND, CHECK, UNLESS, LOOP, AGAIN, LEAVE, START, ROWS, FOR, CALL, PARAM, RETURN, FALL, PART, EXPECT, MEASURE = (
    Control
)

MEASURES = ("len", "ndim", "size", "shape")
"""What MEASURE asks an array."""

Instruction = Op | Control


@dataclass(slots=True)
class Function:
    """A function of a program: the instructions from `start` to before `end`.

    params, defaults  names of the parameters; the registers of the defaults of the last ones
    entries           the registers of the parameters
    cleared           slots of names that have no value at the beginning and may be read before they get one
    results           how many values it returns, 0 if it returns none
    free              what it reads besides its parameters: (name, token)
    calls             the functions that it calls
    gradient          the function that computes its gradient
    """

    name: str
    token: int
    start: int = 0
    end: int = 0
    params: tuple[str, ...] = ()
    defaults: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()
    cleared: tuple[int, ...] = ()
    results: int = 0
    free: dict[str, int] = field(default_factory=dict)
    calls: set[int] = field(default_factory=set)
    gradient: int | None = None


class Program:
    """A parsed program. Columns have one entry per instruction; treat all of it as read-only.

    operations, arguments  what instruction i does, and the registers that it reads
    first, last            the tokens that its piece of the source begins and ends with
    names                  the name bound to its value, or None
    constants              the value of register -1, -2, …; `literals` their spelling
    inputs                 name of each free name -> its register, in order of appearance
    defaults               the values of inputs that the program itself gives (`x=2; x*x`)
    registers              register that each name has at the end; `versions` all of them for names bound more than once
    output, output_name    the register of the last statement, and the name that it binds
    branching              whether instructions move the run or values; `truths` whether it has truth values
    arrays                 whether it has operations on whole arrays
    slots                  the name of every slot, in a program with blocks
    targets                the register that each instruction writes, in a program with blocks; else empty: its own
    lasting                1 for instructions that bind a name outside functions, in a program with blocks
    functions              the functions that it defines; `customs` (operation, arguments) of the calls of those with a gradient
    stops                  the next instruction that moves the run, from each; the end, at the end
    chunks                 (token, offset) at which each chunk of the text begins: places are found from there
    """

    __slots__ = (
        "arguments", "arrays", "branching", "chunks", "constants", "customs", "defaults", "first", "functions", "inputs", "last", "lasting",
        "literals", "names", "operations", "output", "output_name", "registers", "slots", "stops", "targets", "text", "truths", "versions",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        self.text = text
        self.operations: list[Instruction] = []
        self.arguments: list[tuple[int, ...]] = []
        self.first = array("q")
        self.last = array("q")
        self.names: list[str | None] = []
        self.constants: list[Any] = []
        self.literals: list[str] = []
        self.inputs: dict[str, int] = {}
        self.defaults: dict[str, Any] = {}
        self.registers: dict[str, int] = {}
        self.versions: dict[str, list[int]] = {}
        self.output = 0
        self.output_name: str | None = None
        self.arrays = False
        self.slots: dict[int, str] = {}
        self.targets = array("q")
        self.lasting = bytearray()
        self.stops = array("q")
        self.functions: list[Function] = []
        self.customs: dict[int, tuple[Op, tuple[int, ...]]] = {}
        self.branching = False
        self.truths = False
        self.chunks: list[Chunk] = []

    def __len__(self) -> int:
        return len(self.operations)

    def __reduce__(self) -> tuple[Any, ...]:
        from gradcli.language.parser import parse

        return parse, (self.text,)

    def __copy__(self) -> Program:
        other = Program.__new__(Program)
        for name in Program.__slots__:
            setattr(other, name, getattr(self, name))
        return other

    def __eq__(self, other: object) -> bool:
        return self.text == other.text if isinstance(other, Program) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.text)

    def spans(self, instructions: Sequence[int]) -> list[Span]:
        """The places of some instructions in the text, found in one pass."""
        places = offsets(self.text, [token for i in instructions for token in (self.first[i], self.last[i])], self.chunks)
        return [self._trimmed(i, places[self.first[i]][0], places[self.last[i]][1]) for i in instructions]

    def _trimmed(self, i: int, start: int, end: int) -> Span:
        """A place without the method or attribute behind an input: its token is `x.exp(` or `x.T`."""
        if self.operations[i].name == "input":
            dot = self.text.find(".", start, end)
        else:
            dot = self.text.rfind(".", start, end) if self.text[end - 1 : end] == "(" else -1
        return (start, end if dot < 0 else dot)

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

    def blocks(self) -> bool:
        """Whether it has statements that contain others."""
        return bool(self.targets)

    def lasts(self, slot: int) -> bool:
        """Whether a slot is bound outside functions."""
        return any(lasts and target == slot for lasts, target in zip(self.lasting, self.targets, strict=True))

    def initial(self, values: Mapping[str, Any]) -> list[Any]:
        """Registers before a run: the inputs' values, nothing computed, the constants at the end."""
        registers: list[Any] = [None] * len(self.operations)
        for name, register in self.inputs.items():
            registers[register] = values[name]
        return registers + self.constants[::-1]
