"""The rows over SymPy: their formulas, their derivatives by `sympy.diff` (each once), and these evaluated in mpmath.

SymPy sees symbols and constants that are built here, never a user's text. Its derivatives are used where a row is smooth; on a row
with pieces, where the piece is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import sympy as sp

from gradcli.operations.arrays import shape_of
from gradcli.operations.lazily import np
from gradcli.operations.op import Algebra, Op
from gradcli.operations.precise import Functions, magnitude
from gradcli.operations.table import by_name

Evaluation = Callable[[Functions, Sequence[Any]], Any]


class NotEvaluated(ArithmeticError):
    """A SymPy expression holds what no number system here computes: there is no answer, and no fault."""


class softplus(sp.Function):  # type: ignore[misc]  # noqa: N801  its name in programs
    """log(1 + exp(x)), which SymPy has no function for; a test differentiates the definition to prove `fdiff`."""

    def fdiff(self, argindex: int = 1) -> Any:
        """1/(1 + exp(-x))."""
        return 1 / (1 + sp.exp(-self.args[0]))

    def _eval_rewrite_as_log(self, x: Any, **hints: Any) -> Any:
        return sp.log(1 + sp.exp(x))

    def _eval_evalf(self, prec: int) -> Any:
        return self.rewrite(sp.log)._eval_evalf(prec)


class SymbolicFunctions:
    """The functions that rows are written in, over SymPy expressions."""

    pi = sp.pi
    sqrt, log, exp = sp.sqrt, sp.log, sp.exp
    sin, cos, tan, asin, acos, atan, atan2 = sp.sin, sp.cos, sp.tan, sp.asin, sp.acos, sp.atan, sp.atan2
    sinh, cosh, tanh, asinh, acosh, atanh = sp.sinh, sp.cosh, sp.tanh, sp.asinh, sp.acosh, sp.atanh
    erf, erfc, erfinv, gamma, lgamma, digamma, polygamma = sp.erf, sp.erfc, sp.erfinv, sp.gamma, sp.loggamma, sp.digamma, sp.polygamma

    @staticmethod
    def power(a: Any, b: Any) -> Any:
        """a to the power b."""
        return a**b

    @staticmethod
    def expm1(x: Any) -> Any:
        """exp(x) - 1."""
        return sp.exp(x) - 1

    @staticmethod
    def log1p(x: Any) -> Any:
        """log(1 + x)."""
        return sp.log(1 + x)

    @staticmethod
    def log1pexp(x: Any) -> Any:
        """log(1 + exp(x)), a function of its own: its derivative has values where exp(x) is too large."""
        return softplus(x)

    @staticmethod
    def logaddexp(a: Any, b: Any) -> Any:
        """log(exp(a) + exp(b))."""
        return b + softplus(a - b)

    @staticmethod
    def cbrt(x: Any) -> Any:
        """The cube root of a positive number."""
        return x ** sp.Rational(1, 3)

    @staticmethod
    def xlogy(a: Any, b: Any) -> Any:
        """a*log(b)."""
        return a * sp.log(b)

    @staticmethod
    def sinc(x: Any) -> Any:
        """sin(pi*x)/(pi*x)."""
        return sp.sin(sp.pi * x) / (sp.pi * x)

    @staticmethod
    def sinc_derivative(n: Any, x: Any) -> Any:
        """The n-th derivative of sinc, for a whole number n."""
        t = sp.Symbol("t", real=True)
        return sp.diff(sp.sin(sp.pi * t) / (sp.pi * t), t, int(n)).subs(t, x)

    @staticmethod
    def choice(condition: Any, a: Any, b: Any) -> Any:
        """a where the condition holds, else b."""
        return sp.Piecewise((a, condition), (b, True))

    @staticmethod
    def step(name: str, x: Any) -> Any:
        """A function that is constant between its jumps, by name: its derivative is 0."""
        return step_function(name)(x)

    Abs, Lt, Le, Gt, Ge, Eq, Ne, And, Or, Not = sp.Abs, sp.Lt, sp.Le, sp.Gt, sp.Ge, sp.Eq, sp.Ne, sp.And, sp.Or, sp.Not


@lru_cache(maxsize=64)
def step_function(name: str) -> Any:
    """The SymPy class of a step function: one class per name, so that equal formulas are equal."""
    return type(name, (sp.Function,), {"fdiff": lambda self, argindex=1: sp.Integer(0)})


FUNCTIONS = SymbolicFunctions


class Symbols(Algebra):
    """F over SymPy expressions; for the pieces and partials of rows."""

    pi = sp.pi

    def operation(self, op: Op) -> Callable[..., Any]:
        return lambda *xs: formula(op, xs)

    def number(self, value: Any) -> Any:
        """A float as SymPy has it, whole numbers exactly; an expression stays what it is."""
        if isinstance(value, sp.Basic):
            return value
        return sp.Integer(int(value)) if float(value).is_integer() else sp.Float(value)

    def decisive(self, value: Any) -> Any:
        """The expressions themselves."""
        return value

    def roughly(self, value: Any) -> Any:
        """Expressions have no size."""
        return np.zeros(shape_of(value))


SYMBOLS = Symbols()


def formula(op: Op, arguments: Sequence[Any]) -> Any:
    """A row applied to SymPy expressions; a row without SymPy form stays a named function."""
    rule = op.symbolic or op.exact
    return rule(FUNCTIONS, *arguments) if rule is not None else sp.Function(op.name)(*arguments)


def symbols_of(op: Op) -> tuple[Any, ...]:
    """A real symbol for each argument of a row."""
    return tuple(sp.Symbol(name, real=True) for name in op.params)


@lru_cache(maxsize=4096)
def derivative(name: str, i: int, k: Any = None, literals: tuple[tuple[int, float], ...] = ()) -> Any:
    """SymPy's derivative of a row by its i-th argument, on piece k where it has pieces, with some arguments replaced by numbers."""
    op = by_name(name)
    symbols = list(symbols_of(op))
    variable = symbols[i]
    for j, value in literals:
        symbols[j] = sp.Rational(value)
    smooth = op.piece(SYMBOLS, k, *symbols) if op.piece is not None and k is not None else formula(op, symbols)
    return sp.powsimp(sp.diff(sp.sympify(smooth), variable))


