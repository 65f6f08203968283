"""What a function of the user's returns, as values: floats and arrays of float64 by the names of the outputs. Knows no gradient."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from gradcli.errors import TargetProblem
from gradcli.language.hints import short
from gradcli.operations.lazily import np
from gradcli.results import Value
from gradcli.targets.python.tensors import untensored

ONLY = "value"
"""The name of the output of a function that returns one number or one array."""

RETURN = "return a number or an array, or several of them in a tuple or a dict"


class Reader:
    """Reads what one function returns; `narrow` is the name of a type of less precision than float64, once one was seen."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.narrow = ""

    def outputs(self, answer: Any) -> dict[str, Value]:
        """The outputs of an answer: by name those of a dict, a named tuple or a dataclass, those of a tuple as out[0], out[1], …"""
        parts = parts_of(answer)
        if parts is None:
            return {ONLY: self.value(answer, "")}
        if not parts:
            raise TargetProblem(f"{self.what} returned {short(repr(answer))}, which has no number", RETURN)
        return {name: self.value(part, name) for name, part in parts.items()}

    def value(self, thing: Any, name: str = "") -> Value:
        """A number or an array; `name` says which part of the answer it is."""
        if type(thing) is float:
            return thing
        plain = untensored(thing)
        if isinstance(plain, int | float) and not isinstance(plain, bool):
            return self.single(plain, name)
        return self.array(plain, name)

    def array(self, thing: Any, name: str) -> Value:
        """What NumPy makes of a thing, if these are real numbers."""
        if thing is None or isinstance(thing, str | bytes | Mapping | Iterator) or callable(thing):
            raise self.refused(thing, name)
        try:
            array = np.asarray(thing)
        except Exception as fault:
            ragged = isinstance(thing, list | tuple)
            raise self.refused(thing, name, "whose rows have different lengths" if ragged else "which is no array") from fault
        if array.dtype.kind == "c":
            array = self.real(array, name)
        elif array.dtype.kind == "O":
            array = self.of_objects(array, name)
        elif array.dtype.kind not in "iuf":
            raise self.refused(thing, name)
        if array.dtype.kind == "f" and array.dtype.itemsize < 8:
            self.narrow = array.dtype.name
        value = np.array(array, np.float64)
        value.setflags(write=False)
        return value if value.ndim else float(value)

    def single(self, number: Any, name: str) -> float:
        """A number of Python's, or one that has a float."""
        try:
            return float(number)
        except (TypeError, ValueError, OverflowError, ArithmeticError) as fault:
            words = "which is larger than every float" if isinstance(fault, OverflowError) else ""
            raise self.refused(number, name, words) from fault

    def real(self, array: Any, name: str) -> Any:
        """Complex numbers whose imaginary part is zero, as real ones."""
        if np.any(array.imag != 0):
            example = complex(array.flat[int(np.argmax(np.abs(array.imag)))])
            raise TargetProblem(f"{self.call(name)} a complex number, {example}", "derivatives of real functions are checked")
        return array.real

    def of_objects(self, array: Any, name: str) -> Any:
        """Fractions, decimals and other objects that have a float."""
        items = [untensored(item) for item in array.flat]
        for item in items:
            if isinstance(item, bool | str | complex) or not (hasattr(item, "__float__") or hasattr(item, "__index__")):
                raise self.refused(item if array.ndim == 0 else array, name)
        return np.array([self.single(item, name) for item in items], np.float64).reshape(array.shape)

    def refused(self, thing: Any, name: str, words: str = "") -> TargetProblem:
        """The error for something that is no number."""
        return TargetProblem(f"{self.call(name)} {described(thing)}{', ' + words if words else ''}", cure(thing))

    def call(self, name: str) -> str:
        """The beginning of a sentence about an answer or a part of it."""
        return f"{self.what} returned as '{short(name)}'" if name else f"{self.what} returned"


def parts_of(answer: Any) -> dict[str, Any] | None:
    """The outputs of an answer that has several, None if it has one."""
    if isinstance(answer, Mapping):
        return {str(name): part for name, part in answer.items()}
    if is_record(answer):
        return {field.name: getattr(answer, field.name) for field in fields(answer)}
    if isinstance(answer, tuple):
        if hasattr(answer, "_asdict"):
            return dict(answer._asdict())
        return {ONLY: answer[0]} if len(answer) == 1 else {f"out[{i}]": part for i, part in enumerate(answer)}
    return None


def is_record(answer: Any) -> bool:
    """Whether an answer is an object of a dataclass that is no number by itself."""
    return is_dataclass(answer) and not isinstance(answer, type) and not hasattr(answer, "__float__") and not hasattr(answer, "__array__")


def parts_of_any(answer: Any) -> dict[str, Any]:
    """The outputs of an answer by name, also where it is the only one."""
    parts = parts_of(answer)
    return {ONLY: answer} if parts is None else parts


def with_parts(answer: Any, parts: Mapping[str, Any]) -> Any:
    """An answer of the same form as another, with other outputs."""
    if isinstance(answer, Mapping):
        return {key: parts[str(key)] for key in answer}
    if is_record(answer):
        return replace(answer, **parts)
    if isinstance(answer, tuple):
        return type(answer)(*parts.values()) if hasattr(answer, "_asdict") else tuple(parts.values())
    return parts[ONLY]


def cure(thing: Any) -> str:
    """What may have been meant instead of a thing that is no number."""
    if isinstance(thing, Coroutine):
        thing.close()
        return "async functions are not called: name a function that waits for it"
    return "is a return missing?" if thing is None else "is yield meant to be return?" if isinstance(thing, Iterator) else RETURN


def described(thing: Any) -> str:
    """What a thing that is no number is, in words."""
    if thing is None:
        return "None"
    if isinstance(thing, bool) or type(thing).__name__ == "bool":
        return f"a truth value, {thing}"
    if isinstance(thing, str | bytes):
        return f"a text, {short(repr(thing))}"
    kind = getattr(getattr(thing, "dtype", None), "kind", "")
    if kind in "bUSO" and kind:
        return {"b": "truth values", "U": "texts", "S": "texts", "O": "an array of things that are no numbers"}[kind]
    return f"something that is no number: {type(thing).__name__}"
