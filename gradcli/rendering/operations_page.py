"""The answer of `ops`: the table of operations, or one of them in detail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from gradcli.rendering.emitting import emitted
from gradcli.rendering.json_text import numbers
from gradcli.rendering.numerals import number_text
from gradcli.rendering.page import BLANK, Block, Column, Grid, Line, Screen, clean, columns, line, padded


class Operation(Protocol):
    """What is shown of an operation; `derivative` has a text for each parameter, "" where there is no derivative."""

    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> Sequence[str]: ...
    @property
    def params(self) -> Sequence[str]: ...
    @property
    def defaults(self) -> Mapping[str, Any]: ...
    @property
    def symbol(self) -> str | None: ...
    @property
    def derivative(self) -> Mapping[str, str]: ...
    @property
    def domain(self) -> str: ...
    @property
    def corner(self) -> str: ...
    @property
    def doc(self) -> str: ...
    @property
    def share(self) -> Mapping[str, str]: ...
    @property
    def settings(self) -> Sequence[str]: ...
    @property
    def variadic(self) -> str | None: ...


COLUMNS = (
    Column("operation", "heading"),
    Column("what it is"),
    Column("aliases"),
    Column("derivative", "gradient"),
    Column("domain"),
    Column("corner"),
)


def operations_table(rows: Sequence[Operation], screen: Screen) -> str:
    """The details of the only operation, or a table of several."""
    return emitted(details(rows[0]) if len(rows) == 1 else overview(rows), screen)


def overview(rows: Sequence[Operation]) -> Iterator[Block]:
    """The table, without the columns that nothing stands in."""
    cells = [(call(row), row.doc, ", ".join(row.aliases), derivatives(row), row.domain, row.corner) for row in rows]
    used = [i for i in range(len(COLUMNS)) if any(row[i] for row in cells)]
    if used:
        yield Grid([COLUMNS[i] for i in used], [[row[i] for i in used] for row in cells])
    yield BLANK
    yield line((f"{len(rows)} operations; gradcli ops NAME shows one", "dim"))


def details(row: Operation) -> Iterator[Line]:
    """One operation, a line for everything that is known about it."""
    yield line((call(row), "heading"), f"  {row.doc}" if row.doc else "", hang=2)
    if row.symbol:
        yield fact("symbol", row.symbol)
    if row.aliases:
        yield fact("aliases", ", ".join(row.aliases))
    if row.defaults:
        yield fact("defaults", ", ".join(f"{param} = {setting_text(value)}" for param, value in row.defaults.items()))
    for param, text in row.derivative.items():
        yield fact(f"∂/∂{param}", text or "none", "gradient" if text else "dim")
    for param, text in row.share.items():
        yield fact(f"to {param}", text, "gradient")
    yield fact("domain", row.domain or "everywhere")
    yield fact("corner", row.corner or "none")


def fact(label: str, text: str, style: str = "") -> Line:
    """A line `label  text`."""
    size = max(12, columns(label) + 4)
    return line((padded(f"  {label}", size), "dim"), (text, style), hang=size)


def call(row: Operation) -> str:
    """The operation as it is called."""
    return f"{row.name}({', '.join('*' + param if param == row.variadic else param for param in row.params)})"


def setting_text(value: Any) -> str:
    """A default as a program has it."""
    return number_text(value) if isinstance(value, float) else repr(value)


def derivatives(row: Operation) -> str:
    """The derivatives in the order of the parameters; a dash where there is none."""
    if row.share:
        return "; ".join(row.share.values())
    texts = [row.derivative.get(param, "") or "–" for param in row.params]
    return ", ".join(texts) if any(row.derivative.values()) else ""


def operation_object(row: Operation) -> dict[str, Any]:
    """One operation in JSON."""
    return {
        "name": row.name,
        "aliases": list(row.aliases),
        "params": list(row.params),
        "defaults": numbers(row.defaults),
        "symbol": row.symbol,
        "derivative": dict(row.derivative),
        "share": dict(row.share),
        "settings": list(row.settings),
        "variadic": row.variadic,
        "domain": row.domain,
        "corner": row.corner,
        "doc": row.doc,
    }


def operation_lines(rows: Sequence[Operation]) -> str:
    """`name<TAB>call<TAB>derivatives` lines."""
    return "".join(f"{row.name}\t{call(row)}\t{clean(derivatives(row), False)}\n" for row in rows)
