"""Functions in Python as targets: the function, and its gradient from a second one, from the same call, or from its library.

Nothing here judges whether the gradient is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gradcli.errors import GradcliError, MissingValue, PointError, TargetProblem, UsageError, nearest
from gradcli.operations.arrays import Shape, shape_of
from gradcli.operations.lazily import np
from gradcli.results import Value
from gradcli.targets.python.answers import parts_of_any
from gradcli.targets.python.callee import Callee, ChangedArgument
from gradcli.targets.python.faults import at_point
from gradcli.targets.python.frameworks.framework import NoGraph
from gradcli.targets.python.gradient_forms import Blocks, Form
from gradcli.targets.target import Outputs, Target

Named = str | Callable[..., Any]
"""A function, or the text that says where it stands."""


def python_function(
    function: Named,
    gradient: Named | None = None,
    *,
    value_and_grad: bool = False,
    folder: str = "",
    wrt: Sequence[str] = (),
) -> PythonFunction:
    """A function in Python with the gradient that is under test.

    function        the function, or `module:function`, `path/to/file.py:function`
    gradient        the same for its gradient; without one the library that the function computes with gives it, if it has one
    value_and_grad  whether the function returns the pair (value, gradient)
    folder          where modules and files are looked for, "" for the current folder
    wrt             the inputs that a gradient without names is for, where it is not for all

    Raises UsageError and TargetProblem where there is no such function.
    """
    if value_and_grad and gradient is not None:
        raise UsageError("--value-and-grad takes the gradient from the function itself, and --gradient names another one", "leave one out")
    one = callee(function, "--python", folder, differentiated=gradient is None and not value_and_grad)
    other = callee(gradient, "--gradient", folder) if gradient is not None else None
    return PythonFunction(one, other, value_and_grad, wrt)


def opened(given: Mapping[str, Any], folder: str) -> PythonFunction:
    """The function that options name: `python`, `gradient`, `value-and-grad`, and `wrt` for a gradient without names."""
    pair, wrt = bool(given.get("value-and-grad")), given.get("wrt") or ()
    names = [name.strip() for name in wrt.split(",")] if isinstance(wrt, str) else list(wrt)
    return python_function(given["python"], given.get("gradient"), value_and_grad=pair, folder=folder, wrt=names)


def callee(function: Named, what: str, folder: str, differentiated: bool = False) -> Callee:
    """A function by its place, or as it is."""
    if not isinstance(function, str):
        if not callable(function):
            raise UsageError(f"a function is expected, not {type(function).__name__}", "pass the function itself, without calling it")
        return Callee(function, name_of(function), bare=True, differentiated=differentiated)
    from gradcli.targets.python.loading import load

    return Callee(load(function, Path(folder), what), function.strip(), differentiated=differentiated)


def name_of(function: Any) -> str:
    """What a function is called: its module and name, as on the command line."""
    name = str(getattr(function, "__qualname__", type(function).__qualname__)).rpartition("<locals>.")[2]
    module = getattr(function, "__module__", None)
    return f"{module}:{name}" if module else name


class PythonFunction(Target):
    """A function in Python."""

    kind = "python"

    def __init__(self, function: Callee, gradient: Callee | None, pair: bool, wrt: Sequence[str]) -> None:
        self.function = function
        self.gradient = gradient
        self.pair = pair
        self.wrt = tuple(wrt)
        self.name = function.name
        self.notes = []
        self.shapes: dict[tuple[Shape, ...], dict[str, Shape]] = {}
        self.way_back: tuple[Any, Callable[[Outputs], dict[str, Value]]] | None = None
        self.latest: tuple[Any, dict[str, Value], Any] | None = None
        parts = ["--python", function.name, *(["--gradient", gradient.name] if gradient else []), *(["--value-and-grad"] if pair else [])]
        self.options = () if function.bare or (gradient and gradient.bare) else tuple(parts)
        parameters = function.parameters
        self.inputs = () if parameters.rest else parameters.inputs
        self.defaults = parameters.defaults
        self.offer()

    def offer(self) -> None:
        """Sets what derivatives there are: of a library, only where the function is for one."""
        known = self.gradient is not None or self.pair
        library = not known and bool(self.function.framework.title)
        self.derivatives = frozenset(["jacobian"] if known else ["vjp"] if library else [])
        self.notes = [f"the gradient is {self.function.framework.title} of {self.name}"] if library else []

    def tell(self, note: str) -> None:
        """Adds a note, once."""
        if note and note not in self.notes:
            self.notes.append(note)

    def prepared(self, at: Mapping[str, Value]) -> dict[str, Value]:
        parameters = self.function.parameters
        for name in at:
            if name not in parameters.names and not parameters.rest:
                raise PointError(f"{self.name} has no input '{name}'", near_or_all(name, parameters.names))
        values = {**self.defaults, **at}
        missing = [name for name in parameters.inputs if name not in values]
        if missing:
            raise MissingValue(missing, hint="add --at " + ",".join(f"{name}=1.0" for name in missing))
        order = [name for name in parameters.names if name in values]
        point = {name: values[name] for name in [*order, *(name for name in values if name not in order)]}
        self.gradient_arguments(point)
        if self.gradient is None and not self.pair and len(self.function.possible) > 1:
            self.settle(point)
        if not self.derivatives and not self.shapes:
            self.evaluate(point)  # an answer that looks like a value with its gradient is refused before anybody asks for more
        return point

    def settle(self, at: Mapping[str, Value]) -> None:
        """Finds out which library the function is for: the first that it can be called with, and differentiated if it is no sure one."""
        function = self.function
        for framework in (possible := function.possible):
            function.possible = [framework]
            try:
                function.call(at)
                if framework.title and framework not in function.sure:
                    self.pullback(at)
            except ChangedArgument:
                raise
            except TargetProblem:
                continue
            self.offer()
            return
        function.possible = possible

    def evaluate(self, at: Mapping[str, Value]) -> Outputs:
        answer = self.function.call(at)
        if not self.pair:
            return self.outputs(at, answer)
        value, gradient = self.split(answer)
        outputs = self.outputs(at, value)
        self.latest = (bits(at), outputs, gradient)
        return outputs

    def outputs(self, at: Mapping[str, Value], answer: Any) -> dict[str, Value]:
        """The outputs in an answer, which have the same shapes whenever the inputs have."""
        if not self.derivatives:
            self.refuse_pair(at, answer)
        try:
            outputs = self.function.reader.outputs(answer)
        except TargetProblem as fault:
            raise TargetProblem(fault.message + at_point(at), fault.hint) from fault
        shapes = {name: shape_of(value) for name, value in outputs.items()}
        before = self.shapes.setdefault(tuple(map(shape_of, at.values())), shapes)
        if shapes != before:
            changed = f"{self.name} returned {described(before)} before, and now {described(shapes)}"
            raise TargetProblem(changed, "the outputs must have the same names and shapes at all points")
        note = self.function.framework.note()
        narrow = self.function.reader.narrow
        if narrow:
            self.epsilon = max(self.epsilon, float(np.finfo(narrow).eps))
        self.tell(note or (f"{self.name} answers in {narrow}" if narrow else ""))
        return outputs

    def evaluate_complex(self, at: Mapping[str, object]) -> Mapping[str, object] | None:
        function = self.function
        if not function.framework.steps:
            return None
        try:
            answer = function.call_complex(at)
            value = self.split(answer)[0] if self.pair else answer
        except TargetProblem:
            return None
        return complex_outputs(value)

    def jacobian(self, at: Mapping[str, Value]) -> Blocks:
        if self.pair:
            outputs, given = self.paired(at)
            return self.form(self.function, at, {name: shape_of(value) for name, value in outputs.items()}).blocks(given)
        assert self.gradient is not None
        shapes = self.shapes_at(at)
        given = self.gradient.call(self.gradient_arguments(at))
        blocks = self.form(self.gradient, at, shapes).blocks(given)
        narrow = self.gradient.reader.narrow
        self.tell(f"{self.gradient.name} answers in {narrow}" if narrow and not self.gradient.framework.note() else "")
        return blocks

    def paired(self, at: Mapping[str, Value]) -> tuple[dict[str, Value], Any]:
        """The outputs and the gradient of one call; the gradient of the latest call is used once."""
        latest, self.latest = self.latest, None
        if latest is None or latest[0] != bits(at):
            self.evaluate(at)
            latest, self.latest = self.latest, None
        assert latest is not None
        return latest[1], latest[2]

    def shapes_at(self, at: Mapping[str, Value]) -> dict[str, Shape]:
        """The shapes of the outputs; they are known when the function was called with inputs of these shapes."""
        key = tuple(map(shape_of, at.values()))
        if key not in self.shapes:
            self.evaluate(at)
        return self.shapes[key]

    def form(self, source: Callee, at: Mapping[str, Value], shapes: Mapping[str, Shape]) -> Form:
        """What a gradient is read against."""
        takes = source.parameters.names
        lists = [list(at), [name for name in at if name not in self.defaults], [name for name in at if name in takes], list(self.wrt)]
        orders = [order for i, order in enumerate(lists) if order and order not in lists[:i]]
        return Form(source.reader, shapes, {name: shape_of(value) for name, value in at.items()}, orders)

    def gradient_arguments(self, at: Mapping[str, Value]) -> dict[str, Value]:
        """The values that the gradient takes: by their names, or in their order where it has other names altogether."""
        if self.gradient is None:
            return {}
        takes = self.gradient.parameters
        if takes.rest:
            return dict(at)
        needed = [name for name in takes.inputs if name not in takes.defaults]
        unknown = [name for name in needed if name not in at]
        if not unknown:
            return {name: value for name, value in at.items() if name in takes.names}
        if len(unknown) == len(needed) == len(at) and not set(takes.names) & set(at):
            return dict(zip(needed, at.values(), strict=True))
        raise TargetProblem(f"{self.gradient.name} takes '{unknown[0]}', which is no input of {self.name}", near_or_all(unknown[0], at))

    def split(self, answer: Any) -> tuple[Any, Any]:
        """The value and the gradient of an answer."""
        if isinstance(answer, tuple | list) and len(answer) == 2:
            return answer[0], answer[1]
        what = f"{len(answer)} parts" if isinstance(answer, tuple | list) else "None" if answer is None else f"one {type(answer).__name__}"
        raise TargetProblem(f"{self.name} returned {what}, not the pair (value, gradient)", "leave --value-and-grad out, or return both")

    def refuse_pair(self, at: Mapping[str, Value], answer: Any) -> None:
        """Refuses an answer that looks like a value with its gradient, where nobody has said so."""
        if type(answer) is not tuple or len(answer) != 2:
            return
        value, gradient = answer
        try:
            shape = shape_of(self.function.reader.value(value))
            self.form(self.function, at, {"value": shape}).blocks(gradient)
        except GradcliError:
            return
        raise TargetProblem(f"{self.name} returns two things, which look like a value and its gradient", "say so with --value-and-grad")

    def vjp(self, at: Mapping[str, Value], weights: Outputs) -> Mapping[str, Value]:
        key = bits(at)
        if self.way_back is None or self.way_back[0] != key:
            self.way_back = key, self.pullback(at)
        return self.way_back[1](weights)

    def pullback(self, at: Mapping[str, Value]) -> Callable[[Outputs], dict[str, Value]]:
        """The way back through the library at a point, from weights to gradients."""
        function = self.function
        given, _ = function.arguments(function.framework, at)
        try:
            _, back = function.guarded(lambda: function.framework.pullback(function.function, function.raw, given), at)
        except TargetProblem as fault:
            if not isinstance(fault.__cause__, NoGraph):
                raise
            cure = "leave out what ends the graph, as detach() and item() do, or name a gradient: --gradient MODULE:FUNCTION"
            raise TargetProblem(f"what {self.name} returns carries no graph, so that there is no gradient to check", cure) from None

        def pull(weights: Outputs) -> dict[str, Value]:
            gradient = function.guarded(lambda: back(weights), at)
            return {name: read_only(self.gradient_by(name, part, at)) for name, part in gradient.items()}

        return pull

    def gradient_by(self, name: str, part: Any, at: Mapping[str, Value]) -> Any:
        """A library's gradient by one input, of its shape; None is zero."""
        shape = shape_of(at[name])
        if part is None:
            return np.zeros(shape)
        array = np.array(self.function.reader.value(part, name))
        if array.size != math.prod(shape):
            raise TargetProblem(f"the gradient of {self.name} by '{name}' has the shape {array.shape}", f"expected {shape}")
        return array.reshape(shape)


