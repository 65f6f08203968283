"""Functions of real numbers that `math` lacks or computes too coarsely, on plain floats.

It knows how to compute values and nothing about rows of the table, derivatives or other number systems. Every function answers nan for
nan and the limit at an infinity (nan where there is none), and raises only what its docstring says. Errors are measured against
mpmath in tests/operations/test_special_functions.py. A&S is Abramowitz and Stegun, DLMF the NIST Digital Library (dlmf.nist.gov).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

# What float(π), float(√2) and the positive root of digamma lack to the exact numbers.
PI_TAIL = 1.2246467991473532e-16
ROOT_2_TAIL = -9.667293313452913e-17
DIGAMMA_ROOT, DIGAMMA_ROOT_TAIL = 1.4616321449683622, 9.549995429965697e-17

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798, -174611 / 330)
"""B₂, B₄, …, B₂₀ (DLMF 24.2)."""


# Exact helpers


def sum_error(a: float, b: float) -> float:
    """What fl(a + b) lacks to a + b, exactly (Knuth's TwoSum)."""
    total = a + b
    b_part = total - a
    return (a - (total - b_part)) + (b - b_part)


def leading_half(x: float) -> float:
    """The 26 leading bits of x, below 2^996 (Veltkamp's splitting)."""
    scaled = 134217729.0 * x
    return scaled - (scaled - x)


def horner(coefficients: Iterable[float], x: float) -> float:
    """The polynomial with these coefficients, highest power first."""
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


def sin_pi(x: float, quarter_turns: int = 0) -> float:
    """sin(πx + quarter_turns·π/2) for finite x, reduced exactly to |πx| ≤ π/4 before π is multiplied in."""
    turn = math.fmod(x, 2.0)
    quarters = round(2.0 * turn)
    angle = math.pi * (turn - quarters / 2.0)
    quadrant = (quarters + quarter_turns) % 4
    value = math.cos(angle) if quadrant % 2 else math.sin(angle)
    return -value if quadrant >= 2 else value


def derivative_order(n: float) -> int:
    """`n` as an int; ValueError if it is no integer from 0."""
    if not (0 <= n < math.inf and n == math.floor(n)):
        raise ValueError(f"the order of a derivative is an integer from 0, not {n!r}")
    return int(n)


def refuse_pole(x: float) -> None:
    """Raise ValueError at the poles of Γ: zero and the negative integers."""
    if x <= 0 and x == math.floor(x):
        raise ValueError(f"pole at {x!r}")


# The gamma family


def gamma(x: float) -> float:
    """Γ(x), from `math` (Lanczos); ValueError at poles, OverflowError above 171.6."""
    return math.nan if x == -math.inf else math.gamma(x)


@cache
def lgamma_taylor() -> tuple[float, ...]:
    """Coefficients of log Γ(2 + t) / t, highest power first: ψ⁽ᵏ⁻¹⁾(2)/k! (A&S 6.1.33, with 1 - γ = ψ(2))."""
    return (*(polygamma(k - 1, 2.0) / math.factorial(k) for k in range(40, 1, -1)), 0.42278433509846713)


def lgamma_near_2(t: float) -> float:
    """log Γ(2 + t) for |t| ≤ 3/4, with full relative accuracy at its root t = 0."""
    return t * horner(lgamma_taylor(), t)


def lgamma(x: float) -> float:
    """log|Γ(x)|; ValueError at poles, OverflowError above 2.5e305.

    Up to 6.5 by the series around 2 and the recurrence Γ(x + 1) = xΓ(x), whose differences x - k are exact: `math.lgamma` (Lanczos)
    loses relative accuracy around the roots 1 and 2. Near its roots between negative poles the error is small only absolutely.
    """
    if not 0 < x < 6.5:
        return math.lgamma(x)
    if x < 0.5:
        return lgamma_near_2(x) - math.log(x * (1.0 + x))
    if x < 1.25:
        return lgamma_near_2(x - 1.0) - math.log1p(x - 1.0)
    product = 1.0
    while x > 2.5:
        x -= 1.0
        product *= x
    return lgamma_near_2(x - 2.0) + math.log(product)


def digamma(x: float) -> float:
    """ψ(x) = Γ′(x)/Γ(x); ValueError at poles. Near its roots between negative poles the error is small only absolutely."""
    if math.isnan(x) or x == -math.inf:
        return math.nan
    refuse_pole(x)
    if x < 0:
        return digamma_positive(1.0 - x) - pi_cot_pi(x)  # A&S 6.3.7
    return digamma_positive(x)


def digamma_positive(x: float) -> float:
    """ψ(x) for x > 0: A&S 6.3.18 from 10 upwards."""
    if x < 10:
        return digamma_from_root(x)
    inverse = 1.0 / x
    return math.log(x) - 0.5 * inverse - inverse * inverse * horner(digamma_tail(), inverse * inverse)


@cache
def digamma_tail() -> tuple[float, ...]:
    """Coefficients of A&S 6.3.18 in powers of 1/x², highest power first: B₂ⱼ/(2j)."""
    return tuple(bernoulli / (2 * j) for j, bernoulli in enumerate(BERNOULLI, 1))[::-1]


def digamma_from_root(x: float) -> float:
    """ψ(x) for 0 < x < 10 as a multiple of the distance to the root r, so that it is relatively accurate there.

    ψ(x) - ψ(r) is written with the recurrence A&S 6.3.6 for ten steps and A&S 6.3.18 behind them, at z = x + 10 and w = r + 10,
    and x - r is taken out of every difference: 1/(r + k) - 1/(x + k) = (x - r)/((x + k)(r + k)), and so on.
    """
    distance = (x - DIGAMMA_ROOT) - DIGAMMA_ROOT_TAIL
    z, w = x + 10.0, DIGAMMA_ROOT + 10.0
    steps = [distance / (x + k) / (DIGAMMA_ROOT + k) for k in range(10)]
    u, v = 1.0 / (z * z), 1.0 / (w * w)
    value = slope = 0.0  # of the tail as a polynomial p in 1/z²: p(u) and (p(u) - p(v))/(u - v)
    for coefficient in (*digamma_tail(), 0.0):
        slope = slope * v + value
        value = value * u + coefficient
    return math.fsum((*steps, math.log1p(distance / w), distance / (2.0 * z * w), distance * (z + w) * u * v * slope))


def pi_cot_pi(x: float) -> float:
    """π·cot(πx), x not an integer, reduced exactly to |πx| ≤ π/4."""
    r = math.remainder(x, 1.0)
    if abs(r) > 0.25:
        return math.copysign(math.pi * math.tan(math.pi * (0.5 - abs(r))), r)
    return 1.0 / r if abs(r) < 1e-9 else math.pi / math.tan(math.pi * r)


def polygamma(n: float, x: float) -> float:
    """ψ⁽ⁿ⁾(x), the n-th derivative of digamma, for an integer n ≥ 0; ValueError at poles and for other n, OverflowError.

    ψ⁽ⁿ⁾(x) = (-1)ⁿ⁺¹ n! Σ 1/(x + k)ⁿ⁺¹ over k ≥ 0 (A&S 6.4.10). For n > 170, where n! is no float, OverflowError too. Near its roots
    between negative poles (even n) the error is small only absolutely.
    """
    if math.isnan(n) or math.isnan(x):
        return math.nan
    order = derivative_order(n)
    if order == 0:
        return digamma(x)
    if x == -math.inf:
        return math.nan
    refuse_pole(x)
    if order > 170:
        raise OverflowError("polygamma of an order above 170")
    total = shifted_powers(order, x, 0) if x > 0 else shifted_powers_across_poles(order, x)
    if math.isinf(total):
        raise OverflowError("polygamma is too large")
    return total if order % 2 else -total


def shifted_powers_across_poles(n: int, x: float) -> float:
    """n! Σ 1/(x + k)ⁿ⁺¹ over k ≥ 0 for x < 0, sorted by the distance from the nearest pole.

    With r the distance: the pole's own term, those to its right, and those to its left, which are all but those left of x.
    """
    r = math.remainder(x, 1.0)
    sign = 1.0 if n % 2 else -1.0  # of (-1)ⁿ⁺¹, for what lies to the left
    left, beyond = shifted_powers(n, -r, 1), shifted_powers(n, -x, 1)
    return math.fsum((factorial_over_power(n, r, n + 1), shifted_powers(n, r, 1), sign * left, -sign * beyond))


def shifted_powers(n: int, x: float, start: int) -> float:
    """n! Σ 1/(x + k)ⁿ⁺¹ over k ≥ start, x + start > 0, n ≥ 1: Euler and Maclaurin's sum (DLMF 25.11.7) from n + 10 on."""
    if x == math.inf:
        return 0.0
    stop = max(start, math.ceil(n + 10 - x))
    parts = [shifted_power(n, x, k, n + 1) for k in range(start, stop)]
    z = x + stop
    ratio = 1.0 / n
    tail = ratio + 0.5 / z
    for j, bernoulli in enumerate(BERNOULLI, 1):
        ratio *= (n + 2 * j - 2) * (n + 2 * j - 1) / (2 * j - 1) / (2 * j) / z / z
        tail += bernoulli * ratio
    return math.fsum((*parts, shifted_power(n, x, stop, n) * tail))


def shifted_power(n: int, x: float, shift: int, power: int) -> float:
    """n!/(x + shift)^power, corrected to first order for the rounding of x + shift."""
    z = x + shift
    return factorial_over_power(n, z, power) * (1.0 - power * (sum_error(x, shift) / z))


def factorial_over_power(n: int, z: float, power: int) -> float:
    """n!/z^power, in two steps, as z^power alone may leave the range of floats; OverflowError or inf if the quotient does."""
    half = power // 2
    return float(math.factorial(n)) * z**-half * z ** (half - power)


# The normal distribution


def erfinv(y: float) -> float:
    """The inverse of erf on [-1, 1]; ValueError outside.

    Winitzki's approximation (2008, two digits) and three steps of Halley's method, on erfc for |y| > 1/2, where 1 - |y| is exact.
    """
    if abs(y) > 1:
        raise ValueError(f"erfinv is defined from -1 to 1, not at {y!r}")
    if abs(y) == 1 or math.isnan(y):
        return y * math.inf
    if abs(y) < 1e-8:
        return y * 0.886226925452758  # √π/2
    size = abs(y)
    log = math.log1p(-y * y)
    b, c = 2.0 / (math.pi * 0.147) + log / 2.0, -log / 0.147
    x = math.sqrt(c / (math.sqrt(b * b + c) + b))
    for _ in range(3):
        miss = math.erf(x) - size if size <= 0.5 else (1.0 - size) - math.erfc(x)
        newton = miss * math.exp(x * x) * 0.886226925452758
        x -= newton / (1.0 + x * newton)
    return math.copysign(x, y)


def gauss(x: float) -> float:
    """exp(-x²), with x² split as in `normpdf`."""
    if abs(x) > 30:
        return math.nan if x != x else 0.0
    high = leading_half(x)
    return math.exp(-high * high) * math.exp(-(x - high) * (x + high))


def normpdf(x: float) -> float:
    """The standard normal density exp(-x²/2)/√(2π), with x² split so that its rounding is not amplified (as in Cody's erfc, 1990)."""
    if abs(x) > 40:
        return 0.0
    high = leading_half(x)
    return math.exp(-0.5 * high * high) * (math.exp(-0.5 * (x - high) * (x + high)) * 0.3989422804014327)


def normcdf(x: float) -> float:
    """The standard normal distribution function erfc(-x/√2)/2 (A&S 26.2.29), corrected to first order for the rounding of x/√2."""
    if abs(x) > 40:
        return 0.0 if x < 0 else 1.0
    z = -x * math.sqrt(0.5)
    head, root = leading_half(z), leading_half(math.sqrt(2.0))
    root_rest = math.sqrt(2.0) - root
    rest = (((-x - head * root) - (z - head) * root) - head * root_rest) - (z - head) * root_rest - z * ROOT_2_TAIL
    return 0.5 * math.erfc(z) - rest * normpdf(x)


def gelu(x: float) -> float:
    """x·normcdf(x) (Hendrycks and Gimpel 2016); far down by the continued fraction A&S 26.2.14, as normcdf underflows before it does."""
    if x > -37:
        return x * normcdf(x)
    fraction = 0.0
    for k in range(8, 0, -1):
        fraction = k / (fraction - x)
    return -normpdf(x) / (1.0 - fraction / x)


# Activations


def sigmoid(x: float) -> float:
    """1/(1 + e⁻ˣ), by the exponential that does not overflow."""
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    power = math.exp(x)
    return power / (1.0 + power)


def silu(x: float) -> float:
    """x·sigmoid(x) (Elfwing 2017); below zero with e^(x/2) twice, as sigmoid underflows before it does."""
    if x >= 0:
        return x / (1.0 + math.exp(-x))
    half = math.exp(x / 2.0)
    return x * half * half / (1.0 + half * half) if x != -math.inf else -0.0


def softplus(x: float) -> float:
    """log(1 + eˣ), with the exponential of -|x| only (Mächler 2012)."""
    return max(x, 0.0) + math.log1p(math.exp(-abs(x)))


def logsigmoid(x: float) -> float:
    """log(sigmoid(x)) = -softplus(-x)."""
    return -softplus(-x)


def logaddexp(a: float, b: float) -> float:
    """log(eᵃ + eᵇ), at infinities as NumPy's; where the two powers nearly add up to one, the error is small only absolutely."""
    if a == b:
        return a + math.log(2.0)
    return b + softplus(a - b) if a < b else a + softplus(b - a)


def xlogy(x: float, y: float) -> float:
    """x·log(y), and 0 for x = 0 whatever y but nan (as SciPy's); nan for y < 0."""
    if x == 0 and not math.isnan(y):
        return 0.0
    if y == 0:
        return -x * math.inf
    return math.nan if y < 0 else x * math.log(y)


# The cardinal sine


def sinc(x: float) -> float:
    """sin(πx)/(πx), 1 at zero (NumPy's convention, with π)."""
    if x == 0:
        return 1.0
    return math.nan if math.isnan(x) else 0.0 if math.isinf(x) else sin_pi(x) / (math.pi * x) + 0.0  # + 0.0: no -0.0 at integers


def sinc_derivative(n: float, x: float) -> float:
    """The n-th derivative of `sinc` for an integer n ≥ 0; ValueError for other n, OverflowError for n > 620, where πⁿ is no float.

    Sₙ = sinc⁽ⁿ⁾(x)/πⁿ with u = πx obeys u·Sₙ + n·Sₙ₋₁ = sin(u + nπ/2), by Leibniz's rule on u·S₀ = sin u. That is stable upwards from
    S₀ while n ≤ |u|, and downwards from a far n, whose Sₙ may be taken as 0, while n ≥ |u| (Miller's method, DLMF 3.6). |Sₙ| is at
    most 1/(n + 1); near a root the error is small only absolutely.
    """
    if math.isnan(n) or math.isnan(x):
        return math.nan
    order = derivative_order(n)
    if math.isinf(x):
        return 0.0
    power = math.pi**order
    scaled = sinc_upwards(order, abs(x)) if math.pi * abs(x) >= order else sinc_downwards(order, abs(x))
    value = power * (scaled + order * (PI_TAIL / math.pi) * scaled)
    return -value if x < 0 and order % 2 else value


def sinc_upwards(order: int, x: float) -> float:
    """S at `order` from S₀ by the recurrence, for πx ≥ order."""
    scaled = sinc(x)
    for n in range(1, order + 1):
        scaled = (sin_pi(x, n) - n * scaled) / math.pi / x
    return scaled


def sinc_downwards(order: int, x: float) -> float:
    """S at `order` from an order so far that its influence is below rounding, for πx ≤ order."""
    u, top, influence = math.pi * x, order, 1.0
    while influence > 1e-20:
        top += 1
        influence *= u / top
    scaled = 0.0
    for n in range(top + 2, order, -1):  # 2: as S itself is of the size of u near zero for odd orders
        scaled = (sin_pi(x, n) - u * scaled) / n
    return scaled
