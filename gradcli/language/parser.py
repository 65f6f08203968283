"""The parser: text -> Program, by operator precedence with explicit stacks. It knows no values, and nothing here recurses.

The loop of `parse` takes one (operand, operator) pair at a time. An operator first reduces everything pending that binds at least as
strongly: `1 + 2*3 -` emits mul, then add. Operands and names that were met before take the straight way through the loop; everything
else is a function, here or in a module beside this one.
"""

from __future__ import annotations

from typing import NoReturn

from gradcli.files import limited
from gradcli.language import calls, conditionals, hints, operands, statements
from gradcli.language.draft import Draft
from gradcli.language.grammar import (
    BINARY,
    CHAIN,
    COMPARE,
    COMPARISONS,
    CONTINUATIONS,
    END,
    KEYWORDS,
    NOT,
    NOT_ENTRY,
    OUTSIDE,
    POSTFIX,
    POWER,
    POWERS,
    PREFIX,
    RAISE,
    RESERVED,
    WORDS,
    Pending,
)  # fmt: skip
from gradcli.language.program import Program
from gradcli.language.tokens import SUPERSCRIPTS, end_of_code, pairs
from gradcli.operations import OPS, find


def parse(text: str) -> Program:
    """The program that a text means. Raises SourceError with the place of the first fault."""
    limited(len(text), "the program")
    draft = Draft(text)
    program, operations, known, waiting, starts, pending = (
        draft.program,
        draft.operations,
        draft.known,
        draft.operands,
        draft.starts,
        draft.pending,
    )
    arguments, first, last, names = program.arguments, program.first, program.last, program.names
    token, have, straight = -2, False, OUTSIDE
    for start, chunk in pairs(text):
        program.chunks.append((token + 2, start))
        for operand, operator in chunk:
            token += 2
            if operand:
                register = known.get(operand)
                if have or register is None:
                    draft.token = token
                    register = meet(draft, operand, operator, have)
                if register is None:
                    have = False
                else:
                    waiting.append(register)
                    starts.append(token)
                    have = True
            if not have:
                if operator:
                    draft.token = token
                    have = prefix(draft, operator)
                    straight = BINARY if draft.opens else OUTSIDE
                continue
            entry = straight.get(operator)
            if entry is None:
                draft.token = token
                if operand:
                    draft.end = token
                have = postfix(draft, operator, operand)
                straight = BINARY if draft.opens else OUTSIDE
                continue
            power = entry[0]
            while pending[-1][0] >= power:
                top = pending.pop()
                if top[2] == 2:
                    arguments.append((waiting[-2], waiting.pop()))
                    starts.pop()
                    first.append(starts[-1])
                    waiting[-1] = len(operations)
                    operations.append(top[1])
                    last.append(token if operand else draft.end)
                    names.append(None)
                else:
                    if operand:
                        draft.end = token
                    draft.complete(top)
            if power == END:
                draft.token = token
                if operand:
                    draft.end = token
                statements.finish(draft)
            else:
                pending.append(entry)
            have = False
    draft.token = token + 2
    return statements.conclude(draft, have)


def meet(draft: Draft, operand: str, operator: str, have: bool) -> int | None:
    """The register of an operand that is new, or that follows another; None for a word that is no operand."""
    if operand in KEYWORDS:
        word(draft, operand, operator, have)
        return None
    if operand in RESERVED:
        operands.reserved(draft, operand)
    if have:
        operands.juxtapose(draft, operand)
    if operand[0] in ".0123456789":
        return operands.number(draft, operand)
    if operand[-1] == "(":
        calls.call(draft, operand)
        return None
    if operator == "=":
        return draft.known.get(operand, 0)
    return operands.name(draft, operand)


