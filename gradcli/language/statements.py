"""Statements: names are bound to values, and the text comes to its end."""

from __future__ import annotations

from typing import NoReturn

from gradcli.errors import SyntaxProblem, WrongArguments
from gradcli.language import hints, layout
from gradcli.language.calls import keyword
from gradcli.language.conditionals import place_jumps, require_else
from gradcli.language.draft import Draft, Target
from gradcli.language.grammar import AUGMENTED, BOTTOM, CONSTANTS, END, INFIX
from gradcli.language.hints import short
from gradcli.language.operands import name, normal, require_name
from gradcli.language.program import BIND, EXPECT, JOIN, PART, Program
from gradcli.language.subscripts import index
from gradcli.language.tokens import end_of_code
from gradcli.operations import OPS


def equals(draft: Draft, operand: str) -> None:
    """An assignment, or the keyword of an argument."""
    is_name = bool(operand) and operand[0] not in ".0123456789'\""
    if (
        draft.opens
        and draft.opens[-1].kind in ("call", "user")
        and draft.opens[-1].keyword is None
        and draft.pending[-1] is BOTTOM
        and is_name
    ):
        keyword(draft, operand)
        return
    target = draft.target
    several = isinstance(target, Target) and target.open
    if len(draft.pending) > 1 or len(draft.operands) != 1 or not (target is None or several) or header_of(draft):
        refuse_equals(draft, operand)
    if not is_name:
        assign_part(draft, operand)
        return
    plain = assignable(draft, operand)
    draft.operands.pop()
    draft.starts.pop()
    if several:
        assert isinstance(target, Target)
        target.names.append(plain)
        target.open = False
    else:
        draft.target = plain


def header_of(draft: Draft) -> bool:
    """Whether the line begins a block, or returns."""
    return draft.blocks is not None and draft.blocks.begun


def refuse_equals(draft: Draft, operand: str) -> NoReturn:
    """Refuses an equals sign that assigns nothing."""
    target = draft.target.names[0] if isinstance(draft.target, Target) else draft.target
    named = operand if len(draft.pending) == 1 else ""
    draft.fail(*hints.equals(named, bool(draft.opens), target, draft.program.text), start=draft.token + 1)


def assignable(draft: Draft, operand: str) -> str:
    """A name that may be assigned."""
    plain = normal(operand)
    require_name(draft, plain, operand)
    if plain in CONSTANTS:
        draft.fail(f"'{plain}' is a constant and can't be assigned", f"choose another name, such as {plain}_1")
    if draft.blocks is not None and plain in draft.blocks.functions.declared:
        draft.fail(f"'{short(plain)}' is a function and can't be assigned", f"choose another name, such as {short(plain)}_1")
    return plain


def assign_part(draft: Draft, operand: str) -> None:
    """`x[…] =`: the index that was read says where."""
    register, start = draft.operands[-1], draft.starts[-1]
    base = draft.source(start, start)
    last = register == len(draft.operations) - 1 and bool(draft.operations) and draft.operations[-1] is OPS.get("index")
    if operand or not last or not base.isidentifier() or draft.source(start, draft.end).count("][") or isinstance(draft.target, Target):
        refuse_equals(draft, operand)
    plain = assignable(draft, base)
    draft.operands.pop()
    draft.starts.pop()
    _, *pieces = draft.undo()
    draft.target = Target([plain], pieces=tuple(pieces), token=start)
    draft.part = len(draft.operations)


def augment(draft: Draft, operator: str, operand: str) -> None:
    """`a += …` and `x[…] += …`: the old value is an operand."""
    if len(draft.pending) > 1 or len(draft.operands) != 1 or draft.target is not None or header_of(draft) or draft.opens:
        what = f"'{operator}' changes a name, and can't stand inside an expression"
        draft.fail(what, "write a statement of its own: a += b", start=draft.token + 1)
    old, start = draft.operands[-1], draft.starts[-1]
    if operand and operand[0] not in ".0123456789'\"":
        draft.target = assignable(draft, operand)
        draft.operands.pop()
        draft.starts.pop()
    else:
        kept = draft.program.arguments[old], draft.program.first[old], draft.program.last[old] if old >= 0 else 0
        assign_part(draft, operand)
        old = draft.emit(OPS["index"], *kept)
    draft.augmented = INFIX[AUGMENTED[operator]], old, start
    draft.part = len(draft.operations)


def finish(draft: Draft) -> None:
    """The end of a statement: binds its name."""
    if len(draft.pending) > 1:
        require_else(draft)
    if draft.blocks is not None and draft.blocks.header is not None:
        draft.blocks.missing_colon(draft, True)
    register, start, target = draft.operands.pop(), draft.starts.pop(), draft.target
    if draft.blocks is not None:
        finish_in_block(draft, register, start)
    elif target is not None:
        draft.program.output = assign(draft, target, register, start)
    else:
        draft.program.output = register
    draft.target = None
    draft.begin = len(draft.operations)
    draft.glue = ""


def finish_in_block(draft: Draft, register: int, start: int) -> None:
    """The same in a program with blocks: the statement may be a `return`, and inside functions it is not the program's value."""
    blocks = draft.blocks
    if blocks.returning is not None:
        blocks.functions.give(draft, register, start)
        return
    bound = assign(draft, draft.target, register, start) if draft.target is not None else blocks.expression(draft, register, start)
    if blocks.functions.current is None:
        draft.program.output = bound
        draft.said = True


