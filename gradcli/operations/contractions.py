"""Sums of products over letters: einsum, and what every product of two arrays is made of."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from gradcli.errors import ShapeProblem
from gradcli.operations.array_op import ArrayOp
from gradcli.operations.arrays import Shape, shape_of
from gradcli.operations.lazily import np
from gradcli.operations.settings import shape_text

U = 2.0**-53
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
HINT = 'write einsum("ij,jk->ik", a, b): one letter for each axis, commas between arrays, -> before the result'


class Contraction:
    """Letters of the axes of each operand and of the result, and how long the axis of each letter is."""

    __slots__ = ("inputs", "lengths", "output")

    def __init__(self, inputs: tuple[str, ...], output: str, lengths: dict[str, int]) -> None:
        self.inputs = inputs
        self.output = output
        self.lengths = lengths

    @property
    def text(self) -> str:
        """The subscripts, written out."""
        return f"{','.join(self.inputs)}->{self.output}"

    @property
    def terms(self) -> int:
        """How many products each element of the result is a sum of."""
        return math.prod(n for letter, n in self.lengths.items() if letter not in self.output)

    @property
    def shape(self) -> Shape:
        """The shape of the result."""
        return tuple(self.lengths[letter] for letter in self.output)


def contraction(inputs: Sequence[str], output: str, operands: Sequence[Any]) -> Contraction:
    """Letters with the lengths of their axes. Raises ShapeProblem where a letter stands for two lengths."""
    found: dict[str, int] = {}
    for letters, x in zip(inputs, operands, strict=True):
        if len(letters) != len(shape_of(x)):
            raise ShapeProblem(f"einsum names {len(letters)} axes '{letters}' of the shape {shape_text(shape_of(x))}", HINT)
        for letter, n in zip(letters, shape_of(x), strict=True):
            if found.setdefault(letter, n) != n and 1 not in (n, found[letter]):
                raise ShapeProblem(f"einsum's '{letter}' is {found[letter]} long in one place and {n} in another", HINT)
            found[letter] = n if found[letter] == 1 else found[letter]
    return Contraction(tuple(inputs), output, found)


def parsed(subscripts: Any, operands: Sequence[Any]) -> Contraction:
    """NumPy's subscripts, with an ellipsis and without a result too, over some operands."""
    if not isinstance(subscripts, str):
        raise ShapeProblem("einsum begins with its subscripts in quotes", HINT)
    left, arrow, right = subscripts.replace(" ", "").partition("->")
    inputs = left.split(",")
    odd = next((c for c in (left + right).replace("...", "") if c not in LETTERS and c != ","), None)
    if odd is not None or "," in right:
        raise ShapeProblem(f"einsum can't read '{subscripts}': '{odd or ','}' is no letter of an axis", HINT)
    if len(inputs) != len(operands):
        raise ShapeProblem(f"einsum's '{subscripts}' is about {len(inputs)} arrays, and {len(operands)} are given", HINT)
    free = "".join(c for c in LETTERS if c not in subscripts)
    extra = [max(len(shape_of(x)) - len(letters) + 3, 0) if "..." in letters else 0 for letters, x in zip(inputs, operands, strict=True)]
    rest = free[: max(extra, default=0)]
    inputs = [letters.replace("...", rest[len(rest) - n :]) for letters, n in zip(inputs, extra, strict=True)]
    if not arrow:
        counted = Counter("".join(inputs))
        right = "..." + "".join(sorted(c for c, n in counted.items() if n == 1 and c not in rest))
    output = right.replace("...", rest)
    wrong = next((c for c, n in Counter(output).items() if n > 1 or c not in "".join(inputs)), None)
    if wrong is not None:
        raise ShapeProblem(f"einsum's result names '{wrong}' twice, or no array has it", HINT)
    return contraction(inputs, output, operands)


def by_numpy(plan: Contraction, operands: Sequence[Any]) -> Any:
    """The contraction of arrays of floats."""
    return np.einsum(plan.text, *operands, optimize=len(operands) > 1)


def by_definition(plan: Contraction, operands: Sequence[Any]) -> Any:
    """The contraction as it is defined: all products, added up over the letters that the result does not have."""
    order = plan.output + "".join(letter for letter in plan.lengths if letter not in plan.output)
    factors = [aligned(x, letters, order) for x, letters in zip(operands, plan.inputs, strict=True)]
    product = factors[0]
    for factor in factors[1:]:
        product = product * factor
    full = np.broadcast_to(product, tuple(plan.lengths[letter] for letter in order))
    return np.sum(full, axis=tuple(range(len(plan.output), len(order))))


