"""Conditional expressions: `a if c else b` becomes jumps around its three pieces.

The pieces keep the order of the text. That the condition runs first takes a jump before a, which is met too late to be put there at
once: moving the instructions behind it each time would cost the square of the nesting. So jumps wait until the program is complete.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from gradcli.language.draft import Draft
from gradcli.language.grammar import ELSE, END, IF, OPEN, TERNARY
from gradcli.language.program import BRANCH, GOTO, JOIN, STORE, Program

ORDER = "write a if c else b"


def condition(draft: Draft) -> None:
    """The `if`: the value before it is stored for the join."""
    draft.reduce(TERNARY)
    top = draft.pending[-1]
    if top[1] is IF:
        draft.fail("'else' is missing before this 'if'", ORDER)
    begin = top[3] if top[0] == ELSE else draft.opens[-1].start if draft.opens else draft.begin
    store = draft.emit(STORE, (draft.operands.pop(), -1), draft.token, draft.token)
    draft.pending.append((OPEN, IF, begin, store, draft.token, draft.starts.pop()))


def otherwise(draft: Draft) -> None:
    """The `else`: the condition is complete, and the run goes to one value or the other."""
    draft.reduce(END)
    if draft.pending[-1][1] is not IF:
        draft.fail("'else' without 'if'", ORDER)
    _, _, begin, store, token, first = draft.pending.pop()
    behind = len(draft.operations) + 1
    draft.emit(BRANCH, (draft.operands.pop(), len(draft.jumps), behind), draft.starts.pop(), draft.end)
    draft.jumps.append((begin, store + 1, token))
    draft.pending.append((ELSE, JOIN, 3, behind, store, first))


def require_else(draft: Draft) -> None:
    """Refuses the end of an expression whose `if` still waits for its else."""
    if draft.pending[-1][1] is IF:
        draft.fail("'else' is missing", ORDER, start=draft.pending[-1][4])


def place_jumps(draft: Draft) -> None:
    """Puts the waiting jumps in and renumbers everything, in one pass."""
    program, jumps = draft.program, draft.jumps
    # Of jumps before the same instruction the outermost, which was met last, comes first.
    order = sorted(range(len(jumps)), key=lambda k: (jumps[k][0], -k))
    begins = [jumps[k][0] for k in order]
    moved = moves(begins, len(program))
    renumber(program, moved, Landing(begins, {k: begin + rank for rank, (k, begin) in enumerate(zip(order, begins, strict=True))}))
    insert(program, [(begin, jumps[k][1] + bisect_left(begins, jumps[k][1]), jumps[k][2]) for k, begin in zip(order, begins, strict=True)])
    program.branching = True


def moves(begins: list[int], length: int) -> list[int]:
    """The new number of every instruction, given where jumps are put in; the last item stands for the end."""
    counts = [0] * (length + 1)
    for begin in begins:
        counts[begin] += 1
    return [i + shift for i, shift in enumerate(accumulate(counts))]


class Landing(NamedTuple):
    """Where branches arrive: before the jumps that stand before an instruction, or just behind one of these jumps."""

    begins: list[int]
    jumps: dict[int, int]

    def branch(self, condition: int, jump: int, otherwise: int) -> tuple[int, int, int]:
        """The arguments of a finished branch."""
        return condition, self.jumps[jump] + 1, otherwise + bisect_left(self.begins, otherwise)


def renumber(program: Program, moved: list[int], landing: Landing) -> None:
    """Replaces every register, and every target of a branch, by its new number; constants stay below zero."""

    def new(register: int) -> int:
        return moved[register] if register >= 0 else register

    for i, (operation, arguments) in enumerate(zip(program.operations, program.arguments, strict=True)):
        if operation is BRANCH:
            condition, jump, otherwise = arguments
            program.arguments[i] = landing.branch(new(condition), jump, otherwise)
        else:
            program.arguments[i] = tuple(new(a) for a in arguments)
    for names in (program.registers, program.inputs):
        names.update([(name, new(register)) for name, register in names.items()])
    for versions in program.versions.values():
        versions[:] = map(new, versions)
    program.output = new(program.output)


def insert(program: Program, jumps: list[tuple[int, int, int]]) -> None:
    """Puts jumps (instruction to stand before, target, token) into the columns; they come in ascending order."""
    begins = [begin for begin, _, _ in jumps]
    tokens = [token for _, _, token in jumps]
    weave(program.operations, begins, [GOTO] * len(jumps))
    weave(program.arguments, begins, [(target,) for _, target, _ in jumps])
    weave(program.first, begins, tokens)
    weave(program.last, begins, tokens)
    weave(program.names, begins, [None] * len(jumps))


def weave(column: Any, begins: Sequence[int], items: Sequence[Any]) -> None:
    """Puts an item before each of some entries of a column, in one pass."""
    old = column[:]
    del column[:]
    done = 0
    for begin, item in zip(begins, items, strict=True):
        column.extend(old[done:begin])
        column.append(item)
        done = begin
    column.extend(old[done:])
