"""The derivative of a whole program as a formula: built by SymPy from the graph, to be shown and to decide claims.

SymPy never sees text. Graphs beyond a size are not built, and what holds no input is one number, so that nothing large is computed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.printing.str import StrPrinter

from gradcli.checking.claims import Claim, point_of
from gradcli.checking.lines import Line, label
from gradcli.checking.subject import Subject
from gradcli.differentiation.gradients import inputs_of
from gradcli.graphs import Graph
from gradcli.language import Trace, run
from gradcli.language.interpreter import Trace as _Trace
from gradcli.operations import Op
from gradcli.operations.arrays import has_arrays, is_array, shape_of
from gradcli.operations.lazily import np
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


def expression(trace: Trace, outputs: Sequence[tuple[int, Any]]) -> Any:
    """The weighted sum of output nodes as a SymPy expression over the inputs. Raises NotBuilt when it would be too large."""
    graph = trace.graph
    count = sum(int(np.size(value)) if is_array(value) else 1 for value in graph.values[: len(graph)])
    if count > MAX_NODES:
        raise NotBuilt(f"{count} nodes are more than {MAX_NODES}: the derivative is not built as a formula")
    refuse_large(graph)
    names = {node: name for name, node in inputs_of(trace).items()}
    built: dict[int, Any] = {}
    for i, (op, arguments) in enumerate(zip(graph.operations, graph.arguments, strict=True)):
        if i in names:
            built[i] = symbols(names[i], shape_of(graph.values[i]))
        elif all(a < 0 or not has_symbols(built[a]) for a in arguments) and not written(op, graph.values[i]):
            built[i] = numbers(graph.values[i])
        else:
            built[i] = applied(op, [numbers(graph.values[a]) if a < 0 else built[a] for a in arguments])
    return sum((weighted(weight, numbers(graph.values[node]) if node < 0 else built[node]) for node, weight in outputs), sp.Integer(0))


def symbols(name: str, shape: tuple[int, ...]) -> Any:
    """The symbol of an input, or an array of those of its elements, which print as programs spell them."""
    if not shape:
        return sp.Symbol(name, real=True)
    named = np.empty(shape, object)
    for place in np.ndindex(*shape):
        named[place] = sp.Symbol(label(name, place), real=True)
    return named


def has_symbols(built: Any) -> bool:
    """Whether an expression, or one of an array, depends on an input."""
    return any(has_symbols(one) for one in built.flat) if is_array(built) else bool(getattr(built, "free_symbols", False))


def numbers(value: Any) -> Any:
    """A value of a run as SymPy shows it best; a setting stays what it is."""
    if is_array(value) and value.dtype != bool:
        return np.frompyfunc(lambda x: number(float(x)), 1, 1)(value)
    return number(value) if isinstance(value, float) else sp.Integer(int(value)) if isinstance(value, bool) else value


def applied(op: Op, arguments: Sequence[Any]) -> Any:
    """A row applied to expressions, or to arrays of them. Raises NotBuilt for what chooses by values."""
    if op.transparent:
        return arguments[0]
    if not op.structural and not has_arrays(arguments):
        return formula(op, arguments)
    if op.structural and op.decide is not None:
        raise NotBuilt(f"{op.name} chooses by values: the derivative is not built as a formula")
    return getattr(SYMBOLS, op.name)(*arguments)


def weighted(weight: Any, value: Any) -> Any:
    """An output times its weight, added up."""
    return sum(numbers(weight).flat * value.ravel()) if is_array(value) else number(float(weight)) * value


ARITHMETIC = frozenset(("add", "sub", "neg", "mul", "div", "sqrt"))


def written(op: Op, value: Any) -> bool:
    """Whether an operation on constants is kept as it is written, such as 1/3 or sqrt(2*pi), and not made one double."""
    return op.name in ARITHMETIC and type(value) is float and math.isfinite(value) and 1e-6 < abs(value) < 1e6


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


def derivatives(trace: Trace, outputs: Sequence[tuple[int, Any]], lines: Sequence[Line]) -> dict[str, Any]:
    """SymPy's derivative along each line. Raises NotBuilt for a direction in which many elements move."""
    whole = expression(trace, outputs)
    if any(line.direction is not None and np.count_nonzero(line.direction) != 1 for line in lines):
        raise NotBuilt("a derivative along a direction is not built as a formula")
    return {line.label: sp.diff(whole, sp.Symbol(line.label, real=True)) for line in lines}


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


def claimed(claim: Claim, subject: Subject) -> Any:
    """A claimed formula as a SymPy expression, of an array the element of its line. Raises NotBuilt for one with branches."""
    program = claim.program
    if program is None or program.branching:
        raise NotBuilt("the claim has branches")
    trace: _Trace = run(program, point_of(program, subject))
    node = trace.node_of(program.output)
    whole = claim.element is None and claim.line is not None and claim.line.direction is not None and is_array(trace.graph.values[node])
    return expression(trace, [(node, claim.line.direction if whole else 1.0)])  # type: ignore[union-attr]


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
