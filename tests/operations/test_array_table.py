"""The table test of rows of arrays: every row, at the cases that stand in it, against every law."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp

from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.graphs import Graph
from gradcli.operations import OPS
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.bounded import Bounds
from gradcli.operations.floats import FLOATS
from gradcli.operations.precise import Precise
from gradcli.operations.symbolic import SYMBOLS
from tests.operations.arrays import CASES, STRUCTURAL, arguments_of, case_name, dot, like, operands, over, pushed, shares, value

every_case = pytest.mark.parametrize(("op", "case"), CASES, ids=case_name)


def symbolic(op: Any, case: Any) -> bool:
    """Whether SymPy can differentiate a case: few symbols, whose largest is not asked for."""
    arguments = arguments_of(op, case)
    return sum(np.size(arguments[position]) for position in operands(op, arguments)) <= 6 and "inf" not in str(case)


SMOOTH = [(op, case) for op, case in CASES if op.differentiable and "ties" not in str(case)]
smooth_cases = pytest.mark.parametrize(("op", "case"), SMOOTH, ids=case_name)
symbolic_cases = pytest.mark.parametrize(("op", "case"), [pair for pair in SMOOTH if symbolic(*pair)], ids=case_name)

PREC = 700
"""Bits of exact arithmetic: differences of step 2**-200 have 300 of them left."""

STEP = 200
CLOSE = 2.0**-300


def random_of(op: Any) -> np.random.Generator:
    """Weights and directions, the same in every run."""
    return np.random.default_rng([7, len(op.name)])


def numbers(value: Any) -> list[Any]:
    """The elements of a value."""
    return list(value.flat) if is_array(value) else [value]


def agree(a: Any, b: Any, scale: Any = 1) -> bool:
    """Whether two exact numbers are the same but for their last bits."""
    return bool(abs(a - b) <= CLOSE * (abs(a) + abs(b) + abs(scale)))


@pytest.mark.parametrize("op", STRUCTURAL, ids=case_name)
def test_a_row_of_arrays_is_complete(op: Any) -> None:
    assert op.doc
    assert op.cases
    assert all(len(case) == len(op.params) for case in op.cases)
    assert len(op.pullbacks) == len(op.params)
    assert not op.differentiable or [p is None for p in op.pushforwards] == [p is None for p in op.pullbacks]
    assert all(rule is None for name, rule in zip(op.params, op.pullbacks, strict=True) if name in op.settings)
    assert (op.decide is None) == (op.piece is None)
    assert op.keywords <= set(op.params)
    assert op.settings <= set(op.params)
    assert len(op.defaults) <= len(op.params)
    assert op.moves or not op.selects
    assert op.internal or bool(op.share) == op.differentiable


@every_case
def test_the_value_is_within_its_error_of_the_exact_one(op: Any, case: Any) -> None:
    F = Precise(PREC)
    for seed in range(5):
        arguments = arguments_of(op, case, seed)
        plain, exact = value(op, arguments), getattr(F, op.name)(*over(F, op, arguments))
        assert shape_of(plain) == shape_of(exact)
        with np.errstate(all="ignore"):
            error = 0.0 if op.error is None else op.error(plain, *op.grouped(arguments))
        for v, x, e in zip(numbers(plain), numbers(exact), np.broadcast_to(error, shape_of(plain)).flat, strict=True):
            assert abs(v - x) <= e or (v != v and x != x), (v, x, e)


@every_case
def test_bounds_hold_the_error_of_float64(op: Any, case: Any) -> None:
    F, B = Precise(PREC), Bounds()
    for seed in range(3):
        arguments = arguments_of(op, case, seed)
        plain, exact = value(op, arguments), getattr(F, op.name)(*over(F, op, arguments))
        for v, x, b in zip(numbers(plain), numbers(exact), numbers(getattr(B, op.name)(*over(B, op, arguments))), strict=True):
            if not isinstance(b, bool):
                assert abs(v - x) <= b.e or x != x, (v, x, b)
                assert abs(b.v - x) <= b.e or x != x, (v, x, b)


@smooth_cases
def test_pullback_and_pushforward_are_transposes(op: Any, case: Any) -> None:
    F, random = Precise(PREC), random_of(op)
    arguments = over(F, op, arguments_of(op, case))
    u = F.numbers(like(getattr(F, op.name)(*arguments), random))
    found = shares(F, op, arguments, u)
    for position in operands(op, arguments):
        t = F.numbers(like(arguments[position], random))
        assert agree(dot(u, pushed(F, op, arguments, position, t)), dot(found[position], t))


@smooth_cases
def test_shares_have_the_shapes_of_operands(op: Any, case: Any) -> None:
    arguments = arguments_of(op, case)
    y = value(op, arguments)
    found = shares(FLOATS, op, arguments, like(y, random_of(op)))
    assert set(found) == set(operands(op, arguments))
    for position, share in found.items():
        assert shape_of(share) == shape_of(arguments[position])
        assert type(share) is float or share.dtype == float


@smooth_cases
def test_a_pullback_is_the_derivative_by_differences(op: Any, case: Any) -> None:
    F, random = Precise(PREC), random_of(op)
    arguments = over(F, op, arguments_of(op, case))
    u = F.numbers(like(getattr(F, op.name)(*arguments), random))
    found, h = shares(F, op, arguments, u), F.context.ldexp(1, -STEP)
    for position in operands(op, arguments):
        t = F.numbers(like(arguments[position], random))
        sides = [getattr(F, op.name)(*arguments[:position], arguments[position] + side * t, *arguments[position + 1 :]) for side in (h, -h)]
        assert agree(dot(u, sides[0] - sides[1]) / (2 * h), dot(found[position], t)), position


@symbolic_cases
def test_a_pullback_is_the_derivative_by_sympy(op: Any, case: Any) -> None:
    F, random = Precise(PREC), random_of(op)
    arguments = over(F, op, arguments_of(op, case))
    places: dict[Any, Any] = {}
    expressions = list(arguments)
    for position in operands(op, arguments):
        expressions[position], new = symbols_like(arguments[position], f"x{position}_")
        places |= new
    y = F.numbers(getattr(F, op.name)(*arguments))
    u = F.numbers(like(y, random))
    found = shares(F, op, arguments, u)
    k = None if op.decide is None else op.piece_of(arguments)
    theirs = getattr(SYMBOLS, op.name)(*expressions) if k is None else SYMBOLS.on_piece(op, k, expressions)
    total = sum(sp.Rational(*w.as_integer_ratio()) * one for w, one in zip(map(float, numbers(u)), numbers(theirs), strict=True))
    exact = {symbol: sp.Rational(*float(x).as_integer_ratio()) for symbol, x in places.items()}
    for position in operands(op, arguments):
        for symbol, share in zip(numbers(expressions[position]), numbers(found[position]), strict=True):
            slope = sp.N(sp.diff(total, symbol).subs(exact), 60)
            assert abs(F.context.mpf(str(slope)) - share) <= 1e-50 * (1 + abs(share)), symbol


def symbols_like(x: Any, name: str) -> tuple[Any, dict[Any, Any]]:
    """Real symbols in the shape of a value, and the value of each."""
    if not is_array(x):
        symbol = sp.Symbol(name, real=True)
        return symbol, {symbol: x}
    symbols = [sp.Symbol(f"{name}{i}", real=True) for i in range(x.size)]
    array = np.empty(x.size, object)
    array[:] = symbols
    return array.reshape(x.shape), dict(zip(symbols, x.flat, strict=True))


def graph_inputs(op: Any, arguments: list[Any]) -> list[int]:
    """The positions of the arguments that are no settings."""
    return [position for position in range(len(arguments)) if op.params[op.parameter_of(position, len(arguments))] not in op.settings]


def alone(op: Any, arguments: list[Any]) -> Graph:
    """The graph of one operation: of inputs, and of constants for its settings."""
    inputs = graph_inputs(op, arguments)
    constants = [position for position in range(len(arguments)) if position not in inputs]
    ids = tuple(inputs.index(i) if i in inputs else -1 - constants.index(i) for i in range(len(arguments)))
    values = [*(arguments[i] for i in inputs), value(op, arguments), *(arguments[i] for i in reversed(constants))]
    operations = [OPS["input"]] * len(inputs) + [op]
    return Graph(Source(len(values)), operations, [()] * len(inputs) + [ids], values, list(range(len(operations))), {})  # type: ignore[arg-type]


class Source:
    """Names and literals of a graph without a program."""

    text = ""

    def __init__(self, n: int) -> None:
        self.names: list[str | None] = [None] * n
        self.literals = [""] * n


@smooth_cases
def test_the_gradient_is_a_graph_with_a_gradient(op: Any, case: Any) -> None:
    F, random = Precise(PREC), random_of(op)
    arguments = arguments_of(op, case)
    graph, inputs = alone(op, arguments), list(operands(op, arguments))
    precise = over(F, op, arguments)
    u = like(graph.values[len(graph) - 1], random)
    node = {position: i for i, position in enumerate(graph_inputs(op, arguments)) if position in inputs}
    directions = {position: like(arguments[position], random) for position in inputs}
    for position in inputs:
        longer, found = derivative_graph(graph, {len(graph) - 1: u}, {position: node[position]})
        slope = found[position]
        if slope is None:
            continue
        first = shares(FLOATS, op, arguments, u)[position]
        assert np.allclose(longer.values[slope], first, rtol=1e-9, atol=1e-12)
        v = like(arguments[position], random)
        again = dict.fromkeys(inputs) if slope < 0 else derivative_graph(longer, {slope: v}, node)[1]
        values = [] if slope < 0 else derivative_graph(longer, {slope: v}, node)[0].values
        ours = sum(dot(directions[other], values[id_]) for other, id_ in again.items() if id_ is not None)
        h = F.context.ldexp(1, -STEP)
        sides = []
        for side in (h, -h):
            moved = [x + side * F.numbers(directions[i]) if i in directions else x for i, x in enumerate(precise)]
            sides.append(dot(shares(F, op, moved, F.numbers(u))[position], F.numbers(v)))
        theirs = float((sides[0] - sides[1]) / (2 * h))
        assert abs(ours - theirs) <= 1e-8 * (1 + abs(theirs)), (position, ours, theirs)


@pytest.mark.parametrize(("op", "case"), [(op, case) for op, case in CASES if op.moves], ids=case_name)
def test_a_pullback_that_moves_says_which_elements_are_alive(op: Any, case: Any) -> None:
    arguments, random = arguments_of(op, case), random_of(op)
    y = value(op, arguments)
    mask = (random.random(size=shape_of(y)) < 0.5).astype(float) if shape_of(y) else 1.0
    found = shares(FLOATS, op, arguments, mask)
    for position in operands(op, arguments):
        x = arguments[position]
        for place, alive in zip(np.ndindex(shape_of(x)), numbers(found[position]), strict=True):
            unit = np.zeros(shape_of(x))
            unit[place] = 1.0
            reached = pushed(FLOATS, op, arguments, position, unit if shape_of(x) else 1.0)
            assert (alive != 0) == bool(np.any(np.asarray(mask) * np.asarray(reached) != 0)), place


@smooth_cases
def test_bounds_hold_the_error_of_pullbacks(op: Any, case: Any) -> None:
    F, B, random = Precise(PREC), Bounds(), random_of(op)
    arguments = arguments_of(op, case)
    u = like(value(op, arguments), random)
    plain = shares(FLOATS, op, arguments, u)
    exact, bounds = (shares(G, op, over(G, op, arguments), G.numbers(u)) for G in (F, B))
    for position, share in plain.items():
        for v, x, b in zip(numbers(share), numbers(exact[position]), numbers(bounds[position]), strict=True):
            assert abs(v - x) <= 4 * b.e, (position, v, x, b)
            assert b.e < 1e-9, "a bound that allows anything"
