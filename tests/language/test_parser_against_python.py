"""Where the language and Python overlap, Python's own parser is the oracle; for algebra, SymPy's."""

from __future__ import annotations

import math
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli.language import parse, run
from gradcli.language.program import Program
from tests.language.oracle import order_of_names, python_value
from tests.language.programs import programs

VALUES = st.sampled_from([0.0, -0.0, 1.0, 2.0, -3.0, 0.5, -1.25, 7.0, 1e-3, 1e200, math.inf, math.nan])


def value_at(text: str, at: dict[str, float]) -> float:
    """The value of a program; names in `at` that are no inputs are left out."""
    program = parse(text)
    trace = run(program, {name: program.defaults.get(name, at.get(name, 0.0)) for name in program.inputs})
    return float(trace.graph.values[trace.node_of(program.output)])


def bits(value: float) -> bytes:
    """The bits of a double; one pattern for all nans."""
    return b"nan" if math.isnan(value) else struct.pack("d", value)


def free(program: Program) -> list[str]:
    """The inputs that are free names."""
    return [name for name in program.inputs if name not in program.defaults]


CORPUS = [
    "x + w*b - x/w % b",
    "-x**2",
    "2**-x**2",
    "-x**-w**-b",
    "- - +x - -w",
    "x - w - b",
    "x / w / b",
    "x % -w",
    "-x % w",
    "x**w**b",
    "(x**w)**b",
    "x < w < b",
    "x < w == b > x != w",
    "not x == w",
    "not not x",
    "x and not w or b",
    "x or w and b",
    "x if w else b",
    "x if w else b if x else w",
    "(x if w else b) if b else w",
    "x if (w if b else x) else b",
    "-x if x < 0 else x",
    "x + 1 if w > 1 else b - 1",
    "x if w < b and not b < 2 else w",
    "sin(x if x > 0 else w) + (b if b else x)",
    "max(x, w if x else b, b) * 2",
    "x = x + 1\nx = x*x; x",
    "y = x; z = y; y + z",
    "x = 2; w = 3; x*w",
    "x = -2\ny = x if x < w else w\ny",
    "(x +\n w) \\\n * b # (",
    "if_ = x; nota = w; orb = b; if_*nota+orb",
    "(not(x))+(x)if(w)else(b)",
    "1_000.5e-10 * x",
    "x;w;b;",
]


@pytest.mark.parametrize("text", CORPUS)
@pytest.mark.parametrize("values", [(0.5, 2.0, -3.0), (-1.25, 0.0, 7.0), (math.nan, 1.0, -0.0), (3.0, 3.0, 3.0)])
def test_the_corpus_has_the_values_that_python_gives_it(text: str, values: tuple[float, ...]) -> None:
    at = dict(zip(("x", "w", "b"), values, strict=True))
    assert bits(value_at(text, at)) == bits(python_value(text, at))
    assert free(parse(text)) == order_of_names(text)


@settings(max_examples=500, deadline=None)
@given(programs(), st.lists(VALUES, min_size=7, max_size=7))
def test_a_program_has_the_value_that_python_gives_it(text: str, values: list[float]) -> None:
    at = dict(zip(("x", "w", "b", "gamma", "theta_1", "y", "z"), values, strict=True))
    assert bits(value_at(text, at)) == bits(python_value(text, at))


@settings(max_examples=300, deadline=None)
@given(programs())
def test_inputs_stand_in_the_order_of_their_appearance(text: str) -> None:
    assert free(parse(text)) == order_of_names(text)


@settings(max_examples=200, deadline=None)
@given(programs())
def test_the_caret_is_the_power_of_python_in_precedence_too(text: str) -> None:
    at = {"x": 0.5, "w": 2.0, "b": -1.0, "gamma": 3.0, "theta_1": 0.25, "y": 1.5, "z": -2.0}
    assert bits(value_at(text.replace("**", "^"), at)) == bits(value_at(text, at))


@pytest.mark.parametrize(
    "text",
    [
        "2x^2 + 3x - 1", "3(x+1)(w-2)", "(x+w)(w+1)", "2sin(x)cos(w)", "2x/3", "x^2/w^3", "-x^2", "2^-x^2", "x^w^2",
        "(x+1)^2*(w-1)", "2(x)(w)",
        "4x*w - 2(x - w)/3",
        "sqrt(x)exp(-x^2/2)", "-2x^-1", "2x*3w", "x*-w",
    ],
)  # fmt: skip
def test_algebra_means_what_sympy_reads(text: str) -> None:
    from sympy.parsing.sympy_parser import convert_xor, implicit_multiplication, parse_expr, standard_transformations

    formula = parse_expr(text, transformations=(*standard_transformations, implicit_multiplication, convert_xor))
    at = {"x": 1.75, "w": 0.625}
    assert value_at(text, at) == pytest.approx(float(formula.subs(at)), rel=1e-13)
