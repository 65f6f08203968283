"""Faults planted in rows of arrays: the laws of the table see each, and so does `check`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gradcli
from gradcli.operations import OPS
from gradcli.operations.arrays import shape_of
from tests.operations import test_array_table as laws
from tests.operations.arrays import STRUCTURAL, case_name, operands


def last_copy(x: Any, shape: Any) -> Any:
    """What broadcasting spread, not added up: one of the copies."""
    x = np.asarray(x)
    for _ in range(x.ndim - len(shape)):
        x = x[-1]
    return x[tuple(slice(0, int(n)) for n in shape)]


def written(g: Any, parts: Any, spec: Any, shape: Any) -> Any:
    """A scatter that writes instead of adding."""
    from gradcli.operations.indexing import key

    result = np.zeros(tuple(map(int, shape)), np.asarray(g).dtype)
    result[key(parts, spec)] = g
    return result


def pullback(name: str, i: int, rule: Any) -> tuple[Any, ...]:
    """The pullbacks of a row with one of them wrong."""
    rules = list(OPS[name].pullbacks)  # type: ignore[attr-defined]
    rules[i] = rule
    return tuple(rules)


def wrong_axis(F: Any, g: Any, y: Any, x: Any, axis: Any, keepdims: Any) -> Any:
    """A share that is repeated along the other axis of a square matrix."""
    return F.broadcast_to(F.reshape(g, -1, 1) if axis == 0 else g, shape_of(x))


X23, SQUARE = [[1.0, 2.0, -0.5], [0.3, -1.0, 4.0]], [[2.0, 1.0], [0.5, 3.0]]

FAULTS = {
    "un-broadcasting forgets to add": ("sum_to", "value", last_copy, "sum((x + y)**2)", {"x": X23, "y": [1.0, 2.0, 3.0]}),
    "a scatter forgets to add": ("scatter", "value", written, "sum(x[[0, 0, 1]]**2)", {"x": [1.0, 2.0]}),
    "a sum along the wrong axis": (
        "sum", "pullbacks", lambda: pullback("sum", 0, wrong_axis),
        "sum(sum(x*x, axis=0)**2)", {"x": SQUARE}),
    "a matrix product without its transpose": (
        "matmul", "pullbacks", lambda: pullback("matmul", 0, lambda F, g, y, a, b: F.matmul(g, b)), "sum((x @ y)**2)",
        {"x": SQUARE, "y": SQUARE[::-1]}),
    "a solution by the matrix that is not transposed": (
        "solve", "pullbacks", lambda: pullback("solve", 1, lambda F, g, y, a, b: F.solve(a, g)), "sum(solve(x, y)**2)",
        {"x": SQUARE, "y": [1.0, 2.0]}),
    "a largest element that passes to all": (
        "amax", "pullbacks", lambda: pullback("amax", 0, lambda F, g, y, x, axis, keepdims: F.broadcast_to(g, shape_of(x))), "max(x)**2",
        {"x": [1.0, 2.0, 0.5]}),
    "a cumulative sum that runs forwards": (
        "cumsum", "pullbacks", lambda: pullback("cumsum", 0, lambda F, g, y, x, axis: F.cumsum(g, axis)), "sum(cumsum(x)**2)",
        {"x": [1.0, 2.0, 0.5]}),
    "a softmax without its sum": (
        "softmax", "pullbacks", lambda: pullback("softmax", 0, lambda F, g, y, x, axis: y * g), "sum(softmax(x)**2)",
        {"x": [1.0, 2.0, 0.5]}),
    "a transposition that does not go back": (
        "transpose", "pullbacks", lambda: pullback("transpose", 0, lambda F, g, y, x, axes: F.reshape(g, *shape_of(x))),
        "sum(x.T @ x * [[1, 2, 3], [4, 5, 6], [7, 8, 9]])", {"x": X23}),
    "sorted shares in the order of g": (
        "sort", "pullbacks", lambda: pullback("sort", 0, lambda F, g, y, x, axis: g), "sum(sort(x)*[1, 2, 3])", {"x": [1.0, 2.0, 0.5]}),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_check_sees_a_planted_fault(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    name, field, wrong, program, at = FAULTS[fault]
    assert gradcli.check(program, at).exit_code == 0
    monkeypatch.setattr(OPS[name], field, wrong() if field == "pullbacks" else wrong)
    if field == "value":
        monkeypatch.setattr(OPS[name], "exact", lambda F, *xs: wrong(*xs))
    assert gradcli.check(program, at).exit_code == 1


@pytest.mark.parametrize("op", [op for op in STRUCTURAL if op.differentiable], ids=case_name)
def test_a_wrong_pullback_breaks_the_laws(op: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A billionth more is seen, by differences and by the pushforward."""
    case = op.cases[0]

    def wrong(rule: Any) -> Any:
        def more(*arguments: Any) -> Any:
            found = rule(*arguments)
            return [share * (1 + 2.0**-30) for share in found] if isinstance(found, list) else found * (1 + 2.0**-30)

        return rule and more

    assert list(operands(op, laws.arguments_of(op, case)))
    monkeypatch.setattr(op, "pullbacks", tuple(map(wrong, op.pullbacks)))
    for law in (laws.test_a_pullback_is_the_derivative_by_differences, laws.test_pullback_and_pushforward_are_transposes):
        with pytest.raises(AssertionError):
            law(op, case)
