"""Operations with pieces on which exact arithmetic would decide otherwise than the float64 run: held on the float64 run's pieces.

The rules of such an operation are differentiated at the float64 run's arguments, so that the sweep in exact arithmetic is that of the
same formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from gradcli.checking.subject import Subject
from gradcli.graphs import Graph
from gradcli.operations import Op
from gradcli.operations.arrays import is_array


class Pinned:
    """An operation on numbers whose partials are taken at the float64 run's arguments."""

    structural = False
    differentiable = True

    def __init__(self, op: Op, values: Sequence[Any]) -> None:
        self.name, self.decide, self.selects, self.corner = op.name, op.decide, op.selects, op.corner
        self.partials = tuple(partial and self.at(partial, values) for partial in op.partials)

    @staticmethod
    def at(partial: Any, values: Sequence[Any]) -> Any:
        """A partial with its arguments fixed."""
        return lambda F, y, *xs: partial(F, y, *map(F.number, values))


class PinnedArrays:
    """An operation on arrays, of each element or of all of them, whose shares are taken at the float64 run's arguments."""

    structural = True
    differentiable = True

    def __init__(self, op: Any, y: Any, values: Sequence[Any]) -> None:
        self.name, self.decide, self.selects, self.corner, self.moves, self.linear = op.name, op.decide, False, None, False, False
        self.params, self.variadic, self.parameter_of = op.params, op.variadic, op.parameter_of
        self.values: list[Any] = list(op.grouped(values))
        self.place_of_variadic = op.place_of_variadic if op.variadic else (0, 0)
        rules = op.pullbacks if op.structural else op.partials
        forwards = op.pushforwards if op.structural else op.partials
        self.pushforwards = tuple(rule and (self.pulled(rule, y) if op.structural else self.multiplied(rule, y)) for rule in forwards)
        self.pullbacks = tuple(rule and (self.pulled(rule, y) if op.structural else self.multiplied(rule, y)) for rule in rules)

    def grouped(self, arguments: Sequence[Any], plainly: Any = None) -> Sequence[Any]:
        """The float64 run's arguments, whatever the others are."""
        return self.values

    @staticmethod
    def pulled(rule: Any, y: Any) -> Any:
        """A pullback, or a pushforward, at fixed arguments."""
        return lambda F, g, _, *values: rule(F, g, F.numbers(y), *map(F.numbers, values))

    @staticmethod
    def multiplied(rule: Any, y: Any) -> Any:
        """The adjoint times a partial at fixed arguments."""
        return lambda F, g, _, *values: g * F.partials_by(rule, F.numbers(y), [F.numbers(value) for value in values])


def pinned(subject: Subject, graph: Graph) -> Graph:
    """The graph with every operation pinned whose precise arguments lie on another piece than the float64 run decided for."""
    plain, operations = subject.trace.graph.values, list(graph.operations)
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if op.decide is not None and op.differentiable:
            values = [plain[a] for a in arguments]
            if op.piece_of([graph.values[a] for a in arguments]) != op.piece_of(values):
                whole = op.structural or is_array(plain[i])
                operations[i] = PinnedArrays(op, plain[i], values) if whole else Pinned(op, values)  # type: ignore[call-overload]
    return replace(graph, operations=operations)
