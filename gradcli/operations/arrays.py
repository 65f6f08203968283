"""Arrays as values: what is one, elementwise functions lifted over them, and pieces of arrays. It knows no row.

An array of floats is a NumPy array of float64 (bool for truth values). An array of any other number system is a NumPy array of
objects, one number of the system each, on which NumPy's own sums, products and views work. Values without axes are plain numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from gradcli.operations.lazily import ARRAYS, np

Shape = tuple[int, ...]


def is_array(value: Any) -> bool:
    """Whether a value is an array; does not import NumPy."""
    return type(value).__name__ == "ndarray"


def has_arrays(values: Sequence[Any]) -> bool:
    """Whether one of some values is an array: a question that every operation on numbers asks, too."""
    return not ARRAYS.isdisjoint(map(type, values))


def shape_of(value: Any) -> Shape:
    """The shape of a value; () for a number."""
    shape: Shape = getattr(value, "shape", ())
    return shape


def tidy(value: Any) -> Any:
    """A result of NumPy as a value: without axes a plain number, whole numbers as floats."""
    if isinstance(value, np.generic):
        value = value.item()
    elif is_array(value):
        if not value.ndim:
            value = value.item()
        elif value.dtype.kind in "iu":
            return value.astype(float)
    return float(value) if type(value) is int else value


def unboxed(value: Any) -> Any:
    """A value without axes as a number."""
    return value.item() if is_array(value) and not value.ndim else value


def lifted(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of numbers as one of numbers and arrays of objects, with broadcasting."""

    def over_arrays(*values: Any) -> Any:
        if has_arrays(values):
            return np.frompyfunc(function, len(values), 1)(*values)
        return function(*values)

    return over_arrays


def plain(value: Any) -> Any:
    """A setting in any number system as Python has it: floats, and arrays of floats or of truth values."""
    if is_array(value):
        return value if value.dtype != object else plain_array(value)
    return value if value is None or isinstance(value, bool | str | tuple) else float(value)


def plain_array(value: Any) -> Any:
    """An array of objects as an array of floats or of truth values."""
    truths = all(isinstance(item, bool | np.bool_) for item in value.flat)
    return value.astype(bool) if truths and value.size else np.array([float(item) for item in value.flat]).reshape(value.shape)


def beside_arrays(operator: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """An operator of two numbers, which beside an array leaves the work to NumPy."""

    def between(a: Any, b: Any) -> Any:
        return NotImplemented if is_array(b) else operator(a, b)

    return between


class Pieces:
    """The pieces on which the elements of an array lie: comparable as a whole, unlike an array."""

    __slots__ = ("array",)

    def __init__(self, array: Any) -> None:
        self.array = array

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pieces):
            return NotImplemented
        return self.array.shape == other.array.shape and bool(np.all(self.array == other.array))

    __hash__ = None  # type: ignore[assignment]


def pieces(decide: Callable[..., Any], values: Sequence[Any]) -> Pieces:
    """What a function of pieces decides, element by element."""
    return Pieces(np.frompyfunc(decide, len(values), 1)(*values))
