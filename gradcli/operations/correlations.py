"""Rows of sliding products along an axis, and of what they need: arrays with edges around them."""

from __future__ import annotations

import math
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import FLOATS
from gradcli.operations.indexing import put_back
from gradcli.operations.lazily import np
from gradcli.operations.settings import real, said, shape_text, whole, whole_numbers

U = 2.0**-53
MODES = ("edge", "reflect", "symmetric", "wrap")
INSIDE = ("slice", True, True, False)


def widths(x: Any, pad_width: Any) -> list[tuple[int, int]]:
    """How many elements stand before and behind each axis."""
    given = whole_numbers(pad_width, "a width")
    rank = len(shape_of(x))
    if not rank or given.shape not in ((), (1,), (2,), (1, 2), (1, 1), (rank, 2), (rank, 1)) or np.any(given < 0):
        raise ShapeProblem(
            f"pad can't put {said(pad_width)} around the shape {shape_text(shape_of(x))}",
            "write pad(x, 1), pad(x, (1, 2)) for before and behind, or a pair for each axis",
        )
    return [(int(before), int(behind)) for before, behind in np.broadcast_to(given, (rank, 2))]


def _pad(x: Any, pad_width: Any, mode: Any, constant_values: Any) -> Any:
    """NumPy's pad."""
    if mode == "constant":
        return np.pad(x, widths(x, pad_width), constant_values=real(constant_values, "constant_values"))
    return np.take(x, _sources(x, pad_width, mode).astype(int))


def _sources(x: Any, pad_width: Any, mode: Any) -> Any:
    """For each element of the result the position that it comes from."""
    if mode not in MODES:
        raise ShapeProblem(f"pad has no mode {said(mode)}", "modes: " + ", ".join(f"'{one}'" for one in ("constant", *MODES)))
    shape = shape_of(x)
    return np.pad(np.arange(math.prod(shape), dtype=float).reshape(shape), widths(x, pad_width), mode)


def _unpadded(F: Any, g: Any, x: Any, pad_width: Any, mode: Any) -> Any:
    """What is inside the edges, or the sum over all copies."""
    if mode != "constant":
        return put_back(F, g, x, _sources(x, pad_width, mode), None)
    pairs = zip(shape_of(x), widths(x, pad_width), strict=True)
    ends = [float(end) for n, (before, _) in pairs for end in (before, before + n)]
    return F.index(g, *ends, tuple([INSIDE] * len(shape_of(x))))


def _padded_elements(x: Any, pad_width: Any) -> int:
    """How many elements the result has."""
    return math.prod(n + before + behind for n, (before, behind) in zip(shape_of(x), widths(x, pad_width), strict=True))


def span(a: Any, v: Any, mode: Any, name: str) -> tuple[int, int]:
    """Where the result of a mode begins in the full one, and how long it is. Raises ShapeProblem for arrays that are no vectors."""
    if len(shape_of(a)) != 1 or len(shape_of(v)) != 1 or 0 in (*shape_of(a), *shape_of(v)):
        shapes = f"{shape_text(shape_of(a))} and {shape_text(shape_of(v))}"
        raise ShapeProblem(f"{name} slides a vector along a vector, not the shapes {shapes}", "conv1d takes several channels")
    m, n = shape_of(a)[0], shape_of(v)[0]
    full, short = m + n - 1, min(m, n)
    if mode == "full":
        return 0, full
    if mode == "valid":
        return short - 1, full - 2 * (short - 1)
    if mode == "same":
        return short // 2 if name == "correlate" and m < n else (short - 1) // 2, max(m, n)
    raise ShapeProblem(f"{name} has no mode {said(mode)}", "modes: 'valid', 'same', 'full'")


def _by_numpy(name: str, a: Any, v: Any, mode: Any) -> Any:
    """NumPy's correlate or convolve."""
    span(a, v, mode, name)
    return getattr(np, name)(a, v, mode)


def _error(name: str, a: Any, v: Any, mode: Any) -> Any:
    """A bound of its rounding error."""
    return (min(shape_of(a)[0], shape_of(v)[0]) + 1) * U * _by_numpy(name, np.abs(a), np.abs(v), mode)


