"""What travels to programs and servers of other languages, and back: JSON, numbers, arrays. Knows neither how nor what for.

Numbers may be spelled as C, Fortran, awk, bc and Python print them: nan, -inf, Infinity, .5, +1, 1D-3, np.float64(2.0), or a text
such as "inf"; null is NaN, as which some libraries write it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from gradcli.errors import UsageError
from gradcli.operations.lazily import np
from gradcli.results import Value

TIMEOUT = 10.0
"""Seconds that an answer may take where nothing else is said."""

STARTING = 60.0
"""Seconds that the first answer of a program may take then, which has to start before."""

SHOWN = 80
"""Characters of an answer, or of a point, that a message repeats."""

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|np\.float\d+\(([^()]*)\)|[+-]?[\w.]+(?:(?<=[eEdD])[+-]\d+)?')
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?")
INFINITE = {"nan": "NaN", "inf": "Infinity", "infinity": "Infinity"}


def read_json(text: str) -> Any:
    """The data that a JSON text stands for, with numbers as floats. Raises ValueError with the reason for any other text."""
    try:
        return _loaded(text)
    except ValueError as fault:
        respelled = TOKEN.sub(_respelled, text)
        if respelled == text:
            raise
        try:
            return _loaded(respelled)
        except ValueError:
            raise fault from None


def _loaded(text: str) -> Any:
    """The same for text with JSON's own numbers."""
    try:
        return json.loads(text, parse_int=float)
    except json.JSONDecodeError as fault:
        raise ValueError(f"{fault.msg.removesuffix(' enclosed in double quotes')} at column {fault.colno}") from None
    except RecursionError:
        raise ValueError("brackets are nested too deeply") from None


def _respelled(token: re.Match[str]) -> str:
    """A number as JSON spells it; anything else as it is."""
    word = token[1] or token[0]
    plain = word.lower().replace("d", "e")
    if plain.lstrip("+-") in INFINITE:
        return ("-" if word.startswith("-") and "nan" not in plain else "") + INFINITE[plain.lstrip("+-")]
    return json.dumps(float(plain)) if NUMBER.fullmatch(plain) else token[0]


def value_of(data: Any) -> Value:
    """The number or the array that data stands for. Raises ValueError with the reason where it stands for none."""
    if not isinstance(data, list):
        return number(data)
    try:
        array = np.array(_numbers(data), np.float64)
    except RecursionError:
        raise ValueError("brackets are nested too deeply") from None
    except ValueError as fault:
        raise ValueError("rows have different lengths" if "homogeneous" in str(fault) else str(fault)) from None
    array.setflags(write=False)
    result: Value = array
    return result


def _numbers(data: Any) -> Any:
    """Lists of floats."""
    return [_numbers(item) for item in data] if isinstance(data, list) else number(data)


def number(data: Any) -> float:
    """The number that data stands for."""
    if data is None:
        return math.nan
    if isinstance(data, float):
        return data
    try:
        if isinstance(data, str):
            return float(data)
    except ValueError:
        pass
    raise ValueError(f"{cut(spelled(data), 30)} is no number")


def seconds(limit: Any) -> float | None:
    """The time that an answer may take, as somebody says it. Raises UsageError for what is no time."""
    if limit is None:
        return None
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not 0 < limit < math.inf:
        raise UsageError(f"--timeout is a number of seconds above 0, not {cut(str(limit))}", "--timeout 10")
    return float(limit)


def spelled(data: Any) -> str:
    """Data as JSON on one line."""
    return json.dumps(data, ensure_ascii=False)


def sendable(value: Value) -> Any:
    """A value as JSON has it: numbers that are not finite are the texts "nan", "inf" and "-inf"."""
    data = value if isinstance(value, float) else value.tolist()
    return _finite(data) if not _all_finite(value) else data


def _all_finite(value: Value) -> bool:
    """Whether JSON has numbers for all of a value."""
    return math.isfinite(value) if isinstance(value, float) else bool(np.isfinite(value).all())


def _finite(data: Any) -> Any:
    """Lists of numbers with texts for those that JSON does not have."""
    if isinstance(data, list):
        return [_finite(item) for item in data]
    return data if math.isfinite(data) else str(data)


def told(at: Mapping[str, Value]) -> str:
    """A point as a message shows it: what to type behind --at, cut where it is long."""
    parts = (f"{name}={value if isinstance(value, float) else str(value.tolist()[:20] if value.ndim else value).replace(' ', '')}"
             for name, value in at.items())  # fmt: skip
    return cut(",".join(parts)) or "no inputs"


def cut(text: str, most: int = SHOWN) -> str:
    """The beginning of a text, on one line and without control characters."""
    line = "".join(char if char.isprintable() else " " for char in text[: most + 1].strip())
    return line if len(line) <= most else line[: most - 1] + "…"
