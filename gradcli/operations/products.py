"""Rows of products of vectors and matrices."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.contractions import LETTERS, Contraction, by_definition, by_numpy, contraction, share
from gradcli.operations.lazily import np
from gradcli.operations.settings import axis_within, shape_text, whole

U = 2.0**-53


def product(a: Any, b: Any) -> Any:
    """NumPy's matrix product: vectors, matrices, and stacks of matrices that broadcast."""
    left, right = shape_of(a), shape_of(b)
    if not left or not right:
        raise ShapeProblem(f"@ multiplies arrays, not {shape_text(left)} and {shape_text(right)}", "a number times an array is written *")
    columns, rows = left[-1], right[max(len(right) - 2, 0)]
    if columns != rows:
        raise ShapeProblem(
            f"@ can't multiply shapes {shape_text(left)} and {shape_text(right)}: {columns} columns meet {rows} rows",
            "transpose one of them with .T, or check the order",
        )
    return np.matmul(a, b)


def _by_left(F: Any, g: Any, a: Any, b: Any) -> Any:
    """The share of the left factor: g times the transposed right one."""
    if len(shape_of(b)) == 1:
        return F.expand_dims(g, -1) * b if len(shape_of(a)) > 1 else g * b
    if len(shape_of(a)) == 1:
        return F.sum_to(F.reshape(F.matmul(b, F.expand_dims(g, -1)), *shape_of(b)[:-1]), shape_of(a))
    return F.matmul(g, F.swapaxes(b, -1, -2))


def _by_right(F: Any, g: Any, a: Any, b: Any) -> Any:
    """The share of the right factor: the transposed left one times g."""
    if len(shape_of(a)) == 1:
        return F.expand_dims(a, -1) * F.expand_dims(g, -2) if len(shape_of(b)) > 1 else g * a
    if len(shape_of(b)) == 1:
        return F.sum_to(F.expand_dims(g, -1) * a, shape_of(b))
    return F.matmul(F.swapaxes(a, -1, -2), g)


def _names(a: Any, b: Any) -> tuple[str, str]:
    """Letters for the axes of two arrays, all different."""
    i, n = len(shape_of(a)), len(shape_of(a)) + len(shape_of(b))
    return LETTERS[:i], LETTERS[i:n]


def tied(name: str, a: Any, b: Any, left: list[int], right: list[int]) -> Contraction:
    """The product that is summed over pairs of axes. Raises ShapeProblem where their lengths differ."""
    first, second = _names(a, b)
    for i, j in zip(left, right, strict=True):
        if shape_of(a)[i] != shape_of(b)[j]:
            shapes = f"{shape_text(shape_of(a))} and {shape_text(shape_of(b))}"
            raise ShapeProblem(
                f"{name} can't sum over axes of different length in the shapes {shapes}", "check the order, or transpose one"
            )
        second = second.replace(second[j], first[i])
    return contraction([first, second], "".join(c for c in first + second if (c in first) != (c in second)), [a, b])


def _dot(a: Any, b: Any) -> Contraction:
    """NumPy's dot: over the last axis of a and the last but one of b."""
    m, n = len(shape_of(a)), len(shape_of(b))
    return tied("dot", a, b, [m - 1] if m and n else [], [max(n - 2, 0)] if m and n else [])


def _inner(a: Any, b: Any) -> Contraction:
    """NumPy's inner: over the last axes."""
    m, n = len(shape_of(a)), len(shape_of(b))
    return tied("inner", a, b, [m - 1] if m and n else [], [n - 1] if m and n else [])


def _tensordot(a: Any, b: Any, axes: Any) -> Contraction:
    """NumPy's tensordot: over a number of axes, or over pairs (axes of a, axes of b)."""
    if isinstance(axes, tuple) or is_array(axes):
        if len(axes) != 2:
            raise ShapeProblem("axes of tensordot is a number, or a pair: axes of a and axes of b", "write tensordot(a, b, axes=(1, 0))")
        left, right = ([axis_within(float(one), x) for one in np.ravel(axis)] for axis, x in zip(axes, (a, b), strict=True))
    else:
        n, rank = whole(axes, "axes"), len(shape_of(a))
        if not 0 <= n <= min(rank, len(shape_of(b))):
            raise ShapeProblem(f"tensordot can't sum over {n} axes of {shape_text(shape_of(a))} and {shape_text(shape_of(b))}", "axes=1")
        left, right = list(range(rank - n, rank)), list(range(n))
    if len(left) != len(right):
        raise ShapeProblem("tensordot sums over pairs of axes: as many of a as of b", "write tensordot(a, b, axes=(1, 0))")
    return tied("tensordot", a, b, left, right)


def _outer(a: Any, b: Any) -> Contraction:
    """Every element of a times every one of b."""
    first, second = _names(a, b)
    return contraction([first, second], first + second, [a, b])


def _kron(a: Any, b: Any) -> Contraction:
    """Every element of a times all of b: the axes of the two in turn."""
    first, second = _names(a, b)
    n = max(len(first), len(second))
    return contraction(
        [first, second], "".join(x + y for x, y in zip(f"{first:>{n}}", f"{second:>{n}}", strict=True)).replace(" ", ""), [a, b]
    )


