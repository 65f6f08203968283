"""The graph: columns, not objects. It knows nodes, edges and values; no text is parsed here and nothing is differentiated.

Node i computes `operations[i]` of the nodes `arguments[i]`, which stand before it: the order of the columns is topological. A
constant is a node below zero: -1 is the first constant, and `values` ends with the constants backwards, so that Python's own
indexing finds every node's value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from gradcli.errors import Span
from gradcli.operations import Op
from gradcli.operations.arrays import is_array, shape_of


class Source(Protocol):
    """What a graph asks the program that it came from: names and places of instructions."""

    text: str

    @property
    def names(self) -> Sequence[str | None]: ...
    @property
    def literals(self) -> Sequence[str]: ...

    def spans(self, instructions: Sequence[int]) -> list[Span]: ...
    def piece(self, instruction: int) -> str: ...
    def position(self, instruction: int) -> tuple[int, int]: ...


class Places(Protocol):
    """What a graph asks about loops and calls."""

    def of(self, node: int) -> str: ...


@dataclass(frozen=True, slots=True)
class Graph:
    """The graph of one run.

    operations, arguments  the columns, one entry per node; arguments below zero are constants
    values                 the value of every node, then the constants backwards
    origin                 the instruction of the source that each node came from
    labels                 names as shown, where they differ from the source's: node -> `b@2`
    scopes                 the loop or call that nodes belong to, of a program that has any
    """

    source: Source
    operations: Sequence[Op]
    arguments: Sequence[tuple[int, ...]]
    values: Sequence[Any]
    origin: Sequence[int]
    labels: Mapping[int, str]
    scopes: Places | None = None

    def __len__(self) -> int:
        return len(self.operations)

    @property
    def constant_count(self) -> int:
        """How many constants stand below node 0."""
        return len(self.values) - len(self.operations)

    def node(self, i: int) -> Node:
        """The view of node `i`; a constant for i below zero."""
        return Node(self, i)


@dataclass(frozen=True, slots=True)
class Node:
    """One node, seen through the columns of its graph."""

    graph: Graph
    id: int

    @property
    def op(self) -> str:
        """Name of the operation; "input" or "constant" for leaves."""
        return "constant" if self.id < 0 else self.graph.operations[self.id].name

    @property
    def symbol(self) -> str | None:
        """The operation's operator, if it has one."""
        return None if self.id < 0 else self.graph.operations[self.id].symbol

    @property
    def inputs(self) -> tuple[int, ...]:
        """Ids of the nodes that it is computed from."""
        return () if self.is_leaf else self.graph.arguments[self.id]

    @property
    def named_inputs(self) -> list[tuple[str, int]]:
        """Its inputs for a reader, each with the name of the setting that it is, or ""; without settings that nobody wrote."""
        inputs = self.inputs
        if self.is_leaf or not (op := self.graph.operations[self.id]).settings:
            return [("", i) for i in inputs]
        names = [op.params[op.parameter_of(place, len(inputs))] for place in range(len(inputs))]
        found = [(name if name in op.settings and name != op.variadic else "", i) for name, i in zip(names, inputs, strict=True)]
        return [(name, i) for name, i in found if not name or self.is_written(op, name, i)]

    def is_written(self, op: Op, name: str, i: int) -> bool:
        """Whether the setting `name`, node `i`, stands in the program, and is not the default."""
        default = dict(zip(reversed(op.params), reversed(op.defaults), strict=False)).get(name, NotImplemented)
        value = self.graph.values[i]
        return bool(self.graph.node(i).text) and (is_array(value) or value != default)

    @property
    def is_leaf(self) -> bool:
        """Whether it is an input or a constant."""
        return self.id < 0 or self.graph.operations[self.id].leaf

    @property
    def name(self) -> str | None:
        """The name that the program binds it to."""
        return None if self.id < 0 else self.graph.source.names[self.graph.origin[self.id]]

    @property
    def label(self) -> str | None:
        """The name as it is shown: `b`, or `b@2` where b is bound more than once."""
        return self.graph.labels.get(self.id, self.name)

    @property
    def text(self) -> str:
        """Its piece of the source."""
        return self.graph.source.literals[-self.id - 1] if self.id < 0 else self.graph.source.piece(self.graph.origin[self.id])

    @property
    def position(self) -> tuple[int, int]:
        """Line and column of its piece of the source, from 1; (0, 0) for a constant."""
        return (0, 0) if self.id < 0 else self.graph.source.position(self.graph.origin[self.id])

    @property
    def line(self) -> int:
        """Line of its piece of the source, from 1."""
        return self.position[0]

    @property
    def column(self) -> int:
        """Column of its piece of the source, from 1."""
        return self.position[1]

    @property
    def value(self) -> Any:
        """Its value in this run: a number, a truth value, an array, or the setting of an operation."""
        return self.graph.values[self.id]

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape; () for a number."""
        return shape_of(self.value)

    @property
    def scope(self) -> str:
        """The loop or call that it belongs to, innermost first: "line 3, round 7"; empty outside all."""
        return self.graph.scopes.of(self.id) if self.graph.scopes is not None else ""

    def describe(self) -> str:
        """Name, source text, and loop or call, for messages."""
        label, scope = self.label, self.scope
        shown = f"'{label}' ({self.text})" if label and label != self.text else f"'{self.text}'"
        return f"{shown} in {scope}" if scope else shown
