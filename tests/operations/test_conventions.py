"""The published conventions at the edges, each run."""

from __future__ import annotations

import pytest

import gradcli
from gradcli.operations.conventions import CONVENTIONS, Convention


@pytest.mark.parametrize("row", CONVENTIONS, ids=lambda row: f"{row.program} by {row.wrt}".replace(" ", ""))
def test_gradcli_answers_as_published(row: Convention) -> None:
    answer = gradcli.grad(row.program, row.at, order=row.order)
    found = answer.gradient[row.wrt] if row.order == 1 else answer.higher[row.wrt][row.order - 1]
    assert found == pytest.approx(row.gradient, rel=0, abs=0, nan_ok=True)
    assert (row.wrt in answer.independent) == row.independent


@pytest.mark.parametrize(
    "row", [row for row in CONVENTIONS if row.order == 1], ids=lambda row: f"{row.program} by {row.wrt}".replace(" ", "")
)
def test_taylor_series_have_the_same_conventions(row: Convention) -> None:
    answer = gradcli.grad(row.program, row.at, order=1)
    assert answer.higher[row.wrt][0] == pytest.approx(answer.gradient[row.wrt], rel=0, abs=0, nan_ok=True)


def test_pytorch_is_followed_but_where_it_lets_nan_through_or_misses_it() -> None:
    different = {row.program for row in CONVENTIONS if row.pytorch is not None and not same(row.pytorch, row.gradient)}
    assert different == {"where(x > 0, sqrt(x), 0)", "where(x > 0, sqrt(x), x)", "log(x)"}


def same(a: float, b: float) -> bool:
    """Equality with nan equal to itself."""
    return a == b or (a != a and b != b)
