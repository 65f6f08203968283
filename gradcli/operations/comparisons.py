"""Rows whose values are truth values: comparisons and their connectives. They have no gradient."""

from __future__ import annotations

import operator
from collections.abc import Callable

from gradcli.operations.op import Op, Rule

SAMPLES = ((1.0, 2.0), (2.0, 1.0), (-3.0, 4.0))
TRUTHS = ((1.0, 0.0), (0.0, 1.0), (1.0, 1.0), (0.0, 0.0))


def _comparison(name: str, alias: str, symbol: str, holds: Callable[[float, float], bool], symbolic: Rule, doc: str) -> Op:
    """A row that compares two numbers."""
    return Op(name, alias, "a b", symbol=symbol, symbolic=symbolic, array=alias, value=holds,
              decide=lambda a, b: int(bool(holds(a, b))), piece=lambda F, k, a, b: k,
              partials=(None, None), boolean=True, ulps=0, corner=lambda a, b: a - b, kink="a = b", samples=SAMPLES, doc=doc)  # fmt: skip


def _connective(name: str, params: str, symbol: str, holds: Callable[..., bool], symbolic: Rule, doc: str) -> Op:
    """A row that combines truth values."""
    return Op(name, f"logical_{symbol}", params, symbol=symbol, symbolic=symbolic, array=f"logical_{symbol}", value=holds,
              decide=lambda *c: int(holds(*c)), piece=lambda F, k, *c: k,
              partials=(None,) * len(params.split()), boolean=True, ulps=0,
              samples=tuple(row[: len(params.split())] for row in TRUTHS),
              domain="truth values", doc=doc)  # fmt: skip


ROWS = (
    _comparison("lt", "less", "<", operator.lt, lambda m, a, b: m.Lt(a, b), "whether a < b"),
    _comparison("le", "less_equal", "<=", operator.le, lambda m, a, b: m.Le(a, b), "whether a <= b"),
    _comparison("gt", "greater", ">", operator.gt, lambda m, a, b: m.Gt(a, b), "whether a > b"),
    _comparison("ge", "greater_equal", ">=", operator.ge, lambda m, a, b: m.Ge(a, b), "whether a >= b"),
    _comparison("eq", "equal", "==", operator.eq, lambda m, a, b: m.Eq(a, b), "whether a equals b"),
    _comparison("ne", "not_equal", "!=", operator.ne, lambda m, a, b: m.Ne(a, b), "whether a differs from b"),
    _connective("both", "a b", "and", lambda a, b: bool(a) and bool(b), lambda m, a, b: m.And(a, b), "whether both hold"),
    _connective("either", "a b", "or", lambda a, b: bool(a) or bool(b), lambda m, a, b: m.Or(a, b), "whether at least one holds"),
    _connective("opposite", "a", "not", lambda a: not a, lambda m, a: m.Not(a), "whether it does not hold"),
)
