"""Arguments for rows of arrays, from the cases that stand in the rows, and what the laws of the table ask of a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gradcli.differentiation.array_shares import fitted, structural_shares
from gradcli.operations import OPS, Op
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.floats import FLOATS

STRUCTURAL: list[Any] = [op for op in OPS.values() if op.structural and not op.draws]
CASES = [(op, case) for op in STRUCTURAL for case in op.cases]


def case_name(value: Any) -> str:
    """A readable id of a row or of a case."""
    return value.name if isinstance(value, Op) else "-".join(map(str, value)).replace(" ", "") if isinstance(value, tuple) else str(value)


def drawn(text: str, random: np.random.Generator) -> Any:
    """An array for its shape as text: "2x3", "number", or with a word before it that says more about the elements."""
    *kind, size = text.split()
    if size == "number":
        return float(random.normal())
    shape = tuple(map(int, size.split("x")))
    x = random.normal(size=shape)
    match kind:
        case ["zeros"]:
            x.flat[::2] = 0.0
        case ["ties"]:
            x[:] = np.resize(x.flat[:2], shape)
        case ["positive"]:
            x = np.exp(x)
        case ["probabilities"]:
            x = 1 / (1 + np.exp(-x))
        case ["definite"]:
            x = x @ np.swapaxes(x, -1, -2) + np.eye(shape[-1])
        case ["regular"]:
            x = x + 3 * np.eye(shape[-1])
        case ["singular"]:
            x[..., -1, :] = x[..., 0, :]
    return x


def grouped_arguments(op: Any, case: tuple[Any, ...], seed: int = 0) -> list[Any]:
    """One entry per parameter, as the rules of a row get them."""
    random = np.random.default_rng([seed, len(op.name)])
    return [argument(op, name, given, random) for name, given in zip(op.params, case, strict=True)]


def argument(op: Any, name: str, given: Any, random: np.random.Generator) -> Any:
    """One entry: drawn for an operand, as given for a setting."""
    if name in op.settings:
        return tuple(array_of(one) for one in given) if name == op.variadic else given
    return tuple(drawn(one, random) for one in given) if name == op.variadic else drawn(given, random)


def array_of(given: Any) -> Any:
    """A piece of an index: a tuple of numbers is an array."""
    return np.array(given) if isinstance(given, tuple) else given


def arguments_of(op: Any, case: tuple[Any, ...], seed: int = 0) -> list[Any]:
    """The arguments of a node."""
    return op.flat(grouped_arguments(op, case, seed))


def operands(op: Any, arguments: list[Any]) -> Iterator[int]:
    """The positions of the arguments that a derivative is taken by."""
    for position in range(len(arguments)):
        i = op.parameter_of(position, len(arguments))
        if op.params[i] not in op.settings and i < len(op.pullbacks) and op.pullbacks[i] is not None:
            yield position


def over(F: Any, op: Any, arguments: list[Any]) -> list[Any]:
    """Arguments as a number system has them; settings stay what they are."""
    found = list(arguments)
    for position in range(len(arguments)):
        if op.params[op.parameter_of(position, len(arguments))] not in op.settings:
            found[position] = F.numbers(arguments[position])
    return found


def shares(F: Any, op: Any, arguments: list[Any], g: Any, y: Any = None) -> dict[int, Any]:
    """The shares of the operands in the adjoint g of the value, over a number system."""
    y = getattr(F, op.name)(*arguments) if y is None else y
    wanted = [True] * len(arguments)
    with np.errstate(all="ignore"):
        found = structural_shares(F, op, y, g, arguments, wanted)
        return {position: fitted(F, share, shape_of(arguments[position])) for position, share in found}


def pushed(F: Any, op: Any, arguments: list[Any], position: int, t: Any) -> Any:
    """What a tangent of one operand contributes to the tangent of the value."""
    i = op.parameter_of(position, len(arguments))
    y, grouped = getattr(F, op.name)(*arguments), op.grouped(arguments, F.plain)
    if op.params[i] == op.variadic:
        zeros = [F.numbers(np.zeros(shape_of(x)) if shape_of(x) else 0.0) for x in grouped[i]]
        zeros[position - op.place_of_variadic[0]] = t
        t = tuple(zeros)
    return op.pushforwards[i](F, t, y, *grouped)


def like(x: Any, random: np.random.Generator) -> Any:
    """Random numbers in the shape of a value."""
    return random.normal(size=shape_of(x)) if shape_of(x) else float(random.normal())


def dot(a: Any, b: Any) -> Any:
    """The sum of products of all elements."""
    found = np.sum(np.asarray(a) * np.asarray(b))
    return found.item() if is_array(found) else found


def value(op: Any, arguments: list[Any]) -> Any:
    """The float64 value of a row."""
    return getattr(FLOATS, op.name)(*arguments)
