"""The table test: every row of the table of operations against every law. A new row is tested before anybody writes a test."""

from __future__ import annotations

import ast
import inspect
import math
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from random import Random
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest
import sympy as sp

from gradcli.differentiation.taylor import derivatives
from gradcli.graphs import Graph
from gradcli.operations import (
    OPS,
    Op,
    activations,
    arithmetic,
    comparisons,
    contractions,
    correlations,
    creation,
    elementary,
    indexing,
    leaves,
    losses,
    matrices,
    orders,
    products,
    reductions,
    scans,
    selections,
    shapes,
    softmaxes,
    special,
    triangles,
)  # fmt: skip
from gradcli.operations.floats import partial_of, value_of
from gradcli.operations.precise import Precise, TooLarge
from gradcli.operations.symbolic import SYMBOLS, derivative, formula, softplus, symbols_of

inf, nan = math.inf, math.nan
Arguments = tuple[float, ...]

ELEMENTWISE = (leaves, arithmetic, elementary, special, activations, selections, comparisons)
MODULES = (
    *ELEMENTWISE,
    shapes,
    indexing,
    reductions,
    scans,
    orders,
    softmaxes,
    contractions,
    products,
    matrices,
    triangles,
    correlations,
    creation,
    losses,
)
ROWS = [op for op in OPS.values() if op.name != "input" and not op.structural]
SMOOTH = [op for op in ROWS if op.decide is None]
PIECES = [op for op in ROWS if op.decide is not None]
PARTIALS = [(op, i) for op in ROWS for i, partial in enumerate(op.partials) if partial is not None]

MAGNITUDES = (1e-300, 1e-160, 1e-20, 1e-8, 0.1, 0.25, 0.5, 1 - 2**-53, 1.0, 1 + 2**-52, 1 + 1e-9, 1.5, 2.0, 3.0, 10.25, 30.0, 37.5,
              100.0, 170.5, 709.0, 745.5, 1e5, 1e10, 1e17, 1e100, 1e155, 1e200, 1e300)  # fmt: skip
ONE = [0.0, *MAGNITUDES, *(-x for x in MAGNITUDES)]
PAIR = [0.0, *(sign * x for x in (1e-300, 1e-160, 1e-8, 0.1, 0.5, 1.0, 1.5, 2.0, 3.0, 37.5, 709.0, 1e10, 1e155, 1e300) for sign in (1, -1))]
TRIPLE = [0.0, 1e-300, -1.0, 0.5, 2.0, 1e300, -1e300]
SPECIAL = [nan, inf, -inf, 0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, -0.5, 1e308, -1e308]

NORMAL = 2.0**-1022
"""The smallest normal double: results below it are compared absolutely."""

ULPS = 64
"""What a partial may be off in float64, in units of the last place, besides what its arguments' last bits explain."""

ROUNDED = 64 * 2.0**-52
"""What a Taylor coefficient of order up to 4 may be off, relative to the derivatives below it that an argument's last bit moves: twice
the worst that was measured (erfinv beside 1; 2e-15 elsewhere)."""

OFF_DOMAIN = {"real_cbrt"}
"""Internal rows that are wider in float64 than they are declared."""

UNDEFINED_CORNERS = {("atan2", (0.0, 0.0))}
"""Corners where the function has no limit: the partials are nan."""


def case(op: Op, *rest: Any) -> Any:
    """A parameter set with a readable id."""
    return pytest.param(op, *rest, id="-".join([op.name, *(op.params[i] for i in rest)]))


every_row = pytest.mark.parametrize("op", [case(op) for op in ROWS])
every_partial = pytest.mark.parametrize(("op", "i"), [case(op, i) for op, i in PARTIALS])


