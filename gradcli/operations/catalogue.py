"""The table as `ops` answers it: every public row, with its derivative as text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from gradcli.errors import UnknownFunction, nearest
from gradcli.operations.op import Op
from gradcli.operations.table import FUNCTIONS, OPS, find
from gradcli.operations.wording import rule_text


@dataclass(frozen=True, slots=True)
class Operation:
    """One row for people: `derivative` maps each argument to its derivative, as text; `defaults` the optional ones to values.

    Of a row of arrays `share` maps each argument to its share of the adjoint g of the value, in words; `settings` names the arguments
    that are no numbers, `variadic` the one that takes any number of arguments.
    """

    name: str
    aliases: tuple[str, ...]
    params: tuple[str, ...]
    defaults: dict[str, Any]
    symbol: str | None
    derivative: dict[str, str]
    domain: str
    corner: str
    doc: str
    share: dict[str, str] = field(default_factory=dict)
    settings: tuple[str, ...] = ()
    variadic: str | None = None


def ops(name: str | None = None) -> list[Operation]:
    """The rows of the table of operations, or the one called `name` (a name, an alias or an operator).

    Raises UnknownFunction with the nearest known name.
    """
    if name is None:
        return [described(op) for op in OPS.values() if not op.internal]
    op = find(name) or next((op for op in OPS.values() if op.symbol == {"^": "**"}.get(name, name)), None)
    if op is None:
        near = nearest(name, FUNCTIONS)
        hint = f"did you mean '{near}'?" if near else "gradcli ops lists all of them"
        raise UnknownFunction(f"there is no operation '{name}'", hint=hint)
    return [described(op)]


def described(op: Op) -> Operation:
    """A row in words."""
    least, _ = op.arity
    return Operation(
        name=op.name,
        aliases=op.aliases,
        params=op.params,
        defaults=dict(zip(op.params[least:], op.defaults, strict=True)),
        symbol=op.symbol,
        derivative={param: text for i, param in enumerate(op.params) if (text := derivative_text(op, i))},
        domain=op.domain,
        corner=op.kink,
        doc=op.doc,
        share=shares_of(op) if op.structural else {},
        settings=tuple(param for param in op.params if param in op.settings),
        variadic=op.variadic,
    )


def shares_of(op: Any) -> dict[str, str]:
    """The share of each operand that a row of arrays passes something to, in words."""
    passed = [param for param, rule in zip(op.params, op.pullbacks, strict=False) if rule is not None]
    return dict(zip(passed, op.share.split("; "), strict=True)) if passed else {}


def derivative_text(op: Op, i: int) -> str:
    """The derivative of a row by its i-th argument: SymPy's where the row is smooth, the row's own rule where it has pieces.

    Text of the language, but for functions that only derivatives need (polygamma). Empty if there is no derivative.
    """
    if i >= len(op.partials) or op.partials[i] is None or op.structural:
        return ""
    if op.decide is not None:
        return rule_text(op, i)
    from gradcli.operations.symbolic import derivative

    return str(derivative(op.name, i)).replace("polygamma(0, ", "digamma(")
