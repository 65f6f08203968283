"""Right and wrong gradients of the corpus: the truth at 50 digits and more from SymPy and mpmath, and faults planted into it.

Nothing of gradcli's checker takes part. What float64 leaves of a gradient is seen in float64 gradients (reverse mode) at the point and
at points a few units in the last place away: an error is resolvable if it is `CLEAR` times larger.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import sympy as sp

import gradcli
from tests.benchmarks.corpus import SMOOTH, Function
from tests.checking import truth

SIZES = (1e-1, 1e-2, 1e-4, 1e-6, 1e-8)
"""Relative errors that are planted, into one element each."""

CLEAR = 4
"""How many times larger than float64's own loss an error must be to count as resolvable."""

NEIGHBOURS, UNITS = 8, 4
"""Points beside the point at which float64's loss is looked at, and how many units in the last place away each number moves at most."""

LEAST = 4
"""Units in the last place that any float64 gradient may be off."""

Point = Mapping[str, Any]


@dataclass(frozen=True)
class Planted:
    """A gradient under test, flattened: what was done to it, whether it is right, and whether float64 can tell that it is wrong."""

    fault: str
    gradient: tuple[float, ...]
    right: bool
    resolvable: bool = True


@dataclass(frozen=True)
class Case:
    """One function at one point as a checker gets it."""

    function: Function

    @cached_property
    def point(self) -> dict[str, Any]:
        """The inputs as float64 numbers and arrays."""
        at = eval(f"dict({self.function.at})")  # our own corpus
        return {name: np.asarray(value, dtype=np.float64)[()] for name, value in at.items()}

    @cached_property
    def flat(self) -> Any:
        """All numbers of the point as one vector."""
        return np.concatenate([np.ravel(value) for value in self.point.values()])

    def shaped(self, flat: Any) -> dict[str, Any]:
        """A vector as numbers and arrays by input; of any kind of array that has slices and `reshape`."""
        found, start = {}, 0
        for name, value in self.point.items():
            size = np.size(value)
            found[name] = flat[start : start + size].reshape(np.shape(value)) if np.shape(value) else flat[start]
            start += size
        return found

    @cached_property
    def names(self) -> list[str]:
        """A name for each number of the point."""
        return [f"{name}_{i}" for name, value in self.point.items() for i in range(np.size(value))]

    @cached_property
    def truth(self) -> list[Any]:
        """The derivative by each number of the point, as mpmath numbers."""
        symbols = [truth.symbol(name) for name in self.names]
        formula = truth.expression(self.function.text, {**OVER_SYMPY, **self.shaped(np.array(symbols, dtype=object))})
        at = dict(zip(self.names, map(float, self.flat), strict=True))
        return [truth.number(sp.diff(formula, symbol), at) for symbol in symbols]

    @cached_property
    def gradient(self) -> tuple[float, ...]:
        """The doubles next to the truth; where there is none, what reverse mode answers by PyTorch's conventions."""
        if self.function.category in SMOOTH:
            return tuple(map(float, self.truth))
        return self.reverse(self.point)

    def reverse(self, at: Point) -> tuple[float, ...]:
        """The float64 gradient by reverse mode, with 0 for inputs that the function does not depend on."""
        found = gradcli.grad(self.function.text, at).gradient
        return tuple(float(x) for name in self.point for x in np.ravel(found[name]))

    @cached_property
    def loss(self) -> list[float]:
        """How far float64 gradients are from the truth, element by element, at the point and at its nearest neighbours."""
        chance = random.Random(str(self.function))
        found = [LEAST * math.ulp(g) for g in self.gradient]
        for k in range(NEIGHBOURS + 1):
            moved = [x + (k > 0) * chance.randint(-UNITS, UNITS) * math.ulp(x) for x in map(float, self.flat)]
            for i, (here, exact) in enumerate(zip(self.reverse(self.shaped(np.array(moved))), self.truth, strict=True)):
                off = abs(float(here - exact)) if math.isfinite(here) else math.inf
                found[i] = max(found[i], off)
        return found

    def planted(self) -> Iterator[Planted]:
        """The gradients that every checker is asked about."""
        if self.function.category in SMOOTH:
            yield Planted("none", self.gradient, right=True)
            yield from self.faults()
            return
        if self.function.right:
            yield from (Planted("between the slopes", gradient, right=True) for gradient in self.function.right)
            yield from (Planted("impossible slope", gradient, right=False) for gradient in self.function.impossible)
            return
        yield Planted("undefined", self.gradient, right=False)

    def faults(self) -> Iterator[Planted]:
        """The wrong gradients."""
        g = self.gradient
        matters = [i for i, x in enumerate(g) if x]
        if matters:
            place = random.Random(f"{self.function}/place").choice(matters)
            for size in SIZES:
                yield self.wrong(f"{size:.0e}", replaced(g, place, g[place] * (1 + size)))
            yield self.wrong("sign", tuple(-x for x in g))
            yield self.wrong("zero", (0.0,) * len(g))
        pair = next(((i, j) for i in range(len(g)) for j in range(i) if abs(g[i] - g[j]) > 1e-3 * max(abs(g[i]), abs(g[j]))), None)
        if pair:
            i, j = pair
            yield self.wrong("swapped", replaced(replaced(g, i, g[j]), j, g[i]))
        yield Planted("nan", replaced(g, len(g) - 1, math.nan), right=False)

    def wrong(self, fault: str, gradient: tuple[float, ...]) -> Planted:
        """A wrong gradient, and whether any element of it is further off than float64 explains."""
        off = [abs(float(one - exact)) for one, exact in zip(gradient, self.truth, strict=True)]
        return Planted(fault, gradient, right=False, resolvable=any(d > CLEAR * loss for d, loss in zip(off, self.loss, strict=True)))


def replaced(vector: tuple[float, ...], place: int, value: float) -> tuple[float, ...]:
    """A vector with another element."""
    return (*vector[:place], value, *vector[place + 1 :])


def elementwise(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of SymPy expressions over arrays of them."""
    over = np.frompyfunc(function, function.__code__.co_argcount, 1) if hasattr(function, "__code__") else np.frompyfunc(function, 1, 1)
    return lambda *xs: over(*xs) if any(isinstance(x, np.ndarray) for x in xs) else function(*xs)


def folded(function: Callable[[Any, Any], Any]) -> Callable[[Any], Any]:
    """A function of two expressions as one of all elements of an array."""

    def over(array: Any) -> Any:
        first, *others = np.ravel(array)
        for other in others:
            first = function(first, other)
        return first

    return over


UNARY = ("sin", "cos", "tan", "exp", "log", "sqrt", "tanh", "sinh", "cosh", "arctan", "arcsin", "arccos", "arcsinh", "arccosh", "arctanh")

OVER_SYMPY: dict[str, Any] = {
    **{
        name: elementwise(truth.FUNCTIONS[name])
        for name in (*UNARY, "abs", "log1p", "expm1", "log2", "log10", "sigmoid", "softplus", "relu")
    },
    **{name: elementwise(truth.FUNCTIONS[name]) for name in ("maximum", "minimum", "hypot")},
    "clip": truth.FUNCTIONS["clip"],
    "arctan2": sp.atan2,
    "where": truth.piecewise,
    "sum": lambda x: np.sum(x),
    "mean": lambda x: np.sum(x) / np.size(x),
    "prod": lambda x: np.prod(x),
    "dot": lambda a, b: np.sum(a * b),
    "max": folded(truth.FUNCTIONS["max"]),
}
"""The corpus's functions over SymPy."""
