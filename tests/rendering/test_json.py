"""The JSON of every command is valid, exact and as published."""

from __future__ import annotations

import json
import math
from importlib.resources import files
from typing import Any

import pytest

from gradcli.errors import SyntaxProblem, UsageError
from gradcli.rendering import render_error, render_gradient, render_operations, render_report
from gradcli.results import Gradient, Report
from tests.rendering.samples import FakeGraph, FakeNode, agreeing, branching, chain, gradient, product, suite
from tests.rendering.schema import faults
from tests.rendering.test_operations import OPERATIONS


def parsed(text: str) -> Any:
    """JSON as the standard defines it: NaN and Infinity are refused."""

    def refuse(word: str) -> None:
        raise AssertionError(word)

    return json.loads(text, parse_constant=refuse)


def grad(result: Gradient, form: str = "json") -> str:
    return render_gradient(result, form, terminal=False, width=80, color=False)


def check(report: Report, form: str = "json") -> str:
    return render_report(report, form, terminal=False, width=80, color=False)


@pytest.mark.parametrize("result", [product(), branching(), chain(50), product(leaves=True)])
@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_grad_is_as_published(result: Gradient, form: str) -> None:
    assert faults(parsed(grad(result, form)), "grad") == []


def test_grad_has_the_fields_of_the_design() -> None:
    answer = parsed(grad(product()))
    assert answer["at"] == {"w": 1.0, "x": 2.0}
    assert list(answer["at"]) == ["w", "x"]
    assert answer["outputs"] == [{"name": None, "id": 4, "value": 6.0, "weight": 1.0}]
    assert answer["value"] == 6.0
    assert answer["grad"] == {"w": 5.0, "x": 2.0}
    assert answer["nodes"][0].items() >= {
        "id": 0, "name": "x", "op": "input", "text": "x", "inputs": [], "shape": [],
        "value": 2.0, "grad": 2.0, "is_leaf": True, "requires_grad": True,
    }.items()  # fmt: skip


def test_nodes_are_found_by_their_ids_also_below_zero() -> None:
    constants = [FakeNode(-1, None, "1", "constant", (), 1.0), FakeNode(-2, None, "2", "constant", (), 2.0)]
    nodes = parsed(grad(gradient(FakeGraph([FakeNode(0, None, "1+2", "add", (-1, -2), 3.0)], constants), [1.0])))["nodes"]
    assert [node["id"] for node in nodes] == [0, -2, -1]
    assert all(nodes[node["id"]] is node for node in nodes)
    assert [node["grad"] for node in nodes] == [1.0, None, None]


def test_numbers_that_are_not_finite_are_strings() -> None:
    nodes = [FakeNode(0, "x", "x", "input", (), -math.inf), FakeNode(1, None, "x > 0", "gt", (0,), False)]
    answer = parsed(grad(gradient(FakeGraph(nodes), [math.nan, math.inf], higher={"x": [math.nan, math.inf]}, outputs=[])))
    assert faults(answer, "grad") == []
    assert answer["at"] == {"x": "-inf"}
    assert answer["grad"] == {"x": "nan"}
    assert answer["higher"] == {"x": ["nan", "inf"]}
    assert [node["grad"] for node in answer["nodes"]] == ["nan", "inf"]
    assert answer["nodes"][1]["value"] is False


def test_numbers_are_not_rounded() -> None:
    assert '"value": 6.0' in grad(product())
    assert "0.30000000000000004" in grad(chain(5))


def test_every_node_takes_one_line_and_jsonl_one_in_all() -> None:
    assert sum('"op"' in line for line in grad(chain(50)).splitlines()) == 50
    assert grad(chain(50), "jsonl").count("\n") == 1


def test_check_is_as_published() -> None:
    answer = parsed(check(suite()))
    assert faults(answer, "check") == []
    assert answer["verdict"] == "error"
    assert answer["counts"] == {"agree": 1, "kink": 2, "disagree": 1, "error": 1}
    assert answer["checks"][3]["rows"][0]["engines"]["difference"] == {"value": None, "digits": "", "error": "inf", "note": "not asked"}


def test_a_line_of_jsonl_is_a_check() -> None:
    lines = [parsed(line) for line in check(suite(), "jsonl").splitlines()]
    assert [faults(line, "check") for line in lines] == [[]] * 5
    assert [line["schema"] for line in lines] == ["gradcli/check/1"] * 5
    assert faults({key: lines[0][key] for key in lines[0] if key != "verdict"}, "check")


def test_every_field_of_a_check_and_of_its_rows_is_published() -> None:
    schema = json.loads(files("gradcli.rendering").joinpath("schemas/check-1.json").read_text("utf-8"))
    known = {name: set(rule.get("properties", ())) for name, rule in schema["$defs"].items()}
    for one in parsed(check(suite()))["checks"]:
        assert set(one) <= known["check"]
        assert all(set(row) <= known["row"] for row in one["rows"])


def test_failed_only_keeps_verdict_and_counts_of_all() -> None:
    text = render_report(Report([agreeing()]), "json", terminal=False, width=80, color=False, failed_only=True)
    assert parsed(text) == {"schema": "gradcli/check/1", "verdict": "agree", "checks": [], "counts": {"agree": 1}}


def test_ops_is_as_published() -> None:
    assert faults(parsed(render_operations(OPERATIONS, "json", terminal=False, width=80, color=False)), "ops") == []


@pytest.mark.parametrize("error", [SyntaxProblem("no", "a +* b", (3, 4), "a*b"), UsageError("what?")])
def test_an_error_is_as_published(error: Any) -> None:
    answer = parsed(render_error(error))
    assert faults(answer, "error") == []
    assert (answer["kind"], answer["column"]) == (error.kind, error.column)


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("grad", {"value": math.nan}),
        ("grad", {"nodes": [{}]}),
        ("grad", {"schema": "gradcli/grad/2"}),
        ("grad", {"grad": {"x": None}}),
        ("grad", {"at": []}),
    ],
)
def test_the_validator_finds_faults(name: str, spoil: dict[str, Any]) -> None:
    answer = json.loads(grad(product()))
    assert faults({**answer, **spoil}, name) or spoil == {"value": math.nan}
    assert faults({key: answer[key] for key in answer if key not in spoil}, name)
