"""Checkers of gradients on one corpus of right and wrong gradients: `python -m tests.benchmarks.against_checkers [--markdown] [--every N]`.

The peers are no dependencies: install them for the comparison only (`pip install torch jax autograd scipy numdifftools jacobi`); those
that are missing are said and left out. Every tool is asked about the same gradients (see planted.py and checkers.py).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.benchmarks.checkers import BLACK_BOX, PEERS, PROGRAM, REAL, Checker
from tests.benchmarks.corpus import FUNCTIONS, SMOOTH, WELL_SCALED
from tests.benchmarks.planted import SIZES, Case, Planted

COARSE = ("sign", "zero", "swapped", "nan")

SHOWN = SIZES[1:]
"""Sizes of errors that the table has."""

HEADER = (
    "checker", "settings", "false alarms", "near a kink", "refused", *(f"{size:.0e}" for size in SHOWN), "sign, zero, swap, NaN",
    "impossible slopes passed", "possible slopes failed", "undefined passed",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What a checker said of one gradient of one function."""

    case: Case
    planted: Planted
    word: str

    @property
    def category(self) -> str:
        """The category of the function."""
        return self.case.function.category


def asked(checker: Checker, cases: Sequence[Case]) -> list[Answer]:
    """Everything that a checker says."""
    answers = []
    for case in cases:
        planted = list(case.planted())
        answers += [Answer(case, *pair) for pair in zip(planted, checker.answers(case, planted), strict=True)]
    return answers


def right(answers: Iterable[Answer], categories: Sequence[str]) -> list[Answer]:
    """Answers on right gradients of some categories."""
    return [one for one in answers if one.planted.fault == "none" and one.category in categories]


def wrong(answers: Iterable[Answer], faults: Sequence[str], categories: Sequence[str] = SMOOTH) -> list[Answer]:
    """Answers on wrong gradients with some faults, as far as float64 can tell that they are wrong."""
    return [one for one in answers if one.planted.fault in faults and one.planted.resolvable and one.category in categories]


def counted(answers: Sequence[Answer], *words: str) -> str:
    """How many answers are one of these words, of how many."""
    return f"{sum(one.word in words for one in answers)}/{len(answers)}"


def found(answers: Sequence[Answer]) -> float:
    """The share of wrong gradients that are called wrong, in percent; of NaN it is enough to call it undefined."""
    caught = [one.word == "fail" or (one.planted.fault == "nan" and one.word == "undefined") for one in answers]
    return 100 * sum(caught) / len(caught) if caught else 100.0


def row(checker: Checker, answers: Sequence[Answer]) -> list[str]:
    """A line of the table."""
    away = [category for category in SMOOTH if category != "near a kink"]
    smooth = right(answers, SMOOTH)
    kinks = [one for one in answers if one.planted.fault in ("impossible slope", "between the slopes")]
    return [
        checker.name,
        checker.settings,
        counted(right(answers, away), "fail"),
        counted(right(answers, ["near a kink"]), "fail"),
        counted(smooth, "undecided", "undefined", "kink"),
        *(f"{found(wrong(answers, [f'{size:.0e}'])):.1f} %" for size in SHOWN),
        f"{found(wrong(answers, COARSE)):.1f} %",
        counted([one for one in kinks if not one.planted.right], "pass", "kink", "undecided"),
        counted([one for one in kinks if one.planted.right], "fail"),
        counted([one for one in answers if one.planted.fault == "undefined"], "pass"),
    ]


def oddities(answers: Iterable[Answer]) -> list[str]:
    """What gradcli should have answered differently, line by line."""
    odd: dict[str, Callable[[Answer], bool]] = {
        "false alarm": lambda one: one.planted.right and one.word in ("fail", "undefined"),
        "refused": lambda one: one.planted.fault == "none" and one.word in ("undecided", "kink"),
        "missed": lambda one: not one.planted.right and one.planted.resolvable and one.word not in ("fail", "undefined"),
    }
    return [
        f"{what}: {one.case.function}, {one.planted.fault}: {one.word}" for one in answers for what, is_odd in odd.items() if is_odd(one)
    ]


def plain(rows: Sequence[Sequence[str]]) -> str:
    """A table with a line for each figure and a column for each checker."""
    widths = [max(map(len, one)) for one in rows]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)) for cells in zip(*rows, strict=True))
    return "\n".join(line.rstrip() for line in lines)


def markdown(rows: Sequence[Sequence[str]]) -> str:
    """The same for a document, a line for each checker."""
    head, *body = rows
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *body])


def main() -> None:
    """Prints the table, then what gradcli itself should have answered differently."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true", help="the table for a document")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth function")
    parser.add_argument("--only", default="", metavar="TEXT", help="only checkers with this in their name")
    options = parser.parse_args()
    cases = [Case(one) for one in FUNCTIONS[:: options.every]]
    tools = [tool for tool in (PROGRAM, BLACK_BOX, REAL, *PEERS) if options.only in tool.name]
    for tool in tools:
        if not tool.there:
            print(f"not installed, left out: {tool.name} ({tool.settings})")
    rows, notes = [list(HEADER)], []
    for tool in tools:
        if tool.there:
            began = time.perf_counter()
            answers = asked(tool, cases)
            rows.append(row(tool, answers))
            seconds = time.perf_counter() - began
            notes.append(f"{tool.name} ({tool.settings}): {1e3 * seconds / len(answers):.1f} ms for a gradient")
            if tool in (PROGRAM, BLACK_BOX, REAL):
                notes += [f"  {line}" for line in oddities(answers)]
    print(
        f"{len(cases)} functions at points, {sum(case.function.category in WELL_SCALED for case in cases)} of them smooth and well scaled"
    )
    print((markdown if options.markdown else plain)(rows))
    print("\n".join(notes))
    for box in (one for one in (BLACK_BOX, REAL) if one.asked):
        smooth = [count for case in cases if case.function.category in SMOOTH for count in [box.asked[str(case.function)] / case.flat.size]]
        print(f"{box.name} ({box.settings}): evaluations per input, median {statistics.median(smooth):.0f}, at most {max(smooth):.0f}")


if __name__ == "__main__":
    main()
