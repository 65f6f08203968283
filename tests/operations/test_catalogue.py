"""What `ops` answers: every public row in words, and its derivative as a program that gives the derivative."""

from __future__ import annotations

import math
from typing import Any

import pytest

from gradcli.errors import UnknownFunction
from gradcli.language import parse
from gradcli.language.interpreter import decisions
from gradcli.language.replaying import evaluate
from gradcli.operations import OPS, Op
from gradcli.operations.catalogue import Operation, ops
from gradcli.operations.floats import partial_of, value_of
from gradcli.operations.precise import Precise
from gradcli.operations.wording import Text, rule_text

PUBLIC = [op for op in OPS.values() if not op.internal]


def entry(name: str) -> Operation:
    """The only answer for a name."""
    (found,) = ops(name)
    return found


def test_every_public_row_is_listed_in_the_order_of_the_table() -> None:
    assert [row.name for row in ops()] == [op.name for op in PUBLIC]


@pytest.mark.parametrize(
    ("word", "name"), [("tanh", "tanh"), ("ln", "log"), ("clamp", "clip"), ("**", "pow"), ("^", "pow"), ("<=", "le"), ("and", "both")]
)
def test_a_row_is_found_by_name_alias_or_operator(word: str, name: str) -> None:
    assert entry(word).name == name


def test_an_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(UnknownFunction, match="no operation 'sigmoidd'") as caught:
        ops("sigmoidd")
    assert "sigmoid" in str(caught.value.hint)


@pytest.mark.parametrize("name", ["polygamma", "gauss", "input"])
def test_an_internal_row_is_hidden(name: str) -> None:
    with pytest.raises(UnknownFunction):
        ops(name)


@pytest.mark.parametrize("op", PUBLIC, ids=lambda op: op.name)
def test_every_corner_is_in_words(op: Op) -> None:
    assert entry(op.name).corner == op.kink
    assert op.structural or bool(op.kink) == (op.corner is not None)


@pytest.mark.parametrize(
    "op", [op for op in PUBLIC if op.differentiable and not op.structural and op.name != "digamma"], ids=lambda op: op.name
)
def test_the_derivative_is_a_program_that_computes_it(op: Op) -> None:
    for i, param in enumerate(op.params):
        text = entry(op.name).derivative.get(param)
        assert (text is None) == (op.partials[i] is None)
        corners = [tuple(float(j == 1 and op.name == "clip") for j in range(len(op.params)))] if op.decide is not None else []
        for sample in [*op.samples, *corners] if text else []:
            point = dict(zip((f"{name}_" for name in op.params), sample, strict=True))
            program = renamed(str(text), op).replace("if condition_", "if condition_ != 0")
            found = float(exactly(program, {name: x for name, x in point.items() if name in program}))
            expected = partial_of(op, i, value_of(op, *sample), sample)
            assert math.isfinite(expected) or sample in corners, (text, sample)  # cbrt at 0, mod by 0
            assert (
                not math.isfinite(expected + found)
                if not math.isfinite(expected)
                else found == pytest.approx(expected, rel=1e-12, abs=2.0**-1022)
            ), (text, sample)


def exactly(text: str, point: dict[str, float]) -> Any:
    """The value of a program in 4000 bits, as textbook formulas such as 1 - tanh(x)**2 lose their digits in float64."""
    F, program = Precise(4000), parse(text)
    registers, _ = evaluate(program, {name: F.number(x) for name, x in point.items()}, F, decisions(program, point))
    return registers[program.output]


def renamed(text: str, op: Op) -> str:
    """The text with parameters called `min_`, as `min(` is a function."""
    import re

    return re.sub(r"\b(" + "|".join(op.params) + r")\b(?!\()", r"\1_", text)


@pytest.mark.parametrize(
    ("name", "param", "text"),
    [
        ("tanh", "x", "1 - tanh(x)**2"),
        ("abs", "x", "sign(x)"),
        ("relu", "x", "1 if x > 0 else 0"),
        ("maximum", "a", "1 if a > b else 0.5 if a == b else 0"),
        ("clip", "x", "1 if min <= x and x <= max else 0"),
        ("cbrt", "x", "1/(3*cbrt(x)**2)"),
        ("gamma", "x", "gamma(x)*digamma(x)"),
        ("where", "a", "1 if condition else 0"),
        ("leaky_relu", "slope", "0 if x > 0 else x"),
    ],
)
def test_a_derivative_reads_well(name: str, param: str, text: str) -> None:
    assert entry(name).derivative[param] == text


def test_text_is_closed_only_where_it_must_be() -> None:
    a, b = Text("a"), Text("b")
    assert str(-(a + b) * a / (b * a) - (a - b)) == "(-(a + b))*a/(b*a) - (a - b)"
    assert str((a + b) * (a + b)) == "(a + b)**2"
    assert str(1 - 2 / a) == "1 - 2/a"


def test_every_rule_can_be_written_out() -> None:
    for op in OPS.values():
        for i, partial in enumerate(op.partials):
            assert partial is None or rule_text(op, i)


@pytest.mark.parametrize("op", [op for op in PUBLIC if op.structural], ids=lambda op: op.name)
def test_a_row_of_arrays_says_what_each_operand_gets(op: Any) -> None:
    assert list(entry(op.name).share) == [param for param, rule in zip(op.params, op.pullbacks, strict=True) if rule is not None]
