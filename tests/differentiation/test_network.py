"""The two-layer network of the examples at its full size, beside the formulas that people write by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import gradcli

PROGRAM = (Path(__file__).parents[2] / "examples" / "network.grad").read_text(encoding="utf-8")
AT = "x=randn(64,1000),y=randn(64,10),w1=randn(1000,100),w2=randn(100,10)"


def by_hand(x: Any, y: Any, w1: Any, w2: Any) -> tuple[Any, dict[str, Any]]:
    """Loss and gradients by the formulas of the book."""
    h = x @ w1
    slope = 2 * (np.maximum(h, 0) @ w2 - y)
    return np.sum((np.maximum(h, 0) @ w2 - y) ** 2), {"w2": np.maximum(h, 0).T @ slope, "w1": x.T @ np.where(h < 0, 0, slope @ w2.T)}


def close(a: Any, b: Any) -> bool:
    """Whether two arrays agree but for the last few bits of their largest elements."""
    return bool(np.max(np.abs(a - b)) <= 8 * np.spacing(np.max(np.abs(b))))


def test_both_weight_gradients_are_the_formulas_by_hand() -> None:
    result = gradcli.grad(PROGRAM, AT, wrt="w1,w2", seed=1)
    loss, gradient = by_hand(**{name: np.asarray(result.at[name]) for name in ("x", "y", "w1", "w2")})
    assert close(result.value, loss)
    assert result.gradient["w1"].shape == (1000, 100)  # type: ignore[union-attr]
    assert all(close(result.gradient[name], gradient[name]) for name in gradient)


def test_500_steps_of_training_are_those_of_numpy_by_hand() -> None:
    point = {name: np.array(x)[: 30 if name in "xy" else None] for name, x in gradcli.grad(PROGRAM, AT, seed=1).at.items()}
    ours, theirs = dict(point), dict(point)
    f = gradcli.gradient_function(PROGRAM, point, wrt="w1,w2")
    for _ in range(500):
        loss, gradient = f(ours)
        expected, by_formula = by_hand(**theirs)
        for name in ("w1", "w2"):
            ours[name] = ours[name] - 1e-6 * gradient[name]
            theirs[name] = theirs[name] - 1e-6 * by_formula[name]
    assert np.isclose(loss, expected, rtol=1e-12)
    assert all(np.allclose(ours[name], theirs[name], rtol=1e-9, atol=1e-12) for name in ("w1", "w2"))
