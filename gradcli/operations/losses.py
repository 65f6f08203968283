"""Rows of losses: what a number, or each of many, lacks to a target; their mean, unless reduction is 'sum' or 'none'.

Each is a program of other rows, in a form that is stable; a rule says its value element by element, others its slopes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.activations import over
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import FLOATS
from gradcli.operations.lazily import np
from gradcli.operations.op import Rule
from gradcli.operations.settings import said, shape_text, whole_numbers

U = 2.0**-53
EXPECTED = "reduction is 'mean', 'sum' or 'none'"


def reduced(F: Any, losses: Any, reduction: Any) -> Any:
    """The mean, the sum, or all of some losses."""
    if reduction not in ("mean", "sum", "none"):
        raise ShapeProblem(f"a loss has no reduction {said(reduction)}", EXPECTED)
    return losses if reduction == "none" else getattr(F, reduction)(losses, None, False)


def weight(F: Any, g: Any, shape: tuple[int, ...], reduction: Any) -> Any:
    """The adjoint of each loss, from that of the reduced value."""
    n = max(math.prod(shape), 1) if reduction == "mean" else 1
    return F.broadcast_to(g / float(n), shape)


def loss(
    name: str, aliases: str, each: Rule, slopes: tuple[Rule, Rule], size: Callable[..., Any], options: str = "", **fields: Any
) -> ArrayOp:
    """The row of a loss of two arrays that broadcast.

    each    `lambda F, a, b, …`, the losses
    slopes  the derivatives of each by a and by b
    size    a bound of the error of each, in units of U, on floats
    """
    params = f"prediction target {options} reduction".split()

    def value(F: Any, a: Any, b: Any, *settings: Any) -> Any:
        return reduced(F, each(F, a, b, *settings[:-1]), settings[-1])

    def pullback(slope: Rule) -> Rule:
        def share(F: Any, g: Any, y: Any, a: Any, b: Any, *settings: Any) -> Any:
            return weight(F, g, np.broadcast_shapes(shape_of(a), shape_of(b)), settings[-1]) * slope(F, a, b, *settings[:-1])

        return share

    def pushforward(slope: Rule) -> Rule:
        def tangent(F: Any, t: Any, y: Any, a: Any, b: Any, *settings: Any) -> Any:
            zeros = F.broadcast_to(F.number(0.0), np.broadcast_shapes(shape_of(a), shape_of(b)))
            return reduced(F, zeros + t * slope(F, a, b, *settings[:-1]), settings[-1])

        return tangent

    def error(y: Any, a: Any, b: Any, *settings: Any) -> Any:
        losses = np.abs(each(FLOATS, a, b, *settings[:-1]))
        n = 1 if settings[-1] == "none" else np.size(losses) + 2
        return reduced(FLOATS, U * (n * losses + np.broadcast_to(size(a, b, *settings[:-1]), shape_of(losses))), settings[-1])

    none = [None] * (len(params) - 2)
    return ArrayOp(
        name, aliases, " ".join(params), settings=f"{options} reduction", keywords=f"{options} reduction",
        value=lambda *xs: value(FLOATS, *xs), exact=value, error=error,
        pullbacks=(*map(pullback, slopes), *none), pushforwards=(*map(pushforward, slopes), *none), **fields,
    )  # fmt: skip


def _huber(F: Any, a: Any, b: Any, delta: Any) -> Any:
    """c*(d - c/2) with c the difference d kept between -delta and delta."""
    d = a - b
    c = _kept(F, a, b, delta)
    return c * (d - c / 2)


def _kept(F: Any, a: Any, b: Any, delta: Any) -> Any:
    """The difference, kept between -delta and delta."""
    if not delta > 0:
        raise ShapeProblem(f"delta of huber is positive, not {said(delta)}", "write huber(a, b, delta=1)")
    return F.clip(a - b, F.number(-delta), F.number(float(delta)))


def _binary(F: Any, p: Any, t: Any) -> Any:
    """-t*log(p) - (1 - t)*log(1 - p), with 0*log(0) = 0."""
    other = -t + F.number(1.0)
    return -F.xlogy(t, p) - other * F.log1p(F.where(F.both(F.eq(other, 0), F.eq(p, 1)), 0, -p))


def _with_logits(F: Any, z: Any, t: Any) -> Any:
    """t*softplus(-z) + (1 - t)*softplus(z): both terms are positive, so that nothing cancels."""
    return t * F.softplus(-z) + (-t + F.number(1.0)) * F.softplus(z)


def are_classes(logits: Any, target: Any) -> bool:
    """Whether a target gives classes by number, instead of a probability for each. Raises ShapeProblem where it fits neither."""
    shape = shape_of(logits)
    if not shape or shape_of(target) not in (shape, shape[:-1]):
        raise ShapeProblem(
            f"a target of shape {shape_text(shape_of(target))} fits no scores of shape {shape_text(shape)}",
            "the last axis are the classes; a target has a class for each row, or the shape of the scores",
        )
    return shape_of(target) != shape


def probabilities(F: Any, logits: Any, target: Any) -> Any:
    """A target as a probability for each class."""
    if not are_classes(logits, target):
        return target
    n = shape_of(logits)[-1]
    numbers = whole_numbers(F.plain(target), "a class")
    if np.any((numbers < 0) | (numbers >= n)):
        raise ShapeProblem(f"a class is from 0 to {n - 1}, as the scores have {n}", "classes count from 0")
    return F.numbers((numbers[..., None] == np.arange(n)).astype(float))


def _of_logarithms(F: Any, logs: Any, target: Any) -> Any:
    """The negative logarithm of the target's class, or the mean of all of them by their probabilities; 0*log(0) is 0."""
    p = probabilities(F, logs, target)
    return -F.sum(p * F.where(F.both(F.eq(p, 0), F.eq(logs, -math.inf)), 0, logs), -1.0, False)


