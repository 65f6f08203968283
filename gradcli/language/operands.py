"""Operands: numbers, names, and two of them side by side (`2x`, `3(x+1)`)."""

from __future__ import annotations

import math
import unicodedata
from typing import NoReturn

from gradcli.errors import NotSupported
from gradcli.language import hints
from gradcli.language.draft import Bracket, Draft
from gradcli.language.grammar import (
    CONSTANTS,
    HEADERS,
    IMPLICIT,
    IMPLICIT_TIMES,
    KEYWORDS,
    MULTIPLY,
    POWER,
    POWERS,
    PREFIXED,
    PREFIXES,
    RESERVED,
    SETTINGS,
    STEPS,
    UNARY,
)  # fmt: skip
from gradcli.language.hints import short
from gradcli.language.subscripts import attribute, param_of, refuse_attribute
from gradcli.operations import OPS

ATTRIBUTES = frozenset(["T", "mT", "size", "ndim", "shape"])

MAX_NAME = 1000
"""Characters that a name may have."""


def number(draft: Draft, literal: str) -> int:
    """The register of a literal."""
    try:
        value = float(literal)
    except ValueError:
        draft.fail(f"'{short(literal)}' is no number", f"write {short(literal.replace('_', ''))}")
    if math.isinf(value):
        draft.fail(f"'{short(literal)}' is larger than the largest double, 1.8e308", "infinity is written inf")
    return draft.shared_constant(value, literal)


def name(draft: Draft, spelled: str) -> int:
    """The register of a name that is read: bound before, a constant of the language, or a new input."""
    plain = normal(spelled)
    if plain in draft.known:
        return draft.known[plain]
    if "." in plain and is_array_name(plain):
        return attributes(draft, plain)
    module, _, last = plain.rpartition(".")
    if module and f"{module}." in PREFIXES and last in PREFIXED:
        return draft.shared_constant(float(PREFIXED[last]), plain)
    require_name(draft, plain, spelled)
    if plain in CONSTANTS:
        return draft.shared_constant(float(CONSTANTS[plain]), plain)
    if draft.blocks is not None:
        if plain in draft.blocks.functions.declared:
            draft.fail(f"'{short(plain)}' is a function and needs brackets", f"write {short(plain)}(…)")
        slot: int = draft.blocks.names.read(draft, plain)
        return slot
    register = draft.known[plain] = draft.program.inputs[plain] = draft.emit(OPS["input"], (), draft.token, draft.token, plain)
    return register


def is_array_name(plain: str) -> bool:
    """Whether a dotted name is that of an array with its attributes: `x.T`; also a name without dots."""
    base, *parts = plain.split(".")
    return base not in hints.MODULES and all(part in ATTRIBUTES for part in parts)


def attributes(draft: Draft, plain: str) -> int:
    """`x.T`, `x.size`, …"""
    base, *parts = plain.split(".")
    draft.operands.append(name(draft, base))
    draft.starts.append(draft.token)
    for part in parts:
        if not attribute(draft, part, draft.token):
            refuse_attribute(draft, part, draft.token)
    draft.starts.pop()
    return draft.operands.pop()


def setting(draft: Draft, word: str) -> int:
    """The register of True, False or None."""
    if word != "None":
        draft.program.truths = True
    return draft.shared_constant(SETTINGS[word], word)


def takes_setting(draft: Draft, word: str) -> bool:
    """Whether True, False or None may stand here."""
    if draft.opens:
        return draft.opens[-1].kind in ("call", "user", "def", "items") or (word == "None" and draft.opens[-1].kind == "index")
    return word != "None" and draft.blocks is not None and draft.blocks.header is not None


def takes_text(draft: Draft, bracket: Bracket) -> bool:
    """Whether an argument that begins here is a setting of a call."""
    name = param_of(bracket, len(draft.operands) - bracket.base)
    return name is not None and bracket.op is not None and name in bracket.op.settings


def text(draft: Draft, literal: str) -> int:
    """The register of a text, which only settings are."""
    if not draft.opens or not takes_text(draft, draft.opens[-1]):
        message, hint = hints.quote(literal[0])
        draft.fail(message, hint)
    return draft.shared_constant(literal[1:-1], literal)


def normal(spelled: str) -> str:
    """A name as programs know it."""
    return spelled if spelled.isascii() else unicodedata.normalize("NFKC", spelled)


def require_name(draft: Draft, plain: str, spelled: str) -> None:
    """Refuses what can't be a name."""
    if "." in plain:
        draft.fail(f"'{short(plain)}' is an attribute, and programs have none", hints.attribute(plain))
    if not plain.isidentifier():
        draft.fail(f"'{short(spelled)}' is no name", "names consist of letters, digits and '_'")
    if plain in RESERVED or plain in KEYWORDS:
        reserved(draft, plain)
    if len(plain) > MAX_NAME:
        draft.fail(f"a name of {len(plain)} characters is longer than the limit of {MAX_NAME}", "write a shorter name")


def reserved(draft: Draft, word: str) -> NoReturn:
    """Refuses a word that is no name."""
    if word == "for" and draft.opens:
        draft.fail("there are no list comprehensions", "compute with whole arrays: arange(n)**2; or write a loop", kind=NotSupported)
    message, hint = hints.reserved(word, word in HEADERS or word in STEPS or word == "in")
    draft.fail(message, hint, kind=NotSupported)


def juxtapose(draft: Draft, operand: str) -> None:
    """An operand directly behind another: multiplication after a number or a bracket, else an error."""
    if not draft.glue or operand[0] in ".0123456789":
        draft.fail(
            *hints.two_operands(draft.source(draft.starts[-1], draft.end), operand, draft.program.text[: draft.place(draft.token)[0]][-20:])
        )
    if draft.glue == "0" and operand[0] in "xXbBoO" and operand[1:2].isdigit():
        draft.fail(f"'0{short(operand)}' is no number of the language", "write it in decimal digits")
    if two_meanings(draft):
        ambiguous(draft, operand)
    draft.reduce(IMPLICIT)
    draft.pending.append(IMPLICIT_TIMES)


def two_meanings(draft: Draft) -> bool:
    """Whether what stands before an implicit product makes it ambiguous: a division, a remainder or a power."""
    below = next(entry for entry in reversed(draft.pending) if entry[0] != UNARY)
    return bool(below[0] == POWER or (below[0] == MULTIPLY and below[1].name != "mul"))


def ambiguous(draft: Draft, operand: str) -> NoReturn:
    """Refuses `1/2x` and `x^2y`, which mean two things."""
    first, factor = draft.starts[-2], draft.starts[-1]
    text = draft.source(first, draft.end)
    right = draft.source(factor, draft.end)
    left = text[: len(text) - len(right)].rstrip()
    sign = left[-1] if left[-1:] in ("-", "−") else ""
    left = left.removesuffix(sign).rstrip()
    symbol = next((spelling for spelling in (*POWERS, "/", "÷", "%") if left.endswith(spelling)), "")
    draft.fail(*hints.ambiguous(left.removesuffix(symbol).rstrip(), symbol, sign + right, operand), start=first, end=draft.token)
