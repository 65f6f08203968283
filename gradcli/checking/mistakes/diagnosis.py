"""The likely mistake: which simple change of a right gradient gives the one that was given. It never changes a verdict.

A pure function over plain floats, for claims and for gradients that somebody else computes. A hypothesis is named only if it explains
every wrong number of an input within the bounds, and if that is worth more than what it costs to choose it among all hypotheses: the
bits by which it makes the error smaller must exceed the bits that name it. So a factor 2 is believed of one number, 1.73 is not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from gradcli.operations.lazily import np

RELATIVE = 2.0**-36
"""Relative rounding that numbers of a hypothesis may have: they are computed in float64, and some of their terms cancel."""

MARGIN = 7.0
"""Bits beyond its cost that a hypothesis must explain: it then stands by chance in less than one of a hundred cases."""

COMMON = 3.0
"""The cost up to which a mistake is so frequent that round numbers are evidence enough."""

ENOUGH = 5.0
"""Bits that a frequent mistake must explain."""

PAIRS = 64
"""Pairs of numbers that are looked at as evidence."""

BITS_OF_A_DIGIT = math.log2(10)


@dataclass(frozen=True)
class Compared:
    """The gradient by one input, as it was given and as it should be.

    given       an array of the input's shape (0-d for a number); nan at elements for which nothing was given
    true, bound vectors with a number for each line: the true derivative, and how far what was given may be from it and still be right
    x           the input at the point
    directions  None where every element is a line of its own, in the order of the array; else the lines, an array (line, element)
    """

    name: str
    given: Any
    true: Any
    bound: Any
    x: Any
    directions: Any = None

    def along(self, values: Any) -> Any:
        """What an array of the input's shape says along each line."""
        flat = np.ravel(values)
        return flat if self.directions is None else self.directions @ flat

    def sizes(self, values: Any) -> Any:
        """The sums of absolute values along each line."""
        flat = np.abs(np.ravel(values))
        return flat if self.directions is None else np.abs(self.directions) @ flat

    @cached_property
    def slopes(self) -> Any:
        """What was given, along each line."""
        return self.along(self.given)

    @cached_property
    def known(self) -> Any:
        """The lines along which something was given."""
        return np.isfinite(self.slopes) & np.isfinite(self.true)

    @cached_property
    def wrong(self) -> Any:
        """The lines along which what was given is wrong."""
        return self.known & (np.abs(self.slopes - self.true) > self.bound)

    @property
    def elementwise(self) -> bool:
        """Whether every element is a line of its own."""
        return self.directions is None

    def shaped(self, values: Any) -> Any:
        """Values of all elements, in the shape of the input."""
        return np.reshape(values, np.shape(self.given))


@dataclass(frozen=True)
class Part:
    """A piece of the true gradient by one input, along each line: what the use of one node by another contributes.

    `partial` is the slope of that use, for numbers; None where it is 0 or 1, or where nodes are arrays.
    """

    used: str
    user: str
    slopes: Any
    partial: float | None = None


@dataclass(frozen=True)
class Situation:
    """All inputs at one point, with what is known beside their gradients.

    value   of the function
    counts  numbers of elements that a mean may divide by, with what they count
    parts   by input the pieces of its true gradient, where the program is known
    """

    inputs: Sequence[Compared]
    value: float | None = None
    counts: Mapping[int, str] = field(default_factory=dict)
    parts: Mapping[str, Sequence[Part]] = field(default_factory=dict)


@dataclass(frozen=True)
class Hypothesis:
    """A mistake that may explain what was given: the bits that it costs to name it, and by line what it makes and what that should be.

    `anywhere` says that it may have happened at some of the elements only, `number` that it is about one number, such as a factor.
    """

    text: str
    cost: float
    made: Any
    goal: Any
    scale: Any = 0.0
    anywhere: bool = False
    number: bool = False


@dataclass(frozen=True)
class Explanation:
    """A hypothesis that brings every wrong number of an input within the bounds; what it costs to name, and is worth, in bits."""

    hypothesis: Hypothesis
    cost: float
    worth: float

    @property
    def convincing(self) -> bool:
        """Whether it is worth more than it costs."""
        return self.worth >= (ENOUGH if self.cost <= COMMON else self.cost + MARGIN)


