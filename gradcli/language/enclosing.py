"""The conditions under which an instruction of a program runs: the branches that it stands in."""

from __future__ import annotations

from collections.abc import Iterator

from gradcli.errors import line_and_column
from gradcli.language.program import BRANCH, GOTO, STORE, UNLESS, Program

Piece = tuple[int, int, bool]
"""Instructions from one to before another, and what the condition must have found for them to run."""


def branch_of(program: Program, instruction: int) -> str:
    """The branches that an instruction stands in, innermost first: "line 2: x > 0 is true"; empty outside all."""
    found = conditions(program, instruction)
    spans = program.spans([at for at, _ in found]) if found else []
    return "; ".join(
        f"line {line_and_column(program.text, start)[0]}: {' '.join(program.text[start:end].split())} is {str(truth).lower()}"
        for (start, end), (_, truth) in zip(spans, found, strict=True)
    )


def conditions(program: Program, instruction: int) -> list[tuple[int, bool]]:
    """The instructions that decide whether an instruction runs, the innermost first, with what they must have found."""
    found = []
    for at, kind in enumerate(program.operations):
        if kind is UNLESS or kind is BRANCH:
            pieces = of_statement(program, at) if kind is UNLESS else of_expression(program, at)
            found += [(end - start, at, truth) for start, end, truth in pieces if start <= instruction < end]
    return [(at, truth) for _, at, truth in sorted(found)]


def of_statement(program: Program, at: int) -> Iterator[Piece]:
    """The block of an `if` or `while`, and that of the `else`, which the first one jumps over."""
    otherwise = program.arguments[at][1]
    yield at + 1, otherwise, True
    if otherwise - 1 > at and program.operations[otherwise - 1] is GOTO:
        yield otherwise, program.arguments[otherwise - 1][0], False


def of_expression(program: Program, at: int) -> Iterator[Piece]:
    """The two values of `a if c else b`: the first stands before the condition, and is stored for a join behind the second."""
    _, then, otherwise = program.arguments[at]
    store = next((i for i in range(then, at) if program.operations[i] is STORE and program.arguments[i][1] > at), None)
    if store is not None:
        yield then, store, True
        yield otherwise, program.arguments[store][1], False
