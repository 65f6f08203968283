"""Shares of arrays: what an operation passes on to arguments that are arrays, over any number system.

The sweep owns what all operations have in common: a share has the shape of its argument (what broadcasting spread is added up again),
an operation that selects passes nothing where it does not look, and an undefined value has an undefined derivative.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.operations import Op
from gradcli.operations.arrays import is_array, lifted, shape_of
from gradcli.operations.lazily import np

if TYPE_CHECKING:
    from gradcli.differentiation.alive import Alive


def array_shares(
    F: Any, node: int, op: Any, y: Any, g: Any, xs: Sequence[Any], wanted: Sequence[Any], alive: Alive | None
) -> Iterator[tuple[int, Any, Any]]:
    """The position of each wanted argument of a node with its share in the adjoint g of the value y, and the mask of its live elements."""
    if op.structural:
        for position, share in structural_shares(F, op, y, g, xs, wanted):
            yield position, fitted(F, share, shape_of(xs[position])), alive and alive.moved(op, node, y, xs, position)
    else:
        for position, p in elementwise_partials(F, op, y, xs, wanted):
            share = g * p if alive is None else alive.product(F, g, p, node)
            yield position, fitted(F, share, shape_of(xs[position])), alive and alive.passed(op, node, p, xs, position)


def structural_shares(F: Any, op: Any, y: Any, g: Any, xs: Sequence[Any], wanted: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """The position of each wanted argument of an operation about whole arrays, with its share in the adjoint g of the value y."""
    grouped, passed = op.grouped(xs, F.plain), {}
    for position in range(len(xs)):
        i = op.parameter_of(position, len(xs))
        if wanted[position] and op.pullbacks[i] is not None:
            if i not in passed:
                passed[i] = op.pullbacks[i](F, g, y, *grouped)
            share = passed[i][position - op.place_of_variadic[0]] if op.params[i] == op.variadic else passed[i]
            if share is not None:
                yield position, share


def elementwise_partials(F: Any, op: Op, y: Any, xs: Sequence[Any], wanted: Sequence[Any]) -> Iterator[tuple[int, Any]]:
    """The position of each wanted argument that an operation on each element passes something to, with its partial."""
    for position, rule in enumerate(op.partials):
        if wanted[position] and rule is not None:
            p = undefined_where(F, y, F.partials_by(rule, y, xs))
            if not (op.selects and F.decides and silent(op, p, xs)):
                yield position, p


def fitted(F: Any, share: Any, shape: tuple[int, ...]) -> Any:
    """A share in the shape of its argument."""
    found = shape_of(share)
    if found == shape:
        return share
    return F.sum_to(share, shape) if len(found) >= len(shape) else F.broadcast_to(share, shape)


def undefined_where(F: Any, y: Any, p: Any) -> Any:
    """A partial, undefined where the value is, whatever the rule says (1/x of log at -1)."""
    bad = y != y if is_array(y) else False
    return F.where(bad, y, p) if np.any(bad) else p


def silent(op: Op, p: Any, xs: Sequence[Any]) -> bool:
    """Whether an operation that selects passes nothing at all: its partial is zero everywhere, and no element is at a corner."""
    return not np.any(getattr(p, "value", p)) and not np.any(at_corners(op, [getattr(x, "value", x) for x in xs]))


def at_corners(op: Op, xs: Sequence[Any]) -> Any:
    """Where the arguments lie on a kink of the operation, or are nan: there a partial of zero is a convention, elsewhere a fact."""
    return False if op.corner is None else lifted(lambda *values: at_corner(op, values))(*xs).astype(bool)


def at_corner(op: Op, arguments: Sequence[Any]) -> bool:
    """The same for numbers."""
    return op.corner is not None and not abs(op.corner(*map(float, arguments))) > 0


def undefined(g: Any) -> bool:
    """Whether an array of an adjoint has an element that is nan."""
    value = getattr(g, "value", g)
    return is_array(value) and bool(np.any(value != value))
