"""The derivative of a whole program as a formula: built by SymPy from the graph, to be shown and to decide claims.

SymPy never sees text. Graphs beyond a size are not built, and what holds no input is one number, so that nothing large is computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from gradcli.graphs import Graph
from gradcli.language import Program, Trace, run
from gradcli.language.interpreter import Trace as _Trace
from gradcli.operations import Op
from gradcli.operations.symbolic import SYMBOLS, formula

MAX_NODES = 200
MAX_DEPTH = 40
"""Operations that may be nested in each other: SymPy recurses over expressions."""

MAX_TREE = 1000
"""Nodes that a formula may have when shared parts are written out each time."""

MAX_LENGTH = 300
"""Characters of a formula that is still shown."""

MAX_EXPANSION = 400
"""Terms up to which two formulas are expanded to compare them."""


class NotBuilt(Exception):
    """A formula that is not built; the message says why."""


def expression(trace: Trace, outputs: Sequence[tuple[int, float]]) -> Any:
    """The weighted sum of output nodes as a SymPy expression over the inputs. Raises NotBuilt when it would be too large."""
    graph = trace.graph
    if len(graph) > MAX_NODES:
        raise NotBuilt(f"{len(graph)} nodes are more than {MAX_NODES}: the derivative is not built as a formula")
    refuse_large(graph)
    names = {node: name for name, node in trace.inputs.items()}
    built: dict[int, Any] = {}
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if i in names:
            built[i] = sp.Symbol(names[i], real=True)
        elif all(a < 0 or not built[a].free_symbols for a in arguments) and not written(op, graph.values[i]):
            built[i] = number(float(graph.values[i]))
        else:
            built[i] = formula(op, [number(float(graph.values[a])) if a < 0 else built[a] for a in arguments])
    terms = [number(weight) * (number(float(graph.values[node])) if node < 0 else built[node]) for node, weight in outputs]
    return sum(terms, sp.Integer(0))


ARITHMETIC = frozenset(("add", "sub", "neg", "mul", "div", "sqrt"))


def written(op: Op, value: float) -> bool:
    """Whether an operation on constants is kept as it is written, such as 1/3 or sqrt(2*pi), and not made one double."""
    return op.name in ARITHMETIC and math.isfinite(value) and 1e-6 < abs(value) < 1e6


def refuse_large(graph: Graph) -> None:
    """Raises NotBuilt for a graph whose formula would be too deep, or too long with its shared parts written out."""
    depths, sizes = [0] * len(graph.values), [1] * len(graph.values)
    for i, arguments in enumerate(graph.arguments):
        depths[i] = 1 + max((depths[a] for a in arguments), default=0)
        sizes[i] = 1 + sum(sizes[a] for a in arguments)
        if depths[i] > MAX_DEPTH or sizes[i] > MAX_TREE:
            raise NotBuilt("the derivative is too large to be built as a formula")


def number(value: float) -> Any:
    """A double as SymPy shows it best: whole numbers and short fractions exactly, pi by name."""
    if math.isinf(value):
        return sp.oo if value > 0 else -sp.oo
    if math.isnan(value):
        raise NotBuilt("a constant is nan: the derivative is not built as a formula")
    if value == math.pi:
        return sp.pi
    if value.is_integer() and abs(value) < 2**53:
        return sp.Integer(int(value))
    return sp.Rational(value) if (4096 * value).is_integer() and abs(value) < 2**20 else sp.Float(value)


def derivatives(trace: Trace, outputs: Sequence[tuple[int, float]], names: Sequence[str]) -> dict[str, Any]:
    """SymPy's derivative by each input."""
    whole = expression(trace, outputs)
    return {name: sp.diff(whole, sp.Symbol(name, real=True)) for name in names}


def shown(derivative: Any) -> str:
    """A formula as text. Raises NotBuilt if it is too long to show or holds what people do not write."""
    if any(not 0 < abs(float(number)) < math.inf for number in derivative.atoms(sp.Float) if number):
        raise NotBuilt("has numbers that no double holds")
    if derivative.has(sp.Subs, sp.Derivative):
        raise NotBuilt("has no formula in SymPy")
    text = str(InTheLanguage().doprint(derivative))
    if len(text) > MAX_LENGTH:
        raise NotBuilt("is too large to show")
    return text


class InTheLanguage(StrPrinter):  # type: ignore[misc]
    """SymPy's text in the spelling of programs: the formula may be pasted as a claim. The methods' names are SymPy's."""

    def _print_Float(self, expr: Any) -> str:  # noqa: N802
        return repr(float(expr))

    def _print_Infinity(self, expr: Any) -> str:  # noqa: N802
        return "inf"

    def _print_NegativeInfinity(self, expr: Any) -> str:  # noqa: N802
        return "-inf"

    def _print_Abs(self, expr: Any) -> str:  # noqa: N802
        return f"abs({self._print(expr.args[0])})"

    def _print_loggamma(self, expr: Any) -> str:
        return f"lgamma({self._print(expr.args[0])})"

    def _print_polygamma(self, expr: Any) -> str:
        n, x = expr.args
        return f"digamma({self._print(x)})" if n == 0 else f"polygamma({n}, {self._print(x)})"

    def _print_And(self, expr: Any) -> str:  # noqa: N802
        return " and ".join(f"({self._print(part)})" for part in expr.args)

    def _print_Or(self, expr: Any) -> str:  # noqa: N802
        return " or ".join(f"({self._print(part)})" for part in expr.args)

    def _print_Not(self, expr: Any) -> str:  # noqa: N802
        return f"not ({self._print(expr.args[0])})"

    def _print_Piecewise(self, expr: Any) -> str:  # noqa: N802
        *choices, (last, _) = expr.args
        return "(" + "".join(f"{self._print(a)} if {self._print(c)} else " for a, c in choices) + f"{self._print(last)})"


def claimed(program: Program) -> Any:
    """A claimed formula as a SymPy expression. Raises NotBuilt for one with branches."""
    if program.branching:
        raise NotBuilt("the claim has branches")
    trace: _Trace = run(program, {name: program.defaults.get(name, 1.0) for name in program.inputs})
    return expression(trace, [(trace.node_of(program.output), 1.0)])


def equal(one: Any, other: Any) -> bool:
    """Whether SymPy shows two formulas to be equal; False says nothing."""
    difference = one - other
    if difference == 0:
        return True
    if terms(difference) > MAX_EXPANSION:
        return False
    return bool(sp.expand(difference) == 0)


def terms(e: Any) -> int:
    """A bound of the number of terms that expanding an expression makes."""
    if e.is_Add:
        return sum(map(terms, e.args))
    if e.is_Mul:
        return math.prod(map(terms, e.args))
    if e.is_Pow and e.exp.is_Integer:
        return min(int(terms(e.base) ** min(abs(int(e.exp)), 50)), 10**9)
    return max([1, *map(terms, e.args)])


__all__ = ["SYMBOLS", "NotBuilt", "claimed", "derivatives", "equal", "expression", "shown"]