def likely(here: Situation, elsewhere: Iterable[Situation] = ()) -> dict[str, str]:
    """By input the likely mistake in words ("the sign"), where there is one; `elsewhere` are other points at which it must hold too."""
    from gradcli.checking.mistakes.hypotheses import swapped

    found = {c.name: explanations(here, c) for c in here.inputs if np.any(c.wrong)}
    for other in elsewhere if any(found.values()) else ():
        for c in other.inputs:
            if c.name in found and np.any(c.wrong):
                found[c.name] = confirmed(found[c.name], explanations(other, c))
    convincing = {name: [one for one in several if one.convincing] for name, several in found.items()}
    best = {name: several[0] for name, several in convincing.items() if several}
    inputs = {c.name: c for c in here.inputs}
    for pair in swapped(here):
        both = {name: one for name, h in pair.items() if (one := explained(inputs[name], h)) and one.convincing}
        if len(both) == len(pair) and cheaper(both, best):
            best.update(both)
    return {name: one.hypothesis.text for name, one in best.items()}


def confirmed(here: Sequence[Explanation], there: Sequence[Explanation]) -> list[Explanation]:
    """The explanations that hold at another point too, where they are worth something again."""
    worth = {one.hypothesis.text: one.worth for one in reversed(there)}
    return [replace(one, worth=one.worth + worth[one.hypothesis.text]) for one in here if one.hypothesis.text in worth]


def cheaper(pair: Mapping[str, Explanation], best: Mapping[str, Explanation]) -> bool:
    """Whether one mistake about two inputs is simpler than two mistakes."""
    return any(name not in best for name in pair) or max(one.cost for one in pair.values()) < sum(best[name].cost for name in pair)


def explanations(situation: Situation, c: Compared) -> list[Explanation]:
    """What may explain what was given for one input, the simplest first."""
    from gradcli.checking.mistakes.hypotheses import FAMILIES, precision

    exactly = [Explanation(h, h.cost, math.inf) for h in precision(c)]
    if exactly:
        return exactly
    with np.errstate(all="ignore"):
        tried = [explained(c, h) for family in FAMILIES for h in family(situation, c)]
    return sorted((one for one in tried if one), key=lambda one: one.cost)


def explained(c: Compared, h: Hypothesis) -> Explanation | None:
    """A hypothesis with what it costs and is worth; None where it leaves a number wrong.

    One that holds at some of the elements also costs the bits that say which.
    """
    made, goal = np.broadcast_to(h.made, c.true.shape), np.broadcast_to(h.goal, c.true.shape)
    tolerance = c.bound + RELATIVE * (np.abs(made) + np.abs(goal) + h.scale)
    fits, seen = np.abs(made - goal) <= tolerance, c.known & np.isfinite(made) & np.isfinite(goal)
    cost, wrong = h.cost, int(np.count_nonzero(c.wrong))
    if 4 * np.count_nonzero(seen & c.wrong) < 3 * wrong or not np.all(fits[seen & c.wrong]):
        return None
    if not np.all(fits[seen]):
        if not (h.anywhere and c.elementwise):
            return None
        cost += 1 + choices(c.true.size, wrong)
    return Explanation(h, cost, information(c, seen & c.wrong, tolerance, h.number))


def choices(n: int, k: int) -> float:
    """The bits that say which k of n."""
    return (math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)) / math.log(2)


def information(c: Compared, lines: Any, tolerance: Any, number: bool) -> float:
    """How many bits an explanation of some lines is worth: how much smaller it makes the errors, each pair of numbers counted once.

    Where one `number` is all that is explained, another one would have done on all lines: they count as one. Round numbers are worth no
    more than what it takes to write them: 3 for 6 can come from many mistakes.
    """
    pairs = dict.fromkeys(zip(c.slopes[lines].tolist(), c.true[lines].tolist(), tolerance[lines].tolist(), strict=True))
    gains = [
        (math.log2(max(abs(g - t) / (e or 5e-324), 1.0)), BITS_OF_A_DIGIT * (digits(g) + digits(t))) for g, t, e in list(pairs)[:PAIRS]
    ]
    if number:
        return min(max((gain for gain, _ in gains), default=0.0), sum(written for _, written in gains))
    return sum(min(gain, written) for gain, written in gains)


def digits(number: float) -> int:
    """How many digits a number has, without the zeros at its ends."""
    mantissa = repr(abs(number)).partition("e")[0].replace(".", "").strip("0")
    return max(len(mantissa), 1)


def sentence(mistake: str, given: float, expected: float) -> str:
    """A likely mistake with the numbers."""
    from gradcli.checking.estimates import text

    return f"likely {mistake}: {text(given)} given, {text(expected)} expected"
