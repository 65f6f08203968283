"""The parser: text -> Program, by operator precedence with an explicit stack. It knows the grammar and no values.

The loop of `Parser.parse` takes one (operand, operator) pair at a time. Complete operands wait on `operands` (their registers) and
`starts` (the token that each begins with), operators that still miss an operand on `pending`, as (binding power, operation, number of operands, …).
An operator first reduces everything pending that binds at least as strongly: `1 + 2*3 -` emits mul, then add. Operands and names
that were met before take the straight way through the loop; everything else is a method.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NoReturn

from gradcli.errors import GradcliError, NotSupported, Span, SyntaxProblem, UnknownFunction, WrongArguments, nearest
from gradcli.language import hints
from gradcli.language.program import BRANCH, GOTO, JOIN, STORE, Instruction, Program
from gradcli.language.tokens import SUPERSCRIPTS, offsets, pairs
from gradcli.operations import OPS, Op, find

MAX_TEXT = 256 * 1024 * 1024
"""Characters that a program may have."""

CONSTANTS = {"pi": "3.141592653589793", "π": "3.141592653589793", "inf": "inf", "nan": "nan"}
PREFIXES = ("np.", "numpy.", "math.", "torch.", "F.", "jnp.")
KEYWORDS = frozenset("if else and or not".split())
RESERVED = frozenset("elif while for in break continue def return with is class import from assert try except del pass raise yield global".split())

Pending = tuple[Any, ...]

# Binding powers: a pending operation is emitted when an operator of at most its power comes. Zero waits for its own end.
OPEN, END, ELSE, TERNARY, OR, AND, NOT, COMPARE, ADD, MULTIPLY, IMPLICIT, UNARY, POWER, POSTFIX = range(14)

BOTTOM: Pending = (OPEN, None)
NEGATE: Pending = (UNARY, OPS["neg"], 1)
NOT_ENTRY: Pending = (NOT, OPS["opposite"], 1)
CHAIN: Pending = (COMPARE, OPS["both"], 2)
IMPLICIT_TIMES: Pending = (IMPLICIT, OPS["mul"], 2)
SPELLINGS = {"^": "**", "·": "*", "×": "*", "⋅": "*", "−": "-", "÷": "/"}
BINARY: dict[str, Pending] = {
    "+": (ADD, OPS["add"], 2),
    "-": (ADD, OPS["sub"], 2),
    "*": (MULTIPLY, OPS["mul"], 2),
    "/": (MULTIPLY, OPS["div"], 2),
    "%": (MULTIPLY, OPS["mod"], 2),
}
BINARY |= {spelling: BINARY[meaning] for spelling, meaning in SPELLINGS.items() if meaning in BINARY}
RAISE: Pending = (POWER, OPS["pow"], 2)
WORDS: dict[str, Pending] = {"and": (AND, OPS["both"], 2), "or": (OR, OPS["either"], 2)}
COMPARISONS: dict[str, Pending] = {op.symbol: (COMPARE, op, 2) for op in map(OPS.__getitem__, ("lt", "le", "gt", "ge", "eq", "ne")) if op.symbol}
ENDS = {"\n": (END, None), ";": (END, None)}
OUTSIDE: dict[str, Pending] = BINARY | ENDS
"""What the loop itself handles between statements' ends; inside brackets a line's end means nothing."""


class Open:
    """An open bracket: `op` is the function that it calls (None for a plain one), `start` where the code of the current part begins."""

    __slots__ = ("base", "keyword", "keywords", "op", "start", "token")

    def __init__(self, op: Op | None, token: int, base: int, start: int) -> None:
        self.op = op
        self.token = token
        self.base = base
        self.start = start
        self.keyword: str | None = None
        self.keywords: dict[str, int] = {}


def parse(text: str) -> Program:
    """The program that a text means. Raises SourceError with the place of the first fault."""
    if len(text) > MAX_TEXT:
        raise GradcliError(f"a program of {len(text)} characters is longer than the limit of {MAX_TEXT}")
    return Parser(text).parse()


class Parser:
    """The state of one parse; `parse` may be called once."""

    def __init__(self, text: str) -> None:
        self.program = Program(text)
        self.operations: list[Instruction] = self.program.operations
        self.known: dict[str, int] = self.program.registers
        self.operands: list[int] = []
        self.starts: list[int] = []
        self.pending: list[Pending] = [BOTTOM]
        self.opens: list[Open] = []
        self.target: str | None = None
        self.target_token = 0
        self.begin = 0
        self.token = -2
        self.end = 0
        self.glue = ""
        self.numbers: list[str] = []

    def parse(self) -> Program:
        """The program; the loop over all pairs of the text."""
        program, operations, operands, starts, pending, known = self.program, self.operations, self.operands, self.starts, self.pending, self.known
        arguments, first, last, names = program.arguments, program.first, program.last, program.names
        token, have, straight = -2, False, OUTSIDE
        for chunk in pairs(program.text):
            for operand, operator in chunk:
                token += 2
                if operand:
                    register = known.get(operand)
                    if have or register is None:
                        self.token = token
                        register = self.meet(operand, operator, have)
                    if register is None:
                        have = False
                    else:
                        operands.append(register)
                        starts.append(token)
                        have = True
                if not have:
                    if operator:
                        self.token = token
                        have = self.prefix(operator)
                        straight = BINARY if self.opens else OUTSIDE
                    continue
                entry = straight.get(operator)
                if entry is None:
                    self.token = token
                    self.end = token if operand else token - 1
                    have = self.postfix(operator, operand)
                    straight = BINARY if self.opens else OUTSIDE
                    continue
                power = entry[0]
                while pending[-1][0] >= power:
                    top = pending.pop()
                    if top[2] == 2:
                        arguments.append((operands[-2], operands.pop()))
                        starts.pop()
                        first.append(starts[-1])
                        operands[-1] = len(operations)
                        operations.append(top[1])
                        last.append(token if operand else token - 1)
                        names.append(None)
                    else:
                        self.end = token if operand else token - 1
                        self.complete(top)
                if power == END:
                    self.token = token
                    self.finish()
                else:
                    pending.append(entry)
                have = False
        self.token = token + 2
        return self.conclude(have)

    # --- operands -------------------------------------------------------------------------------------------------------------

    def meet(self, operand: str, operator: str, have: bool) -> int | None:
        """The register of an operand that is new, or that follows another; None for a word that is no operand."""
        if operand in KEYWORDS:
            return self.word(operand, have)
        if have:
            self.end = self.token - 1 if self.glue == ")" else self.token - 2
            self.juxtapose(operand)
        if operand[0] in ".0123456789":
            return self.number(operand, operator)
        if operand[-1] == "(":
            return self.call(operand)
        if operand in RESERVED:
            self.fail(f"'{operand}' is not part of the language yet: programs here are expressions and assignments", kind=NotSupported)
        if operator == "=":
            return self.known.get(operand, 0)
        return self.name(operand)

    def number(self, literal: str, operator: str) -> int:
        """The register of a literal; equal spellings share one."""
        if literal in self.known:
            return self.known[literal]
        if literal.endswith("_") or "__" in literal or "_." in literal or "._" in literal:
            self.fail(f"'{literal}' is no number", hint=f"write {literal.replace('_', '')}")
        return self.known.setdefault(literal, self.constant(float(literal.replace("_", "")), literal))

    def constant(self, value: float, literal: str) -> int:
        """The register of a new constant."""
        self.program.constants.append(value)
        self.program.literals.append(literal)
        return -len(self.program.constants)

    def name(self, operand: str) -> int:
        """The register of a name that is read: bound before, a constant of the language, or a new input."""
        name = unicodedata.normalize("NFKC", operand)
        if "." in name:
            self.dotted(name)
        if not name.isidentifier():
            self.fail(f"'{operand}' is no name", hint="names consist of letters, digits and '_'")
        if name not in self.known:
            if name in CONSTANTS:
                self.known[name] = self.constant(float(CONSTANTS[name]), name)
            else:
                self.known[name] = self.program.inputs[name] = self.emit(OPS["input"], (), self.token, self.token, name)
        return self.known[name] if name == operand else self.known.setdefault(operand, self.known[name])

    def dotted(self, name: str) -> NoReturn:
        """Refuses an attribute; only functions of the table may have a prefix."""
        self.fail(f"'{name}' is an attribute, and programs have none", hint=hints.attribute(name))

    def juxtapose(self, operand: str) -> None:
        """An operand directly behind another: multiplication after a number or a bracket, else an error."""
        if not self.glue or operand[0] in ".0123456789":
            self.fail(*hints.two_operands(self.last_operand(), operand))
        if self.glue[0] == "0" and operand[0] in "xXbBoO" and self.glue == "0" and operand[1:2].isalnum():
            self.fail(f"'0{operand}' is no number of the language", hint="write it in decimal digits")
        top = self.pending[-1]
        if top[0] == POWER or (top[0] == MULTIPLY and top[1].name != "mul"):
            self.ambiguous(operand, top)
        self.reduce(IMPLICIT)
        self.pending.append(IMPLICIT_TIMES)

    def ambiguous(self, operand: str, top: Pending) -> NoReturn:
        """Refuses `1/2x` and `x^2y`, which mean two things."""
        start, middle = self.place(self.starts[-2])[0], self.place(self.starts[-1])[0]
        text = self.program.text
        left = text[start:middle].rstrip()
        symbol = next(spelling for spelling in ("**", "^", "/", "÷", "%") if left.endswith(spelling))
        left = left.removesuffix(symbol).rstrip()
        message, hint = hints.ambiguous(left, symbol, text[middle : self.place(self.token)[0]].rstrip(), operand)
        self.fail(message, hint, start=self.starts[-2])

    # --- words and calls ------------------------------------------------------------------------------------------------------

    def word(self, word: str, have: bool) -> None:
        """A keyword between or before operands."""
        self.end = self.token - 1 if self.glue == ")" else self.token - 2
        if word == "not":
            if have:
                self.fail("'not' stands between two operands", hint="write != for 'is not'")
            self.pending.append(NOT_ENTRY)
        elif not have:
            self.fail(*hints.no_operand_before(word, self.blank()))
        elif word in WORDS:
            self.reduce(WORDS[word][0])
            self.pending.append(WORDS[word])
        elif word == "if":
            self.condition()
        else:
            self.otherwise()
        self.glue = ""

    def call(self, operand: str) -> None:
        """Opens a call, or a bracket behind a name."""
        name = unicodedata.normalize("NFKC", operand[:-1].rstrip())
        base, _, method = name.rpartition(".")
        if base and not name.startswith(PREFIXES):
            if find(method) is None or "." in base:
                self.dotted(name)
            self.open(find(method))
            self.operands.append(self.known[base] if base in self.known else self.name(base))
            self.starts.append(self.token)
            self.opens[-1].keywords["."] = 1
            return
        op = find(method)
        if op is None:
            self.unknown_function(method)
        self.open(op)

    def unknown_function(self, name: str) -> NoReturn:
        """Refuses a call of something that is no function of the table."""
        if name in self.known or len(name) == 1:
            self.fail(f"'{name}' is a name, not a function", hint=hints.call_of_name(name, self.program.text, self.place(self.token)))
        from gradcli.operations.table import FUNCTIONS

        self.fail(f"unknown function '{name}'", hint=hints.unknown_function(name, nearest(name, FUNCTIONS)), kind=UnknownFunction)

    def open(self, op: Op | None, token: int | None = None) -> None:
        """An opening bracket."""
        self.opens.append(Open(op, self.token if token is None else token, len(self.operands), len(self.operations)))
        self.pending.append(BOTTOM)
        self.glue = ""

    # --- operators ------------------------------------------------------------------------------------------------------------

    def prefix(self, operator: str) -> bool:
        """An operator where an operand is due; whether an operand is complete behind it."""
        if operator in ("-", "−"):
            self.pending.append((*NEGATE, self.token + 1))
        elif operator == "(":
            self.open(None, self.token + 1)
        elif operator == ")" and self.empty_call():
            self.end = self.token - 1
            self.close()
            self.glue = ")"
            return True
        elif operator in ("\n", ";") and (self.opens or self.blank()):
            if operator == ";" and self.opens:
                self.fail("')' is missing", start=self.opens[-1].token, hint="close the bracket before ';'")
        elif operator in ("\\\n", "+"):
            pass
        else:
            self.misplaced(operator)
        return False

    def empty_call(self) -> bool:
        """Whether a call without further arguments is open, as in `x.exp()`."""
        return bool(self.opens) and self.opens[-1].op is not None and self.pending[-1] is BOTTOM and (
            len(self.operands) == self.opens[-1].base or ("." in self.opens[-1].keywords and len(self.operands) == self.opens[-1].base + 1)
        )  # fmt: skip

    def blank(self) -> bool:
        """Whether the statement has not begun."""
        return len(self.pending) == 1 and not self.operands and self.target is None

    def postfix(self, operator: str, operand: str) -> bool:
        """An operator behind a complete operand that the loop does not handle; whether the operand is complete still."""
        if operator in ("", "\\\n"):
            self.glue = operand if operand and operand[0] in ".0123456789" else self.glue if not operand else ""
            return True
        if operator == ")":
            return self.closing()
        if operator in ("**", "^"):
            self.reduce(POWER + 1)
            self.pending.append(RAISE)
        elif operator in COMPARISONS:
            self.compare(COMPARISONS[operator])
        elif operator == ",":
            self.comma()
        elif operator == "(":
            self.bracket_behind(operand)
        elif operator[-1] in SUPERSCRIPTS:
            return self.superscript(operator)
        elif operator == "=":
            self.equals(operand)
        elif operator == "\n":
            return True
        else:
            self.misplaced(operator)
        return False

    def bracket_behind(self, operand: str) -> None:
        """A bracket behind a number or a bracket multiplies."""
        self.end = self.token if operand else self.token - 1
        self.token += 1
        self.glue = operand or self.glue
        self.juxtapose("(")
        self.open(None)

    def closing(self) -> bool:
        """A closing bracket."""
        if not self.opens:
            self.fail("')' has no '(' before it", start=self.token + 1)
        self.close()
        self.glue = ")"
        return True

    def close(self) -> None:
        """Ends the innermost bracket: its value, or its function's, is the operand."""
        self.reduce(END)
        self.pending.pop()
        bracket = self.opens.pop()
        if bracket.op is None:
            if len(self.operands) != bracket.base + 1:
                self.fail("the brackets are empty", start=bracket.token)
            self.starts[-1] = bracket.token
            return
        registers = self.operands[bracket.base :]
        del self.operands[bracket.base :], self.starts[bracket.base :]
        self.operands.append(self.emit(bracket.op, self.matched(bracket, registers), bracket.token, self.token + 1))
        self.starts.append(bracket.token)

    def matched(self, bracket: Open, registers: list[int]) -> tuple[int, ...]:
        """The registers of a call's arguments by position, keywords and defaults filled in."""
        op = bracket.op
        assert op is not None
        self.note_keyword(bracket, len(registers))
        keywords = {name: index for name, index in bracket.keywords.items() if name != "."}
        positional = [register for index, register in enumerate(registers) if index not in keywords.values()]
        least, most = op.arity
        if op.name in ("maximum", "minimum") and len(positional) > 2 and not keywords:
            return self.folded(op, positional, bracket.token)
        given = dict(zip(op.params, positional, strict=False)) | {name: registers[index] for name, index in keywords.items()}
        if len(positional) > most or len(given) < len(registers) or any(param not in given for param in op.params[:least]):
            self.fail(*hints.wrong_arguments(op, len(registers)), start=bracket.token, end=self.token + 1, kind=WrongArguments)
        defaults = dict(zip(op.params[least:], op.defaults, strict=True))
        return tuple(given[param] if param in given else self.constant(defaults[param], repr(defaults[param])) for param in op.params)

    def folded(self, op: Op, registers: list[int], token: int) -> tuple[int, ...]:
        """The last two arguments of `max(a, b, c, …)`, after the first ones were compared."""
        left = registers[0]
        for register in registers[1:-1]:
            left = self.emit(op, (left, register), token, self.token + 1)
        return left, registers[-1]

    def comma(self) -> None:
        """A comma: it separates the arguments of a call."""
        if not self.opens or self.opens[-1].op is None:
            self.fail(*hints.comma(self.program.text, self.place(self.token + 1)), start=self.token + 1)
        self.reduce(END)
        self.note_keyword(self.opens[-1], len(self.operands) - self.opens[-1].base)
        self.opens[-1].start = len(self.operations)

    def note_keyword(self, bracket: Open, count: int) -> None:
        """Remembers that the last argument was given by keyword."""
        if bracket.keyword is not None and bracket.op is not None:
            if bracket.keyword not in bracket.op.params:
                known = ", ".join(bracket.op.params)
                self.fail(f"{bracket.op.name} has no argument '{bracket.keyword}'", hint=f"its arguments are {known}", start=bracket.token,
                          kind=WrongArguments)  # fmt: skip
            bracket.keywords[bracket.keyword] = count - 1
            bracket.keyword = None

    def superscript(self, operator: str) -> bool:
        """x² is x**2, with the binding of a power."""
        digits = operator.replace("⁻", "-").translate({ord(char): str(value) for value, char in enumerate(SUPERSCRIPTS)})
        self.reduce(POSTFIX)
        exponent = self.known[digits] if digits in self.known else self.known.setdefault(digits, self.constant(float(digits), digits))
        self.operands[-1] = self.emit(OPS["pow"], (self.operands[-1], exponent), self.starts[-1], self.token + 1)
        self.glue = ")"
        return True

    def equals(self, operand: str) -> None:
        """An assignment, or the keyword of an argument."""
        if self.opens and self.opens[-1].op is not None and self.pending[-1] is BOTTOM and operand:
            self.operands.pop()
            self.starts.pop()
            self.opens[-1].keyword = operand
        elif len(self.pending) > 1 or len(self.operands) != 1 or self.target is not None or not operand or operand[0] in ".0123456789":
            self.fail(*hints.equals(operand, bool(self.opens), self.target, self.program.text), start=self.token + 1)
        elif operand in CONSTANTS:
            self.fail(f"'{operand}' is a constant and can't be assigned", hint=f"choose another name, such as {operand}_1")
        else:
            if "." in operand:
                self.dotted(operand)
            self.operands.pop()
            self.starts.pop()
            self.target = operand if operand.isascii() else unicodedata.normalize("NFKC", operand)
            self.target_token = self.token

    def compare(self, entry: Pending) -> None:
        """A comparison; behind another one it continues the chain: a < b < c is a < b and b < c."""
        self.reduce(COMPARE + 1)
        if self.pending[-1][0] == COMPARE:
            middle, start = self.operands[-1], self.starts[-1]
            self.reduce(COMPARE)
            self.pending.append(CHAIN)
            self.operands.append(middle)
            self.starts.append(start)
        self.pending.append(entry)

    # --- conditional expressions ----------------------------------------------------------------------------------------------

    def condition(self) -> None:
        """The `if` of a conditional expression: what stands before it is set aside behind jumps."""
        self.reduce(TERNARY)
        if self.pending[-1][0] == OPEN and self.pending[-1] is not BOTTOM:
            self.fail("'else' is missing before this 'if'", hint="write a if c else b")
        begin = self.pending[-1][3] if self.pending[-1][0] == ELSE else self.opens[-1].start if self.opens else self.begin
        self.insert_goto(begin)
        value = self.operands.pop()
        store = self.control(STORE, (value, -1))
        self.program.arguments[begin] = (len(self.operations),)
        self.pending.append((OPEN, "if", begin, store, self.token, self.starts.pop()))

    def otherwise(self) -> None:
        """The `else` of a conditional expression."""
        self.reduce(END)
        if self.pending[-1] is BOTTOM or self.pending[-1][1] != "if":
            self.fail("'else' without 'if'", hint="write a if c else b")
        _, _, begin, store, _, first = self.pending.pop()
        branch = len(self.operations)
        condition = self.operands.pop()
        start = self.starts.pop()
        self.control(BRANCH, (condition, begin + 1, branch + 1), start, self.end)
        self.pending.append((ELSE, JOIN, 3, branch + 1, store, first))

    def join(self, top: Pending) -> None:
        """The end of a conditional expression."""
        value = self.operands.pop()
        self.starts[-1] = top[5]
        register = self.control(JOIN, (value,), top[5], self.end)
        source, _ = self.program.arguments[top[4]]
        self.program.arguments[top[4]] = (source, register)
        self.operands.append(register)
        self.program.branching = True

    def insert_goto(self, begin: int) -> None:
        """Puts a jump before the instructions from `begin` on; their registers move up by one."""
        program = self.program
        for column, value in ((self.operations, GOTO), (program.arguments, (0,)), (program.names, None)):
            column.insert(begin, value)  # type: ignore[attr-defined]
        program.first.insert(begin, self.token)
        program.last.insert(begin, self.token)
        for i in range(begin + 1, len(self.operations)):
            program.arguments[i] = tuple(a + 1 if a >= begin else a for a in program.arguments[i])
        if any(program.names[begin + 1 :]):
            for names in (self.known, program.inputs):
                names.update((name, register + 1) for name, register in list(names.items()) if register >= begin)
        self.operands[:] = [register + 1 if register >= begin else register for register in self.operands]

    def control(self, kind: Instruction, arguments: tuple[int, ...], first: int | None = None, last: int | None = None) -> int:
        """Emits an instruction that jumps."""
        return self.emit(kind, arguments, self.token if first is None else first, self.token if last is None else last)

    # --- code -----------------------------------------------------------------------------------------------------------------

    def emit(self, operation: Instruction, arguments: tuple[int, ...], first: int, last: int, name: str | None = None) -> int:
        """Appends an instruction; its register."""
        program = self.program
        self.operations.append(operation)
        program.arguments.append(arguments)
        program.first.append(first)
        program.last.append(last)
        program.names.append(name)
        return len(self.operations) - 1

    def reduce(self, power: int) -> None:
        """Emits every pending operation that binds at least as strongly as `power`."""
        while self.pending[-1][0] >= power:
            self.complete(self.pending.pop())

    def complete(self, top: Pending) -> None:
        """Emits one operation whose operands are complete."""
        if top[1] is JOIN:
            self.join(top)
        elif top[2] == 1:
            first = top[3] if len(top) > 3 else self.starts[-1]
            self.starts[-1] = first
            self.operands[-1] = self.emit(top[1], (self.operands[-1],), first, self.end)
        else:
            right = self.operands.pop()
            self.starts.pop()
            self.operands[-1] = self.emit(top[1], (self.operands[-1], right), self.starts[-1], self.end)

    # --- statements -----------------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """The end of a statement: binds its name."""
        if len(self.pending) > 1:
            self.fail("'else' is missing", start=self.pending[-1][4], hint="write a if c else b")
        register = self.operands.pop()
        self.starts.pop()
        program = self.program
        if self.target is not None:
            register = self.bind(self.target, register)
            self.target = None
        program.output = register
        self.begin = len(self.operations)
        self.glue = ""

    def bind(self, name: str, register: int) -> int:
        """Binds a name to a register; a plain number becomes an instruction of its own, which may turn into an input."""
        program = self.program
        if name in self.known:
            program.versions.setdefault(name, [self.known[name]])
        if register < 0 or (register == len(self.operations) - 1 and self.is_negative_number(register)):
            register = self.number_statement(name, register)
        if program.names[register] is None and self.operations[register] is not JOIN:
            program.names[register] = name
        if name in program.versions:
            program.versions[name].append(register)
        self.known[name] = register
        return register

    def is_negative_number(self, register: int) -> bool:
        """Whether an instruction is the minus of a literal."""
        return self.operations[register] is OPS["neg"] and self.program.arguments[register][0] < 0

    def number_statement(self, name: str, register: int) -> int:
        """The register of `name = number`."""
        if register < 0:
            register = self.emit(OPS["constant"], (register,), self.token - 2, self.token - 2)
            self.program.first[-1] = self.program.last[-1] = self.target_token + 2
        else:
            value = self.program.arguments[register][0]
            self.operations[register] = OPS["constant"]
            negative = self.constant(-self.program.constants[-value - 1], "-" + self.program.literals[-value - 1])
            self.program.arguments[register] = (negative,)
        self.numbers.append(name)
        return register

    def conclude(self, have: bool) -> Program:
        """The end of the text."""
        if self.opens:
            self.fail("')' is missing", start=self.opens[-1].token, hint="close the bracket")
        if have:
            self.end = self.last_token()
            self.reduce(END)
            self.finish()
        elif not self.blank():
            self.fail("the expression ends too early", hint="an operand is missing behind the last operator")
        elif not self.program.operations and not self.program.constants:
            self.fail("the program is empty", hint='write an expression, such as "x**2 + 3*x + 1"')
        if not self.program.inputs:
            self.adopt_numbers()
        return self.program

    def last_token(self) -> int:
        """The last token of the text that is neither empty nor a comment."""
        token = self.token - 1
        places = offsets(self.program.text, range(max(0, token - 5), token + 1))
        while places[token][0] == places[token][1] or self.program.text[places[token][0]] == "#":
            token -= 1
        return token

    def adopt_numbers(self) -> None:
        """In a program without free names the names bound once, to plain numbers, are its inputs."""
        for name in self.numbers:
            if name not in self.program.versions:
                register = self.known[name]
                (constant,) = self.program.arguments[register]
                self.program.inputs[name] = register
                self.program.defaults[name] = self.program.constants[-constant - 1]
                self.operations[register] = OPS["input"]
                self.program.arguments[register] = ()

    # --- errors ---------------------------------------------------------------------------------------------------------------

    def place(self, token: int) -> Span:
        """Where a token stands in the text."""
        text = self.program.text
        try:
            return offsets(text, [token])[token]
        except StopIteration:
            return len(text.rstrip()), len(text.rstrip())

    def last_operand(self) -> str:
        """The spelling of the operand before this one."""
        for token in (self.token - 1, self.token - 2):
            start, end = self.place(token)
            if end > start:
                return self.program.text[start:end]
        return ""

    def misplaced(self, operator: str) -> NoReturn:
        """Refuses an operator that can't stand here."""
        message, hint, kind = hints.misplaced(operator, self.program.text, self.place(self.token + 1)[0])
        self.fail(message, hint=hint, start=self.token + 1, kind=kind)

    def fail(
        self, message: str, hint: str | None = None, *, start: int | None = None, end: int | None = None, kind: type[Any] = SyntaxProblem
    ) -> NoReturn:
        """Raises an error with the place of some tokens."""
        first = self.place(self.token if start is None else start)
        last = first if end is None else self.place(end)
        raise kind(message, self.program.text, (first[0], last[1]), hint)


def names_in(text: str) -> list[str]:
    """The names that a text reads, without parsing it: for messages."""
    return re.findall(r"[^\W\d]\w*", text)
