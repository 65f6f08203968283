"""The symbolic engine: SymPy's derivative of each operation, chained forward in mpmath over the replayed program.

Independent of the partials, of the graph and of the reverse sweep.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.subject import Bracket, Subject
from gradcli.language.interpreter import evaluate
from gradcli.operations import Algebra, Op
from gradcli.operations.precise import Precise, TooLarge
from gradcli.operations.symbolic import at_point, is_zero, partial

START_PREC = 192
MAX_PREC = 3200


@dataclass(slots=True)
class Tangent:
    """A derivative by one input: its value, and the sum of the absolute values of the terms that make it up."""

    value: Any
    size: Any


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

    def on_piece(self, op: Op, k: Any, arguments: Sequence[Any]) -> Dual:
        return self.apply(op, arguments, self.precise.on_piece(op, k, [x.value for x in arguments]), k)

    def apply(self, op: Op, xs: Sequence[Dual], value: Any, k: Any) -> Dual:
        """The chain rule, forward."""
        tangents: Tangents = {}
        if op.differentiable:
            literals = literals_of(op, xs)
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


def literals_of(op: Op, xs: Sequence[Dual]) -> Literals:
    """Constant exponents that SymPy is told, so that x**2 has the derivative 2*x at 0 too."""
    if op.name != "pow" or xs[1].literal is None or not (2 * xs[1].literal).is_integer() or abs(xs[1].literal) > 1000:
        return ()
    return ((1, xs[1].literal),)


def symbolic(subject: Subject) -> dict[str, Bracket]:
    """The derivative by every input, at two precisions that are doubled until they agree."""
    prec = START_PREC
    try:
        coarse = chained(subject, prec)
        while True:
            prec *= 2
            fine = chained(subject, prec)
            if 2 * prec > MAX_PREC or all(settled(fine[name].value, coarse[name].value, prec) for name in fine):
                return {name: bracket(fine[name], coarse[name], prec) for name in fine}
            coarse = fine
    except TooLarge as fault:
        return {name: Bracket(None, math.inf, str(fault)) for name in subject.nodes}


def settled(fine: Any, coarse: Any, prec: int) -> bool:
    """Whether two precisions agree to a quarter of the bits, or have no value to agree on."""
    error = abs(fine - coarse)
    return bool(error != error or error <= abs(fine) * 2.0 ** -(prec // 4))


def bracket(fine: Tangent, coarse: Tangent, prec: int) -> Bracket:
    """The answer of two precisions; what both may have lost alike, the last bits of the coarser one, belongs to the error."""
    error = abs(fine.value - coarse.value) + fine.size * 2.0 ** -(prec // 2)
    return Bracket(fine.value, error) if error == error else hole()


def hole() -> Bracket:
    """No answer: SymPy's derivative of some operation has no value at the point."""
    return Bracket(None, math.inf, "SymPy's derivative has no value here")


def chained(subject: Subject, prec: int) -> Tangents:
    """The forward derivatives at one precision."""
    F = subject.F
    F.context.prec = prec
    one = Tangent(F.number(1), F.number(1))
    point = {name: Dual(F.number(x), {name: one} if name in subject.nodes else {}) for name, x in subject.at.items()}
    registers, _ = evaluate(subject.program, point, Chain(F), subject.log)
    found = {name: Tangent(F.number(0), F.number(0)) for name in subject.nodes}
    for register, weight in subject.registers_of_outputs:
        add_shares(found, F.number(weight), registers[register].tangents)
    return found
