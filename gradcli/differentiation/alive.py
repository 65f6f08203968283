"""Which elements of an adjoint are alive: elements that `where` and its like passed on, and not the zeros beside them.

A dead element is a structural zero, as None is for a whole node: it stays zero whatever it is multiplied with, so that where(x > 0,
sqrt(x), 0) has no nan from the branch not taken, while in sqrt(x)**2 at 0 zero times infinity stays undefined. Only a sweep that met
nan asks for this: elsewhere it makes no difference.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gradcli.differentiation.array_shares import at_corners, fitted, structural_shares
from gradcli.operations import Op
from gradcli.operations.arrays import shape_of
from gradcli.operations.floats import FLOATS
from gradcli.operations.lazily import np


class Alive:
    """Masks of the nodes whose adjoint has dead elements; nodes that are not in `masks` are all alive.

    Elements of the outputs that weigh nothing are dead to begin with.
    """

    def __init__(self, weights: Mapping[int, Any]) -> None:
        plain = {node: getattr(weight, "value", weight) for node, weight in weights.items() if shape_of(weight)}
        self.masks: dict[int, Any] = {node: weight != 0 for node, weight in plain.items() if not np.all(weight)}

    def product(self, F: Any, g: Any, p: Any, node: int) -> Any:
        """g*p with the dead elements of the node's adjoint g left zero."""
        return g * (F.where(self.masks[node], p, 0) if node in self.masks else p)

    def passed(self, op: Op, node: int, p: Any, xs: Sequence[Any], position: int) -> Any:
        """Which elements of a share of an elementwise operation are alive; None: all."""
        mask = self.masks.get(node)
        if op.selects:
            chosen = (getattr(p, "value", p) != 0) | at_corners(op, [getattr(x, "value", x) for x in xs])
            mask = chosen if mask is None else mask & chosen
        return None if mask is None else fitted(FLOATS, np.asarray(mask, float), shape_of(xs[position])) != 0

    def moved(self, op: Any, node: int, y: Any, xs: Sequence[Any], position: int) -> Any:
        """Which elements of a share are alive where an operation moves elements; None: all."""
        if not op.moves or not (op.selects or node in self.masks):
            return None
        wanted = [i == position for i in range(len(xs))]
        mask = self.masks[node].astype(float) if node in self.masks else np.ones(shape_of(y))
        ((_, share),) = structural_shares(FLOATS, op, y, mask, xs, wanted)
        return fitted(FLOATS, share, shape_of(xs[position])) != 0

    def add(self, node: int, mask: Any, first: bool) -> None:
        """Notes the mask of one more share of a node: an element is alive if one of its shares is."""
        if first and mask is not None:
            self.masks[node] = mask
        elif node in self.masks and mask is None:
            del self.masks[node]
        elif node in self.masks:
            self.masks[node] = self.masks[node] | mask
