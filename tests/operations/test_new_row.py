"""A new operation is one row: registered and nothing else, it is parsed, run, differentiated, checked and listed."""

from __future__ import annotations

import pytest

import gradcli
from gradcli.differentiation.derivative_graph import derivative_graph
from gradcli.language import parse, run
from gradcli.operations import OPS, Op
from gradcli.operations.catalogue import ops
from gradcli.operations.samples import NONZERO, REAL
from gradcli.operations.table import FUNCTIONS
from gradcli.operations.whole import sign_of

NEW = (
    Op("cubed", "third_power", value=lambda x: x * x * x, exact=lambda m, x: x * x * x, partials=(lambda F, y, x: 3 * x * x,), ulps=1,
       samples=REAL, doc="x*x*x"),
    Op("softsign", value=lambda x: x / (1 + abs(x)), decide=sign_of, piece=lambda F, k, x: x / (1 + k * x),
       symbolic=lambda m, x: x / (1 + m.Abs(x)), partials=(lambda F, y, x: 1 / (1 + F.abs(x)) / (1 + F.abs(x)),), ulps=2,
       corner=lambda x: x, kink="x = 0", samples=NONZERO, doc="x/(1 + abs(x))"),
    Op("total", "", "a b", folds=True, commutes=True, arithmetic=True, value=lambda a, b: a + b, exact=lambda m, a, b: a + b, ulps=0.5,
       partials=(lambda F, y, a, b: 1, lambda F, y, a, b: 1), samples=((1.0, 2.0), (3.0, -1.0), (0.5, 4.0)), doc="a + b"),
    Op("bessel_j0", value=lambda x: 1 - x * x / 4, exact=lambda m, x: m.bessel(x) if hasattr(m, "bessel") else unknown(x),
       partials=(lambda F, y, x: -x / 2,), samples=REAL, doc="a function that SymPy's numbers do not know here"),
)  # fmt: skip


def unknown(x: object) -> object:
    """A SymPy function that is not computed here; of numbers, the value."""
    import sympy as sp

    return sp.besselj(0, x) if isinstance(x, sp.Basic) else 1 - x * x / 4  # type: ignore[operator]


@pytest.fixture(autouse=True)
def rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The table with the new rows."""
    for op in NEW:
        monkeypatch.setitem(OPS, op.name, op)
        for name in (op.name, *op.aliases):
            monkeypatch.setitem(FUNCTIONS, name, op)


PROGRAMS = [
    ("cubed(x)", 2.0, 12.0, 12.0),
    ("third_power(x)", -1.0, 3.0, -6.0),
    ("softsign(x)", 1.0, 0.25, -0.25),
    ("softsign(x)", -3.0, 0.0625, 0.03125),
    ("total(x, x*x, 3, x)", 2.0, 6.0, 2.0),
]


@pytest.mark.parametrize(("program", "x", "first", "second"), PROGRAMS)
def test_a_new_row_is_differentiated(program: str, x: float, first: float, second: float) -> None:
    assert gradcli.grad(program, {"x": x}).gradient == {"x": first}
    assert gradcli.grad(program, {"x": x}, order=2).higher["x"] == [first, second]


@pytest.mark.parametrize(("program", "x", "first", "second"), PROGRAMS)
def test_the_derivative_of_a_new_row_is_a_graph(program: str, x: float, first: float, second: float) -> None:
    trace = run(parse(program), {"x": x})
    graph, found = derivative_graph(trace.graph, {len(trace.graph) - 1: 1.0}, {"x": 0})
    assert found["x"] is not None
    assert graph.values[found["x"]] == first
    graph, again = derivative_graph(graph, {found["x"]: 1.0}, {"x": 0})
    assert again["x"] is not None
    assert graph.values[again["x"]] == second


@pytest.mark.parametrize(("program", "x", "first", "second"), PROGRAMS)
def test_a_new_row_is_checked(program: str, x: float, first: float, second: float) -> None:
    assert gradcli.check(program, {"x": x}).exit_code == 0


def test_a_new_row_is_listed_with_its_derivative() -> None:
    assert {op.name for op in NEW} <= {row.name for row in ops()}
    assert ops("third_power")[0].derivative == {"x": "3*x**2"}
    assert ops("softsign")[0].derivative == {"x": "1/(1 + abs(x))/(1 + abs(x))"}


def test_a_row_whose_sympy_derivative_cannot_be_computed_has_no_symbolic_answer() -> None:
    (row,) = gradcli.check("bessel_j0(x)", {"x": 0.5}).checks[0].rows
    assert row.engines["symbolic"].value is None