def grid(op: Op) -> list[Arguments]:
    """The samples of a row, and ordinary, large and tiny arguments besides."""
    if op.params[0] == "n":
        more = [(n, x) for n in (1.0, 2.0, 3.0, 7.0) for x in ONE if abs(x) <= 100]
    else:
        more = list(product((ONE, PAIR, TRIPLE)[len(op.params) - 1], repeat=len(op.params)))
    return [*op.samples, *more]


@cache
def precise(op: Op) -> Precise:
    """An exact number system; pieces need bits for quotients such as 1e300/1e-300."""
    return Precise(2400 if op.decide is not None else 400)


def exact_value(op: Op, arguments: Arguments) -> Any:
    """The exact value, infinite beyond exp(2**40); None where numbers are too large to work with."""
    F = precise(op)
    try:
        return getattr(F, op.name)(*map(F.number, arguments))
    except TooLarge:
        return None


def exact_partial(op: Op, i: int, y: Any, arguments: Arguments, move: tuple[int, float] | None = None) -> Any:
    """A rule without rounding, with one argument moved by a relative step; nan where it has no value, None where it is too large."""
    F = precise(op)
    xs = [F.number(x) for x in arguments]
    if move:
        xs[move[0]] *= 1 + F.number(move[1])
        y = getattr(F, op.name)(*xs)
    try:
        return F.number(op.partials[i](F, y, *xs))  # type: ignore[misc]
    except ZeroDivisionError:
        return F.context.nan
    except TooLarge:
        return None


def ulps_of(op: Op, y: float, arguments: Arguments) -> float:
    """The declared bound at a point."""
    return op.ulps(y, *arguments) if callable(op.ulps) else op.ulps


def close(value: float, exact: Any, ulps: float, tiny: float = math.ulp(0.0)) -> bool:
    """Whether a double is within some ulps of an exact number; `tiny` is the unit that counts at least."""
    nearest = float(exact)
    if math.isinf(nearest) or not math.isfinite(value):
        return value == nearest or (math.isinf(value) and abs(exact) > 1.79e308)
    return bool(abs(exact - value) <= max(ulps * max(math.ulp(nearest), math.ulp(value)), tiny))


# The row itself


@every_row
def test_a_row_is_complete(op: Op) -> None:
    assert op.doc or op.internal
    assert op.domain
    assert op.doc.count("\n") == 0
    assert len(op.partials) == len(op.params)
    assert len(op.defaults) <= len(op.params)
    assert (op.exact is None) == (op.decide is not None)
    assert (op.piece is None) == (op.decide is None)
    assert bool(op.kink) == (op.corner is not None)
    assert len(op.samples) >= 3
    assert callable(op.ulps) or 0 <= op.ulps <= 8
    assert not op.folds or op.arity == (2, 2)
    assert all(op.partials[i] is not None for i in op.told)
    assert all(len(sample) == len(op.params) for sample in op.samples)


def test_no_name_is_used_twice() -> None:
    names = [name for op in OPS.values() for name in (op.name, *op.aliases)]
    assert len(names) == len(set(names))
    rows = [op.name for module in MODULES for op in module.ROWS]
    assert sorted(rows) == sorted(OPS)


@every_row
def test_samples_are_inside_the_domain_and_off_the_corners(op: Op) -> None:
    for sample in op.samples:
        assert math.isfinite(value_of(op, *sample)), sample
        if op.corner is not None and not op.boolean:
            assert op.corner(*sample) != 0, sample


# Values


@every_row
def test_the_value_is_within_its_ulps_of_the_exact_one(op: Op) -> None:
    for arguments in grid(op):
        value, exact = float(value_of(op, *arguments)), exact_value(op, arguments)
        if exact is None:
            continue
        if exact != exact:
            assert not math.isfinite(value) or op.name in OFF_DOMAIN, arguments
        else:
            assert close(value, exact, ulps_of(op, value, arguments)), (arguments, value, float(exact))


