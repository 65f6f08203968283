"""The edges of domains that rows declare: zero exactly where something is not finite, and nowhere among the samples."""

from __future__ import annotations

import math
from itertools import product

import pytest

from gradcli.operations import OPS, Op
from gradcli.operations.floats import partial_of, value_of

ROWS = [op for op in OPS.values() if op.edge is not None]
NUMBERS = (-2.0, -1.0, 0.0, 1.0)


def distance(op: Op, arguments: tuple[float, ...]) -> float:
    """The distance of some arguments to the edge."""
    assert op.edge is not None
    return float(op.edge(*arguments))


@pytest.mark.parametrize("op", ROWS, ids=lambda op: op.name)
def test_samples_do_not_lie_on_the_edge(op: Op) -> None:
    assert op.samples
    assert all(distance(op, sample) != 0 for sample in op.samples)


@pytest.mark.parametrize("op", [op for op in ROWS if op.name != "tan"], ids=lambda op: op.name)
def test_on_the_edge_or_beside_it_the_value_or_a_partial_is_not_finite(op: Op) -> None:
    columns = [sorted({*NUMBERS, *column}) for column in zip(*op.samples, strict=True)]
    on_the_edge = [arguments for arguments in product(*columns) if distance(op, arguments) == 0]
    assert on_the_edge
    for arguments in on_the_edge:
        beside = [(*arguments[:i], x + h, *arguments[i + 1 :]) for i, x in enumerate(arguments) for h in (1e-3, -1e-3)]
        assert not all(is_defined(op, place) for place in (arguments, *beside)), arguments


def is_defined(op: Op, arguments: tuple[float, ...]) -> bool:
    """Whether value and partials are finite."""
    y = value_of(op, *arguments)
    return all(map(math.isfinite, [y, *(partial_of(op, i, y, arguments) for i, rule in enumerate(op.partials) if rule is not None)]))


def test_the_tangent_changes_sides_at_its_poles() -> None:
    op = next(op for op in ROWS if op.name == "tan")
    assert distance(op, (math.nextafter(math.pi / 2, 0),)) > 0 > distance(op, (math.nextafter(math.pi / 2, 2),))
