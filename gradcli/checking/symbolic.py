"""The symbolic engine: SymPy's derivative of each operation, chained forward in mpmath over the replayed program.

Independent of the partials, of the graph and of the reverse sweep.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.refining import agree, lost, refined
from gradcli.checking.subject import Bracket, Subject
from gradcli.language.interpreter import evaluate
from gradcli.operations import Algebra, Op
from gradcli.operations.precise import Precise, TooLarge
from gradcli.operations.symbolic import at_point, is_zero, partial


@dataclass(slots=True)
class Tangent:
    """A derivative by one input: its value, and the sum of the absolute values of the terms that make it up."""

    value: Any
    size: Any


TOLD = 1000
"""The largest exponent that SymPy is told."""

Tangents = dict[str, Tangent]
Literals = tuple[tuple[int, float], ...]


class Dual:
    """A number with its derivatives by the inputs that it depends on; `literal` is its double if it depends on none."""

    __slots__ = ("literal", "tangents", "value")

    def __init__(self, value: Any, tangents: Tangents, literal: float | None = None) -> None:
        self.value = value
        self.tangents = tangents
        self.literal = literal


class Chain(Algebra):
    """F over dual numbers whose derivatives are SymPy's, operation by operation."""

    def __init__(self, F: Precise) -> None:
        self.precise = F

    def number(self, value: Any) -> Dual:
        """A constant."""
        return Dual(self.precise.number(value), {}, float(value))

    def operation(self, op: Op) -> Any:
        return lambda *xs: self.apply(op, xs, getattr(self.precise, op.name)(*[x.value for x in xs]), None)

    def one_piece(self, op: Op, k: Any, arguments: Sequence[Any]) -> Dual:
        return self.apply(op, arguments, self.precise.one_piece(op, k, [x.value for x in arguments]), k)

    def apply(self, op: Op, xs: Sequence[Dual], value: Any, k: Any) -> Dual:
        """The chain rule, forward."""
        tangents: Tangents = {}
        if op.differentiable:
            literals = literals_of(op, [x.literal for x in xs])
            for i, x in enumerate(xs):
                if x.tangents and op.partials[i] is not None and not ignored(op.name, i, k, literals):
                    p = self.partial(op, i, k, literals, xs)
                    add_shares(tangents, p, x.tangents)
        return Dual(value, tangents, None if any(x.literal is None for x in xs) else float(value))

    def partial(self, op: Op, i: int, k: Any, literals: Literals, xs: Sequence[Dual]) -> Any:
        """SymPy's partial at the point; nan where a row with pieces has none."""
        if op.piece is not None and k is None:
            return self.precise.functions.nan
        return at_point(partial(op.name, i, k, literals), self.precise.functions, [x.value for x in xs])


def add_shares(tangents: Tangents, p: Any, arguments: Tangents) -> None:
    """Adds an argument's tangents, times the partial, to those of a result."""
    for name, t in arguments.items():
        value, size = p * t.value, abs(p) * t.size
        if name in tangents:
            value, size = tangents[name].value + value, tangents[name].size + size
        tangents[name] = Tangent(value, size)


def ignored(name: str, i: int, k: Any, literals: Literals) -> bool:
    """Whether an operation does not depend on an argument on its piece: nothing passes then, not even 0 times infinity."""
    return k is not None and is_zero(name, i, k, literals)


def literals_of(op: Op, values: Sequence[float | None]) -> Literals:
    """The constant arguments that SymPy is told as numbers, so that x**2 has the derivative 2*x at 0 too; None is no constant."""
    return tuple((i, value) for i in op.told if (value := values[i]) is not None and (2 * value).is_integer() and abs(value) <= TOLD)


def symbolic(subject: Subject, names: Collection[str] | None = None) -> dict[str, Bracket]:
    """The derivative by some inputs, or by every one that is not frozen."""
    names = list(subject.nodes) if names is None else names
    try:
        fine, coarse = refined(subject, lambda prec: chained(subject, prec, names), settled)
    except TooLarge as fault:
        return {name: Bracket(None, math.inf, str(fault)) for name in names}
    return {name: bracket(fine[name], coarse[name]) for name in names}


def settled(fine: Tangents, coarse: Tangents) -> bool:
    """Whether the derivatives of two precisions agree."""
    return all(agree(tangent.value, coarse[name].value, 0) for name, tangent in fine.items())


def bracket(fine: Tangent, coarse: Tangent) -> Bracket:
    """The answer of two precisions; what both may have lost alike belongs to the error."""
    error = abs(fine.value - coarse.value) + lost(fine.size)
    return Bracket(fine.value, error) if error == error else hole()


def hole() -> Bracket:
    """No answer: SymPy's derivative of some operation has no value at the point."""
    return Bracket(None, math.inf, "SymPy's derivative has no value here")


def chained(subject: Subject, prec: int, names: Collection[str]) -> Tangents:
    """The forward derivatives at one precision."""
    F = subject.F
    F.context.prec = prec
    one = Tangent(F.number(1), F.number(1))
    point = {name: Dual(F.number(x), {name: one} if name in names else {}) for name, x in subject.at.items()}
    registers, _ = evaluate(subject.program, point, Chain(F), subject.log)
    found = {name: Tangent(F.number(0), F.number(0)) for name in names}
    for value, weight in subject.outputs_in(registers):
        add_shares(found, F.number(weight), value.tangents)
    return found
