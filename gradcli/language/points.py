"""Points: from what a user gives (`w=1,x=pi/2`, a mapping) to a float for every input. Values are constant expressions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from gradcli.errors import GradcliError, MissingValue, PointError, UnknownName, nearest
from gradcli.language.parser import parse
from gradcli.language.program import Program

Given = Mapping[str, object] | str | None

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
ENTRY = re.compile(r"\s*([^\W\d][^=<>!(]*?)\s*=(?!=)(.*)", re.DOTALL)


def pieces(text: str) -> Iterator[str]:
    """The parts of a text between commas (and `;`) that stand outside brackets."""
    depth, start = 0, 0
    for offset, char in enumerate(text):
        depth += (char in "([{") - (char in ")]}")
        if char in ",;" and depth <= 0:
            yield text[start:offset]
            start = offset + 1
    yield text[start:]


def entries(text: str, what: str = "--at") -> Iterator[tuple[str, str]]:
    """The (name, value) pairs of `w=1,x=2`."""
    before = ""
    for piece in pieces(text):
        match = ENTRY.fullmatch(piece)
        if match:
            before = piece.strip()
            yield match[1], match[2].strip()
        elif piece.strip():
            decimal = f" (a decimal number has a point: {before}.{piece.strip()})" if before and piece.strip().isdigit() else ""
            raise PointError(f"'{piece.strip()}' in {what} is no NAME=VALUE{decimal}", f"write {what} x=1.5,w=2")


def normal(name: str) -> str:
    """A name as programs spell it after normalisation."""
    return unicodedata.normalize("NFKC", name.strip())


def constant(value: object, name: str) -> float:
    """The float that a value stands for: a number, or the text of a constant expression."""
    if isinstance(value, str):
        return float(value) if NUMBER.fullmatch(value.strip()) else _expression(value, name)
    if isinstance(value, bool) or not hasattr(value, "__float__"):
        raise PointError(f"the value of '{name}' is no number: {value!r}", "give a number, or an expression such as pi/2")
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as fault:
        raise PointError(f"the value of '{name}' is no single number", "programs compute with single numbers") from fault


def _expression(text: str, name: str) -> float:
    """The value of a constant expression."""
    from gradcli.language.interpreter import run

    if not text.strip():
        raise PointError(f"'{name}' has no value", f"write {name}=1.0")
    try:
        program = parse(text)
    except GradcliError as fault:
        raise PointError(f"the value of '{name}' can't be read: {fault.message}", fault.hint) from fault
    if program.inputs:
        others = ", ".join(f"'{other}'" for other in program.inputs)
        raise PointError(f"the value of '{name}' depends on {others}", "values are numbers or constant expressions, such as pi/2")
    trace = run(program, {})
    return float(trace.graph.values[trace.node_of(program.output)])


def point(given: Given) -> dict[str, float]:
    """The names and numbers of a point, in the order in which they were given; of a name given twice the last value counts."""
    items = entries(given) if isinstance(given, str) else (given or {}).items()
    found: dict[str, float] = {}
    for name, value in items:
        found.pop(normal(name), None)
        found[normal(name)] = constant(value, normal(name))
    return found


def complete(program: Program, given: Given, command: str = "grad") -> dict[str, float]:
    """A value for every input of the program. Raises MissingValue with all that are missing, PointError for what is superfluous."""
    values = program.defaults | point(given)
    for name in values:
        if name not in program.inputs or (name in program.defaults and given and name in point(given)):
            refuse(program, name)
    missing = [name for name in program.inputs if name not in values]
    if missing:
        raise MissingValue(missing, program.text, program.spans([program.inputs[name] for name in missing]), _cure(program, missing, command))
    return values


def refuse(program: Program, name: str) -> None:
    """Refuses a value for a name that is no input."""
    if program.register(name) is not None:
        raise PointError(
            f"'{name}' is assigned in the program and can't be given a value", f"change the assignment in the program, or leave {name} out of --at"
        )
    known = ", ".join(program.inputs) or "none"
    near = nearest(name, program.inputs)
    raise PointError(f"the program has no input '{name}'", f"did you mean '{near}'?" if near else f"its inputs are: {known}")


def _cure(program: Program, missing: Sequence[str], command: str) -> str:
    """What to type when values are missing."""
    if "e" in missing and re.search(r"(?<!\w)e\s*(\^|\*\*)", program.text):
        return "the exponential function is exp(x); or give e a value: --at e=2.718281828459045"
    values = ",".join(f"{name}=1.0" for name in missing)
    short = len(program.text) <= 60 and "\n" not in program.text and not set(program.text) & set('"$`!\\')
    return f'gradcli {command} "{program.text}" --at {values}' if short and len(missing) == len(program.inputs) else f"add --at {values}"


def node_register(program: Program, name: str, what: str) -> int:
    """The register of a name that an option gives: an input, an assigned name, or one of its versions."""
    spelled = normal(name)
    register = program.inputs.get(spelled, program.register(spelled)) if what != "--of" else program.register(spelled)
    if register is None:
        known = [*program.inputs, *program.assigned()]
        near = nearest(spelled, known)
        offer = f"did you mean '{near}'?" if near else "its names are: " + ", ".join(known[:20])
        raise UnknownName(f"{what} names '{name}', which the program does not have", hint=offer)
    return register
