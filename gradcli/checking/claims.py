"""Claims: gradients that somebody else states, as a formula or a number, and how one is judged.

A formula is judged as a formula: in exact arithmetic at the point and at points drawn around it, and by SymPy where that decides. A
number stands for what float64 code computes for this program: it may be off by what rounding explains, and no more.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from gradcli.checking.estimates import decimal
from gradcli.checking.exact.literals import FEW, loosened, nudged, rounded, written
from gradcli.checking.lines import Line
from gradcli.checking.lines import label as element_label
from gradcli.checking.subject import Bracket
from gradcli.errors import ShapeProblem, SourceError, UnknownName, UsageError, nearest
from gradcli.language import Program, parse
from gradcli.language.interpreter import Decisions, decisions
from gradcli.language.points import NUMBER, constant, entries, normal
from gradcli.language.replaying import evaluate
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.bounded import Bounds
from gradcli.operations.lazily import np
from gradcli.operations.precise import Precise, TooLarge
from gradcli.operations.settings import shape_text
from gradcli.results import ClaimResult, Value, Verdict

ULPS = 4
"""A number may always be this many units in the last place off."""

START_PREC = 192
MAX_PREC = 6144
"""Bits in which a formula is computed at first and at most."""

SETTLED = 96
"""Bits to which two precisions must agree."""

MAX_FLOAT = sys.float_info.max


class Claimable(Protocol):
    """What claims can be read for: a program, or a target with its inputs."""

    @property
    def inputs(self) -> Collection[str]:
        """The names of the inputs."""


class AtPoint(Protocol):
    """What claims are computed at: a point, and the precise number system to do it in."""

    F: Precise

    @property
    def at(self) -> Mapping[str, Value]:
        """The complete point."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claimed gradient by one input: a formula (`program`) or numbers, with tolerances that widen a number.

    `element` is the place that it is about, where it is not about all of an array; `line` the line along which it is judged.
    """

    input: str
    text: str
    program: Program | None = None
    number: Any = math.nan
    rtol: float = 0.0
    atol: float = 0.0
    element: tuple[int, ...] | None = None
    line: Line | None = None

    @property
    def spelled(self) -> str:
        """What it is about, as an option says it."""
        return self.input if self.element is None else element_label(self.input, self.element)

    @property
    def label(self) -> str:
        """What the row is called that the claim belongs to."""
        return self.input if self.line is None else self.line.label


def along_lines(claims: Sequence[Claim], lines: Iterable[Line]) -> list[Claim]:
    """The claims once for every line that they say something of: those for an array are judged element by element."""
    lines = list(lines)
    return [replace(one, line=line) for one in claims for line in lines if belongs(one, line)]


def belongs(one: Claim, line: Line) -> bool:
    """Whether a claim says something of the derivative along a line."""
    return one.input == line.input and (one.element is None or line.label == element_label(one.input, one.element))


def read(given: Any, program: Claimable) -> list[Claim]:
    """The claims that a user gives: text "w=2*w+x+1,x=w+1", texts, or a mapping from inputs to formulas, numbers or tables."""
    if given is None:
        return []
    items = list(given.items()) if isinstance(given, Mapping) else [pair for text in texts(given) for pair in named(text, program)]
    return [claim(normal(str(name)), value, program) for name, value in items]


def texts(given: Any) -> Sequence[Any]:
    """One claim text or several, as a list."""
    return [given] if isinstance(given, (str, int, float)) else list(given)


def named(text: Any, program: Claimable) -> Iterator[tuple[str, Any]]:
    """The (input, claim) pairs of one text; a claim without a name is for the only input."""
    if isinstance(text, str) and "=" in text.replace("==", "").replace("<=", "").replace(">=", "").replace("!=", ""):
        yield from entries(text, "--expect")
    elif len(program.inputs) == 1:
        yield next(iter(program.inputs)), text
    else:
        raise UsageError(
            f"the claim '{text}' names no input, and the program has {len(program.inputs)}",
            f'write --expect "{next(iter(program.inputs), "x")}={text}"',
        )


def claim(name: str, value: Any, program: Claimable) -> Claim:
    """One claim. Raises GradcliError for an input that the program does not have and for a formula that can't be read."""
    part = ELEMENT.fullmatch(name)
    if part:
        return replace(claim(part[1].strip(), value, program), element=tuple(int(i) for i in part[2].split(",")))
    if name not in program.inputs:
        near = nearest(name, program.inputs)
        raise UnknownName(f"the claim is for '{name}', which is no input of the program",
                          hint=f"did you mean '{near}'?" if near else "inputs: " + ", ".join(program.inputs))  # fmt: skip
    if isinstance(value, Mapping):
        return tolerant(name, value)
    if isinstance(value, str) and not NUMBER.fullmatch(value.strip()):
        return from_formula(name, value, program)
    return Claim(name, str(value).strip() if isinstance(value, str) else shown(value), None, number_of(name, value))


