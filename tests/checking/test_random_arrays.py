"""Random programs with arrays, branches, loops and functions: the gradient is the slope of the program, and Hessians are symmetric."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import gradcli

ELEMENTWISE = ("sin({})", "tanh({})", "exp(0.3*{})", "{}*{}", "sqrt(1 + {}**2)", "sigmoid({})", "relu({} + 0.1)", "where({} > 0, {}, 2*{})")
VECTORS = ("A@{}", "{}[::-1]", "cumsum({})", "softmax({})", "concatenate([{}[1:], {}[:1]])", "{} - mean({})", "sort({})", "A.T@{} + 1")
NUMBERS = ("sum({})", "{}@{}", "norm({} + 2)", "logsumexp({})", "max({})", "prod(1 + 0.1*{})", "{}[0]*{}[-1]", "var({})", "sum(A*{})")


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Vectors one operation larger."""
    simple = st.tuples(st.sampled_from(ELEMENTWISE + VECTORS), inner).map(lambda pair: pair[0].replace("{}", f"({pair[1]})"))
    mixed = st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda parts: f"(({parts[0]}) {parts[1]} ({parts[2]}))")
    return st.one_of(simple, mixed)


vectors = st.recursive(st.sampled_from(["x", "y", "x[0]*y", "[1, 2, 3]*x"]), grown, max_leaves=4)
numbers = st.tuples(st.sampled_from(NUMBERS), vectors).map(lambda pair: pair[0].replace("{}", f"({pair[1]})"))


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Programs with a function, a loop whose rounds use its counter, a branch on values, and a replaced element."""
    f, body, start, left, right = (draw(vectors) for _ in range(5))
    lines = [
        "def f(x, y, k=1):",
        f"    return k*({f})",
        f"v = {start}",
        f"for i in range({draw(st.integers(0, 3))}):",
        f"    v = 0.5*v + f(v, y, k=0.1*(i + 1)) + 0.1*({body})",
        f"if {draw(numbers)} > {draw(st.sampled_from(('0', '1', 'v[0]')))}:",
        f"    w = {left}",
        "else:",
        f"    w = {right}",
        f"w[{draw(st.integers(-3, 2))}] = v[0]*2",
        "x = w + v",
        draw(numbers),
    ]
    return "\n".join(lines)


@st.composite
def points(draw: st.DrawFn) -> dict[str, object]:
    """Points without ties: every number is its own."""
    chosen = draw(st.lists(st.integers(-999, 999).filter(bool), min_size=15, max_size=15, unique=True))
    values = np.array(chosen) / 500
    return {"x": values[:3], "y": values[3:6], "A": values[6:].reshape(3, 3)}


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), points())
def test_the_gradient_of_a_program_with_blocks_is_never_called_wrong(program: str, at: dict[str, object]) -> None:
    used = {name: at[name] for name in gradcli.parse(program).inputs}
    check = gradcli.check(program, used).checks[0]
    assert check.verdict in ("agree", "kink", "inconclusive"), [row for row in check.rows if row.verdict != "agree"]


@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs(), points())
def test_second_derivatives_are_symmetric(program: str, at: dict[str, object]) -> None:
    used = {name: np.asarray(at[name]) for name in gradcli.parse(program).inputs}
    assert gradcli.hessian(program, used).asymmetry <= 1e-9
