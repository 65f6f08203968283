"""The algebra that records: its numbers are nodes of a growing graph.

Run over it, the reverse sweep writes the gradient of a graph as a graph, which can be swept again. Values are computed on the way, and
they decide: a function with pieces is recorded on the piece that its arguments lie on. Told not to decide, it records the choice itself,
and the graph holds for all values of the same shapes. The nodes that the graph begins with stay as they are; in what is added equal
operations on equal arguments are one node, and operations on constants are folded: all, in float64, or only where that is exact.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.errors import NotSupported
from gradcli.graphs.graph import Graph, Source
from gradcli.operations import Algebra, Op, by_name
from gradcli.operations.arrays import Shape, is_array, shape_of
from gradcli.operations.floats import value_of
from gradcli.operations.lazily import np
from gradcli.operations.op import Rule

UNFIXED = "a graph for all values can't follow it"
"""Why a program is refused whose graph depends on values."""


class Recorded:
    """A node of a growing graph, as a number; a constant has an id below zero."""

    __slots__ = ("id", "recorder", "value")

    def __init__(self, recorder: Recorder, id: int, value: Any) -> None:  # noqa: A002
        self.recorder = recorder
        self.id = id
        self.value = value

    @property
    def shape(self) -> Shape:
        """The shape of its value."""
        return shape_of(self.value)

    @property
    def ndim(self) -> int:
        """How many axes it has."""
        return len(self.shape)

    def __float__(self) -> float:
        return float(self.value)

    def __bool__(self) -> bool:
        return bool(np.any(self.value)) if is_array(self.value) else bool(self.value)

    def __add__(self, other: Any) -> Recorded:
        return self.recorder.added(self, other)

    def __radd__(self, other: Any) -> Recorded:
        return self.recorder.added(other, self)

    def __sub__(self, other: Any) -> Recorded:
        return self.recorder.subtracted(self, other)

    def __rsub__(self, other: Any) -> Recorded:
        return self.recorder.subtracted(other, self)

    def __mul__(self, other: Any) -> Recorded:
        return self.recorder.multiplied(self, other)

    def __rmul__(self, other: Any) -> Recorded:
        return self.recorder.multiplied(other, self)

    def __truediv__(self, other: Any) -> Recorded:
        return self.recorder.divided(self, other)

    def __rtruediv__(self, other: Any) -> Recorded:
        return self.recorder.divided(other, self)

    def __neg__(self) -> Recorded:
        return self.recorder.negated(self)

    def is_constant(self, value: float) -> bool:
        """Whether it is the constant number `value`."""
        return self.id < 0 and type(self.value) is float and self.value == value


EXACT = 2.0**12
"""Multiples of 1/EXACT up to EXACT: what arithmetic makes of some of them, and is one again, is exact in float64."""


class Recorder(Algebra):
    """F over the nodes of a graph that grows with every operation.

    With `exactly` nothing is folded that float64 rounds, so that the graph means the same in every number system: 1/3 stays a node.
    """

    def __init__(self, graph: Graph, decides: bool = True, exactly: bool = False) -> None:
        self.decides = decides
        self.exactly = exactly
        self.source = graph.source
        self.labels = graph.labels
        self.operations: list[Op] = list(graph.operations)
        self.arguments: list[tuple[int, ...]] = list(graph.arguments)
        self.values: list[Any] = list(graph.values[: len(graph)])
        self.origin: list[int] = list(graph.origin)
        self.constants: list[Any] = list(graph.values[len(graph) :])[::-1]
        self.literals: list[str] = list(graph.source.literals)
        self.made: dict[Any, Recorded] = {}
        for i in range(len(graph) - 1, -1, -1):
            if self.arguments[i]:
                self.made[key(self.operations[i], self.arguments[i])] = Recorded(self, i, self.values[i])

    @property
    def pi(self) -> Recorded:
        """The constant pi; without a rounded constant 4*atan(1), whose float is that of pi."""
        return 4 * self.record(by_name("atan"), self.number(1.0)) if self.exactly else self.number(math.pi)

    def node(self, i: int) -> Recorded:
        """Node `i` as a number; a constant for i below zero."""
        return Recorded(self, i, self.constants[-i - 1] if i < 0 else self.values[i])

    def number(self, value: Any) -> Recorded:
        """A value as a constant, one for equal floats and settings; a node stays what it is."""
        if isinstance(value, Recorded):
            return value
        if type(value) is int:
            value = float(value)
        name = name_of(value)
        known = self.made.get(name)
        if known is None:
            self.constants.append(value)
            self.literals.append(literal(value))
            known = self.made[name] = Recorded(self, -len(self.constants), value)
        return known

    numbers = number

    def carried(self, op: Op) -> Callable[..., Recorded]:
        if op.decide is not None and not op.structural:
            return lambda *xs: self.decided(op, xs)
        if op.arithmetic:
            return lambda *xs: op.exact(self, *map(self.number, xs))  # type: ignore[misc]
        return lambda *xs: self.record(op, *map(self.number, xs))

    def decided(self, op: Op, xs: Sequence[Any]) -> Recorded:
        """An operation with pieces: numbers decide at once; elements of arrays lie on pieces of their own, and the node chooses."""
        if not self.decides or any(shape_of(x) for x in xs):
            return self.record(op, *map(self.number, xs))
        return self.number(self.on_piece(op, op.piece_of([float(x) for x in xs]), xs))

    def plain(self, value: Any) -> Any:
        """The value of a node that is a setting. Raises NotSupported for one that other values would change, where these may not decide."""
        if not self.decides and isinstance(value, Recorded) and value.id >= 0:
            raise NotSupported(f"a derivative depends on the value of {self.graph().node(value.id).describe()}: {UNFIXED}")
        return super().plain(value.value if isinstance(value, Recorded) else value)

    def partials_by(self, rule: Rule, y: Any, arguments: Sequence[Any]) -> Any:
        return self.partial_by(rule, y, arguments)

    def record(self, op: Op, *xs: Recorded) -> Recorded:
        """The node of an operation: a known one, a constant if its arguments are, else a new one."""
        ids = tuple(x.id for x in xs)
        known = self.made.get(key(op, ids))
        if known is not None:
            return known
        value = self.computed(op, [x.value for x in xs])
        if all(i < 0 for i in ids) and (not self.exactly or folds_exactly(op, [*(x.value for x in xs), value])):
            return self.number(value)
        result = self.made[key(op, ids)] = Recorded(self, len(self.operations), value)
        self.origin.append(len(self.source.names) + len(self.operations))
        self.operations.append(op)
        self.arguments.append(ids)
        self.values.append(value)
        return result

    def computed(self, op: Op, values: Sequence[Any]) -> Any:
        """The value of a new node."""
        return value_of(op, *values)

    def added(self, first: Any, second: Any) -> Recorded:
        """a + b, without adding zero."""
        a, b = self.number(first), self.number(second)
        return b if a.is_constant(0) else a if b.is_constant(0) else self.record(by_name("add"), a, b)

    def subtracted(self, first: Any, second: Any) -> Recorded:
        """a - b, without subtracting zero or from zero."""
        a, b = self.number(first), self.number(second)
        return a if b.is_constant(0) else self.negated(b) if a.is_constant(0) else self.record(by_name("sub"), a, b)

    def multiplied(self, first: Any, second: Any) -> Recorded:
        """a*b, without factors 1 and -1; 0 for a factor 0 beside a finite one, which stays 0 whatever the other does nearby."""
        a, b = self.number(first), self.number(second)
        for one, other in ((a, b), (b, a)):
            if one.is_constant(1):
                return other
            if one.is_constant(-1):
                return self.negated(other)
            if self.decides and one.is_constant(0) and not other.shape and math.isfinite(other.value):
                return self.number(0)
        return self.record(by_name("mul"), a, b)

    def divided(self, first: Any, second: Any) -> Recorded:
        """a/b, without dividing by 1; 0 for 0 above a finite number other than 0."""
        a, b = self.number(first), self.number(second)
        if self.decides and a.is_constant(0) and not b.shape and b.value and math.isfinite(b.value):
            return a
        return a if b.is_constant(1) else self.record(by_name("div"), a, b)

    def negated(self, x: Any) -> Recorded:
        """-x, and x for x negated before."""
        x = self.number(x)
        if x.id >= 0 and self.operations[x.id] is by_name("neg"):
            return self.node(self.arguments[x.id][0])
        return self.record(by_name("neg"), x)

    def graph_of_numbers(self) -> Graph:
        """The graph so far with its nodes as numbers: what a sweep runs over."""
        values = [self.node(i) for i in range(len(self.operations))] + [self.node(i) for i in range(-len(self.constants), 0)]
        return Graph(self.source, list(self.operations), list(self.arguments), values, list(self.origin), self.labels)

    def graph(self) -> Graph:
        """The graph so far."""
        source = Written(self.source, self.operations, self.arguments, self.literals)
        return Graph(source, self.operations, self.arguments, self.values + self.constants[::-1], self.origin, self.labels)

    def forget(self) -> None:
        """Lets go of all values: numbers and their recorder hold each other, and would stay until garbage is collected."""
        self.values, self.made = [], {}


class Written:
    """The source of a recorded graph: that of the nodes that were there before, and for the others what they compute of which nodes."""

    def __init__(self, source: Source, operations: list[Op], arguments: list[tuple[int, ...]], literals: list[str]) -> None:
        self.source = source
        self.operations = operations
        self.arguments = arguments
        self.literals = literals
        self.before = len(source.names)
        self.names: list[str | None] = [*source.names, *[None] * len(operations)]
        self.text = source.text

    def piece(self, instruction: int) -> str:
        """Text of the source, or `mul(#3, #7)` of a node that was added."""
        if instruction < self.before:
            return self.source.piece(instruction)
        node = instruction - self.before
        arguments = ", ".join(self.literals[-a - 1] if a < 0 else f"#{a}" for a in self.arguments[node])
        return f"{self.operations[node].name}({arguments})"

    def spans(self, instructions: Sequence[int]) -> list[tuple[int, int]]:
        """Places in the source; (0, 0) of nodes that were added."""
        known = iter(self.source.spans([i for i in instructions if i < self.before]))
        return [next(known) if i < self.before else (0, 0) for i in instructions]

    def position(self, instruction: int) -> tuple[int, int]:
        """Line and column in the source; (0, 0) of a node that was added."""
        return self.source.position(instruction) if instruction < self.before else (0, 0)


def folds_exactly(op: Op, numbers: Sequence[Any]) -> bool:
    """Whether an operation on constants, given with its result, rounds nothing."""
    return op.arithmetic and all(type(x) is float and abs(x) <= EXACT and (x * EXACT).is_integer() for x in numbers)


def name_of(value: Any) -> tuple[Any, ...]:
    """What makes two constants one: equal values, or the same array, or tuple of arrays."""
    try:
        hash(value)
    except TypeError:
        return "array", id(value)
    return type(value), value


def literal(value: Any) -> str:
    """How a constant is written in the text of nodes."""
    return f"an array of shape {shape_of(value)}" if is_array(value) else repr(value)


def key(op: Op, ids: tuple[int, ...]) -> tuple[Any, ...]:
    """What makes two operations equal."""
    return op, *(sorted(ids) if op.commutes else ids)
