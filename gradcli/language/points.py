"""Points: from what a user gives (`w=1,x=[1,pi/2]`, a mapping) to a number or an array for every input."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any
from zlib import crc32

from gradcli.errors import GradcliError, MissingValue, PointError, UnknownName, nearest
from gradcli.language.hints import short
from gradcli.language.parser import parse
from gradcli.language.program import Program
from gradcli.operations import find
from gradcli.operations.arrays import shape_of

Given = Mapping[str, object] | str | None

NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
NAME = re.compile(r"[^\W\d][^=<>!(]*")
RANGE = re.compile(r"[^:()\[\]{}]+:[^:()\[\]{}]+(:\s*\w+)?")
DIGITS = re.compile(r"\d+")
SEPARATOR = re.compile(r"[(\[{)\]},;]")


def pieces(text: str) -> Iterator[str]:
    """The parts of a text between commas (and `;`) that stand outside brackets."""
    depth, start = 0, 0
    for match in SEPARATOR.finditer(text):
        depth += (match[0] in "([{") - (match[0] in ")]}")
        if match[0] in ",;" and depth <= 0:
            yield text[start : match.start()]
            start = match.end()
    yield text[start:]


def entries(text: str, what: str = "--at") -> Iterator[tuple[str, str]]:
    """The (name, value) pairs of `w=1,x=2`."""
    before = ""
    for piece in pieces(text):
        name, sign, value = piece.partition("=")
        if sign and not value.startswith("=") and NAME.fullmatch(name.strip()):
            before = piece.strip()
            yield name.strip(), value.strip()
        elif piece.strip():
            decimal = f" (a decimal number has a point: {short(before)}.{piece.strip()})" if before and piece.strip().isdigit() else ""
            raise PointError(f"'{short(piece.strip())}' in {what} is no NAME=VALUE{decimal}", f"write {what} x=1.5,w=2")


def normal(name: str) -> str:
    """A name as programs spell it after normalisation."""
    return unicodedata.normalize("NFKC", name.strip())


def constant(value: object, name: str, seed: int = 0) -> Any:
    """The float or the array that a value stands for: a number, a list, an array, or the text of a constant expression.

    Arrays are copies of float64 that nobody changes. `random` functions of an expression draw by the seed and the name. Raises
    PointError for anything else.
    """
    if isinstance(value, str):
        return _text(value, name, seed)
    if isinstance(value, list | tuple) or shape_of(value):
        return _array(value, name)
    kind = type(value).__name__
    if kind.startswith(("bool", "complex")) or not (hasattr(value, "__float__") or hasattr(value, "__index__")):
        raise PointError(
            f"the value of '{short(name)}' is no number: {short(_shown(value))}", "give a number, a list, or an expression such as pi/2"
        )
    try:
        return float(value)  # type: ignore[arg-type]
    except OverflowError as fault:
        raise _too_large(name) from fault
    except (TypeError, ValueError) as fault:
        raise PointError(f"the value of '{short(name)}' is no number", "give a number, or a list of numbers") from fault


def _array(value: Any, name: str) -> Any:
    """A list, nested or not, or an array of numbers, as an array of float64."""
    from gradcli.operations.lazily import np

    try:
        array = np.asarray(value)
    except ValueError as fault:
        raise PointError(f"the rows of '{short(name)}' have different lengths", "give every row as many numbers") from fault
    except OverflowError as fault:
        raise _too_large(name) from fault
    if array.dtype.kind == "O":
        array = _of_objects(array, name)
    if array.dtype.kind not in "iuf":
        what = {"b": "truth values", "c": "complex numbers", "U": "texts", "S": "texts"}.get(array.dtype.kind, "things that are no numbers")
        raise PointError(f"'{short(name)}' holds {what}, not numbers", "give an array of floats")
    array = np.array(array, np.float64)
    array.setflags(write=False)
    return array


def _of_objects(array: Any, name: str) -> Any:
    """An array of objects that are all numbers, such as fractions or large integers."""
    from gradcli.operations.lazily import np

    items = [item if isinstance(item, list | tuple | dict | set) else constant(item, name) for item in array.flat]
    if any(not isinstance(item, float) for item in items):
        raise PointError(f"the rows of '{short(name)}' have different lengths", "give every row as many numbers")
    return np.array(items, np.float64).reshape(array.shape)


def _shown(value: object) -> str:
    """A value that is no number, as a message shows it."""
    return repr(value) if value is None or isinstance(value, bool | complex) else type(value).__name__


def _too_large(name: str) -> PointError:
    """A number that no double holds."""
    return PointError(f"the value of '{short(name)}' is larger than the largest double, 1.8e308", f"infinity is written {short(name)}=inf")


def _text(text: str, name: str, seed: int) -> Any:
    """The value of a number or of a constant expression."""
    if not NUMBER.fullmatch(text.strip()):
        return _expression(text, name, seed)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _too_large(name)
    return value


def _expression(text: str, name: str, seed: int) -> Any:
    """The value of a constant expression."""
    from gradcli.language.interpreter import run

    if not text.strip():
        raise PointError(f"'{short(name)}' has no value", f"write {short(name)}=1.0")
    try:
        program = parse(text)
    except GradcliError as fault:
        hint = range_cure(text, name) if RANGE.fullmatch(text) else fault.hint
        raise PointError(f"the value of '{short(name)}' can't be read: {fault.message}", hint) from fault
    if program.registers:
        others = ", ".join(f"'{other}'" for other in program.registers)
        raise PointError(
            f"the value of '{short(name)}' depends on {short(others)}", "values are numbers or constant expressions, such as pi/2"
        )
    try:
        trace = run(program, {}, seed=(seed, crc32(name.encode())))
    except GradcliError as fault:
        raise PointError(f"the value of '{short(name)}' can't be computed: {fault.message}", fault.hint) from fault
    value = trace.graph.values[trace.node_of(program.output)]
    return _array(value, name) if hasattr(value, "shape") else float(value)


def range_cure(text: str, name: str) -> str:
    """What to write instead of a range, which is no value."""
    low, high = text.split(":")[:2]
    return f"check draws from a range: --over {short(name)}={short(text)}; several values are {short(name)}=linspace({low},{high},11)"


def point(given: Given, seed: int = 0) -> dict[str, Any]:
    """The names and values of a point, in the order in which they were given; of a name given twice the last value counts."""
    if given is not None and not isinstance(given, str | Mapping):
        raise PointError(f"a point is a text or a mapping, not {type(given).__name__}", 'write at={"x": 1.0} or at="x=1.0"')
    found: dict[str, Any] = {}
    for name, value in entries(given) if isinstance(given, str) else (given or {}).items():
        if not isinstance(name, str):
            raise PointError(f"{short(repr(name))} is no name of an input", 'write at={"x": 1.0}')
        found.pop(normal(name), None)
        found[normal(name)] = constant(value, normal(name), seed)
    return found


def complete(program: Program, given: Given, command: str = "grad", seed: int = 0) -> dict[str, Any]:
    """A value for every input of the program. Raises MissingValue with all that are missing, PointError for what is superfluous.

    `command` says what the user types: a command of gradcli, or "suite" for a check of a suite. Random values are drawn by `seed`.
    """
    values = point(given, seed)
    missing = [name for name in program.inputs if name not in values and name not in program.defaults]
    known = {*program.inputs, *values}
    product = next((words for name in missing if len(words := _factors(name, known)) > 1), [])
    for name in values:
        if (name not in program.inputs or name in program.defaults) and name not in product:
            refuse(program, name)
    if missing:
        spans = program.spans([program.inputs[name] for name in missing])
        raise MissingValue(missing, program.text, spans, _cure(program, missing, command, product))
    return program.defaults | values


def refuse(program: Program, name: str) -> None:
    """Refuses a value for a name that is no input."""
    shown = short(name)
    if program.register(name) is not None:
        hint = f"change the assignment in the program, or leave {shown} out of --at"
        raise PointError(f"'{shown}' is assigned in the program and can't be given a value", hint)
    known = ", ".join(program.inputs) or "none"
    near = nearest(name, program.inputs)
    raise PointError(f"the program has no input '{shown}'", f"did you mean '{near}'?" if near else f"its inputs are: {short(known, 200)}")


def _cure(program: Program, missing: Sequence[str], command: str, product: Sequence[str]) -> str:
    """What to type when values are missing."""
    if "e" in missing and re.search(r"(?<!\w)e\s*(\^|\*\*)", program.text):
        return "the exponential function is exp(x); or give e a value: --at e=2.718281828459045"
    if product:
        return f"names are not split: write {'*'.join(product)}; or give {''.join(product)} a value"
    unknown = set(missing)
    given = [name for name in program.inputs if name not in unknown]
    near = next((found for name in missing[:20] if (found := _misspelled(name, given))), None)
    if near:
        return f"did you mean '{near}'? Or {_values(program, missing, command)}"
    function = next((name for name in missing if find(name) is not None), None)
    cure = _values(program, missing, command)
    return f"{cure}; the function is written {function}(…)" if function else cure


def _values(program: Program, missing: Sequence[str], command: str) -> str:
    """How to give values: the whole command where it is short, else what to add to it or to the check of a suite."""
    if command == "suite":
        return f"add at = {{{short(', '.join(f'{name} = 1.0' for name in missing), 200)}}} to the check"
    values = ",".join(f"{name}=1.0" for name in missing)
    text = program.text
    whole = len(text) <= 60 and "\n" not in text and not set(text) & set('"$`!\\') and len(missing) == len(program.inputs)
    return f'gradcli {command} "{text}" --at {values}' if whole else f"add --at {short(values, 200)}"


def _misspelled(name: str, given: Sequence[str]) -> str | None:
    """The input with a value that a name without one looks like; names with different numbers are no misspellings of each other."""
    if not 4 <= len(name) < 40:
        return None
    digits = DIGITS.findall(name)
    return nearest(name, [other for other in given[:1000] if DIGITS.findall(other) == digits])


def _factors(name: str, known: Container[str]) -> list[str]:
    """Other names that written one behind the other look like `name`; [] if there are none."""
    if len(name) > 20:
        return []
    ways: dict[int, list[str]] = {0: []}
    for end in range(1, len(name) + 1):
        for start in range(end):
            if start in ways and end not in ways and name[start:end] != name and name[start:end] in known:
                ways[end] = [*ways[start], name[start:end]]
    return ways.get(len(name), [])


def node_register(program: Program, name: str, what: str) -> int:
    """The register of a name that an option gives: an input, an assigned name, or one of its versions."""
    spelled = normal(name)
    register = program.inputs.get(spelled, program.register(spelled)) if what != "--of" else program.register(spelled)
    if register is None:
        known = [*program.inputs, *program.assigned()]
        near = nearest(spelled, known) if len(spelled) < 40 else None
        offer = f"did you mean '{near}'?" if near else "its names are: " + ", ".join(known[:20])
        raise UnknownName(f"{what} names '{short(name)}', which the program does not have", hint=offer)
    return register
