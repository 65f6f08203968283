"""A program's value and gradient as a function of its inputs: what runs a tape at one point after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from gradcli.differentiation.tape.steps import Steps
from gradcli.errors import MissingValue, PointError, ShapeProblem
from gradcli.language.points import constant, normal, point
from gradcli.operations.arrays import Shape, is_array, shape_of
from gradcli.operations.lazily import np, silently
from gradcli.operations.settings import shape_text
from gradcli.results import Value

Answer = tuple[Any, dict[str, Value]]
"""The value, of several outputs a dictionary of values, and the gradient by name."""


Take = Callable[[Sequence[Any]], Any]
"""How a result is taken out of registers."""


@dataclass(frozen=True)
class Result:
    """A result by name: its node, which is below zero for a constant and None for zeros everywhere, and its shape."""

    name: str | None
    node: int | None
    shape: Shape


class GradientFunction:
    """`f(x=…, w=…)` or `f({"x": …, "w": …})` is the value of a program and its gradient: `(value, {"x": …, "w": …})`.

    Results are arrays of the caller's own. Several threads may call one function at a time: each call has registers to itself, which the
    next call uses again. Where a result is nan, the point is computed again by `careful`, because masked infinities are told apart there.
    """

    def __init__(
        self,
        shapes: Mapping[str, Shape],
        outputs: Sequence[Result],
        gradient: Sequence[Result],
        steps: Steps,
        dtype: Any,
        careful: Callable[[Mapping[str, Value]], Answer],
    ) -> None:
        self.shapes = shapes
        self.steps = steps
        self.dtype = dtype
        self.careful = careful
        self.idle: list[list[Any]] = []
        taken = set(steps.shared)
        self.outputs = [(result.name, self.taking(result, taken)) for result in outputs]
        self.gradient = [(str(result.name), self.taking(result, taken)) for result in gradient]

    def __repr__(self) -> str:
        inputs = ", ".join(f"{name}: {shape_text(shape)}" if shape else name for name, shape in self.shapes.items())
        return f"<gradient function of {inputs or 'no inputs'}>"

    def taking(self, result: Result, taken: set[int]) -> Take:
        """How a result is taken so that nobody else has its array; notes its node in `taken`."""
        node, shape, dtype = result.node, result.shape, self.dtype
        if node is None:
            return lambda _: np.zeros(shape, dtype) if shape else 0.0
        if shape and node in taken:
            return lambda registers: np.array(registers[node])
        taken.add(node)
        return itemgetter(node)

    def __call__(self, values: Mapping[str, object] | str | None = None, /, **named: object) -> Answer:
        arguments = self.arguments(values, named)
        try:
            registers = self.idle.pop()
        except IndexError:
            registers = self.steps.memory()
        with silently():
            registers[: len(arguments)] = arguments  # the inputs are the first nodes
            self.steps.run(registers)
            outputs = {name: take(registers) for name, take in self.outputs}
            gradient = {name: take(registers) for name, take in self.gradient}
            for node in self.steps.passing:
                registers[node] = None
            self.idle.append(registers)
            if any(map(undefined, outputs.values())) or any(map(undefined, gradient.values())):
                return self.carefully(dict(zip(self.shapes, arguments, strict=True)))
        return one_or_all(outputs), gradient

    def arguments(self, given: Mapping[str, object] | str | None, named: Mapping[str, object]) -> list[Any]:
        """The values of the inputs in order. Raises GradcliError for names and shapes that do not fit."""
        values = {**(point(given) if isinstance(given, str) else given or {}), **named}
        if values.keys() != self.shapes.keys():
            values = {normal(name): value for name, value in values.items()}
            self.refuse_names(values)
        return [self.argument(name, values[name], shape) for name, shape in self.shapes.items()]

    def refuse_names(self, values: Mapping[str, object]) -> None:
        """Raises MissingValue or PointError unless the names are those of the inputs."""
        missing = [name for name in self.shapes if name not in values]
        if missing:
            raise MissingValue(missing, hint=f"each call gives all inputs: {', '.join(self.shapes)}")
        for name in values.keys() - self.shapes.keys():
            raise PointError(f"the program has no input '{name}'", f"its inputs are: {', '.join(self.shapes) or 'none'}")

    def argument(self, name: str, value: Any, shape: Shape) -> Any:
        """A value as the tape reads it: a float, or an array, which is taken as it is if it has the right type."""
        if type(value) is not float and not (is_array(value) and value.dtype == self.dtype and value.ndim):
            value = constant(value, name)
            value = value.astype(self.dtype) if is_array(value) else value
        if shape_of(value) != shape:
            what = f"'{name}' has the shape {shape_text(shape_of(value))}, and was {shape_text(shape)} when the program was traced"
            raise ShapeProblem(what, "gradient_function makes one function for each set of shapes")
        return value

    def carefully(self, values: Mapping[str, Value]) -> Answer:
        """The same by the reverse sweep of `grad`, in double precision."""
        value, gradient = self.careful(values)
        return value, {name: np.asarray(g, self.dtype) if is_array(g) else g for name, g in gradient.items()}


def undefined(value: Any) -> bool:
    """Whether a number, or any element of an array, is nan: the sum of squares then is."""
    if is_array(value):
        flat = value.ravel("K")
        value = np.dot(flat, flat)
    return bool(value != value)


def one_or_all(values: Mapping[str | None, Any]) -> Any:
    """The value of an only output; a dictionary of several."""
    return dict(values) if len(values) > 1 else next(iter(values.values()))
