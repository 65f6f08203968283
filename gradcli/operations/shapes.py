"""Rows that move elements and change shapes: no arithmetic but adding up what broadcasting spread."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import Shape, is_array, shape_of
from gradcli.operations.indexing import along, put_back, take
from gradcli.operations.lazily import np
from gradcli.operations.settings import axes_of, axes_within, axis_within, lengths, shape_from, shape_text, whole


def _sum_to(x: Any, shape: Any) -> Any:
    """The sum over the axes that broadcasting from `shape` added or spread."""
    x, shape = np.asarray(x), lengths(shape)
    extra = x.ndim - len(shape)
    spread = [extra + i for i, n in enumerate(shape) if n == 1 and x.shape[extra + i] != 1]
    return np.sum(x, axis=(*range(extra), *spread), keepdims=True).reshape(shape)


def _sum_to_error(x: Any, shape: Any) -> Any:
    """A bound of the rounding error of such a sum."""
    return np.size(x) / max(math.prod(lengths(shape)), 1) * 2.0**-53 * _sum_to(np.abs(x), shape)


def _broadcast(x: Any, shape: Any) -> Any:
    """NumPy's broadcast_to, as an array of its own."""
    wanted = lengths(shape)
    if len(wanted) < len(shape_of(x)) or any(a not in (1, b) for a, b in zip(shape_of(x)[::-1], wanted[::-1], strict=False)):
        raise ShapeProblem(
            f"the shape {shape_text(shape_of(x))} can't be broadcast to {shape_text(wanted)}", "from the right, lengths are equal or 1"
        )
    return np.array(np.broadcast_to(x, wanted))


def _reshaped(x: Any, shape: Any) -> Any:
    """NumPy's reshape: one length may be -1, for what is left."""
    wanted, size = shape_from(shape), math.prod(shape_of(x))
    known = math.prod(n for n in wanted if n != -1)
    fits = size == known if -1 not in wanted else wanted.count(-1) == 1 and known and size % known == 0
    if not fits or min(wanted, default=0) < -1:
        raise ShapeProblem(f"{size} elements can't be in the shape {shape_text(wanted)}", "the lengths multiply to the number of elements")
    return np.reshape(x, wanted)


def _axes(x: Any, axes: Any) -> tuple[int, ...]:
    """An order of the axes of x, counted from 0; without any they are reversed."""
    wanted = axes_of(axes[0] if len(axes) == 1 else axes) if axes else None
    if wanted is None:
        return tuple(range(len(shape_of(x))))[::-1]
    order = axes_within(wanted, x)
    if sorted(order) != list(range(len(shape_of(x)))):
        raise ShapeProblem(f"transpose of the shape {shape_text(shape_of(x))} needs each axis once", "leave the axes out, or name all")
    return order


def _moves(x: Any, source: Any, destination: Any) -> Any:
    """NumPy's moveaxis."""
    return np.moveaxis(x, axes_within(source, x), axes_within(destination, x)) if shape_of(x) else x


def _squeezed(x: Any, axis: Any) -> Any:
    """NumPy's squeeze."""
    axes = tuple(i for i, n in enumerate(shape_of(x)) if n == 1) if axis is None else axes_within(axis, x)
    long = [i for i in axes if i < len(shape_of(x)) and shape_of(x)[i] != 1]
    if long:
        raise ShapeProblem(f"axis {long[0]} of the shape {shape_text(shape_of(x))} is not of length 1", "only such axes can be left out")
    return np.reshape(x, tuple(n for i, n in enumerate(shape_of(x)) if i not in axes))


def _equal_shapes(arrays: Sequence[Any], what: str) -> None:
    """Raises ShapeProblem unless all shapes are equal."""
    odd = next((x for x in arrays if shape_of(x) != shape_of(arrays[0])), None)
    if odd is not None:
        shapes = f"{shape_text(shape_of(arrays[0]))} and {shape_text(shape_of(odd))}"
        raise ShapeProblem(f"{what} needs equal shapes, not {shapes}", "rows of a list have equal lengths; concatenate joins others")


def _stack(arrays: Sequence[Any], axis: Any) -> Any:
    """The arrays along a new axis; of numbers a vector."""
    if not arrays:
        return np.zeros(0)
    _equal_shapes(arrays, "an array of arrays")
    return np.stack([np.asarray(x) for x in arrays], axis=axes_of(axis))


def _parts(F: Any, g: Any, axis: Any, count: int) -> list[Any]:
    """The parts of an array along an axis."""
    return [F.index(g, *along(axis_within(axis, g), i)) for i in range(count)]


