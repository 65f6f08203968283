"""The truth for tests, independent of gradcli: a program's text as Python's own expression over SymPy, derived by SymPy, 60 digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import sympy as sp
from mpmath.ctx_mp import MPContext

DIGITS = 60

NUMBER = re.compile(r"(?<![\w.])(\d+\.?\d*(?:[eE][+-]?\d+)?)")


def piecewise(condition: Any, a: Any, b: Any) -> Any:
    """a where the condition holds, else b."""
    return sp.Piecewise((a, condition), (b, True))


def erfc_form(x: Any) -> Any:
    """The normal distribution function."""
    return sp.erfc(-x / sp.sqrt(2)) / 2


LEAK, ONE = sp.Rational(0.01), sp.Integer(1)

COMMON = (
    *("sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"),
    *("sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "erfinv", "gamma"),
)
"""Functions that SymPy and mpmath call alike."""

FUNCTIONS: dict[str, Any] = {
    **{name: getattr(sp, name) for name in (*COMMON, "digamma")},
    "ln": sp.log,
    "psi": sp.digamma,
    "tgamma": sp.gamma,
    "arcsin": sp.asin,
    "arccos": sp.acos,
    "arctan": sp.atan,
    "arcsinh": sp.asinh,
    "arccosh": sp.acosh,
    "arctanh": sp.atanh,
    "lgamma": lambda x: sp.log(sp.Abs(sp.gamma(x))),
    "gammaln": sp.loggamma,
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "neg": lambda x: -x,
    "power": lambda a, b: a**b,
    "square": lambda x: x**2,
    "reciprocal": lambda x: 1 / x,
    "cbrt": lambda x: piecewise(x > 0, x ** sp.Rational(1, 3), -((-x) ** sp.Rational(1, 3))),
    "hypot": lambda a, b: sp.sqrt(a**2 + b**2),
    "exp2": lambda x: 2**x,
    "expm1": lambda x: sp.exp(x) - 1,
    "log1p": lambda x: sp.log(1 + x),
    "log2": lambda x: sp.log(x) / sp.log(2),
    "log10": lambda x: sp.log(x) / sp.log(10),
    "normpdf": lambda x: sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi),
    "normcdf": erfc_form,
    "ndtr": erfc_form,
    "sinc": lambda x: sp.sin(sp.pi * x) / (sp.pi * x),
    "sigmoid": lambda x: 1 / (1 + sp.exp(-x)),
    "expit": lambda x: 1 / (1 + sp.exp(-x)),
    "logsigmoid": lambda x: -sp.log(1 + sp.exp(-x)),
    "softplus": lambda x: sp.log(1 + sp.exp(x)),
    "silu": lambda x: x / (1 + sp.exp(-x)),
    "swish": lambda x: x / (1 + sp.exp(-x)),
    "gelu": lambda x: x * erfc_form(x),
    "logaddexp": lambda a, b: sp.log(sp.exp(a) + sp.exp(b)),
    "xlogy": lambda a, b: a * sp.log(b),
    "abs": sp.Abs,
    "absolute": sp.Abs,
    "relu": lambda x: piecewise(x > 0, x, 0),
    "leaky_relu": lambda x, slope=LEAK: piecewise(x > 0, x, slope * x),
    "elu": lambda x, alpha=ONE: piecewise(x > 0, x, alpha * (sp.exp(x) - 1)),
    "maximum": lambda a, b: piecewise(a > b, a, b),
    "max": lambda a, b: piecewise(a > b, a, b),
    "minimum": lambda a, b: piecewise(a < b, a, b),
    "min": lambda a, b: piecewise(a < b, a, b),
    "clip": lambda x, low, high: sp.Piecewise((low, x < low), (high, x > high), (x, True)),
    "clamp": lambda x, low, high: sp.Piecewise((low, x < low), (high, x > high), (x, True)),
    "R": lambda text: sp.Rational(float(text)),
}


def symbol(name: str) -> Any:
    """A real symbol."""
    return sp.Symbol(name, real=True)


def expression(program: str, names: Mapping[str, Any]) -> Any:
    """A program of assignments and a last expression as a SymPy expression; every literal means its double."""
    # `pi` means its double too, as in every engine
    scope = {"__builtins__": {}, **FUNCTIONS, "pi": sp.Rational(float(sp.pi)), **names}
    *assignments, last = [NUMBER.sub(r'R("\1")', piece.strip()) for piece in program.split(";")]
    for assignment in assignments:
        name, value = assignment.split("=", 1)
        scope[name.strip()] = eval(value, scope)  # our own corpus, in tests only
    return sp.sympify(eval(last, scope))


def point(at: str) -> dict[str, float]:
    """`x=1,y=2` as numbers."""
    return {name: float(value) for name, value in (pair.split("=") for pair in at.split(","))}


def derivatives(program: str, at: Mapping[str, float]) -> dict[str, Any]:
    """SymPy's derivative by each input, as a formula."""
    names = {name: symbol(name) for name in at}
    whole = expression(program, names)
    return {name: sp.diff(whole, names[name]) for name in at}


def number(formula: Any, at: Mapping[str, float]) -> Any:
    """A formula at a point, as an mpmath number right to 60 digits (two precisions that agree); None if SymPy has no value there."""
    try:
        coarse, prec = computed(formula, at, 400), 800
        while prec <= 6400:
            fine = computed(formula, at, prec)
            if abs(fine - coarse) <= abs(fine) * 2.0**-210 and (fine or prec >= 3200):
                return fine
            coarse, prec = fine, 2 * prec
    except (ZeroDivisionError, ValueError):
        return None
    return None


def computed(formula: Any, at: Mapping[str, float], prec: int) -> Any:
    """A formula at a point and a precision."""
    context = MPContext()
    context.prec = prec
    value = sp.lambdify([symbol(name) for name in at], formula, modules=[functions(context), "mpmath"])(
        *[context.mpf(x) for x in at.values()]
    )
    return context.mpf(value.real if hasattr(value, "real") and not value.imag else value)


def functions(context: MPContext) -> dict[str, Any]:
    """The functions of SymPy's printed formulas, over one context."""
    found = {name: getattr(context, name) for name in (*COMMON, "loggamma", "sign")}
    found |= {
        "mpf": context.mpf,
        "pi": context.pi,
        "psi": context.psi,
        "polygamma": lambda n, x: context.psi(int(n), x),
        "digamma": lambda x: context.psi(0, x),
        "Abs": abs,
        "abs": abs,
        "loggamma": context.loggamma,
        "mpmath": context,
        "E": context.e,
        "DiracDelta": lambda *xs: context.zero,
        "re": context.re,
        "im": context.im,
    }
    return found


def truths(program: str, at: Mapping[str, float]) -> dict[str, Any]:
    """The derivative by each input at a point."""
    return {name: number(formula, at) for name, formula in derivatives(program, at).items()}
