"""Results made by hand, and a small graph with the interface of gradcli.graphs.Graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from gradcli.results import BranchTaken, Check, ClaimResult, Estimate, Gradient, Output, Report, Row


@dataclass
class FakeNode:
    id: int
    name: str | None
    text: str
    op: str
    inputs: tuple[int, ...]
    value: Any
    symbol: str | None = None
    label: str | None = None
    is_leaf: bool = False
    scope: str = ""
    settings: dict[int, str] = field(default_factory=dict)
    graph: Any = None

    @property
    def shape(self) -> tuple[int, ...]:
        return getattr(self.value, "shape", ())

    @property
    def named_inputs(self) -> list[tuple[str, int]]:
        return [(self.settings.get(i, ""), i) for i in self.inputs]

    def __post_init__(self) -> None:
        self.label = self.label or self.name
        self.is_leaf = self.is_leaf or self.op == "input"


class FakeSource:
    """A program with the text of every node on a line of its own."""

    def __init__(self, texts: list[str]) -> None:
        self.text = "\n".join(texts)
        starts = accumulate((len(text) + 1 for text in texts), initial=0)
        self.places = [(start, start + len(text)) for start, text in zip(starts, texts, strict=False)]

    def spans(self, instructions: list[int]) -> list[tuple[int, int]]:
        return [self.places[i] for i in instructions]


@dataclass
class FakeGraph:
    """Nodes by id, constants behind them, and a count of the views that were asked for."""

    nodes: list[FakeNode]
    constants: list[FakeNode] = field(default_factory=list)
    built: int = 0

    @property
    def source(self) -> FakeSource:
        return FakeSource([node.text for node in self.nodes])

    @property
    def origin(self) -> range:
        return range(len(self.nodes))

    @property
    def constant_count(self) -> int:
        return len(self.constants)

    def __len__(self) -> int:
        return len(self.nodes)

    def node(self, number: int) -> FakeNode:
        self.built += 1
        found = self.nodes[number] if number >= 0 else self.constants[-number - 1]
        found.graph = self
        return found


def gradient(graph: FakeGraph, adjoints: list[float | None], **fields: Any) -> Gradient:
    """A result over a graph whose last node is the output and whose inputs are its `input` nodes."""
    inputs = {node.name: node for node in graph.nodes if node.op == "input"}
    last = graph.nodes[-1]
    answer = {
        "program": last.text,
        "at": {name: node.value for name, node in inputs.items()},
        "outputs": [Output(last.name, last.id, last.value, 1.0)],
        "gradient": {name: adjoints[node.id] for name, node in inputs.items() if adjoints[node.id] is not None},
        "independent": [],
        "higher": {},
        "requires_grad": [1] * len(graph),
    }
    return Gradient(graph=graph, **{"adjoints": adjoints, **answer, **fields})  # type: ignore[arg-type]


def product(**fields: Any) -> Gradient:
    """(x+w)*(w+1) at w = 1, x = 2."""
    one = FakeNode(-1, None, "1", "constant", (), 1.0)
    nodes = [
        FakeNode(0, "x", "x", "input", (), 2.0),
        FakeNode(1, "w", "w", "input", (), 1.0),
        FakeNode(2, None, "x+w", "add", (0, 1), 3.0, "+"),
        FakeNode(3, None, "w+1", "add", (1, -1), 2.0, "+"),
        FakeNode(4, None, "(x+w)*(w+1)", "mul", (2, 3), 6.0, "*"),
    ]
    at = {"w": 1.0, "x": 2.0}
    adjoints = fields.pop("adjoints", [2.0, 5.0, 2.0, 3.0, 1.0])
    return gradient(FakeGraph(nodes, [one]), adjoints, **{"at": at, "gradient": {"w": 5.0, "x": 2.0}, **fields})


def chain(length: int, **fields: Any) -> Gradient:
    """x + w, and w added again and again: a deep graph that shares w."""
    nodes = [FakeNode(0, "x", "x", "input", (), 0.1), FakeNode(1, "w", "w", "input", (), 0.2)]
    nodes += [FakeNode(i, "s", "s + w", "add", (i - 1 if i > 2 else 0, 1), 0.30000000000000004, "+", f"s@{i}") for i in range(2, length)]
    return gradient(FakeGraph(nodes), [1.0] * length, **fields)


def doubling(levels: int) -> Gradient:
    """y + y, again and again: as a tree it would have 2^levels lines."""
    nodes = [FakeNode(0, "x", "x", "input", (), 1.0)]
    nodes += [FakeNode(i, None, f"y{i}", "add", (i - 1, i - 1), 2.0**i) for i in range(1, levels)]
    return gradient(FakeGraph(nodes), [1.0] * levels)


def wide_numbers(**fields: Any) -> Gradient:
    """Numbers of 17 digits, a long piece of source and a name that Rich would read as markup."""
    nodes = [
        FakeNode(0, "x", "x", "input", (), -0.12345678901234567),
        FakeNode(1, "y", "exp(x)*sin(x)[bold]+[w]*cos(x)/sqrt(1+x^2)-tanh(x)*log(1+x**2)", "mul", (0, 0, 0), -1.2345678901234567e-101),
    ]
    return gradient(FakeGraph(nodes), [-9.8765432109876543e-05, 1.0], **fields)


def agreeing(**fields: Any) -> Check:
    """A check of the product that passes, with a claim."""
    rows = [
        Row(
            "w",
            "agree",
            5.0,
            {
                "reverse": Estimate(5.0, "5", 1.3323e-15),
                "symbolic": Estimate(5.0, "5.000000000000000000000000000000", 1e-30),
                "difference": Estimate(5.0, "5.0000000000000000000000", 1e-22),
            },
            [ClaimResult("2*w + x + 1", 5.0, "5", 0.0, "agree", "equal as formulas")],
            2.7e-16,
        ),
        Row(
            "x",
            "agree",
            2.0,
            {
                "reverse": Estimate(2.0, "2", 4.5e-16),
                "symbolic": Estimate(2.0, "2.0000000000", 1e-30),
                "difference": Estimate(2.0, "2.0", 1e-22),
            },
            resolution=2.3e-16,
        ),
    ]
    answer = {
        "id": "(x+w)*(w+1)", "program": "(x+w)*(w+1)", "at": {"w": 1.0, "x": 2.0}, "verdict": "agree", "rows": rows, "value": 6.0,
        "formula": {"w": "2*w + x + 1", "x": "w + 1"}, "reproduce": 'gradcli check "(x+w)*(w+1)" --at w=1.0,x=2.0',
    }  # fmt: skip
    return Check(**{**answer, **fields})  # type: ignore[arg-type]


def disagreeing(**fields: Any) -> Check:
    """A wrong claim about a sigmoid."""
    engines = {
        "reverse": Estimate(0.19661193324148185, "0.19661193324148185", 2.1e-17),
        "symbolic": Estimate(0.19661193324148185, "0.196611933241481852536995361", 1e-27),
        "difference": Estimate(None, "", note="not asked"),
    }
    claim = ClaimResult("sigmoid(x)", 0.7310585786300049, "0.73105857863000487", 1e-17, "disagree", "wrong here and at 5 points")
    reason = "the claim is 2.5e+16 bounds away from the derivative; did you forget the factor (1 - sigmoid(x))?"
    row = Row("x", "disagree", 0.19661193324148185, engines, [claim], 1.3e-16, node="node 1, 'sigmoid(x)'", reason=reason, digits_lost=1.26)
    answer = {
        "id": "losses.grad.toml::sigmoid", "program": "sigmoid(x)", "at": {"x": 1.0}, "verdict": "disagree", "rows": [row],
        "value": 0.7310585786300049, "reproduce": 'gradcli check "sigmoid(x)" --at x=1.0 --expect "sigmoid(x)"',
    }  # fmt: skip
    return Check(**{**answer, **fields})  # type: ignore[arg-type]


def kinked(**fields: Any) -> Check:
    """|x| at 0."""
    engines = {"reverse": Estimate(0.0, "0", 0.0), "symbolic": Estimate(None, note="no derivative at a kink")}
    reason = "abs(x) has a corner at x = 0"
    row = Row("x", "kink", 0.0, engines, left=-1.0, right=1.0, node="#1 abs(x)", reason=reason)
    answer = {"id": "losses.grad.toml::corner", "program": "abs(x)", "at": {"x": 0.0}, "verdict": "kink", "rows": [row], "value": 0.0}
    return Check(**{**answer, **fields})  # type: ignore[arg-type]


def failing() -> Check:
    """A check that could not run."""
    error = "error: no value for 'w'\n  (x+w)*(w+1)\n     ^\nhint: gradcli check --at w=1"
    return Check("losses.grad.toml::broken", "(x+w)*(w+1)", {}, "error", error=error)


def suite() -> Report:
    """A check of every kind."""
    passing = agreeing(id="losses.grad.toml::product")
    return Report([passing, kinked(expected="kink"), kinked(id="losses.grad.toml::undeclared"), disagreeing(), failing()])


def branching() -> Gradient:
    """A result with everything that can stand around the table."""
    taken = [BranchTaken("s < 1", 3, 7, True)] * 10 + [BranchTaken("s < 1", 3, 7, False), BranchTaken("x > 0", 5, 4, False)]
    return product(
        branches=taken, warnings=["'t' is never used"], independent=["z"], gradient={"w": 5.0, "x": 2.0, "z": 0.0}, higher={"x": [2.0, 0.0]}
    )