def _cross_entropy(F: Any, logits: Any, target: Any) -> Any:
    """That of the logarithms of the softmax."""
    return _of_logarithms(F, F.log_softmax(logits, -1.0), target)


def _wide(F: Any, g: Any, x: Any) -> Any:
    """A number for each row, repeated for each class."""
    return F.broadcast_to(F.reshape(g, *shape_of(g), 1), shape_of(x))


def classified(name: str, aliases: str, each: Rule, by_scores: Rule, by_target: Rule, **fields: Any) -> ArrayOp:
    """The row of a loss over classes, along the last axis: `each(F, x, target)` and its slopes by each element of both."""

    def value(F: Any, x: Any, target: Any, reduction: Any) -> Any:
        return reduced(F, each(F, x, target), reduction)

    def share(F: Any, g: Any, x: Any, slope: Any, reduction: Any) -> Any:
        return _wide(F, weight(F, g, shape_of(x)[:-1], reduction), x) * slope

    def of_target(F: Any, g: Any, y: Any, x: Any, target: Any, reduction: Any) -> Any:
        return None if are_classes(x, target) else share(F, g, x, by_target(F, x, target), reduction)

    def by_change_of_target(F: Any, t: Any, y: Any, x: Any, target: Any, reduction: Any) -> Any:
        slope = F.zeros_like(x) if are_classes(x, target) else t * by_target(F, x, target)
        return reduced(F, F.sum(slope, -1.0, False), reduction)

    def error(y: Any, x: Any, target: Any, reduction: Any) -> Any:
        p, n = np.abs(probabilities(FLOATS, x, target)), shape_of(x)[-1]
        logs = np.abs(FLOATS.log_softmax(x, -1.0)) + (np.abs(x) if name == "nll_loss" else 0.0)
        own = U * np.sum(p * (4 * logs + np.max(np.abs(x), axis=-1, keepdims=True) * 4 + n + 8), axis=-1)
        return reduced(FLOATS, own, reduction) + np.size(own) * U * np.abs(y)

    return ArrayOp(
        name, aliases, "logits target reduction", settings="reduction", keywords="reduction", defaults=("mean",),
        value=lambda x, target, reduction: value(FLOATS, x, target, reduction), exact=value, error=error,
        pullbacks=(lambda F, g, y, x, target, reduction: share(F, g, x, by_scores(F, x, probabilities(F, x, target)), reduction),
                   of_target, None),
        pushforwards=(lambda F, t, y, x, target, reduction: reduced(
                          F, F.sum(t * by_scores(F, x, probabilities(F, x, target)), -1.0, False), reduction),
                      by_change_of_target, None), **fields,
    )  # fmt: skip


