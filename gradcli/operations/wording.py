"""The number system of text: a rule written out in the language itself, so that a reader can paste it into a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gradcli.operations.op import Algebra, Op

CONDITIONAL, OR, AND, NOT, COMPARISON, SUM, PRODUCT, POWER, ATOM = range(9)
"""How tightly a piece of text binds, the loosest first."""

BINDING = {"and": AND, "or": OR}
"""How tightly the operators of truth values bind that are no comparisons, by symbol."""


class Text:
    """A piece of text and how tightly it binds."""

    __slots__ = ("level", "text")

    def __init__(self, text: str, level: int = ATOM) -> None:
        self.text = text
        self.level = level

    def __str__(self) -> str:
        return self.text

    def within(self, level: int) -> str:
        """The text as an operand of something that binds as tightly as `level`."""
        return self.text if self.level >= level else f"({self.text})"

    def __add__(self, other: Any) -> Text:
        return infix(self, "+", other, SUM)

    def __radd__(self, other: Any) -> Text:
        return infix(other, "+", self, SUM)

    def __sub__(self, other: Any) -> Text:
        return infix(self, "-", other, SUM)

    def __rsub__(self, other: Any) -> Text:
        return infix(other, "-", self, SUM)

    def __mul__(self, other: Any) -> Text:
        if isinstance(other, Text) and other.text == self.text:
            return Text(f"{self.within(ATOM)}**2", POWER)
        return infix(self, "*", other, PRODUCT)

    def __rmul__(self, other: Any) -> Text:
        return infix(other, "*", self, PRODUCT)

    def __truediv__(self, other: Any) -> Text:
        return infix(self, "/", other, PRODUCT)

    def __rtruediv__(self, other: Any) -> Text:
        return infix(other, "/", self, PRODUCT)

    def __neg__(self) -> Text:
        return Text("-" + self.within(PRODUCT), SUM)


def text_of(value: Any) -> Text:
    """A number of a rule as text."""
    if isinstance(value, Text):
        return value
    return Text(f"{value:g}", ATOM if value >= 0 else SUM)


def infix(a: Any, operator: str, b: Any, level: int) -> Text:
    """Two operands with an operator between them; the right one is closed unless it binds more tightly."""
    space = "" if level == PRODUCT else " "
    return Text(f"{text_of(a).within(level)}{space}{operator}{space}{text_of(b).within(level + 1)}", level)


class Wording(Algebra):
    """F over text."""

    pi = Text("pi")

    def operation(self, op: Op) -> Callable[..., Text]:
        if op.chooses:
            return choice
        if op.boolean and op.symbol and len(op.params) == 2:
            symbol, level = op.symbol, BINDING.get(op.symbol, COMPARISON)
            return lambda a, b: infix(a, symbol, b, level)
        return lambda *xs: Text(f"{op.name}({', '.join(str(text_of(x)) for x in xs)})")

    def number(self, value: Any) -> Text:
        """A number as text."""
        return text_of(value)


def choice(condition: Any, a: Any, b: Any) -> Text:
    """`a if condition else b`."""
    a, b = text_of(a), text_of(b)
    return Text(f"{a.within(OR)} if {text_of(condition).within(OR)} else {b}", CONDITIONAL)


WORDING = Wording()


def rule_text(op: Op, i: int) -> str:
    """The partial of a row by its i-th argument, as its rule says it."""
    names = [Text(name) for name in op.params]
    value = Text(f"{op.name}({', '.join(op.params)})")
    return str(text_of(op.partials[i](WORDING, value, *names)))  # type: ignore[misc]
