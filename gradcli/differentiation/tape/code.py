"""The operations that a tape runs, made shorter: what no result needs, what is computed twice and what changes nothing is left out.

Every rewriting keeps the numbers to the last bit, but for values that are nan; there the answer is that of the sweep anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from gradcli.graphs import Graph
from gradcli.operations import Op, by_name
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.floats import value_of
from gradcli.operations.lazily import np

INF = float("inf")


class Code:
    """Operations in order of execution. Node i computes `operations[i]` of `arguments[i]`; constants are below zero, as in a graph.

    `examples` has the value of each node in the traced run: for its shape, its type and the order of its elements in memory.
    """

    def __init__(self) -> None:
        self.operations: list[Op] = []
        self.arguments: list[tuple[int, ...]] = []
        self.examples: list[Any] = []
        self.constants: list[Any] = []
        self.known: dict[Any, int] = {}

    def example(self, node: int) -> Any:
        """The value of a node in the traced run; that of a constant is the same in all."""
        return self.constants[-node - 1] if node < 0 else self.examples[node]

    def constant(self, value: Any) -> int:
        """A constant, one for all that are equal; an array with equal elements is their number, repeated."""
        if is_array(value) and value.size and not repeats(value) and value.flat[0] and np.all(value == value.flat[0]):
            value = np.broadcast_to(value.flat[0], value.shape)
        name = ("constant", id(value) if is_array(value) else repr(value))
        if name not in self.known:
            self.constants.append(value)
            self.known[name] = -len(self.constants)
        return self.known[name]

    def leaf(self, op: Op, example: Any) -> int:
        """A node whose value each call gives."""
        return self.append(op, (), example)

    def append(self, op: Op, arguments: tuple[int, ...], example: Any) -> int:
        """A new node."""
        self.operations.append(op)
        self.arguments.append(arguments)
        self.examples.append(example)
        return len(self.operations) - 1

    def node(self, op: Op, arguments: tuple[int, ...], example: Any) -> int:
        """The node of an operation: a known one, a simpler one, or a new one."""
        if not op.structural:
            arguments = self.narrowed(arguments, shape_of(example))
            simpler = SIMPLER[op](self, arguments) if op in SIMPLER else None
            if simpler is not None and (simpler < 0 or shape_of(self.example(simpler)) == shape_of(example)):
                return simpler if shape_of(self.example(simpler)) == shape_of(example) else self.repeated(simpler, shape_of(example))
        if all(a < 0 for a in arguments):
            return self.constant(example)
        name = (op, arguments)
        if name not in self.known:
            self.known[name] = self.append(op, arguments, example)
        return self.known[name]

    def repeated(self, constant: int, shape: tuple[int, ...]) -> int:
        """A constant number in every element of a shape."""
        return self.constant(np.broadcast_to(self.example(constant), shape))

    def narrowed(self, arguments: tuple[int, ...], shape: tuple[int, ...]) -> tuple[int, ...]:
        """Arguments of an elementwise operation before somebody repeated them, where the operation repeats them itself."""
        found = list(arguments)
        for i, argument in enumerate(arguments):
            found[i] = self.unrepeated(argument)
            if found[i] != argument and np.broadcast_shapes(*(shape_of(self.example(a)) for a in found)) != shape:
                found[i] = argument
        return tuple(found)

    def unrepeated(self, node: int) -> int:
        """What a node repeats along axes: itself if it repeats nothing."""
        if node < 0:
            value = self.example(node)
            return self.constant(value.flat[0].item()) if is_array(value) and repeats(value) else node
        while node >= 0 and self.operations[node] is by_name("broadcast_to"):
            node = self.arguments[node][0]
        reshaped = node >= 0 and self.operations[node] in (by_name("reshape"), by_name("expand_dims"))
        return self.arguments[node][0] if reshaped and not shape_of(self.example(self.arguments[node][0])) else node


def repeats(array: Any) -> bool:
    """Whether all elements of an array are one number in memory."""
    return bool(array.size) and all(step == 0 or n == 1 for step, n in zip(array.strides, array.shape, strict=True))


Simpler = Callable[[Code, tuple[int, ...]], "int | None"]
"""A rewriting of an operation on some arguments: a simpler node, or None."""


def is_number(code: Code, node: int, number: float) -> bool:
    """Whether a node is that constant number."""
    return node < 0 and isinstance(code.example(node), float | bool) and code.example(node) == number


def product(code: Code, arguments: tuple[int, ...]) -> int | None:
    """1*b is b; a choice between 1 and 0 multiplies as the truth value that it is."""
    for one, other in (arguments, arguments[::-1]):
        if is_number(code, one, 1):
            return other
        mask = truth(code, one)
        if mask is not None:
            example = value_of(by_name("mul"), code.example(mask), code.example(other))
            return code.node(by_name("mul"), (mask, other), example)
    return None


def truth(code: Code, node: int) -> int | None:
    """The truth value that a node has as the number 1 or 0."""
    if node < 0 or code.operations[node] is not by_name("where"):
        return None
    condition, a, b = code.arguments[node]
    example = code.example(condition)
    if not (example.dtype == bool if is_array(example) else isinstance(example, bool)):
        return None
    if is_number(code, a, 1) and is_number(code, b, 0):
        return condition
    if is_number(code, a, 0) and is_number(code, b, 1):
        return code.node(by_name("opposite"), (condition,), value_of(by_name("opposite"), example))
    return None


def first(code: Code, arguments: tuple[int, ...]) -> int:
    """A detached value is the value: its derivative is left out already."""
    return arguments[0]


def quotient(code: Code, arguments: tuple[int, ...]) -> int | None:
    """a/1 is a."""
    return arguments[0] if is_number(code, arguments[1], 1) else None


def clipped(code: Code, arguments: tuple[int, ...]) -> int | None:
    """Clipping with but one bound is the larger or the smaller of two."""
    x, low, high = arguments
    name, bound = ("maximum", low) if is_number(code, high, INF) else ("minimum", high)
    if name == "minimum" and not is_number(code, low, -INF):
        return None
    return code.node(by_name(name), (x, bound), value_of(by_name(name), code.example(x), code.example(bound)))


def chosen(code: Code, arguments: tuple[int, ...]) -> int | None:
    """A choice that is always the same one."""
    condition, a, b = arguments
    return None if condition >= 0 or is_array(code.example(condition)) else a if code.example(condition) else b


def connective(decisive: bool) -> Simpler:
    """`and` and `or` with a constant: False or True decides, the other one changes nothing."""

    def rule(code: Code, arguments: tuple[int, ...]) -> int | None:
        for one, other in (arguments, arguments[::-1]):
            if one < 0 and isinstance(code.example(one), bool):
                return one if code.example(one) is decisive else other
        return None

    return rule


def comparison(left: float, right: float, holds: bool) -> Simpler:
    """Comparisons that have but one answer where the left side is the infinity `left`, or the right side `right`."""

    def rule(code: Code, arguments: tuple[int, ...]) -> int | None:
        a, b = arguments
        return code.constant(holds) if is_number(code, a, left) or is_number(code, b, right) else None

    return rule


SIMPLER: dict[Op, Simpler] = {
    by_name(name): rule
    for name, rule in {
        "mul": product,
        "div": quotient,
        "pow": quotient,
        "detach": first,
        "clip": clipped,
        "where": chosen,
        "both": connective(False),
        "either": connective(True),
        "le": comparison(-INF, INF, True),
        "ge": comparison(INF, -INF, True),
        "lt": comparison(INF, -INF, False),
        "gt": comparison(-INF, INF, False),
    }.items()
}


def code_of(graph: Graph, inputs: Iterable[int], results: Iterable[int]) -> tuple[Code, dict[int, int]]:
    """The code that computes some nodes of a graph from some others, and where each of these nodes is in it.

    Nodes that depend on no input, and random ones, are constants with the value that they have in the graph.
    """
    inputs, results = list(inputs), list(results)
    code, place = Code(), dict[int, int]()
    for node in inputs:
        place[node] = code.leaf(graph.operations[node], graph.values[node])
    varying = depending(graph, inputs)
    for node in needed(graph.arguments, [*inputs, *results]):
        if node not in place:
            if node < 0 or not varying[node]:
                place[node] = code.constant(graph.values[node])
            else:
                arguments = tuple([place[a] for a in graph.arguments[node]])
                place[node] = code.node(graph.operations[node], arguments, graph.values[node])
    return code, {node: place[node] for node in results}


def depending(graph: Graph, inputs: Iterable[int]) -> bytearray:
    """For every node, and behind them the constants, 1 if its value depends on one of the inputs; random nodes keep theirs."""
    flags = bytearray(len(graph.values))
    for node in inputs:
        flags[node] = 1
    for node, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if not op.draws and any(flags[a] for a in arguments):
            flags[node] = 1
    return flags


def needed(arguments: Sequence[tuple[int, ...]], results: Iterable[int]) -> list[int]:
    """The nodes that some results need, themselves too, in order."""
    found = set(results)
    for node in range(len(arguments) - 1, -1, -1):
        if node in found:
            found.update(arguments[node])
    return sorted(found)
