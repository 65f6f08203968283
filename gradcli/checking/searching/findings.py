"""From candidates to findings: which points are checked, which checks matter, and what each of them is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from gradcli.checking.points.ranges import Range
from gradcli.checking.points.shrinking import wrongs
from gradcli.checking.searching.candidates import Candidate, Kind, Search
from gradcli.checking.searching.terrain import Point, Terrain
from gradcli.errors import GradcliError, TargetProblem
from gradcli.results import SEVERITY, UNDECIDED, Check, Verdict

RUNS = 4000
"""Runs of the program that a search may take."""

WORK = 8_000_000
"""Node evaluations that they may take, about; a large program is run less often."""

CHECKS = 30
"""Points that are checked."""

PER_KIND: Mapping[Kind, int] = {"claim": 4, "corner": 8, "edge": 8, "digits": 4, "pattern": 5, "scale": 4, "drawn": 3}
"""Points of each kind that are checked, the first kinds first."""

REPORTED: Mapping[Verdict, int] = {"error": 1, "disagree": 4, "undefined": 3, "kink": 3, "inconclusive": 2, "agree": 2}
"""Checks with each verdict that are reported; of those that agree only some where digits are lost."""

LOST = 6.0
"""Digits lost from which a check that agrees is reported."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: checks that matter, the worst first, and a sentence about the search.

    `ended` says where and why a target ended, of which nothing more can be asked; the checks before are found all the same.
    """

    checks: list[Check]
    note: str
    ended: tuple[Point, TargetProblem] | None = None

    def after(self, before: Sequence[Check], found: Sequence[Check]) -> list[Check]:
        """The checks before a search and those that it found; all say what it did."""
        return [replace(one, notes=[*one.notes, self.note]) for one in [*before, *found]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search is asked for.

    starts, names, ranges   where it begins, which inputs move, and where they may lie
    runs, checks            how often the function may be run, and how many points checked
    judge                   the check at a point; it may raise GradcliError
    demanding               whether lost digits or a resolution were asked about: then a check that is not sure is a failure
    declared                the verdict that is declared, if there is one
    """

    starts: Sequence[Point]
    names: Sequence[str]
    ranges: Mapping[str, Range]
    seed: str
    runs: int
    checks: int
    judge: Callable[[Point], Check]
    demanding: bool = False
    declared: Verdict | None = None


def search(terrain: Terrain, asked: Asked) -> Found:
    """The findings of a search of a terrain."""
    looking = Search(terrain, asked.starts, asked.names, asked.ranges, asked.seed, asked.runs)
    done: list[tuple[Candidate, Check]] = []
    ended = None
    for candidate in chosen(looking.candidates(), asked.checks):
        try:
            done.append((candidate, asked.judge(candidate.at)))
        except TargetProblem as problem:
            if problem.gone:
                ended = candidate.at, problem
                break
        except GradcliError:
            continue
    found = reported(done)
    named = [named_as(candidate, check, asked, i) for i, (candidate, check) in enumerate(found, 1)]
    return Found(named, said(looking.counted.done, len(done), len(named)), ended)


def chosen(candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    """The candidates that are checked: of each kind the weightiest, different reasons before more points for one."""
    picked: list[Candidate] = []
    for kind, count in PER_KIND.items():
        of_kind = sorted((one for one in candidates if one.kind == kind), key=lambda one: -one.weight)
        first = list({one.why: one for one in reversed(of_kind)}.values())[::-1]
        picked += [*first, *(one for one in of_kind if one not in first)][:count] if of_kind else []
    return picked[:most]


def reported(done: Sequence[tuple[Candidate, Check]]) -> list[tuple[Candidate, Check]]:
    """The checks that matter, the worst first, a few of each verdict, and of one reason no two."""
    kept: list[tuple[Candidate, Check]] = []
    reasons: set[Any] = set()
    for candidate, check in sorted(done, key=lambda one: (SEVERITY.index(one[1].verdict), -lost(one[1]))):
        reason = (check.verdict, wrongs(check) or reason_of(candidate, check))
        count = sum(other.verdict == check.verdict for _, other in kept)
        if matters(check) and reason not in reasons and count < REPORTED[check.verdict]:
            reasons.add(reason)
            kept.append((candidate, check))
    return kept


def reason_of(candidate: Candidate, check: Check) -> str:
    """What makes two findings of one verdict the same."""
    if check.verdict == "agree":
        return ""
    return candidate.why if candidate.kind in ("corner", "edge") and check.verdict != "inconclusive" else candidate.kind


def matters(check: Check) -> bool:
    """Whether a check tells its reader something."""
    return check.verdict != "agree" or lost(check) >= LOST


def lost(check: Check) -> float:
    """The most digits that float64 loses in a check."""
    return max((row.digits_lost or 0.0 for row in check.rows), default=0.0)


def named_as(candidate: Candidate, check: Check, asked: Asked, i: int) -> Check:
    """A check as a finding: with why its point was taken, and whether an undecided verdict is excused."""
    digits = f"float64 loses {lost(check):.0f} digits here" if lost(check) >= LOST else ""
    claim = "where the claim is far off" if candidate.kind == "claim" and not digits else ""
    why = ": ".join(filter(None, (candidate.why, digits or claim)))
    excused = check.verdict in UNDECIDED and not (asked.demanding and check.verdict == "inconclusive")
    expected = asked.declared if check.verdict == asked.declared else None
    return replace(check, id=f"{check.id}[search {i}]", found=why or "drawn", excused=excused, expected=expected)


def said(runs: int, checks: int, reported: int) -> str:
    """What the search did."""
    matter = "1 of them matters" if reported == 1 else f"{reported or 'none'} of them matter"
    return f"searched with {runs} runs, and checked {checks} of their points: {matter}"
