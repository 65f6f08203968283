"""Settings of operations as NumPy wants them: axes, shapes and whole numbers, from what a program computes. Refuses what can't be one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.arrays import Shape, is_array, shape_of
from gradcli.operations.lazily import np


def whole(value: Any, what: str) -> int:
    """A whole number."""
    if (
        isinstance(value, bool)
        or not isinstance(value, float | int)
        or value != value
        or value in (float("inf"), float("-inf"))
        or value % 1
    ):
        raise ShapeProblem(f"{what} is a whole number, not {said(value)}", "write it as 0, 1, 2, …")
    return int(value)


def whole_numbers(values: Any, what: str) -> Any:
    """An array of whole numbers."""
    found = np.asarray(values)
    wrong = found[~np.isfinite(found) | (found != np.floor(found))] if found.dtype == float else found[:0].ravel()
    if wrong.size:
        whole(float(wrong[0]), what)
    return found.astype(int)


def real(value: Any, what: str) -> float:
    """A number."""
    if isinstance(value, bool) or not isinstance(value, float | int):
        raise ShapeProblem(f"{what} is a number, not {said(value)}", "write it as 1 or 0.5")
    return float(value)


def lengths(parts: Any) -> Shape:
    """The shape of a new array. Raises ShapeProblem for a negative length."""
    shape = shape_from(parts)
    for n in shape:
        if n < 0:
            raise ShapeProblem(f"a length can't be negative: {n}", "lengths are 0, 1, 2, …")
    return shape


def said(value: Any) -> str:
    """A setting in a message."""
    if is_array(value):
        return f"an array of shape {shape_text(value.shape)}"
    return f"{value:g}" if isinstance(value, float) else repr(value)


def shape_text(shape: Sequence[int]) -> str:
    """A shape as messages show it: (2, 3)."""
    return f"({', '.join(map(str, shape))}{',' if len(shape) == 1 else ''})"


def axes_of(axis: Any) -> Any:
    """An axis, or several, as NumPy takes them: None, an int or a tuple."""
    if axis is None:
        return None
    if isinstance(axis, tuple) or is_array(axis):
        return tuple(whole(one, "an axis") for one in (axis.tolist() if is_array(axis) else axis))
    return whole(axis, "an axis")


def axis_within(axis: Any, x: Any) -> int:
    """One axis of an array, counted from 0. Raises ShapeProblem for one that it does not have."""
    number, rank = whole(axis, "an axis"), len(shape_of(x))
    if not -max(rank, 1) <= number < max(rank, 1):
        raise ShapeProblem(f"there is no axis {number} in the shape {shape_text(shape_of(x))}", "axes count from 0; -1 is the last")
    return number % max(rank, 1)


def axes_within(axis: Any, x: Any) -> tuple[int, ...]:
    """One axis of an array or several, counted from 0."""
    named = axes_of(axis)
    return tuple(axis_within(one, x) for one in (named if isinstance(named, tuple) else (named,)))


def shape_from(parts: Any) -> Shape:
    """A shape from one number, several, or an array of them."""
    if is_array(parts):
        parts = parts.tolist()
    if not isinstance(parts, tuple | list):
        parts = (parts,)
    if len(parts) == 1 and (is_array(parts[0]) or isinstance(parts[0], tuple)):
        return shape_from(parts[0])
    return tuple(whole(part, "a length") for part in parts)
