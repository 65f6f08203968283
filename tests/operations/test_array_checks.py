"""Every public row of arrays in a program that is checked: the reverse sweep, SymPy's derivatives and differences agree on it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import gradcli
from tests.operations.arrays import STRUCTURAL, case_name, grouped_arguments

ROWS = [op for op in STRUCTURAL if op.differentiable and not op.internal]


TEXTS = [("einsum('ij->j', x) @ [1, 1]", True), ('sum(einsum( "ij->j", x))', True), ("exp('a') + sum(x)", False), ("sum(x, 'full')", False)]


@pytest.mark.parametrize(("program", "right"), TEXTS)
def test_a_text_is_a_setting_and_nothing_else(program: str, right: bool) -> None:
    if right:
        assert gradcli.grad(program, {"x": [[1, 2]]}).gradient["x"].tolist() == [[1, 1]]
    else:
        with pytest.raises(gradcli.GradcliError):
            gradcli.grad(program, {"x": [[1, 2]]})


def program_of(op: Any, case: Any) -> tuple[str, dict[str, Any]]:
    """A call of a row at its case as a program, and the point of its operands."""
    point: dict[str, Any] = {}
    words = []
    for name, given in zip(op.params, grouped_arguments(op, case), strict=True):
        if name in op.settings:
            text = ", ".join(map(literal, given)) if name == op.variadic else literal(given)
        else:
            operands = given if name == op.variadic else (given,)
            names = [f"u{len(point) + i}" for i in range(len(operands))]
            point |= dict(zip(names, operands, strict=True))
            text = ", ".join(names)
        words.append(f"{name}={text}" if name in op.keywords else text)
    return f"{op.name}({', '.join(word for word in words if word)})", point


def literal(value: Any) -> str:
    """A setting as a program has it."""
    if isinstance(value, tuple) and any(isinstance(one, tuple) for one in value):
        return str(np.array(value).tolist())
    if isinstance(value, tuple):
        return f"({', '.join(map(literal, value))}{',' * (len(value) == 1)})"
    return repr(value).removesuffix(".0") if value is None or isinstance(value, bool | str) else f"{value:g}"


@pytest.mark.parametrize("op", ROWS, ids=case_name)
def test_a_check_of_the_row_agrees(op: Any) -> None:
    program, point = program_of(op, op.cases[0])
    report = gradcli.check(f"sum(sin({program}))", point)
    assert report.exit_code == 0, [(row.input, row.verdict, row.reason) for row in report.checks[0].rows]


EDGES = [
    ("binary_cross_entropy(p, t)", {"p": [0.2, 0.7, 0.4], "t": [1.0, 0.0, 0.5]}),
    ("cross_entropy(z, t)", {"z": [[1.0, 2.0, 0.5]], "t": [[0.0, 1.0, 0.0]]}),
    ("nll_loss(z, t)", {"z": [[-1.0, -2.0, -0.5]], "t": [[0.0, 1.0, 0.0]]}),
    ("cross_entropy(z, [2, 0])", {"z": [[1.0, 2.0, 0.5], [0.1, -3.0, 2.0]]}),
    ("prod(x)", {"x": [0.0, 2.0, 3.0]}),
    ("prod(x)", {"x": [0.0, 2.0, 0.0]}),
    ("cumprod(x) @ [1, 2, 3]", {"x": [2.0, 0.0, 3.0]}),
    ("det(W)", {"W": [[1.0, 2.0], [2.0, 4.0]]}),
    ("det(W)", {"W": [[1.0, 2.0, 3.0], [2.0, 4.0, 6.0], [0.5, 1.0, -1.0]]}),
    ("norm(x, ord=3)", {"x": [1.0, 2.0, -3.0]}),
    ("norm(x, ord=inf)", {"x": [1.0, 2.0, -3.0]}),
    ("logsumexp(x)", {"x": [1000.0, 999.0, -1000.0]}),
    ("softmax(x)[0]", {"x": [1000.0, 999.0, -1000.0]}),
    ("var(x)", {"x": [1e6 + 1, 1e6 + 2, 1e6 + 4]}),
    ("argmax(x)*sum(x)", {"x": [1.0, 3.0, 2.0]}),
]


@pytest.mark.parametrize(("program", "point"), EDGES)
def test_a_check_agrees_at_the_edges_too(program: str, point: Any) -> None:
    report = gradcli.check(program, point)
    assert report.exit_code == 0, [(row.input, row.verdict, row.reason) for row in report.checks[0].rows]


def test_a_singular_matrix_is_undefined_and_named() -> None:
    (row,) = gradcli.check("inv([[x, 2], [2, 4]])[0, 0]", {"x": 1.0}).checks[0].rows
    assert row.verdict == "undefined"
    assert "inv" in row.reason


@pytest.mark.parametrize("op", ROWS, ids=case_name)
def test_pure_second_derivatives_are_the_diagonal_of_the_hessian(op: Any) -> None:
    program, point = program_of(op, op.cases[0])
    higher = gradcli.grad(f"sum(sin({program}))", point, order=2).higher
    again = gradcli.hessian(f"sum(sin({program}))", point)
    assert higher
    for name, (_, second) in higher.items():
        block = np.asarray(again.blocks[name, name], float).reshape(np.size(second), np.size(second))
        assert np.diagonal(block) == pytest.approx(np.ravel(second), rel=1e-9, abs=1e-9)
