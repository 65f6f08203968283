"""Arrays as text and as JSON: whole where they are small, else what is to be known of them; and the names of their elements.

Knows arrays by what every NumPy array offers, and does not import NumPy. A value without axes is a plain number.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from gradcli.rendering.numerals import json_number, number_text
from gradcli.rendering.page import columns, padded

IN_TABLE = 6
"""Elements of an array that a table of nodes shows whole."""

IN_ANSWER = 40
"""Elements of a value or a gradient that an answer for people shows whole."""

IN_JSON = 1_000_000
"""Elements of a value or a gradient that JSON has whole."""

OF_NODES_IN_JSON = 1000
"""Elements of the value and of the gradient of a node that JSON has whole."""

Shape = tuple[int, ...]


class Summary(NamedTuple):
    """What is to be known of an array that is not shown."""

    norm: float
    least: float
    largest: float


def shape_of(value: Any) -> Shape:
    """The shape of a value; () for a number."""
    shape: Shape = getattr(value, "shape", ())
    return shape


def shape_text(shape: Shape) -> str:
    """A shape as Python writes it; nothing for a number."""
    return str(tuple(shape)) if shape else ""


def summary(array: Any) -> Summary:
    """Euclidean norm, least and largest element, also where squares would overflow; nan where an element is nan."""
    if not array.size:
        return Summary(0.0, math.nan, math.nan)
    least, largest = float(array.min()), float(array.max())
    scale = max(abs(least), abs(largest)) if least == least else math.nan
    if scale in (0.0, math.inf) or scale != scale:
        return Summary(scale, least, largest)
    scale = math.ldexp(1.0, math.frexp(scale)[1] - 1)
    parts = (array / scale).ravel()
    return Summary(scale * math.sqrt(float(parts @ parts)), least, largest)


def summary_text(array: Any) -> str:
    """The summary in words: `norm 5  min -3  max 4`; of truth values how many are true, where there are nans how many."""
    if array.dtype == bool:
        return f"{int(array.sum())} of {array.size} true"
    if absent := int((array != array).sum()):
        return f"{absent} of {array.size} are nan"
    return "  ".join(f"{word} {number_text(number)}" for word, number in zip(("norm", "min", "max"), summary(array), strict=True))


def value_text(value: Any, limit: int = IN_TABLE) -> str:
    """A number, an array of at most `limit` elements on one line, or the summary of a larger one; nothing for None."""
    if not shape_of(value):
        return number_text(value)
    return list_text(value.tolist()) if value.size <= limit else summary_text(value)


def list_text(items: Any) -> str:
    """Nested lists as Python writes them, with numbers in their shortest form."""
    return f"[{', '.join(map(list_text, items))}]" if isinstance(items, list) else number_text(items)


def value_rows(value: Any, limit: int = IN_ANSWER) -> list[str]:
    """A value for people on as many lines as it has rows; an array of more than `limit` elements as its shape and summary."""
    shape = shape_of(value)
    if is_long(value, limit):
        return [f"shape {shape_text(shape)}  {summary_text(value)}"]
    return [value_text(value, limit)] if len(shape) < 2 or 0 in shape else list(matrix_rows(value))


def is_long(value: Any, limit: int = IN_ANSWER) -> bool:
    """Whether a value has more elements than a place shows."""
    return bool(shape_of(value)) and value.size > limit


def matrix_rows(array: Any) -> Iterator[str]:
    """The rows of an array of two or more axes, its columns aligned, with the brackets of nested lists."""
    shape = array.shape
    texts = [[number_text(item) for item in row] for row in array.reshape(-1, shape[-1]).tolist()]
    sizes = [max(map(columns, column)) for column in zip(*texts, strict=True)]
    for index, row in zip(product(*map(range, shape[:-1])), texts, strict=True):
        first, last = equal_at_the_end(index, [0] * len(index)), equal_at_the_end(index, [n - 1 for n in shape])
        cells = ", ".join(padded(text, size, True) for text, size in zip(row, sizes, strict=True))
        yield " " * (len(index) - first) + "[" * (first + 1) + cells + "]" * (last + 1) + "," * (last < len(index))


def equal_at_the_end(index: Sequence[int], other: Sequence[int]) -> int:
    """How many of the last numbers of an index are those of another."""
    return next((k for k, i in enumerate(reversed(range(len(index)))) if index[i] != other[i]), len(index))


def elements(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A number under its name, or every element of an array under a name of its own, `W[0,3]`."""
    shape = shape_of(value)
    if not shape:
        yield name, value
        return
    for index, item in zip(product(*map(range, shape)), value.ravel().tolist(), strict=True):
        yield f"{name}[{','.join(map(str, index))}]", item


def json_value(value: Any, limit: int = IN_JSON) -> Any:
    """A value fit for JSON: a number, nested lists, or the summary of an array of more than `limit` elements; settings as they are."""
    if shape_of(value):
        return nested(value) if value.size <= limit else omitted(value)
    if isinstance(value, tuple):
        return [json_value(item, limit) for item in value]
    return value if isinstance(value, str) else json_number(value)


def nested(array: Any) -> Any:
    """An array as nested lists; the strings of numbers that JSON does not have are looked for only where there are any."""
    items = array.tolist()
    return items if array.dtype == bool or math.isfinite(abs(array).max(initial=0.0)) else spelled(items)


def spelled(items: Any) -> Any:
    """Nested lists with every number fit for JSON."""
    return [spelled(item) for item in items] if isinstance(items, list) else json_number(items)


def omitted(array: Any) -> dict[str, Any]:
    """What stands in JSON for an array that is too large."""
    norm, least, largest = map(json_number, summary(array.astype(float)))
    return {"shape": list(array.shape), "norm": norm, "min": least, "max": largest, "omitted": array.size}
