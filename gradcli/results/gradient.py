"""The answer of `grad`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gradcli.results.values import BranchTaken, Frozen, Output, Value, all_finite

if TYPE_CHECKING:
    from gradcli.graphs import Graph


@dataclass(frozen=True)
class Gradient:
    """The answer of `grad`: the value of a program and the derivatives with respect to its inputs.

    `gradient` has the gradient of every requested input by name, in the input's shape; `adjoints` one entry per node of `graph` (None
    where the output does not depend on the node, or where it was freed by `leaves`), so that `adjoints[id]` is the gradient of node
    `id`.
    `independent` names the inputs that do not matter; `higher` has [f', f'', …] for each input if an order was asked for, of an array
    the pure derivatives by each of its elements.
    """

    program: str
    at: Mapping[str, Value]
    outputs: Sequence[Output]
    gradient: Mapping[str, Value]
    independent: Sequence[str]
    higher: Mapping[str, Sequence[Value]]
    graph: Graph
    adjoints: Sequence[Value | None]
    requires_grad: Sequence[int]
    branches: Sequence[BranchTaken] = ()
    warnings: Sequence[str] = ()
    leaves: bool = False

    def __post_init__(self) -> None:
        for name in ("at", "gradient", "higher"):
            object.__setattr__(self, name, Frozen(getattr(self, name)))

    @property
    def value(self) -> Value | None:
        """The value of the only output; None for several outputs."""
        return self.outputs[0].value if len(self.outputs) == 1 else None

    @property
    def finite(self) -> bool:
        """Whether every value and every gradient that was asked for is finite."""
        numbers = [*(output.value for output in self.outputs), *self.gradient.values()]
        return all(map(all_finite, numbers)) and all(all_finite(d) for row in self.higher.values() for d in row)

    @property
    def exit_code(self) -> int:
        """0, or 3 when the value or a gradient is not finite."""
        return 0 if self.finite else 3