@every_row
def test_the_value_is_within_its_ulps_near_the_samples(op: Op) -> None:
    random, F = Random(op.name), precise(op)
    for arguments in op.samples * 20:
        if op.params[0] == "n":
            arguments = (arguments[0], arguments[1] * random.uniform(0.9, 1.1))
        else:
            arguments = tuple(x * random.uniform(0.5, 1.5) for x in arguments)
        value, exact = float(value_of(op, *arguments)), getattr(F, op.name)(*map(F.number, arguments))
        if exact == exact and abs(exact) < 1.7e308:
            assert close(value, exact, ulps_of(op, value, arguments)), (arguments, value, float(exact))


MPMATH = {"log2": lambda x: mpmath.log(x, 2), "pow": "power", "mod": "fmod", "ceil": "ceiling", "lgamma": "loggamma", "sinc": "sincpi",
          "normpdf": "npdf", "normcdf": "ncdf", "abs": "fabs", "div": "fdiv", "mul": "fmul", "add": "fadd", "sub": "fsub"}  # fmt: skip
"""What mpmath calls a row, where it has another name for it."""


def mpmath_function(op: Op) -> Callable[..., Any] | None:
    """mpmath's own function for a row, if it has one."""
    known = MPMATH.get(op.name, op.name)
    if op.name in ("round", "sinc_derivative", "polygamma"):
        return None
    return known if callable(known) else getattr(mpmath, known, None)


@pytest.mark.parametrize("op", [case(op) for op in ROWS if mpmath_function(op)])
def test_the_value_is_that_of_mpmath(op: Op) -> None:
    function = mpmath_function(op)
    for arguments in op.samples:
        with mpmath.workdps(60):
            exact = function(*map(mpmath.mpf, arguments))  # type: ignore[misc]
            if not isinstance(exact, mpmath.mpf):
                continue  # mpmath's root of a negative number is complex
            if op.name == "mod":
                exact -= 0 if not exact or (exact > 0) == (arguments[1] > 0) else -mpmath.mpf(arguments[1])
            assert close(value_of(op, *arguments), exact, max(1, ulps_of(op, value_of(op, *arguments), arguments))), arguments


def numpy_function(op: Op) -> Any:
    """NumPy's function for a row, if it has one."""
    found = next((getattr(np, name) for name in (op.name, *op.aliases) if isinstance(getattr(np, name, None), np.ufunc)), None)
    return {"clip": np.clip, "round": np.round, "where": np.where}.get(op.name, found)


@pytest.mark.parametrize("op", [case(op) for op in ROWS if numpy_function(op)])
def test_the_value_is_that_of_numpy_also_at_nan_inf_and_poles(op: Op) -> None:
    with np.errstate(all="ignore"):
        for arguments in product(SPECIAL, repeat=len(op.params)):
            if op.name == "pow" and arguments == (-inf, 0.5):
                continue  # inf by the C standard, nan by NumPy's shortcut over sqrt
            value, expected = float(value_of(op, *arguments)), float(numpy_function(op)(*map(np.float64, arguments)))
            assert value == pytest.approx(expected, rel=1e-14, abs=0, nan_ok=True), arguments


DECIDED_WITHOUT = {"pow", "hypot", "xlogy", "where", "heaviside", "leaky_relu", "elu"}
"""Rows whose value one argument may decide alone: 1**nan is 1, hypot(inf, nan) is inf, 0*log(nan) is nan but the slope of relu is idle."""


@every_row
def test_nothing_raises_and_nan_stays_nan(op: Op) -> None:
    for arguments in product(SPECIAL, repeat=len(op.params)):
        y = value_of(op, *arguments)
        if any(x != x for x in arguments) and not op.boolean and op.name not in DECIDED_WITHOUT:
            assert y != y, arguments
        assert ulps_of(op, float(y), arguments) >= 0
        for i in range(len(op.partials)):
            partial_of(op, i, y, arguments)
        if op.corner is not None:
            op.corner(*arguments)


# Partials