def _slid(a: Any, v: Any, mode: Any, name: str = "correlate") -> Any:
    """The correlation by its definition: the sum over n of a[n + k]*v[n], with zeros around a."""
    start, length = span(a, v, mode, name)
    a, v = np.asarray(a), np.asarray(v)
    size = v.shape[0]
    return np.stack([np.asarray(_overlap(a, v, k - size + 1)) for k in range(start, start + length)])


def _overlap(a: Any, v: Any, shift: int) -> Any:
    """The sum of products where v, moved by some elements, lies on a."""
    first, last = max(0, -shift), min(v.shape[0], a.shape[0] - shift)
    return np.sum(a[first + shift : last + shift] * v[first:last])


def _full(F: Any, g: Any, a: Any, v: Any, mode: Any, name: str) -> Any:
    """An adjoint with the zeros around it that a mode left out."""
    start, length = span(a, v, mode, name)
    rest = shape_of(a)[0] + shape_of(v)[0] - 1 - start - length
    return F.pad(g, (float(start), float(rest)), "constant", 0.0)


def _share_of_signal(F: Any, g: Any, a: Any, v: Any, mode: Any, name: str) -> Any:
    """The adjoint, convolved with what slid along."""
    return F.correlate(_full(F, g, a, v, mode, name), F.flip(v, None), "valid")


def _share_of_filter(F: Any, g: Any, a: Any, v: Any, mode: Any, name: str) -> Any:
    """The adjoint, correlated with what it slid along."""
    return F.flip(F.correlate(_full(F, g, a, v, mode, name), a, "valid"), None)


def _slid_channels(x: Any, weight: Any, stride: Any, padding: Any) -> Any:
    """conv1d by its definition: one sum over channels for each place."""
    where, around = _windows(x, weight, stride, padding)
    x = np.pad(x, (*[(0, 0)] * (x.ndim - 1), (around, around)))
    places = [np.sum(x[..., None, :, int(row[0]) : int(row[-1]) + 1] * weight, axis=(-1, -2)) for row in where]
    return np.stack(places, axis=-1)


def _windows(x: Any, weight: Any, stride: Any, padding: Any) -> tuple[Any, int]:
    """The positions in the last axis of padded x under the weight in each of its places, and the padding."""
    step, around = whole(stride, "stride"), whole(padding, "padding")
    if len(shape_of(weight)) != 3 or len(shape_of(x)) not in (2, 3) or shape_of(x)[-2] != shape_of(weight)[1] or step < 1 or around < 0:
        raise ShapeProblem(
            f"conv1d can't slide the weight {shape_text(shape_of(weight))} along {shape_text(shape_of(x))}",
            "x is (channels, length) or (batch, channels, length), weight (channels out, channels, length)",
        )
    size, n = shape_of(weight)[-1], shape_of(x)[-1] + 2 * around
    if size > n:
        raise ShapeProblem(f"conv1d's weight is {size} long, and x with its padding {n}", "add padding=, or use a shorter weight")
    return (np.arange(0, n - size + 1, step)[:, None] + np.arange(size)).astype(float), around


def _seen(F: Any, x: Any, weight: Any, stride: Any, padding: Any) -> Any:
    """x as the weight sees it: (…, channels, places, length of the weight)."""
    where, around = _windows(x, weight, stride, padding)
    edges = (*[(0.0, 0.0)] * (len(shape_of(x)) - 1), (float(around), float(around)))
    return F.take(F.pad(x, edges, "constant", 0.0) if around else x, where, -1.0)


def _seen_share(F: Any, g: Any, x: Any, weight: Any, stride: Any, padding: Any) -> Any:
    """The share of x: what each place passes on, added where the places overlap."""
    where, around = _windows(x, weight, stride, padding)
    shape = (*shape_of(x)[:-1], shape_of(x)[-1] + 2 * around)
    spec = (("ellipsis",), ("item",))
    found = F.scatter(F.einsum("...ol,ock->...clk", g, weight), where, spec, shape)
    return F.index(found, float(around), float(around + shape_of(x)[-1]), (("ellipsis",), INSIDE)) if around else found