ELEMENT = re.compile(r"([^\[]+)\[\s*(\d+\s*(?:,\s*\d+\s*)*)\]")
"""The name of an element of an array in a claim: W[0,3]."""


def from_formula(name: str, text: str, program: Claimable) -> Claim:
    """A claimed formula; an array of numbers is no formula, though it is written in the language."""
    parsed = formula(name, text, program)
    if parsed.inputs:
        return Claim(name, text, parsed)
    value = constant(text, name)
    return Claim(name, text, None, value) if is_array(value) else Claim(name, text, parsed)


def tolerant(name: str, table: Mapping[str, Any]) -> Claim:
    """A number with tolerances."""
    unknown = set(table) - {"value", "rtol", "atol"}
    if unknown or "value" not in table:
        raise UsageError(
            f"the claim for '{name}' has {'the unknown key ' + repr(min(unknown)) if unknown else 'no value'}",
            "write {value = 5.0, rtol = 1e-6}",
        )
    value, rtol, atol = number_of(name, table["value"]), size_of(name, table, "rtol"), size_of(name, table, "atol")
    return Claim(name, shown(table["value"]), None, value, rtol, atol)


def size_of(name: str, table: Mapping[str, Any], key: str) -> float:
    """A tolerance of a claim; 0 if it has none."""
    value = table.get(key, 0.0)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 <= value < math.inf:
        raise UsageError(f"'{key}' of the claim for '{name}' is no size: {value!r}", f"{key} is a finite number and not negative: 1e-6")
    return float(value)


def number_of(name: str, value: Any) -> Any:
    """A number of a claim, or an array of numbers."""
    if isinstance(value, list | tuple) or is_array(value):
        return constant(value, name)
    if isinstance(value, bool):
        raise UsageError(f"the claim for '{name}' is no number: {value}", "give a number, or a formula as a string")
    try:
        return float(value)
    except (TypeError, ValueError) as fault:
        raise UsageError(
            f"the claim for '{name}' is no number: {value!r}", "tolerances stand beside numbers only; a formula is a string"
        ) from fault


def shown(value: Any) -> str:
    """A claimed number as text."""
    return repr(float(value)) if isinstance(value, float) else str(value)


def formula(name: str, text: str, program: Claimable) -> Program:
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


def value_at(one: Claim, subject: AtPoint, deciding: Program | None = None) -> Bracket:
    """What a claim says at the subject's point, its constants as doubles; `deciding` is the program that chooses branches."""
    F = subject.F
    if one.program is None:
        return Bracket(part_of(one, F.numbers(one.number), F), 0)
    program = one.program
    at = point_of(program, subject)
    try:
        return settled_value(one, program, at, decisions(deciding or program, at), F)
    except TooLarge as fault:
        return Bracket(None, math.inf, str(fault))


