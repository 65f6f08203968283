"""The likely mistake: planted ones are named, other errors are not, and neither changes a verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

import gradcli
from gradcli.checking.mistakes.call_order import call_order
from gradcli.checking.mistakes.diagnosis import Compared, Part, Situation, likely

SHAPES: tuple[tuple[int, ...], ...] = ((), (5,), (3, 3), (2, 6), (40,))


def compared(given: Any, true: Any, *, relative: float = 1e-9, along: bool = False, name: str = "w") -> Compared:
    """A gradient beside the true one, whose bounds are a part of it; by elements, or along three directions."""
    chance = np.random.default_rng(3)
    directions = chance.choice([-1.0, 1.0], size=(3, np.size(true))) if along else None
    flat, sizes = np.ravel(true), np.abs(np.ravel(true))
    lines, bounds = (flat, relative * sizes) if directions is None else (directions @ flat, relative * np.abs(directions) @ sizes)
    return Compared(name, np.asarray(given, float), lines, bounds, chance.normal(size=np.shape(true)), directions)


def named(given: Any, true: Any, **how: Any) -> str:
    """What is likely wrong with a gradient; empty if nothing is named."""
    return likely(Situation([compared(given, true, **how)], value=0.37)).get("w", "")


def gradients(shape: tuple[int, ...], count: int) -> list[Any]:
    """Random gradients of all sizes."""
    chance = np.random.default_rng(7)
    return [chance.normal(size=shape) * 10 ** chance.uniform(-3, 3) for _ in range(count)]


ANYWHERE: Mapping[str, Callable[[Any], Any]] = {
    "the sign": lambda g: -g,
    "a factor 2 too much": lambda g: 2 * g,
    "a factor 2 is missing": lambda g: g / 2,
    "a factor 3 too much": lambda g: 3 * g,
    "a factor 7 is missing": lambda g: g / 7,
    "a factor 3/2 too much": lambda g: 1.5 * g,
    "the sign and a factor 2 too much": lambda g: -2 * g,
    "a factor pi/180 is missing (degrees for radians)": lambda g: g * 180 / np.pi,
    "a factor pi/180 too much (degrees for radians)": lambda g: g * np.pi / 180,
    "a factor ln 10 is missing (log10 for log)": lambda g: g / np.log(10),
    "a factor 2*pi too much": lambda g: g * 2 * np.pi,
    "a gradient that is never counted": lambda g: 0 * g,
    "a term 1 too much": lambda g: g + 1,
    "a term 1 is missing": lambda g: g - 1,
    "float32 precision": lambda g: g.astype(np.float32).astype(float) if np.ndim(g) else float(np.float32(g)),
}


@pytest.mark.parametrize("along", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("mistake", ANYWHERE)
def test_mistakes_of_all_numbers_are_named(mistake: str, shape: tuple[int, ...], along: bool) -> None:
    for gradient in gradients(shape, 5):
        assert named(ANYWHERE[mistake](gradient), gradient, relative=1e-12, along=along and shape != ()) == mistake


OF_ARRAYS: tuple[tuple[tuple[int, ...], str, Callable[[Any], Any]], ...] = (
    ((3, 3), "transposed", lambda g: g.T),
    ((2, 6), "the order of elements (columns for rows)", lambda g: np.reshape(g.T, g.shape)),
    ((5,), "reversed", lambda g: g[::-1]),
    ((2, 6), "reversed along axis 1", lambda g: g[:, ::-1]),
    ((40,), "an index off by one: every element stands one place later", lambda g: np.roll(g, 1)),
    ((40,), "an index off by one: every element stands one place earlier", lambda g: np.append(g[1:], 0.0)),
    ((5,), "the order of elements: these are the right numbers in other places", lambda g: g[[3, 0, 4, 2, 1]]),
    ((3, 3), "only the diagonal counted", lambda g: g * np.eye(3)),
    ((2, 6), "only row 1 counted", lambda g: g * np.array([[0.0], [1.0]])),
    ((2, 6), "only column 4 counted", lambda g: g * (np.arange(6) == 4)),
    ((40,), "only element 7 counted", lambda g: g * (np.arange(40) == 7)),
    ((3, 3), "only the upper triangle counted", np.triu),
    ((2, 6), "the sum over axis 0 at every element", lambda g: np.broadcast_to(g.sum(0), g.shape)),
    ((5,), "the mean over all elements at every element", lambda g: np.full(5, g.mean())),
    ((5,), "a factor 5 too much, the number of elements of w (a sum where a mean is meant?)", lambda g: 5 * g),
    ((2, 6), "a factor 12 is missing, the number of elements of w (a mean where a sum is meant?)", lambda g: g / 12),
    ((2, 6), "a factor 6 too much, the length of axis 1 of w (a sum where a mean is meant?)", lambda g: g * 6),
    ((40,), "n - 1 for n where n = 40, the number of elements of w", lambda g: g * 40 / 39),
)


@pytest.mark.parametrize(("shape", "mistake", "planted"), OF_ARRAYS, ids=[mistake for _, mistake, _ in OF_ARRAYS])
def test_mistakes_of_arrays_are_named(shape: tuple[int, ...], mistake: str, planted: Callable[[Any], Any]) -> None:
    for gradient in gradients(shape, 5):
        assert named(planted(gradient), gradient) == mistake


@pytest.mark.parametrize("shape", SHAPES)
def test_numbers_with_few_digits_are_named(shape: tuple[int, ...]) -> None:
    for gradient in gradients(shape, 5):
        few = np.reshape([float(f"{number:.6g}") for number in np.ravel(gradient)], shape)
        assert named(few, gradient) == "rounded to 6 digits"


def test_the_sign_of_one_element_is_named() -> None:
    for gradient in gradients((40,), 5):
        given = gradient.copy()
        given[17] *= -1
        assert named(given, gradient) == "the sign"


def test_inputs_that_were_swapped_are_named_at_both() -> None:
    a, b = gradients((5,), 2)
    situation = Situation([compared(b, a, name="a"), compared(a, b, name="b")])
    assert likely(situation) == {"a": "a and b swapped", "b": "a and b swapped"}


def test_the_derivative_by_another_input_is_named() -> None:
    a, b = gradients((5,), 2)
    situation = Situation([compared(b, a, name="a"), compared(b, b, name="b")])
    assert likely(situation) == {"a": "the derivative by b for that by a"}


def test_the_mean_of_another_input_is_named() -> None:
    a, b = gradients((3, 3), 1)[0], gradients((40,), 1)[0]
    situation = Situation([compared(40 * a, a, name="a"), compared(b, b, name="b")])
    assert "a factor 40 too much, the number of elements of b" in likely(situation)["a"]


@pytest.mark.parametrize(
    ("given", "words"),
    [(1.3, "a missing term"), (2.7, "a term counted twice"), (0.6, "the sign of a term"), (1.3 + 0.7 / 0.31, "a forgotten factor")],
)
def test_pieces_of_the_gradient_are_named(given: float, words: str) -> None:
    part = Part("'b'", "node 4, 'a+b'", np.array([0.7 * math.pi]), 0.31)
    situation = Situation([compared(given * math.pi, 2.0 * math.pi)], parts={"w": [part]})
    assert likely(situation)["w"].startswith(words)


def random_error(gradient: Any, kind: int, chance: np.random.Generator) -> Any:
    """A gradient with an error that is none of the mistakes."""
    size = 10 ** chance.uniform(-5, 1)
    if kind == 0:
        return gradient * (1 + size * chance.normal())
    if kind == 1:
        return gradient * (1 + size * chance.normal(size=np.shape(gradient)))
    if kind == 2:
        return chance.normal(size=np.shape(gradient)) * np.max(np.abs(gradient))
    return gradient + size * np.max(np.abs(gradient))


@pytest.mark.parametrize("along", [False, True])
@pytest.mark.parametrize("relative", [1e-12, 1e-6, 1e-4])
def test_other_errors_are_given_no_name(relative: float, along: bool) -> None:
    chance = np.random.default_rng(11)
    wrong, names = 0, []
    for shape in SHAPES[along:]:
        for i, gradient in enumerate(gradients(shape, 80)):
            given = random_error(gradient, i % 4, chance)
            one = compared(given, gradient, relative=relative, along=along)
            wrong += bool(np.any(one.wrong))
            names.extend(likely(Situation([one], value=0.37)).values())
    assert wrong > 200
    assert len(names) < 0.01 * wrong, names


CLAIMS = (
    ("(x+w)*(w+1)", "w=1,x=2", {"w": -5}, "likely the sign: -5 given, 5 expected"),
    ("x**2", "x=3", "x", "likely a factor 2 is missing: 3 given, 6 expected"),
    ("w*x**2", "x=1.3,w=2", {"x": "x**2", "w": "2*w*x"}, "x and w swapped"),
    ("sqrt(x**2+y**2)", "x=3,y=4", {"x": "y/sqrt(x**2+y**2)"}, "the derivative by y for that by x"),
    ("x**3", "x=1.3", "x**3", "the value of the function for its derivative"),
    ("x**3", "x=1.3", "3*x**3", "a factor too much, the input itself"),
    ("x**3+x", "x=1.3", "3*x**2", "a term 1 is missing"),
    ("sin(pi*x/180)", "x=30", "cos(pi*x/180)", "a factor pi/180 is missing"),
    ("x*sin(3*x)+x**2", "x=1.3", "sin(3*x)+3*x*cos(3*x)", "a missing term, what 'x**2' contributes to node 5"),
    ("x*sin(3*x)+x**2", "x=1.3", "sin(3*x)+x*cos(3*x)+2*x", "a forgotten factor, the slope of node 1, '3*x' by 'x'"),
    ("exp(-x**2/2)*x", "x=1.3", "(1+x**2)*exp(-x**2/2)", "the sign of a term, what 'exp(-x**2/2)' contributes to node 5"),
    ("exp(2*x)", "x=0.3", {"x": 3.6442}, "rounded to 5 digits"),
    ("exp(2*x)", "x=0.3", {"x": 3.644237518310547}, "float32 precision"),
    ("mean((x-y)**2)", "x=[1,2,3.5,7],y=[3,2.5,1,8]", {"x": "2*(x-y)"}, "a factor 4 too much, the number of elements of x"),
    ("sum(x**3)", "x=linspace(0.1,3,100)", {"x": "-3*x**2"}, "the sign"),
    ("sum(x**3)", "x=linspace(0.1,3,100)", {"x": "3*x[::-1]**2"}, "reversed"),
)  # fmt: skip


@pytest.mark.parametrize(("program", "at", "expect", "words"), CLAIMS, ids=[f"{program} {expect}" for program, _, expect, _ in CLAIMS])
def test_wrong_claims_have_a_likely_mistake(program: str, at: str, expect: Any, words: str) -> None:
    report = gradcli.check(program, at, expect=expect)
    assert report.verdict == "disagree"
    assert words in report.checks[0].rows[0].likely


def test_a_wrong_gradient_of_a_program_s_own_has_a_likely_mistake() -> None:
    program = "def f(x):\n  return sin(x)\n@gradient(f)\ndef df(x):\n  return -cos(x)\nf(x)*w"
    row = gradcli.check(program, "x=1,w=3").checks[0].rows[0]
    assert row.verdict == "disagree"
    assert row.node is not None
    assert row.likely.startswith("likely the sign: -1.6209")


@pytest.mark.parametrize("expect", ["exp(2*x)*1.73", "x+3", {"x": 3.99}])
def test_claims_that_are_just_wrong_have_none(expect: Any) -> None:
    report = gradcli.check("exp(2*x)", "x=0.3", expect=expect)
    assert (report.verdict, report.checks[0].rows[0].likely) == ("disagree", "")


def test_right_claims_have_no_mistake() -> None:
    rows = gradcli.check("(x+w)*(w+1)", "w=1,x=2", expect="w=2*w+x+1,x=w+1").checks[0].rows
    assert [row.likely for row in rows] == ["", ""]


def slopes(at: Mapping[str, Any]) -> dict[str, Any]:
    """A gradient without memory."""
    return {"x": 2 * np.asarray(at["x"]), "w": 3.0}


POINT, OTHER = {"x": np.array([1.0, 2.0]), "w": 1.0}, {"x": np.array([0.5, 5.0]), "w": 4.0}


def test_a_gradient_without_memory_does_not_depend_on_the_order_of_calls() -> None:
    assert call_order(slopes, POINT, OTHER) == ""
    assert call_order(lambda at: {"x": math.nan}, POINT, OTHER) == ""


def test_a_gradient_that_is_not_reset_is_named() -> None:
    total: dict[str, Any] = {"x": np.zeros(2), "w": 0.0}

    def added(at: Mapping[str, Any]) -> dict[str, Any]:
        for name, slope in slopes(at).items():
            total[name] += slope
        return total

    said = call_order(added, POINT, OTHER)
    assert "not reset" in said
    assert "by x[1] it is 4, and 18 when it is asked at the same point again" in said


def test_a_gradient_of_the_call_before_is_named() -> None:
    calls: list[Any] = [{"x": np.zeros(2)}]

    def late(at: Mapping[str, Any]) -> dict[str, Any]:
        calls.append(at)
        return slopes(calls[-2])

    assert "that of the call before" in call_order(late, POINT, OTHER)


def test_a_gradient_that_depends_on_its_calls_otherwise_is_seen() -> None:
    calls: list[int] = []

    def counting(at: Mapping[str, Any]) -> dict[str, Any]:
        calls.append(1)
        return {name: value * min(len(calls), 2) for name, value in slopes(at).items()}

    assert "depends on the calls before it" in call_order(counting, POINT, OTHER)


def test_a_gradient_that_is_another_one_at_every_call_is_noise() -> None:
    chance = np.random.default_rng(1)

    def noisy(at: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value * (1 + 1e-3 * chance.normal()) for name, value in slopes(at).items()}

    assert "not repeatable: it is another one at every call" in call_order(noisy, POINT, OTHER)


def test_a_gradient_whose_last_digits_change_is_no_other_gradient() -> None:
    calls: list[int] = []

    def noisy(at: Mapping[str, Any]) -> dict[str, Any]:
        calls.append(1)
        return {name: value * (1 + 2.0**-50 * len(calls)) for name, value in slopes(at).items()}

    assert "its last digits change" in call_order(noisy, POINT, OTHER)
