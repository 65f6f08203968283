"""Checks of programs that are too large for exact arithmetic: right ones agree, planted faults are seen, and what is unknown stays so."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gradcli
from gradcli.checking.floating.large import OWN
from gradcli.operations import OPS
from tests.operations.test_array_faults import last_copy, pullback

NETWORK = "sum((relu(x @ w + b) @ v - y)**2)"
SHAPES = {"x": (32, 200), "w": (200, 40), "b": (40,), "v": (40, 5), "y": (32, 5)}


def point(**shapes: tuple[int, ...]) -> dict[str, Any]:
    """Seeded arrays."""
    random = np.random.default_rng(1)
    return {name: random.standard_normal(shape) for name, shape in (shapes or SHAPES).items()}


def only(program: str, at: dict[str, Any], **asked: Any) -> gradcli.Check:
    """The check of one program at one point."""
    return gradcli.check(program, at, **asked).checks[0]


LARGE = {
    "a network": (NETWORK, SHAPES),
    "classes": ("mean(cross_entropy(tanh(x @ w) @ v, softmax(y)))", {"x": (32, 200), "w": (200, 40), "v": (40, 5), "y": (32, 5)}),
    "elements that move": ("sum(sort(x[1:] * x[:-1], axis=0)**2 * exp(-x[1:]))", {"x": (300, 40)}),
    "a largest element": ("sum(max(x, axis=1)**2) + mean(abs(x))", {"x": (200, 70)}),
    "contractions": ('sum(sin(einsum("ij,kj->ik", x, z)) / 7)', {"x": (60, 50), "z": (40, 50)}),
}


@pytest.mark.parametrize("name", LARGE)
def test_right_gradients_agree(name: str) -> None:
    program, shapes = LARGE[name]
    found = only(program, point(**shapes))
    assert found.verdict == "agree", [(row.input, row.reason, row.engines) for row in found.rows]
    assert any("node by node" in note for note in found.notes)
    assert all(row.resolution < 1e-6 and row.digits_lost is None for row in found.rows if row.resolution is not None)


FAULTS = {
    "a matrix product without its transpose": ("matmul", "pullbacks", lambda: pullback("matmul", 1, lambda F, g, y, a, b: F.matmul(
        F.swapaxes(a, -1, -2), -g))),
    "un-broadcasting forgets to add": ("sum_to", "value", lambda: last_copy),
    "a wrong partial": ("relu", "partials", lambda: (lambda F, y, x: F.where(F.gt(x, 0), 1.0001, 0),)),
    "a partial wrong in few places": ("relu", "partials", lambda: (lambda F, y, x: F.where(F.gt(x, 20), 1.01, F.where(F.gt(x, 0), 1, 0)),)),
    "a wrong value": ("relu", "array", lambda: (lambda x: np.where(x > 0, 1.001 * x, 0.0))),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_planted_faults_are_seen(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, field, wrong = FAULTS[fault]
    monkeypatch.setattr(OPS[name], field, wrong())
    found = only(NETWORK, point())
    assert found.verdict == "disagree", [(row.input, row.reason) for row in found.rows]


def test_the_node_at_fault_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(OPS["relu"], "partials", (lambda F, y, x: F.where(F.gt(x, 0), 1.0001, 0),))
    rows = {row.input: row for row in only(NETWORK, point()).rows}
    assert "relu" in rows["w, direction 1"].node
    assert rows["y, direction 1"].verdict == "agree"


def test_a_corner_at_the_point_is_no_agreement() -> None:
    at = point()
    at["w"][:, 3] = 0.0
    at["b"][3] = 0.0
    rows = {row.input: row for row in only(NETWORK, at).rows}
    assert rows["w, direction 1"].verdict == "inconclusive"
    assert rows["v, direction 1"].verdict == "agree"


def test_waves_that_alias_with_the_steps_are_no_agreement() -> None:
    found = only("sum(sin(2*pi*2**20*x)*z)", {"x": np.zeros(3000), "z": np.ones(3000)}, wrt="x")
    assert found.verdict != "disagree"
    assert all(row.engines["difference"].value is None or abs(row.engines["difference"].value - row.value) < 1 for row in found.rows)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [("2*x.T @ (x @ w - y)", "agree"), ("2.0001*x.T @ (x @ w - y)", "disagree"), ("x.T @ (x @ w - y)", "disagree")],
)
def test_claimed_formulas_are_compared_in_float64(claim: str, verdict: str) -> None:
    found = only("sum((x @ w - y)**2)", point(x=(100, 200), w=(200,), y=(100,)), expect={"w": claim})
    assert found.verdict == verdict
    assert "float64" in found.rows[0].claims[0].note or verdict == "disagree"


def test_claimed_arrays_are_compared_in_float64() -> None:
    at = point(x=(100, 200), w=(200,), y=(100,))
    gradient = gradcli.grad("sum((x @ w - y)**2)", at).gradient["w"]
    assert only("sum((x @ w - y)**2)", at, expect={"w": gradient}).verdict == "agree"
    gradient[7] *= 1.001
    assert only("sum((x @ w - y)**2)", at, expect={"w": gradient}).verdict == "disagree"


def test_a_gradient_of_its_own_has_no_forward_derivative() -> None:
    program = "def f(x):\n    return x*x\n@gradient(f)\ndef g(x):\n    return 2*x\nsum(f(x))"
    found = only(program, {"x": np.linspace(1, 2, 20000)})
    assert found.verdict == "inconclusive"
    assert OWN in found.rows[0].reason


def test_digits_lost_are_not_known() -> None:
    found = only(NETWORK, point(), max_digits_lost=3)
    assert found.verdict == "inconclusive"
    assert "how many digits" in found.rows[0].reason


def test_directions_alone_are_exact_where_that_is_affordable() -> None:
    found = only("sum(x @ w)", point(x=(5, 10), w=(10,)))
    assert found.verdict == "agree"
    assert not any("float64" in note for note in found.notes)
