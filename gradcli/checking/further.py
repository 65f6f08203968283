"""What is done beyond the points of a check of a program: further points are searched for, and failing ones made simple."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from gradcli.checking.exact.budget import size, work
from gradcli.checking.points import shrinking
from gradcli.checking.points.drawing import Asked
from gradcli.checking.points.sampling import seeded
from gradcli.checking.reproducing import reproduce
from gradcli.checking.requests import Request
from gradcli.checking.searching import findings
from gradcli.checking.searching.programs import is_formula, terrain_of
from gradcli.checking.searching.terrain import Point
from gradcli.checking.subject import Subject
from gradcli.language.limits import Limits
from gradcli.results import Check

SHRINKING_WORK = 600_000
"""Sums and products in precise numbers that making a failing point simple may take: about 3 seconds."""

SEARCH_WORK = 800_000
"""The same for the checks of a search: about 4 seconds."""

LONGER = 3
"""How many times the steps and nodes of the first point a run of a search may take: elsewhere a loop may go on for long."""

FEWEST = 3
"""Points that a search checks, whatever they cost."""

Judge = Callable[[Request, Point], Check]
Subjects = Callable[[Request, Point], Subject]


def with_simpler_points(request: Request, checks: Sequence[Check], wanted: Asked, judge: Judge, subject_of: Subjects) -> list[Check]:
    """The checks, the first of those that disagree with a simpler point at which the same is wrong."""
    if all(one.passed for one in checks):
        return list(checks)
    plain, again, own = replace(request, formula=False, self_test=False), replace(request, suite=False), request.program.defaults
    simpler = partial(shrinking.with_notes, judge=lambda at: judge(plain, at), say=lambda at: reproduce(again, at))
    return simpler(checks, wanted, own, runs=min(shrinking.RUNS, SHRINKING_WORK // max(work(subject_of(request, checks[0].at)), 1)))


def with_findings(request: Request, checks: Sequence[Check], wanted: Asked, judge: Judge, subject_of: Subjects) -> list[Check]:
    """The checks, and those at points that a search found; all say what the search did."""
    plain = replace(request, formula=False, suite=False, self_test=False)
    if wanted.one and wanted.given:
        plain = replace(plain, claims=[claim for claim in request.claims if is_formula(claim)])
    names = moving(request, wanted)
    subject = subject_of(request, checks[0].at)
    terrain = terrain_of(plain, shortened(request.limits, subject), subject_of)
    asked = findings.Asked(
        starts=[check.at for check in checks],
        names=names,
        ranges=wanted.ranges,
        seed=seeded(request.id, request.seed),
        runs=min(findings.RUNS, findings.WORK // max(size(subject), 1)),
        checks=max(FEWEST, min(findings.CHECKS, SEARCH_WORK // max(work(subject), 1))),
        judge=partial(judge, plain),
        demanding=request.max_digits_lost is not None or request.require_resolution is not None,
        declared=request.verdict,
    )
    found = findings.search(terrain, asked)
    simple = with_simpler_points(plain, found.checks, wanted.moving(names, checks[0].at), judge, subject_of)
    return found.after(checks, simple)


def shortened(limits: Limits, subject: Subject) -> Limits:
    """Limits of the runs of a search."""
    most = LONGER * max(len(subject.trace.graph), len(subject.program)) + 1000
    return replace(limits, steps=min(limits.steps, most), nodes=min(limits.nodes, most))


def moving(request: Request, wanted: Asked) -> list[str]:
    """The inputs that a search moves: those that --over draws, or that nobody gives; of a point that is given whole, all of them."""
    program, held = request.program, request.freeze | request.program.defaults.keys()
    if not (wanted.one and wanted.given):
        held |= wanted.given.keys() | set(wanted.columns)
    return [name for name in program.inputs if name not in held]
