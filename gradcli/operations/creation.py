"""Rows that make arrays out of lengths, bounds and chance."""

from __future__ import annotations

import math
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import lengths, real, said, shape_text


def _size(shape: Any) -> int:
    """How many elements an array of this shape has."""
    return math.prod(lengths(shape))


def _sides(n: Any, m: Any) -> tuple[int, int]:
    """The shape of a unit matrix."""
    rows, columns = lengths((n, n if m is None else m))
    return rows, columns


def _bounds(bounds: Any) -> tuple[float, float, float]:
    """start, stop and step of arange. Raises ShapeProblem where these make no array."""
    if not 1 <= len(bounds) <= 3:
        raise ShapeProblem(f"arange takes stop, or start, stop and step, not {len(bounds)} numbers", "write arange(0, 1, 0.1)")
    start, stop, step = (0.0, bounds[0], 1.0) if len(bounds) == 1 else (*bounds, 1.0)[:3]
    start, stop, step = (real(value, "a bound of arange") for value in (start, stop, step))
    if not step or not all(map(math.isfinite, (start, stop, step))):
        raise ShapeProblem(f"arange can't go from {said(start)} to {said(stop)} in steps of {said(step)}", "write arange(0, 1, 0.1)")
    return start, stop, step


def _steps(bounds: Any) -> int:
    """How many elements arange has."""
    start, stop, step = _bounds(bounds)
    return max(math.ceil((stop - start) / step), 0) if abs((stop - start) / step) < 2.0**62 else 2**62


def _count(start: Any, stop: Any, num: Any) -> int:
    """How many elements linspace has. Raises ShapeProblem for bounds that are no numbers."""
    for bound in (start, stop):
        if shape_of(bound):
            raise ShapeProblem(f"linspace goes between numbers, not the shape {shape_text(shape_of(bound))}", "write linspace(0, 1, 11)")
    return lengths(num)[0]


def _weights(F: Any, n: int) -> Any:
    """How much of the end each element of linspace has: i/(n - 1)."""
    return F.numbers(np.arange(n, dtype=float)) / F.number(float(max(n - 1, 1)))


def _between(F: Any, start: Any, stop: Any, num: Any) -> Any:
    """Evenly spaced numbers by their definition."""
    weights = _weights(F, _count(start, stop, num))
    return (-weights + F.number(1.0)) * start + weights * stop


NEW: dict[str, Any] = {"params": "shape", "settings": "shape", "variadic": "shape", "pullbacks": (None,)}
LIKE: dict[str, Any] = {"pullbacks": (None,), "cases": (("2x3",), ("number",), ("0",))}
SHAPES = (((2.0, 3.0),), ((3.0,),), (((0.0, 2.0),),), ((),))

ROWS = (
    ArrayOp("zeros", **NEW, value=lambda shape: np.zeros(lengths(shape)), elements=_size, cases=SHAPES, doc="an array of zeros"),
    ArrayOp("ones", **NEW, value=lambda shape: np.ones(lengths(shape)), elements=_size, cases=SHAPES, doc="an array of ones"),
    ArrayOp("full", params="shape value", settings="shape", value=lambda shape, value: np.array(np.broadcast_to(value, lengths(shape))),
            pullbacks=(None, lambda F, g, y, shape, value: F.sum_to(g, shape_of(value))), linear=True, moves=True,
            elements=lambda shape, value: _size(shape), cases=(((2.0, 3.0), "number"), (3.0, "number"), ((2.0, 3.0), "3")),
            share="the sum of g", doc="an array of one number repeated"),
    ArrayOp("zeros_like", **LIKE, value=lambda x: np.zeros(shape_of(x)), doc="zeros in the shape of x"),
    ArrayOp("ones_like", **LIKE, value=lambda x: np.ones(shape_of(x)), doc="ones in the shape of x"),
    ArrayOp("eye", "identity", "n m", settings="n m", defaults=(None,), value=lambda n, m: np.eye(*_sides(n, m)), pullbacks=(None, None),
            elements=lambda n, m: math.prod(_sides(n, m)), cases=((3.0, None), (2.0, 3.0), (0.0, None)), doc="the unit matrix"),
    ArrayOp("arange", params="bounds", settings="bounds", variadic="bounds", pullbacks=(None,), elements=_steps,
            value=lambda bounds: np.arange(*_bounds(bounds)), cases=(((3.0,),), ((1.0, 4.0),), ((1.0, -1.0, -0.5),), ((2.0, 1.0),)),
            doc="start, start + step, … below stop; arange(n) counts from 0"),
    ArrayOp("linspace", params="start stop num", settings="num", defaults=(50.0,), exact=_between,
            value=lambda start, stop, num: np.linspace(start, stop, _count(start, stop, num)),
            pullbacks=(lambda F, g, y, start, stop, num: F.sum(g * (1 - _weights(F, shape_of(g)[0])), None, False),
                       lambda F, g, y, start, stop, num: F.sum(g * _weights(F, shape_of(g)[0]), None, False), None),
            pushforwards=(lambda F, t, y, start, stop, num: t * (1 - _weights(F, shape_of(y)[0])),
                          lambda F, t, y, start, stop, num: t * _weights(F, shape_of(y)[0]), None),
            error=lambda y, start, stop, num: 4 * 2.0**-53 * (abs(start) + abs(stop)), elements=lambda start, stop, num: lengths(num)[0],
            cases=(("number", "number", 5.0), ("number", "number", 1.0), ("number", "number", 0.0)),
            share="sum of g, weighted by nearness; the same",
            doc="num numbers from start to stop, evenly spaced"),
    ArrayOp("randn", "standard_normal", **NEW, value=lambda generator, shape: generator.standard_normal(lengths(shape)), draws=True,
            elements=_size, doc="numbers drawn from the standard normal distribution"),
    ArrayOp("rand", **NEW, value=lambda generator, shape: generator.random(lengths(shape)), draws=True, elements=_size,
            doc="numbers drawn evenly from 0 to 1"),
)  # fmt: skip
