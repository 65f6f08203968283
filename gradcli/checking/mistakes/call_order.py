"""Gradients that depend on what was called before: not reset, of the call before, or different every time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gradcli.checking.estimates import text
from gradcli.operations.lazily import np
from gradcli.results import Value

Gradient = Mapping[str, Any]

NOISE = "the gradient is not repeatable"
"""How a sentence begins about a gradient that is another one even without calls between."""

SUMS = 2.0**-40
"""Relative difference up to which a gradient is the sum of two others."""

SCATTER = 1e-9
"""Relative difference up to which two answers are the same but for rounding."""


Point = Mapping[str, Value]


def call_order(gradient: Callable[[Point], Gradient], at: Point, other: Point, function: Callable[[Point], object] | None = None) -> str:
    """What depends on the order of calls, as a sentence; empty where the answers at a point are the same, bit by bit.

    The gradient is asked at the point, at another one, and at the point again; where that differs, at once for a third time. Then it is
    asked after the function was called at the other point.
    """
    first, between, again = (kept(gradient(point)) for point in (at, other, at))
    if first.keys() != again.keys():
        return f"the gradient has other inputs when it is called again: {', '.join(first)}, then {', '.join(again)}"
    place = where(first, again)
    if place is None:
        return after_the_function(gradient, at, other, function) if function else ""
    label, one, two = place
    numbers = f"by {label} it is {text(one)}, and {text(two)} when it is asked at the same point again"
    if sums(first, between, again):
        return f"the gradient is not reset: each call adds to the one before ({numbers})"
    once_more = kept(gradient(at))
    if where(between, once_more) is None:
        return f"the gradient is that of the call before ({numbers})"
    return on_calls(first, again, once_more, numbers)


def after_the_function(gradient: Callable[[Point], Gradient], at: Point, other: Point, function: Callable[[Point], object]) -> str:
    """Whether the gradient at a point is another one after the function was called elsewhere: it may leave something behind."""
    function(at)
    first = kept(gradient(at))
    function(other)
    after, once_more = kept(gradient(at)), kept(gradient(at))
    place = where(first, after)
    if place is None:
        return ""
    label, one, two = place
    numbers = f"by {label} it is {text(one)}, and {text(two)} when the function was called at another point before"
    function(at)
    if all(where(first, kept(gradient(at))) is None for _ in range(2)):
        return f"the gradient is that of the point where the function was called last ({numbers})"
    return on_calls(first, after, once_more, numbers)


def on_calls(one: Gradient, other: Gradient, once_more: Gradient, numbers: str) -> str:
    """That two answers at the same point differ: by rounding, by what was called between them, or by noise, which never comes again."""
    if far(one, other) <= SCATTER:
        return f"{NOISE}: its last digits change from call to call ({numbers})"
    if where(other, once_more) is None or where(one, once_more) is None:
        return f"the gradient depends on the calls before it ({numbers})"
    return f"{NOISE}: it is another one at every call ({numbers})"


def kept(gradient: Mapping[str, Value]) -> dict[str, Any]:
    """A copy: what is answered may be changed by the next call."""
    return {name: np.array(value, float) for name, value in gradient.items()}


def where(one: Gradient, other: Gradient) -> tuple[str, float, float] | None:
    """The element in which two gradients differ most, with its numbers; None if they are the same. NaN is the same as NaN."""
    found = [place for name in one.keys() & other.keys() for place in differing(name, np.asarray(one[name]), np.asarray(other[name]))]
    return max(found, key=lambda place: size(place[1] - place[2]), default=None)


def differing(name: str, one: Any, other: Any) -> Iterator[tuple[str, float, float]]:
    """The element in which two arrays differ most."""
    if one.shape != other.shape:
        yield f"{name}, whose shape changes", math.nan, math.nan
        return
    same = (one == other) | ((one != one) & (other != other))
    if not np.all(same):
        with np.errstate(all="ignore"):
            apart = np.where(same, -1.0, np.nan_to_num(np.abs(one - other), nan=np.inf))
        place = np.unravel_index(int(np.argmax(apart)), one.shape)
        label = f"{name}[{','.join(map(str, place))}]" if place else name
        yield label, float(one[place]), float(other[place])


def size(number: float) -> float:
    """An absolute value; that of no number is infinite."""
    return abs(number) if number == number else math.inf


def sums(first: Gradient, between: Gradient, again: Gradient) -> bool:
    """Whether the third answer is the second with the first added."""
    if first.keys() != between.keys() or any(np.shape(first[name]) != np.shape(again[name]) for name in first):
        return False
    with np.errstate(all="ignore"):
        return all(
            np.shape(first[name]) == np.shape(between[name])
            and bool(np.all(np.abs(again[name] - between[name] - first[name]) <= SUMS * (abs(again[name]) + abs(between[name]))))
            for name in first
        ) and any(bool(np.any(between[name] != 0)) for name in first)


def far(one: Gradient, other: Gradient) -> float:
    """How far two gradients are apart, relative to the largest number of each input."""
    with np.errstate(all="ignore"):
        apart = [
            float(np.max(np.abs(one[name] - other[name]), initial=0.0) / max(float(np.max(np.abs(one[name]), initial=0.0)), 5e-324))
            for name in one
            if np.shape(one[name]) == np.shape(other[name])
        ]
    return max((a if a == a else math.inf for a in apart), default=math.inf)
