"""Brackets and calls: what opens them, what separates arguments, and which argument goes where."""

from __future__ import annotations

import unicodedata
from typing import NoReturn

from gradcli.errors import NotSupported, UnknownFunction, WrongArguments, nearest
from gradcli.language import hints
from gradcli.language.conditionals import require_else
from gradcli.language.draft import Bracket, Draft, Target
from gradcli.language.grammar import BOTTOM, END, LISTS, POSTFIX, PREFIXES
from gradcli.language.hints import short
from gradcli.language.operands import is_array_name, juxtapose, name, normal, require_name
from gradcli.language.subscripts import (
    close_items,
    close_square,
    end_of_item,
    end_of_part,
    fold_sign,
    measure,
    param_of,
    refuse_attribute,
    stack,
    takes_items,
)
from gradcli.operations import OPS, Op, find


def call(draft: Draft, operand: str) -> None:
    """Opens the call that `f(`, `np.f(` or `x.f(` begins."""
    spelled = unicodedata.normalize("NFKC", operand[:-1].rstrip())
    owner, _, function = spelled.rpartition(".")
    if not owner and draft.blocks is not None and function in draft.blocks.functions.declared:
        open_bracket(draft, None, function, kind="user")
        return
    op = find(function)
    if not owner or (spelled.startswith(PREFIXES) and f"{owner}." in PREFIXES and not draft.means(owner)):
        if function in LISTS and op is None:
            open_bracket(draft, None, function)
        elif function in ("len", "range") and not owner:
            open_plain(draft, function)
        else:
            open_bracket(draft, op or unknown_function(draft, function), function)
    elif op is None or owner in hints.MODULES or not is_array_name(owner):
        require_name(draft, spelled, spelled)
    else:
        open_bracket(draft, op, function)
        draft.operands.append(name(draft, owner))
        draft.starts.append(draft.token)


def open_plain(draft: Draft, function: str) -> None:
    """`len(` and `range(`, which give plain numbers."""
    header = draft.blocks.header if draft.blocks is not None else None
    if function == "range" and not (header is not None and header.kind == "for" and not header.stage and len(draft.pending) == 1):
        draft.fail("'range' stands in the first line of a loop", "write for i in range(n): or arange(n) for an array", kind=NotSupported)
    open_bracket(draft, None, function, kind=function)


def method(draft: Draft, operator: str) -> None:
    """Opens the call that `.f(` behind an operand begins."""
    function = operator[1:-1].rstrip()
    op = find(function)
    if op is None:
        refuse_attribute(draft, function, draft.token + 1)
    draft.reduce(POSTFIX)
    start = draft.starts[-1]
    open_bracket(draft, op, function, start)
    draft.opens[-1].base -= 1


def unknown_function(draft: Draft, spelled: str) -> NoReturn:
    """Refuses a call of something that is no function of the table."""
    if draft.means(spelled) or len(spelled) == 1:
        draft.fail(
            f"'{short(spelled)}' is a name, not a function", hints.call_of_name(spelled, draft.program.text, draft.place(draft.token))
        )
    from gradcli.operations.table import FUNCTIONS

    near = nearest(spelled, FUNCTIONS) if len(spelled) < 40 else None
    hint = hints.unknown_function(spelled, near, draft.program.text, draft.place(draft.token))
    draft.fail(f"unknown function '{short(spelled)}'", hint, kind=UnknownFunction)


def open_bracket(draft: Draft, op: Op | None = None, spelled: str = "", token: int | None = None, kind: str = "") -> None:
    """An opening bracket, of a call if there is an operation."""
    if op is None and not kind and (takes_items(draft) or (draft.opens and draft.opens[-1].name in LISTS and draft.pending[-1] is BOTTOM)):
        kind = "tuple"
    token = draft.token if token is None else token
    draft.opens.append(Bracket(op, spelled, token, len(draft.operands), len(draft.operations), "call" if op is not None else kind))
    draft.pending.append(BOTTOM)
    draft.glue = ""


def bracket_behind(draft: Draft, operand: str) -> None:
    """A bracket behind a number or a bracket multiplies."""
    if draft.glue.startswith(")") and draft.glue != ")" and not operand:
        draft.fail(
            *hints.power_of_function(draft.glue[1:], draft.source(draft.starts[-1], draft.end)), start=draft.starts[-1], end=draft.end
        )
    draft.token += 1
    draft.glue = operand or draft.glue
    juxtapose(draft, "(")
    open_bracket(draft)


