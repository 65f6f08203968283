"""The check of one program at one or several points: engines, claims and verdicts put together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.claims import Claim
from gradcli.checking.difference import Differences, difference, directional
from gradcli.checking.reproducing import reproduce
from gradcli.checking.reverse import Reverse, reverse, rounding_of_point
from gradcli.checking.sampling import DEFAULT_SAMPLES, directions, draw, neighbours
from gradcli.checking.subject import Bracket, Subject
from gradcli.checking.symbolic import symbolic
from gradcli.checking.verdict import Evidence, difference_of, judge, kinked
from gradcli.errors import UnknownName, UsageError, nearest
from gradcli.language import Program, parse
from gradcli.language.points import Given, complete, normal, point, refuse
from gradcli.operations.precise import TooLarge
from gradcli.results import SEVERITY, Check, ClaimResult, Report, Row, Verdict, worst

MAX_WORK = 2_000_000
"""Node evaluations that the engines of one check may take: inputs times nodes, times the runs of a difference quotient."""

NEIGHBOURS = 5


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be checked, and how; the parsed form of `check`'s arguments."""

    id: str
    program: Program
    of: Sequence[str] | None
    grad_output: Any
    wrt: Sequence[str]
    freeze: frozenset[str]
    claims: Sequence[Claim]
    max_digits_lost: float | None
    require_resolution: float | None
    formula: bool
    verdict: Verdict | None
    command: str


def check(
    program: str,
    at: Given = None,
    *,
    expect: Mapping[str, Any] | Sequence[Any] | str | float | None = None,
    wrt: Sequence[str] | None = None,
    freeze: Sequence[str] = (),
    of: Sequence[str] | None = None,
    grad_output: Any = None,
    samples: int | None = None,
    max_digits_lost: float | None = None,
    require_resolution: float | None = None,
    verdict: str | None = None,
    formula: bool = False,
    command: str = "",
    id: str | None = None,  # noqa: A002 - the word of the suites and of the JSON
) -> Report:
    """The verdict on the gradient of a program: reverse, symbolic and difference derivatives with error bounds, and claims.

    program, at, of, grad_output, freeze   as in `gradcli.grad`; without `at` points are drawn from the program's domain
    expect               claimed gradients by input: formulas (text), numbers, or {"value": v, "rtol": r, "atol": a}
    wrt                  inputs to check (default: the claimed ones, or all)
    samples              how many points to draw for the inputs that `at` leaves out
    max_digits_lost      more digits lost to rounding than this are inconclusive
    require_resolution   the relative error that a check must be able to see (default 1e-6)
    verdict              the verdict that is expected, where it is not "agree": the check passes if it has this one
    formula              also SymPy's derivative as text
    id, command          the check's id, and the command that repeats it, where the program's text does not say enough

    Returns a Report with one Check per point. Raises GradcliError for a request that can't be carried out.

    >>> report = check("x**2", {"x": 3}, expect="2*x")
    >>> report.verdict, report.checks[0].rows[0].value
    ('agree', 6.0)
    """
    parsed = parse(program)
    read = claiming.read(expect, parsed)
    name = program if id is None else id
    request = Request(
        id=name,
        program=parsed,
        of=of,
        grad_output=grad_output,
        wrt=inputs_to_check(parsed, wrt, read, freeze),
        freeze=frozenset(map(normal, freeze)),
        claims=read,
        max_digits_lost=max_digits_lost,
        require_resolution=require_resolution,
        formula=formula,
        verdict=declared(verdict),
        command=command,
    )
    points, notes = points_of(request, at, samples)
    ids = [name] if len(points) == 1 else [f"{name}[{i}]" for i in range(1, len(points) + 1)]
    return Report([check_point(request, one, id, notes) for one, id in zip(points, ids, strict=True)])


def declared(verdict: str | None) -> Verdict | None:
    """An expected verdict. Raises UsageError for a word that is none."""
    if verdict is None or verdict in SEVERITY:
        return verdict  # type: ignore[return-value]
    near = nearest(verdict, SEVERITY)
    raise UsageError(f"there is no verdict '{verdict}'", f"did you mean '{near}'?" if near else "verdicts: " + ", ".join(SEVERITY))