@every_partial
def test_a_partial_is_accurate_from_1e_minus_300_to_1e300(op: Op, i: int) -> None:
    for arguments in grid(op):
        y = exact_value(op, arguments)
        slope = partial_of(op, i, value_of(op, *arguments), arguments)
        if y is None or y != y or abs(y) > 1.79e308:
            continue
        exact = exact_partial(op, i, y, arguments)
        if exact is None or abs(exact) > 1.79e308:
            assert not math.isnan(slope), arguments
        elif exact == exact:
            assert explained(op, i, slope, exact, arguments), (arguments, slope, float(exact))


def explained(op: Op, i: int, slope: float, exact: Any, arguments: Arguments) -> bool:
    """Whether a partial is as accurate as the last bits of its arguments allow; what is below the normal range may be lost."""
    return close(slope, exact, ULPS, NORMAL) or close(slope, exact, ULPS * conditioned(op, i, exact, arguments), NORMAL)


def conditioned(op: Op, i: int, exact: Any, arguments: Arguments) -> float:
    """How many times a relative change of an argument is larger in a partial."""
    step = 2.0**-60
    moved = [exact_partial(op, i, None, arguments, (j, step)) for j in range(len(arguments))]
    rounded = 4 if op.name == "pow" else 1  # b - 1 is rounded in a rule of pow, where b is small
    return rounded + sum(float(abs((m - exact) / exact)) / step for m in moved if m is not None and m == m and exact)


@pytest.mark.parametrize(("op", "i"), [case(op, i) for op, i in PARTIALS if op in SMOOTH])
def test_a_smooth_partial_is_sympys_derivative(op: Op, i: int) -> None:
    for n in sorted({sample[0] for sample in op.samples}) if op.params[0] == "n" else [None]:
        xs = symbols_of(op) if n is None else (sp.Integer(int(n)), *symbols_of(op)[1:])
        y = formula(op, xs)
        difference = sp.sympify(op.partials[i](SYMBOLS, y, *xs)) - sp.diff(y, xs[i])  # type: ignore[misc]
        assert proved(difference) or vanishes(op, difference, xs), difference


def proved(difference: Any) -> bool:
    """Whether SymPy sees that an expression is zero."""
    general = difference.replace(sp.Piecewise, lambda *branches: branches[-1][0])
    return general == 0 or sp.expand(general) == 0 or sp.simplify(general) == 0


def vanishes(op: Op, difference: Any, xs: Any) -> bool:
    """Whether an expression is zero to 50 digits at the samples and at points around them."""
    random = Random(op.name)
    for sample in op.samples * 3:
        places = {x: sp.Rational(value * random.uniform(0.95, 1.05)) for x, value in zip(xs, sample, strict=True) if x.is_Symbol}
        terms = [abs(sp.N(term.subs(places), 80)) for term in sp.Add.make_args(difference)]
        if abs(sp.N(difference.subs(places), 80)) > max(terms) * sp.Float(10) ** -50:
            return False
    return True


@pytest.mark.parametrize(("op", "i"), [case(op, i) for op, i in PARTIALS if op in PIECES])
def test_a_partial_is_sympys_derivative_on_every_piece(op: Op, i: int) -> None:
    F = precise(op)
    assert op.boolean or op.selects or op.params == ("x",) or len({op.decide(*sample) for sample in op.samples}) > 1  # type: ignore[misc]
    for sample in op.samples:
        slope = sp.sympify(derivative(op.name, i, op.decide(*sample)))  # type: ignore[misc]
        theirs = sp.N(slope.subs({x: sp.Rational(value) for x, value in zip(symbols_of(op), sample, strict=True)}), 60)
        ours = exact_partial(op, i, exact_value(op, sample), sample)
        assert abs(ours - F.context.mpf(str(theirs))) <= abs(ours) * F.number(10) ** -50, sample