MEAN: dict[str, Any] = {"defaults": ("mean",)}
PAIRS = (("3", "3", "mean"), ("2x3", "3", "sum"), ("2x3", "2x1", "none"), ("number", "number", "mean"))
BETWEEN = tuple(tuple(f"probabilities {x}" for x in case[:2]) + case[2:] for case in PAIRS)
SCORES = (("2x3", "probabilities 2x3", "mean"), ("3", "probabilities 3", "sum"), ("2x2", "probabilities 2x2", "none"))

ROWS = (
    loss("mse", "mse_loss", lambda F, a, b: (a - b) * (a - b), (lambda F, a, b: 2 * (a - b), lambda F, a, b: 2 * (b - a)),
         lambda a, b: 3 * (a - b) ** 2, **MEAN, cases=PAIRS, share="2*g*(a - b)/n; 2*g*(b - a)/n", doc="mean of squared differences"),
    loss("l1_loss", "mae", lambda F, a, b: F.abs(a - b), (lambda F, a, b: F.sign(a - b), lambda F, a, b: F.sign(b - a)),
         lambda a, b: np.abs(a - b), **MEAN, cases=PAIRS, kink="a = b", share="g*sign(a - b)/n; g*sign(b - a)/n",
         doc="mean of absolute differences"),
    loss("huber", "huber_loss", _huber, (_kept, lambda F, a, b, delta: -_kept(F, a, b, delta)),
         lambda a, b, delta: 4 * np.abs(a - b) * delta, "delta", defaults=(1.0, "mean"),
         cases=(("3", "3", 1.0, "mean"), ("2x3", "3", 0.5, "sum"), ("number", "number", 1.0, "none")),
         share="g*clip(a - b, -delta, delta)/n; minus that", doc="mean of half squares up to delta, beyond it of straight lines"),
    loss("binary_cross_entropy", "bce_loss", _binary,
         (lambda F, p, t: over(F, 1 - t, 1 - p) - over(F, t, p), lambda F, p, t: F.log1p(-p) - F.log(p)),
         lambda p, t: 8 * np.abs(_binary(FLOATS, p, t)), **MEAN, cases=BETWEEN, domain="0 <= prediction <= 1, 0 <= target <= 1",
         share="g*((1 - t)/(1 - p) - t/p)/n; g*log((1 - p)/p)/n", doc="mean of -t*log(p) - (1 - t)*log(1 - p)"),
    loss("binary_cross_entropy_with_logits", "bce_with_logits", _with_logits,
         (lambda F, z, t: F.sigmoid(z) - t, lambda F, z, t: -z), lambda z, t: 16 * np.abs(_with_logits(FLOATS, z, t)), **MEAN,
         cases=tuple((a, f"probabilities {b}", c) for a, b, c in PAIRS), share="g*(sigmoid(z) - t)/n; -g*z/n",
         doc="binary_cross_entropy of sigmoid(z), without its overflow"),
    classified("cross_entropy", "", _cross_entropy, lambda F, x, p: F.softmax(x, -1.0) * _wide(F, F.sum(p, -1.0, False), x) - p,
               lambda F, x, p: -F.log_softmax(x, -1.0), cases=SCORES, share="g*(softmax(logits) - target)/n; -g*log_softmax(logits)/n",
               doc="mean of -log_softmax(logits) at the target: classes by number, or probabilities; classes are the last axis"),
    classified("nll_loss", "", _of_logarithms, lambda F, x, p: -p, lambda F, x, p: -x, cases=SCORES, share="-g*target/n; -g*logits/n",
               doc="mean of -logits at the target: classes by number, or probabilities; classes are the last axis"),
)  # fmt: skip
