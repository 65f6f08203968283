"""The answer of `grad` for scripts: bare numbers, `name<TAB>value` lines, CSV. Every number reads back the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.numerals import number_text

if TYPE_CHECKING:
    from gradcli.results import Gradient, Output


def plain_lines(result: Gradient) -> str:
    """`value<TAB>6`, then `w<TAB>5` for every input, then `w:2<TAB>…` for its second and higher derivatives.

    Of several outputs each has a line `value:<name>`, where an output without name has its node's number, `value:#4`.
    """
    return tabbed([*values(result), *gradients(result)])


def csv_lines(result: Gradient) -> str:
    """A header and one line: the inputs, `value` (of several outputs `value_<name>`), `grad_<input>`, and `grad2_<input>` and so on."""
    values = ((header("value", output, "_"), output.value) for output in result.outputs)
    higher = ((f"grad{order}_{name}", value) for name, order, value in derivatives(result))
    cells = [*result.at.items(), *(several(values, result)), *((f"grad_{name}", value) for name, value in result.gradient.items()), *higher]
    return f"{','.join(quoted(name) for name, _ in cells)}\n{','.join(number_text(value) for _, value in cells)}\n"


def chosen_values(result: Gradient, get: Sequence[str], value_only: bool) -> str:
    """The value if it is asked for, then the gradients in `get`: bare numbers, or `name<TAB>value` lines for several gradients or outputs.

    Raises UsageError for a name without gradient.
    """
    found = [*(values(result) if value_only else ()), *((name, gradient_of(result, name)) for name in get)]
    if len(get) > 1 or (value_only and len(result.outputs) > 1):
        return tabbed(found)
    return "".join(f"{number_text(value)}\n" for _, value in found)


def gradient_of(result: Gradient, name: str) -> float:
    """The gradient of an input by name."""
    if name in result.gradient:
        return result.gradient[name]
    from gradcli.errors import UsageError, nearest

    known = nearest(name, result.gradient) or ", ".join(result.gradient)
    raise UsageError(f"no gradient of '{name}' was asked for", hint=f"--get {known}" if known else None)


def values(result: Gradient) -> Iterator[tuple[str, float]]:
    """The values of the outputs by their names in `plain`."""
    return several(((header("value", output, ":"), output.value) for output in result.outputs), result)


def several(found: Iterator[tuple[str, float]], result: Gradient) -> Iterator[tuple[str, float]]:
    """Values by name, where the value of an only output is called `value`."""
    return found if len(result.outputs) > 1 else (("value", value) for _, value in found)


def header(word: str, output: Output, mark: str) -> str:
    """The name of one of several outputs."""
    number = f"#{output.id}" if mark == ":" else str(output.id)
    return f"{word}{mark}{output.name or number}"


def gradients(result: Gradient) -> Iterator[tuple[str, float]]:
    """The gradients of all orders by their names in `plain`."""
    yield from result.gradient.items()
    yield from ((f"{name}:{order}", value) for name, order, value in derivatives(result))


def derivatives(result: Gradient) -> Iterator[tuple[str, int, float]]:
    """Input, order and value of the derivatives above the first."""
    return ((name, order, value) for name, row in result.higher.items() for order, value in enumerate(row[1:], 2))


def tabbed(found: Sequence[tuple[str, float]]) -> str:
    """Lines `name<TAB>value`."""
    return "".join(f"{name}\t{number_text(value)}\n" for name, value in found)


def quoted(name: str) -> str:
    """A name as a field of a CSV line; `W[0,3]` needs quotes."""
    return '"' + name.replace('"', '""') + '"' if any(mark in name for mark in ',"\n\r') else name