def alone(op: Op, arguments: Arguments) -> Graph:
    """The graph of one operation of inputs."""
    n = len(arguments)
    values = [*arguments, value_of(op, *arguments)]
    return Graph(None, [OPS["input"]] * n + [op], [()] * n + [tuple(range(n))], values, [0] * (n + 1), {})  # type: ignore[arg-type]


@every_partial
def test_higher_derivatives_are_those_of_numerical_differentiation(op: Op, i: int) -> None:
    F = Precise(600)
    for sample in op.samples:
        found = derivatives(alone(op, sample), {len(sample): 1.0}, i, 4)
        size = abs(sample[i]) or 1.0
        terms = [abs(value_of(op, *sample))]
        for order in range(1, 5):
            xs = [F.number(x) for x in sample]
            exact = F.context.diff(
                lambda x, xs=xs: getattr(F, op.name)(*xs[:i], x, *xs[i + 1 :]), xs[i], order, h=F.number(size) * F.number(2) ** -80
            )
            terms.append(abs(float(exact)))
            scale = max(term * size ** (k - order) for k, term in enumerate(terms) if k)
            assert abs(found[order - 1] - float(exact)) <= ROUNDED * scale + 1e-300, (sample, order, found, float(exact))


# Corners


def corners(op: Op) -> Iterator[Arguments]:
    """Small arguments at which a row says that it has a corner."""
    choices = [0.0, 0.5, 1.0, -1.0, 1.5, 2.0, -2.0, 3.0]
    for arguments in product(choices, repeat=len(op.params)):
        if op.corner is not None and op.corner(*arguments) == 0 and not (op.name == "clip" and arguments[1] >= arguments[2]):
            yield arguments


@pytest.mark.parametrize("op", [case(op) for op in ROWS if op.corner is not None and op.differentiable])
def test_at_a_corner_the_partial_lies_between_the_slopes(op: Op) -> None:
    found = list(corners(op))
    assert found
    for arguments in found:
        for i in range(len(arguments)):
            slope = partial_of(op, i, value_of(op, *arguments), arguments)
            sides = [slope_beside(op, arguments, i, side) for side in (-1, 1)]
            if (op.name, arguments) in UNDEFINED_CORNERS:
                assert math.isnan(slope)
            elif None not in sides:
                assert min(sides) - 1e-30 <= slope <= max(sides) + 1e-30, (arguments, i, slope, sides)


def slope_beside(op: Op, arguments: Arguments, i: int, side: int) -> Any:
    """The slope of the value on one side of a point, from two points of that side; None where it has no end."""
    F = precise(op)
    step = F.number(2) ** -300
    first, second = (
        getattr(F, op.name)(*[F.number(x) + (side * k * step if j == i else 0) for j, x in enumerate(arguments)]) for k in (1, 2)
    )
    slope = side * (second - first) / step
    return slope if abs(slope) < 1e30 else None


@pytest.mark.parametrize("op", [case(op) for op in ROWS if op.corner is not None])
def test_the_pieces_change_exactly_at_the_corners(op: Op) -> None:
    F, step = precise(op), 2.0**-30
    for arguments in product([0.0, 0.5, 1.0, -1.0, 1.5, 2.0, -2.0, 0.25, -0.75, 3.0], repeat=len(op.params)):
        if (op.decide is None or op.name == "clip") or (op.name == "mod" and arguments[1] == 0):
            continue
        around = {op.piece_of([F.number(x + side * step) for x, side in zip(arguments, sides, strict=True)])
                  for sides in product((-1, 0, 1), repeat=len(arguments))}  # fmt: skip
        assert (op.corner(*arguments) == 0) == (len(around) > 1), arguments  # type: ignore[misc]


# The laws themselves


def planted(op: Op, **changes: Any) -> Op:
    """A row with some of its fields changed."""
    twin = Op.__new__(Op)
    for field in Op.__slots__:
        setattr(twin, field, changes.get(field, getattr(op, field)))
    return twin


