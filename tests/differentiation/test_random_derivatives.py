"""Random programs with arrays: forward mode is reverse mode, second derivatives are symmetric, and a product is the matrix times v."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gradcli

AT = {"x": np.array([0.3, -0.7, 1.1]), "W": np.array([[0.5, -0.2, 0.9], [1.3, 0.4, -0.6]]), "c": 0.8}
V = {"x": np.array([1.0, -2.0, 0.5]), "W": np.array([[0.1, 0.2, -0.3], [0.5, 1.0, -1.0]]), "c": -1.5}

ATOMS = ("x", "W", "c", "x*c", "x@x*c", "W[1]", "x[::-1]", "0.5")
CALLS = ("sin({})", "tanh({})", "exp(-abs({}))", "sigmoid({})", "sqrt(1 + {}**2)", "relu({})", "where({} > 0.1, c, 2)",
         "sum({})", "logsumexp({})", "norm({})", "max({} + x)", "prod({})")  # fmt: skip
PAIRS = ("({} + {})", "({} * {})", "({} - {})", "maximum({}, {})", "({} / (2 + abs({})))")


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Programs one operation larger; every shape broadcasts with every other."""
    calls = st.tuples(st.sampled_from(CALLS), inner).map(lambda parts: parts[0].format(parts[1]))
    pairs = st.tuples(st.sampled_from(PAIRS), inner, inner).map(lambda parts: parts[0].format(*parts[1:]))
    return st.one_of(calls, pairs)


programs = st.recursive(st.sampled_from(ATOMS), grown, max_leaves=6)


def close(a: object, b: object, scale: float) -> bool:
    return bool(np.allclose(a, b, rtol=1e-11, atol=1e-12 * (1 + scale)))  # type: ignore[arg-type]


@settings(max_examples=80, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs)
def test_both_modes_agree_and_second_derivatives_are_symmetric(text: str) -> None:
    program = f"sum({text}) + sum(sin(W@x))*c"
    forward, reverse = (gradcli.jacobian(program, AT, mode=mode).blocks for mode in ("forward", "reverse"))  # type: ignore[arg-type]
    scale = max(float(np.abs(block).max()) for block in reverse.values())
    assert all(close(block, reverse[key], scale) for key, block in forward.items())
    matrix = gradcli.hessian(program, AT)
    assert matrix.asymmetry < 1e-11
    product = gradcli.hessian(program, AT, product=V).product or {}
    for row in AT:
        expected = sum(np.tensordot(matrix.blocks[row, name], V[name], np.ndim(V[name])) for name in AT)
        assert close(product[row], expected, max(float(np.abs(block).max()) for block in matrix.blocks.values()))
