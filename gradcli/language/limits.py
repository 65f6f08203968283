"""Budgets of a run: every program ends, with an answer or with an error that says where and how to allow more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from gradcli.errors import BudgetExceeded
from gradcli.language.program import Program


@dataclass(frozen=True)
class Limits:
    """What a run may use: executed instructions, recorded nodes, elements of all arrays, calls inside each other."""

    steps: int = 10_000_000
    nodes: int = 10_000_000
    elements: int = 100_000_000
    depth: int = 1000


LIMITS = Limits()

WORDS = {
    "steps": "the run takes more than {} steps",
    "nodes": "the graph has more than {} nodes",
    "elements": "the arrays have more than {} elements",
    "depth": "more than {} calls stand inside each other",
}


def exceeded(limits: Limits, what: str, program: Program, instruction: int) -> NoReturn:
    """Ends a run that uses more than its limit, at an instruction."""
    limit = getattr(limits, what)
    hint = f"allow more with --max-{what} {10 * limit}"
    if what in ("steps", "depth"):
        hint = f"a {'loop' if what == 'steps' else 'function'} may have no end; {hint}"
    raise BudgetExceeded(WORDS[what].format(f"{limit:,}".replace(",", " ")), hint, text=program.text, span=program.span(instruction))
