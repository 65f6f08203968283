"""The mistakes that people make in gradients, each as a hypothesis with numbers. Which of them is true is decided in `diagnosis`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import combinations
from typing import Any

from gradcli.checking.mistakes.diagnosis import BITS_OF_A_DIGIT, Compared, Hypothesis, Situation, digits
from gradcli.operations.lazily import np

LARGEST = 12
"""The largest numerator and denominator of a factor that is tried."""

CONSTANTS = (
    (math.pi / 180, "pi/180", " (degrees for radians)"),
    (math.log(10), "ln 10", " (log10 for log)"),
    (math.log(2), "ln 2", " (log2 for log)"),
    (2 * math.pi, "2*pi", ""),
    (math.pi, "pi", ""),
    (math.sqrt(2), "sqrt(2)", ""),
    (math.sqrt(2 * math.pi), "sqrt(2*pi)", ""),
)
"""Factors that are forgotten, or counted twice."""

FEW_DIGITS, MOST_DIGITS = 3, 12
"""Digits from which a number is rounded, and up to which."""

MOST_NUMBERS = 1000
"""Numbers whose digits are counted."""

FACTOR_DIGITS = 6
"""Digits of the factor of a penalty."""

SINGLE, SHORT = 24, 9
"""Bits of a number in single precision, and digits up to which a number may have few bits by itself."""


def factors(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """The sign, and factors: simple ones, numbers of elements, constants."""
    for factor, text, cost in candidates(situation, c):
        yield Hypothesis(text, cost, c.slopes, factor * c.true, anywhere=True, number=True)
        if text != "the sign":
            yield Hypothesis(f"the sign and {text}", cost + 2, c.slopes, -factor * c.true, anywhere=True, number=True)


def candidates(situation: Situation, c: Compared) -> Iterator[tuple[float, str, float]]:
    """(given by true, what it is, cost) of factors."""
    yield -1.0, "the sign", 1
    yield 2.0, "a factor 2 too much", 2
    yield 0.5, "a factor 2 is missing", 2
    counted = counts(situation, c)
    for place, (n, what) in enumerate(counted.items()):
        cost = 4 + math.log2(1 + place)
        yield float(n), f"a factor {n} too much, {what} (a sum where a mean is meant?)", cost
        yield 1.0 / n, f"a factor {n} is missing, {what} (a mean where a sum is meant?)", cost
        if n > 2:
            yield n / (n - 1), f"n - 1 for n where n = {n}, {what}", cost + 2
            yield (n - 1) / n, f"n for n - 1 where n = {n}, {what}", cost + 2
    for constant, name, why in CONSTANTS:
        yield constant, f"a factor {name} too much{why}", 5
        yield 1 / constant, f"a factor {name} is missing{why}", 5
    if (ratio := simple_ratio(c)) is not None:
        cost = 4.5 if max(ratio.numerator, ratio.denominator) <= 4 else 7
        missing = ratio.numerator == 1
        yield float(ratio), f"a factor {ratio.denominator} is missing" if missing else f"a factor {ratio} too much", cost
    if situation.value:
        yield 1 / situation.value, "the derivative of the function's logarithm (divided by the value)", 6
        yield situation.value, "a factor too much, the value of the function", 6
    if c.elementwise:
        x = np.ravel(c.x)
        yield x, "a factor too much, the input itself (an exponent that is not one less?)", 6
        yield 1 / x, "a factor that is missing, the input itself", 6
        yield 2 * x, "a factor too much, twice the input (a square for the input?)", 7


def counts(situation: Situation, c: Compared) -> Mapping[int, str]:
    """The numbers of elements that a mean may divide by: of this input, then of others, of their axes, and what the caller knows."""
    found: dict[int, str] = {}
    for one in (c, *situation.inputs):
        shape = np.shape(one.given)
        found.setdefault(math.prod(shape), f"the number of elements of {one.name}")
        for axis, length in enumerate(shape if len(shape) > 1 else ()):
            found.setdefault(length, f"the length of axis {axis} of {one.name}")
    for n, what in situation.counts.items():
        found.setdefault(n, what)
    return {n: what for n, what in found.items() if n > 1}


def simple_ratio(c: Compared) -> Fraction | None:
    """The quotient of given and true where the true number is largest, if it is a simple fraction other than those that have a name."""
    sizes = np.where(c.wrong, np.abs(c.true), 0)
    largest = int(np.argmax(sizes)) if sizes.size else 0
    if not sizes.size or not sizes[largest]:
        return None
    quotient = abs(float(c.slopes[largest] / c.true[largest]))
    if not 1 / (LARGEST + 1) < quotient < LARGEST + 1:
        return None
    ratio = Fraction(quotient).limit_denominator(LARGEST)
    plain = (Fraction(1), Fraction(2), Fraction(1, 2))
    return ratio if 0 < ratio.numerator <= LARGEST and ratio not in plain else None


def missing(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """Nothing was counted."""
    nothing = np.zeros_like(c.true)
    yield Hypothesis("a gradient that is never counted", 2, c.slopes, nothing, anywhere=True)
    if c.elementwise and np.any(c.wrong) and not np.all(c.slopes[c.known] == 0):
        yield from selections(c)


def selections(c: Compared) -> Iterator[Hypothesis]:
    """Only a part of an array was counted: the diagonal, one row, one column."""
    true = c.shaped(c.true)
    shape = true.shape
    parts: list[tuple[str, float, Any]] = []
    if true.ndim == 2 and min(shape) > 1:
        parts.append(("only the diagonal counted", 3.5, np.eye(*shape, dtype=bool)))
        parts.append(("only the upper triangle counted", 4.5, np.triu(np.ones(shape, bool))))
        parts.append(("only the lower triangle counted", 4.5, np.tril(np.ones(shape, bool))))
    words = {2: ("row", "column"), 1: ("element",)}.get(true.ndim, ())
    for axis, word in enumerate(words):
        if shape[axis] > 1:
            places = np.arange(shape[axis]).reshape([-1 if i == axis else 1 for i in range(true.ndim)])
            cost = 2.5 + math.log2(shape[axis])
            parts.extend((f"only {word} {k} counted", cost, np.broadcast_to(places == k, shape)) for k in range(shape[axis]))
    for text, cost, mask in parts:
        yield Hypothesis(text, cost, c.slopes, np.ravel(np.where(mask, true, 0.0)))


def shifts(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """Something was added, or is missing: 1, the input, the value."""
    ones = np.ones(np.shape(c.given))
    extras = [("1", 3, ones), (c.name, 5, c.x * ones)]
    if situation.value is not None:
        extras.append(("the value of the function", 6, situation.value * ones))
    for what, cost, extra in extras:
        scale, slopes = c.sizes(extra) + c.sizes(c.given), c.along(extra)
        yield Hypothesis(f"a term {what} too much", cost, c.slopes, c.true + slopes, scale, number=True)
        yield Hypothesis(f"a term {what} is missing", cost, c.slopes, c.true - slopes, scale, number=True)


def penalties(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """A multiple of the input is missing, or too much, as where a penalty on the weights is: by several numbers, or any would do."""
    slopes, off = c.along(c.x * np.ones(np.shape(c.given))), c.true - c.slopes
    sizes = np.where(c.wrong & (slopes != 0), np.abs(slopes), 0)
    largest = int(np.argmax(sizes)) if sizes.size else 0
    if np.count_nonzero(sizes) < 2 or not off[largest]:
        return
    factor = float(f"{off[largest] / slopes[largest]:.{FACTOR_DIGITS}g}")
    what = f"{abs(factor):g}*{c.name}"
    text = f"a term {what} is missing (a penalty?)" if factor > 0 else f"a term {what} too much (a penalty?)"
    scale = np.abs(factor) * c.sizes(c.x * np.ones(np.shape(c.given))) + c.sizes(c.given)
    yield Hypothesis(text, 6 + BITS_OF_A_DIGIT * digits(factor), c.slopes, c.true - factor * slopes, scale)


def orders(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """The right numbers in the wrong places: transposed, reversed, off by one."""
    given, shape = c.given, np.shape(c.given)
    if len(shape) > 1:
        if shape[-1] == shape[-2]:
            yield moved("transposed", 3, c, np.swapaxes(given, -1, -2))
        elif c.elementwise:
            flat = np.ravel(np.transpose(c.shaped(c.true)))
            yield Hypothesis("the order of elements (columns for rows)", 4, c.slopes, flat)
    for axis, length in enumerate(shape):
        if length > 1:
            along = f" along axis {axis}" if len(shape) > 1 else ""
            yield moved(f"reversed{along}", 4, c, np.flip(given, axis))
            for step, word in ((-1, "later"), (1, "earlier")):
                yield moved(f"an index off by one: every element stands one place {word}{along}", 5, c, np.roll(given, step, axis))
                if c.elementwise and length > 3:
                    yield moved(f"an index off by one: every element stands one place {word}{along}", 5, c, shifted(given, step, axis))
    if c.elementwise and given.size > 2:
        yield Hypothesis("the order of elements: these are the right numbers in other places", 6, in_order(c.slopes), in_order(c.true))


def moved(text: str, cost: float, c: Compared, corrected: Any) -> Hypothesis:
    """The hypothesis that moving elements back gives the true gradient."""
    return Hypothesis(text, cost, c.along(corrected), c.true, c.sizes(corrected) if c.directions is not None else 0.0)


def shifted(given: Any, step: int, axis: int) -> Any:
    """Elements moved along an axis; nothing is known of the one at the end."""
    rolled = np.roll(given, step, axis).astype(float)
    edge = [slice(None)] * rolled.ndim
    edge[axis] = slice(-1, None) if step < 0 else slice(0, 1)
    rolled[tuple(edge)] = np.nan
    return rolled


def in_order(numbers: Any) -> Any:
    """Numbers by size; where one is nan, none is known."""
    return np.sort(numbers) if np.all(np.isfinite(numbers)) else np.full_like(numbers, np.nan)


def sums(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """A sum or a mean over an axis, spread over it."""
    if not c.elementwise or np.ndim(c.given) == 0:
        return
    true, shape = c.shaped(c.true), np.shape(c.given)
    axes = [None, *range(len(shape))] if len(shape) > 1 else [None]
    for axis in axes:
        over = "all elements" if axis is None else f"axis {axis}"
        for name, reduced in (("sum", np.sum), ("mean", np.mean)):
            spread = np.broadcast_to(reduced(true, axis=axis, keepdims=True), shape)
            yield Hypothesis(f"the {name} over {over} at every element", 5, c.slopes, np.ravel(spread), np.sum(np.abs(true)))


def of_the_function(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """The value, or the input, for the derivative."""
    if situation.value is not None and c.elementwise:
        yield Hypothesis("the value of the function for its derivative", 4, c.slopes, np.full_like(c.true, situation.value))
    yield Hypothesis("the input for the derivative", 5, c.slopes, c.along(c.x), c.sizes(c.x))


def other_inputs(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """The derivative by another input."""
    others = [o for o in situation.inputs if o.name != c.name and o.elementwise and o.true.shape == c.true.shape]
    for other in others if c.elementwise else ():
        yield Hypothesis(f"the derivative by {other.name} for that by {c.name}", 4 + math.log2(len(others)), c.slopes, other.true)


def swapped(situation: Situation) -> Iterator[Mapping[str, Hypothesis]]:
    """Two inputs whose gradients were mixed up."""
    wrong = [c for c in situation.inputs if np.any(c.wrong)]
    for a, b in combinations(wrong, 2):
        if np.shape(a.given) == np.shape(b.given):
            text = f"{a.name} and {b.name} swapped"
            yield {a.name: moved(text, 3, a, b.given), b.name: moved(text, 3, b, a.given)}


def parts(situation: Situation, c: Compared) -> Iterator[Hypothesis]:
    """One use of a node was forgotten, counted twice, with the wrong sign, or without its own slope."""
    known = situation.parts.get(c.name, ())
    extra = 2 + math.log2(4 * max(len(known), 1))
    for part in known:
        use = f"what {part.used} contributes to {part.user}"
        scale = np.abs(part.slopes) + np.abs(c.true)
        yield Hypothesis(f"a missing term, {use}", extra, c.slopes, c.true - part.slopes, scale)
        yield Hypothesis(f"a term counted twice, {use}", extra, c.slopes, c.true + part.slopes, scale)
        yield Hypothesis(f"the sign of a term, {use}", extra, c.slopes, c.true - 2 * part.slopes, scale)
        if part.partial:
            without = c.true - part.slopes + part.slopes / part.partial
            text = f"a forgotten factor, the slope of {part.user} by {part.used}"
            yield Hypothesis(text, extra, c.slopes, without, scale / min(abs(part.partial), 1.0))


FAMILIES: tuple[Callable[[Situation, Compared], Iterator[Hypothesis]], ...] = (
    factors, missing, shifts, penalties, orders, sums, of_the_function, other_inputs, parts,
)  # fmt: skip


def precision(c: Compared) -> Iterator[Hypothesis]:
    """Right but for its digits: computed in single precision, or written with few digits."""
    off = np.abs(c.slopes - c.true)[c.wrong]
    given = np.abs(c.slopes[c.wrong] if c.elementwise else np.ravel(c.given))
    scale = np.abs(c.true)[c.wrong] if c.elementwise else c.sizes(c.given)[c.wrong]
    if given.size == 0 or np.any(off > scale * 2.0**-7):
        return
    if single(given) and np.all(off <= scale * 2.0**-12):
        yield Hypothesis("float32 precision", 3, c.true, c.true)
    elif count := rounded(c, given, off):
        yield Hypothesis(f"rounded to {count} digits", 3, c.true, c.true)
    elif scattered(c.slopes[c.wrong] - c.true[c.wrong], scale):
        yield Hypothesis("float32 precision somewhere in it: all errors are of that size", 5, c.true, c.true)


def single(given: Any) -> bool:
    """Whether all numbers have no more bits than single precision has, and one of them has many digits: 1e8 is short by itself."""
    short = bool(np.all(whole(np.frexp(given)[0] * 2.0**SINGLE)))
    return short and any(digits(number) > SHORT for number in np.ravel(given)[:MOST_NUMBERS].tolist())


def whole(numbers: Any) -> Any:
    """Which numbers are whole."""
    return numbers == np.floor(numbers)


def rounded(c: Compared, given: Any, off: Any) -> int:
    """The number of digits to which all numbers are rounded; 0 if they are not."""
    count = max(map(digits, given[:MOST_NUMBERS].tolist()))
    if not FEW_DIGITS <= count <= MOST_DIGITS:
        return 0
    halves = 0.5 * 10.0 ** (np.floor(np.log10(np.where(given > 0, given, 1.0))) - count + 1)
    allowed = halves if c.elementwise else c.sizes(halves)[c.wrong]
    return count if np.all(off <= allowed * (1 + 2.0**-20)) else 0


def scattered(errors: Any, scale: Any) -> bool:
    """Whether several errors are such as rounding to single precision makes: of its size, of both signs, and not one factor."""
    relative = errors / np.where(scale > 0, scale, 1.0)
    sizes = np.abs(relative)
    return bool(
        sizes.size >= 4 and np.max(sizes) < 2.0**-20 and np.max(sizes) > 2.0**-27 and np.min(relative) < 0 < np.max(relative)
        and np.unique(np.round(np.log2(np.where(sizes > 0, sizes, 1.0)), 1)).size > sizes.size // 2
    )  # fmt: skip
