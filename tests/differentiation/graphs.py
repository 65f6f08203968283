"""Graphs without programs, built by a function over nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradcli.differentiation.transposing import Nowhere
from gradcli.graphs import Graph
from gradcli.graphs.recording import Recorder
from gradcli.operations import OPS


def built(function: Callable[..., Any], *inputs: Any) -> tuple[Graph, int]:
    """The graph of `function(F, *nodes)`, whose first nodes are the inputs, and the node of the result."""
    values = [np.asarray(x, float) if isinstance(x, list) else x for x in inputs]
    n = len(values)
    F = Recorder(Graph(Nowhere(), [OPS["input"]] * n, [()] * n, values, [0] * n, {}))
    result = function(F, *(F.node(i) for i in range(n)))
    return F.graph(), result.id
