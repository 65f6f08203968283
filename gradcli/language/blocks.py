"""Statements that contain others: `if`, `while`, `for`, `with no_grad():`, and the depth of lines."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NoReturn

from gradcli.errors import NotSupported
from gradcli.language.conditionals import require_else
from gradcli.language.draft import Draft
from gradcli.language.functions import Functions
from gradcli.language.grammar import END
from gradcli.language.operands import normal, require_name
from gradcli.language.program import AGAIN, BIND, FOR, GOTO, LEAVE, LOOP, PARAM, ROWS, START, UNLESS
from gradcli.language.scopes import Names
from gradcli.language.subscripts import index
from gradcli.language.tokens import Pair

DEPTH = re.compile(r"[ \t\f]*")
WITH = re.compile(r"with\s+(?:\w+\.)?no_grad\s*\(\s*\)\s*:")
GRADIENT = re.compile(r"@\s*(?:gradcli\.)?gradient\s*\(\s*([^\W\d]\w*)\s*\)\s*(#[^\n]*)?$", re.MULTILINE)
DEFINED = re.compile(r"^[ \t]*def[ \t]+([^\W\d]\w*)", re.MULTILINE)
REST = re.compile(r"[ \t\r\f]*(#[^\n]*)?([\n;]|$)")
FORMS = {
    "if": "if x > 0:", "elif": "elif x > 0:", "else": "else:", "while": "while x > 0:", "for": "for i in range(n):", "def": "def f(x):",
}  # fmt: skip

MEANT = "a block is written with its lines indented alike, four spaces each"


class NeedsBlocks(Exception):
    """A program met its first statement that contains others: it is parsed again, with slots."""


@dataclass
class Block:
    """An open block.

    kind, token  its word, and where it stands
    outer        the depth of the line that it begins with, as text; `depth` that of its lines, None until the first one
    inline       its statements stand behind the colon
    top          the instruction that the next round begins with
    exit         the jump that leaves it when the condition is false: it waits for its target
    breaks, nexts  jumps to its end, and to the next round of a `for`; they wait too
    names        what all branches of an `if` so far surely assign, None before the first has ended
    dead         its end is not reached: it returns, breaks or continues
    state, slot  the state of a `for`, and the register that the next round gives a number
    """

    kind: str
    token: int
    outer: str
    depth: str | None = None
    inline: bool = False
    top: int = -1
    exit: int | None = None
    breaks: list[int] = field(default_factory=list)
    nexts: list[int] = field(default_factory=list)
    names: set[str] | None = None
    dead: bool = False
    state: int = -1
    slot: int = -1


@dataclass
class Header:
    """The first line of a block while it is read; `stage` says what must come next, "" an expression."""

    kind: str
    token: int
    block: Block
    stage: str = ""
    variable: str = ""
    ranges: tuple[int, ...] | None = None


class Blocks:
    """The blocks of a parse.

    open     the blocks around the current line, outermost first; `names` what names mean there, `base` the depth outside all
    header   the header that is being read; `waiting` that the lines of a new block must follow
    chain    an `if` whose branch has just ended and goes on with `elif` or `else`
    returning  the token of the `return` that is being read
    """

    def __init__(self, text: str) -> None:
        self.names = Names()
        self.functions = Functions(frozenset(DEFINED.findall(text)))
        self.open: list[Block] = []
        self.base: str | None = None
        self.header: Header | None = None
        self.waiting = False
        self.chain: Block | None = None
        self.returning: int | None = None

    @property
    def begun(self) -> bool:
        """Whether a statement has begun of which no operand is known."""
        return self.header is not None or self.returning is not None

    @property
    def depth(self) -> str:
        """The depth of the current line."""
        return (self.open[-1].depth if self.open else self.base) or ""

    # --- lines ----------------------------------------------------------------------------------------------------------------

    def line(self, draft: Draft, start: int, pairs: list[Pair]) -> int:
        """The beginning of a line: blocks that it does not belong to end. How many of its pairs are done with."""
        text = draft.program.text
        depth: str = DEPTH.match(text, start)[0]  # type: ignore[index]
        behind = start + len(depth)
        if text[behind : behind + 1] in ("", "\n", "\r", "#", ";"):
            return 0
        word = pairs[0][0]
        self.settle(draft, depth, word)
        draft.begin = len(draft.operations)
        if text[behind] == "@":
            self.functions.decorator(draft, GRADIENT.match(text, behind), draft.token + 3)
            return len(pairs)
        if self.functions.waiting is not None and word != "def":
            draft.fail("'@gradient(…)' stands above a function", "write def … in the next line", start=draft.token + 2)
        return self.quiet(draft, pairs) if word == "with" and WITH.match(text, behind) else 0

    def settle(self, draft: Draft, depth: str, word: str) -> None:
        """Finds the block that a line of this depth belongs to."""
        if self.waiting:
            block = self.open[-1]
            if not depth.startswith(block.outer) or len(depth) <= len(block.outer):
                self.empty(draft, block)
            block.depth, self.waiting = depth, False
            return
        self.base = depth if self.base is None else self.base
        while self.open and (self.open[-1].inline or depth != self.open[-1].depth):
            block = self.open[-1]
            if not block.inline and not (block.depth or "").startswith(depth):
                self.crooked(draft, depth)
            self.close(draft, word if depth == block.outer else "")
        if not self.open and depth != self.base:
            self.crooked(draft, depth)

    def crooked(self, draft: Draft, depth: str) -> NoReturn:
        """Refuses a line at a depth that no block has."""
        deeper = depth.startswith(self.depth) and len(depth) > len(self.depth)
        what = "this line is deeper, and no block begins before it" if deeper else "no open block has lines at this depth"
        if not deeper and "\t" in depth + self.depth and " " in depth + self.depth:
            what = "tabs and spaces are mixed: the depth of this line is unclear"
        draft.fail(what, MEANT, start=draft.token + 2)

    def empty(self, draft: Draft, block: Block) -> NoReturn:
        """Refuses a header without lines below it."""
        draft.fail(f"the block of this '{block.kind}' is empty", "indent its lines by four spaces, or write pass", start=block.token)

    def end(self, draft: Draft) -> None:
        """The end of the text."""
        if self.waiting:
            self.empty(draft, self.open[-1])
        while self.open:
            self.close(draft, "")

    # --- headers --------------------------------------------------------------------------------------------------------------

    def begin(self, draft: Draft, word: str) -> None:
        """The word that begins a block."""
        if self.open and self.open[-1].inline:
            draft.fail(f"'{word}' can't stand in the line of another block", "write it in a line of its own, indented")
        block = Block(word, draft.token, self.depth)
        if word in ("elif", "else"):
            if self.chain is None:
                draft.fail(
                    f"'{word}' without 'if'", f"write it below an if, at the same depth: {'elif x > 0:' if word == 'elif' else 'else:'}"
                )
            block, self.chain = self.chain, None
            block.dead = False
        elif word == "while":
            draft.emit(LOOP, (0,), draft.token, draft.token)
            block.top = draft.begin = len(draft.operations)
        elif word == "with":
            draft.fail("'with' is followed by no_grad():", "write with no_grad(): and its lines below it", kind=NotSupported)
        elif word == "def" and self.open:
            draft.fail("a function is defined inside a block", "move def … to the top level, without indentation", kind=NotSupported)
        self.header = Header(word, draft.token, block, "name" if word in ("for", "def") else "")

    def operand(self, draft: Draft, operand: str, operator: str) -> bool:
        """An operand of a header that is no part of an expression; whether it was one."""
        header = self.header
        if header is None:
            return False
        if not header.stage:
            parameter = bool(draft.opens) and draft.opens[-1].kind == "def" and draft.opens[-1].keyword is None
            if parameter:
                self.functions.parameter(draft, operand, operator)
            return parameter
        if header.stage == "name" and header.kind == "for":
            plain = normal(operand)
            require_name(draft, plain, operand)
            header.variable, header.stage = plain, "in"
        elif header.stage == "in":
            if operand != "in":
                draft.fail("'in' is missing behind the name of this loop", f"write for {header.variable} in range(n):")
            header.stage = ""
        elif header.stage == "name":
            self.functions.define(draft, operand)
            header.stage = ""
        return True

    def colon(self, draft: Draft, have: bool) -> None:
        """The colon behind a header: its block begins."""
        header = self.header
        assert header is not None
        draft.reduce(END)
        require_else(draft)
        if not have and header.kind != "else":
            self.incomplete(draft, header)
        condition = draft.operands.pop() if have else 0
        if have:
            draft.starts.pop()
        if header.kind == "else" and have:
            draft.fail("'else' has no condition", "write else: or elif x > 0:", start=header.token)
        block = header.block
        self.header = None
        if header.kind in ("if", "elif", "while"):
            self.test(draft, header, block, condition)
        elif header.kind == "for":
            self.rounds(draft, header, block, condition)
        elif header.kind == "def":
            self.functions.begin(draft)
        if header.kind != "def":
            self.names.enter()
        if header.kind == "for":
            self.variable(draft, header, block, condition)
        self.open.append(block)
        self.body(draft, block)

    def body(self, draft: Draft, block: Block) -> None:
        """What follows the colon: the rest of the line, or lines of their own."""
        rest = REST.match(draft.program.text, draft.place(draft.token + 1)[1])
        block.inline, block.depth = rest is None, None
        self.waiting = not block.inline
        draft.begin = len(draft.operations)
        draft.glue = ""

    def incomplete(self, draft: Draft, header: Header) -> NoReturn:
        """Refuses a header that lacks something."""
        what = "its condition" if header.kind in ("if", "elif", "while") else "something"
        draft.fail(f"this '{header.kind}' is not complete: {what} is missing", f"write {FORMS[header.kind]}", start=header.token)

    def missing_colon(self, draft: Draft, have: bool) -> NoReturn:
        """Refuses a header that ends without its colon."""
        header = self.header
        assert header is not None
        if header.stage or (not have and header.kind != "else"):
            self.incomplete(draft, header)
        draft.fail(f"':' is missing behind this '{header.kind}'", f"write {FORMS[header.kind]}", start=header.token)

    def test(self, draft: Draft, header: Header, block: Block, condition: int) -> None:
        """The jump of a condition."""
        if header.kind == "while" and condition < 0 and draft.value_of(condition) in (1.0, True):
            return
        first = header.token + (0 if header.kind == "" else 2)
        block.exit = draft.emit(UNLESS, (condition, -1), first, max(first, draft.end))

    def rounds(self, draft: Draft, header: Header, block: Block, condition: int) -> None:
        """The beginning of a `for`: its state, and the jump to its first test."""
        place = header.token, max(header.token, draft.end)
        if header.ranges is None and condition >= 0 and not self.names.fresh(draft, condition):
            condition = draft.emit(BIND, (condition,), *place)
        block.state = draft.emit(START, header.ranges, *place) if header.ranges else draft.emit(ROWS, (condition,), *place)
        block.nexts.append(draft.emit(GOTO, (-1,), *place))

    def variable(self, draft: Draft, header: Header, block: Block, rows: int) -> None:
        """The name that a `for` binds: to a number, or to a row."""
        token = header.token + 2
        if header.ranges is not None:
            block.slot = self.names.slot(draft, header.variable, token)
            block.top = len(draft.operations)
            return
        block.slot = draft.emit(PARAM, (0,), token, token)
        block.top = draft.begin = len(draft.operations)
        rows = draft.program.arguments[block.state][0]
        row = index(draft, rows, (block.slot,), (("item",),), token, token)
        draft.end = token
        self.names.bind(draft, header.variable, row, token)

    def quiet(self, draft: Draft, pairs: list[Pair]) -> int:
        """`with no_grad():`, as far as its colon."""
        token = draft.token + 2
        if self.open and self.open[-1].inline:
            draft.fail("'with' can't stand in the line of another block", "write it in a line of its own, indented", start=token)
        count = next(i for i, (_, operator) in enumerate(pairs) if operator == ":") + 1
        block = Block("with", token, self.depth)
        self.names.quiet += 1
        self.names.enter()
        self.open.append(block)
        draft.token += 2 * count
        self.body(draft, block)
        draft.token -= 2 * count
        return count

    # --- ends -----------------------------------------------------------------------------------------------------------------

    def close(self, draft: Draft, follows: str) -> None:
        """The end of the innermost block; `follows` is the word of the next line if it stands at the depth of the block's header."""
        block = self.open.pop()
        if block.kind == "def":
            self.functions.end(draft)
            return
        names = self.names.leave()
        if block.kind in ("while", "for"):
            self.close_loop(draft, block)
        elif block.kind == "with":
            self.names.quiet -= 1
            self.names.assure(names)
        else:
            self.close_branch(draft, block, names, follows)
        draft.begin = len(draft.operations)

    def close_loop(self, draft: Draft, block: Block) -> None:
        """The jump to the next round, and the end of the loop."""
        place = block.token, block.token
        if block.kind == "while":
            draft.emit(AGAIN, (block.top,), *place)
        else:
            self.land(draft, block.nexts)
            first, last = draft.program.first[block.state], draft.program.last[block.state]
            self.names.write(draft.emit(FOR, (block.state, block.top), first, last), block.slot)
        self.land(draft, [*block.breaks, *([block.exit] if block.exit is not None else [])])
        draft.emit(LEAVE, (0,), *place)

    def close_branch(self, draft: Draft, block: Block, names: set[str], follows: str) -> None:
        """The end of one branch of an `if`."""
        if not block.dead:
            block.names = names if block.names is None else block.names & names
        goes_on = follows in ("elif", "else") and block.exit is not None
        if goes_on:
            block.breaks.append(draft.emit(GOTO, (-1,), block.token, block.token))
        closed = block.exit is None
        if block.exit is not None:
            self.land(draft, [block.exit])
            block.exit = None
        if goes_on:
            self.chain = block
            return
        self.land(draft, block.breaks)
        if closed and block.names is not None:
            self.names.assure(block.names)
        elif closed and self.open:
            self.open[-1].dead = True

    def land(self, draft: Draft, jumps: list[int]) -> None:
        """Gives waiting jumps the next instruction as their target."""
        arguments = draft.program.arguments
        for jump in jumps:
            arguments[jump] = (*arguments[jump][:-1], len(draft.operations))

    # --- statements of one word -----------------------------------------------------------------------------------------------

    def step(self, draft: Draft, word: str) -> None:
        """`return`, `break`, `continue` or `pass`."""
        if word == "return":
            self.functions.require(draft)
            self.returning = draft.token
            return
        rest = REST.match(draft.program.text, draft.place(draft.token)[1])
        if rest is None:
            draft.fail(f"'{word}' stands alone", f"end the line behind {word}")
        if word == "pass":
            return
        loop = next((block for block in reversed(self.open) if block.kind in ("while", "for", "def")), None)
        if loop is None or loop.kind == "def":
            draft.fail(f"'{word}' outside a loop", "write it in the lines of a while or for")
        if word == "break":
            loop.breaks.append(draft.emit(GOTO, (-1,), draft.token, draft.token))
        elif loop.kind == "while":
            draft.emit(AGAIN, (loop.top,), draft.token, draft.token)
        else:
            loop.nexts.append(draft.emit(GOTO, (-1,), draft.token, draft.token))
        self.open[-1].dead = True
        draft.begin = len(draft.operations)

    def expression(self, draft: Draft, register: int, start: int) -> int:
        """A statement that binds no name; inside blocks outside functions its value may be the program's."""
        if self.functions.current is not None or not self.open:
            return register
        return self.names.bind(draft, "", register, start)
