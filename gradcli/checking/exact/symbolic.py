"""The symbolic engine: SymPy's derivative of each operation, chained forward in mpmath over the replayed program.

Independent of the partials, of the graph and of the reverse sweep.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.exact.refining import agree, lost, refined
from gradcli.checking.subject import Bracket, Subject
from gradcli.language.replaying import evaluate
from gradcli.operations import Algebra, Op
from gradcli.operations.arrays import is_array
from gradcli.operations.lazily import np
from gradcli.operations.precise import Precise, TooLarge
from gradcli.operations.symbolic import at_point, is_zero, partial


@dataclass(slots=True)
class Tangent:
    """A derivative along one line: its value, and the sum of the absolute values of the terms that make it up."""

    value: Any
    size: Any


TOLD = 1000
"""The largest exponent that SymPy is told."""

Tangents = dict[str, Tangent]
Literals = tuple[tuple[int, float], ...]
Bends = Sequence[tuple[int, int, Any]]
"""Second slopes by pairs of operands, both orders of a pair: (first, second, slope)."""


def operator(rule: Callable[[Dual, Dual], Dual]) -> Callable[[Dual, Any], Any]:
    """An operator of dual numbers; beside an array the array's own, which goes through its elements."""
    return lambda a, b: NotImplemented if is_array(b) else rule(a, a.other(b))


class Dual:
    """A number with its derivatives along the lines that it depends on; `literal` is its double if it depends on none.

    Sums and products of arrays meet its operators: they are the rules of school, and know no row of the table.
    """

    __slots__ = ("F", "literal", "tangents", "value")

    def __init__(self, F: Precise, value: Any, tangents: Tangents, literal: float | None = None) -> None:
        self.F = F
        self.value = value
        self.tangents = tangents
        self.literal = literal

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        return bool(self.value)

    def made(self, value: Any, operands: Sequence[Dual], slopes: Sequence[Any], bends: Bends = ()) -> Dual:
        """A result with its value, from its operands and the slopes by them; `bends`, the slopes' slopes, are for higher orders."""
        tangents: Tangents = {}
        for slope, operand in zip(slopes, operands, strict=True):
            if operand.tangents:
                add_shares(tangents, slope, operand.tangents)
        return type(self)(self.F, value, tangents, float(value) if all(operand.literal is not None for operand in operands) else None)

    def other(self, value: Any) -> Dual:
        """The other operand."""
        return value if isinstance(value, Dual) else type(self)(self.F, self.F.number(value), {}, float(value))

    def __neg__(self) -> Dual:
        return self.made(-self.value, (self,), (-1,))

    __add__ = __radd__ = operator(lambda a, b: a.made(a.value + b.value, (a, b), (1, 1)))
    __sub__ = operator(lambda a, b: a.made(a.value - b.value, (a, b), (1, -1)))
    __rsub__ = operator(lambda a, b: a.made(b.value - a.value, (a, b), (-1, 1)))
    __mul__ = __rmul__ = operator(lambda a, b: a.made(a.value * b.value, (a, b), (b.value, a.value), ((0, 1, 1), (1, 0, 1))))
    __truediv__ = operator(lambda a, b: quotient(a, b))
    __rtruediv__ = operator(lambda a, b: quotient(b, a))


def quotient(a: Dual, b: Dual) -> Dual:
    """a/b; nan where b is 0."""
    if not b.value:
        nan = a.F.context.nan
        return a.made(nan, (a, b), (nan, nan))
    r = 1 / b.value
    y = a.value * r
    return a.made(a.value / b.value, (a, b), (r, -y * r), ((0, 1, -r * r), (1, 0, -r * r), (1, 1, 2 * y * r * r)))


