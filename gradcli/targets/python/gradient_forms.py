"""The forms in which people give a gradient, read as one array for every pair of an output and an input.

Of an output of shape S by an input of shape T the array has shape S + T. Forms, of one output: a dict by input, a tuple or a list in
the order of the inputs, one array for the only input, for the first, or for all of them one behind the other. Of several outputs: a dict
or a tuple of such forms by output, a dict by input of dicts or tuples by output, or their rows as one array.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.errors import TargetProblem, nearest
from gradcli.operations.arrays import Shape
from gradcli.operations.lazily import np
from gradcli.results import Value
from gradcli.targets.python.answers import Reader, parts_of

Blocks = dict[tuple[str, str], Value]
"""Derivatives by output and input; a pair that nobody claims is not there."""


@dataclass(frozen=True)
class Form:
    """What a gradient is read against: the shapes of the outputs and of the inputs that it may be of, and who reads its numbers.

    `orders` are the lists of inputs that a tuple or an array may be for, the likeliest first.
    """

    reader: Reader
    outputs: Mapping[str, Shape]
    inputs: Mapping[str, Shape]
    orders: Sequence[Sequence[str]]

    def blocks(self, given: Any) -> Blocks:
        """The derivatives that a gradient gives. Raises TargetProblem where it has another form, or other shapes."""
        if given is None:
            raise self.reader.refused(None, "")
        if len(self.outputs) > 1:
            return self.of_several(given)
        (output,) = self.outputs
        if isinstance(given, Mapping) and given.keys() == {output} and output not in self.inputs:
            given = given[output]
        return self.of_one(output, given)

    def of_several(self, given: Any) -> Blocks:
        """The derivatives of several outputs."""
        parts = parts_of(tuple(given) if isinstance(given, list) else given)
        if parts is None:
            return self.of_rows(given)
        if isinstance(given, Mapping) and not parts.keys() & self.outputs.keys():
            return self.by_input_then_output(parts)
        if not isinstance(given, Mapping) and len(parts) != len(self.outputs):
            raise self.wrong(f"has {len(parts)} parts", f"the function has {len(self.outputs)} outputs: {', '.join(self.outputs)}")
        if not isinstance(given, Mapping):
            parts = dict(zip(self.outputs, parts.values(), strict=True))
        self.refuse_unknown(parts, self.outputs, "output")
        return {key: value for name, part in parts.items() if part is not None for key, value in self.of_one(name, part).items()}

    def by_input_then_output(self, parts: Mapping[str, Any]) -> Blocks:
        """A dict by input, in which every entry has a part for each output."""
        self.refuse_unknown(parts, self.inputs, "input")
        found: Blocks = {}
        for name, part in parts.items():
            by_output = part if isinstance(part, Mapping) else dict(zip(self.outputs, part, strict=False))
            self.refuse_unknown(by_output, self.outputs, "output")
            found |= {(output, name): self.fitted(block, output, name) for output, block in by_output.items() if block is not None}
        return found

    def of_rows(self, given: Any) -> Blocks:
        """One array that has a row for each output."""
        rows = np.asarray(self.reader.value(given))
        if not rows.ndim or len(rows) != len(self.outputs):
            raise self.wrong(f"has the shape {rows.shape}", f"give a dict by output: {', '.join(self.outputs)}")
        pairs = zip(self.outputs, rows, strict=True)
        return {key: value for output, row in pairs for key, value in self.of_one(output, row).items()}

    def of_one(self, output: str, given: Any) -> Blocks:
        """The derivatives of one output: a tuple is read as parts by input if that fits, anything else first as an array."""
        if isinstance(given, Mapping):
            self.refuse_unknown(given, self.inputs, "input")
            return {(output, str(name)): self.fitted(part, output, str(name)) for name, part in given.items() if part is not None}
        first, second = (self.in_order, self.of_array) if isinstance(given, tuple) else (self.of_array, self.in_order)
        try:
            return first(output, given)
        except TargetProblem:
            if not hasattr(given, "__len__") or getattr(given, "shape", None) == ():
                raise
            try:
                return second(output, given)
            except TargetProblem:
                pass
            raise

    def in_order(self, output: str, parts: Any) -> Blocks:
        """The parts of a tuple, by the inputs in their order."""
        order = next((order for order in self.orders if len(order) == len(parts)), None)
        if order is None:
            raise self.wrong(f"has {len(parts)} parts", f"one for each input: {', '.join(self.inputs)}")
        pairs = zip(order, parts, strict=True)
        return {(output, name): self.fitted(part, output, name) for name, part in pairs if part is not None}

    def of_array(self, output: str, given: Any) -> Blocks:
        """One array: for all inputs one behind the other, or for the first one."""
        array = np.asarray(self.reader.value(given))
        for order in self.orders:
            if len(order) == 1 and self.is_of(array, output, order[0]):
                return {(output, order[0]): self.fitted(array, output, order[0])}
            sizes = [math.prod(self.inputs[name]) for name in order]
            if fits(array, (*self.outputs[output], sum(sizes))):
                return self.split(output, order, sizes, array)
        for order in self.orders:
            if self.is_of(array, output, order[0]):
                return {(output, order[0]): self.fitted(array, output, order[0])}
        raise self.misshaped(array.shape, output, self.orders[0])

    def split(self, output: str, order: Sequence[str], sizes: Sequence[int], array: Any) -> Blocks:
        """Columns for all inputs one behind the other, by input."""
        rows = array.reshape(*self.outputs[output], -1)
        ends = np.cumsum([0, *sizes])
        return {
            (output, name): self.fitted(rows[..., start:end].reshape(self.expected(output, name)), output, name)
            for name, start, end in zip(order, ends, ends[1:], strict=False)
        }

    def fitted(self, part: Any, output: str, wrt: str) -> Value:
        """A derivative of one output by one input, with its axes. Axes of length 1 may be left out or added, and rows flattened."""
        array, shape = np.asarray(self.reader.value(part, wrt)), self.expected(output, wrt)
        if not self.is_of(array, output, wrt):
            raise self.misshaped(array.shape, output, [wrt])
        if not shape:
            return float(array.reshape(()))
        fitted = array.reshape(shape)
        fitted.setflags(write=False)
        return fitted  # type: ignore[no-any-return]

    def is_of(self, array: Any, output: str, wrt: str) -> bool:
        """Whether an array can be the derivative of an output by an input."""
        flat = (math.prod(self.outputs[output]), math.prod(self.inputs[wrt]))
        return fits(array, self.expected(output, wrt)) or fits(array, flat)

    def expected(self, output: str, wrt: str) -> Shape:
        """The shape of a derivative."""
        return (*self.outputs[output], *self.inputs[wrt])

    def misshaped(self, shape: Shape, output: str, order: Sequence[str]) -> TargetProblem:
        """The error for an array of a wrong shape; says so if it is the transposed one."""
        whole = len(order) > 1
        columns = (sum(math.prod(self.inputs[name]) for name in order),) if whole else self.inputs[order[0]]
        of = self.outputs[output]
        wanted = (*of, *columns)
        names = f"'{order[0]}'" if not whole else "all inputs one behind the other"
        hint = f"expected {wanted}" + (f": the axes of the output {of}, then those of the input {columns}" if of and columns else "")
        if of and shape == of == columns:
            hint += "; of a function that works element by element that is numpy.diag of it"
        if squeezed((*columns, *of)) == squeezed(shape) and of and columns:
            return self.wrong(f"has the shape {shape} for {names}: it is transposed", hint)
        if whole:
            hint += f"; or give a dict by input: {', '.join(self.inputs)}"
        return self.wrong(f"has the shape {shape} for {names}", hint)

    def refuse_unknown(self, parts: Mapping[Any, Any], known: Mapping[str, Shape], what: str) -> None:
        """Refuses names that are none."""
        for name in parts:
            if name not in known:
                near = nearest(str(name), known)
                others = f"the {what}s are: {', '.join(known)}"
                raise self.wrong(f"has an entry '{name}', which is no {what}", f"did you mean '{near}'?" if near else others)

    def wrong(self, words: str, hint: str) -> TargetProblem:
        """An error about the gradient."""
        return TargetProblem(f"the gradient from {self.reader.what} {words}", hint or None)


def squeezed(shape: Shape) -> Shape:
    """A shape without axes of length 1."""
    return tuple(length for length in shape if length != 1)


def fits(array: Any, shape: Shape) -> bool:
    """Whether an array has a shape, but for axes of length 1."""
    return squeezed(array.shape) == squeezed(shape)
