"""What the self-test found: the faults that a check would have caught, by input, and of several checks on one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.numerals import size_text
from gradcli.rendering.page import BLANK, Block, Cell, Column, Grid, Line, Piece, line

if TYPE_CHECKING:
    from gradcli.results import Caught, Check

STYLES = {"caught": "agree", "missed": "disagree", "not applicable": "dim"}

KINDS = ("sign", "swap", "zero", "nan")
"""The faults beside errors of some size."""


def self_test_blocks(check: Check) -> Iterator[Block]:
    """The faults that were planted in each gradient of a check, and what became of them; inputs with nothing to plant are a sentence."""
    if check.caught is None:
        return
    applicable = [one for one in check.caught if one.applicable]
    if applicable:
        heads = [Column("self-test", "heading"), Column("errors caught from", number=True), *(Column(kind) for kind in KINDS)]
        yield BLANK
        yield Grid(heads, [cells(one) for one in applicable])
    said = dict.fromkeys(one.reason for one in check.caught if one.reason)
    if said:
        yield BLANK
    for reason in said:
        about = ", ".join(one.input for one in check.caught if one.reason == reason)
        yield line((f"self-test, {about}: {reason}", "dim"), hang=2)


def cells(one: Caught) -> list[Cell]:
    """The cells of one gradient."""
    size: Cell = ("none", "disagree") if one.smallest is None else size_text(one.smallest)
    return [one.input, size, *((getattr(one, kind), STYLES[getattr(one, kind)]) for kind in KINDS)]


def remark(check: Check) -> Piece:
    """What the self-test says of one of several checks, beside its verdict; an empty piece without one."""
    if check.caught is None:
        return "", ""
    applicable = [one for one in check.caught if one.applicable]
    if not applicable:
        return "  (self-test not applicable)", "dim"
    if not check.proved:
        return "  (self-test failed)", "disagree"
    return f"  (catches errors from {size_text(largest(applicable))})", "dim"


def largest(applicable: Sequence[Caught]) -> float:
    """The error from which on every gradient would have failed."""
    return max((one.smallest for one in applicable if one.smallest is not None), default=0.0)


def summary(checks: Sequence[Check]) -> Iterator[Line]:
    """The self-tests of several checks on one line; nothing without any."""
    tested = [check for check in checks if check.caught is not None]
    if not tested:
        return
    applicable = [check for check in tested if any(one.applicable for one in check.caught or ())]
    failed = [check for check in applicable if not check.proved]
    proved = [one for check in applicable if check.proved for one in check.caught or () if one.applicable]
    others = len(tested) - len(applicable)
    count = f"{len(applicable) - len(failed)} of {len(applicable)} checks can fail"
    size = f", and see an error of {size_text(largest(proved))} in every gradient" if proved else ""
    left = f"; not applicable to {others}" if others else ""
    yield line(("self-test  ", "dim"), (f"{count}{size}{left}", "disagree" if failed else ""), hang=11)
