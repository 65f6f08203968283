"""Rows of single numbers over arrays: NumPy's functions give what the row gives of each element."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from gradcli.operations import OPS, Op
from gradcli.operations.floats import FLOATS, value_of

ROWS = [op for op in OPS.values() if not op.structural and op.params and not op.leaf and not op.name.endswith("gamma")]
SPECIAL = (math.nan, math.inf, -math.inf, 0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1e308, -1e308, 750.0, -750.0, 1e-300)

every_row = pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)


def points(op: Op) -> list[tuple[float, ...]]:
    """The samples of a row, and special numbers."""
    some = SPECIAL if len(op.params) < 3 else SPECIAL[:9]
    return [*op.samples, *product(some, repeat=len(op.params))]


@every_row
def test_an_array_gives_what_its_elements_give(op: Op) -> None:
    columns = [np.array(column) for column in zip(*points(op), strict=True)]
    found = value_of(op, *columns)
    assert found.dtype == (bool if op.boolean else float)
    for arguments, v in zip(points(op), found.tolist(), strict=True):
        if op.name == "pow" and arguments == (-math.inf, 0.5):
            continue  # inf by the C standard, nan by NumPy's shortcut over sqrt
        y = float(value_of(op, *arguments))
        ulps = op.ulps(y, *arguments) if callable(op.ulps) else op.ulps
        assert v == y or (v != v and y != y) or abs(v - y) <= (ulps + 4 * bool(ulps)) * math.ulp(y), (arguments, v, y)


@every_row
def test_a_partial_of_an_array_is_that_of_its_elements(op: Op) -> None:
    columns = [np.array(column) for column in zip(*op.samples, strict=True)]
    y = value_of(op, *columns)
    for rule in op.partials:
        if rule is not None:
            found = np.broadcast_to(FLOATS.partials_by(rule, y, columns), y.shape)
            singly = [FLOATS.partial_by(rule, value_of(op, *sample), sample) for sample in op.samples]
            assert found == pytest.approx(np.array(singly, float), rel=1e-13, abs=1e-300)


def test_truth_values_count_as_numbers() -> None:
    truths = np.array([True, True, False])
    assert value_of(OPS["add"], truths, truths).tolist() == [2.0, 2.0, 0.0]
    assert value_of(OPS["neg"], truths).tolist() == [-1.0, -1.0, 0.0]
    assert value_of(OPS["where"], truths, np.arange(3.0), 7.0).tolist() == [0.0, 1.0, 7.0]


def test_nothing_is_broadcast_that_does_not_fit() -> None:
    from gradcli.errors import ShapeProblem

    with pytest.raises(ShapeProblem, match=r"\+ can't take the shapes \(2,\) and \(3,\)"):
        value_of(OPS["add"], np.zeros(2), np.zeros(3))


def test_an_array_is_not_written_to() -> None:
    x: Any = np.array([1.0, -2.0])
    for op in ROWS:
        value_of(op, *[x] * len(op.params))
    assert x.tolist() == [1.0, -2.0]
