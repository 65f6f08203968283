"""A program in the making: the stacks of the parser, and the moves that all of its parts share. It knows no grammar of its own.

Complete operands wait on `operands` (their registers) and `starts` (the token that each begins with), operators that still miss an
operand on `pending`. Inside a draft jumps are not instructions yet: they wait on `jumps`, and `conditionals.place_jumps` puts them in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from gradcli.errors import Span, SyntaxProblem, line_and_column
from gradcli.language.grammar import BOTTOM, PLUS, Pending
from gradcli.language.program import JOIN, Instruction, Program
from gradcli.language.tokens import BLANK, NAME, end_of_code, offsets
from gradcli.operations import Op

SEVERAL = re.compile(rf"{NAME}(?:{BLANK},{BLANK}{NAME})+{BLANK}=(?!=)")
"""Names that are assigned together."""


class Bracket:
    """An open bracket.

    kind      "" around an expression, "tuple" where that may be the values of a setting, "items" around such values, "list", "call",
              "user" (of a function of the program), "def", "range", "len", "index", "shape"
    mark      of a list: how many instructions and constants there were when it began
    closer    the character that closes it
    base      how many operands wait outside
    start     the instruction that its current argument begins with
    keyword   the name of the argument that is being read, if it has one; `keywords` the registers of those read before
    groups    lists given as arguments: (number of the first operand, how many, first token, last token)
    spec      what the parts of an index are, `pieces` their registers, `slice` the registers of the slice that is being read
    """

    __slots__ = (
        "base", "closer", "groups", "keyword", "keywords", "kind", "mark", "name", "op", "pieces", "slice", "spec", "start", "token",
    )  # fmt: skip

    def __init__(self, op: Op | None, name: str, token: int, base: int, start: int, kind: str = "") -> None:
        self.op = op
        self.name = name
        self.token = token
        self.base = base
        self.start = start
        self.kind = kind
        self.mark = (0, 0)
        self.closer = "]" if kind in ("list", "items", "index", "shape") else ")"
        self.keyword: str | None = None
        self.keywords: dict[str, int] = {}
        self.groups: list[tuple[int, int, int, int]] = []
        self.spec: list[tuple[Any, ...]] = []
        self.pieces: list[int] = []
        self.slice: list[int | None] | None = None


@dataclass(slots=True)
class Target:
    """What a statement assigns beside one name: several names, `open` while more follow, or the part of a name at an index."""

    names: list[str]
    open: bool = False
    pieces: tuple[int, ...] = ()
    token: int = 0


class Draft:
    """The state of one parse.

    known   the register of every name, and of every spelling of a constant (these also in `constants`)
    target  what the statement assigns, `begin` its first instruction, `part` that of its expression where something stands before it
    augmented  (operation, register, first token) of `a += …`
    said       whether the program has a value
    results    the registers before commas: of `return a, b`, or of `p, q = a, b`
    blocks     the statements that contain others; None in a program that has none
    token   the operand of the current pair; `end` the last token of the last complete operand
    glue    what a following operand would multiply: a number's spelling, ")" behind a bracket or a superscript, or nothing
    numbers names that were bound to plain numbers
    """

    def __init__(self, text: str) -> None:
        self.program = Program(text)
        self.operations: list[Instruction] = self.program.operations
        self.known: dict[str, int] = self.program.registers
        self.constants: list[str] = []
        self.operands: list[int] = []
        self.starts: list[int] = []
        self.pending: list[Pending] = [BOTTOM]
        self.opens: list[Bracket] = []
        self.jumps: list[tuple[int, int, int]] = []
        self.target: str | Target | None = None
        self.augmented: tuple[Op, int, int] | None = None
        self.results: list[int] = []
        self.blocks: Any = None
        self.begin = 0
        self.part = 0
        self.said = False
        self.token = -2
        self.end = 0
        self.glue = ""
        self.numbers: list[str] = []

    # --- code -----------------------------------------------------------------------------------------------------------------

    def emit(self, operation: Instruction, arguments: tuple[int, ...], first: int, last: int, name: str | None = None) -> int:
        """Appends an instruction, whose source runs from token `first` to token `last`; its register."""
        program = self.program
        self.operations.append(operation)
        program.arguments.append(arguments)
        program.first.append(first)
        program.last.append(last)
        program.names.append(name)
        return len(self.operations) - 1

    def constant(self, value: Any, literal: str) -> int:
        """The register of a new constant."""
        self.program.constants.append(value)
        self.program.literals.append(literal)
        return -len(self.program.constants)

    def shared_constant(self, value: Any, spelling: str) -> int:
        """The register of a constant; equal spellings share one."""
        if spelling not in self.known:
            self.known[spelling] = self.constant(value, spelling)
            self.constants.append(spelling)
        return self.known[spelling]

    def reduce(self, power: int) -> None:
        """Emits every pending operation that binds at least as strongly as `power`."""
        while self.pending[-1][0] >= power:
            self.complete(self.pending.pop())

    def complete(self, top: Pending) -> None:
        """Emits one operation whose operands are complete."""
        operation, count = top[1], top[2]
        if operation is JOIN:
            self.join(top)
        elif count == 1:
            self.starts[-1] = top[3]
            if operation is not PLUS:
                self.operands[-1] = self.emit(operation, (self.operands[-1],), top[3], self.end)
        else:
            right = self.operands.pop()
            self.starts.pop()
            self.operands[-1] = self.emit(operation, (self.operands[-1], right), self.starts[-1], self.end)

    def join(self, top: Pending) -> None:
        """The end of a conditional expression: the value of its else; the other value is stored into the same register."""
        _, _, _, _, store, first = top
        self.starts[-1] = first
        register = self.operands[-1] = self.emit(JOIN, (self.operands[-1],), first, self.end)
        self.program.arguments[store] = (self.program.arguments[store][0], register)

    def blank(self) -> bool:
        """Whether the statement has not begun."""
        return len(self.pending) == 1 and not self.operands and self.target is None and not (self.blocks and self.blocks.begun)

    def means(self, name: str) -> bool:
        """Whether a name means something already."""
        return name in self.known or (self.blocks is not None and self.blocks.names.has(name))

    def several(self, operand: str) -> bool:
        """Whether a name before a comma is one of several that are assigned together."""
        if len(self.pending) > 1 or not operand or operand[0] in ".0123456789'\"":
            return False
        if isinstance(self.target, Target):
            return self.target.open
        first = self.target is None and len(self.operands) <= 1 and not (self.blocks is not None and self.blocks.begun)
        return first and SEVERAL.match(self.program.text, self.place(self.token)[0]) is not None

    def undo(self) -> tuple[int, ...]:
        """Takes the last instruction back; its arguments."""
        program = self.program
        self.operations.pop()
        program.first.pop()
        program.last.pop()
        program.names.pop()
        return program.arguments.pop()

    def value_of(self, register: int) -> Any:
        """The value of a constant."""
        return self.program.constants[-register - 1]

    # --- errors ---------------------------------------------------------------------------------------------------------------

    def behind(self, token: int) -> str:
        """The character that follows a token."""
        return self.program.text[self.place(token)[1] :][:100].lstrip(" \t")[:1]

    def line(self, token: int) -> int:
        """The line of a token, from 1."""
        return line_and_column(self.program.text, self.place(token)[0])[0]

    def place(self, token: int) -> Span:
        """Where a token stands in the text; behind the last one, where the code ends."""
        text = self.program.text
        try:
            return offsets(text, [token], self.program.chunks)[token]
        except StopIteration:
            end = end_of_code(text)
            return end, end

    def source(self, first: int, last: int) -> str:
        """The text from one token to another."""
        return self.program.text[self.place(first)[0] : self.place(last)[1]]

    def fail(
        self, message: str, hint: str | None = None, *, start: int | None = None, end: int | None = None, kind: type[Any] = SyntaxProblem
    ) -> NoReturn:
        """Raises an error with the place of some tokens."""
        first = self.place(self.token if start is None else start)
        last = first if end is None else self.place(end)
        raise kind(message, self.program.text, (first[0], last[1]), hint)