def assign(draft: Draft, target: str | Target, register: int, start: int) -> int:
    """Gives a value to what the statement assigns; the register of the last name."""
    if draft.augmented is not None:
        op, old, start = draft.augmented
        draft.augmented = None
        draft.program.arrays |= op.structural
        register = draft.emit(op, (old, register), start, draft.end)
    if isinstance(target, str):
        return bind(draft, target, register, start)
    if len(target.names) > 1:
        return unpack(draft, target.names, register, start)
    (plain,) = target.names
    array = name(draft, plain)
    register = draft.emit(OPS["set_index"], (array, register, *target.pieces), target.token, draft.end)
    return bind(draft, plain, register, start)


def unpack(draft: Draft, names: list[str], register: int, start: int) -> int:
    """Binds several names: to values between commas, to the results of a function, or to parts along the first axis."""
    results, blocks = [*draft.results, register], draft.blocks
    if draft.results:
        draft.results = []
        if len(results) != len(names):
            hint = "write as many values as names"
            draft.fail(f"{len(results)} values for {len(names)} names", hint, start=start, end=draft.end, kind=WrongArguments)
        if blocks is not None:
            results = [draft.emit(BIND, (one,), start, draft.end) for one in results]
            draft.begin = len(draft.operations)
    else:
        results = parts(draft, names, register, start)
    for plain, one in zip(names, results, strict=True):
        register = bind(draft, plain, one, start)
    return register


def parts(draft: Draft, names: list[str], register: int, start: int) -> list[int]:
    """The registers of the results of a call, or of the parts of an array."""
    blocks, count = draft.blocks, len(names)
    call = blocks.functions.calls.get(register) if blocks is not None else None
    if call is not None and blocks.functions.results(call) != 1:
        call.unpacked = count
        return [draft.emit(PART, (register, k), start, draft.end) for k in range(count)]
    draft.program.branching = True
    draft.emit(EXPECT, (register, count), start, draft.end)
    if blocks is not None and not blocks.names.fresh(draft, register) and register >= 0:
        register = draft.emit(BIND, (register,), start, draft.end)
    places = [draft.shared_constant(float(k), str(k)) for k in range(count)]
    return [index(draft, register, (place,), (("item",),), start, draft.end) for place in places]


def bind(draft: Draft, plain: str, register: int, start: int) -> int:
    """Binds a name to a register; a plain number becomes an instruction of its own, which may turn into an input."""
    program = draft.program
    if register < 0 or (register == len(draft.operations) - 1 and is_negative_number(draft, register)):
        register = number_statement(draft, register, start)
        if draft.blocks is None or not draft.blocks.open:
            draft.numbers.append(plain)
    if draft.blocks is not None:
        slot: int = draft.blocks.names.bind(draft, plain, register, start)
        return slot
    if plain in draft.known:
        program.versions.setdefault(plain, [draft.known[plain]])
    if program.names[register] is None and draft.operations[register] is not JOIN:
        program.names[register] = plain
    if plain in program.versions:
        program.versions[plain].append(register)
    draft.known[plain] = register
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
    program, blocks = draft.program, draft.blocks
    if draft.opens:
        draft.fail(f"'{draft.opens[-1].closer}' is missing", "close the bracket", start=draft.opens[-1].token)
    if have:
        draft.reduce(END)
        finish(draft)
    elif blocks is not None and blocks.header is not None:
        blocks.missing_colon(draft, False)
    elif not draft.blank():
        end = end_of_code(program.text)
        message, hint = hints.too_early(program.text[:end])
        raise SyntaxProblem(message, program.text, (end, end), hint)
    elif not program.operations and not program.constants:
        draft.fail("the program is empty", 'write an expression, such as "x**2 + 3*x + 1"')
    if blocks is not None:
        blocks.end(draft)
        blocks.functions.conclude(draft)
        if not draft.said:
            nothing(draft)
    for spelling in draft.constants:
        del program.registers[spelling]
    if blocks is not None:
        layout.slots(draft)
    places = place_jumps(draft) if draft.jumps else None
    layout.finish(draft, places)
    if not program.inputs:
        adopt_numbers(draft)
    return program


def nothing(draft: Draft) -> NoReturn:
    """Refuses a program that has no value."""
    functions = draft.blocks.functions.found
    hint = f"call it in the last line: {functions[-1].name}({', '.join(functions[-1].params)})" if functions else "write an expression"
    what = "the program computes nothing: it has no statement outside functions"
    draft.fail(what, hint, start=functions[-1].token if functions else 0)


def adopt_numbers(draft: Draft) -> None:
    """In a program without free names the names bound once, to plain numbers or lists, are its inputs."""
    program = draft.program
    for plain in draft.numbers:
        if plain not in program.versions and (draft.blocks is None or draft.blocks.names.bound[plain] == 1):
            register = program.registers[plain]
            (constant,) = program.arguments[register]
            program.inputs[plain] = register
            program.defaults[plain] = program.constants[-constant - 1]
            program.operations[register] = OPS["input"]
            program.arguments[register] = ()
    if draft.blocks is not None:
        layout.place_stops(program)
