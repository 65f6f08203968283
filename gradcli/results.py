"""What the commands answer: plain frozen data, without printing and without computing.

Every result has an `exit_code` as in the README: 0 as expected, 1 a check disagrees, 2 could not run, 3 could not be decided.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias

if TYPE_CHECKING:
    import numpy

    from gradcli.graphs import Graph

Value: TypeAlias = "float | numpy.ndarray"
"""A number, or an array of float64 that nobody changes."""

Verdict = Literal["agree", "disagree", "kink", "undefined", "inconclusive", "error"]

SEVERITY: tuple[Verdict, ...] = ("error", "disagree", "undefined", "kink", "inconclusive", "agree")
"""Verdicts from worst to best; a check's verdict is its worst row's, a report's its worst check's."""

UNDECIDED: frozenset[Verdict] = frozenset({"undefined", "kink", "inconclusive"})


def worst(verdicts: Sequence[Verdict]) -> Verdict:
    """The most severe of some verdicts; "error" if there are none, because nothing could fail."""
    return min(verdicts, key=SEVERITY.index, default="error")


class Frozen(dict[Any, Any]):
    """A dictionary that nobody changes: results are read-only."""

    __slots__ = ()

    def _refuse(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("results are read-only; dict(…) makes a copy that can be changed")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return Frozen, (dict(self),)


def all_finite(value: Any) -> bool:
    """Whether a number, or every element of an array, is finite."""
    return math.isfinite(value) if isinstance(value, float | int) else bool(abs(value).max(initial=0.0) < math.inf)


@dataclass(frozen=True)
class Computed:
    """One output of a program: the node's `name` (None for an unnamed last statement), its id and value."""

    name: str | None
    id: int
    value: Value


@dataclass(frozen=True)
class Output(Computed):
    """One output with its weight in the gradients, of the value's shape."""

    weight: Value


@dataclass(frozen=True)
class BranchTaken:
    """A decision between two pieces of source: the condition's text and place (from 1), what it was, and how often.

    Of a `for` loop: its first line, whether it ran, and how many `rounds`.
    """

    text: str
    line: int
    column: int
    taken: bool
    times: int = 1
    rounds: int | None = None


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


@dataclass(frozen=True)
class Estimate:
    """What one engine answers for one input.

    `value` is the nearest double (None when the engine did not answer), `digits` the decimal digits that the engine really has,
    `error` a bound that belongs to the digits, `note` why there is no answer or what is special about it.
    """

    value: float | None
    digits: str = ""
    error: float = math.inf
    note: str = ""


@dataclass(frozen=True)
class ClaimResult:
    """A claimed gradient, judged: its text, its value at the point with bound, the verdict and what it rests on."""

    text: str
    value: float | None
    digits: str
    error: float
    verdict: Verdict
    note: str = ""


@dataclass(frozen=True)
class Row:
    """The judgement of the derivative with respect to one input.

    `engines` maps "reverse", "forward", "symbolic" and "difference" to their estimates. `resolution` is the smallest relative error of the
    rules, or of a claim, that this row would have caught (`absolute` says that it is an absolute one); what rounding may hide in
    the float64 gradient is the reverse engine's `error`, and `digits_lost` how many of 16 digits rounding really took from it.
    `left` and `right` are the one-sided slopes at a kink; `node` names the node at fault.
    """

    input: str
    verdict: Verdict
    value: float
    engines: Mapping[str, Estimate]
    claims: Sequence[ClaimResult] = ()
    resolution: float | None = None
    absolute: bool = False
    digits_lost: float | None = None
    left: float | None = None
    right: float | None = None
    node: str | None = None
    reason: str = ""


@dataclass(frozen=True)
class Check:
    """One program checked at one point.

    `verdict` is the worst row's; `expected` the verdict that a suite declares for it. `formula` maps inputs to SymPy's derivative as
    text where it was asked for and small enough; `notes` are sentences for people; `error` is set when the check could not run.
    """

    id: str
    program: str
    at: Mapping[str, Value]
    verdict: Verdict
    rows: Sequence[Row] = ()
    value: Value | None = None
    reproduce: str = ""
    expected: Verdict | None = None
    formula: Mapping[str, str] = field(default_factory=dict)
    unclaimed: Sequence[str] = ()
    notes: Sequence[str] = ()
    error: str = ""

    @property
    def passed(self) -> bool:
        """Whether the verdict is the declared one, or agree where none is declared."""
        return self.verdict == (self.expected or "agree")

    @property
    def exit_code(self) -> int:
        """0 as expected; 1 disagree, or another verdict than declared; 2 could not run; 3 could not be decided."""
        if self.passed:
            return 0
        if self.verdict == "error":
            return 2
        return 3 if self.verdict in UNDECIDED and self.expected is None else 1


@dataclass(frozen=True)
class Report:
    """The answer of `check`: every check in order."""

    checks: Sequence[Check]

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    @property
    def verdict(self) -> Verdict:
        """The worst verdict of all checks."""
        return worst([check.verdict for check in self.checks])

    @property
    def counts(self) -> dict[str, int]:
        """How many checks have each verdict that occurs, best first."""
        found = [check.verdict for check in self.checks]
        return {verdict: found.count(verdict) for verdict in reversed(SEVERITY) if verdict in found}

    @property
    def exit_code(self) -> int:
        """1 if any check disagrees or misses its declared verdict, else 2 if any could not run, else 3, else 0."""
        codes = {check.exit_code for check in self.checks}
        return next((code for code in (1, 2, 3) if code in codes), 0)
