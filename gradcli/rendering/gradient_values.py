"""The answer of `grad` for scripts: bare numbers, `name<TAB>value` lines, CSV. Every number reads back the same.

Of an array `name<TAB>value` lines and CSV have every element under a name of its own, `W[0,3]`; bare it has a line per element (of
more axes: a line per row, with blanks between its numbers), which can be read as a value of a point again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.errors import UsageError, nearest
from gradcli.rendering.arrays import elements, shape_of, shape_text
from gradcli.rendering.numerals import number_text

if TYPE_CHECKING:
    from gradcli.results import Gradient, Output, Value

INDEX = re.compile(r"(?:-?\d{1,9},)*-?\d{1,9}\]")
"""An index behind its opening bracket."""


def plain_lines(result: Gradient) -> str:
    """`value<TAB>6`, then `w<TAB>5` for every input, then `w:2<TAB>…` for its second and higher derivatives.

    Of several outputs each has a line `value:<name>`, where an output without name has its node's number, `value:#4`.
    """
    return tabbed([*values(result), *gradients(result)])


def csv_lines(result: Gradient) -> str:
    """A header and one line: the inputs, `value` (of several outputs `value_<name>`), `grad_<input>`, and `grad2_<input>` and so on."""
    cells = [cell for name, value in named_values(result) for cell in elements(name, value)]
    return f"{','.join(quoted(name) for name, _ in cells)}\n{','.join(number_text(value) for _, value in cells)}\n"


def named_values(result: Gradient) -> list[tuple[str, Value]]:
    """Everything that an answer has for programs, under the names of CSV."""
    values = ((header("value", output, "_"), output.value) for output in result.outputs)
    higher = ((f"grad{order}_{name}", value) for name, order, value in derivatives(result))
    return [*result.at.items(), *(several(values, result)), *((f"grad_{name}", value) for name, value in result.gradient.items()), *higher]


def chosen_values(result: Gradient, get: Sequence[str], value_only: bool) -> str:
    """The value if it is asked for, then the gradients in `get`: bare numbers, or `name<TAB>value` lines for several gradients or outputs.

    Raises UsageError for a name without gradient.
    """
    found = [*(values(result) if value_only else ()), *((name, gradient_of(result.gradient, name)) for name in get)]
    if len(get) > 1 or (value_only and len(result.outputs) > 1):
        return tabbed(found)
    return "".join(f"{row}\n" for _, value in found for row in bare_rows(value))


def gradient_arrays(result: Gradient, get: Sequence[str], value_only: bool, single: bool) -> dict[str, Value]:
    """What a file of arrays holds: the value and the gradients that are asked for, else the gradients, and if it may hold several
    arrays also inputs and values; under the names of CSV."""
    if not (get or value_only or single):
        return dict(named_values(result))
    chosen = get or ([] if value_only else list(result.gradient))
    return dict([*(values(result) if value_only else ()), *((f"grad_{name}", gradient_of(result.gradient, name)) for name in chosen)])


def bare_rows(value: Any) -> Iterator[str]:
    """A number, the elements of a vector, or the rows of an array of more axes."""
    shape = shape_of(value)
    rows = value.reshape(-1, shape[-1] if len(shape) > 1 else 1).tolist() if shape and value.size else [] if shape else [[value]]
    return (" ".join(map(number_text, row)) for row in rows)


def gradient_of(gradient: Mapping[str, Value], name: str) -> Value:
    """The gradient of an input by name, or an element of it: W[0,3]."""
    if name in gradient:
        return gradient[name]
    base, bracket, index = name.partition("[")
    if bracket and base in gradient and INDEX.fullmatch(index):
        return element(base, gradient[base], tuple(map(int, index[:-1].split(","))))
    known = nearest(base, gradient) or ", ".join(gradient)
    raise UsageError(f"no gradient of '{name}' was asked for", hint=f"--get {known}" if known else None)


def element(name: str, value: Any, index: tuple[int, ...]) -> Value:
    """An element of an array, or with fewer numbers in the index a row. Raises UsageError for one that it does not have."""
    shape = shape_of(value)
    if len(index) > len(shape) or any(not -n <= i < n for i, n in zip(index, shape, strict=False)):
        what = f"has the shape {shape_text(shape)}" if shape else "is a single number"
        raise UsageError(f"'{name}[{','.join(map(str, index))}]' is not there: the gradient of {name} {what}", f"--get {name}")
    found = value[index]
    return found if shape_of(found) else float(found)


def values(result: Gradient) -> Iterator[tuple[str, Value]]:
    """The values of the outputs by their names in `plain`."""
    return several(((header("value", output, ":"), output.value) for output in result.outputs), result)


def several(found: Iterator[tuple[str, Value]], result: Gradient) -> Iterator[tuple[str, Value]]:
    """Values by name, where the value of an only output is called `value`."""
    return found if len(result.outputs) > 1 else (("value", value) for _, value in found)


def header(word: str, output: Output, mark: str) -> str:
    """The name of one of several outputs."""
    number = f"#{output.id}" if mark == ":" else str(output.id)
    return f"{word}{mark}{output.name or number}"


def gradients(result: Gradient) -> Iterator[tuple[str, Value]]:
    """The gradients of all orders by their names in `plain`."""
    yield from result.gradient.items()
    yield from ((f"{name}:{order}", value) for name, order, value in derivatives(result))


def derivatives(result: Gradient) -> Iterator[tuple[str, int, Value]]:
    """Input, order and value of the derivatives above the first."""
    return ((name, order, value) for name, row in result.higher.items() for order, value in enumerate(row[1:], 2))


def tabbed(found: Sequence[tuple[str, Value]]) -> str:
    """Lines `name<TAB>value`, of an array one for each element."""
    return "".join(f"{label}\t{number_text(number)}\n" for name, value in found for label, number in elements(name, value))


def quoted(name: str) -> str:
    """A name as a field of a CSV line; `W[0,3]` needs quotes."""
    return '"' + name.replace('"', '""') + '"' if any(mark in name for mark in ',"\n\r') else name
