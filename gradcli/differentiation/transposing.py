"""A pushforward made of a pullback: of an operation that declares only what passes backwards, as a gradient that a program defines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gradcli.differentiation.sweep import adjoints, requires_grad
from gradcli.graphs import Graph
from gradcli.graphs.recording import Recorder
from gradcli.operations import by_name


class Nowhere:
    """The source of a graph that no text stands behind."""

    names: list[str | None] = [None]  # noqa: RUF012
    literals: list[str] = []  # noqa: RUF012
    text = ""

    def spans(self, instructions: Sequence[int]) -> list[tuple[int, int]]:
        """No places."""
        return [(0, 0) for _ in instructions]

    def piece(self, instruction: int) -> str:
        """No text."""
        return ""

    def position(self, instruction: int) -> tuple[int, int]:
        """No place."""
        return 0, 0


def transposed(op: Any, i: int, t: Any, y: Any, grouped: Sequence[Any]) -> Any:
    """What a tangent t of the i-th parameter of an operation contributes to the tangent of its value y, on floats.

    A pullback is linear in the adjoint g, which it multiplies with the transposed Jacobian: the gradient of its scalar product with t by
    g is the Jacobian times t. So the pullback is recorded as a graph of g and swept.
    """
    F = Recorder(Graph(Nowhere(), [by_name("input")], [()], [y], [0], {}))
    given = [x if name in op.settings else F.number(x) for name, x in zip(op.params, grouped, strict=True)]
    share = F.number(op.pullbacks[i](F, F.node(0), F.number(y), *given))
    graph = F.graph()
    found = adjoints(graph, {share.id: t}, requires_grad(graph, [0]))[0] if share.id >= 0 else None
    return 0.0 * y if found is None else found
