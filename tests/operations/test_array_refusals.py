"""What rows of arrays refuse: one line with the shapes and a cure, before memory is taken; and what is undefined instead of refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gradcli.errors import ShapeProblem
from gradcli.operations import OPS
from gradcli.operations.floats import value_of
from gradcli.operations.precise import Precise

A23, A34, V3 = np.ones((2, 3)), np.ones((3, 4)), np.ones(3)

REFUSED = [
    ("matmul", (A23, A23), r"shapes \(2, 3\) and \(2, 3\): 3 columns meet 2 rows"),
    ("matmul", (2.0, A23), r"multiplies arrays, not \(\) and \(2, 3\)"),
    ("sum", (A23, 2.0, False), r"no axis 2 in the shape \(2, 3\)"),
    ("sum", (A23, (0.0, 0.0), False), "names an axis twice"),
    ("sum", (A23, 0.5, False), "whole number, not 0.5"),
    ("amax", (np.zeros((0, 3)), 0.0, False), r"no elements has no value: the shape is \(0, 3\)"),
    ("argmax", (np.zeros(0), None, False), "no element"),
    ("stack", (V3, np.ones(2), 0.0), r"equal shapes, not \(3,\) and \(2,\)"),
    ("concatenate", (A23, A34, 0.0), r"can't join shapes \(2, 3\) and \(3, 4\) along axis 0"),
    ("concatenate", (1.0, 2.0, 0.0), "numbers are none"),
    ("reshape", (A23, 4.0, 2.0), r"6 elements can't be in the shape \(4, 2\)"),
    ("reshape", (A23, -1.0, -1.0), "6 elements"),
    ("reshape", (A23, -2.0, -3.0), "6 elements"),
    ("broadcast_to", (V3, 4.0), r"\(3,\) can't be broadcast to \(4,\)"),
    ("transpose", (A23, 0.0, 0.0), "each axis once"),
    ("squeeze", (A23, 0.0), "not of length 1"),
    ("split", (np.ones(5), 2.0, 0.0), "5 elements along axis 0"),
    ("repeat", (V3, (1.0, 2.0), None), "2 counts for 3 elements"),
    ("tile", (V3, -1.0), "negative"),
    ("roll", (A23, (1.0, 2.0, 3.0), (0.0, 1.0)), "as many shifts as axes"),
    ("index", (2.0, 0.0, (("item",),)), "a number has no parts"),
    ("index", (V3, 3.0, (("item",),)), r"does not fit the shape \(3,\)"),
    ("index", (V3, 0.5, (("item",),)), "whole number, not 0.5"),
    ("take", (V3, 7.0, None), r"does not fit the shape \(3,\)"),
    ("topk", (V3, 4.0, -1.0), "4 of 3 elements"),
    ("take_along_axis", (A23, np.zeros(3), 0.0), "as many axes"),
    ("einsum", ("ij,jk->iq", A23, A34), "'q'"),
    ("einsum", ("ij,jk", A23), "about 2 arrays, and 1 are given"),
    ("einsum", ("ij,jk", A23, A23), "'j' is 3 long in one place and 2 in another"),
    ("einsum", ("i", A23), r"names 1 axes 'i' of the shape \(2, 3\)"),
    ("einsum", ("i1->i", A23), "'1' is no letter"),
    ("einsum", (1.0, A23), "subscripts in quotes"),
    ("dot", (A23, A23), r"dot can't sum over axes of different length in the shapes \(2, 3\) and \(2, 3\)"),
    ("tensordot", (A23, A23, 5.0), "5 axes"),
    ("cross", (np.ones(2), V3), r"three elements, not the shapes \(2,\) and \(3,\)"),
    ("inv", (A23,), r"inv is about square matrices, not the shape \(2, 3\)"),
    ("det", (V3,), "square"),
    ("cholesky", (A23,), "square"),
    ("solve", (np.eye(3), np.ones(2)), r"shapes \(3, 3\) and \(2,\): a has 3 rows"),
    ("trace", (V3, 0.0), r"matrices, not the shape \(3,\)"),
    ("diag", (np.ones((2, 2, 2)), 0.0), "vectors and matrices"),
    ("zeros", (2.0, -1.0), "negative: -1"),
    ("ones", (2.5,), "whole number, not 2.5"),
    ("eye", (-1.0, None), "negative"),
    ("arange", (0.0, 1.0, 0.0), "steps of 0"),
    ("arange", (0.0, np.nan), "to nan"),
    ("arange", (0.0, 1.0, 0.1, 3.0), "not 4 numbers"),
    ("linspace", (V3, 1.0, 3.0), "between numbers"),
    ("pad", (V3, -1.0, "constant", 0.0), "pad can't put -1"),
    ("pad", (V3, 1.0, "mirror", 0.0), "no mode 'mirror'"),
    ("correlate", (A23, V3, "valid"), r"not the shapes \(2, 3\) and \(3,\)"),
    ("correlate", (V3, V3, "half"), "no mode 'half'"),
    ("conv1d", (A23, np.ones((1, 3, 2)), 1.0, 0.0), r"weight \(1, 3, 2\) along \(2, 3\)"),
    ("conv1d", (A23, np.ones((1, 2, 4)), 1.0, 0.0), "4 long, and x with its padding 3"),
    ("norm", (A23, 1.0, None, False), "whole matrix"),
    ("norm", (V3, 0.5, None, False), "no norm"),
    ("mse", (V3, np.ones(2), "mean"), r"shapes \(3,\) and \(2,\)"),
    ("mse", (V3, V3, "all"), "no reduction 'all'"),
    ("huber", (V3, V3, 0.0, "mean"), "positive"),
    ("cross_entropy", (A23, V3, "mean"), r"shape \(3,\) fits no scores of shape \(2, 3\)"),
    ("cross_entropy", (A23, np.array([0.0, 3.0]), "mean"), "from 0 to 2"),
    ("cross_entropy", (A23, np.array([0.0, 0.5]), "mean"), "whole number"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "arguments", "message"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_does_not_fit_is_refused_in_one_line_with_a_cure(name: str, arguments: Any, message: str) -> None:
    with pytest.raises(ShapeProblem, match=message) as caught:
        value_of(OPS[name], *arguments)
    assert "\n" not in str(caught.value)
    assert caught.value.hint


HUGE = [
    ("ones", (1e6, 1e6), 1e12),
    ("arange", (0.0, 1e300, 1e-300), 2.0**62),
    ("eye", (1e6, None), 1e12),
    ("linspace", (0.0, 1.0, 1e12), 1e12),
    ("outer", (np.ones(10**4), np.ones(10**4)), 1e8),
    ("tile", (V3, 1e12), 3e12),
    ("repeat", (V3, 1e12, None), 3e12),
    ("pad", (V3, 1e12, "constant", 0.0), 3 + 2e12),
    ("broadcast_to", (V3, 1e12, 3.0), 3e12),
    ("kron", (np.ones(10**4), np.ones(10**4)), 1e8),
    ("einsum", ("i,j", np.ones(10**4), np.ones(10**4)), 1e8),
    ("diag", (np.ones(10**4), 0.0), 1e8),
    ("full", ((1e6, 1e6), 2.0), 1e12),
    ("randn", (1e6, 1e6), 1e12),
]


@pytest.mark.parametrize(("name", "arguments", "size"), HUGE, ids=lambda value: value if isinstance(value, str) else "")
def test_the_size_of_a_large_array_is_known_before_it_is_made(name: str, arguments: Any, size: float) -> None:
    op: Any = OPS[name]
    assert op.elements(*op.grouped(arguments)) == size


SINGULAR = np.array([[1.0, 2.0], [2.0, 4.0]])


@pytest.mark.parametrize("F", [None, Precise(200)], ids=["float64", "precise"])
def test_what_is_made_with_a_singular_matrix_is_undefined_everywhere(F: Any) -> None:
    for name, arguments in (("inv", (SINGULAR,)), ("solve", (SINGULAR, np.ones(2))), ("cholesky", (SINGULAR - np.eye(2) * 3,))):
        found = value_of(OPS[name], *arguments) if F is None else getattr(F, name)(*map(F.numbers, arguments))
        assert np.all(found != found)
        assert np.shape(found) == np.shape(arguments[-1])


def test_one_singular_matrix_of_a_stack_leaves_the_others() -> None:
    found = value_of(OPS["inv"], np.stack([np.eye(2), SINGULAR]))
    assert found[0].tolist() == np.eye(2).tolist()
    assert np.all(np.isnan(found[1]))


def test_classes_by_number_are_probabilities_of_one() -> None:
    scores, classes = np.array([[1.0, 2.0, 0.5], [0.1, -3.0, 2.0]]), np.array([2.0, 0.0])
    for name in ("cross_entropy", "nll_loss"):
        by_number, by_probability = (value_of(OPS[name], scores, target, "mean") for target in (classes, np.eye(3)[[2, 0]]))
        assert by_number == by_probability
    assert value_of(OPS["nll_loss"], np.array([0.0, -np.inf]), 0.0, "sum") == 0.0
