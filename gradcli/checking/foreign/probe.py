"""A target at a point, as the engines see it: a function of one number along each line, and the derivatives that the target claims.

Rows are pairs of an output line (a number, an element or a ±1 direction of an output) and an input line. It judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from gradcli.checking.lines import Line, lines_of
from gradcli.checking.opaque.noise import scatter
from gradcli.checking.points.sampling import generator
from gradcli.errors import TargetProblem
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np
from gradcli.operations.precise import Precise
from gradcli.results import Value
from gradcli.targets.target import Outputs, Target

OUTPUTS = 16
"""Elements of all outputs up to which each has rows of its own."""

Phi = Callable[[float], Any]
"""The outputs along their lines, as a vector of float64, when the point moves by a number."""


@dataclass
class Probe:
    """A target at a complete point. `wrt` are the inputs that rows are for; seeded directions depend on the check's `id`."""

    target: Target
    at: Mapping[str, Value]
    wrt: tuple[str, ...]
    id: str
    F: Precise = field(default_factory=Precise)
    evaluations: int = 0
    failure: str = ""
    takes_complex: bool = True
    notes: list[str] = field(default_factory=list)
    memory: str = ""

    @cached_property
    def outputs(self) -> Outputs:
        """The outputs at the point."""
        self.evaluations += 1
        return self.target.evaluate(self.at)

    @cached_property
    def lines(self) -> dict[str, Line]:
        """The lines of the inputs by their labels."""
        return {line.label: line for line in lines_of(self.at, self.wrt, self.id)}

    @cached_property
    def output_lines(self) -> list[Line]:
        """The lines of the outputs."""
        return lines_of(self.outputs, list(self.outputs), f"{self.id}/outputs", OUTPUTS)

    @cached_property
    def scalar(self) -> bool:
        """Whether the target returns one number: then rows name inputs only."""
        return len(self.outputs) == 1 and not is_array(next(iter(self.outputs.values())))

    def label_of(self, output: Line) -> str | None:
        """What a row calls an output."""
        return None if self.scalar else output.label

    def along_outputs(self, outputs: Mapping[str, Any]) -> Any:
        """Outputs of any number type as the vector of what they are along the output lines."""
        return np.array([line.along(outputs[line.input]) for line in self.output_lines])

    @cached_property
    def here(self) -> Any:
        """The vector of the outputs at the point."""
        return self.along_outputs(self.outputs)

    def moved(self, sides: Mapping[str, int], t: Any, start: Mapping[str, Value] | None = None) -> dict[str, Any]:
        """The point, or another start, moved by t along some lines, against those with side -1."""
        at: dict[str, Any] = dict(start or self.at)
        for label, side in sides.items():
            line = self.lines[label]
            at[line.input] = line.moved(at[line.input] if not isinstance(t, complex) else complexed(at[line.input]), side * t)
        return at

    def phi(self, sides: Mapping[str, int]) -> Phi:
        """The outputs as a function of how far the point moves; nan where the target has no value. Values are kept."""
        kept: dict[float, Any] = {0.0: self.here}

        def value(t: float) -> Any:
            if t not in kept:
                kept[t] = self.value_at(self.moved(sides, t))
            return kept[t]

        return value

    def slope_scatter(self, label: str, h: float) -> Any:
        """How uncertain the slope of each output line along an input line is, because the function rounds: a quotient of step h at
        neighbours of the point.

        What depends on other inputs alone, or varies slowly, rounds alike at all values of one line, which then show nothing of it.
        """

        def nearby(k: int) -> Any:
            at = {name: nudged(x, k, generator(f"{self.id}/{name}")) if k and name in self.wrt else x for name, x in self.at.items()}
            ahead, behind = (self.value_at(self.moved({label: 1}, side * h, at)) for side in (1, -1))
            return (ahead - behind) / (2 * h)

        return scatter(nearby)

    def value_at(self, at: Mapping[str, Value]) -> Any:
        """The vector of the outputs at a point beside the own one; nan where the target fails there."""
        self.evaluations += 1
        try:
            return self.along_outputs(self.target.evaluate(at))
        except TargetProblem as problem:
            if problem.gone:
                raise
            self.failure = self.failure or problem.message
            return np.full(len(self.output_lines), np.nan)

    def phi_complex(self, sides: Mapping[str, int]) -> Callable[[complex], Any]:
        """The same with complex movements; None where the target takes no complex numbers, which it is asked once."""

        def value(t: complex) -> Any:
            found = self.target.evaluate_complex(self.moved(sides, t)) if self.takes_complex else None
            self.evaluations += self.takes_complex
            self.takes_complex = found is not None
            return None if found is None else self.along_outputs(found)

        return value

    @cached_property
    def repeats(self) -> bool:
        """Whether a second evaluation gives the same outputs, bit by bit."""
        again = self.value_at(self.at)
        return bool(np.array_equal(self.here, again, equal_nan=True))

    def claimed(self, at: Mapping[str, Value]) -> dict[tuple[int, str], float]:
        """What the target claims of the slope of each output line (by number) along each input line, as far as it says anything."""
        if "jacobian" in self.target.derivatives:
            return self.from_jacobian(self.target.jacobian(at))
        found: dict[tuple[int, str], float] = {}
        for i, output in enumerate(self.output_lines):
            answer = self.target.vjp(at, self.weights(output))
            found |= {(i, label): float(line.along(answer[line.input])) for label, line in self.lines.items() if line.input in answer}
        return found

    def from_jacobian(self, jacobian: Mapping[tuple[str, str], Any]) -> dict[tuple[int, str], float]:
        """The slopes that a Jacobian says, along the lines."""
        return {
            (i, label): contracted(jacobian[output.input, line.input], output, line, shape_of(self.at[line.input]))
            for i, output in enumerate(self.output_lines)
            for label, line in self.lines.items()
            if (output.input, line.input) in jacobian
        }

    def weights(self, output: Line) -> dict[str, Any]:
        """The weights that pick an output line."""
        own = 1.0 if output.direction is None else output.direction
        others = {name: np.zeros(shape_of(value)) if is_array(value) else 0.0 for name, value in self.outputs.items()}
        return others | {output.input: own}

    def forward(self, label: str) -> Any:
        """What the target's own forward mode says of each output line along an input line."""
        line = self.lines[label]
        tangent = 1.0 if line.direction is None else line.direction
        return self.along_outputs(self.target.jvp(self.at, {line.input: tangent}))

    @cached_property
    def gradient(self) -> dict[tuple[int, str], float]:
        """The claimed slopes at the point."""
        return self.claimed(self.at) if {"jacobian", "vjp"} & self.target.derivatives else {}

    @cached_property
    def scatter(self) -> dict[tuple[int, str], float]:
        """How uncertain each claimed slope is in itself, seen at neighbours a few units in the last place away."""
        keys = list(self.gradient)

        def nearby(k: int) -> Any:
            found = self.beside(self.claimed_moved(lambda name, x: nudged(x, k, generator(f"{self.id}/{name}")))) if k else self.gradient
            return np.array([found.get(key, np.nan) for key in keys])

        return dict(zip(keys, map(float, scatter(nearby)), strict=True))

    def claimed_moved(self, move: Callable[[str, Value], Value]) -> dict[str, Value]:
        """The point with the inputs moved that the gradient is by; others may be counts or classes, which are nothing in between."""
        names = {self.lines[label].input for _, label in self.gradient}
        return {name: move(name, x) if name in names else x for name, x in self.at.items()}

    def beside(self, at: Mapping[str, Value]) -> dict[tuple[int, str], float]:
        """The claimed slopes at a point beside the own one; none where the target fails there."""
        try:
            return self.claimed(at)
        except TargetProblem as problem:
            if problem.gone:
                raise
            return {}


def contracted(block: Any, output: Line, line: Line, shape: tuple[int, ...]) -> float:
    """A block of a Jacobian, along an output line and an input line."""
    array = np.asarray(block, float)
    if line.direction is not None:
        array = np.tensordot(array, line.direction, axes=len(shape))
    return float(array if output.direction is None else np.sum(array * output.direction))


def complexed(x: Any) -> Any:
    """A value as complex numbers."""
    return x.astype(complex) if is_array(x) else complex(x)


def nudged(x: Any, k: int, chance: Any) -> Any:
    """A value whose numbers have moved by k units in the last place, each to a side of its own that `chance` draws."""
    if not is_array(x):
        return x + chance.choice((-k, k)) * float(np.spacing(abs(x)))
    signs = np.array(chance.choices((-k, k), k=x.size), float).reshape(x.shape)
    moved = x + signs * np.spacing(np.abs(x))
    moved.setflags(write=False)
    return moved