def _kron_shape(a: Any, b: Any) -> tuple[int, ...]:
    """The shape of a Kronecker product: lengths multiply, from the right."""
    n = max(len(shape_of(a)), len(shape_of(b)))
    left, right = ((1,) * (n - len(shape_of(x))) + shape_of(x) for x in (a, b))
    return tuple(i * j for i, j in zip(left, right, strict=True))


def _contracting(
    name: str, plan: Callable[..., Contraction], params: str = "a b", shape: Callable[..., tuple[int, ...]] | None = None, **fields: Any
) -> ArrayOp:
    """The row of a product of two arrays by its contraction, whose result may get another shape in the end."""

    def finished(y: Any, a: Any, b: Any) -> Any:
        return y if shape is None else np.reshape(y, shape(a, b))

    return ArrayOp(
        name, "", params, linear=True, **fields,
        value=lambda a, b, *axes: finished(by_numpy(plan(a, b, *axes), [a, b]), a, b),
        exact=lambda F, a, b, *axes: finished(by_definition(plan(a, b, *axes), [a, b]), a, b),
        pullbacks=(lambda F, g, y, a, b, *axes: share(F, g, plan(a, b, *axes), [a, b], 0),
                   lambda F, g, y, a, b, *axes: share(F, g, plan(a, b, *axes), [a, b], 1), *[None] * (len(params.split()) - 2)),
        error=lambda y, a, b, *axes: (
            (plan(a, b, *axes).terms + 2) * U * finished(by_numpy(plan(a, b, *axes), [np.abs(a), np.abs(b)]), a, b)
        ),
        elements=lambda a, b, *axes: math.prod(plan(a, b, *axes).shape),
    )  # fmt: skip


def _crossed(a: Any, b: Any) -> Any:
    """The cross product of vectors of three elements along the last axes."""
    if shape_of(a)[-1:] != (3,) or shape_of(b)[-1:] != (3,):
        shapes = f"{shape_text(shape_of(a))} and {shape_text(shape_of(b))}"
        raise ShapeProblem(f"cross multiplies vectors of three elements, not the shapes {shapes}", "the last axis has length 3")
    x, y = ([np.asarray(v)[..., i] for i in range(3)] for v in (a, b))
    return np.stack([np.asarray(x[i - 2] * y[i - 1] - x[i - 1] * y[i - 2]) for i in range(3)], axis=-1)


ROWS = (
    ArrayOp("matmul", "mm bmm mv", "a b", symbol="@", value=product, linear=True,
            pullbacks=(lambda F, g, y, a, b: _by_left(F, g, a, b), lambda F, g, y, a, b: _by_right(F, g, a, b)),
            error=lambda y, a, b: shape_of(a)[-1] * U * np.matmul(np.abs(a), np.abs(b)),
            cases=(("2x3", "3x4"), ("3", "3x4"), ("2x3", "3"), ("3", "3"), ("5x2x3", "3x4"), ("2x3", "5x3x4"), ("0x3", "3x2"),
                   ("2x0", "0x2"), ("1x2x3", "4x3x1"), ("3", "2x3x4"), ("2x4x3", "3")), share="g @ b.T; a.T @ g", doc="matrix product"),
    _contracting("dot", _dot, cases=(("3", "3"), ("2x3", "3x2"), ("number", "3"), ("2x3", "3"), ("2x3", "2x3x2"), ("0", "0")),
                 share="g times b over its other axes; g times a", doc="sum of products over the last axis of a and the last but one of b"),
    _contracting("inner", _inner, cases=(("3", "3"), ("2x3", "4x3"), ("number", "2"), ("3", "2x3")),
                 share="g times b over its other axes; g times a", doc="sum of products over the last axes"),
    _contracting("outer", _outer, shape=lambda a, b: (math.prod(shape_of(a)), math.prod(shape_of(b))),
                 cases=(("2", "3"), ("2x2", "3"), ("number", "2"), ("0", "2")), share="g @ b; g.T @ a",
                 doc="every element of a times every element of b, as a matrix"),
    _contracting("tensordot", _tensordot, "a b axes", settings="axes", keywords="axes", defaults=(2.0,),
                 cases=(("2x3", "3x2", 1.0), ("2x3", "2x3", 2.0), ("2x3", "2x4", (0.0, 0.0)), ("2x3", "3x2", ((0.0, 1.0), (1.0, 0.0))),
                        ("2", "3", 0.0)), share="g times b over its other axes; g times a", doc="sum of products over pairs of axes"),
    _contracting("kron", _kron, shape=_kron_shape, cases=(("2", "3"), ("2x2", "1x3"), ("2", "2x2"), ("number", "2")),
                 share="g times b in every block; g times a", doc="Kronecker product: a with each element times b"),
    ArrayOp("cross", "", "a b", value=_crossed, linear=True,
            pullbacks=(lambda F, g, y, a, b: F.cross(b, g), lambda F, g, y, a, b: F.cross(g, a)),
            error=lambda y, a, b: 3 * U * np.sum(np.abs(a), axis=-1, keepdims=True) * np.sum(np.abs(b), axis=-1, keepdims=True),
            cases=(("3", "3"), ("2x3", "3"), ("1x3", "4x3")), share="cross(b, g); cross(g, a)",
            doc="cross product of vectors of three elements, along the last axis"),
)  # fmt: skip