@lru_cache(maxsize=4096)
def second_partial(name: str, i: int, j: int, k: Any = None, literals: tuple[tuple[int, float], ...] = ()) -> Evaluation:
    """SymPy's second derivative of a row by its i-th and j-th arguments, as a function of mpmath numbers."""
    symbols = symbols_of(by_name(name))
    return compiled(sp.powsimp(sp.diff(derivative(name, i, k, literals), symbols[j])), {symbol: n for n, symbol in enumerate(symbols)})


def is_zero(name: str, i: int, k: Any, literals: tuple[tuple[int, float], ...] = ()) -> bool:
    """Whether SymPy's derivative is zero everywhere: the row does not depend on the argument there."""
    return bool(derivative(name, i, k, literals) == 0)


MAX_PREC = 8192
"""Bits up to which a derivative that cancels is computed again."""


def at_point(part: Evaluation, m: Functions, xs: Sequence[Any]) -> Any:
    """A derivative at a point, with more bits where its terms cancel; where it has a hole there, its limit."""
    value = resolved(part, m, xs)
    return value if value == value else limit_at(part, m, xs)


def resolved(part: Evaluation, m: Functions, xs: Sequence[Any]) -> Any:
    """The value of a derivative, computed again with twice the bits as long as a sum in it loses half of them."""
    prec = m.context.prec
    try:
        while True:
            m.lost = 0
            value = part(m, xs)
            if m.lost <= m.context.prec // 2 or 2 * m.context.prec > MAX_PREC:
                return value
            m.context.prec *= 2
    except (ZeroDivisionError, ValueError, NotEvaluated):
        return m.nan
    finally:
        m.context.prec = prec


def limit_at(part: Evaluation, m: Functions, xs: Sequence[Any]) -> Any:
    """What a derivative tends to at a removable singularity: its values on both sides along two lines, if all agree."""
    ctx = m.context
    step = ctx.ldexp(1, -ctx.prec)
    sides = [side * step for side in ((-1, 1) if len(xs) == 1 else (-1, 1, -3, 3))]
    values = [resolved(part, m, [xs[0] + side / abs(side) * step, *(x + side for x in xs[1:])]) for side in sides]
    apart = max(values) - min(values) if all(value == value for value in values) else m.nan
    return sum(values) / len(values) if apart <= ctx.ldexp(max(1, *map(abs, values)), -ctx.prec // 2) else m.nan


def total(m: Functions, terms: list[Any]) -> Any:
    """A sum that notes how many bits cancelled."""
    result = sum(terms[1:], terms[0])
    m.lost = max(m.lost, max(map(magnitude, terms)) - magnitude(result)) if any(terms) else m.lost
    return result


@lru_cache(maxsize=4096)
def partial(name: str, i: int, k: Any = None, literals: tuple[tuple[int, float], ...] = ()) -> Evaluation:
    """`derivative`, as a function of mpmath numbers."""
    op = by_name(name)
    return compiled(derivative(name, i, k, literals), {symbol: j for j, symbol in enumerate(symbols_of(op))})


NAMES = {found: name for name, found in vars(SymbolicFunctions).items() if isinstance(found, type) and issubclass(found, sp.Function)}
NAMES[softplus] = "log1pexp"
"""SymPy's functions in derivatives of rows, and what they are called here."""


def compiled(expression: Any, places: dict[Any, int]) -> Evaluation:
    """An expression as a function of (functions, arguments); `places` says which argument each symbol is."""
    if expression.is_Symbol and expression in places:
        place = places[expression]
        return lambda m, xs: xs[place]
    if expression.is_Rational:
        numerator, denominator = int(expression.p), int(expression.q)
        return lambda m, xs: m.mpf(numerator) / denominator
    if expression.is_Float:
        value = float(expression)
        return lambda m, xs: m.mpf(value)
    if expression is sp.pi:
        return lambda m, xs: m.pi
    if expression is sp.E:
        return lambda m, xs: m.exp(1)
    if not expression.args or not isinstance(expression, sp.Expr):
        return unknown(expression)
    return combined(expression, [compiled(argument, places) for argument in expression.args])


def combined(expression: Any, parts: list[Evaluation]) -> Evaluation:
    """A sum, product, power or function of parts."""
    if expression.is_Add:
        return lambda m, xs: total(m, [m.mpf(part(m, xs)) for part in parts])
    if expression.is_Mul:
        return lambda m, xs: m.context.fprod(part(m, xs) for part in parts)
    if expression.is_Pow:
        base, exponent = parts
        if expression.exp.is_Integer:
            n = int(expression.exp)
            return lambda m, xs: base(m, xs) ** n
        return lambda m, xs: m.power(base(m, xs), exponent(m, xs))
    name = NAMES.get(type(expression))
    return unknown(expression) if name is None else lambda m, xs: getattr(m, name)(*[part(m, xs) for part in parts])


def unknown(expression: Any) -> Evaluation:
    """Raises NotEvaluated, when it is evaluated: a derivative may be shown that has no numbers."""

    def evaluation(m: Functions, xs: Sequence[Any]) -> Any:
        raise NotEvaluated(f"SymPy's derivative holds {expression}, which is not computed here")

    return evaluation