def closing(draft: Draft, given: bool = True, closer: str = ")") -> None:
    """A closing bracket: its value, or its function's, is the operand. `given` says whether an argument stands before it."""
    if not draft.opens:
        other = {")": "(", "]": "["}[closer]
        draft.fail(f"'{closer}' has no '{other}' before it", "remove it, or open the bracket before", start=draft.token + 1)
    bracket = draft.opens[-1]
    if bracket.closer != closer:
        draft.fail(f"'{bracket.closer}' is missing before '{closer}'", "close the bracket", start=bracket.token)
    if bracket.kind in ("index", "shape"):
        close_square(draft, given)
    elif bracket.kind in ("list", "items"):
        close_items(draft, bracket, given)
    else:
        end_of_argument(draft, given)
        draft.pending.pop()
        draft.opens.pop()
        if bracket.kind not in ("", "tuple"):
            registers = draft.operands[bracket.base :]
            del draft.operands[bracket.base :], draft.starts[bracket.base :]
            draft.operands.append(value_of_call(draft, bracket, registers))
            draft.starts.append(bracket.token)
        draft.starts[-1] = bracket.token
    draft.end = draft.token + 1
    draft.glue = ")"


def value_of_call(draft: Draft, bracket: Bracket, registers: list[int]) -> int:
    """The register of a call's value."""
    if bracket.op is not None:
        op = bracket.op
        if op.alone and (len(registers) == 1 or bracket.keywords.keys() - set(op.params)):
            op = OPS[op.alone]
        draft.program.truths |= op.boolean
        draft.program.arrays |= op.structural
        return draft.emit(op, arguments_of(draft, bracket, op, registers), bracket.token, draft.token + 1)
    if bracket.kind == "user":
        register: int = draft.blocks.functions.call(draft, bracket, registers)
        return register
    if bracket.kind == "def":
        draft.blocks.functions.close(draft, bracket, registers)
        return 0
    return plain_call(draft, bracket, registers)


def plain_call(draft: Draft, bracket: Bracket, registers: list[int]) -> int:
    """`len(x)` or `range(…)`."""
    takes = {"len": (1, 1, "len(x)"), "range": (1, 3, "range(n), range(a, b) or range(a, b, step)")}
    least, most, how = takes[bracket.kind]
    if not least <= len(registers) <= most:
        draft.fail(f"{bracket.kind} takes {least}{f' to {most}' * (most > least)} argument{'s' * (most > 1)}, not {len(registers)}",
                   f"write {how}", start=bracket.token, end=draft.token + 1, kind=WrongArguments)  # fmt: skip
    if bracket.kind == "len":
        return measure(draft, registers[0], "len", bracket.token, draft.token + 1)
    if draft.behind(draft.token + 1) != ":":
        draft.fail("'range' stands in the first line of a loop", "write for i in range(n): or arange(n) for an array", start=bracket.token)
    zero, one = draft.shared_constant(0.0, "0"), draft.shared_constant(1.0, "1")
    first, *others = registers
    draft.blocks.header.ranges = (zero, first, one) if not others else (first, *others, one)[:3]
    return zero


def may_close(draft: Draft, closer: str) -> bool:
    """Whether a bracket may close without an operand before it: `x.exp()`, `max(a, b,)`, `[1, 2,]`, `x[1:]`."""
    if not draft.opens or draft.opens[-1].closer != closer or draft.pending[-1] is not BOTTOM:
        return False
    return draft.opens[-1].kind not in ("", "tuple") and (draft.opens[-1].keyword is None or draft.opens[-1].kind == "def")


def comma(draft: Draft, operand: str, given: bool = True) -> None:
    """A comma: it separates arguments, items, parts of an index, results, or names to be assigned."""
    bracket = draft.opens[-1] if draft.opens else None
    if bracket is None:
        outside(draft, operand)
        return
    if bracket.kind == "tuple":
        bracket.kind = "list" if len(draft.opens) > 1 and draft.opens[-2].name in LISTS else "items"
    if bracket.kind == "" and bracket.name not in LISTS:
        draft.fail(*hints.comma(draft.program.text, draft.place(draft.token + 1)), start=draft.token + 1)
    if bracket.kind in ("index", "shape"):
        end_of_part(draft, given)
    elif bracket.kind in ("list", "items"):
        end_of_item(draft, given)
    elif given or bracket.kind != "def":
        end_of_argument(draft)
    bracket.start = len(draft.operations)


def outside(draft: Draft, operand: str) -> None:
    """A comma outside brackets: between names that are assigned together, or between results."""
    if draft.several(operand):
        plain = normal(operand)
        require_name(draft, plain, operand)
        draft.operands.pop()
        draft.starts.pop()
        if draft.target is None:
            draft.target = Target([], open=True)
        draft.target.names.append(plain)  # type: ignore[union-attr]
    elif takes_results(draft):
        draft.reduce(END)
        require_else(draft)
        draft.results.append(draft.operands.pop())
        draft.starts.pop()
        draft.part = len(draft.operations)
    else:
        draft.fail(*hints.comma(draft.program.text, draft.place(draft.token + 1)), start=draft.token + 1)


