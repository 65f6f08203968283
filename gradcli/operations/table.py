"""THE TABLE OF PRIMITIVE OPERATIONS: every row, found by name or alias."""

from gradcli.operations import (
    activations,
    arithmetic,
    comparisons,
    contractions,
    correlations,
    creation,
    elementary,
    indexing,
    leaves,
    losses,
    matrices,
    orders,
    products,
    reductions,
    scans,
    selections,
    shapes,
    softmaxes,
    special,
    triangles,
)
from gradcli.operations.op import Op

OPS: dict[str, Op] = {
    op.name: op
    for group in (
        leaves, arithmetic, elementary, special, activations, selections, comparisons,
        shapes, indexing, reductions, scans, orders, softmaxes, contractions, products, matrices, triangles, correlations, creation, losses,
    )
    for op in group.ROWS
}  # fmt: skip

FUNCTIONS: dict[str, Op] = {name: op for op in OPS.values() if not op.internal for name in (op.name, *op.aliases)}
"""What a program may call."""


def by_name(name: str) -> Op:
    """The row of that name; KeyError if there is none."""
    return OPS[name]


def find(name: str) -> Op | None:
    """The row that a program means by `name`, a name or an alias; None if there is none."""
    return FUNCTIONS.get(name)
