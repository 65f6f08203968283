"""The number system of the engines that judge: mpmath numbers of a chosen precision, in a context of their own.

Where the real function has no value the result is nan (never a complex number); a number too large to work with raises `TooLarge`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mpmath.ctx_mp import MPContext

from gradcli.operations.op import Algebra, Op

MAX_EXPONENT = 40
"""Bits that the argument of an exponential may have before its point: e to the power 2**40 has an exponent that still fits."""

MAX_ARGUMENT = 4400
"""Bits that the argument of any function may have before its point; a product of four doubles has at most 4096."""


KNOWN = 4096
"""Doubles that are kept as numbers of the system."""


class TooLarge(Exception):
    """A number that an engine does not work with, because its size would make it slow."""


class Functions:
    """The functions that rows are written in, over the mpmath context `context`: guarded, and real or nan."""

    log: Any
    log1p: Any
    exp: Any
    Abs = staticmethod(abs)

    def __init__(self, context: Any) -> None:
        self.context = context
        self.mpf = context.mpf
        self.nan = context.nan
        self.lost: float = 0
        for name in ("sqrt", "log", "log1p", "cbrt", "atan", "atan2", "tanh", "asinh", "acosh"):
            setattr(self, name, self.guarded(getattr(context, name), math.inf))
        for name in ("sin", "cos", "tan", "asin", "acos", "atanh", "erf", "erfinv"):
            setattr(self, name, self.guarded(getattr(context, name), MAX_ARGUMENT))
        inf = context.inf
        for name, below, above in (("exp", 0, inf), ("expm1", -1, inf), ("sinh", -inf, inf), ("cosh", inf, inf)):
            setattr(self, name, self.saturating(getattr(context, name), MAX_EXPONENT, below, above))
        self.erfc = self.saturating(context.erfc, MAX_EXPONENT // 2, 2, 0)
        self.gamma = self.guarded(context.gamma, MAX_EXPONENT)
        self.power = self.guarded(self._power, math.inf)
        self.lgamma = self.guarded(self._lgamma, MAX_ARGUMENT)
        self.polygamma = self.guarded(self._polygamma, MAX_ARGUMENT)
        self.sinc = self.guarded(context.sincpi, MAX_ARGUMENT)
        self.sinc_derivative = self.guarded(self._sinc_derivative, MAX_EXPONENT)

    def guarded(self, function: Callable[..., Any], limit: float) -> Callable[..., Any]:
        """The function with a limit of size on its arguments, nan for complex results and at poles."""

        def call(*arguments: Any) -> Any:
            numbers = [self.mpf(x) for x in arguments]
            if any(magnitude(x) > limit for x in numbers):
                raise TooLarge("a number is too large for the precise engines")
            try:
                return self.real(function(*numbers))
            except (ZeroDivisionError, ValueError):
                return self.nan

        return call

    def saturating(self, function: Callable[..., Any], limit: int, below: Any, above: Any) -> Callable[..., Any]:
        """The function, and beyond a limit of size what it is but for less than 2**-2**20: 0, a constant, or infinity."""

        def call(x: Any) -> Any:
            number = self.mpf(x)
            if magnitude(number) > limit:
                return self.mpf(above if number > 0 else below)
            return self.real(function(number))

        return call

    def real(self, value: Any) -> Any:
        """The value if it is real, else nan."""
        return value if hasattr(value, "_mpf_") else self.nan

    @property
    def pi(self) -> Any:
        """The circle's number at the working precision."""
        return +self.context.pi

    def digamma(self, x: Any) -> Any:
        """The logarithmic derivative of gamma."""
        return self.polygamma(0, x)

    def log1pexp(self, x: Any) -> Any:
        """log(1 + exp(x)), by the exponential that does not overflow."""
        return x + self.log1p(self.exp(-x)) if x > 0 else self.log1p(self.exp(x))

    def logaddexp(self, a: Any, b: Any) -> Any:
        """log(exp(a) + exp(b)), by the exponential that does not overflow."""
        return max(a, b) + self.log1p(self.exp(-abs(a - b)))

    def xlogy(self, a: Any, b: Any) -> Any:
        """a*log(b), 0 where a is 0."""
        return a * self.log(b) if a else a

    def _power(self, a: Any, b: Any) -> Any:
        if a and b and magnitude(b) + magnitude(self.context.log(abs(a))) > MAX_EXPONENT + 1:
            if a < 0:
                raise TooLarge("a power is too large for the precise engines")
            return self.mpf(0 if (a < 1) == (b > 0) else self.context.inf)
        return a**b

    def _polygamma(self, n: Any, x: Any) -> Any:
        """mpmath's on the positive side, and the reflection formula DLMF 5.15.6 on the other, where mpmath's time grows with |x|."""
        n, ctx = int(n), self.context
        if x >= 0:
            return ctx.psi(n, x)
        with ctx.extraprec(32 + 8 * n):
            c, coefficients = ctx.cospi(x) / ctx.sinpi(x), [0, 1]
            for _ in range(n):  # the derivative of a polynomial p in cot(pi*x) is -pi*(1 + cot**2)*p'
                slope = [*(-k * coefficient for k, coefficient in enumerate(coefficients[1:], 1)), 0, 0]
                coefficients = [a + b for a, b in zip([*slope, 0], [0, 0, *slope], strict=False)]
            cotangent = sum(coefficient * c**k for k, coefficient in enumerate(coefficients)) * ctx.pi ** (n + 1)
            value = (-1) ** n * ctx.psi(n, 1 - x) - cotangent
        return +value

    def _lgamma(self, x: Any) -> Any:
        """The reflection formula DLMF 5.5.3 on the negative side, where gamma underflows far from its poles."""
        ctx = self.context
        if x > 0:
            return ctx.loggamma(x)
        with ctx.extraprec(64):
            value = ctx.log(ctx.pi / abs(ctx.sinpi(x))) - ctx.loggamma(1 - x)
        return +value

    def _sinc_derivative(self, n: Any, x: Any) -> Any:
        """By its power series near 0; beyond, from Leibniz's rule on u*sinc = sin(u), u = pi*x: u*S(n) + n*S(n-1) = sin(u + n*pi/2)."""
        n = int(n)
        return self._sinc_series(n, x) if abs(x) <= n + 8 else self._sinc_upwards(n, x)

    def _sinc_series(self, n: int, x: Any) -> Any:
        """The power series term by term, with bits to spare for its cancellation."""
        ctx = self.context
        with ctx.extraprec(int(10 * abs(x)) + 8 * n + 32):
            k = (n + 1) // 2
            factor = ctx.factorial(2 * k) / ctx.factorial(2 * k - n) / ctx.factorial(2 * k + 1)
            term = (-1) ** k * ctx.pi ** (2 * k) * ctx.mpf(x) ** (2 * k - n) * factor
            total, step = term, (ctx.pi * x) ** 2
            while term and abs(term) > ctx.ldexp(abs(total), -ctx.prec) * ctx.mpf(2) ** -2:
                k += 1
                term = -term * step * (2 * k) * (2 * k - 1) / ((2 * k - n) * (2 * k - n - 1) * (2 * k) * (2 * k + 1))
                total += term
        return +total

    def _sinc_upwards(self, n: int, x: Any) -> Any:
        """The recurrence from S(0) upwards, which is stable for n <= u."""
        ctx = self.context
        with ctx.extraprec(4 * n + 32):
            turns = [ctx.sinpi(x), ctx.cospi(x)]
            turns += [-turn for turn in turns]
            u, scaled = ctx.pi * x, ctx.sincpi(x)
            for k in range(1, n + 1):
                scaled = (turns[k % 4] - k * scaled) / u
            scaled = scaled * ctx.pi**n
        return +scaled