def _joined(arrays: Sequence[Any], axis: Any) -> Any:
    """NumPy's concatenate."""
    if not arrays:
        raise ShapeProblem("concatenate needs arrays", "write concatenate(a, b)")
    if any(not shape_of(x) for x in arrays):
        raise ShapeProblem("concatenate joins arrays, and numbers are none", "stack(a, b) makes an array of numbers")
    at = axis_within(axis, arrays[0])
    rests = [(*shape_of(x)[:at], *shape_of(x)[at + 1 :]) if len(shape_of(x)) > at else None for x in arrays]
    odd = next((i for i, rest in enumerate(rests) if rest != rests[0] or len(shape_of(arrays[i])) != len(shape_of(arrays[0]))), None)
    if odd is not None:
        shapes = f"{shape_text(shape_of(arrays[0]))} and {shape_text(shape_of(arrays[odd]))}"
        raise ShapeProblem(f"concatenate can't join shapes {shapes} along axis {at}", "all other lengths must be equal")
    return np.concatenate(arrays, axis=at)


def _slices(F: Any, g: Any, axis: int, arrays: Sequence[Any]) -> list[Any]:
    """The parts of an array along an axis that are as long as the arrays that it was joined from, in their shapes."""
    found, start = [], 0
    for x in arrays:
        stop = start + (shape_of(x)[axis] if axis < len(shape_of(x)) else 1)
        whole_axes = [("slice", False, False, False)] * axis
        part = F.index(g, float(start), float(stop), (*whole_axes, ("slice", True, True, False)))
        found.append(F.reshape(part, *shape_of(x)))
        start = stop
    return found


def _beside(arrays: Sequence[Any]) -> Any:
    """NumPy's hstack."""
    return _joined([np.reshape(x, (1,)) if not shape_of(x) else x for x in arrays], float(_width_axis(arrays)))


def _width_axis(arrays: Sequence[Any]) -> int:
    """The axis along which hstack joins."""
    return min(max(map(len, map(shape_of, arrays)), default=0), 2) // 2


def _rows(x: Any) -> Any:
    """A number or a vector as a matrix of one row."""
    return x if len(shape_of(x)) > 1 else np.reshape(x, (1, -1))


def _below(arrays: Sequence[Any]) -> Any:
    """NumPy's vstack."""
    return _joined([_rows(x) for x in arrays], 0.0)


def _below_parts(F: Any, g: Any, arrays: Sequence[Any]) -> list[Any]:
    """The rows of g that came from each array."""
    found, start = [], 0
    for x in arrays:
        stop = start + (shape_of(x)[0] if len(shape_of(x)) > 1 else 1)
        found.append(F.reshape(F.index(g, float(start), float(stop), (("slice", True, True, False),)), *shape_of(x)))
        start = stop
    return found


def _split(x: Any, sections: Any, axis: Any) -> Any:
    """Equal parts along an axis, stacked along a new first one."""
    at, n = axis_within(axis, x), shape_of(x)[axis_within(axis, x)] if shape_of(x) else 0
    if is_array(sections) or isinstance(sections, tuple) or not shape_of(x) or whole(sections, "the number of parts") < 1 or n % sections:
        raise ShapeProblem(
            f"split makes equal parts: {n} elements along axis {at} are no {sections if not is_array(sections) else 'such'} equal parts",
            "x[:2] and x[2:] are parts of any size",
        )
    return np.stack(np.split(x, int(sections), axis=at))


def _unsplit(F: Any, g: Any, x: Any, axis: Any) -> Any:
    """The parts one behind the other again."""
    return F.reshape(F.moveaxis(g, 0.0, float(axis_within(axis, x))), *shape_of(x))


def _repeats(x: Any, reps: Any) -> tuple[Shape, Shape]:
    """The shape of x and the repeats, with as many axes."""
    times, shape = lengths(reps), shape_of(x)
    rank = max(len(times), len(shape))
    return (1,) * (rank - len(shape)) + shape, (1,) * (rank - len(times)) + times


def _untiled(F: Any, g: Any, x: Any, reps: Any) -> Any:
    """The sum over all copies."""
    shape, times = _repeats(x, reps)
    pairs = [n for pair in zip(times, shape, strict=True) for n in pair]
    return F.reshape(F.sum(F.reshape(g, *pairs), tuple(float(2 * i) for i in range(len(shape))), False), *shape_of(x))


def _sources(x: Any, repeats: Any, axis: Any) -> Any:
    """For each element of NumPy's repeat along an axis the position that it comes from."""
    n = math.prod(shape_of(x)) if axis is None else shape_of(x)[axis_within(axis, x)]
    times = lengths(repeats)
    if len(times) not in (1, n):
        raise ShapeProblem(f"repeat has {len(times)} counts for {n} elements", "give one count, or one for each element")
    return np.repeat(np.arange(n, dtype=float), times[0] if len(times) == 1 else times)


