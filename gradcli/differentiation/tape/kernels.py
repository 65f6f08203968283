"""How a tape carries out one operation: by a function that fills a given array where there is one, else by the row's own value."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from inspect import signature
from operator import methodcaller
from typing import Any

from gradcli.operations import Op, by_name
from gradcli.operations.arrays import is_array, shape_of, tidy
from gradcli.operations.floats import value_of
from gradcli.operations.lazily import np
from gradcli.operations.reductions import reduced_axes
from gradcli.operations.settings import axis_within

Function = Callable[..., Any]


@dataclass(frozen=True)
class Kernel:
    """A function of those arguments of a node that stand at `positions`.

    One that `fills` takes an array for its value as last argument, or makes one; the value of one that `shares` may be a view.
    """

    function: Function
    positions: Sequence[int]
    fills: bool = False
    shares: bool = False


def kernel_of(op: Op, xs: Sequence[Any], varying: Sequence[bool], y: Any) -> Kernel:
    """The kernel of a node, from examples of its arguments and of its value, and which arguments are no constants."""
    if not op.structural:
        function = filling(op, xs) if is_array(y) else None
        if function is None:
            return Kernel(by_row(op) if is_array(y) else op.value, range(len(xs)), shares=is_array(y))
        return Kernel(function, range(len(xs)), fills=True)
    function = DIRECT[op](*xs, y) if op in DIRECT else None
    if function is not None:
        positions = [i for i, name in enumerate(op.params) if name not in op.settings]
        return Kernel(function, positions, fills=is_array(y) and op not in VIEWS, shares=op in VIEWS)
    return structural(op, xs, varying)


def filling(op: Op, xs: Sequence[Any]) -> Function | None:
    """The function by which an elementwise row fills an array; None if it has none, or not for truth values."""
    numbers = [x for x in xs[op.chooses :] if isinstance(x, float) or (is_array(x) and x.dtype != bool)]
    if not numbers and not op.boolean:
        return None
    if op in FILLING:
        return FILLING[op]
    function = getattr(np, op.array) if isinstance(op.array, str) else op.array
    if function is None:
        return None
    if isinstance(function, np.ufunc):
        return function  # type: ignore[no-any-return]
    return function if "out" in signature(function).parameters else None


def rectified(x: Any, out: Any = None) -> Any:
    """relu; adding zero makes -0 zero, as the row has it."""
    found = np.maximum(x, 0.0, out=out)
    return np.add(found, 0.0, found)


def larger(a: Any, b: Any, out: Any = None) -> Any:
    """The larger of two: NumPy takes no third argument by position here."""
    return np.maximum(a, b, out=out)


def smaller(a: Any, b: Any, out: Any = None) -> Any:
    """The smaller of two."""
    return np.minimum(a, b, out=out)


def choice(condition: Any, a: Any, b: Any, out: Any = None) -> Any:
    """a where a condition holds, else b."""
    if out is None:
        return np.where(condition, a, b)
    np.copyto(out, b)
    np.copyto(out, a, where=np.asarray(condition, bool))
    return out


def by_row(op: Op) -> Function:
    """The value of a row as a function of its arguments alone."""
    return lambda *xs: value_of(op, *xs)


def structural(op: Op, xs: Sequence[Any], varying: Sequence[bool]) -> Kernel:
    """Any operation about whole arrays, with its constant settings put in once."""
    parameters = [op.parameter_of(i, len(xs)) for i in range(len(xs))]
    positions = [i for i, parameter in enumerate(parameters) if varying[i] or op.params[parameter] not in op.settings]
    if any(op.params[parameters[i]] == op.variadic for i in positions):
        return Kernel(lambda *values: tidy(op.value(*op.grouped(put(xs, positions, values)))), positions, shares=True)
    grouped, places = op.grouped(xs), [parameters[i] for i in positions]
    return Kernel(lambda *values: tidy(op.value(*put(grouped, places, values))), positions, shares=True)


def put(arguments: Sequence[Any], positions: Sequence[int], values: Sequence[Any]) -> list[Any]:
    """Arguments with values in some positions."""
    found = list(arguments)
    for i, value in zip(positions, values, strict=True):
        found[i] = value
    return found


def product(a: Any, b: Any, y: Any) -> Function | None:
    """The matrix product; None where it is a number."""
    return np.matmul if is_array(y) else None


def added(x: Any, axis: Any, keepdims: Any, y: Any) -> Function | None:
    """The sum over axes, as np.sum computes it; None for a number's own."""
    if not is_array(x):
        return None
    axes, keep = reduced_axes(x, axis), bool(keepdims)
    if is_array(y):
        return lambda x, out=None: np.add.reduce(x, axes, None, out, keep)
    return lambda x: float(np.add.reduce(x, axes))


def added_to(x: Any, shape: Any, y: Any) -> Function | None:
    """The sum over leading axes; None where others are summed, or all."""
    extra = len(shape_of(x)) - len(shape_of(y))
    if not is_array(y) or shape_of(x)[extra:] != shape_of(y):
        return None
    axes = tuple(range(extra))
    return lambda x, out=None: np.add.reduce(x, axes, None, out)


def exchanged(x: Any, axis1: Any, axis2: Any, y: Any) -> Function | None:
    """A view with two axes exchanged."""
    return methodcaller("swapaxes", axis_within(axis1, x), axis_within(axis2, x)) if is_array(x) else None


FILLING: dict[Op, Function] = {
    by_name("relu"): rectified, by_name("maximum"): larger, by_name("minimum"): smaller, by_name("where"): choice,
}  # fmt: skip
"""Elementwise rows that fill an array by a function of their own."""

DIRECT: dict[Op, Callable[..., Function | None]] = {
    by_name("matmul"): product, by_name("sum"): added, by_name("sum_to"): added_to, by_name("swapaxes"): exchanged,
}  # fmt: skip
"""Operations about whole arrays for which NumPy has a function: examples of arguments and value -> the function, or None."""

VIEWS = frozenset((by_name("swapaxes"),))
"""Those of them whose value is a view."""
