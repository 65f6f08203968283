"""Statements: names are bound to values, and the text comes to its end."""

from __future__ import annotations

from gradcli.errors import SyntaxProblem
from gradcli.language import hints
from gradcli.language.calls import keyword
from gradcli.language.conditionals import place_jumps, require_else
from gradcli.language.draft import Draft
from gradcli.language.grammar import BOTTOM, CONSTANTS, END
from gradcli.language.operands import normal, require_name
from gradcli.language.program import JOIN, Program
from gradcli.language.tokens import end_of_code
from gradcli.operations import OPS


def equals(draft: Draft, operand: str) -> None:
    """An assignment, or the keyword of an argument."""
    is_name = bool(operand) and operand[0] not in ".0123456789"
    if draft.opens and draft.opens[-1].op is not None and draft.opens[-1].keyword is None and draft.pending[-1] is BOTTOM and is_name:
        keyword(draft, operand)
    elif len(draft.pending) > 1 or len(draft.operands) != 1 or draft.target is not None or not is_name:
        draft.fail(
            *hints.equals(operand if len(draft.pending) == 1 else "", bool(draft.opens), draft.target, draft.program.text),
            start=draft.token + 1,
        )
    else:
        plain = normal(operand)
        require_name(draft, plain, operand)
        if plain in CONSTANTS:
            draft.fail(f"'{plain}' is a constant and can't be assigned", f"choose another name, such as {plain}_1")
        draft.operands.pop()
        draft.starts.pop()
        draft.target = plain


def finish(draft: Draft) -> None:
    """The end of a statement: binds its name."""
    if len(draft.pending) > 1:
        require_else(draft)
    register = draft.operands.pop()
    start = draft.starts.pop()
    if draft.target is not None:
        register = bind(draft, draft.target, register, start)
        draft.target = None
    draft.program.output = register
    draft.begin = len(draft.operations)
    draft.glue = ""


def bind(draft: Draft, name: str, register: int, start: int) -> int:
    """Binds a name to a register; a plain number becomes an instruction of its own, which may turn into an input."""
    program = draft.program
    if name in draft.known:
        program.versions.setdefault(name, [draft.known[name]])
    if register < 0 or (register == len(draft.operations) - 1 and is_negative_number(draft, register)):
        register = number_statement(draft, register, start)
        draft.numbers.append(name)
    if program.names[register] is None and draft.operations[register] is not JOIN:
        program.names[register] = name
    if name in program.versions:
        program.versions[name].append(register)
    draft.known[name] = register
    return register


def is_negative_number(draft: Draft, register: int) -> bool:
    """Whether an instruction is the minus of a literal."""
    return draft.operations[register] is OPS["neg"] and draft.program.arguments[register][0] < 0


def number_statement(draft: Draft, register: int, start: int) -> int:
    """The register of `name = number`."""
    if register < 0:
        return draft.emit(OPS["constant"], (register,), start, draft.end)
    program = draft.program
    (positive,) = program.arguments[register]
    negative = draft.constant(-program.constants[-positive - 1], "-" + program.literals[-positive - 1])
    draft.operations[register] = OPS["constant"]
    program.arguments[register] = (negative,)
    return register


def conclude(draft: Draft, have: bool) -> Program:
    """The end of the text; `have` says whether an operand is complete."""
    program = draft.program
    if draft.opens:
        draft.fail("')' is missing", "close the bracket", start=draft.opens[-1].token)
    if have:
        draft.reduce(END)
        finish(draft)
    elif not draft.blank():
        end = end_of_code(program.text)
        message, hint = hints.too_early(program.text[:end])
        raise SyntaxProblem(message, program.text, (end, end), hint)
    elif not program.operations and not program.constants:
        draft.fail("the program is empty", 'write an expression, such as "x**2 + 3*x + 1"')
    for spelling in draft.constants:
        del program.registers[spelling]
    if draft.jumps:
        place_jumps(draft)
    if not program.inputs:
        adopt_numbers(draft)
    return program


def adopt_numbers(draft: Draft) -> None:
    """In a program without free names the names bound once, to plain numbers, are its inputs."""
    program = draft.program
    for name in draft.numbers:
        if name not in program.versions:
            register = program.registers[name]
            (constant,) = program.arguments[register]
            program.inputs[name] = register
            program.defaults[name] = program.constants[-constant - 1]
            program.operations[register] = OPS["input"]
            program.arguments[register] = ()