def _repeat_elements(x: Any, repeats: Any, axis: Any) -> int:
    """How many elements NumPy's repeat has."""
    times, size = lengths(repeats), math.prod(shape_of(x))
    return times[0] * size if len(times) == 1 else sum(times) * (1 if axis is None else size // max(len(times), 1))


def _flip_axes(x: Any, axis: Any) -> tuple[int, ...]:
    """The axes that are reversed."""
    return tuple(range(len(shape_of(x)))) if axis is None else axes_within(axis, x)


def _rolled(x: Any, shift: Any, axis: Any) -> Any:
    """NumPy's roll."""
    steps = shape_from(shift)
    axes = None if axis is None else axes_within(axis, x)
    if len(steps) == 1 if axes is None else len({len(steps), len(axes), 1}) <= 2:
        return np.roll(x, steps[0] if len(steps) == 1 else steps, axes)
    raise ShapeProblem("roll has as many shifts as axes", "write roll(x, 1), or roll(x, (1, 2), axis=(0, 1))")


ROWS = (
    ArrayOp("sum_to", params="x shape", settings="shape", value=_sum_to, internal=True, linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, shape: F.broadcast_to(g, shape_of(x)), None), error=lambda y, x, shape: _sum_to_error(x, shape),
            cases=(("2x3", (1, 3)), ("2x3", ()), ("4x2x3", (2, 1)), ("2x0", (2, 1))),
            doc="x added up to a shape that broadcasts to its own"),
    ArrayOp("broadcast_to", "expand", "x shape", settings="shape", variadic="shape", value=_broadcast, linear=True,
            pullbacks=(lambda F, g, y, x, shape: F.sum_to(g, shape_of(x)), None), moves=True,
            elements=lambda x, shape: math.prod(lengths(shape)), cases=(("1x3", (2.0, 3.0)), ("number", (2.0,)), ("3", (0.0, 3.0)),
            ("2", (2.0,))), share="g added up over the copies", doc="x repeated along new axes and axes of length 1"),
    ArrayOp("reshape", "view", "x shape", settings="shape", variadic="shape", value=_reshaped, linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, shape: F.reshape(g, *shape_of(x)), None),
            cases=(("2x3", (3.0, -1.0)), ("2x3", (6.0,)), ("number", (1.0, 1.0)), ("0x3", (0.0,)), ("1", ())),
            share="g in the shape of x", doc="the elements of x in another shape, in order; one length may be -1"),
    ArrayOp("ravel", "flatten", "x", value=lambda x: np.reshape(x, -1), linear=True, moves=True,
            pullbacks=(lambda F, g, y, x: F.reshape(g, *shape_of(x)),), cases=(("2x3",), ("number",), ("0x3",)),
            share="g in the shape of x", doc="the elements of x in one row"),
    ArrayOp("squeeze", params="x axis", settings="axis", defaults=(None,), value=_squeezed, linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, axis: F.reshape(g, *shape_of(x)), None),
            cases=(("1x3x1", None), ("1x3x1", -1.0), ("number", None)), share="g in the shape of x", doc="x without axes of length 1"),
    ArrayOp("expand_dims", "unsqueeze", "x axis", settings="axis", value=lambda x, axis: np.expand_dims(x, axes_of(axis)), linear=True,
            moves=True, pullbacks=(lambda F, g, y, x, axis: F.reshape(g, *shape_of(x)), None),
            cases=(("2x3", 1.0), ("number", 0.0), ("2", -1.0), ("2", (0.0, 2.0))), share="g in the shape of x",
            doc="x with a new axis of length 1"),
    ArrayOp("transpose", "permute", "x axes", settings="axes", variadic="axes", defaults=(None,),
            value=lambda x, axes: np.transpose(x, _axes(x, axes)),
            linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, axes: F.transpose(g, *map(float, np.argsort(_axes(x, axes)))), None),
            cases=(("2x3", ()), ("2x1x3", (2.0, 0.0, 1.0)), ("2x1x3", (1.0, -1.0, 0.0)), ("3", ()), ("number", ())),
            share="g with its axes back", doc="x with its axes reversed, or in the order given"),
    ArrayOp("swapaxes", "", "x axis1 axis2", settings="axis1 axis2",
            value=lambda x, axis1, axis2: np.swapaxes(x, axis_within(axis1, x), axis_within(axis2, x)), linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, axis1, axis2: F.swapaxes(g, axis1, axis2), None, None),
            cases=(("2x3", 0.0, 1.0), ("2x1x3", -1.0, 0.0)), share="g with its axes back", doc="x with two axes exchanged"),
    ArrayOp("moveaxis", "movedim", "x source destination", settings="source destination", value=_moves, linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, source, destination: F.moveaxis(g, destination, source), None, None),
            cases=(("2x1x3", 0.0, -1.0), ("2x4x3", (0.0, 1.0), (1.0, 2.0)), ("3", 0.0, 0.0)), share="g with its axes back",
            doc="x with some axes in other places"),
    ArrayOp("stack", params="arrays axis", settings="axis", keywords="axis", defaults=(0.0,), variadic="arrays", value=_stack,
            linear=True, moves=True, pullbacks=(lambda F, g, y, arrays, axis: _parts(F, g, axis, len(arrays)), None),
            cases=((("number", "number", "number"), 0.0), (("2x3", "2x3"), 1.0), (("3",), -1.0), ((), 0.0)), share="the parts of g",
            doc="arrays of one shape, or numbers, along a new axis"),
    ArrayOp("concatenate", "cat concat", "arrays axis", settings="axis", keywords="axis", defaults=(0.0,), variadic="arrays", value=_joined,
            linear=True, moves=True, pullbacks=(lambda F, g, y, arrays, axis: _slices(F, g, axis_within(axis, g), arrays), None),
            cases=((("2", "3", "0"), 0.0), (("2x3", "2x1"), -1.0), (("2x3",), 0.0)), share="the parts of g",
            doc="arrays joined along an axis"),
    ArrayOp("hstack", "", "arrays", variadic="arrays", value=_beside, linear=True, moves=True,
            pullbacks=(lambda F, g, y, arrays: _slices(F, g, _width_axis(arrays), arrays),),
            cases=((("2", "3"),), (("number", "2"),), (("2x3", "2x1"),)), share="the parts of g", doc="arrays side by side"),
    ArrayOp("vstack", "", "arrays", variadic="arrays", value=_below, linear=True, moves=True,
            pullbacks=(lambda F, g, y, arrays: _below_parts(F, g, arrays),), cases=((("2", "2"),), (("3", "2x3"),)), share="the parts of g",
            doc="arrays, and vectors as rows, below each other"),
    ArrayOp("split", "chunk", "x sections axis", settings="sections axis", keywords="axis", defaults=(0.0,), value=_split, linear=True,
            moves=True, pullbacks=(lambda F, g, y, x, sections, axis: _unsplit(F, g, x, axis), None, None),
            cases=(("4", 2.0, 0.0), ("2x6", 3.0, 1.0), ("2x3", 1.0, -1.0)), share="the parts of g joined",
            doc="a number of equal parts of x along an axis, stacked along a new first axis"),
    ArrayOp("tile", "", "x reps", settings="reps", variadic="reps", value=lambda x, reps: np.tile(x, lengths(reps)),
            linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, reps: _untiled(F, g, x, reps), None),
            elements=lambda x, reps: math.prod(lengths(reps)) * math.prod(shape_of(x)),
            cases=(("2x3", (2.0,)), ("3", (2.0, 2.0)), ("number", (3.0,)), ("2x1", (2.0, 1.0, 3.0)), ("2", (0.0,))),
            share="g added up over the copies", doc="copies of x beside each other"),
    ArrayOp("repeat", "repeat_interleave", "x repeats axis", settings="repeats axis", keywords="axis", defaults=(None,),
            value=lambda x, repeats, axis: take(x, _sources(x, repeats, axis), axis),
            linear=True, moves=True, pullbacks=(lambda F, g, y, x, repeats, axis: put_back(F, g, x, _sources(x, repeats, axis), axis),
                                                None, None), elements=_repeat_elements,
            cases=(("2x3", 2.0, None), ("2x3", (1.0, 0.0, 2.0), 1.0), ("3", (2.0,), 0.0), ("number", 3.0, None)),
            share="g added up over the copies", doc="each element of x repeated, along an axis or of all in a row"),
    ArrayOp("flip", "", "x axis", settings="axis", defaults=(None,), value=lambda x, axis: np.flip(x, _flip_axes(x, axis)), linear=True,
            moves=True, pullbacks=(lambda F, g, y, x, axis: F.flip(g, axis), None),
            cases=(("2x3", None), ("2x3", -1.0), ("2x3", (0.0, 1.0))), share="g reversed", doc="x in reverse order, along axes or all"),
    ArrayOp("roll", "", "x shift axis", settings="shift axis", defaults=(None,), value=_rolled, linear=True, moves=True,
            pullbacks=(lambda F, g, y, x, shift, axis: F.roll(g, tuple(-float(n) for n in shape_from(shift)), axis), None, None),
            cases=(("4", 1.0, None), ("2x3", -1.0, 1.0), ("2x3", (1.0, 2.0), (0.0, 1.0)), ("2x3", 4.0, None)), share="g rolled back",
            doc="x with its elements moved on, those behind the end to the front"),
)  # fmt: skip
