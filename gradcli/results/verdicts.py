"""The answer of `check`: estimates of engines, judged claims, rows, checks and the report."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from gradcli.results.values import Value

Verdict = Literal["agree", "disagree", "kink", "undefined", "inconclusive", "error"]

SEVERITY: tuple[Verdict, ...] = ("error", "disagree", "undefined", "kink", "inconclusive", "agree")
"""Verdicts from worst to best; a check's verdict is its worst row's, a report's its worst check's."""

UNDECIDED: frozenset[Verdict] = frozenset({"undefined", "kink", "inconclusive"})


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The most severe of some verdicts; "error" if there are none, because nothing could fail."""
    return min(verdicts, key=SEVERITY.index, default="error")


@dataclass(frozen=True)
class Estimate:
    """What one engine answers for one input.

    `value` is the nearest double (None when the engine did not answer), `digits` the decimal digits that the engine really has,
    `error` a bound that belongs to the digits, `note` why there is no answer or what is special about it.
    """

    value: float | None
    digits: str = ""
    error: float = math.inf
    note: str = ""


@dataclass(frozen=True)
class ClaimResult:
    """A claimed gradient, judged: its text, its value at the point with bound, the verdict and what it rests on."""

    text: str
    value: float | None
    digits: str
    error: float
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Row:
    """The judgement of the derivative with respect to one input.

    `engines` maps "reverse", "forward", "symbolic" and "difference" to their estimates; for functions of somebody else "gradient" (the
    one under test), "forward" (its own forward mode), "difference" and "complex". `output` names the output, or the element of it, where
    such a function has several. `resolution` is the smallest relative error of the rules, or of a claim, that this row would have
    caught (`absolute` says that it is an absolute one); what rounding may hide in the float64 gradient is the reverse engine's
    `error`, and `digits_lost` how many of 16 digits rounding really took from it.
    `left` and `right` are the one-sided slopes at a kink; `node` names the node at fault, `likely` the mistake that
    would explain what is wrong.
    """

    input: str
    verdict: Verdict
    value: float
    engines: Mapping[str, Estimate]
    claims: Sequence[ClaimResult] = ()
    resolution: float | None = None
    absolute: bool = False
    digits_lost: float | None = None
    left: float | None = None
    right: float | None = None
    node: str | None = None
    reason: str = ""
    output: str | None = None
    likely: str = ""


Outcome = Literal["caught", "missed", "not applicable"]
"""What became of a fault that the self-test planted; it is not applicable where it changes nothing."""


@dataclass(frozen=True)
class Caught:
    """What the self-test says of the gradient by one input: the faults that the check would have caught there.

    `smallest` is the smallest relative error, of those planted in each component, that is caught in all of them; None if none is. The
    other faults are a component with the other sign, swapped with its neighbour, set to 0, and set to nan. `reason` says why nothing was
    planted, or what sizes are relative to.
    """

    input: str
    smallest: float | None
    sign: Outcome = "not applicable"
    swap: Outcome = "not applicable"
    zero: Outcome = "not applicable"
    nan: Outcome = "not applicable"
    reason: str = ""

    @property
    def applicable(self) -> bool:
        """Whether any fault was planted."""
        return self.nan != "not applicable"

    @property
    def proved(self) -> bool:
        """Whether the check can fail here: it sees an error of a tenth, nan, and a wrong sign."""
        return not self.applicable or (self.smallest is not None and "missed" not in (self.sign, self.nan))


@dataclass(frozen=True)
class Check:
    """One program, or one function of somebody else, checked at one point.

    `kind` says what is checked: a "program" of the language, or a "python", "exec" or "um-bridge" target, whose name is `program`.
    `verdict` is the worst row's; `expected` the verdict that a suite declares for it. `formula` maps inputs to SymPy's derivative as
    text where it was asked for and small enough; `notes` are sentences for people; `error` is set when the check could not run.
    `evaluations` counts how often a target was asked for its value. `found` says why a search took the point, `excused` that a verdict
    which decides nothing is a finding there, and no failure.
    `file` and `line` say where the check stands: a suite and the line of its table, or the file of a program; None on the command line.
    `seconds` is how long it took, which is no part of the answer. `caught` is what the self-test found, None where it was not asked for.
    """

    id: str
    program: str
    at: Mapping[str, Value]
    verdict: Verdict
    rows: Sequence[Row] = ()
    value: Value | None = None
    reproduce: str = ""
    expected: Verdict | None = None
    formula: Mapping[str, str] = field(default_factory=dict)
    unclaimed: Sequence[str] = ()
    notes: Sequence[str] = ()
    error: str = ""
    kind: str = "program"
    evaluations: int = 0
    found: str = ""
    excused: bool = False
    file: str | None = None
    line: int | None = None
    seconds: float = field(default=0.0, compare=False)
    caught: Sequence[Caught] | None = None

    @property
    def passed(self) -> bool:
        """Whether the verdict is the declared one (agree where none is), or excused; and whether the check can fail, if that was asked."""
        return (self.verdict == (self.expected or "agree") or (self.excused and self.verdict in UNDECIDED)) and self.proved

    @property
    def proved(self) -> bool:
        """Whether the self-test, if there was one, found that the check can fail."""
        return all(one.proved for one in self.caught or ())

    @property
    def exit_code(self) -> int:
        """0 as expected; 1 disagree, or another verdict than declared; 2 could not run; 3 could not be decided."""
        if self.passed:
            return 0
        if self.verdict == "error":
            return 2
        return 3 if self.verdict in UNDECIDED and self.expected is None else 1


@dataclass(frozen=True)
class Report:
    """The answer of `check`: every check in order.

    `shard` is the share of the checks that was asked for, "2/5"; a share may be empty. `interrupted` says that there were to be more.
    """

    checks: Sequence[Check]
    shard: str | None = None
    interrupted: bool = False

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all checks; that of an empty share is agree."""
        if self.shard and not self.checks and not self.interrupted:
            return "agree"
        return worst([check.verdict for check in self.checks])

    @property
    def counts(self) -> dict[str, int]:
        """How many checks have each verdict that occurs, best first."""
        found = [check.verdict for check in self.checks]
        return {verdict: found.count(verdict) for verdict in reversed(SEVERITY) if verdict in found}

    @property
    def exit_code(self) -> int:
        """130 if interrupted; 1 if any check disagrees or misses its declared verdict, else 2 if any could not run, else 3, else 0."""
        if self.interrupted:
            return 130
        codes = {check.exit_code for check in self.checks}
        return next((code for code in (1, 2, 3) if code in codes), 0)
