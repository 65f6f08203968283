"""Functions that only answer float64 values, at points, with their exact derivatives: what the engine for black boxes is measured on.

A box is written once, over a module M of functions: `math` makes its values, mpmath at many digits the truth. Boxes with noise are made
of these by disturbing the values as programs do. Data and truth only; nothing here calls gradcli.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import mpmath
import numpy as np

Formula = Callable[[Any, Any], Any]
"""A function of one number, written over a module M of elementary functions."""

DIGITS = 300


class Exact:
    """mpmath under the names of `math`, in a context of its own."""

    def __init__(self) -> None:
        self.context = mpmath.mp.clone()
        self.context.dps = DIGITS

    def __getattr__(self, name: str) -> Any:
        return getattr(self.context, name)

    def fabs(self, x: Any) -> Any:
        """abs, as `math` calls it."""
        return abs(x)

    def log1p(self, x: Any) -> Any:
        """log(1 + x)."""
        return self.context.log(1 + x)

    def lgamma(self, x: Any) -> Any:
        """The logarithm of gamma, for positive numbers."""
        return self.context.loggamma(x)


EXACT = Exact()


def derivative(f: Formula, x: float, side: int = 0) -> Any:
    """The derivative at x by a difference quotient of 300 digits; along one side of the point if `side` is ±1."""
    h = EXACT.context.mpf(10) ** -90 * (abs(EXACT.context.mpf(x)) or 1)
    x = EXACT.context.mpf(x)
    if side:
        first, second = ((f(EXACT, x + side * k * h) - f(EXACT, x)) / (side * k * h) for k in (1, 2))
        return 2 * first - second
    return (f(EXACT, x + h) - f(EXACT, x - h)) / (2 * h)


@dataclass(frozen=True)
class Box:
    """A function at a point: what it answers, and its exact slope, or the slopes on the left and on the right; None where there is none."""

    category: str
    name: str
    value: Callable[[float], float] = field(repr=False)
    x: float
    left: Any
    right: Any

    def __str__(self) -> str:
        return f"{self.category}: {self.name} at {self.x!r}"

    @property
    def slope(self) -> Any:
        """The two-sided slope."""
        return self.left if self.left == self.right else None

    def phi(self, t: float) -> Any:
        """The values along the line, as the engine asks for them; nan where the function fails."""
        try:
            return np.array([self.value(self.x + t)], dtype=float)
        except (ValueError, ZeroDivisionError, OverflowError):
            return np.array([math.nan])


def smooth(category: str, name: str, f: Formula, x: float) -> Box:
    """A box of a formula that is smooth at the point."""
    slope = derivative(f, x)
    return Box(category, name, lambda t: f(math, t), x, slope, slope)


WELL: dict[str, tuple[Formula, tuple[float, ...]]] = {
    "x": (lambda M, x: x, (0.0, 3.0)),
    "2x+1": (lambda M, x: 2 * x + 1, (-0.5, 17.0)),
    "x^2": (lambda M, x: x * x, (3.0, -0.1, 0.0)),
    "x^3-2x": (lambda M, x: x**3 - 2 * x, (1.7, -0.3)),
    "x^-2": (lambda M, x: x**-2, (-1.3, 0.2)),
    "x^2.5": (lambda M, x: M.sqrt(x) * x * x, (0.3, 40.0)),
    "exp": (lambda M, x: M.exp(x), (1.0, -3.7, 0.0)),
    "exp(-x^2)": (lambda M, x: M.exp(-x * x), (0.7, -1.032)),
    "damped wave": (lambda M, x: M.exp(-x * x) * M.sin(3 * x), (-1.032, 0.4)),
    "log": (lambda M, x: M.log(x), (2.5, 0.3, 100.0)),
    "log(x)/x": (lambda M, x: M.log(x) / x, (2.5, 0.7)),
    "sin": (lambda M, x: M.sin(x), (1.0, 0.0, -2.2, 30.0)),
    "cos": (lambda M, x: M.cos(x), (0.7, 3.0)),
    "tan": (lambda M, x: M.tan(x), (1.1,)),
    "sin^2": (lambda M, x: M.sin(x) ** 2, (-2.2,)),
    "nested sin": (lambda M, x: M.sin(M.sin(M.sin(x))), (1.0,)),
    "sqrt(1+x^2)": (lambda M, x: M.sqrt(1 + x * x), (-2.0, 0.1)),
    "sigmoid": (lambda M, x: 1 / (1 + M.exp(-x)), (0.3, -4.0, 6.0)),
    "softplus": (lambda M, x: M.log(1 + M.exp(x)), (-2.0, 1.5)),
    "tanh": (lambda M, x: M.tanh(x), (0.4, -1.5)),
    "tanh^2": (lambda M, x: M.tanh(0.5 * x - 0.2) ** 2, (1.3,)),
    "atan": (lambda M, x: M.atan(x), (0.9, -8.0)),
    "asin*acos": (lambda M, x: M.asin(x) * M.acos(x), (0.6,)),
    "sinh-tanh": (lambda M, x: M.sinh(x) - M.tanh(x), (-0.8,)),
    "x/(1+x^2)": (lambda M, x: x / (1 + x * x), (-7.1, 0.4)),
    "rational": (lambda M, x: (x**3 - x + 1) / (x**2 + 2), (1.9,)),
    "xlogx": (lambda M, x: x * M.log(x) - x, (0.2, 3.0)),
    "exp(sin)/x": (lambda M, x: M.exp(M.sin(x)) / x, (4.0,)),
    "entropy": (lambda M, x: -x * M.log(x) - (1 - x) * M.log(1 - x), (0.25, 0.9)),
    "rosenbrock": (lambda M, x: (1 - x) ** 2 + 100 * (1.0 - x * x) ** 2, (-1.2, 0.5)),
    "cubic product": (lambda M, x: (x - 1) * (x - 2) * (x - 3), (2.5,)),
    "horner": (lambda M, x: ((x + 1) * x + 1) * x + 1, (-0.3,)),
    "erf": (lambda M, x: M.erf(x), (0.5, -1.7)),
    "normal cdf": (lambda M, x: M.erfc(-x / 1.4142135623730951) / 2, (0.3,)),
    "lgamma": (lambda M, x: M.lgamma(x), (4.2, 0.6)),
    "logistic loss": (lambda M, x: M.log(1 + M.exp(-(0.3 * x - 0.1))), (2.0,)),
    "quadratic form": (lambda M, x: 0.5 * x * x * 2.5 - 1.7 * x + 0.3, (-0.4,)),
    "Lennard-Jones": (lambda M, x: 4 * ((3.4 / x) ** 12 - (3.4 / x) ** 6), (3.8,)),
    "Michaelis": (lambda M, x: 2 * x / (0.5 + x), (3.0,)),
    "sin(2 pi x)": (lambda M, x: M.sin(6.283185307179586 * x), (0.1,)),
    "distance": (lambda M, x: M.sqrt((x - 1) ** 2 + 4.0), (3.0,)),
    "log-sum-exp": (lambda M, x: M.log(M.exp(x) + M.exp(0.5) + M.exp(-1.0)), (0.2,)),
}
"""What gradients are usually checked on: numbers, slopes and lengths over which they change are all around 1."""

HARD: dict[str, tuple[Formula, tuple[float, ...]]] = {
    "wave 1e3": (lambda M, x: M.sin(1e3 * x), (1.0, 0.3)),
    "wave 1e6": (lambda M, x: M.sin(1e6 * x), (1.0, 0.7)),
    "wave 1e9": (lambda M, x: M.sin(1e9 * x), (0.7,)),
    "wave 2^20": (lambda M, x: M.sin(6588397.316661141 * x), (1.0,)),
    "small fast wave": (lambda M, x: M.sin(x) + 1e-9 * M.sin(1e6 * x), (1.0,)),
    "smaller, faster wave": (lambda M, x: M.sin(x) + 1e-12 * M.sin(1e9 * x), (1.0,)),
    "chirp": (lambda M, x: M.sin(x**4), (12.0,)),
    "sin(1/x)": (lambda M, x: M.sin(1 / x), (1e-3, 0.02)),
    "peak": (lambda M, x: x + M.exp(-(((x - 0.5) / 1e-4) ** 2)), (0.50003, 0.5003, 0.6)),
    "peak 1e-7": (lambda M, x: x + M.exp(-(((x - 0.5) / 1e-7) ** 2)), (0.50000003,)),
    "Runge": (lambda M, x: 1 / (1 + 1e8 * x * x), (1e-5, 1e-3, 0.0)),
    "rounded corner": (lambda M, x: M.sqrt(x * x + 1e-12), (1e-7, 1e-3, 0.0)),
    "steep sigmoid": (lambda M, x: 1 / (1 + M.exp(-1e5 * (x - 1))), (1.00001, 1.0)),
    "tanh(1e4x)": (lambda M, x: M.tanh(1e4 * x), (1e-5, 0.0)),
    "cancelling cosine": (lambda M, x: (1 - M.cos(x)) / x**2, (1e-4, 1e-2)),
    "cancelling exp": (lambda M, x: (M.exp(x) - 1) / x, (1e-5, 1e-9)),
    "cancelling square": (lambda M, x: (x + 1e7) ** 2 - 1e14, (1.0,)),
    "cancelling sums": (lambda M, x: (1e12 + M.sin(x)) - 1e12, (1.0,)),
    "Wilkinson": (lambda M, x: math.prod((x - k) for k in range(1, 13)), (6.3, 11.9)),
    "1e-12 sin": (lambda M, x: 1e-12 * M.sin(x), (1.0,)),
    "1e-150 x^2": (lambda M, x: 1e-150 * x * x, (3.0,)),
    "1e20 sin": (lambda M, x: 1e20 * M.sin(x), (1.0,)),
    "1e200 exp": (lambda M, x: 1e200 * M.exp(x), (0.5,)),
    "offset 1e6": (lambda M, x: 1e6 + M.sin(x), (1.0,)),
    "offset 1e10": (lambda M, x: 1e10 + M.sin(x), (1.0,)),
    "large x": (lambda M, x: M.sin(x), (1e5, 1e8, 12345.678)),
    "square of large x": (lambda M, x: x * x, (1e10, 1e150)),
    "slow in large x": (lambda M, x: M.sin(1e-10 * x), (1e10,)),
    "log of large x": (lambda M, x: M.log(x), (1e30,)),
    "log of tiny x": (lambda M, x: M.log(x), (1e-8, 1e-30, 1e-100, 1e-300)),
    "sqrt of tiny x": (lambda M, x: M.sqrt(x), (1e-12, 1e-100)),
    "1/x of tiny x": (lambda M, x: 1 / x, (1e-5, 1e-30)),
    "exp of tiny x": (lambda M, x: M.exp(x), (1e-8, 1e-20)),
    "tiny scale at 0": (lambda M, x: M.sin(1e20 * x), (0.0,)),
    "tinier scale at 0": (lambda M, x: M.atan(1e40 * x), (0.0,)),
    "x^4 at its minimum": (lambda M, x: x**4, (0.0,)),
    "x^x": (lambda M, x: M.exp(x * M.log(x)), (1e-3, 8.0)),
    "exp(-1/x^2)": (lambda M, x: M.exp(-1 / (x * x)), (0.1, 0.04)),
    "stiff": (lambda M, x: M.exp(-1e4 * x) + x, (1e-5, 1e-3, 0.1)),
    "exp(100x)": (lambda M, x: M.exp(100 * x), (1.0,)),
    "saturated tanh": (lambda M, x: M.tanh(x), (20.0, 8.0)),
    "saturated sigmoid": (lambda M, x: 1 / (1 + M.exp(-x)), (40.0, 15.0)),
    "near a pole": (lambda M, x: 1 / (x - 1), (1.000001, 0.99)),
    "tan near its pole": (lambda M, x: M.tan(x), (1.5707,)),
    "acos near 1": (lambda M, x: M.acos(x), (0.999999, 0.9999999999)),
    "log1p(-x)": (lambda M, x: M.log1p(-x), (0.99999999,)),
    "slow": (lambda M, x: M.cos(1e-6 * x), (3.0,)),
    "slow offset": (lambda M, x: 1 + 1e-9 * M.sin(x), (1.0,)),
}
"""Smooth at the point, but with lengths, sizes or roundings that are far from 1."""

PIECES: dict[str, tuple[Formula, tuple[float, ...]]] = {
    "near a corner": (lambda M, x: M.fabs(x - 1e-3), (0.0, 0.5)),
    "nearer": (lambda M, x: M.fabs(x - 1e-6), (0.0,)),
    "nearest": (lambda M, x: M.fabs(x - 1e-9) * 3 + x, (0.0,)),
    "curve near a corner": (lambda M, x: M.fabs(M.sin(x - 1e-4)) + x * x, (0.0,)),
    "relu, dead": (lambda M, x: max(x, 0 * x), (-0.9, -1e-3, -20.0)),
    "relu, alive": (lambda M, x: max(x, 0 * x), (0.9, 1e-3)),
    "relu of a curve": (lambda M, x: max(M.sin(x) - 0.3, 0 * x) ** 2, (1.0, 0.2)),
    "clip": (lambda M, x: min(max(x, -1 + 0 * x), 1 + 0 * x), (0.3, 5.0)),
    "hinge": (lambda M, x: max(1 - x, 0 * x), (0.9999, 2.0)),
    "Huber": (lambda M, x: x * x / 2 if abs(x) < 1 else M.fabs(x) - 0.5, (0.3, -2.0, 0.999)),
    "x|x|": (lambda M, x: x * M.fabs(x), (0.0, 0.4)),
    "x^2 relu": (lambda M, x: x * x * max(x, 0 * x), (0.0,)),
    "Huber at its seam": (lambda M, x: x * x / 2 if abs(x) < 1 else M.fabs(x) - 0.5, (1.0,)),
    "branch": (lambda M, x: x * x if x > 0.5 else M.exp(x), (0.3, 0.9)),
}
"""With corners, seams or jumps that are not at the point, or with no corner in the slope."""

CORNERS: dict[str, tuple[Formula, tuple[float, ...]]] = {
    "|x|": (lambda M, x: M.fabs(x), (0.0,)),
    "|x-1|": (lambda M, x: M.fabs(x - 1), (1.0,)),
    "relu": (lambda M, x: max(x, 0 * x), (0.0,)),
    "|x|+x^2": (lambda M, x: M.fabs(x) + 1e3 * x * x, (0.0,)),
    "leaky": (lambda M, x: x if x > 0 else x / 8, (0.0,)),
    "max of curves": (lambda M, x: max(M.exp(x), 1 + 2 * x), (0.0,)),
    "|sin|": (lambda M, x: M.fabs(M.sin(x)), (0.0,)),
    "clip at its bound": (lambda M, x: min(max(x, -1 + 0 * x), 1 + 0 * x), (1.0, -1.0)),
    "small corner": (lambda M, x: M.sin(x) + 1e-4 * M.fabs(x - 1), (1.0,)),
    "smaller corner": (lambda M, x: M.exp(x) + 1e-7 * M.fabs(x - 1), (1.0,)),
    "large |x|": (lambda M, x: 1e20 * x * x + 1e10 * M.fabs(x), (0.0,)),
    "tiny |x|": (lambda M, x: 1e-20 * M.fabs(x), (0.0,)),
    "hinge at its corner": (lambda M, x: max(1 - x, 0 * x), (1.0,)),
    "two-sided sqrt": (lambda M, x: M.sqrt(x * x), (0.0,)),
    "corner of large x": (lambda M, x: M.fabs(x - 1e6), (1e6,)),
}
"""With a corner at the point."""

EDGES: dict[str, tuple[Formula, float, float, float]] = {
    "sqrt at 0": (lambda M, x: M.sqrt(x), 0.0, math.nan, math.inf),
    "x^1.5 at 0": (lambda M, x: x * M.sqrt(x), 0.0, math.nan, 0.0),
    "log at 0": (lambda M, x: M.log(x), 0.0, math.nan, math.nan),
    "asin at 1": (lambda M, x: M.asin(x), 1.0, math.inf, math.nan),
    "cube root at 0": (lambda M, x: math.copysign(abs(x) ** (1 / 3), x), 0.0, math.inf, math.inf),
    "cusp": (lambda M, x: M.sqrt(abs(x)), 0.0, -math.inf, math.inf),
    "step": (lambda M, x: 1.0 if x > 0 else 0.0, 0.0, 0.0, math.inf),
    "sign with slope": (lambda M, x: x + (x > 0) - (x < 0), 0.0, math.inf, math.inf),
    "jump at 1": (lambda M, x: x * x + (x >= 1), 1.0, math.inf, 2.0),
    "one-sided slope": (lambda M, x: x * M.sqrt(x) + x, 0.0, math.nan, 1.0),
    "x log x at 0": (lambda M, x: x * M.log(x) if x else 0.0, 0.0, math.nan, -math.inf),
    "pole": (lambda M, x: 1 / x, 0.0, math.nan, math.nan),
}
"""Edges of domains, vertical tangents, cusps and jumps: the point, the slopes on the left and on the right; nan where there is none."""


def single(f: Formula) -> Callable[[float], float]:
    """In single precision from beginning to end."""

    class Single:
        def __getattr__(self, name: str) -> Any:
            f32 = getattr(np, {"atan": "arctan", "fabs": "abs"}.get(name, name))
            return lambda x: np.float32(f32(np.float32(x)))

    return lambda x: float(f(Single(), np.float32(x)))


def stored_single(f: Formula) -> Callable[[float], float]:
    """Kept in single precision at the end."""
    return lambda x: float(np.float32(f(math, x)))


def printed(form: str) -> Callable[[Formula], Callable[[float], float]]:
    """As read from printed digits."""
    return lambda f: lambda x: float(form % f(math, x))


def through(offset: float) -> Callable[[Formula], Callable[[float], float]]:
    """With the input passed through a large number."""
    return lambda f: lambda x: f(math, (x + offset) - offset)


def hash_noise(size: float) -> Callable[[Formula], Callable[[float], float]]:
    """With noise that is the same for the same input."""
    return lambda f: lambda x: f(math, x) + size * (2 * random.Random(repr(x)).random() - 1)


def random_noise(size: float) -> Callable[[Formula], Callable[[float], float]]:
    """With noise that is different each time."""

    def disturbed(f: Formula) -> Callable[[float], float]:
        chance = random.Random(1)
        return lambda x: f(math, x) + size * chance.gauss(0, 1)

    return disturbed


def relative_noise(size: float) -> Callable[[Formula], Callable[[float], float]]:
    """With noise that is a part of the value."""
    return lambda f: lambda x: f(math, x) * (1 + size * (2 * random.Random(repr(x)).random() - 1))


def summed(f: Formula) -> Callable[[float], float]:
    """As a sum of many parts that nearly cancel."""
    return lambda x: (
        sum(f(math, x) * k for k in range(-500, 501))
        + f(math, x) * 1.0
        + sum(1e3 * math.cos(k * x) ** 2 for k in range(40))
        - sum(1e3 * math.cos(k * x) ** 2 for k in reversed(range(40)))
    )


def bisected(f: Formula) -> Callable[[float], float]:
    """As the root of a monotone equation, found by bisection to an absolute tolerance of 1e-9."""

    def value(x: float) -> float:
        target, low, high = f(math, x), -1e3, 1e3
        while high - low > 1e-9:
            middle = (low + high) / 2
            low, high = (middle, high) if middle + math.tanh(middle) < target else (low, middle)
        root = (low + high) / 2
        return root + math.tanh(root)

    return value


def iterated(f: Formula, rounds: int = 0) -> Callable[[Any], Any]:
    """As the limit of an iteration that stops at a tolerance of 1e-10; after so many rounds, in exact numbers, if `rounds` is given."""

    def value(x: Any) -> Any:
        a = f(EXACT if rounds else math, x) ** 2 + 1
        y, done = 1 + 0 * a, 0
        while done < rounds if rounds else abs(y * y - a) > 1e-10 * a:
            y, done = (y + a / y) / 2, done + 1
        return y

    return value


def truncated(f: Formula) -> Callable[[float], float]:
    """Rounded down to multiples of 1e-5."""
    return lambda x: math.floor(f(math, x) * 1e5) * 1e-5


NOISES: dict[str, Callable[[Formula], Callable[[float], float]]] = {
    "float32": single,
    "float32 stored": stored_single,
    "%.6f": printed("%.6f"),
    "%.6g": printed("%.6g"),
    "%.9e": printed("%.9e"),
    "%.12g": printed("%.12g"),
    "+1e6-1e6": through(1e6),
    "+1e9-1e9": through(1e9),
    "noise 1e-8": hash_noise(1e-8),
    "noise 1e-12": hash_noise(1e-12),
    "noise 1e-4": hash_noise(1e-4),
    "random 1e-6": random_noise(1e-6),
    "random 1e-10": random_noise(1e-10),
    "relative 1e-9": relative_noise(1e-9),
    "cancelling sums": summed,
    "bisection": bisected,
    "floor 1e-5": truncated,
}
"""How programs disturb their values."""

DISTURBED: dict[str, tuple[Formula, tuple[float, ...]]] = {
    "sin": (lambda M, x: M.sin(x), (1.0, 0.0)),
    "exp": (lambda M, x: M.exp(x), (0.3, -2.1)),
    "quartic": (lambda M, x: x * x * x * x - x, (1.3,)),
    "tanh": (lambda M, x: M.tanh(x), (0.0, 2.0)),
    "linear": (lambda M, x: 3.7 * x + 1, (0.6, 40.0)),
    "wave": (lambda M, x: M.sin(50 * x), (0.4,)),
    "decay": (lambda M, x: M.exp(-x * x), (0.7,)),
}


def boxes_of(category: str, table: dict[str, tuple[Formula, tuple[float, ...]]]) -> list[Box]:
    """The boxes of a table of smooth formulas."""
    return [smooth(category, name, f, x) for name, (f, points) in table.items() for x in points]


def corners() -> Iterator[Box]:
    """Boxes with a corner at the point."""
    for name, (f, points) in CORNERS.items():
        for x in points:
            yield Box("corner", name, lambda t, f=f: f(math, t), x, derivative(f, x, -1), derivative(f, x, 1))  # type: ignore[misc]


def edges() -> Iterator[Box]:
    """Boxes at edges, cusps and jumps."""
    for name, (f, x, left, right) in EDGES.items():
        yield Box("edge", name, lambda t, f=f: f(math, t), x, left, right)  # type: ignore[misc]


def disturbed() -> Iterator[Box]:
    """Boxes with noise."""
    for kind, disturb in NOISES.items():
        for name, (f, points) in DISTURBED.items():
            for x in points:
                slope = derivative(f, x)
                yield Box("noisy", f"{name} with {kind}", disturb(f), x, slope, slope)
    for name, (f, points) in DISTURBED.items():
        for x in points:
            n = next(n for n in range(1, 99) if abs(iterated(f, n)(EXACT.context.mpf(x)) - iterated(f)(x)) < 1e-13)
            slope = derivative(lambda M, t, f=f, n=n: iterated(f, n)(t), x)  # type: ignore[misc]
            yield Box("noisy", f"{name} with iteration", iterated(f), x, slope, slope)


WELL_SCALED = boxes_of("well-scaled", WELL)
HARD_SMOOTH = boxes_of("hard", HARD)
PIECEWISE = boxes_of("pieces", PIECES)
AT_CORNERS = list(corners())
AT_EDGES = list(edges())
NOISY = list(disturbed())


UNARY: tuple[Callable[[Any, Any], Any], ...] = (
    lambda M, u: M.sin(u),
    lambda M, u: M.cos(u),
    lambda M, u: M.exp(u),
    lambda M, u: M.exp(-u * u),
    lambda M, u: M.tanh(u),
    lambda M, u: M.atan(u),
    lambda M, u: M.sqrt(1 + u * u),
    lambda M, u: M.log(1 + u * u),
    lambda M, u: M.log(1 + M.exp(u)),
    lambda M, u: 1 / (1 + M.exp(-u)),
    lambda M, u: 1 / (1 + u * u),
    lambda M, u: u * u,
    lambda M, u: u * u * u,
    lambda M, u: M.erf(u),
)
BINARY: tuple[Callable[[Any, Any], Any], ...] = (
    lambda a, b: a + b,
    lambda a, b: a - b,
    lambda a, b: a * b,
    lambda a, b: a / (1 + b * b),
)


def random_formula(chance: random.Random, depth: int, spread: float) -> Formula:
    """A formula of random operations with random constants, whose sizes are spread over so many powers of ten."""
    if depth == 0:
        slope, shift = chance.uniform(-1, 1) * 10 ** chance.uniform(-spread, spread), chance.uniform(-2, 2)
        return lambda M, x: slope * x + shift
    if chance.random() < 0.6:
        outer, inner = chance.choice(UNARY), random_formula(chance, depth - 1, spread)
        return lambda M, x: outer(M, inner(M, x))
    join, left, right = chance.choice(BINARY), random_formula(chance, depth - 1, spread), random_formula(chance, depth - 1, spread)
    return lambda M, x: join(left(M, x), right(M, x))


def random_boxes(count: int, seed: int, spread: float, noisy: bool = False) -> Iterator[Box]:
    """Random smooth formulas at random points, with noise of a random kind if `noisy`."""
    chance = random.Random(seed)
    while count:
        f = random_formula(chance, chance.randint(1, 4), spread)
        x = chance.gauss(0, 1.5) * 10 ** chance.uniform(-spread, spread)
        kind = chance.choice(list(NOISES)) if noisy else ""
        try:
            box = smooth("random", f"formula {count} of seed {seed}", f, x)
            value, slope = f(math, x), float(box.slope)
            if noisy:
                disturbed = NOISES[kind](f)
                disturbed(x)
                box = Box("random", f"{box.name} with {kind}", disturbed, x, box.slope, box.slope)
        except (OverflowError, ValueError, ZeroDivisionError, AttributeError):
            continue
        if abs(value) < (1e2 if noisy else 1e12) and abs(slope) < 1e12:
            count -= 1
            yield box


def random_corners(count: int, seed: int, near: bool) -> Iterator[Box]:
    """Random smooth formulas with a corner at the point, or near it, and not so near that no double beside the point shows it."""
    chance = random.Random(seed)
    while count:
        f, strength = random_formula(chance, chance.randint(1, 3), 0), chance.choice((-1, 1)) * 10 ** chance.uniform(-4, 1)
        x = chance.choice((0.0, chance.gauss(0, 1.5), float(chance.randint(-3, 3))))
        distance = chance.choice((-1, 1)) * 10 ** chance.uniform(-9, 0) if near else 0.0
        before, after = chance.choice(((-1.0, 1.0), (0.0, 1.0), (0.25, 1.0)))

        def bent(M: Any, t: Any, f: Formula = f, c: float = x + distance, s: float = strength, a: float = before, b: float = after) -> Any:
            return f(M, t) + s * (b if t > c else a) * (t - c)

        try:
            left, right = derivative(bent, x, -1), derivative(bent, x, 1)
            if not max(abs(bent(math, x)), abs(float(left))) < 1e6 or abs(strength * distance) < near * 1e-14 * abs(bent(math, x)):
                continue
        except (OverflowError, ValueError, ZeroDivisionError):
            continue
        count -= 1
        name = f"corner {count} of seed {seed}, {distance:.1g} away"
        yield Box("random", name, lambda t, bent=bent: bent(math, t), x, right if near else left, right)  # type: ignore[misc]
