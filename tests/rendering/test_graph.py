"""The pages and the JSON of `graph`, with and without values."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gradcli import graph_of
from gradcli.errors import MissingValue, NotSupported, UsageError
from gradcli.rendering import GRAPH_FORMATS, render_graph
from tests.rendering.schema import faults

LOOP = "s = 0\nfor i in range(2):\n  s = s + x**i\ns"


def shown(program: str, at: Any = None, form: str = "tree", **options: Any) -> str:
    return render_graph(graph_of(program, at), form, **{"terminal": False, "width": 80, "color": False, **options})


def test_the_tree_without_values_has_none() -> None:
    assert (
        shown("(x+w)*(w+1)")
        == "#4 (x+w)*(w+1)  mul\n  #2 x+w  add\n    #0 x  input\n    #1 w  input\n  #3 w+1  add\n    #1 w  input\n    1  constant\n"
    )


def test_the_list_at_a_point_has_values() -> None:
    assert shown("x*x", {"x": [1, 2]}, "list") == "0  x    input        value [1, 2]    leaf\n1  x*x  mul(#0, #0)  value [1, 4]\n"


def test_loops_and_branches_are_listed_below() -> None:
    assert shown(LOOP).endswith("\n\nbranch   line 2: for i in range(2) ran 2 rounds\n")
    assert shown("x if x > 0 else -x", "x=2", "list").endswith("\n\nbranch   line 1: x > 0 was true\n")


def test_a_graph_that_depends_on_values_needs_them() -> None:
    with pytest.raises(NotSupported) as caught:
        graph_of("y = 2\nwhile x > y: x = x - 1\nx")
    assert (caught.value.line, "--at x=1.0" in str(caught.value.hint)) == (2, True)


def test_either_all_values_are_given_or_none() -> None:
    with pytest.raises(MissingValue, match="no value for 'w'"):
        graph_of("x*w", {"x": 1})
    assert graph_of("x = 2; w = 3; x*w").outputs[0].value == 6


def test_outputs_are_the_roots_of_the_tree() -> None:
    result = graph_of("y = x + 1; z = y*y", of="y")
    assert render_graph(result, "tree", terminal=False, width=80, color=False).startswith("#1 y = x + 1  add\n")


@pytest.mark.parametrize("at", [None, {"x": 3}, {"x": [1, 2]}])
@pytest.mark.parametrize("program", ["x*x", LOOP, "sum(stack(x, 2*x), axis=0)"])
def test_json_is_as_published(program: str, at: Any) -> None:
    found = json.loads(shown(program, at, "json"))
    assert faults(found, "graph") == []
    assert all(found["nodes"][node["id"]] is node for node in found["nodes"])
    assert (found["at"] is None) is (at is None)
    assert all(("value" in node) is (at is not None) for node in found["nodes"] if node["op"] == "input")


def test_json_has_the_values_of_constants_always() -> None:
    nodes = json.loads(shown("sum(2*x, axis=0)", None, "json"))["nodes"]
    assert {node["text"]: node.get("value", "none") for node in nodes if node["op"] == "constant"} == {"2": 2, "0": 0, "False": False}


@pytest.mark.parametrize("form", GRAPH_FORMATS)
@pytest.mark.parametrize("terminal", [True, False])
def test_every_format_says_how_much_of_a_long_graph_it_leaves_out(form: str, terminal: bool) -> None:
    program = "y = x\n" + "y = y + x\n" * 60
    text = shown(program, None, form, terminal=terminal)
    assert ("--all-nodes shows all" in text) is (form != "json")
    assert "not shown" not in shown(program, None, form, terminal=terminal, all_nodes=True)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="there is no format 'dot' here"):
        shown("x", None, "dot")
