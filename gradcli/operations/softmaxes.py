"""Rows of exponentials beside each other: the logarithm of their sum, and their shares of it. All are shifted by the largest."""

from __future__ import annotations

from typing import Any

from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np
from gradcli.operations.reductions import EVERY, REDUCED, by_slope, count, reduced_axes, spread, sum_of

U = 2.0**-53
TINY = 5e-324


def _largest(F: Any, x: Any, axis: Any) -> Any:
    """The largest along the axes as plain numbers of F, 0 where that is infinite: what the exponentials are shifted by."""
    return F.numbers(_float_shift(F.roughly(x), axis))


def _logsumexp(F: Any, x: Any, axis: Any, keepdims: Any) -> Any:
    """m + log(Σ exp(x - m)), m the largest."""
    shift = _largest(F, x, axis)
    y = shift + F.log(sum_of(F.exp(x - shift), axis, True))
    return y if keepdims else np.reshape(y, shape_of(sum_of(x, axis)))


def _softmax(F: Any, x: Any, axis: Any) -> Any:
    """exp(x - m)/Σ exp(x - m), m the largest."""
    e = F.exp(x - _largest(F, x, axis))
    return e / sum_of(e, axis, True)


def _float_softmax(x: Any, axis: Any) -> Any:
    """The softmax of floats."""
    e = np.exp(x - _float_shift(x, axis))
    return e / sum_of(e, axis, True)


def _float_shift(x: Any, axis: Any) -> Any:
    """The largest along the axes, 0 where that is infinite."""
    size = np.max(x, axis=reduced_axes(x, axis), keepdims=True, initial=-np.inf)
    return np.where(np.isfinite(size), size, 0.0)


def _float_logsumexp(x: Any, axis: Any, keepdims: Any = False) -> Any:
    """The logarithm of the sum of exponentials of floats."""
    shift = _float_shift(x, axis)
    y = shift + np.log(sum_of(np.exp(x - shift), axis, True))
    return y if keepdims else np.reshape(y, shape_of(sum_of(x, axis)))


def _float_log_softmax(x: Any, axis: Any) -> Any:
    """The logarithm of the softmax of floats."""
    moved = x - _float_shift(x, axis)
    return moved - np.log(sum_of(np.exp(moved), axis, True))


def _log_error(x: Any, axis: Any) -> Any:
    """A bound of the error of log(Σ exp(x - m)): of the differences, weighted as their exponentials are, of the sum, of the logarithm."""
    moved = np.where(np.isfinite(x), x - _float_shift(x, axis), 0.0)
    n = count(x, axis)
    return U * (sum_of(np.abs(moved) * _float_softmax(x, axis), axis, True) + n + 4 + np.log(n + 1.0))


def _share_of_parts(F: Any, g: Any, y: Any, axis: Any) -> Any:
    """y*(g - Σ g*y): the share of the argument of a softmax, and a tangent of its value."""
    return y * (g - spread(F, F.sum(g * y, axis, False), y, axis))


def _share_of_logs(F: Any, g: Any, x: Any, axis: Any) -> Any:
    """g - softmax(x)*Σ g."""
    return g - F.softmax(x, axis) * spread(F, F.sum(g, axis, False), x, axis)


def _tangent_of_logs(F: Any, t: Any, x: Any, axis: Any) -> Any:
    """t - Σ softmax(x)*t."""
    return t - spread(F, F.sum(t * F.softmax(x, axis), axis, False), x, axis)


NORMALISED: dict[str, Any] = {"settings": "axis", "keywords": "axis", "defaults": (-1.0,)}
CASES = (("4", -1.0), ("2x3", -1.0), ("2x3", 0.0), ("2x3", None), ("number", -1.0), ("1", 0.0))

ROWS = (
    ArrayOp("logsumexp", params="x axis keepdims", **REDUCED, value=_float_logsumexp, exact=_logsumexp,
            **by_slope(lambda F, y, x, axis: F.softmax(x, axis)), cases=EVERY,
            error=lambda y, x, axis, keepdims: np.reshape(_log_error(x, axis), shape_of(y)) + U * (np.abs(y) + np.max(np.abs(y))) + TINY,
            share="g*softmax(x)", doc="log(sum(exp(x))), over axes or of all elements"),
    ArrayOp("softmax", params="x axis", **NORMALISED, value=_float_softmax, exact=_softmax,
            pullbacks=(lambda F, g, y, x, axis: _share_of_parts(F, g, y, axis), None),
            pushforwards=(lambda F, t, y, x, axis: _share_of_parts(F, t, y, axis), None), cases=CASES,
            error=lambda y, x, axis: y * (_log_error(x, axis) + U * (np.abs(x - _float_shift(x, axis)) + 4)) + TINY,
            share="y*(g - sum(g*y)) with y = softmax(x)", doc="exp(x)/sum(exp(x)) along an axis, the last unless given"),
    ArrayOp("log_softmax", "logsoftmax", "x axis", **NORMALISED, value=_float_log_softmax,
            exact=lambda F, x, axis: x - _logsumexp(F, x, axis, True),
            pullbacks=(lambda F, g, y, x, axis: _share_of_logs(F, g, x, axis), None),
            pushforwards=(lambda F, t, y, x, axis: _tangent_of_logs(F, t, x, axis), None), cases=CASES,
            error=lambda y, x, axis: _log_error(x, axis) + U * (np.abs(x - _float_shift(x, axis)) + np.abs(y)) + TINY,
            share="g - softmax(x)*sum(g)", doc="log(softmax(x)) along an axis, the last unless given"),
)  # fmt: skip
