"""Verdicts that a suite or an option may declare: what a check is expected to come out as."""

from __future__ import annotations

from gradcli.errors import nearest
from gradcli.results import SEVERITY, Verdict

DECLARABLE: tuple[Verdict, ...] = tuple(verdict for verdict in SEVERITY if verdict != "error")
"""The verdicts that may be declared: a check that could not run has none."""


def verdict_cure(word: str) -> str:
    """The hint for a word that is no verdict."""
    near = nearest(word, DECLARABLE)
    return f"did you mean '{near}'?" if near else "verdicts: " + ", ".join(DECLARABLE)
