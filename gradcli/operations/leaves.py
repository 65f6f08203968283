"""Rows of the nodes that compute nothing: inputs and named constants."""

from __future__ import annotations

from gradcli.operations.op import Op
from gradcli.operations.samples import REAL

ROWS = (
    Op("input", params="", value=lambda: 0.0, leaf=True, internal=True, doc="a name whose value the point gives"),
    Op("constant", params="x", value=lambda x: x, exact=lambda m, x: x, partials=(None,), ulps=0, samples=REAL, leaf=True,
       internal=True, doc="a number with a name"),
)  # fmt: skip