SLIDING: dict[str, Any] = {"params": "a v mode", "settings": "mode", "linear": True}
LENGTHS = tuple((a, v, mode) for a, v in (("5", "3"), ("4", "2"), ("2", "4"), ("3", "3"), ("1", "1")) for mode in ("valid", "same", "full"))

ROWS = (
    ArrayOp("pad", params="x pad_width mode constant_values", settings="pad_width mode constant_values", defaults=("constant", 0.0),
            value=_pad, moves=True,
            pullbacks=(lambda F, g, y, x, pad_width, mode, constant_values: _unpadded(F, g, x, pad_width, mode), None, None, None),
            pushforwards=(lambda F, t, y, x, pad_width, mode, constant_values: F.pad(t, pad_width, mode, 0.0), None, None, None),
            elements=lambda x, pad_width, mode, constant_values: _padded_elements(x, pad_width),
            cases=(("3", 1.0, "constant", 0.0), ("2x3", ((1.0, 0.0), (0.0, 2.0)), "constant", 2.5), ("3", (2.0, 1.0), "reflect", 0.0),
                   ("2x2", 1.0, "wrap", 0.0), ("3", 2.0, "edge", 0.0), ("2", 1.0, "symmetric", 0.0)),
            share="g without the edges", doc="x with edges around it: constant, 'edge', 'reflect', 'symmetric' or 'wrap'"),
    ArrayOp("correlate", "", **SLIDING, defaults=("valid",),
            value=lambda a, v, mode: _by_numpy("correlate", a, v, mode),
            exact=lambda F, a, v, mode: _slid(a, v, mode),
            pullbacks=(lambda F, g, y, a, v, mode: _share_of_signal(F, g, a, v, mode, "correlate"),
                       lambda F, g, y, a, v, mode: _share_of_filter(F, g, a, v, mode, "correlate"), None),
            error=lambda y, a, v, mode: _error("correlate", a, v, mode), cases=LENGTHS, share="convolve(g, v); correlate of g and a",
            doc="sums of products where v slides along a; mode 'valid', 'same' or 'full'"),
    ArrayOp("convolve", "", **SLIDING, defaults=("full",), value=lambda a, v, mode: _by_numpy("convolve", a, v, mode),
            exact=lambda F, a, v, mode: _slid(a, np.flip(v), mode, "convolve"),
            pullbacks=(lambda F, g, y, a, v, mode: _share_of_signal(F, g, a, F.flip(v, None), mode, "convolve"),
                       lambda F, g, y, a, v, mode: F.flip(_share_of_filter(F, g, a, v, mode, "convolve"), None), None),
            error=lambda y, a, v, mode: _error("convolve", a, v, mode), cases=LENGTHS,
            share="correlate of g and v; correlate of g and a", doc="sums of products where v slides backwards along a"),
    ArrayOp("conv1d", "", "x weight stride padding", settings="stride padding", keywords="stride padding", defaults=(1.0, 0.0), linear=True,
            value=lambda x, weight, stride, padding: np.einsum("...clk,ock->...ol", _seen(FLOATS, x, weight, stride, padding), weight,
                                                               optimize=True),
            exact=lambda F, x, weight, stride, padding: _slid_channels(x, weight, stride, padding),
            pullbacks=(lambda F, g, y, x, weight, stride, padding: _seen_share(F, g, x, weight, stride, padding),
                       lambda F, g, y, x, weight, stride, padding: F.einsum("...ol,...clk->ock", g, _seen(F, x, weight, stride, padding)),
                       None, None),
            error=lambda y, x, weight, stride, padding: (
                (math.prod(shape_of(weight)[1:]) + 1) * U * FLOATS.conv1d(np.abs(x), np.abs(weight), stride, padding)
            ),
            cases=(("2x5", "3x2x3", 1.0, 0.0), ("2x2x5", "1x2x2", 2.0, 1.0), ("1x4", "1x1x4", 1.0, 0.0)),
            share="g spread by the weight; g times x under the weight",
            doc="PyTorch's: weight (out, in, k) slides along x (in, n) or (batch, in, n), not reversed; stride, padding with zeros"),
)  # fmt: skip
