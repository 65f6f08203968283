"""The symbolic engine: SymPy's derivative of each operation, chained forward in mpmath over the replayed program.

Independent of the partials, of the graph and of the reverse sweep.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.checking.subject import Bracket, Subject
from gradcli.language.interpreter import evaluate
from gradcli.operations import Algebra, Op
from gradcli.operations.precise import Precise, TooLarge
from gradcli.operations.symbolic import at_point, partial

START_PREC = 192
MAX_PREC = 3200
Tangents = dict[str, Any]


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
                if x.tangents and op.partials[i] is not None:
                    p = at_point(partial(op.name, i, k, literals), self.precise.functions, [x.value for x in xs])
                    for name, tangent in x.tangents.items():
                        tangents[name] = tangents[name] + p * tangent if name in tangents else p * tangent
        return Dual(value, tangents, None if any(x.literal is None for x in xs) else float(value))


def literals_of(op: Op, xs: Sequence[Dual]) -> tuple[tuple[int, float], ...]:
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
            brackets = {name: Bracket(fine[name], abs(fine[name] - coarse[name])) for name in fine}
            if 2 * prec > MAX_PREC or all(b.error <= abs(b.value) * 2.0 ** -(prec // 4) or b.error != b.error for b in brackets.values()):
                return {name: bracket if bracket.error == bracket.error else hole() for name, bracket in brackets.items()}
            coarse = fine
    except TooLarge as fault:
        return {name: Bracket(None, math.inf, str(fault)) for name in subject.nodes}


def hole() -> Bracket:
    """No answer: SymPy's derivative of some operation has no value at the point."""
    return Bracket(None, math.inf, "SymPy's derivative has no value here")


def chained(subject: Subject, prec: int) -> dict[str, Any]:
    """The forward derivatives at one precision."""
    F = subject.F
    F.context.prec = prec
    point = {name: Dual(F.number(x), {name: F.number(1)} if name in subject.nodes else {}) for name, x in subject.at.items()}
    registers, _ = evaluate(subject.program, point, Chain(F), subject.log)
    zero = F.number(0)
    return {
        name: sum((registers[register].tangents.get(name, zero) * weight for register, weight in subject.registers_of_outputs), zero)
        for name in subject.nodes
    }
