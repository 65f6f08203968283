"""Programs with blocks that are Python and gradcli at once: Python's own `exec` runs them, and hypothesis draws them."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

import numpy as np
from hypothesis import strategies as st

from gradcli.language import parse, run

FUNCTIONS: dict[str, Any] = {
    "sin": np.sin, "cos": np.cos, "tanh": np.tanh, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "abs": abs, "sum": np.sum,
    "array": lambda rows: np.array(rows, float), "stack": np.stack, "reshape": lambda x, *shape: np.reshape(x, shape), "mean": np.mean,
    "no_grad": nullcontext, "detach": lambda x: x,
}  # fmt: skip
SCALAR_FUNCTIONS = FUNCTIONS | {"sin": math.sin, "tanh": math.tanh}


def python_value(text: str, at: Mapping[str, Any], functions: Mapping[str, Any] = FUNCTIONS) -> Any:
    """The value of the last statement of `text`, run by Python; arrays are never changed in place there either."""
    tree = ast.parse(text)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.copy_location(ast.Assign([ast.Name("_", ast.Store())], last.value), last)
    names = {**functions, **{name: np.array(value) if np.shape(value) else value for name, value in at.items()}}
    exec(compile(ast.fix_missing_locations(tree), "<program>", "exec"), names)
    return names[last_name(tree.body[-1])]


def last_name(statement: Any) -> str:
    """The name that a statement binds last."""
    found = [node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    if isinstance(statement, ast.Assign | ast.AugAssign):
        target = statement.targets[-1] if isinstance(statement, ast.Assign) else statement.target
        while isinstance(target, ast.Subscript):
            target = target.value  # type: ignore[assignment]
        if isinstance(target, ast.Name):
            return target.id
    return found[-1]


def our_value(text: str, at: Mapping[str, Any]) -> Any:
    """The value of a program, run by gradcli."""
    program = parse(text)
    trace = run(program, program.defaults | dict(at))
    return trace.graph.values[trace.node_of(program.output)]


NAMES = st.sampled_from(["a", "b", "c"])
READ = st.sampled_from(["a", "b", "c", "x", "w", "0.5", "2"])


@st.composite
def expressions(draw: st.DrawFn) -> str:
    """A bounded expression over names that have values."""
    left, right = draw(READ), draw(READ)
    form = draw(st.sampled_from(["sin({0} + {1})", "{0} - 0.5*{1}", "tanh({0}*{1})", "0.5*{0}", "f({0}, {1})", "g({0})", "-{1} + 0.25"]))
    return form.format(left, right)


@st.composite
def conditions(draw: st.DrawFn) -> str:
    """A comparison, or two."""
    return f"{draw(NAMES)} {draw(st.sampled_from(['<', '>=', '> 0.1 +']))} {draw(READ)}"


@st.composite
def bodies(draw: st.DrawFn, depth: int, inside: bool = False) -> list[str]:
    """Some statements, as lines."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["=", "=", "+=", "if", "for", "while", "jump", "two"] if depth else ["=", "+="]))
        lines += draw(statements(kind, depth, inside))
    return lines


@st.composite
def statements(draw: st.DrawFn, kind: str, depth: int, inside: bool) -> list[str]:
    """One statement, as lines."""
    if kind in ("=", "+="):
        return [f"{draw(NAMES)} {kind} {draw(expressions())}"]
    if kind == "two":
        return [f"a, b = b, {draw(expressions())}"]
    if kind == "jump":
        return [f"if {draw(conditions())}: {draw(st.sampled_from(['break', 'continue']))}"] if inside else ["pass"]
    if kind == "if":
        lines = [f"if {draw(conditions())}:", *indented(draw(bodies(depth - 1, inside)))]
        if draw(st.booleans()):
            lines += [f"elif {draw(conditions())}:", *indented(draw(bodies(depth - 1, inside)))]
        return [*lines, "else:", *indented(draw(bodies(depth - 1, inside)))] if draw(st.booleans()) else lines
    if kind == "for":
        return [f"for i{depth} in range({draw(st.integers(0, 3))}):", f"    a = a + 0.1*i{depth}", *indented(draw(bodies(depth - 1, True)))]
    return [f"n{depth} = 0", f"while n{depth} < 3:", f"    n{depth} += 1", *indented(draw(bodies(depth - 1, True)))]


def indented(lines: list[str]) -> list[str]:
    """Lines one level deeper."""
    return ["    " + line for line in lines]


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program with two functions, branches and loops."""
    head = [
        "a = x", "b = w", "c = 0.3*x",
        "def g(t, k=2):", "    if t > 0.2:", "        return sin(k*t)", "    return 0.5*t",
        "def f(p, q):", "    s = p", "    for j in range(2):", "        s = 0.5*s + g(q, k=j + 1)", "    return s",
    ]  # fmt: skip
    return "\n".join([*head, *draw(bodies(2)), "a + b*c"])
