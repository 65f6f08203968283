"""What a target is: a function of named inputs that somebody else computes, and the derivatives of it that are under test.

A target knows how to call, how to convert what comes back, and what to say when nothing usable does. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import TracebackType
from typing import Literal, Self

from gradcli.errors import TargetProblem
from gradcli.results import Value

Kind = Literal["python", "exec", "um-bridge"]

Derivative = Literal["jacobian", "vjp", "jvp", "hvp"]
"""What targets may offer: all of the Jacobian, weights times it, it times tangents, the derivative of the second along tangents."""

Outputs = Mapping[str, Value]
"""Values of a function by the names of its outputs; one entry for a function that returns one number or one array."""


class Target:
    """A function that somebody else computes.

    kind          how it is called
    name          what the user calls it ("losses:mse", "./loss"): the program of its check, and the check's id where it has no other
    inputs        the names of its inputs, () where any name will do
    input_shapes  the shapes of those that are arrays, as far as they are known without a point
    defaults      values that the function has itself for inputs that are left out
    derivatives   what it offers beside values; may be empty, then only claims can be judged
    options       the words of a command that call it again; () where none can
    notes         sentences that readers of a check should know

    Values are floats, or arrays of float64 that nobody changes; shapes are those of the outputs and of the inputs at the point.
    Methods raise TargetProblem where the user's code, process or server fails; a number that is not finite is an answer.
    """

    kind: Kind
    name: str
    inputs: tuple[str, ...] = ()
    input_shapes: Mapping[str, tuple[int, ...]] = {}
    defaults: Mapping[str, Value] = {}
    derivatives: frozenset[Derivative] = frozenset()
    epsilon: float = 2.0**-52
    options: tuple[str, ...] = ()
    notes: list[str]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Ends what the target keeps open; a second time does nothing."""

    def prepared(self, at: Mapping[str, Value]) -> dict[str, Value]:
        """The complete point, in the order of the inputs. Raises PointError and MissingValue for names that are too many or too few."""
        raise NotImplementedError

    def evaluate(self, at: Mapping[str, Value]) -> Outputs:
        """The outputs at a complete point."""
        raise NotImplementedError

    def evaluate_complex(self, at: Mapping[str, object]) -> Mapping[str, object] | None:
        """The outputs at a point with complex numbers, as complex numbers; None where the function takes none."""
        return None

    def jacobian(self, at: Mapping[str, Value]) -> Mapping[tuple[str, str], Value]:
        """The claimed derivative of every output by every input, by (output, input): the output's axes stand before the input's."""
        raise NotImplementedError

    def vjp(self, at: Mapping[str, Value], weights: Outputs) -> Mapping[str, Value]:
        """The claimed gradient, by every input, of the outputs times their weights, added up."""
        raise NotImplementedError

    def jvp(self, at: Mapping[str, Value], tangents: Mapping[str, Value]) -> Outputs:
        """The claimed derivative of the outputs when the inputs move along tangents; inputs without one do not move."""
        raise NotImplementedError

    def hvp(self, at: Mapping[str, Value], weights: Outputs, tangents: Mapping[str, Value]) -> Mapping[str, Value]:
        """The claimed derivative of `vjp` when the inputs move along tangents."""
        raise NotImplementedError


def complete(target: Target, at: Mapping[str, Value]) -> dict[str, Value]:
    """A value for each input that a target names, in their order; of a target that names none, the point as it is."""
    from gradcli.errors import MissingValue, PointError, nearest

    if not target.inputs:
        return dict(at)
    for name in at:
        if name not in target.inputs:
            near = nearest(name, target.inputs)
            known = ", ".join(target.inputs)
            raise PointError(f"{target.name} has no input '{name}'", f"did you mean '{near}'?" if near else f"its inputs are: {known}")
    values = {**target.defaults, **at}
    missing = [name for name in target.inputs if name not in values]
    if missing:
        raise MissingValue(missing, hint="add --at " + ",".join(f"{name}=1.0" for name in missing))
    return {name: values[name] for name in target.inputs}


__all__ = ["Derivative", "Kind", "Outputs", "Target", "TargetProblem", "complete"]
