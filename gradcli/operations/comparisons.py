"""Rows whose values are truth values: comparisons and their connectives. They have no gradient."""

from __future__ import annotations

import operator
from collections.abc import Callable

from gradcli.operations.op import Op

SAMPLES = ((1.0, 2.0), (2.0, 1.0), (-3.0, 4.0))
TRUTHS = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0))


def _comparison(name: str, alias: str, symbol: str, holds: Callable[[float, float], bool], doc: str) -> Op:
    """A row that compares two numbers."""
    return Op(name, alias, "a b", symbol=symbol, value=holds, decide=lambda a, b: int(bool(holds(a, b))), piece=lambda F, k, a, b: k,
              partials=(None, None), boolean=True, ulps=0, corner=lambda a, b: a - b, kink="a = b", samples=SAMPLES, doc=doc)  # fmt: skip


def _connective(name: str, params: str, symbol: str, holds: Callable[..., bool], doc: str) -> Op:
    """A row that combines truth values."""
    return Op(name, f"logical_{symbol}", params, symbol=symbol, value=holds, decide=lambda *c: int(holds(*c)), piece=lambda F, k, *c: k,
              partials=(None,) * len(params.split()), boolean=True, ulps=0,
              samples=tuple(row[: len(params.split())] for row in TRUTHS),
              domain="truth values", doc=doc)  # fmt: skip


ROWS = (
    _comparison("lt", "less", "<", operator.lt, "whether a < b"),
    _comparison("le", "less_equal", "<=", operator.le, "whether a <= b"),
    _comparison("gt", "greater", ">", operator.gt, "whether a > b"),
    _comparison("ge", "greater_equal", ">=", operator.ge, "whether a >= b"),
    _comparison("eq", "equal", "==", operator.eq, "whether a equals b"),
    _comparison("ne", "not_equal", "!=", operator.ne, "whether a differs from b"),
    _connective("both", "a b", "and", lambda a, b: bool(a) and bool(b), "whether both hold"),
    _connective("either", "a b", "or", lambda a, b: bool(a) or bool(b), "whether at least one holds"),
    _connective("opposite", "a", "not", lambda a: not a, "whether it does not hold"),
)
