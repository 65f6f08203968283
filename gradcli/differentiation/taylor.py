"""Truncated Taylor arithmetic: pure derivatives of any order, in polynomial time, from the same partials as the reverse sweep.

A `Series` holds the Taylor coefficients of a node as a function of one input and computes them when they are asked for. An operation
y = f(x) needs only y(0) and its partial p over series: y' = p·x', so k·y_k = Σ p_j·(k-j)·x_(k-j). The partial may use y itself
(exp) or functions that use y in turn (cosh and sinh), because p is asked for lower coefficients only; equal operations on equal
series are one series, so that such circles close.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from math import prod
from typing import Any

from gradcli.differentiation.sweep import requires_grad
from gradcli.errors import BudgetExceeded, NotSupported
from gradcli.graphs import Graph
from gradcli.operations import Algebra, Op
from gradcli.operations.arrays import beside_arrays, shape_of
from gradcli.operations.floats import value_of
from gradcli.operations.ieee import divide
from gradcli.operations.lazily import np, silently
from gradcli.operations.op import Rule

MAX_ORDER = 100
"""The highest order of derivatives."""

MAX_STEPS = 10**7
"""The most series of the derivatives by all elements of an array."""


class Series:
    """Taylor coefficients, computed one after the other; `following(k)` gives the k-th from the earlier ones, None: all zero."""

    __slots__ = ("algebra", "coefficients", "following")

    def __init__(self, algebra: Taylor, first: float, following: Callable[[int], float] | None = None) -> None:
        self.algebra = algebra
        self.coefficients = [first]
        self.following = following

    def __getitem__(self, k: int) -> float:
        if self.following is None:
            return self.coefficients[0] if k == 0 else 0.0
        while len(self.coefficients) <= k:
            self.coefficients.append(self.following(len(self.coefficients)))
        return self.coefficients[k]

    def __float__(self) -> float:
        return float(self.coefficients[0])

    @beside_arrays
    def __add__(self, other: Any) -> Any:
        b = self.algebra.number(other)
        return self.algebra.made("+", (self, b), self[0] + b[0], lambda y: lambda k: self[k] + b[k])

    __radd__ = __add__

    def __neg__(self) -> Series:
        return self.algebra.made("-", (self,), -self[0], lambda y: lambda k: -self[k])

    @beside_arrays
    def __sub__(self, other: Any) -> Any:
        return self + -self.algebra.number(other)

    @beside_arrays
    def __rsub__(self, other: Any) -> Any:
        return self.algebra.number(other) + -self

    @beside_arrays
    def __mul__(self, other: Any) -> Any:
        b = self.algebra.number(other)
        return self.algebra.made("*", (self, b), self[0] * b[0], lambda y: lambda k: sum(self[j] * b[k - j] for j in range(k + 1)))

    __rmul__ = __mul__

    @beside_arrays
    def __truediv__(self, other: Any) -> Any:
        b = self.algebra.number(other)

        def quotient(y: Series) -> Callable[[int], float]:
            return lambda k: divide(self[k] - sum(y[j] * b[k - j] for j in range(k)), b[0])

        return self.algebra.made("/", (self, b), divide(self[0], b[0]), quotient)

    @beside_arrays
    def __rtruediv__(self, other: Any) -> Any:
        return self.algebra.number(other) / self


class Taylor(Algebra):
    """F over Taylor series."""

    def __init__(self) -> None:
        self.constants: dict[float, Series] = {}
        self.memo: dict[tuple[Any, ...], Series] = {}

    @property
    def pi(self) -> Series:
        """The constant series of pi."""
        return self.number(math.pi)

    def number(self, value: Any) -> Series:
        """A number as a constant series; a series stays what it is."""
        if isinstance(value, Series):
            return value
        return self.constants.setdefault(value, Series(self, float(value))) if value == value else Series(self, value)

    def variable(self, value: float) -> Series:
        """The series of the input itself."""
        return Series(self, value, lambda k: float(k == 1))

    def made(self, what: object, arguments: tuple[Series, ...], first: float, rule: Callable[[Series], Callable[[int], float]]) -> Series:
        """The series of an operation, the same one for equal arguments; constant if they are."""
        if all(x.following is None for x in arguments):
            return self.number(first)
        key = (what, *map(id, arguments))
        if key not in self.memo:
            y = Series(self, first)
            y.following = rule(y)
            self.memo[key] = y
        return self.memo[key]

    def operation(self, op: Op) -> Callable[..., Any]:
        if op.decide is not None:
            return lambda *xs: self.on_piece(op, op.piece_of([self.number(x)[0] for x in xs]), xs)
        if op.arithmetic:
            return lambda *xs: op.exact(self, *map(self.number, xs))  # type: ignore[misc]
        return lambda *xs: self.smooth(op, tuple(map(self.number, xs)))

    def smooth(self, op: Op, xs: tuple[Series, ...]) -> Series:
        """A smooth operation, by its partials."""
        return self.made(op, xs, value_of(op, *[x[0] for x in xs]), lambda y: self.chain(op.partials, y, xs))

    def whole(self, op: Op, arguments: Sequence[Any]) -> Any:
        return self.defined(op, arguments) if op.transparent else super().whole(op, arguments)

    def defined(self, op: Any, arguments: Sequence[Any]) -> Series:
        """A value whose gradient the program defines, as the partials that it has where the adjoint is 1."""
        if any(map(shape_of, arguments)):
            what = f"--order can't follow '{op.name}' on arrays, whose gradient the program defines"
            raise NotSupported(what, hint="gradcli hessian has second derivatives")
        xs = tuple(map(self.number, arguments))
        partials = [pullback and (lambda F, y, *xs, rule=pullback: rule(F, F.number(1.0), y, *xs)) for pullback in op.pullbacks]
        return self.made(op, xs, xs[0][0], lambda y: self.chain(partials, y, xs))

    def chain(self, rules: Sequence[Rule | None], y: Series, xs: tuple[Series, ...]) -> Callable[[int], float]:
        """The rule k·y_k = Σ over arguments and j of p_j·(k-j)·x_(k-j); the partials are made at the first use."""
        if y[0] != y[0]:
            return lambda k: y[0]  # where a value is undefined, so are its derivatives, whatever the rules say
        partials: list[tuple[Series, Series]] = []

        def coefficient(k: int) -> float:
            if not partials:
                moving = ((x, rule) for x, rule in zip(xs, rules, strict=True) if x.following is not None and rule is not None)
                partials.extend((x, self.number(rule(self, y, *xs))) for x, rule in moving)
            return sum(p[j] * ((k - j) * x[k - j]) for x, p in partials for j in range(k) if x[k - j]) / k

        return coefficient


def derivatives(graph: Graph, weights: Mapping[int, Any], node: int, order: int) -> list[Any]:
    """The derivatives of orders 1 to `order` of the weighted sum of output nodes by the input `node`.

    Of an array the pure derivatives by each of its elements, in its shape, with one pass over the graph for each element. Raises
    BudgetExceeded where that takes more than MAX_STEPS series.
    """
    value = graph.values[node]
    active = requires_grad(graph, [node])
    if not shape_of(value):
        F = Taylor()
        return pure(series_of_nodes(graph, {node: F.variable(value)}, active, F), weights, order, F)
    steps = value.size * sum(prod(shape_of(y)) for y, flag in zip(graph.values, active, strict=True) if flag)
    if steps > MAX_STEPS:
        what = f"derivatives of order {order} by each of {value.size} elements take {steps:.1e} series, and {MAX_STEPS:.0e} are allowed"
        raise BudgetExceeded(what, "gradcli hessian has second derivatives of large arrays; or name a smaller input with --wrt")
    found = [np.zeros(value.shape) for _ in range(order)]
    for place in np.ndindex(value.shape):
        F = Taylor()
        moved = F.numbers(value)
        moved[place] = F.variable(float(value[place]))
        for whole, one in zip(found, pure(series_of_nodes(graph, {node: moved}, active, F), weights, order, F), strict=True):
            whole[place] = one
    return found


def pure(series: Sequence[Any], weights: Mapping[int, Any], order: int, F: Taylor) -> list[float]:
    """The derivatives of orders 1 to `order` of a weighted sum of nodes; `series` are those of all nodes."""
    for one in list(F.memo.values()):
        _ = one[order]  # in the order in which they were made, so that none asks for a long chain of others
    return [math.factorial(k) * sum(weighted(weight, series[output], k) for output, weight in weights.items()) for k in range(1, order + 1)]


def weighted(weight: Any, series: Any, k: int) -> float:
    """The k-th coefficient of an output, times its weight; of an array the sum over its elements."""
    if series is None:
        return 0.0
    if not shape_of(series):
        return float(weight * series[k])
    return float(sum(w * one[k] for w, one in zip(np.ravel(weight).tolist(), series.flat, strict=True)))


def series_of_nodes(graph: Graph, seeds: Mapping[int, Any], active: bytearray, F: Taylor) -> list[Any]:
    """The series of every active node as functions of one number, given those of some inputs; None of all other nodes."""
    series: list[Any] = [None] * len(graph.values)
    for node, seed in seeds.items():
        series[node] = seed
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if active[i] and series[i] is None:
            xs = [F.numbers(graph.values[a]) if series[a] is None else series[a] for a in arguments]
            with silently():
                series[i] = F.numbers(F.carried(op)(*xs))
    return series
