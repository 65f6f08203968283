"""Brackets and calls: what opens them, what separates arguments, and which argument goes where."""

from __future__ import annotations

import unicodedata
from typing import NoReturn

from gradcli.errors import UnknownFunction, WrongArguments, nearest
from gradcli.language import hints
from gradcli.language.conditionals import require_else
from gradcli.language.draft import Bracket, Draft
from gradcli.language.grammar import BOTTOM, END, PREFIXES
from gradcli.language.hints import short
from gradcli.language.operands import juxtapose, name, require_name
from gradcli.operations import Op, find


def call(draft: Draft, operand: str) -> None:
    """Opens the call that `f(`, `np.f(` or `x.f(` begins."""
    spelled = unicodedata.normalize("NFKC", operand[:-1].rstrip())
    owner, _, function = spelled.rpartition(".")
    op = find(function)
    if not owner or (spelled.startswith(PREFIXES) and owner not in draft.known):
        open_bracket(draft, op or unknown_function(draft, function), function)
    elif op is None or "." in owner or owner in hints.MODULES:
        require_name(draft, spelled, spelled)
    else:
        open_bracket(draft, op, function)
        draft.operands.append(name(draft, owner))
        draft.starts.append(draft.token)


def unknown_function(draft: Draft, spelled: str) -> NoReturn:
    """Refuses a call of something that is no function of the table."""
    if spelled in draft.known or len(spelled) == 1:
        draft.fail(
            f"'{short(spelled)}' is a name, not a function", hints.call_of_name(spelled, draft.program.text, draft.place(draft.token))
        )
    from gradcli.operations.table import FUNCTIONS

    near = nearest(spelled, FUNCTIONS) if len(spelled) < 40 else None
    hint = hints.unknown_function(spelled, near, draft.program.text, draft.place(draft.token))
    draft.fail(f"unknown function '{short(spelled)}'", hint, kind=UnknownFunction)


def open_bracket(draft: Draft, op: Op | None = None, spelled: str = "", token: int | None = None) -> None:
    """An opening bracket, of a call if there is an operation."""
    draft.opens.append(Bracket(op, spelled, draft.token if token is None else token, len(draft.operands), len(draft.operations)))
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


def closing(draft: Draft, given: bool = True) -> None:
    """A closing bracket: its value, or its function's, is the operand. `given` says whether an argument stands before it."""
    if not draft.opens:
        draft.fail("')' has no '(' before it", "remove it, or open the bracket before", start=draft.token + 1)
    bracket = draft.opens[-1]
    end_of_argument(draft, given)
    draft.pending.pop()
    draft.opens.pop()
    if bracket.op is not None:
        registers = draft.operands[bracket.base :]
        del draft.operands[bracket.base :], draft.starts[bracket.base :]
        arguments = arguments_of(draft, bracket, bracket.op, registers)
        draft.operands.append(draft.emit(bracket.op, arguments, bracket.token, draft.token + 1))
        draft.starts.append(bracket.token)
        draft.program.truths |= bracket.op.boolean
    draft.starts[-1] = bracket.token
    draft.end = draft.token + 1
    draft.glue = ")"


def may_close(draft: Draft) -> bool:
    """Whether a bracket may close without an operand before it: `x.exp()`, `max(a, b,)`."""
    return bool(draft.opens) and draft.opens[-1].op is not None and draft.opens[-1].keyword is None and draft.pending[-1] is BOTTOM


def comma(draft: Draft) -> None:
    """A comma: it separates the arguments of a call."""
    if not draft.opens or draft.opens[-1].op is None:
        draft.fail(*hints.comma(draft.program.text, draft.place(draft.token + 1)), start=draft.token + 1)
    end_of_argument(draft)
    draft.opens[-1].start = len(draft.operations)


def end_of_argument(draft: Draft, given: bool = True) -> None:
    """An expression inside a bracket is complete; a keyword argument is remembered by its name."""
    draft.reduce(END)
    require_else(draft)
    bracket = draft.opens[-1]
    if bracket.keyword is not None:
        bracket.keywords[bracket.keyword] = draft.operands.pop()
        draft.starts.pop()
        bracket.keyword = None
    elif bracket.keywords and given:
        hint = f"write {bracket.name}(…, {next(iter(bracket.keywords))}=…)"
        draft.fail(
            "an argument without a name stands behind one with a name", hint, start=draft.starts[-1], end=draft.end, kind=WrongArguments
        )


def keyword(draft: Draft, operand: str) -> None:
    """The name and the '=' before an argument."""
    bracket = draft.opens[-1]
    assert bracket.op is not None
    if operand not in bracket.op.params:
        draft.fail(*hints.unknown_keyword(bracket.name, operand, bracket.op.params), kind=WrongArguments)
    if operand in bracket.keywords:
        draft.fail(f"'{operand}' is given twice", f"write {operand}=… once", kind=WrongArguments)
    draft.operands.pop()
    draft.starts.pop()
    bracket.keyword = operand


def arguments_of(draft: Draft, bracket: Bracket, op: Op, registers: list[int]) -> tuple[int, ...]:
    """The registers of a call's arguments in the order of its parameters, keywords and defaults filled in."""
    count = len(registers) + len(bracket.keywords)
    if op.folds and len(registers) > 2 and not bracket.keywords:
        registers = [fold(draft, op, registers, bracket.token), registers[-1]]
    least, most = op.arity
    given = dict(zip(op.params, registers, strict=False))
    twice = next((param for param in bracket.keywords if param in given), None)
    if twice:
        draft.fail(f"'{twice}' is given twice, by place and by name", f"write {bracket.name}({', '.join(op.params)})",
                   start=bracket.token, end=draft.token + 1, kind=WrongArguments)  # fmt: skip
    given |= bracket.keywords
    if len(registers) > most or any(param not in given for param in op.params[:least]):
        draft.fail(*hints.wrong_arguments(op, bracket.name, count), start=bracket.token, end=draft.token + 1, kind=WrongArguments)
    for param, default in zip(op.params[least:], op.defaults, strict=True):
        if param not in given:
            given[param] = draft.constant(default, repr(default))
    return tuple(given[param] for param in op.params)


def fold(draft: Draft, op: Op, registers: list[int], token: int) -> int:
    """The first arguments of `max(a, b, c, …)` compared with each other; the last one is left."""
    left = registers[0]
    for register in registers[1:-1]:
        left = draft.emit(op, (left, register), token, draft.token + 1)
    return left
