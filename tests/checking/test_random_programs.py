"""Random programs over the whole table: whatever they are, a right gradient is never called wrong, nothing raises, and every check ends."""

from __future__ import annotations

import math

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import gradcli
from gradcli.operations.table import OPS

FUNCTIONS = {
    op.name: op.arity[1]
    for op in OPS.values()
    if not op.internal and not op.structural and not op.boolean and op.name not in ("where", "clip", "detach")
}
INFIX = ("+", "-", "*", "/", "**", "%")
SPECIAL = (0.0, 1.0, -1.0, 0.5, 2.0, 1e-8, -1e8, 1e100, -1e-100, 1e300, 5e-324, -1e308, math.pi, 171.0, -0.5)

numbers = st.one_of(st.sampled_from(SPECIAL), st.floats(-10, 10), st.floats(allow_nan=False, allow_infinity=False))
atoms = st.one_of(st.just("x"), st.just("y"), numbers.map(lambda number: f"({number!r})"))


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Programs one operation larger."""
    call = st.sampled_from(sorted(FUNCTIONS)).flatmap(
        lambda name: st.lists(inner, min_size=FUNCTIONS[name], max_size=FUNCTIONS[name]).map(
            lambda arguments: f"{name}({', '.join(arguments)})"
        )
    )
    infix = st.tuples(inner, st.sampled_from(INFIX), inner).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})")
    chosen = st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} < {parts[2]} else 1)")
    return st.one_of(call, infix, chosen)


programs = st.recursive(atoms, grown, max_leaves=8)


def may_disagree(program: str, at: dict[str, float]) -> bool:
    """Whether a slope is a convention here: at a kink, or where nan decides, the sweep may differ from both slopes, rightly told."""
    graph = gradcli.grad(program, at).graph
    for op, arguments in zip(graph.operations, graph.arguments, strict=True):
        values = [float(graph.values[a]) for a in arguments]
        if op.corner is not None and (not all(map(math.isfinite, values)) or near(op, values)):
            return True
    return False


def near(op: object, values: list[float]) -> bool:
    """Whether arguments lie on a corner, but for rounding."""
    try:
        return abs(float(op.corner(*values))) <= 1e-9 * (1 + max(map(abs, values)))  # type: ignore[attr-defined]
    except (ArithmeticError, ValueError):
        return True


@settings(max_examples=400, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs, numbers, numbers)
def test_a_right_gradient_is_never_called_wrong(program: str, x: float, y: float) -> None:
    at = {name: value for name, value in (("x", x), ("y", y)) if name in gradcli.parse(program).inputs}
    assume(at)
    found = gradcli.check(program, at).verdict
    assert found != "disagree" or may_disagree(program, at), gradcli.check(program, at).checks[0].rows


LONG = {
    "a sum of 500 waves": ("+".join(f"sin({i}*x)" for i in range(1, 250)), {"x": 1.1}),
    "60 inputs": ("+".join(f"x{i}**2*x{i + 1}" for i in range(59)), {f"x{i}": 0.1 * i + 0.1 for i in range(60)}),
    "3000 statements": ("y0=x;" + ";".join(f"y{i + 1}=sin(y{i})+y{i}*0.5" for i in range(3000)), {"x": 0.3}),
    "chaos": ("y0=x;" + ";".join(f"y{i + 1}=4*y{i}*(1-y{i})" for i in range(200)), {"x": 0.3}),
    "300 corners": ("y0=x;" + ";".join(f"y{i + 1}=abs(y{i}-0.1)" for i in range(300)), {"x": 0.37}),
    "a tower of gammas": ("y0=x;" + ";".join(f"y{i + 1}=gamma(y{i})*0.5+1" for i in range(40)), {"x": 1.3}),
}


@pytest.mark.parametrize("name", LONG)
def test_long_programs_end(name: str) -> None:
    program, at = LONG[name]
    assert gradcli.check(program, at).verdict in ("agree", "inconclusive")


HARD = """
    exp(exp(exp(x))) @ 1; exp(-exp(exp(exp(x)))) @ 2; gamma(gamma(x)) @ 5; 1/gamma(gamma(x)) @ 6; tanh(gamma(gamma(x))) @ 6
    sin(1e300*x) @ 1.1; sin(x) @ 1e308; cos(gamma(x)) @ 170; sin(exp(x)) @ 700; sin(exp(exp(x))) @ 6
    digamma(x) @ -1e15; digamma(x) @ -123456789.5; gamma(x) @ -170.5; gamma(x) @ -1e15; lgamma(x) @ -1000000.5; lgamma(x) @ 1e300
    erfinv(x) @ 0.9999999999999999; erfinv(x) @ 1e-300; sinc(x) @ 1e8; sinc(1e6*x) @ 0.3; sinc(x) @ 40.5
    exp(1e300*x) @ -1; exp(1e300*x) @ 1e-300; x**1e300 @ 1; x**1e300 @ 0.5; x**-1e300 @ 3
    1e-300**x @ 1e-300; x % 5e-324 @ 1; x % 1e-300 @ 1e300
    erfc(x) @ 1e5; erfc(100*x) @ 60; erf(x) @ 1e100; normcdf(x) @ -1e10; gelu(x) @ -1e6; gelu(x) @ 1e200; softplus(x) @ 1e300
    (1+1/x)**x @ 1e15; cos(x)**1e6 @ 0.001; round(x) @ 1e300; 1/(exp(x)-exp(x+1e-16)) @ 1; erfinv(tanh(x)) @ 18; x**0.1 @ 5e-324
"""


@pytest.mark.parametrize("line", [piece.strip() for line in HARD.strip().splitlines() for piece in line.split(";")])
def test_hard_numbers_end_and_are_not_called_wrong(line: str) -> None:
    program, x = line.split(" @ ")
    assert gradcli.check(program, {"x": float(x)}).verdict != "disagree"