def aligned(x: Any, letters: str, order: str) -> Any:
    """An array with one axis for each letter of `order`: the diagonal where its own letters repeat, length 1 where it has none."""
    x = np.asarray(x)
    while (twice := next((c for c, n in Counter(letters).items() if n > 1), None)) is not None:
        first, second = letters.index(twice), letters.rindex(twice)
        x = np.diagonal(x, axis1=first, axis2=second)
        letters = letters[:first] + letters[first + 1 : second] + letters[second + 1 :] + twice
    present = [c for c in order if c in letters]
    x = np.transpose(x, [letters.index(c) for c in present])
    return x.reshape([x.shape[present.index(c)] if c in present else 1 for c in order])


def share(F: Any, g: Any, plan: Contraction, operands: Sequence[Any], i: int) -> Any:
    """The share of operand i in the adjoint g of the result: the contraction of g with all others.

    A letter that the operand has twice gets a second name and a unit matrix that ties the two; a letter that nothing else has is
    repeated.
    """
    letters, target, ties = plan.inputs[i], "", []
    free = iter(c for c in LETTERS if c not in plan.lengths)
    for letter in letters:
        target += next(free) if letter in target else letter
        if target[-1] != letter:
            ties.append(letter + target[-1])
    others = [j for j in range(len(operands)) if j != i]
    names = [plan.output, *(plan.inputs[j] for j in others), *ties]
    made = "".join(c for c in target if any(c in name for name in names))
    units = [F.eye(float(plan.lengths[tie[0]]), None) for tie in ties]
    found = F.einsum(f"{','.join(names)}->{made}", F.reshape(g, *plan.shape), *(operands[j] for j in others), *units)
    lengths = [plan.lengths[c] for c in letters]
    return F.broadcast_to(F.reshape(found, *(n if c in made else 1 for c, n in zip(target, lengths, strict=True))), tuple(lengths))


def _shares(F: Any, g: Any, subscripts: Any, operands: Sequence[Any]) -> list[Any]:
    """The shares of all operands of an einsum."""
    plan = parsed(subscripts, operands)
    return [share(F, g, plan, operands, i) for i in range(len(operands))]


def _tangent(F: Any, t: Sequence[Any], subscripts: Any, operands: Sequence[Any]) -> Any:
    """The sum over the operands of the contraction with one replaced by its tangent."""
    found = [F.einsum(subscripts, *operands[:i], t[i], *operands[i + 1 :]) for i in range(len(operands))]
    return sum(found[1:], found[0])


def _error(subscripts: Any, operands: Sequence[Any]) -> Any:
    """A bound of the rounding error of a contraction."""
    plan = parsed(subscripts, operands)
    return (plan.terms + len(operands)) * U * by_numpy(plan, [np.abs(x) for x in operands])


ROWS = (
    ArrayOp("einsum", params="subscripts operands", settings="subscripts", variadic="operands",
            value=lambda subscripts, operands: by_numpy(parsed(subscripts, operands), operands),
            exact=lambda F, subscripts, operands: by_definition(parsed(subscripts, operands), operands),
            pullbacks=(None, lambda F, g, y, subscripts, operands: _shares(F, g, subscripts, operands)),
            pushforwards=(None, lambda F, t, y, subscripts, operands: _tangent(F, t, subscripts, operands)),
            error=lambda y, subscripts, operands: _error(subscripts, operands),
            elements=lambda subscripts, operands: math.prod(parsed(subscripts, operands).shape),
            cases=(("ij,jk->ik", ("2x3", "3x2")), ("ij->j", ("2x3",)), ("ii->i", ("3x3",)), ("ii", ("2x2",)), ("ij,ij", ("2x2", "2x2")),
                   ("i,j", ("2", "3")), ("...i,...i->...", ("2x3", "1x3")), ("i,ij,j->", ("2", "2x2", "2")), ("ij->ji", ("0x3",)),
                   (",i->i", ("number", "3")), ("iij,j->i", ("2x2x3", "3")), ("ij,jk", ("1x3", "3x2"))),
            share="the contraction of g with the other arrays", doc="sums of products over letters of axes, in NumPy's notation"),
)  # fmt: skip
