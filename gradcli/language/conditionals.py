"""Conditional expressions: `a if c else b` becomes jumps around its three pieces.

The pieces keep the order of the text. That the condition runs first takes a jump before a, which is met too late to be put there at
once: moving the instructions behind it each time would cost the square of the nesting. So jumps wait until the program is complete.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from gradcli.language.draft import Draft
from gradcli.language.grammar import ELSE, END, IF, OPEN, TERNARY
from gradcli.language.program import BRANCH, GOTO, JOIN, STORE, Control, Program

ORDER = "write a if c else b"


def condition(draft: Draft) -> None:
    """The `if`: the value before it is stored for the join."""
    draft.reduce(TERNARY)
    top = draft.pending[-1]
    if top[1] is IF:
        draft.fail("'else' is missing before this 'if'", ORDER)
    begin = top[3] if top[0] == ELSE else draft.opens[-1].start if draft.opens else max(draft.begin, draft.part)
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


def place_jumps(draft: Draft) -> Places:
    """Puts the waiting jumps in and renumbers everything, in one pass; where everything went."""
    program, jumps = draft.program, draft.jumps
    # Of jumps before the same instruction the outermost, which was met last, comes first.
    order = sorted(range(len(jumps)), key=lambda k: (jumps[k][0], -k))
    begins = [jumps[k][0] for k in order]
    moved = moves(begins, len(program))
    places = Places(begins, {k: begin + rank for rank, (k, begin) in enumerate(zip(order, begins, strict=True))}, moved)
    renumber(program, places)
    insert(program, [(begin, places.landing(jumps[k][1]), jumps[k][2]) for k, begin in zip(order, begins, strict=True)])
    program.branching = True
    return places


def moves(begins: list[int], length: int) -> list[int]:
    """The new number of every instruction, given where jumps are put in; the last item stands for the end."""
    counts = [0] * (length + 1)
    for begin in begins:
        counts[begin] += 1
    return [i + shift for i, shift in enumerate(accumulate(counts))]


class Places(NamedTuple):
    """Where instructions went: `moved` their new numbers, `jumps` those of the jumps that were put in before `begins`."""

    begins: list[int]
    jumps: dict[int, int]
    moved: list[int]

    def register(self, register: int) -> int:
        """The new number of a register; constants stay below zero."""
        return self.moved[register] if register >= 0 else register

    def landing(self, target: int) -> int:
        """Where a jump to an instruction arrives: before the jumps that stand before it."""
        return target + bisect_left(self.begins, target)

    def arguments(self, operation: Any, arguments: tuple[int, ...]) -> tuple[int, ...]:
        """The new arguments of an instruction."""
        if operation is BRANCH:
            condition, jump, otherwise = arguments
            return self.register(condition), self.jumps[jump] + 1, self.landing(otherwise)
        if not isinstance(operation, Control):
            return tuple(map(self.register, arguments))
        kinds = operation.kinds.ljust(len(arguments), operation.kinds[-1])
        moves: dict[str, Callable[[int], int]] = {"r": self.register, "t": self.landing, "n": int}
        return tuple(moves[kind](argument) for kind, argument in zip(kinds, arguments, strict=False))


def renumber(program: Program, places: Places) -> None:
    """Replaces every register, and every target of a jump, by its new number."""
    new = places.register
    for i, (operation, arguments) in enumerate(zip(program.operations, program.arguments, strict=True)):
        program.arguments[i] = places.arguments(operation, arguments)
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
