"""The table as `ops` answers it: every public row, with its derivative as SymPy prints it."""

from __future__ import annotations

from dataclasses import dataclass

from gradcli.errors import UnknownFunction, nearest
from gradcli.operations.op import Op
from gradcli.operations.table import FUNCTIONS, OPS, find


@dataclass(frozen=True, slots=True)
class Operation:
    """One row for people: `derivative` maps each argument to SymPy's derivative, as text; `defaults` the optional ones to values."""

    name: str
    aliases: tuple[str, ...]
    params: tuple[str, ...]
    defaults: dict[str, float]
    symbol: str | None
    derivative: dict[str, str]
    domain: str
    corner: str
    doc: str


def ops(name: str | None = None) -> list[Operation]:
    """The rows of the table of operations, or the one called `name` (a name, an alias or an operator).

    Raises UnknownFunction with the nearest known name.
    """
    if name is None:
        return [described(op) for op in OPS.values() if not op.internal]
    op = find(name) or next((op for op in OPS.values() if op.symbol == {"^": "**"}.get(name, name)), None)
    if op is None:
        near = nearest(name, FUNCTIONS)
        raise UnknownFunction(f"there is no operation '{name}'", hint=f"did you mean '{near}'?" if near else "gradcli ops lists all of them")
    return [described(op)]


def described(op: Op) -> Operation:
    """A row in words."""
    least, _ = op.arity
    derivative = {param: text for i, param in enumerate(op.params) if (text := derivative_text(op, i))}
    return Operation(op.name, op.aliases, op.params, dict(zip(op.params[least:], op.defaults, strict=True)), op.symbol, derivative, op.domain,
                     corner_text(op), op.doc)  # fmt: skip


def derivative_text(op: Op, i: int) -> str:
    """SymPy's derivative of a row by its i-th argument, piece by piece where it has pieces; empty if there is none."""
    from gradcli.operations.symbolic import derivative

    if i >= len(op.partials) or op.partials[i] is None:
        return ""
    if op.decide is None:
        return str(derivative(op.name, i))
    pieces = sorted({op.decide(*arguments) for arguments in op.samples})
    texts = list(dict.fromkeys(str(derivative(op.name, i, k)) for k in pieces))
    return " or ".join(texts)


def corner_text(op: Op) -> str:
    """Where a row has its kinks, in words."""
    return CORNERS.get(op.name, "") if op.corner is not None else ""


CORNERS = {}  # type: dict[str, str]
