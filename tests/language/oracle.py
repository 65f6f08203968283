"""Python as the oracle of the language: its own parser reads the text, and floats that never raise compute it."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

from gradcli.operations import OPS
from gradcli.operations.ieee import divide, power


def modulo(a: float, b: float) -> float:
    """a % b; nan where Python raises."""
    return a % b if b else math.nan


OPERATORS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: divide, ast.Mod: modulo, ast.Pow: power,
}  # fmt: skip
COMPARISONS: dict[type, Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq, ast.NotEq: operator.ne,
}  # fmt: skip
FUNCTIONS: dict[str, Callable[..., float]] = {
    "sin": lambda x: math.sin(x) if math.isfinite(x) else math.nan, "cos": lambda x: math.cos(x) if math.isfinite(x) else math.nan,
    "atan": math.atan, "tanh": math.tanh, "abs": math.fabs, "hypot": math.hypot,
    "max": lambda *xs: reduce(OPS["maximum"].value, xs), "min": lambda *xs: reduce(OPS["minimum"].value, xs),
}  # fmt: skip


def python_value(text: str, at: Mapping[str, float]) -> float:
    """The value of the last statement of `text`, which is Python."""
    names = dict(at)
    value = math.nan
    for statement in ast.parse(text).body:
        if isinstance(statement, ast.Assign):
            (target,) = statement.targets
            assert isinstance(target, ast.Name)
            value = names[target.id] = computed(statement.value, names)
        else:
            assert isinstance(statement, ast.Expr)
            value = computed(statement.value, names)
    return float(value)


def computed(node: ast.expr, names: Mapping[str, float]) -> Any:
    """The value of an expression of Python's syntax tree."""
    match node:
        case ast.Constant(value=value):
            return float(value)  # type: ignore[arg-type]
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=x):
            return float(-computed(x, names))
        case ast.UnaryOp(op=ast.UAdd(), operand=x):
            return computed(x, names)
        case ast.UnaryOp(op=ast.Not(), operand=x):
            return not computed(x, names)
        case ast.BinOp(left=a, op=op, right=b):
            return OPERATORS[type(op)](float(computed(a, names)), float(computed(b, names)))
        case ast.BoolOp(op=op, values=values):
            return (all if isinstance(op, ast.And) else any)([bool(computed(x, names)) for x in values])
        case ast.Compare(left=left, ops=ops, comparators=comparators):
            values = [computed(x, names) for x in (left, *comparators)]
            return all(COMPARISONS[type(op)](a, b) for op, a, b in zip(ops, values, values[1:], strict=False))
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return computed(body if computed(test, names) else orelse, names)
        case ast.Call(func=ast.Name(id=name), args=args):
            return FUNCTIONS[name](*[computed(x, names) for x in args])
    raise AssertionError(ast.dump(node))


def order_of_names(text: str) -> list[str]:
    """The names that `text` reads before it assigns them, in order of appearance."""
    found: dict[str, None] = {}
    assigned: set[str] = set()
    for statement in ast.parse(text).body:
        value = statement.value  # type: ignore[attr-defined]
        called = {id(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)}
        names = [node for node in ast.walk(value) if isinstance(node, ast.Name) and id(node) not in called]
        for name in sorted(names, key=lambda node: (node.lineno, node.col_offset)):
            if name.id not in assigned:
                found.setdefault(name.id)
        if isinstance(statement, ast.Assign):
            assigned.add(statement.targets[0].id)  # type: ignore[attr-defined]
    return list(found)