@pytest.mark.parametrize(
    ("name", "field", "wrong"),
    [
        ("add", "value", lambda a, b: a + b + 1),
        ("tanh", "value", lambda x: math.tanh(x) * (1 + 1e-15)),
        ("add", "exact", lambda m, a, b: a - b),
        ("log1p", "exact", lambda m, x: m.log(1 + 2 * x)),
        ("softplus", "exact", lambda m, x: m.log1pexp(-x)),
        ("abs", "decide", lambda x: 1),
        ("floor", "decide", lambda x: math.ceil(x)),
        ("relu", "piece", lambda F, k, x: 0 if k else x),
        ("sinh", "ulps", 0.01),
        ("exp", "exceptional", lambda x: 0.0),
    ],
)
def test_a_fault_planted_in_a_row_breaks_the_law_of_values(name: str, field: str, wrong: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    row = planted(OPS[name], **{field: wrong})
    monkeypatch.setitem(OPS, name, row)
    with pytest.raises(AssertionError):
        test_the_value_is_within_its_ulps_of_the_exact_one(row)


def test_a_bound_that_allows_anything_is_refused() -> None:
    with pytest.raises(AssertionError):
        test_a_row_is_complete(planted(OPS["sinh"], ulps=1e9))


def test_a_fault_planted_in_a_partial_breaks_the_laws_of_partials(monkeypatch: pytest.MonkeyPatch) -> None:
    row = planted(OPS["sin"], partials=(lambda F, y, x: F.cos(x) * (1 + x * 2.0**-20),))
    monkeypatch.setitem(OPS, "sin", row)
    for law in (test_a_smooth_partial_is_sympys_derivative, test_higher_derivatives_are_those_of_numerical_differentiation):
        with pytest.raises(AssertionError):
            law(row, 0)


def test_the_derivative_of_softplus_is_that_of_its_definition() -> None:
    x = sp.Symbol("x", real=True)
    assert sp.simplify(sp.diff(softplus(x), x) - sp.diff(softplus(x).rewrite(sp.log), x)) == 0


# The text of the rules


def rules(module: ModuleType) -> Iterator[ast.AST]:
    """Every partial of a module's rows, and every function that takes F."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Lambda | ast.FunctionDef) and node.args.args and node.args.args[0].arg == "F":
            yield node


FORBIDDEN = (ast.If, ast.IfExp, ast.Compare, ast.BoolOp, ast.While, ast.For, ast.ListComp, ast.GeneratorExp, ast.Subscript)


@pytest.mark.parametrize("module", ELEMENTWISE, ids=lambda module: module.__name__.rpartition(".")[2])
def test_a_rule_has_only_arithmetic_and_operations_of_the_table(module: ModuleType) -> None:
    for rule in rules(module):
        arguments = [argument.arg for argument in rule.args.args]  # type: ignore[attr-defined]
        if arguments[1:2] == ["k"]:
            continue  # a piece: chosen by the plain number k
        for node in ast.walk(rule):
            where = f"{module.__name__}:{getattr(node, 'lineno', '')}"
            assert not isinstance(node, FORBIDDEN), where
            if isinstance(node, ast.BinOp):
                assert isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div), where
            if isinstance(node, ast.Attribute):
                assert node.value.id == "F" and (node.attr == "pi" or node.attr in OPS), where  # type: ignore[attr-defined]  # noqa: PT018
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                helper = getattr(module, node.func.id)
                assert next(iter(inspect.signature(helper).parameters)) == "F", where
                assert inspect.getmodule(helper) in ELEMENTWISE, where  # there it is looked at, too
            if isinstance(node, ast.Constant) and isinstance(node.value, float):
                assert node.value.is_integer() or (node.value * 2**20).is_integer(), where


def test_the_table_needs_only_the_standard_library() -> None:
    probe = "import sys, gradcli.operations; print(*{'numpy', 'mpmath', 'sympy', 'inspect', 'dataclasses'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True).stdout.split() == []
