"""The parser: text -> Program, by operator precedence with explicit stacks. It knows no values, and nothing here recurses.

The loop of `parse` takes one (operand, operator) pair at a time. An operator first reduces everything pending that binds at least as
strongly: `1 + 2*3 -` emits mul, then add. Operands and names that were met before take the straight way through the loop; everything
else is a function, here or in a module beside this one.
"""

from __future__ import annotations

from typing import NoReturn

from gradcli.errors import SourceError
from gradcli.files import limited
from gradcli.language import calls, conditionals, hints, operands, statements, subscripts
from gradcli.language.blocks import DEFINED, Blocks, NeedsBlocks
from gradcli.language.draft import Draft
from gradcli.language.grammar import (
    AUGMENTED,
    BINARY,
    BOTTOM,
    CHAIN,
    COMPARE,
    COMPARISONS,
    CONTINUATIONS,
    END,
    HEADERS,
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
    SETTINGS,
    STEPS,
    WORDS,
    Pending,
)  # fmt: skip
from gradcli.language.program import Program
from gradcli.language.tokens import SUPERSCRIPTS, end_of_code, lines, pairs
from gradcli.operations import OPS, find

BEGINNINGS = HEADERS | STEPS
SPECIAL = BEGINNINGS | KEYWORDS | RESERVED
"""Words that begin a statement, and all that are no names."""


def parse(text: str) -> Program:
    """The program that a text means. Raises SourceError with the place of the first fault."""
    limited(len(text), "the program")
    try:
        return read(text, None)
    except NeedsBlocks:
        return read(text, Blocks(text))
    except SourceError:
        if DEFINED.search(text) is None:
            raise
        return read(text, Blocks(text))  # what looks wrong may be a call of a function that is defined further down


def read(text: str, blocks: Blocks | None) -> Program:
    """The program of a text; `blocks` keeps those of a text that has any. Raises NeedsBlocks if they turn up without."""
    draft = Draft(text)
    draft.blocks = blocks
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
    for start, chunk in pairs(text) if blocks is None else lines(text):
        program.chunks.append((token + 2, start))
        if blocks is not None and not draft.opens and draft.blank() and not have:
            draft.token = token
            done = blocks.line(draft, start, chunk)
            token += 2 * done
            chunk = chunk[done:]
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
    if draft.blocks is not None and not have and draft.blocks.operand(draft, operand, operator):
        return None
    if operand in SPECIAL:
        return special(draft, operand, operator, have)
    if have:
        operands.juxtapose(draft, operand)
    if operand[0] in ".0123456789":
        return operands.number(draft, operand)
    if operand[-1] == "(":
        calls.call(draft, operand)
        return None
    if operator == "=":
        return draft.known.get(operand, 0)
    if operand[0] in "'\"":
        return operands.text(draft, operand)
    if operator == "," and not draft.opens and draft.several(operand):
        return 0
    return operands.name(draft, operand)


def special(draft: Draft, spelled: str, operator: str, have: bool) -> int | None:
    """A word that is no name: it begins a statement, stands between operands, or is the value of a setting."""
    if spelled in BEGINNINGS and not have and operator != "=" and not draft.opens and draft.blank():
        if draft.blocks is None:
            raise NeedsBlocks
        (draft.blocks.begin if spelled in HEADERS else draft.blocks.step)(draft, spelled)
    elif spelled in KEYWORDS:
        word(draft, spelled, operator, have)
    elif spelled in SETTINGS and not have and operands.takes_setting(draft, spelled):
        return operands.setting(draft, spelled)
    else:
        operands.reserved(draft, spelled)
    return None


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
    elif operator == "[":
        subscripts.open_square(draft, have=False)
    elif operator in (")", "]") and calls.may_close(draft, operator):
        calls.closing(draft, given=False, closer=operator)
        return True
    elif operator == ";" and draft.opens:
        unclosed(draft)
    elif draft.opens and draft.pending[-1] is BOTTOM and prefix_in_bracket(draft, operator):
        return operator == "..."
    elif not (operator in CONTINUATIONS or (operator in "\n;" and (draft.opens or draft.blank()))):
        prefix_of_line(draft, operator)
    return False


def prefix_in_bracket(draft: Draft, operator: str) -> bool:
    """An operator that may follow another one inside a bracket; whether it did."""
    bracket = draft.opens[-1]
    if bracket.kind == "index" and operator == ":":
        subscripts.colon(draft, given=False)
    elif bracket.kind == "index" and operator == "...":
        draft.operands.append(draft.constant(..., "..."))
        draft.starts.append(draft.token + 1)
        draft.end = draft.token + 1
    elif bracket.kind == "index" and operator == "," and bracket.slice is not None:
        calls.comma(draft, "", given=False)
    elif bracket.kind != "def" or operator not in (",", "="):
        return False
    return True


def prefix_of_line(draft: Draft, operator: str) -> None:
    """An operator that may follow the first word of a line."""
    blocks = draft.blocks
    if operator == "@" and draft.blank():
        if blocks is None:
            raise NeedsBlocks
    elif blocks is not None and blocks.header is not None and not draft.opens and not draft.operands and operator in ":\n;":
        if operator != ":":
            blocks.missing_colon(draft, False)
        blocks.colon(draft, have=False)
        return
    elif blocks is not None and blocks.returning is not None and not draft.operands and operator in "\n;" and len(draft.pending) == 1:
        draft.fail("'return' gives no value", "write return x", start=blocks.returning)
    misplaced(draft, operator)


def postfix(draft: Draft, operator: str, operand: str) -> bool:
    """An operator behind a complete operand that the loop does not handle; whether the operand is complete still."""
    if not operator:
        draft.glue = operand if operand and operand[0] in ".0123456789" else "" if operand else draft.glue
    elif operator in (")", "]"):
        calls.closing(draft, closer=operator)
    elif operator[-1] in SUPERSCRIPTS:
        superscript(draft, operator, operand)
    elif operator == "\n" or operator in CONTINUATIONS:
        draft.glue = ""
    elif operator[0] == "." and operator[1:2].isidentifier() and operator[-1] != "(":
        if not subscripts.attribute(draft, operator[1:], draft.token + 1):
            subscripts.refuse_attribute(draft, operator[1:], draft.token + 1)
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
        calls.comma(draft, operand)
    elif operator == "(":
        calls.bracket_behind(draft, operand)
    elif operator == "[":
        subscripts.open_square(draft, have=True)
    elif operator == "=":
        statements.equals(draft, operand)
    elif operator in AUGMENTED:
        statements.augment(draft, operator, operand)
    elif operator == ";":
        unclosed(draft)
    elif operator == ":" and draft.opens and draft.opens[-1].kind == "index":
        subscripts.colon(draft, given=True)
    elif operator == ":" and draft.blocks is not None and draft.blocks.header is not None and not draft.opens:
        draft.blocks.colon(draft, have=True)
    elif operator[0] == "." and operator[1:2].isidentifier():
        calls.method(draft, operator)
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
    draft.fail(f"'{draft.opens[-1].closer}' is missing", "close the bracket before ';'", start=draft.opens[-1].token)


def misplaced(draft: Draft, operator: str) -> NoReturn:
    """Refuses an operator that can't stand here."""
    text = draft.program.text
    start, end = draft.place(draft.token + 1)
    message, hint, kind = hints.misplaced(operator, text, start)
    if operator == "\n":
        start = end = end_of_code(text[:start])
    raise kind(message, text, (start, end), hint)