def word(draft: Draft, spelled: str, operator: str, have: bool) -> None:
    """A keyword between or before operands."""
    if operator == "=" or (not have and spelled != "not"):
        draft.fail(*hints.no_operand_before(spelled, operator == "=", draft.blank()))
    if spelled == "not":
        if have:
            draft.fail("'not' stands between two operands", "a different value is written a != b")
        if draft.pending[-1][0] > NOT:
            draft.fail("'not' binds weaker than the operator before it", "write it in brackets: (not a)")
        draft.pending.append((*NOT_ENTRY, draft.token))
    elif spelled in WORDS:
        draft.reduce(WORDS[spelled][0])
        draft.pending.append(WORDS[spelled])
        draft.program.truths = True
    elif spelled == "if":
        conditionals.condition(draft)
    else:
        conditionals.otherwise(draft)
    draft.program.truths |= spelled == "not"
    draft.glue = ""


def prefix(draft: Draft, operator: str) -> bool:
    """An operator where an operand is due; whether an operand is complete behind it."""
    if operator in PREFIX:
        draft.pending.append((*PREFIX[operator], draft.token + 1))
    elif operator == "(":
        calls.open_bracket(draft, token=draft.token + 1)
    elif operator == ")" and calls.may_close(draft):
        calls.closing(draft, given=False)
        return True
    elif operator == ";" and draft.opens:
        unclosed(draft)
    elif not (operator in CONTINUATIONS or (operator in "\n;" and (draft.opens or draft.blank()))):
        misplaced(draft, operator)
    return False


def postfix(draft: Draft, operator: str, operand: str) -> bool:
    """An operator behind a complete operand that the loop does not handle; whether the operand is complete still."""
    if not operator:
        draft.glue = operand if operand and operand[0] in ".0123456789" else "" if operand else draft.glue
    elif operator == ")":
        calls.closing(draft)
    elif operator[-1] in SUPERSCRIPTS:
        superscript(draft, operator, operand)
    elif operator == "\n" or operator in CONTINUATIONS:
        draft.glue = ""
    else:
        infix(draft, operator, operand)
        return False
    return True


def infix(draft: Draft, operator: str, operand: str) -> None:
    """An operator behind a complete operand, which wants another one behind it."""
    if operator in POWERS:
        draft.reduce(POWER + 1)
        draft.pending.append(RAISE)
    elif operator in COMPARISONS:
        compare(draft, COMPARISONS[operator])
    elif operator == ",":
        calls.comma(draft)
    elif operator == "(":
        calls.bracket_behind(draft, operand)
    elif operator == "=":
        statements.equals(draft, operand)
    elif operator == ";":
        unclosed(draft)
    else:
        misplaced(draft, operator)


def compare(draft: Draft, entry: Pending) -> None:
    """A comparison; behind another one it continues the chain: a < b < c is a < b and b < c."""
    draft.reduce(COMPARE + 1)
    if draft.pending[-1][0] == COMPARE:
        middle, start = draft.operands[-1], draft.starts[-1]
        draft.reduce(COMPARE)
        draft.pending.append(CHAIN)
        draft.operands.append(middle)
        draft.starts.append(start)
    draft.pending.append(entry)
    draft.program.truths = True


def superscript(draft: Draft, operator: str, operand: str) -> None:
    """x² is x**2, with the binding of a power."""
    digits = operator.replace("⁻", "-").translate({ord(char): str(value) for value, char in enumerate(SUPERSCRIPTS)})
    draft.reduce(POSTFIX)
    exponent = operands.number(draft, digits)
    draft.operands[-1] = draft.emit(OPS["pow"], (draft.operands[-1], exponent), draft.starts[-1], draft.token + 1)
    draft.end = draft.token + 1
    draft.glue = ")" + operand if find(operand) else ")"


def unclosed(draft: Draft) -> NoReturn:
    """Refuses the end of a statement inside a bracket."""
    draft.fail("')' is missing", "close the bracket before ';'", start=draft.opens[-1].token)


def misplaced(draft: Draft, operator: str) -> NoReturn:
    """Refuses an operator that can't stand here."""
    text = draft.program.text
    start, end = draft.place(draft.token + 1)
    message, hint, kind = hints.misplaced(operator, text, start)
    if operator == "\n":
        start = end = end_of_code(text[:start])
    raise kind(message, text, (start, end), hint)
