"""Claims: gradients that somebody else states, as a formula or a number, and how one is judged.

A formula is judged as a formula: in exact arithmetic at the point and at points drawn around it, and by SymPy where that decides. A
number stands for what float64 code computes for this program: it may be off by what rounding explains, and no more.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.subject import Bracket, Subject
from gradcli.errors import GradcliError, SourceError, UnknownName, UsageError, nearest
from gradcli.language import Program, parse
from gradcli.language.interpreter import decisions, evaluate
from gradcli.language.points import NUMBER, entries, normal
from gradcli.operations.bounded import Bounded, Bounds, U
from gradcli.operations.precise import TooLarge
from gradcli.results import ClaimResult, Verdict

ULPS = 4
"""A number may always be this many units in the last place off."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed gradient by one input: a formula (`program`) or a number, with tolerances that widen a number."""

    input: str
    text: str
    program: Program | None = None
    number: float = math.nan
    rtol: float = 0.0
    atol: float = 0.0


def read(given: Any, program: Program) -> list[Claim]:
    """The claims that a user gives: text "w=2*w+x+1,x=w+1", texts, or a mapping from inputs to formulas, numbers or tables."""
    if given is None:
        return []
    items = list(given.items()) if isinstance(given, Mapping) else [pair for text in texts(given) for pair in named(text, program)]
    return [claim(normal(str(name)), value, program) for name, value in items]


def texts(given: Any) -> Sequence[Any]:
    """One claim text or several, as a list."""
    return [given] if isinstance(given, (str, int, float)) else list(given)


def named(text: Any, program: Program) -> Iterator[tuple[str, Any]]:
    """The (input, claim) pairs of one text; a claim without a name is for the only input."""
    if isinstance(text, str) and "=" in text.replace("==", "").replace("<=", "").replace(">=", "").replace("!=", ""):
        yield from entries(text, "--expect")
    elif len(program.inputs) == 1:
        yield next(iter(program.inputs)), text
    else:
        raise UsageError(f"the claim '{text}' names no input, and the program has {len(program.inputs)}", f'write --expect "{next(iter(program.inputs), "x")}={text}"')


def claim(name: str, value: Any, program: Program) -> Claim:
    """One claim. Raises GradcliError for an input that the program does not have and for a formula that can't be read."""
    if name not in program.inputs:
        near = nearest(name, program.inputs)
        raise UnknownName(f"the claim is for '{name}', which is no input of the program",
                          hint=f"did you mean '{near}'?" if near else "inputs: " + ", ".join(program.inputs))  # fmt: skip
    if isinstance(value, Mapping):
        return tolerant(name, value)
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        return Claim(name, value, formula(name, value, program))
    return Claim(name, str(value).strip() if isinstance(value, str) else shown(value), None, number_of(name, value))


def tolerant(name: str, table: Mapping[str, Any]) -> Claim:
    """A number with tolerances."""
    unknown = set(table) - {"value", "rtol", "atol"}
    if unknown or "value" not in table:
        raise UsageError(f"the claim for '{name}' has {'the unknown key ' + repr(min(unknown)) if unknown else 'no value'}", "write {value = 5.0, rtol = 1e-6}")
    value, rtol, atol = number_of(name, table["value"]), number_of(name, table.get("rtol", 0.0)), number_of(name, table.get("atol", 0.0))
    if rtol < 0 or atol < 0:
        raise UsageError(f"the tolerances of the claim for '{name}' are negative", "rtol and atol are sizes")
    return Claim(name, shown(table["value"]), None, value, rtol, atol)


def number_of(name: str, value: Any) -> float:
    """A number of a claim."""
    if isinstance(value, bool):
        raise UsageError(f"the claim for '{name}' is no number: {value}", "give a number, or a formula as a string")
    try:
        return float(value)
    except (TypeError, ValueError) as fault:
        raise UsageError(f"the claim for '{name}' is no number: {value!r}", "tolerances stand beside numbers only; a formula is a string") from fault


def shown(value: Any) -> str:
    """A claimed number as text."""
    return repr(float(value)) if isinstance(value, float) else str(value)


def formula(name: str, text: str, program: Program) -> Program:
    """A claimed formula, over the inputs of the program."""
    try:
        parsed = parse(text)
    except SourceError as fault:
        fault.message = f"the claim for '{name}': {fault.message}"
        raise
    for used, register in parsed.inputs.items():
        if used not in program.inputs and used not in parsed.defaults:
            near = nearest(used, program.inputs)
            known = "inputs of the program: " + (", ".join(program.inputs) or "none")
            raise UnknownName(f"the claim for '{name}' uses '{used}', which is no input of the program", text, parsed.span(register),
                              f"did you mean '{near}'? {known}" if near else known)  # fmt: skip
    return parsed


def value_at(one: Claim, subject: Subject) -> Bracket:
    """What a claim says at the subject's point: exact for a formula, except for the rounding of constants such as pi or 0.1."""
    if one.program is None:
        return Bracket(subject.F.number(one.number), 0)
    program = one.program
    at = {name: one.program.defaults.get(name, subject.at.get(name, 0.0)) for name in program.inputs}
    try:
        log = decisions(program, at)
        registers, _ = evaluate(program, {name: subject.F.number(x) for name, x in at.items()}, subject.F, log)
        value = registers[program.output]
        value = subject.F.number(value)
    except TooLarge as fault:
        return Bracket(None, math.inf, str(fault))
    return Bracket(value, constants_error(program, at, log))


def constants_error(program: Program, at: Mapping[str, float], log: Any) -> float:
    """What the rounding of a formula's own constants may do to its value; 0 if all of them are exact."""
    if all(exact(literal, value) for literal, value in zip(program.literals, program.constants, strict=True)):
        return 0.0
    registers, _ = evaluate(program, {name: Bounded(x) for name, x in at.items()}, RoundedConstants(), log)
    result = registers[program.output]
    return result.e if isinstance(result, Bounded) else 0.0


def exact(literal: str, value: float) -> bool:
    """Whether a literal is its double."""
    return value.is_integer() or literal in ("inf", "nan", "-inf") or (4096 * value).is_integer()


class RoundedConstants(Bounds):
    """Numbers with bounds in which every constant that is no whole number is half a unit off."""

    def number(self, value: Any) -> Bounded:
        return value if isinstance(value, Bounded) else Bounded(float(value), 0.0 if exact("", float(value)) else U * abs(float(value)))


def judge(one: Claim, truth: Bracket, claimed: Bracket, slack: float) -> tuple[bool, float]:
    """Whether a claim agrees with the truth, and the bound that was used; `slack` is what float64 explains, for numbers."""
    size = abs(truth.value)
    allowed = truth.error + claimed.error
    if one.program is None:
        allowed += max(slack, ULPS * math.ulp(float(size)) if size < 1e308 else 0.0) + one.rtol * size + one.atol
    return bool(abs(claimed.value - truth.value) <= allowed), float(allowed)


def result(one: Claim, claimed: Bracket, error: float, verdict: Verdict, note: str) -> ClaimResult:
    """A judged claim, as a result."""
    from gradcli.checking.verdict import decimal

    if claimed.value is None or claimed.value != claimed.value:
        return ClaimResult(one.text, None, "", math.inf, verdict, note)
    digits, _ = (repr(one.number), 0.0) if one.program is None else decimal(claimed)
    return ClaimResult(one.text, float(claimed.value), digits, error, verdict, note)


__all__ = ["Claim", "GradcliError", "judge", "read", "result", "value_at"]
