"""The pages and data of `grad`."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest

from gradcli.errors import UsageError
from gradcli.rendering import GRADIENT_FORMATS, render_gradient
from gradcli.results import BranchTaken, Gradient, Output
from tests.rendering.samples import FakeGraph, FakeNode, branching, chain, doubling, gradient, product, wide_numbers

BOX = set("╭╮╰╯│─├┤┬┴┼└")


def piped(result: Gradient, form: str = "table", **options: Any) -> str:
    return render_gradient(result, form, terminal=False, width=80, color=False, **options)


def shown(result: Gradient, form: str = "table", width: int = 80, **options: Any) -> str:
    return render_gradient(result, form, **{"terminal": True, "width": width, "color": False, **options})


def test_the_table_on_a_pipe() -> None:
    assert piped(product()) == (
        "value  6\n∂/∂w   5\n∂/∂x   2\n\n"
        "id  node         operation  inputs  value  gradient  leaf\n"
        " 0  x            input                  2         2  yes\n"
        " 1  w            input                  1         5  yes\n"
        " 2  x+w          add        #0, #1      3         2\n"
        " 3  w+1          add        #1, 1       2         3\n"
        " 4  (x+w)*(w+1)  mul        #2, #3      6         1\n"
    )


def test_everything_around_the_table_is_said() -> None:
    text = piped(branching())
    assert "∂/∂z    0  does not depend on z\n" in text
    assert "∂²/∂x²  0\n" in text
    assert "branch   line 3: s < 1 was true 10 times and false once\n" in text
    assert "branch   line 5: x > 0 was false\n" in text
    assert "warning  't' is never used\n" in text


def test_of_many_conditions_ten_are_listed() -> None:
    taken = [BranchTaken(f"x > {i}", i, 1, True) for i in range(25)]
    text = piped(product(branches=taken))
    assert text.count("branch ") == 10
    assert "… 15 more conditions; --format json has all" in text


@pytest.mark.parametrize("width", [10, 20, 40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("form", ["table", "tree", "list"])
def test_no_width_crops_a_number(form: str, width: int) -> None:
    text = shown(wide_numbers(), form, width)
    for number in ("-0.12345678901234566", "-1.2345678901234567e-101", "-9.876543210987655e-05"):
        assert number in text


@pytest.mark.parametrize("width", [40, 60, 80, 120])
@pytest.mark.parametrize("result", [product(), wide_numbers(), branching(), chain(60)])
def test_a_table_is_no_wider_than_the_terminal(result: Gradient, width: int) -> None:
    assert max(map(len, shown(result, width=width).splitlines())) <= width


def test_a_narrow_table_says_what_it_leaves_out() -> None:
    assert "left out on this narrow terminal: leaf\n" in shown(product(), width=60)
    assert "left out" not in shown(product(), width=80)


@pytest.mark.parametrize("form", ["table", "tree", "list"])
@pytest.mark.parametrize("terminal", [True, False])
def test_text_of_a_user_is_never_markup(form: str, terminal: bool) -> None:
    node = FakeNode(0, "w", "[w]", "input", (), 1.0)
    double = FakeNode(1, None, "[bold]w[/bold] :smile: [link=x]\x1b[31m\n\tw", "mul", (0, 0), 1.0)
    text = shown(gradient(FakeGraph([node, double]), [2.0, 1.0]), form, 120, terminal=terminal)
    assert "[bold]w[/bold] :smile: [link=x]" in text
    assert "\x1b" not in text
    assert "\t" not in text


def test_a_pipe_gets_the_whole_text_and_no_box() -> None:
    text = piped(wide_numbers())
    assert "y = exp(x)*sin(x)[bold]+[w]*cos(x)/sqrt(1+x^2)-tanh(x)*log(1+x**2)" in text
    assert not BOX & set(piped(product()) + piped(product(), "tree") + piped(product(), "list"))


def test_colours_on_a_pipe_change_nothing_but_colours() -> None:
    coloured = render_gradient(branching(), "table", terminal=False, width=80, color=True)
    assert "\x1b[36m" in coloured
    strip = re.sub("\x1b\\[[0-9;]*m", "", coloured)
    assert [line.rstrip() for line in strip.splitlines()] == piped(branching()).splitlines()


def test_a_terminal_without_colour_gets_no_escape() -> None:
    assert "\x1b" not in shown(branching())
    assert "\x1b[36m" in shown(branching(), color=True)


@pytest.mark.parametrize("form", GRADIENT_FORMATS)
@pytest.mark.parametrize("terminal", [True, False])
def test_ascii_is_ascii_in_every_format(form: str, terminal: bool) -> None:
    nodes = [FakeNode(0, "β0", "β0", "input", (), 2.0), FakeNode(1, None, "β0²·π", "mul", (0, 0), 4.0)]
    text = shown(gradient(FakeGraph(nodes), [2.0, 1.0], higher={"β0": [1.0, 2.0]}), form, terminal=terminal, ascii=True)
    assert text.isascii()


def test_ascii_keeps_the_columns_aligned() -> None:
    text = shown(branching(), ascii=True)
    assert "d/dw      5\n" in text
    assert "d^2/dx^2  0\n" in text
    assert len({len(line) for line in text.splitlines() if line.startswith(("|", "+"))}) == 1


def test_a_long_program_shows_both_ends() -> None:
    result = chain(100)
    text = piped(result)
    assert "s@14 = s + w" in text
    assert "s@85 = s + w" in text
    assert "s@50" not in text
    assert "… 70 rows not shown; --all-nodes shows all\n" in text
    assert "s@50" in piped(result, all_nodes=True)
    assert "not shown" not in piped(result, all_nodes=True)
    assert "not shown" not in piped(chain(40))


@pytest.mark.parametrize("form", ["table", "tree", "list"])
def test_nodes_are_built_only_for_the_rows_shown(form: str) -> None:
    result = chain(100_000)
    piped(result, form)
    assert result.graph.built < 1000  # type: ignore[attr-defined]


@pytest.mark.parametrize("form", ["table", "tree", "list", "json"])
def test_the_source_is_read_once_for_all_nodes(form: str) -> None:
    """Every node of this sum has all terms before it in its text."""
    count = 20_000
    result = chain(count)
    text = "x" + "+w" * count
    readings: list[int] = []
    source = SimpleNamespace(text=text, spans=lambda nodes: readings.append(len(nodes)) or [(0, 2 * i + 1) for i in nodes])
    result.graph.__class__ = type("Sum", (FakeGraph,), {"source": source})
    assert len(piped(result, form, all_nodes=True)) < 20_000_000
    assert len(readings) <= 1


@pytest.mark.parametrize("form", GRADIENT_FORMATS)
def test_a_hundred_thousand_nodes_take_some_hundred_bytes_each(form: str) -> None:
    text = piped(chain(100_000), form, all_nodes=True)
    assert len(text) < 60_000_000


def test_long_source_is_cut_in_the_middle_where_it_would_square_the_output() -> None:
    node = FakeNode(0, None, "1+" * 500 + "2", "add", (), 1.0)
    line = piped(gradient(FakeGraph([node]), [1.0])).splitlines()[-1]
    assert line.count("…") == 1
    assert len(line) < 260


def test_only_leaves_are_shown_when_only_they_were_kept() -> None:
    result = product(leaves=True, adjoints=[2.0, 5.0, None, None, None])
    for form in ("table", "list", "json"):
        text = piped(result, form)
        assert "(x+w)*(w+1)" not in text.replace('"program": "(x+w)*(w+1)"', "")
        assert text.count("input") >= 2


def test_a_node_that_does_not_matter_has_an_empty_gradient() -> None:
    result = product(adjoints=[2.0, 5.0, None, 3.0, 1.0], requires_grad=[1, 0, 1, 1, 1])
    assert " 2  x+w          add        #0, #1      3\n" in piped(result)
    assert " 1  w            input                  1         5  frozen\n" in piped(result)


def test_numbers_that_are_not_finite_are_shown_as_they_are() -> None:
    nodes = [FakeNode(0, "x", "x", "input", (), -1.0), FakeNode(1, None, "log(x)", "log", (0,), math.nan)]
    text = piped(gradient(FakeGraph(nodes), [-math.inf, 1.0], warnings=["the value of node 1 is nan"]))
    assert text.startswith("value  nan\n∂/∂x   -inf\n")
    assert text.endswith(" 1  log(x)  log        #0        nan         1\n\nwarning  the value of node 1 is nan\n")


def test_the_list_is_honest_about_constants() -> None:
    assert "3  w+1          add(#1, 1)   value 2  gradient 3\n" in piped(product(), "list")


def test_the_tree_shows_a_shared_node_once_in_full() -> None:
    text = piped(doubling(40), "tree")
    assert len(text.splitlines()) < 90
    assert text.count("#1 y1  add") == 1
    assert text.count("#1 y1  see above") == 1


def test_the_tree_on_a_terminal_has_guides() -> None:
    assert shown(product(), "tree").splitlines()[:7] == [
        "#4 (x+w)*(w+1)  mul  value 6  gradient 1",
        "├─ #2 x+w  add  value 3  gradient 2",
        "│  ├─ #0 x  input  value 2  gradient 2",
        "│  └─ #1 w  input  value 1  gradient 5",
        "└─ #3 w+1  add  value 2  gradient 3",
        "   ├─ #1 w  input  value 1  gradient 5",
        "   └─ 1  constant",
    ]


def test_a_deep_tree_is_cut_and_says_how_to_see_all() -> None:
    assert "nodes not shown; --all-nodes shows all" in piped(chain(1000), "tree")
    whole = piped(chain(1000), "tree", all_nodes=True)
    assert "[level 998] #0 x" in whole
    assert "not shown" not in whole


def test_a_constant_that_is_no_literal_shows_its_value() -> None:
    pi = FakeNode(-1, None, "pi", "constant", (), math.pi)
    double = FakeNode(0, None, "2*pi", "mul", (-1, -1), 2 * math.pi)
    result = gradient(FakeGraph([double], [pi]), [None])
    assert f"pi  constant  value {math.pi!r}\n" in piped(result, "tree")


def test_a_program_without_nodes_has_only_a_value() -> None:
    five = FakeNode(-1, None, "5", "constant", (), 5.0)
    fields = {"at": {}, "gradient": {}, "independent": [], "higher": {}, "adjoints": [], "requires_grad": []}
    result = Gradient(program="5", outputs=[Output(None, -1, 5.0, 1.0)], graph=FakeGraph([], [five]), **fields)  # type: ignore[arg-type]
    assert piped(result) == "value  5\n"
    assert piped(result, "tree").startswith("5  constant\n")
    assert piped(result, "csv") == "value\n5\n"


def two_outputs() -> Gradient:
    return product(outputs=[Output("y", 4, 6.0, 1.0), Output(None, 2, 3.0, -2.0)])


def test_several_outputs_have_names_and_weights() -> None:
    assert piped(two_outputs()).startswith("value y   6  weight 1 in the gradients\nvalue #2  3  weight -2 in the gradients\n∂/∂w      5\n")
    assert piped(two_outputs(), "plain") == "value:y\t6\nvalue:#2\t3\nw\t5\nx\t2\n"
    assert piped(two_outputs(), "csv") == "w,x,value_y,value_2,grad_w,grad_x\n1,2,6,3,5,2\n"
    assert piped(two_outputs(), value_only=True) == "value:y\t6\nvalue:#2\t3\n"


def test_plain_and_csv_are_exact() -> None:
    assert piped(product(), "plain") == "value\t6\nw\t5\nx\t2\n"
    assert piped(product(), "csv") == "w,x,value,grad_w,grad_x\n1,2,6,5,2\n"
    assert piped(product(higher={"x": [2.0, 0.5]}), "plain").endswith("x\t2\nx:2\t0.5\n")
    assert piped(product(higher={"x": [2.0, 0.5]}), "csv").splitlines()[0].endswith("grad_x,grad2_x")
    assert piped(product(gradient={"W[0,3]": math.nan}), "csv") == 'w,x,value,"grad_W[0,3]"\n1,2,6,nan\n'


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"get": ["w"]}, "5\n"),
        ({"get": ["x", "w"]}, "x\t2\nw\t5\n"),
        ({"value_only": True}, "6\n"),
        ({"value_only": True, "get": ["w"]}, "6\n5\n"),
        ({"value_only": True, "get": ["w", "x"]}, "value\t6\nw\t5\nx\t2\n"),
    ],
)
def test_single_numbers(options: dict[str, Any], text: str) -> None:
    assert piped(product(), **options) == text


def test_a_gradient_that_is_not_there_offers_one_that_is() -> None:
    with pytest.raises(UsageError, match="no gradient of 'weight'") as caught:
        piped(product(gradient={"weights": 1.0}), get=["weight"])
    assert caught.value.hint == "--get weights"


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="'xml'"):
        piped(product(), "xml")


@pytest.mark.parametrize("form", GRADIENT_FORMATS)
@pytest.mark.parametrize("terminal", [True, False])
def test_every_text_ends_with_one_newline(form: str, terminal: bool) -> None:
    text = shown(branching(), form, terminal=terminal)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_table_on_a_pipe_needs_no_rich() -> None:
    code = (
        "import sys; from tests.rendering.samples import product, suite; import gradcli.rendering as r; before = set(sys.modules);"
        "assert 'rich' not in before and 'json' not in before;"
        "r.render_gradient(product(), 'table', terminal=False, width=80, color=True);"
        "r.render_report(suite(), 'table', terminal=False, width=80, color=True);"
        "assert not any(name.split('.')[0] in ('rich', 'numpy', 'sympy') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_input_keeps_its_name_where_the_program_gives_it_another() -> None:
    node = FakeNode(0, "x", "x", "input", (), 2.0, label="y@1")
    result = gradient(FakeGraph([node]), [1.0])
    for form in ("table", "tree", "list", "json"):
        assert "y@1" not in render_gradient(result, form, terminal=False, width=80, color=False)