def inputs_to_check(program: Program, wrt: Sequence[str] | None, claims: Sequence[Claim], freeze: Sequence[str]) -> list[str]:
    """The inputs that get a row. Raises UsageError if there is none: a check in which nothing could fail is no check."""
    frozen = set(map(normal, freeze))
    for name in [*(wrt or ()), *freeze]:
        if normal(name) not in program.inputs:
            raise UnknownName(f"'{name}' is no input of the program", hint="inputs: " + (", ".join(program.inputs) or "none"))
    chosen = [normal(name) for name in wrt] if wrt else list(dict.fromkeys(claim.input for claim in claims)) or list(program.inputs)
    if wrt:
        chosen += [claim.input for claim in claims if claim.input not in chosen]
    rows = [name for name in chosen if name not in frozen]
    for claim in claims:
        if claim.input in frozen:
            raise UsageError(f"'{claim.input}' is frozen and has a claim", "leave it out of --freeze")
    if not rows:
        raise UsageError("there is nothing to check: the program has no input" if not program.inputs else "every input is frozen",
                         'a program with an input is, for example, "x**2 + 1"')  # fmt: skip
    return rows


def points_of(request: Request, at: Given, samples: int | None) -> tuple[list[dict[str, float]], list[str]]:
    """The points of a check: the given one, or points drawn for what is not given."""
    program = request.program
    given = point(at)
    if samples is not None and samples < 1:
        raise UsageError(f"--samples {samples} draws no point", "write --samples 5")
    if samples is None and (given or program.defaults):
        return [complete(program, at, "check")], []
    for name in given:
        if name not in program.inputs:
            refuse(program, name)
    fixed = program.defaults | given
    if samples is None and len(fixed) == len(program.inputs):
        return [fixed], []
    if len(fixed) == len(program.inputs):
        raise UsageError("--samples draws points, and every input has a value already", "leave an input out of --at, or leave --samples out")
    drawn = draw(program, fixed, samples or DEFAULT_SAMPLES, request.id, request.of, request.grad_output)
    note = f"{len(drawn)} points were drawn" + ("" if len(drawn) == (samples or DEFAULT_SAMPLES) else f" of {samples or DEFAULT_SAMPLES} asked for")
    return drawn, [f"{note}, seeded by the check's id; --at gives a point of your own"]


def check_point(request: Request, at: Mapping[str, float], id: str, notes: Sequence[str]) -> Check:  # noqa: A002
    """The check at one point."""
    subject = Subject(request.program, at, request.of, request.grad_output, request.freeze)
    bad = not_finite(subject)
    rows = [undefined_row(name, bad) for name in request.wrt] if bad else judged_rows(subject, request)
    formulas, why_not = formulas_of(subject, request) if request.formula and not bad else ({}, [])
    return Check(
        id=id,
        program=request.program.text,
        at=at,
        expected=request.verdict,
        verdict=worst([row.verdict for row in rows]),
        rows=rows,
        value=subject.outputs[0].value if len(subject.outputs) == 1 else None,
        reproduce=request.command or reproduce(request, at),
        formula=formulas,
        unclaimed=[name for name in subject.nodes if request.claims and name not in request.wrt],
        notes=[*notes, *why_not, *([] if request.claims else ["this checks gradcli's own derivative; --expect \"NAME=FORMULA\" checks yours"])],
    )


def not_finite(subject: Subject) -> str:
    """Where the first value that is not finite comes from; empty if all outputs are finite."""
    graph = subject.trace.graph
    if all(math.isfinite(output.value) for output in subject.outputs):
        return ""
    first = next((i for i in range(len(graph)) if not math.isfinite(graph.values[i])), None)
    return "the value is not finite" if first is None else f"the value of node {first}, {graph.node(first).describe()}, is {graph.values[first]}"


def undefined_row(name: str, reason: str) -> Row:
    """The row of an input where the program has no finite value."""
    return Row(name, "undefined", math.nan, {}, reason=reason)


