"""A tape as steps over registers: which function reads and writes which, and which memory is filled again.

A register holds the value of a node. Memory whose values nobody reads any more is filled again by later steps; arrays of results are
made anew by each run, so that nobody finds them changed later.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, NamedTuple

from gradcli.differentiation.tape.code import Code, needed, repeats
from gradcli.differentiation.tape.kernels import Kernel, kernel_of
from gradcli.operations import Op
from gradcli.operations.arrays import is_array
from gradcli.operations.floats import value_of
from gradcli.operations.lazily import np


class Step(NamedTuple):
    """One call of a function of the registers that `read` picks, for a register; `op` is asked where Python's floats raise."""

    function: Callable[..., Any]
    read: Callable[[Sequence[Any]], Sequence[Any]]
    target: int
    op: Op


class Layout(NamedTuple):
    """How an array lies in memory: its shape, its type, and its axes from the outermost in memory to the innermost."""

    shape: tuple[int, ...]
    dtype: Any
    axes: Sequence[int]

    @property
    def size(self) -> int:
        """How many bytes it takes."""
        return int(np.prod(self.shape)) * self.dtype.itemsize  # type: ignore[no-any-return]

    def within(self, block: Any) -> Any:
        """The array of this layout at the beginning of a block of bytes."""
        lengths = [self.shape[axis] for axis in self.axes]
        return block[: self.size].view(self.dtype).reshape(lengths).transpose(np.argsort(self.axes))


class View(NamedTuple):
    """A register that lies in a block of memory for good."""

    register: int
    block: int
    layout: Layout


@dataclass
class Steps:
    """What a tape runs.

    registers  what they are before a run: constants, behind the nodes, backwards
    blocks     sizes of the blocks of memory in bytes; `views` the registers that lie in them, `fixed` the steps that make views of these
    shared     results whose values may be arrays of somebody else: inputs, constants, or views of these
    passing    registers of arrays that a run leaves behind and nobody needs
    """

    registers: list[Any]
    steps: list[Step] = field(default_factory=list)
    fixed: list[Step] = field(default_factory=list)
    blocks: list[int] = field(default_factory=list)
    views: list[View] = field(default_factory=list)
    shared: Collection[int] = ()
    passing: Sequence[int] = ()

    def memory(self) -> list[Any]:
        """Registers for one run at a time."""
        registers = list(self.registers)
        blocks = [np.empty(size, np.uint8) for size in self.blocks]
        for register, block, layout in self.views:
            registers[register] = layout.within(blocks[block])
        carry_out(self.fixed, registers)
        return registers

    def run(self, registers: list[Any]) -> None:
        """Computes the registers of all nodes from those of the inputs."""
        carry_out(self.steps, registers)


def carry_out(steps: Sequence[Step], registers: list[Any]) -> None:
    """Runs some steps."""
    for function, read, target, op in steps:
        try:
            registers[target] = function(*read(registers))
        except (ArithmeticError, ValueError):
            if op.structural or is_array(registers[target]):
                raise
            registers[target] = value_of(op, *read(registers))


def steps_of(code: Code, results: Collection[int], dtype: Any) -> Steps:
    """The steps that compute some nodes of a code. Single numbers are Python's floats, arrays of floats have the type `dtype`."""
    nodes = [node for node in needed(code.arguments, results) if node >= 0 and code.arguments[node]]
    kernels = {node: kernel(code, node) for node in nodes}
    made = Steps([None] * len(code.operations) + [stored(value, dtype) for value in reversed(code.constants)])
    own = {node for node in nodes if kernels[node].fills and node not in results}
    place_in_memory(made, code, nodes, {node: layout_like(code.examples[node], dtype) for node in own}, owners(code, kernels, own))
    lasting = set(own)
    for node in nodes:
        arguments = [code.arguments[node][i] for i in kernels[node].positions]
        if code.operations[node].structural and kernels[node].shares and lasting.issuperset(arguments) and is_view(code, node):
            lasting.add(node)
        function = kernels[node].function if kernels[node].fills else typed(kernels[node].function, code.examples[node], dtype)
        step = Step(function, picker([*arguments, node] if node in own else arguments), node, code.operations[node])
        (made.fixed if node in lasting - own else made.steps).append(step)
    made.shared = {node for node in results if node not in kernels or kernels[node].shares}
    made.passing = [node for node, value in enumerate(code.examples) if node not in lasting and is_array(value)]
    return made


def is_view(code: Code, node: int) -> bool:
    """Whether the value of a node is a view of its first argument: it was one in the traced run."""
    value, first = code.examples[node], code.example(code.arguments[node][0])
    return is_array(value) and is_array(first) and bool(np.may_share_memory(value, first))


def kernel(code: Code, node: int) -> Kernel:
    """How a node is computed."""
    arguments = code.arguments[node]
    return kernel_of(code.operations[node], [*map(code.example, arguments)], [a >= 0 for a in arguments], code.examples[node])


def picker(registers: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """A function that picks the values of some registers."""
    return itemgetter(*registers) if len(registers) > 1 else lambda values: [values[i] for i in registers]


def stored(value: Any, dtype: Any) -> Any:
    """A constant as it is read: arrays of floats in the type of all arrays."""
    if not is_array(value) or value.dtype.kind != "f" or value.dtype == dtype:
        return value
    return np.broadcast_to(dtype.type(value.flat[0]), value.shape) if repeats(value) else value.astype(dtype)


def typed(function: Callable[..., Any], example: Any, dtype: Any) -> Callable[..., Any]:
    """A function whose value has the type of all arrays."""
    if not is_array(example) or example.dtype.kind != "f" or dtype == np.dtype(float):
        return function
    return lambda *xs: function(*xs).astype(dtype, copy=False)


def owners(code: Code, kernels: Mapping[int, Kernel], own: Collection[int]) -> dict[int, set[int]]:
    """The nodes in whose memory the value of each node may lie."""
    found: dict[int, set[int]] = {}
    for node in kernels:
        shares = kernels[node].shares and is_array(code.examples[node])
        found[node] = {node} if node in own else set().union(*(found.get(a, ()) for a in code.arguments[node])) if shares else set()
    return found


def layout_like(example: Any, dtype: Any) -> Layout:
    """The layout of an array like the example: sums add in the order of memory."""
    axes = sorted(range(example.ndim), key=lambda axis: -example.strides[axis])
    return Layout(example.shape, np.dtype(bool) if example.dtype == bool else dtype, axes)


def place_in_memory(made: Steps, code: Code, nodes: Sequence[int], layouts: Mapping[int, Layout], owned: Mapping[int, set[int]]) -> None:
    """Gives each node of `layouts` a block in which no value lies that a later node reads."""
    last = {owner: node for node in nodes for a in code.arguments[node] for owner in owned.get(a, ())}
    ending: dict[int, list[int]] = {}
    for owner, node in last.items():
        ending.setdefault(node, []).append(owner)
    free: list[int] = []
    block_of: dict[int, int] = {}
    for node in nodes:
        if node in layouts:
            block_of[node] = taken(made.blocks, free, layouts[node].size)
            made.views.append(View(node, block_of[node], layouts[node]))
        free += [block_of[owner] for owner in ending.get(node, ())]


def taken(blocks: list[int], free: list[int], size: int) -> int:
    """A free block, the smallest that is large enough, else the largest, made larger; a new one if none is free."""
    if not free:
        blocks.append(size)
        return len(blocks) - 1
    block = min(free, key=lambda block: (blocks[block] < size, abs(blocks[block] - size)))
    free.remove(block)
    blocks[block] = max(blocks[block], size)
    return block