def near_or_all(name: str, known: Any) -> str:
    """A hint that offers the nearest name, or all."""
    near = nearest(name, known)
    return f"did you mean '{near}'?" if near else f"its inputs are: {', '.join(known) or 'none'}"


def read_only(array: Any) -> Value:
    """An array that nobody changes; a number if it has no axes."""
    if not array.ndim:
        return float(array)
    array.setflags(write=False)
    return array  # type: ignore[no-any-return]


def bits(at: Mapping[str, Value]) -> list[tuple[str, bytes]]:
    """A point as what tells it from every other one."""
    return [(name, np.asarray(value).tobytes()) for name, value in at.items()]


def described(shapes: Mapping[str, Shape]) -> str:
    """The shapes of some outputs in words."""
    if len(shapes) > 1:
        return ", ".join(f"'{name}' of shape {shape}" for name, shape in shapes.items())
    (shape,) = shapes.values()
    return f"an array of shape {shape}" if shape else "a number"


def complex_outputs(answer: Any) -> dict[str, Any] | None:
    """The outputs of an answer as complex numbers; None where one of them is none."""
    parts = parts_of_any(answer)
    try:
        found = {name: np.array(part, np.complex128) for name, part in parts.items()}
    except Exception:  # an answer's own __array__ or __complex__ may raise anything
        return None
    return {name: value if value.ndim else complex(value) for name, value in found.items()}