def judged_rows(subject: Subject, request: Request) -> list[Row]:
    """The rows of all inputs to check."""
    reversed_ = reverse(subject)
    affordable = len(request.wrt) * len(request.program) * 12 <= MAX_WORK
    chained = symbolic(subject) if affordable else dict.fromkeys(subject.nodes, Bracket(None, math.inf, "out of budget: the program is too large"))
    found = {name: difference(subject, name, reversed_[name].scale) if affordable else unanswered() for name in request.wrt}
    inside = not any(kinked(d) for d in found.values()) or inside_directions(subject, {name: r.precise.value for name, r in reversed_.items()}, request.id)
    return [judge(evidence(subject, request, name, reversed_[name], chained[name], found[name], inside)) for name in request.wrt]


def unanswered() -> Differences:
    """The difference engine when it is not asked."""
    none = Bracket(None, math.inf, "out of budget: the program is too large")
    return Differences(none, none, none, True, True)


def evidence(subject: Subject, request: Request, name: str, r: Reverse, s: Bracket, d: Differences, inside: bool) -> Evidence:
    """Everything that is known of one input, the judged claims included."""
    from gradcli.checking.fault import node_at_fault

    e = Evidence(
        name,
        r,
        s,
        d,
        differs="" if d.same or d.same_here else deciding_differently(subject),
        required=request.require_resolution,
        max_digits_lost=request.max_digits_lost,
        inside_slopes=inside,
        culprit=lambda: node_at_fault(subject),
        undefined="" if math.isfinite(r.value) else undefined_reason(subject, name, r),
    )
    if not e.undefined:
        truth = truth_for_claims(e)
        e.claims = [judged_claim(subject, request, claim, truth, e) for claim in request.claims if claim.input == name]
    return e


def undefined_reason(subject: Subject, name: str, r: Reverse) -> str:
    """Why a reverse gradient is not finite."""
    return f"the derivative by '{name}' is {r.value} here"


def deciding_differently(subject: Subject) -> str:
    """Which operation float64 and exact arithmetic decide differently at the point."""
    subject.F.context.prec = 600
    try:
        _, made = subject.registers(free=True)
    except TooLarge:
        return ""
    pairs = zip(made.pieces, subject.log.pieces, strict=False)
    index = next((i for i, (free, logged) in enumerate(pairs) if free != logged), None)
    if index is None:
        return "a branch is decided differently by float64 and by exact arithmetic" if made.branches != subject.log.branches else ""
    graph = subject.trace.graph
    deciding = [i for i, op in enumerate(graph.operations) if op.decide is not None]
    return f"float64 and exact arithmetic decide {graph.node(deciding[index]).describe()} differently: rounding moved a number across its corner"


def inside_directions(subject: Subject, gradient: Mapping[str, Any], seed: str) -> bool:
    """Whether g·d lies between the one-sided slopes along ±1 directions: at a tie of maximum (0, 0) lies in both intervals and is no gradient."""
    if len(gradient) < 2 or any(value is None for value in gradient.values()):
        return True
    for d in directions(list(gradient), seed):
        slopes = directional(subject, d, sum(abs(value) for value in gradient.values()))
        if slopes.left.value is None or slopes.right.value is None or slopes.left.note or slopes.right.note:
            continue
        along = sum(side * gradient[name] for name, side in d.items())
        low, high = sorted((slopes.left, slopes.right), key=lambda b: b.value)
        if not low.value - low.error - 1e-12 * abs(low.value) <= along <= high.value + high.error + 1e-12 * abs(high.value):
            return False
    return True


def truth_for_claims(e: Evidence) -> Bracket | None:
    """What claims are compared with: an oracle that answered, the sharpest one."""
    oracles = [b for b in (e.symbolic, difference_of(e.differences)) if b.value is not None and not b.note]
    return min(oracles, key=lambda b: b.error, default=None)


def judged_claim(subject: Subject, request: Request, claim: Claim, truth: Bracket | None, e: Evidence) -> ClaimResult:
    """The verdict on one claim at the point, and for a formula around it."""
    subject.F.context.prec = 384
    claimed = claiming.value_at(claim, subject)
    if claimed.value is None or claimed.value != claimed.value or not abs(claimed.value) < math.inf:
        return claiming.result(claim, Bracket(None), math.inf, "undefined", claimed.note or "it has no finite value at the point")
    if kinked(e.differences):
        return claim_at_a_kink(claim, claimed, e)
    if truth is None:
        return claiming.result(claim, claimed, math.inf, "inconclusive", "no engine answered")
    slack = rounding_of_point(subject)[claim.input] if claim.program is None else 0.0
    right, bound = claiming.judge(claim, truth, claimed, slack)
    if not right:
        return claiming.result(claim, claimed, bound, "disagree", wrong(claim, claimed, truth))
    if claim.program is None:
        return claiming.result(claim, claimed, bound, "agree", "")
    verdict, note = around(subject, request, claim)
    return claiming.result(claim, claimed, bound, verdict, note)


