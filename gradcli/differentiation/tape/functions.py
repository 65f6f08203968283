"""A program's value and gradient as a function of its inputs: what runs a tape at one point after the other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Places:
    """Where a tape has what a caller knows by name: nodes of its code; constants are below zero, and None is zero everywhere.

    shapes     the shape of each input, by name; `inputs` its node
    outputs    the nodes of the outputs
    gradient   the nodes of the derivatives, and their shapes
    """

    shapes: Mapping[str, Shape]
    inputs: Sequence[int]
    outputs: Mapping[str | None, int]
    gradient: Mapping[str, tuple[int | None, Shape]]


class GradientFunction:
    """`f(x=…, w=…)` or `f({"x": …, "w": …})` is the value of a program and its gradient: `(value, {"x": …, "w": …})`.

    Results are arrays of the caller's own. Several threads may call one function at a time: each call has registers to itself, which the
    next call uses again. Where a result is nan, the point is computed again by `careful`, because masked infinities are told apart there.
    """

    def __init__(self, places: Places, steps: Steps, dtype: Any, careful: Callable[[Mapping[str, Value]], Answer]) -> None:
        self.places = places
        self.shapes = places.shapes
        self.steps = steps
        self.dtype = dtype
        self.careful = careful
        self.idle: list[list[Any]] = []

    def __repr__(self) -> str:
        inputs = ", ".join(f"{name}: {shape_text(shape)}" if shape else name for name, shape in self.shapes.items())
        return f"<gradient function of {inputs or 'no inputs'}>"

    def __call__(self, values: Mapping[str, object] | str | None = None, /, **named: object) -> Answer:
        arguments = self.arguments(values, named)
        try:
            registers = self.idle.pop()
        except IndexError:
            registers = self.steps.memory()
        with silently():
            for node, argument in zip(self.places.inputs, arguments, strict=True):
                registers[node] = argument
            self.steps.run(registers)
            values_found, gradient = self.collected(registers)
            for node in self.steps.passing:
                registers[node] = None
            self.idle.append(registers)
            if any(undefined(value) for value in (*values_found.values(), *gradient.values())):
                return self.carefully(dict(zip(self.shapes, arguments, strict=True)))
        return one_or_all(values_found), gradient

    def arguments(self, given: Mapping[str, object] | str | None, named: Mapping[str, object]) -> list[Any]:
        """The values of the inputs in order. Raises GradcliError for names and shapes that do not fit."""
        values = {**(point(given) if isinstance(given, str) else given or {}), **named}
        values = {name if name in self.shapes else normal(name): value for name, value in values.items()}
        missing = [name for name in self.shapes if name not in values]
        if missing:
            raise MissingValue(missing, hint=f"each call gives all inputs: {', '.join(self.shapes)}")
        for name in values.keys() - self.shapes.keys():
            raise PointError(f"the program has no input '{name}'", f"its inputs are: {', '.join(self.shapes) or 'none'}")
        return [self.argument(name, values[name], shape) for name, shape in self.shapes.items()]

    def argument(self, name: str, value: Any, shape: Shape) -> Any:
        """A value as the tape reads it: a float, or an array, which is taken as it is if it has the right type."""
        if type(value) is not float and not (is_array(value) and value.dtype == self.dtype and value.ndim):
            value = constant(value, name)
            value = value.astype(self.dtype) if is_array(value) else value
        if shape_of(value) != shape:
            what = f"'{name}' has the shape {shape_text(shape_of(value))}, and was {shape_text(shape)} when the program was traced"
            raise ShapeProblem(what, "gradient_function makes one function for each set of shapes")
        return value

    def collected(self, registers: Sequence[Any]) -> tuple[dict[str | None, Value], dict[str, Value]]:
        """The results of a run: arrays that nobody else has."""
        taken = set(self.steps.shared)

        def own(node: int | None, shape: Shape = ()) -> Any:
            value = registers[node] if node is not None else np.zeros(shape, self.dtype) if shape else 0.0
            if is_array(value) and node in taken:
                return np.array(value)
            taken.add(node)  # type: ignore[arg-type]
            return value

        outputs = {name: own(node) for name, node in self.places.outputs.items()}
        return outputs, {name: own(*place) for name, place in self.places.gradient.items()}

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
