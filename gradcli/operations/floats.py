"""The number system of a run: Python floats, IEEE where Python raises, and arrays of floats."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.arrays import is_array, plain, shape_of, tidy
from gradcli.operations.ieee import Ieee
from gradcli.operations.lazily import np
from gradcli.operations.op import Algebra, Op, Rule
from gradcli.operations.settings import shape_text

Number = float | bool
SCALARS = frozenset((float, bool, int, Ieee))


def value_of(op: Op, *arguments: Any) -> Any:
    """The value of a row on floats and arrays of floats; never raises for what arithmetic can meet."""
    if op.structural or not SCALARS.issuperset(map(type, arguments)):
        return array_value(op, arguments)
    try:
        return op.value(*arguments)
    except (ArithmeticError, ValueError):
        return op.exceptional(*arguments)


def array_value(op: Op, arguments: Sequence[Any]) -> Any:
    """The value of a row of arrays, or of an elementwise row on arrays."""
    try:
        with np.errstate(all="ignore"):
            return tidy(op.value(*op.grouped(arguments)) if op.structural else over_arrays(op)(*arguments))
    except (ValueError, IndexError, TypeError, MemoryError) as fault:
        raise misfit(op, arguments, fault) from fault


def drawn(op: Op, generator: Any, arguments: Sequence[Any]) -> Any:
    """The value of a row that draws numbers."""
    return tidy(op.value(generator, *op.grouped(arguments)))


def misfit(op: Op, arguments: Sequence[Any], fault: Exception) -> ShapeProblem:
    """The error for arguments that NumPy refuses: with all shapes, because mostly these do not fit."""
    shapes = [shape_text(shape_of(x)) for x, name in zip(op.grouped(arguments), op.params, strict=True) if name not in op.settings]
    if isinstance(fault, MemoryError):
        return ShapeProblem(f"{op.name} of {' and '.join(shapes)} needs more memory than there is", "use smaller arrays")
    if isinstance(fault, IndexError):
        return ShapeProblem(f"an index does not fit the shape {shapes[0]}: {fault}", "positions count from 0; -1 is the last")
    hint = "shapes fit where they are equal from the right, or one has length 1 there" if len(shapes) > 1 else f"gradcli ops {op.name}"
    return ShapeProblem(f"{op.symbol or op.name} can't take the shapes {' and '.join(shapes)}", hint)


def over_arrays(op: Op) -> Callable[..., Any]:
    """An elementwise row as a function of arrays of floats: NumPy's where it has one, else one element after the other."""
    if op.array is not None:
        function = getattr(np, op.array) if isinstance(op.array, str) else op.array
        return lambda *xs: function(*map(counted, xs))
    one_by_one = np.frompyfunc(lambda *xs: value_of(op, *map(float, xs)), len(op.params), 1)
    return lambda *xs: np.asarray(one_by_one(*xs)).astype(bool if op.boolean else float)


def counted(x: Any) -> Any:
    """An array with truth values as 0 and 1: NumPy's sum of two of them would be one."""
    return x.astype(float) if is_array(x) and x.dtype == bool else x


class Floats(Algebra):
    """F over floats. Operators on bare floats may raise: `careful` then does the rule again."""

    pi = math.pi

    def carried(self, op: Op) -> Callable[..., Any]:
        return lambda *arguments: value_of(op, *arguments)

    def numbers(self, value: Any) -> Any:
        return value

    def partials_by(self, rule: Rule, y: Any, arguments: Sequence[Any]) -> Any:
        with np.errstate(all="ignore"):
            return self.partial_by(rule, y, arguments)

    def careful(self, partial: Callable[..., Any], y: Any, arguments: Sequence[Any]) -> Any:
        """A partial whose rule raised on bare floats, done again with IEEE numbers."""
        return plain(partial(IEEE, ieee(y), *map(ieee, arguments)))


def ieee(value: Any) -> Any:
    """A float as an IEEE number; an array is one already."""
    return value if is_array(value) else Ieee(value)


class IeeeFloats(Algebra):
    """F over floats whose operators answer inf and nan instead of raising."""

    pi = Ieee(math.pi)

    def carried(self, op: Op) -> Callable[..., Any]:
        return lambda *arguments: ieee(value_of(op, *map(plain, arguments)))


FLOATS = Floats()
IEEE = IeeeFloats()


def partial_of(op: Op, i: int, y: Number, arguments: Sequence[Number]) -> float:
    """The partial of a row by its i-th argument, on floats."""
    rule = op.partials[i]
    return 0.0 if rule is None else float(FLOATS.partial_by(rule, y, arguments))