class Chain(Algebra):
    """F over dual numbers whose derivatives are SymPy's, operation by operation."""

    kind: type[Dual] = Dual

    def __init__(self, F: Precise) -> None:
        self.precise = F

    @property
    def pi(self) -> Dual:
        """The constant pi."""
        return self.kind(self.precise, self.precise.pi, {})

    def number(self, value: Any) -> Dual:
        """A constant."""
        return value if isinstance(value, Dual) else self.kind(self.precise, self.precise.number(value), {}, float(value))

    def operation(self, op: Op) -> Any:
        if op.decide is not None:
            return lambda *xs: self.on_piece(op, self.piece_of(op, xs), xs)
        return lambda *xs: self.smooth(op, [self.number(x) for x in xs])

    def piece_of(self, op: Op, arguments: Sequence[Any]) -> Any:
        return op.piece_of([values_of(x) for x in arguments])

    def smooth(self, op: Op, xs: Sequence[Dual]) -> Dual:
        """A row without pieces."""
        return self.apply(op, xs, getattr(self.precise, op.name)(*[x.value for x in xs]), None)

    def one_piece(self, op: Op, k: Any, arguments: Sequence[Any]) -> Any:
        if op.boolean:
            return bool(k)
        xs = [self.number(x) for x in arguments]
        return self.apply(op, xs, self.precise.one_piece(op, k, [x.value for x in xs]), k)

    def apply(self, op: Op, xs: Sequence[Dual], value: Any, k: Any) -> Dual:
        """The chain rule, forward."""
        literals = literals_of(op, [x.literal for x in xs])
        reaching = [i for i, x in enumerate(xs) if self.reaches(op, i, k, literals, x)]
        slopes = [self.partial(op, i, k, literals, xs) for i in reaching]
        result = xs[0].made(value, [xs[i] for i in reaching], slopes, self.bends(op, reaching, k, literals, xs))
        result.literal = None if any(x.literal is None for x in xs) else float(value)
        return result

    @staticmethod
    def reaches(op: Op, i: int, k: Any, literals: Literals, x: Dual) -> bool:
        """Whether a derivative passes from an argument to the value of an operation."""
        return bool(op.differentiable and x.tangents and op.partials[i] is not None and not ignored(op.name, i, k, literals))

    def bends(self, op: Op, reaching: Sequence[int], k: Any, literals: Literals, xs: Sequence[Dual]) -> Bends:
        """The second partials of an operation, where they are asked for."""
        return ()

    def partial(self, op: Op, i: int, k: Any, literals: Literals, xs: Sequence[Dual]) -> Any:
        """SymPy's partial at the point; nan where a row with pieces has none."""
        if op.piece is not None and k is None:
            return self.precise.functions.nan
        return at_point(partial(op.name, i, k, literals), self.precise.functions, [x.value for x in xs])


def values_of(x: Any) -> Any:
    """A dual number, or an array of them, without derivatives; a setting stays what it is."""
    if isinstance(x, Dual):
        return x.value
    return np.frompyfunc(values_of, 1, 1)(x) if is_array(x) and x.dtype == object else x


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


def symbolic(subject: Subject, labels: Collection[str] | None = None) -> dict[str, Bracket]:
    """The derivative along some lines, or along all of them."""
    labels = list(subject.lines) if labels is None else labels
    try:
        fine, coarse = refined(subject, lambda prec: chained(subject, prec, labels), settled)
    except TooLarge as fault:
        return {label: Bracket(None, math.inf, str(fault)) for label in labels}
    return {label: bracket(fine[label], coarse[label]) for label in labels}


def settled(fine: Tangents, coarse: Tangents) -> bool:
    """Whether the derivatives of two precisions agree."""
    return all(agree(tangent.value, coarse[label].value, 0) for label, tangent in fine.items())


def bracket(fine: Tangent, coarse: Tangent) -> Bracket:
    """The answer of two precisions; what both may have lost alike belongs to the error."""
    error = abs(fine.value - coarse.value) + lost(fine.size)
    return Bracket(fine.value, error) if error == error else hole()


def hole() -> Bracket:
    """No answer: SymPy's derivative of some operation has no value at the point."""
    return Bracket(None, math.inf, "SymPy's derivative has no value here")


def chained(subject: Subject, prec: int, labels: Collection[str]) -> Tangents:
    """The forward derivatives at one precision."""
    F = subject.F
    F.context.prec = prec
    registers, _ = evaluate(subject.program, seeded(subject, labels), Chain(F), subject.log)
    found = {label: Tangent(F.number(0), F.number(0)) for label in labels}
    for output, weight in subject.outputs_in(registers):
        for value, one in pairs(output, weight):
            add_shares(found, F.number(one), value.tangents)
    return found


def pairs(value: Any, weight: Any) -> Iterable[tuple[Any, Any]]:
    """The numbers of an output, each with its weight."""
    return zip(value.flat, weight.flat, strict=True) if is_array(value) else [(value, weight)]


def seeded(subject: Subject, labels: Collection[str], chain: Chain | None = None, at: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The point in dual numbers: each line's tangent in the numbers that it moves; another point if one is given."""
    F, chain = subject.F, chain or Chain(subject.F)
    seeds = {name: chain.numbers(value) for name, value in (subject.at if at is None else at).items()}
    for value in seeds.values():
        for x in value.flat if is_array(value) else [value]:
            x.literal = None
    for label in labels:
        line = subject.lines[label]
        moving = line.touched(seeds[line.input])
        for x, side in zip(moving, [1] if line.direction is None else line.touched(line.direction), strict=True):
            x.tangents = {**x.tangents, label: Tangent(F.number(side), F.number(1))}
    return seeds
