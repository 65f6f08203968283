"""Results with arrays, made by hand; apart from the others, so that these can be shown to need no NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from gradcli.results import Gradient
from tests.rendering.samples import FakeGraph, FakeNode, gradient


def arrays(rows: int = 2, columns: int = 3, **fields: Any) -> Gradient:
    """y = sum(W @ x, axis=0) with a matrix of 0, 0.5, 1, … and a vector of ones, as if in a loop."""
    matrix, vector = np.arange(rows * columns).reshape(rows, columns) / 2, np.ones(columns)
    axis = FakeNode(-1, None, "0", "constant", (), 0.0)
    nodes = [
        FakeNode(0, "W", "W", "input", (), matrix),
        FakeNode(1, "x", "x", "input", (), vector),
        FakeNode(2, None, "W @ x", "matmul", (0, 1), matrix @ vector, scope="round 2"),
        FakeNode(3, "y", "sum(W @ x, axis=0)", "sum", (2, -1), float(matrix.sum()), settings={-1: "axis"}),
    ]
    adjoints = [np.ones((rows, columns)), matrix.sum(axis=0), np.ones(rows), 1.0]
    return gradient(FakeGraph(nodes, [axis]), adjoints, **{"higher": {"x": [adjoints[1], np.zeros(columns)]}, **fields})