def takes_results(draft: Draft) -> bool:
    """Whether values follow each other between commas: `return a, b` and `p, q = a, b`."""
    returning = draft.blocks is not None and draft.blocks.returning is not None
    return returning or (isinstance(draft.target, Target) and len(draft.target.names) > 1)


def end_of_argument(draft: Draft, given: bool = True) -> None:
    """An expression inside a bracket is complete; a keyword argument is remembered by its name."""
    draft.reduce(END)
    require_else(draft)
    bracket = draft.opens[-1]
    if given and bracket.op is not None:
        name = param_of(bracket, len(draft.operands) - 1 - bracket.base)
        if name is not None and (name in bracket.op.settings or bracket.op.alone):
            fold_sign(draft)
    if bracket.keyword is not None and given:
        bracket.keywords[bracket.keyword] = draft.operands.pop()
        draft.starts.pop()
        bracket.keyword = None
    elif bracket.keywords and given and bracket.kind != "def":
        hint = f"write {bracket.name}(…, {next(iter(bracket.keywords))}=…)"
        draft.fail(
            "an argument without a name stands behind one with a name", hint, start=draft.starts[-1], end=draft.end, kind=WrongArguments
        )


def keyword(draft: Draft, operand: str) -> None:
    """The name and the '=' before an argument."""
    bracket = draft.opens[-1]
    op = bracket.op
    if op is not None and operand not in op.params and not (op.alone and operand in OPS[op.alone].params):
        draft.fail(*hints.unknown_keyword(bracket.name, operand, op.params), kind=WrongArguments)
    if operand in bracket.keywords:
        draft.fail(f"'{operand}' is given twice", f"write {operand}=… once", kind=WrongArguments)
    draft.operands.pop()
    draft.starts.pop()
    bracket.keyword = operand


def arguments_of(draft: Draft, bracket: Bracket, op: Op, registers: list[int]) -> tuple[int, ...]:
    """The registers of a call's arguments in the order of its parameters, keywords and defaults filled in."""
    registers = ungrouped(draft, bracket, op, registers)
    count = len(registers) + len(bracket.keywords)
    if op.folds and len(registers) > 2 and not bracket.keywords:
        registers = [fold(draft, op, registers, bracket.token), registers[-1]]
    params = [param for param in op.params if param not in op.keywords]
    many: tuple[int, ...] = ()
    if op.variadic in params and len(registers) > params.index(op.variadic):
        at = params.index(op.variadic)
        many, registers = tuple(registers[at:]), registers[:at]
    least = op.arity[0]
    given = dict(zip(params, registers, strict=False))
    twice = next((param for param in bracket.keywords if param in given or (many and param == op.variadic)), None)
    if twice:
        draft.fail(f"'{twice}' is given twice, by place and by name", f"write {bracket.name}({', '.join(op.params)})",
                   start=bracket.token, end=draft.token + 1, kind=WrongArguments)  # fmt: skip
    given |= bracket.keywords
    optional = dict(zip(op.params[least:], op.defaults, strict=True))
    may_lack = {*optional, *({op.variadic} if many or op.params[0] != op.variadic else ())}
    lacking = [param for param in op.params if param not in given and param not in may_lack]
    if len(registers) > len(params) or lacking:
        draft.fail(*hints.wrong_arguments(op, bracket.name, count), start=bracket.token, end=draft.token + 1, kind=WrongArguments)
    for param, default in optional.items():
        if param not in given and not (many and param == op.variadic):
            given[param] = draft.constant(float(default) if type(default) is int else default, repr(default))
    return tuple(register for param in op.params for register in (many if param not in given else (given[param],)))


def ungrouped(draft: Draft, bracket: Bracket, op: Op, registers: list[int]) -> list[int]:
    """The arguments without names: a single list for a parameter of any number is taken apart, several are arrays."""
    if len(bracket.groups) == 1:
        before, count, *_ = bracket.groups[0]
        if op.variadic in op.params and before == op.params.index(str(op.variadic)) and len(registers) == before + count:
            return registers
    for before, count, first, last in reversed(bracket.groups):
        registers[before : before + count] = [stack(draft, registers[before : before + count], first, last)]
    return registers


def fold(draft: Draft, op: Op, registers: list[int], token: int) -> int:
    """The first arguments of `max(a, b, c, …)` compared with each other; the last one is left."""
    left = registers[0]
    for register in registers[1:-1]:
        left = draft.emit(op, (left, register), token, draft.token + 1)
    return left
