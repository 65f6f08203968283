"""The number system of a run: Python floats, IEEE where Python raises."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.operations.ieee import Ieee
from gradcli.operations.op import Algebra, Op

Number = float | bool


def value_of(op: Op, *arguments: Number) -> Number:
    """The value of a row on floats; never raises for what arithmetic can meet."""
    try:
        result: Number = op.value(*arguments)
    except (ArithmeticError, ValueError):
        result = op.exceptional(*arguments)
    return result


class Floats(Algebra):
    """F over floats. Operators on bare floats may raise: `careful` then does the rule again."""

    pi = math.pi

    def operation(self, op: Op) -> Callable[..., Any]:
        return lambda *arguments: value_of(op, *arguments)

    def careful(self, partial: Callable[..., Any], y: Number, arguments: Sequence[Number]) -> float:
        """A partial whose rule raised on bare floats, done again with IEEE numbers."""
        return float(partial(IEEE, Ieee(y), *map(Ieee, arguments)))


class IeeeFloats(Algebra):
    """F over floats whose operators answer inf and nan instead of raising."""

    pi = Ieee(math.pi)

    def operation(self, op: Op) -> Callable[..., Any]:
        return lambda *arguments: Ieee(value_of(op, *map(float, arguments)))


FLOATS = Floats()
IEEE = IeeeFloats()


def partial_of(op: Op, i: int, y: Number, arguments: Sequence[Number]) -> float:
    """The partial of a row by its i-th argument, on floats."""
    rule = op.partials[i]
    return 0.0 if rule is None else float(FLOATS.partial_by(rule, y, arguments))
