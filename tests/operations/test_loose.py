"""Bounds of whole arrays hold: of every row, for arguments that are off by no more than their own bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradcli.operations import OPS
from gradcli.operations.arrays import is_array
from gradcli.operations.floats import value_of
from gradcli.operations.loose import Loose, LooseBounds
from tests.operations.arrays import CASES, arguments_of, case_name, operands

ELEMENTWISE = [op for op in OPS.values() if not (op.structural or op.boolean or op.leaf or op.detaches) and op.samples]
OFF = 1e-9


def assert_holds(op: Any, arguments: list[Any], moving: list[int]) -> None:
    """Values at moved arguments lie within the bound of the value at arguments that may be off by as much."""
    random = np.random.default_rng(3)
    with np.errstate(all="ignore"):
        y = value_of(op, *arguments)
        if (is_array(y) and y.dtype == bool) or isinstance(y, bool):
            return
        found = getattr(LooseBounds(), op.name)(*(Loose(x, OFF * np.abs(x)) if i in moving else x for i, x in enumerate(arguments)))
        for _ in range(3):
            moved = [tilted(x, random) if i in moving else x for i, x in enumerate(arguments)]
            off = np.abs(np.asarray(value_of(op, *moved)) - y)
            assert np.all((off <= found.e) | ~np.isfinite(y))
        assert np.all(found.v == y) or not np.all(np.isfinite(y))


def tilted(x: Any, random: np.random.Generator) -> Any:
    """A value moved up or down, each element by what it may be off."""
    moved = x * (1 + OFF * random.choice([-1.0, 1.0], np.shape(x)) * (1 - 1e-6))
    return moved if is_array(x) else float(moved)


@pytest.mark.parametrize(("op", "case"), CASES, ids=case_name)
def test_bounds_of_rows_of_arrays_hold(op: Any, case: Any) -> None:
    arguments = arguments_of(op, case)
    assert_holds(op, arguments, list(operands(op, arguments)))


@pytest.mark.parametrize("op", ELEMENTWISE, ids=case_name)
def test_bounds_of_rows_on_each_element_hold(op: Any) -> None:
    columns = [np.array(column) for column in zip(*op.samples, strict=True)]
    assert_holds(op, columns, [i for i, partial in enumerate(op.partials) if partial is not None])


def test_bounds_are_no_larger_than_they_must_be() -> None:
    F, x = LooseBounds(), Loose(np.linspace(0.1, 3, 50), 1e-12)
    sums = F.logsumexp(x, None, False), F.mean(x, None, False), F.sum(x * x, None, False), F.matmul(x, x)
    for y in (F.sin(x), F.softmax(x, -1.0), x / x, *sums):
        assert np.max(y.e) < 3e-10
