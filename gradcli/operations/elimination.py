"""Textbook linear algebra in the arithmetic of any number system: what determinants, inverses and factors are without rounding.

Matrices are arrays of objects. Which row is divided by is chosen by rough sizes: any choice is right, and a large one rounds least.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from gradcli.operations.lazily import np


def each(function: Callable[..., Any], *stacks: Any) -> Any:
    """A function of matrices over stacks of them, which broadcast."""
    batch = np.broadcast_shapes(*(stack.shape[:-2] for stack in stacks))
    full = [np.broadcast_to(stack, (*batch, *stack.shape[-2:])) for stack in stacks]
    found = [np.asarray(function(*(stack[place] for stack in full))) for place in np.ndindex(batch)]
    if not found:
        return np.zeros((*batch, *np.asarray(function(*(np.zeros(stack.shape[-2:]) for stack in stacks))).shape))
    result = np.empty((len(found), *found[0].shape), np.result_type(*found))
    for i, one in enumerate(found):
        result[i] = one[()]
    return result.reshape((*batch, *found[0].shape))


def reduced(F: Any, a: Any, b: Any) -> tuple[list[Any], int, Any] | None:
    """The pivots of Gauss-Jordan elimination with row exchanges, the sign of these, and the solution of a @ x = b; None if singular."""
    a, b, n, sign = np.array(a, object), np.array(b, object), len(a), 1
    pivots = []
    for i in range(n):
        row = max(range(i, n), key=lambda k: (not F.vanishes(a[k, i]), abs(float(F.roughly(a[k, i])))))
        if F.vanishes(a[row, i]):
            return None
        if row != i:
            a[[i, row]], b[[i, row]], sign = a[[row, i]], b[[row, i]], -sign
        pivots.append(a[i, i])
        for k in range(n):
            if k != i:
                factor = a[k, i] / a[i, i]
                a[k, i:], b[k] = a[k, i:] - a[i, i:] * factor, b[k] - b[i] * factor
    for i in range(n):
        b[i] = b[i] / pivots[i]
    return pivots, sign, b


def determinant(F: Any, a: Any) -> Any:
    """The product of the pivots; of a singular matrix what needs no division, as its slope is not 0 where the value is."""
    if not len(a):
        return F.number(1.0)
    found = reduced(F, a, np.zeros((len(a), 0), object))
    return undivided(F, a) if found is None else math.prod(found[0][1:], start=found[0][0]) * found[1]


def undivided(F: Any, a: Any) -> Any:
    """The determinant without divisions (Bird, A simple division-free algorithm for computing determinants, 2011)."""
    n, x = len(a), a
    for _ in range(n - 1):
        upper = np.where(np.triu(np.ones((n, n), bool), 1), x, F.number(0.0))
        for i in range(n - 1):
            upper[i, i] = -np.sum(np.diagonal(x)[i + 1 :])
        x = upper @ a
    return x[0, 0] * (-1) ** (n - 1)


def undefined(F: Any, a: Any, shape: tuple[int, ...]) -> Any:
    """nan everywhere, as a function of all elements of a: its derivatives are undefined as well."""
    return np.full(shape, np.sum(a) * F.number(math.nan), object)


def sign_and_logarithm(F: Any, a: Any) -> Any:
    """The sign of the determinant, and the logarithm of its size as the sum of the pivots'."""
    found = reduced(F, a, np.zeros((len(a), 0), object))
    if found is None:
        return np.array([F.number(0.0), F.number(-math.inf)], object)
    negative = [float(F.roughly(pivot)) < 0 for pivot in found[0]]
    logs = [F.log(-pivot if below else pivot) for pivot, below in zip(found[0], negative, strict=True)]
    return np.array([F.number(float(found[1] * (-1) ** sum(negative))), sum(logs, F.number(0.0))], object)


def solution(F: Any, a: Any, b: Any) -> Any:
    """The x with a @ x = b; nan everywhere if a is singular."""
    found = reduced(F, a, b)
    return undefined(F, a, b.shape) if found is None else found[2]


def inverse(F: Any, a: Any) -> Any:
    """The inverse; nan everywhere if a is singular."""
    return solution(F, a, F.numbers(np.eye(len(a))))


def cofactors(F: Any, a: Any) -> Any:
    """The determinants of what is left without a row and a column, with alternating signs: the slope of the determinant."""
    n = len(a)
    result = np.empty((n, n), object)
    for i in range(n):
        for j in range(n):
            minor = np.delete(np.delete(a, i, axis=0), j, axis=1)
            result[i, j] = determinant(F, minor) * F.number(float((-1) ** (i + j)))
    return result


def factor(F: Any, a: Any) -> Any:
    """Cholesky's lower factor of the symmetric part; nan everywhere unless that is positive definite."""
    n = len(a)
    lower = np.full((n, n), F.number(0.0), object)
    for j in range(n):
        for i in range(j, n):
            rest = (a[i, j] + a[j, i]) / F.number(2.0) - sum((lower[i, k] * lower[j, k] for k in range(j)), F.number(0.0))
            if i == j and (F.vanishes(rest) or float(F.roughly(rest)) < 0):
                return undefined(F, a, (n, n))
            lower[i, j] = F.sqrt(rest) if i == j else rest / lower[j, j]
    return lower
