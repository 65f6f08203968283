"""The answers of `jacobian`, `hessian`, `jvp` and `graph`, and of `grad` over several points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

from gradcli.results.gradient import Gradient
from gradcli.results.values import BranchTaken, Computed, Frozen, Output, Value, all_finite

if TYPE_CHECKING:
    from gradcli.graphs import Graph

Block: TypeAlias = "tuple[str | None, str]"
"""An output, by its name (None for an unnamed last statement), and what it is differentiated by."""


@dataclass(frozen=True)
class Jacobian:
    """The answer of `jacobian`: the derivatives of every element of the outputs by every element of the inputs.

    `wrt` has the shape of everything that is differentiated by. `blocks` maps (output, input) to an array of the output's shape followed
    by the input's, a float where both are numbers; `independent` names the blocks that are zero because nothing depends on the input.
    `mode` is "reverse", one pass per element of the outputs, or "forward", one per element of the inputs; `reason` says why that one.
    """

    program: str
    at: Mapping[str, Value]
    outputs: Sequence[Computed]
    wrt: Mapping[str, tuple[int, ...]]
    blocks: Mapping[Block, Value]
    independent: Sequence[Block]
    mode: Literal["reverse", "forward"]
    reason: str
    branches: Sequence[BranchTaken] = ()
    warnings: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("at", "wrt", "blocks"):
            object.__setattr__(self, name, Frozen(getattr(self, name)))

    @property
    def finite(self) -> bool:
        """Whether every value and every derivative is finite."""
        return all(map(all_finite, [*(output.value for output in self.outputs), *self.blocks.values()]))

    @property
    def exit_code(self) -> int:
        """0, or 3 when a value or a derivative is not finite."""
        return 0 if self.finite else 3


@dataclass(frozen=True)
class Hessian:
    """The answer of `hessian`: the second derivatives of the weighted sum of outputs, or their product with a direction.

    `wrt` has the shape of everything that is differentiated by, `gradient` the first derivatives. `blocks` maps (row, column), two
    inputs, to an array of their shapes one after the other, a float where both are numbers. It is symmetric to the bit: mirrored entries
    are their mean, and `asymmetry` says how far apart they were, relative to the largest entry. With a `direction`, `product` has the
    derivative of the gradient along it for every input, and there are no blocks.
    """

    program: str
    at: Mapping[str, Value]
    outputs: Sequence[Output]
    wrt: Mapping[str, tuple[int, ...]]
    gradient: Mapping[str, Value]
    blocks: Mapping[tuple[str, str], Value] = field(default_factory=dict)
    asymmetry: float = 0.0
    direction: Mapping[str, Value] | None = None
    product: Mapping[str, Value] | None = None
    branches: Sequence[BranchTaken] = ()
    warnings: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("at", "wrt", "gradient", "blocks", "direction", "product"):
            if getattr(self, name) is not None:
                object.__setattr__(self, name, Frozen(getattr(self, name)))

    @property
    def finite(self) -> bool:
        """Whether every value and every derivative is finite."""
        derivatives = [*self.gradient.values(), *self.blocks.values(), *(self.product or {}).values()]
        return all(map(all_finite, [*(output.value for output in self.outputs), *derivatives]))

    @property
    def exit_code(self) -> int:
        """0, or 3 when a value or a derivative is not finite."""
        return 0 if self.finite else 3


@dataclass(frozen=True)
class Pushed:
    """One output of a program and its derivative along a direction, in its shape; `independent` says that nothing reaches it."""

    name: str | None
    id: int
    value: Value
    tangent: Value
    independent: bool = False


@dataclass(frozen=True)
class Jvp:
    """The answer of `jvp`: the derivative of every output along the direction `tangent`, by forward mode."""

    program: str
    at: Mapping[str, Value]
    tangent: Mapping[str, Value]
    outputs: Sequence[Pushed]
    branches: Sequence[BranchTaken] = ()
    warnings: Sequence[str] = ()

    def __post_init__(self) -> None:
        for name in ("at", "tangent"):
            object.__setattr__(self, name, Frozen(getattr(self, name)))

    @property
    def finite(self) -> bool:
        """Whether every value and every derivative is finite."""
        return all(all_finite(output.value) and all_finite(output.tangent) for output in self.outputs)

    @property
    def exit_code(self) -> int:
        """0, or 3 when a value or a derivative is not finite."""
        return 0 if self.finite else 3


@dataclass(frozen=True)
class Gradients:
    """The answer of `grad` over several points: one answer for each, in order.

    `over` names the inputs that differ from point to point. `value` and `gradient` are sums over all points where these were asked
    for: of all outputs with their elements, and of the gradients.
    """

    program: str
    over: Sequence[str]
    points: Sequence[Gradient]
    value: float | None = None
    gradient: Mapping[str, Value] | None = None

    @property
    def warnings(self) -> list[str]:
        """The warnings of all points, each once."""
        return list(dict.fromkeys(warning for point in self.points for warning in point.warnings))

    @property
    def exit_code(self) -> int:
        """0, or 3 when a value or a gradient is not finite at some point."""
        return max((point.exit_code for point in self.points), default=0)


@dataclass(frozen=True)
class Traced:
    """The answer of `graph`: the graph of one run. Without a point `at` is None, and so is every value that depends on inputs."""

    program: str
    at: Mapping[str, Value] | None
    outputs: Sequence[Computed]
    graph: Graph
    branches: Sequence[BranchTaken] = ()
    leaves = False

    @property
    def adjoints(self) -> Sequence[None]:
        """No gradient of any node."""
        return [None] * len(self.graph)