def magnitude(x: Any) -> float:
    """Bits before the point; minus infinity for zero, 0 for what is not finite."""
    _, mantissa, exponent, bits = x._mpf_
    return exponent + bits if mantissa else (-math.inf if exponent == 0 else 0)


class Precise(Algebra):
    """F over mpmath numbers; `prec` (bits) may be changed between runs."""

    def __init__(self, prec: int = 256) -> None:
        self.context = MPContext()
        self.context.prec = prec
        self.functions = Functions(self.context)
        self.known: dict[float, Any] = {}

    @property
    def pi(self) -> Any:
        """The circle's number at the working precision."""
        return self.functions.pi

    def number(self, value: Any) -> Any:
        """A float as an mpmath number: exactly its double; those of programs come again in every run."""
        if type(value) is not float:
            return self.context.mpf(value)
        found = self.known.get(value)
        if found is None:
            found = self.context.mpf(value)
            if len(self.known) < KNOWN:
                self.known[value] = found
        return found

    def largest(self, numbers: Iterable[Any]) -> Any:
        """The largest absolute value among finite numbers, 0 if there is none; those of a smaller exponent are not compared."""
        top, most = -math.inf, [self.number(0.0)]
        for number in numbers:
            _, mantissa, exponent, bits = number._mpf_
            if mantissa and exponent + bits >= top:
                most = [*most, number] if exponent + bits == top else [number]
                top = exponent + bits
        return max(map(abs, most))

    def decisive(self, value: Any) -> Any:
        """The numbers themselves: a float would be a tie where these are none."""
        return value

    def operation(self, op: Op) -> Callable[..., Any]:
        if op.decide is not None:
            return lambda *xs: self.on_piece(op, op.piece_of(xs), xs)
        return lambda *xs: self.exact(op, xs)

    def exact(self, op: Op, arguments: Sequence[Any]) -> Any:
        """The function of a row at the working precision; nan where it has no value."""
        try:
            result = op.exact(self.functions, *arguments)  # type: ignore[misc]
            return result if hasattr(result, "_mpf_") else self.number(result)
        except (ZeroDivisionError, ValueError):
            return self.context.nan

    def one_piece(self, op: Op, k: Any, arguments: Sequence[Any]) -> Any:
        result = super().one_piece(op, k, arguments)
        return result if op.boolean else self.number(result)