def claim_at_a_kink(claim: Claim, claimed: Bracket, e: Evidence) -> ClaimResult:
    """At a kink a claim must lie between the slopes."""
    from gradcli.checking.verdict import between

    inside = between(claimed.value, e.differences)
    return claiming.result(claim, claimed, float(claimed.error), "kink" if inside else "disagree",
                           "it lies between the one-sided slopes" if inside else f"{float(claimed.value)!r} lies outside the one-sided slopes")  # fmt: skip


def wrong(claim: Claim, claimed: Bracket, truth: Bracket) -> str:
    """How a claim is wrong, with the exact value to paste and the likely mistake."""
    off = abs(claimed.value - truth.value)
    relative = f", {float(off / abs(truth.value)):.2g} relative" if truth.value else ""
    return f"{float(claimed.value)!r} here, and the derivative is {float(truth.value)!r} ({float(off):.3g} off{relative}){likely(claimed, truth)}"


FACTORS = {-1.0: "the sign", 2.0: "a factor 2 too much", 0.5: "a factor 1/2 too much", math.pi / 180: "degrees for radians", 180 / math.pi: "radians for degrees"}


def likely(claimed: Bracket, truth: Bracket) -> str:
    """The likely mistake: a factor that explains the claim."""
    ratio = float(claimed.value / truth.value) if truth.value else 0.0
    return next((f"; likely {what}" for factor, what in FACTORS.items() if abs(ratio - factor) < 1e-9 * abs(factor)), "")


def around(subject: Subject, request: Request, claim: Claim) -> tuple[Verdict, str]:
    """A formula that is right at the point, judged as a formula: by SymPy, and at points around it on the same pieces."""
    assert claim.program is not None
    agreed = 0
    for near in neighbours(subject.at, request.id + claim.text):
        other = Subject(subject.program, near, subject.of, subject.grad_output, subject.freeze, subject.F)
        if not_finite(other) or other.log != subject.log:
            continue
        truth = symbolic(other)[claim.input]
        subject.F.context.prec = 384
        claimed = claiming.value_at(claim, other)
        if truth.value is None or claimed.value is None or claimed.value != claimed.value or truth.value != truth.value:
            continue
        if not claiming.judge(claim, truth, claimed, 0.0)[0]:
            place = ", ".join(f"{name}={value!r}" for name, value in near.items())
            return "disagree", f"right here, wrong at {place}: {wrong(claim, claimed, truth)}"
        agreed += 1
        if agreed == NEIGHBOURS:
            break
    if equal_as_formulas(subject, claim):
        return "agree", "equal as formulas"
    return "agree", f"agrees at {agreed + 1} points" if agreed else "agrees at this point only"


def equal_as_formulas(subject: Subject, claim: Claim) -> bool:
    """Whether SymPy shows the claim to be the derivative."""
    from gradcli.checking.formulas import NotBuilt, claimed, derivatives, equal

    try:
        derivative = derivatives(subject.trace, list(subject.weights.items()), [claim.input])[claim.input]
        return equal(derivative, claimed(claim.program))  # type: ignore[arg-type]
    except NotBuilt:
        return False


def formulas_of(subject: Subject, request: Request) -> tuple[dict[str, str], list[str]]:
    """SymPy's derivatives as text, and why some are not shown."""
    from gradcli.checking.formulas import NotBuilt, derivatives, shown

    try:
        found = derivatives(subject.trace, list(subject.weights.items()), request.wrt)
    except NotBuilt as why:
        return {}, [str(why)]
    texts = {name: shown(one) for name, one in found.items()}
    hidden = [name for name, text in texts.items() if not text]
    return {name: text for name, text in texts.items() if text}, [f"the derivative by {', '.join(hidden)} is too large to show"] * bool(hidden)
