"""A run whose graph holds for all values of the inputs: it is refused where values steer it, at a branch, a range or an index."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gradcli.errors import NotSupported
from gradcli.graphs.recording import UNFIXED
from gradcli.language import Trace
from gradcli.language.interpreter import Recording
from gradcli.language.limits import Limits
from gradcli.language.program import FOR, Program
from gradcli.operations import Op
from gradcli.operations.lazily import silently

FOLLOW = "gradcli.grad follows the values of each point"


class Steady(Recording):
    """A run that raises NotSupported where it would go another way for other values. Shapes may steer it: they stay."""

    def __init__(self, program: Program, at: Mapping[str, Any], seed: int, limits: Limits) -> None:
        self.varying = bytearray()
        super().__init__(program, at, seed, limits)

    def decide(self, at: int, condition: Any) -> bool:
        if self.program.operations[at] is not FOR:
            self.settled(at, self.program.arguments[at][0])
        return super().decide(at, condition)

    def start(self, at: int, arguments: tuple[int, ...]) -> int:
        for register in arguments:
            self.settled(at, register)
        return super().start(at, arguments)

    def settled(self, at: int, register: int) -> None:
        """Refuses a register whose value depends on inputs."""
        if self.varies(self.nodes[register]):
            self.refuse(at, f"the graph depends on values here: {UNFIXED}", FOLLOW, NotSupported)

    def varies(self, node: int) -> bool:
        """Whether the value of a node depends on inputs."""
        for op, arguments in zip(self.operations[len(self.varying) :], self.arguments[len(self.varying) :], strict=True):
            self.varying.append(is_varying(self.program, op, arguments, self.varying))
        return node >= 0 and bool(self.varying[node])


def is_varying(program: Program, op: Op, arguments: tuple[int, ...], varying: bytearray) -> bool:
    """Whether the value of an operation depends on inputs: random numbers stay, and so do inputs that the program itself gives."""
    if op.leaf:
        return op.name == "input" and not program.defaults
    return not op.draws and any(a >= 0 and varying[a] for a in arguments)


def steady_run(program: Program, at: Mapping[str, Any], seed: int, limits: Limits) -> Trace:
    """The run of a program at a point, for all values of the same shapes. Raises NotSupported where values would steer it."""
    run = Steady(program, at, seed, limits)
    with silently():
        trace = run.record()
    for node, (op, arguments) in enumerate(zip(run.operations, run.arguments, strict=True)):
        for i, argument in enumerate(arguments if op.settings else ()):
            name = op.params[op.parameter_of(i, len(arguments))]
            if name in op.settings and run.varies(argument):
                what = f"the {name} of {op.name} depends on values here: {UNFIXED}"
                raise NotSupported(what, program.text, program.span(run.origin[node]), FOLLOW)
    return trace
