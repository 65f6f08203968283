"""The check of one program at one or several points: engines, claims and verdicts put together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.claims import Claim
from gradcli.checking.exact.budget import MAX_WORK, affordable, affordable_in_floats, shorten, work
from gradcli.checking.exact.difference import Differences, difference
from gradcli.checking.exact.directions import Fan, fan
from gradcli.checking.exact.fault import node_at_fault
from gradcli.checking.exact.forward import forward
from gradcli.checking.exact.reverse import Reverse, float_slope, lines_and_nodes, reverse
from gradcli.checking.exact.second_order import name_of, pairs_within, reverse_twice, slope_of, symbolic_twice
from gradcli.checking.exact.symbolic import symbolic
from gradcli.checking.explanations import deciding_differently, infinite_derivative, not_finite
from gradcli.checking.floating import large
from gradcli.checking.further import with_findings, with_simpler_points
from gradcli.checking.judging import Bench, fit_together, judged_again, judged_claims, unjudged
from gradcli.checking.kinks import kinked
from gradcli.checking.mistakes.comparing import name_mistakes
from gradcli.checking.pasting import command
from gradcli.checking.planted import planting
from gradcli.checking.points.drawing import asked
from gradcli.checking.reproducing import reproduce, typed
from gradcli.checking.requests import Request, declared, inputs_to_check, order_of, points_of
from gradcli.checking.subject import Bracket, Subject
from gradcli.checking.timing import timed
from gradcli.checking.verdict import Evidence, judge
from gradcli.differentiation import adjoints, requires_grad
from gradcli.differentiation.gradients import Names, names_of
from gradcli.language import parse
from gradcli.language.limits import LIMITS, Limits
from gradcli.language.points import Given, normal
from gradcli.operations.lazily import silently
from gradcli.results import SEVERITY, Check, Report, Row, Value, worst


def check(
    program: str,
    at: Given = None,
    *,
    expect: Mapping[str, Any] | Sequence[Any] | str | float | None = None,
    wrt: Names = None,
    freeze: Names = (),
    of: Names = None,
    grad_output: Any = None,
    sum: bool = False,  # noqa: A002 - the word of the option
    over: Given = None,
    samples: int | None = None,
    search: bool = False,
    max_digits_lost: float | None = None,
    require_resolution: float | None = None,
    verdict: str | None = None,
    formula: bool = False,
    order: int | None = None,
    seed: int = 0,
    limits: Limits = LIMITS,
    self_test: bool = False,
    suite: bool = False,
    id: str | None = None,  # noqa: A002 - the word of the suites and of the JSON
) -> Report:
    """The verdict on the gradient of a program: reverse, symbolic and difference derivatives with error bounds, and claims.

    program, at, of, grad_output, sum, freeze, seed, limits   as in `gradcli.grad`; without `at` points are drawn from the program's domain
    expect               claimed gradients by input: formulas (text), numbers, or {"value": v, "rtol": r, "atol": a}
    wrt                  inputs to check, ["w", "x"] or "w,x" (default: the claimed ones, or all)
    over                 several points: arrays, an element for each point, or ranges to draw from, "x=0.1:10", "x=1e-6:1e6:log"
    samples              how many points to draw for the inputs that have no value
    search               look for more points: corners, edges of the domain, extreme scales, lost digits, claims that are off
    max_digits_lost      more digits lost to rounding than this are inconclusive
    require_resolution   the relative error that a check must be able to see (default 1e-6)
    verdict              the verdict that is expected, where it is not "agree": the check passes if it has this one
    formula              also SymPy's derivative as text
    order                2: also the second derivatives, in rows such as "x, w"
    id                   what the check is called (default: the program); drawn points depend on it
    self_test            also plant faults in the gradients under test and say which of them would have been caught (`Check.caught`)
    suite                whether it is a check of a suite, which its id repeats

    Returns a Report with one Check per point. Raises GradcliError for a request that can't be carried out.

    >>> report = check("x**2", {"x": 3}, expect="2*x")
    >>> report.verdict, report.checks[0].rows[0].value
    ('agree', 6.0)
    """
    parsed = parse(program)
    read = claiming.read(expect, parsed)
    name = program if id is None else id
    wanted = asked(at, over, samples, seed, parsed.defaults)
    request = Request(
        id=name,
        program=parsed,
        of=names_of(of) or None,
        grad_output=grad_output,
        wrt=inputs_to_check(parsed, names_of(wrt), read, names_of(freeze)),
        freeze=frozenset(map(normal, names_of(freeze))),
        claims=read,
        max_digits_lost=max_digits_lost,
        require_resolution=require_resolution,
        formula=formula,
        order=order_of(order),
        sum=sum,
        seed=seed,
        limits=limits,
        verdict=declared(verdict),
        suite=suite,
        self_test=self_test,
        typed=typed(at, wanted.given),
    )
    points, notes = points_of(request, at, wanted)
    ids = [name] if len(points) == 1 else [f"{name}[{i}]" for i in range(1, len(points) + 1)]
    with silently():
        checks = [check_point(request, one, id, notes) for one, id in zip(points, ids, strict=True)]  # noqa: A001
        checks = with_simpler_points(request, checks, wanted, again, subject_of)
        return Report(with_findings(request, checks, wanted, again, subject_of) if search else checks)


def again(request: Request, at: Mapping[str, Value]) -> Check:
    """The check at another point."""
    return check_point(request, at, request.id, ())


@timed
def check_point(request: Request, at: Mapping[str, Value], id: str, notes: Sequence[str]) -> Check:  # noqa: A002
    """The check at one point."""
    subject = subject_of(request, at)
    bad = not_finite(subject)
    short = "" if bad else shorten(subject)
    claims = claiming.along_lines(request.claims, subject.lines.values())
    known = [] if bad else known_of(subject, request, claims)
    rows = [undefined_row(claims, label, bad) for label in subject.lines] if bad else judged_rows(subject, request, known)
    formulas, why_not = formulas_of(subject, request) if request.formula and not bad else ({}, [])
    return Check(
        id=id,
        program=request.program.text,
        at=at,
        expected=request.verdict,
        verdict=worst([row.verdict for row in rows]),
        rows=rows,
        value=subject.outputs[0].value if len(subject.outputs) == 1 else None,
        reproduce=command("gradcli check", id) + (" --self-test" if request.self_test else "") if request.suite else reproduce(request, at),
        formula=formulas,
        unclaimed=[name for name in subject.nodes if request.claims and name not in request.wrt],
        notes=[*notes, *filter(None, (short, *subject.notes)), *why_not, *([] if request.claims else [unclaimed_note(request)])],
        caught=planting.caught(subject, claims, known, rows) if request.self_test else None,
    )


def subject_of(request: Request, at: Mapping[str, Value]) -> Subject:
    """What the engines work on at one point."""
    elements = [(claim.input, claim.element) for claim in request.claims if claim.element is not None]
    return Subject(
        request.program, at, request.of, request.grad_output, request.freeze, request.sum, request.wrt, request.id, elements,
        request.seed, request.limits,
    )  # fmt: skip


def unclaimed_note(request: Request) -> str:
    """What a check without a claim is about, and how to state one: as an option, or as a key of a suite."""
    cure = 'expect = {NAME = "FORMULA"}' if request.suite else '--expect "NAME=FORMULA"'
    return f"this checks gradcli's own derivative; {cure} checks yours"


def undefined_row(claims: Sequence[Claim], label: str, reason: str) -> Row:
    """The row of a line where the program has no finite value."""
    judged = [unjudged(claim, "there is no derivative to compare it with") for claim in claims if claim.label == label]
    return Row(label, "undefined", math.nan, {}, judged, reason=reason)


def known_of(subject: Subject, request: Request, claims: Sequence[Claim]) -> list[Evidence]:
    """Everything that is known of each line, at a kink also along directions."""
    rows = evidence(subject, request, claims)
    if any(kinked(e.differences) for e in rows):
        slopes = fan(subject, {e.name: e.reverse.scale + abs(e.reverse.precise.value or 0) for e in rows}, request.id)
        judge_along(subject, request, rows, slopes)
    return rows


def judged_rows(subject: Subject, request: Request, rows: Sequence[Evidence]) -> list[Row]:
    """The rows of all lines; those of arrays worst last, where a reader of a long list looks first."""
    judged = [judge(e) for e in [*rows, *(second_evidence(subject, request) if request.order == 2 else ())]]
    arrays = any(line.direction is not None for line in subject.lines.values())
    return sorted(judged, key=lambda row: -SEVERITY.index(row.verdict)) if arrays else judged


def judge_along(subject: Subject, request: Request, rows: Sequence[Evidence], slopes: Fan) -> None:
    """What the slopes along directions say of the gradient and of the claims."""
    gradient = {e.name: e.reverse.precise.value for e in rows}
    inside = any(value is None for value in gradient.values()) or slopes.holds(gradient)
    for e in rows:
        e.inside_slopes = inside
    fit_together(subject, rows, slopes)


def evidence(subject: Subject, request: Request, claims: Sequence[Claim]) -> list[Evidence]:
    """Everything that is known of each line, its judged claims included."""
    if not affordable(subject):
        return (large.evidence if affordable_in_floats(subject) else too_large)(subject, request, claims)
    reversed_, chained = reverse(subject), symbolic(subject)
    swept, scales = {label: r.precise for label, r in reversed_.items()}, {label: r.scale for label, r in reversed_.items()}
    forwards = forward(subject, swept, scales)
    differs, culprit = cache(lambda: deciding_differently(subject)), cache(lambda: node_at_fault(subject))
    bench = Bench(subject, claims, request.id)
    rows = []
    for name in subject.lines:
        r = reversed_[name]
        d = difference(subject, name, r.scale)
        e = of_line(subject, request, name, (r, chained[name], d))
        e.forward = forwards[name]
        e.differs, e.culprit = "" if d.same or d.same_here else differs(), culprit
        e.claims, e.again = judged_claims(bench, e), partial(judged_again, bench, e)
        rows.append(e)
    name_mistakes(subject, bench, rows)
    return rows


def too_large(subject: Subject, request: Request, claims: Sequence[Claim]) -> list[Evidence]:
    """What is known of a program that is too large for all engines: its float64 gradient."""
    nothing = Differences(unanswered(), unanswered(), unanswered(), True, True)
    bench = Bench(subject, claims, request.id)
    rows = [of_line(subject, request, name, (r, unanswered(), nothing)) for name, r in float_reverse(subject).items()]
    for e in rows:
        e.claims = judged_claims(bench, e)
    return rows


def second_evidence(subject: Subject, request: Request) -> list[Evidence]:
    """Everything that is known of the second derivatives, by pairs of lines; of too many elements along directions alone."""
    subject, asked, note = pairs_within(subject, MAX_WORK)
    if note:
        subject.notes.append(note)
    if work(subject) * len(asked) > MAX_WORK:
        none = Differences(unanswered(), unanswered(), unanswered(), True, True)
        nothing = Reverse(math.nan, math.inf, unanswered(), 0, False)
        return [Evidence(name_of(pair), nothing, unanswered(), none) for pair in asked]
    swept, chained = reverse_twice(subject, asked), symbolic_twice(subject, asked)
    culprit = cache(lambda: node_at_fault(subject))
    slopes = {label: slope_of(subject, label) for label in dict.fromkeys(one for one, _ in asked)}
    return [
        Evidence(
            name_of(pair), swept[pair], chained[pair], difference(slopes[pair[0]], pair[1], swept[pair].scale),
            required=request.require_resolution, max_digits_lost=request.max_digits_lost, culprit=culprit,
            undefined="" if math.isfinite(swept[pair].value) else f"the second derivative by {name_of(pair)} is {swept[pair].value} here",
        )
        for pair in asked
    ]  # fmt: skip


def float_reverse(subject: Subject) -> dict[str, Reverse]:
    """The reverse gradient in float64 alone, where a program is too large for more."""
    found = adjoints(subject.trace.graph, subject.weights, requires_grad(subject.trace.graph, subject.nodes.values()))
    return {
        label: Reverse(float_slope(found[node], line), math.inf, unanswered(), 0, found[node] is None)
        for label, line, node in lines_and_nodes(subject)
    }


def of_line(subject: Subject, request: Request, name: str, engines: tuple[Reverse, Bracket, Differences]) -> Evidence:
    """What the engines say of one line."""
    r, s, d = engines
    return Evidence(
        name,
        r,
        s,
        d,
        required=request.require_resolution,
        max_digits_lost=request.max_digits_lost,
        undefined="" if math.isfinite(r.value) else infinite_derivative(subject, name, r.value),
    )


def unanswered() -> Bracket:
    """The answer of an engine that is not asked."""
    return Bracket(None, math.inf, "out of budget: the program is too large")


def formulas_of(subject: Subject, request: Request) -> tuple[dict[str, str], list[str]]:
    """SymPy's derivatives as text, and why some are not shown."""
    from gradcli.checking.exact.formulas import NotBuilt, derivatives, shown

    try:
        found = derivatives(subject.trace, list(subject.weights.items()), list(subject.lines.values()))
    except NotBuilt as why:
        return {}, [str(why)]
    texts: dict[str, str] = {}
    hidden: dict[str, list[str]] = {}
    for name, one in found.items():
        try:
            texts[name] = shown(one)
        except NotBuilt as why:
            hidden.setdefault(str(why), []).append(name)
    return texts, [f"the derivative by {', '.join(names)} {why}" for why, names in hidden.items()]
