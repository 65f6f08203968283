"""What is done beyond the points of a check of a target: further points are searched for, and failing ones made simple.

A search knows nothing of such a function but whether it has a finite value and gradient; so it finds edges, scales and special points.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from gradcli.checking.foreign.failing import failed
from gradcli.checking.foreign.points import Tried
from gradcli.checking.foreign.reproducing import reproduce
from gradcli.checking.foreign.request import Request
from gradcli.checking.points import shrinking
from gradcli.checking.points.drawing import Asked
from gradcli.checking.points.sampling import seeded
from gradcli.checking.searching import findings
from gradcli.checking.searching.terrain import Point, Terrain, View
from gradcli.errors import TargetProblem
from gradcli.results import Check

SIMPLER = 15
"""Simpler points that are tried for one that disagrees: each is a whole check of somebody else's code."""

RUNS = 400
CHECKS = 10
"""Calls that a search takes, and points of which it checks."""

Judge = Callable[[Request, Point], Check]


def with_simpler_points(request: Request, checks: Sequence[Check], wanted: Asked, judge: Judge) -> list[Check]:
    """The checks, the first of those that disagree with a simpler point at which the same is wrong."""
    plain, again = replace(request, self_test=False), replace(request, suite=False)
    own = request.target.defaults.keys() - wanted.ranges.keys()
    return shrinking.with_notes(checks, wanted, own, partial(judge, plain), lambda at: reproduce(again, at, request.id), SIMPLER)


def with_findings(request: Request, checks: Sequence[Check], wanted: Asked, judge: Judge) -> list[Check]:
    """The checks, and those at points that a search found; all say what the search did.

    A target that ends during the search is one more check, where it ended: nothing that was found before is lost.
    """
    plain = replace(request, suite=False, self_test=False)
    if wanted.one:
        plain = replace(plain, claims=[claim for claim in request.claims if claim.program is not None and claim.program.inputs])
    tried, names = Tried(request.target), moving(request, checks[0].at, wanted)
    asked = findings.Asked(
        starts=[check.at for check in checks],
        names=names,
        ranges=wanted.ranges,
        seed=seeded(request.id, request.seed),
        runs=RUNS,
        checks=CHECKS,
        judge=partial(judge, plain),
        demanding=request.require_resolution is not None,
        declared=request.verdict,
    )
    terrain = Terrain(lambda at: View(tried.usable(at)), lambda at, mark: f"the domain of {request.target.name}")
    try:
        found = findings.search(terrain, asked)
    except TargetProblem as problem:
        return [*checks, failed(plain, tried.at, f"{request.id}[search]", problem)]
    if found.ended is not None:
        at, ending = found.ended
        further = [*found.checks, failed(plain, at, f"{request.id}[search]", ending)]
    else:
        further = with_simpler_points(plain, found.checks, wanted.moving(names, checks[0].at), judge)
    return found.after(checks, further)


def moving(request: Request, at: Point, wanted: Asked) -> list[str]:
    """The inputs that a search moves: those that --over draws, or that nobody gives; of a point that is given, all that were given."""
    held = set(request.freeze)
    if wanted.one:
        held |= request.target.defaults.keys() - wanted.given.keys()
    else:
        held |= {*wanted.given, *wanted.columns, *(request.target.defaults.keys() - wanted.ranges.keys())}
    return [name for name in at if name not in held]