def part_of(one: Claim, value: Any, F: Precise) -> Any:
    """What a claim's value says along the claim's line. Raises ShapeProblem for a value that has not the shape of the input."""
    direction = one.line.direction if one.line else None
    shape = shape_of(direction) if one.element is None else ()
    if is_array(value):
        fitting(one, shape_of(value), shape)
    if direction is None or one.element is not None:
        return F.number(value)
    return F.number(one.line.along(value if is_array(value) else np.full(shape, value, object)))  # type: ignore[union-attr]


def fitting(one: Claim, found: tuple[int, ...], shape: tuple[int, ...]) -> None:
    """Raises ShapeProblem for a claim whose value has not the shape of the input."""
    if found != shape:
        what = f"the claim for '{one.input}' has the shape {shape_text(found)}"
        raise ShapeProblem(f"{what}, and the input has {shape_text(shape)}", "a gradient has the shape of its input")


def settled_value(one: Claim, program: Program, at: Mapping[str, Value], log: Decisions, F: Precise) -> Bracket:
    """A formula's value at two precisions, doubled until they agree; a zero must be one at the highest of all."""
    F.context.prec = START_PREC
    coarse = computed(one, program, at, log, F)
    while True:
        F.context.prec *= 2
        fine = computed(one, program, at, log, F)
        error = abs(fine - coarse)
        if 2 * F.context.prec > MAX_PREC or (fine and not error > abs(fine) * 2.0**-SETTLED):
            return Bracket(fine, error)
        if not fine and not coarse:
            F.context.prec = MAX_PREC // 2
            fine = computed(one, program, at, log, F)
        coarse = fine


def computed(one: Claim, program: Program, at: Mapping[str, Value], log: Decisions, F: Precise) -> Any:
    """A formula's value at the working precision; the program is the claim's, or one with other constants."""
    registers, _ = evaluate(program, {name: F.numbers(x) for name, x in at.items()}, F, log)
    return part_of(one, registers[program.output], F)


def constants_error(one: Claim, subject: AtPoint) -> Any:
    """What the rounding of a formula's own constants may do to its value: each moved by half a unit; 0 if all of them are exact.

    Of many constants one run with bounds says how much it is at most.
    """
    program, F = one.program, subject.F
    if program is None or not any(rounded(program)):
        return 0
    at = point_of(program, subject)
    log = decisions(program, at)
    if sum(rounded(program)) > FEW:
        B = Bounds()
        registers, _ = evaluate(loosened(program), {name: B.numbers(x) for name, x in at.items()}, B, log)
        return part_of(one, registers[program.output], B).e  # type: ignore[arg-type]
    value = settled_value(one, program, at, log, F).value
    return sum(abs(computed(one, other, at, log, F) - value) for other in nudged(program, F))


def as_written(one: Claim, subject: AtPoint) -> Bracket:
    """What a formula says where its constants are the decimals, and the pi, that are written."""
    program = written(one.program, subject.F) if one.program else None
    return value_at(replace(one, program=program), subject, one.program)


def point_of(program: Program, subject: AtPoint) -> dict[str, Value]:
    """The subject's point for a formula."""
    return {name: program.defaults.get(name, subject.at.get(name, 0.0)) for name in program.inputs}


def tolerance(one: Claim, truth: Bracket) -> Any:
    """How far a number may be off before rounding is asked: a few units in the last place, and what its author allows."""
    size = min(abs(float(truth.value)), MAX_FLOAT)
    touched = 1 if one.line is None or one.line.direction is None else int(np.count_nonzero(one.line.direction))
    largest = float(np.max(np.abs(one.number), initial=size)) if touched > 1 else size
    units = ULPS * math.ulp(largest) * touched if one.program is None else 0.0
    return truth.error + units + one.rtol * size + one.atol


def result(one: Claim, claimed: Bracket, error: float, verdict: Verdict, note: str) -> ClaimResult:
    """A judged claim, as a result."""
    if claimed.value is None or claimed.value != claimed.value:
        return ClaimResult(one.text, None, "", math.inf, verdict, note)
    digits, _ = (repr(float(claimed.value)), 0.0) if one.program is None else decimal(claimed)
    return ClaimResult(one.text, float(claimed.value), digits, error, verdict, note)
