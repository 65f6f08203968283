"""Blocks: Python's own `exec` is the oracle of what they mean; labels, scopes, budgets and refusals are ours."""

from __future__ import annotations

import sys
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

import gradcli
from gradcli.errors import BudgetExceeded, GradcliError, NotSupported, SourceError, UnknownName
from gradcli.language import parse, run
from gradcli.language.interpreter import decisions, trace_without_values
from gradcli.language.limits import Limits
from gradcli.language.naming import output_spots, spot
from gradcli.language.replaying import evaluate
from gradcli.operations.floats import FLOATS
from gradcli.operations.precise import Precise
from tests.language.blocks import SCALAR_FUNCTIONS, our_value, programs, python_value

AT: dict[str, Any] = {"x": 0.7, "w": -1.3, "v": np.array([1.5, -2.0, 3.0]), "M": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])}

CORPUS = [
    "if x > 0: y = x\nelse: y = -x\ny",
    "if x > 1:\n    y = 1*x\nelif x > 0.5:\n    y = 2*x\nelif x > 0:\n    y = 3*x\nelse:\n    y = 4*x\ny = y + 1",
    "if x > 1:\n\ty = 1*x\nelse:\n\tif w > 0:\n\t\ty = 2*w\n\telse:\n\t\ty = 3*w\n\ty = y*2\ny",
    "y = w\nif x > 0:\n    # a note\n\n    y = x  # another\n  # not indented, only a note\ny*2",
    "s = 0\nwhile s < 1: s = s + 0.1; s = s*1.01\ns",
    "b = 2*w\nwhile abs(b) < 1000:\n    b = b*2\nif b > 0:\n    c = b\nelse:\n    c = 100*b\nc",
    "s = 0\nfor i in range(5): s += x*i\ns",
    "s = 0\nfor i in range(2, 9, 3):\n    s = s + x**i\n    for j in range(i): s = s - w*j\ns + i + j",
    "s = 0\nfor i in range(5, 0, -2): s = s*2 + i*x\ns",
    "s = x\nfor i in range(0): s = 100\ns",
    "n = 0\nwhile True:\n    n = n + 1\n    if n > 7: break\n    if n % 2 == 0:\n        continue\n    x = x + n\nx",
    "s = 0\nfor i in range(4):\n  for j in range(4):\n    if j > i: break\n    if (i + j) % 2 == 1: continue\n    s = s + i*x - j*w\ns",
    "a, b = x, w\na, b = b, a + b\na, b = b, a\na - 2*b",
    "x += 1; x -= w; x *= 3; x /= 7; x **= 2\nx",
    "def f(a, b=2, c=3):\n    return a*b - c\nf(x) + f(x, 5) + f(c=x, a=w) + f(x, w, c=1)",
    "def f(a): return a*a\ndef g(a): return f(a) + f(2*a)\nf(g(f(x)))",
    "def fib(n):\n    if n < 2: return n\n    return fib(n - 1) + fib(n - 2)\nfib(12)*x",
    "def even(n): return 1 if n == 0 else odd_(n)\ndef odd_(n):\n    if n < 1: return 0\n    return even(n - 1)\neven(9)*x + odd_(8)*w",
    "def newton(a):\n    y = a\n    while abs(y*y - a) > 1e-12:\n        y = 0.5*(y + a/y)\n    return y\nnewton(x + 1)",
    "def power(b, n):\n    if n == 0: return 1\n    h = power(b, n - 1)\n    s = h*b\n    return s\npower(x, 5) + power(w, 3)",
    "def f(a):\n    for i in range(10):\n        if i*a > 3: return i*a\n    return a\nf(x) + f(0.01)",
    "def both(a, b):\n    return a + b, a*b\np, q = both(x, w)\nr, p = both(p, q)\np - q + r",
    "k = 3\ndef f(a): return k*a\ny = f(x)\nk = 5\ny + f(x)",
    "def f(a):\n    a = a + 1\n    return a\ny = f(x)\ny*x",
    "with no_grad():\n    y = x*x\n    z = y + 1\nz*w",
    "0 < x < 1 < 2 and not w > 0",
    "y = x if x > w else w\nif y == x: z = y*2 if y > 0 else y*3\nz",
    "s = 0\nfor i in range(3):\n    s = s + (x if i == 1 else w if i == 2 else 0.5)\ns",
    "s = 0\nfor row in M:\n    s = s + row[0]*row[2]\ns",
    "s = 0\nfor t in v: s = s*x + t\ns",
    "y = v*2\ny[0] = x\ny[1:] += w\ny[-1] *= 3\ny",
    "A = M*1\nfor i in range(2):\n    for j in range(3):\n        A[i, j] = A[i, j]*x + i - j\nA",
    "A = M*1\nA[:, 0] = 7\nA[1, ::2] = v[:2]\nA",
    "a, b = M\na*b + v",
    "[x, 2, w,]",
    "array([[1, x], [w, 4]])*2",
    "array([[1, 2, 3], [4, 5, 6]])*v",
    "v[0] + v[-1] + v[1:][0] + (v + v)[2] + M[1, 2] + M[0][1]",
    "M[:, 1:]", "M[::-1, ::2]", "M[..., 0]", "v[:, None] + v", "v[v > 0]", "M.T @ M", "M @ v + x",
    "(M @ M.T).sum(axis=0)", "M.T[0].sum() + M.shape[1] + len(M) + M.size + M.ndim", "sum(M, axis=1)", "reshape(M, 3, 2)",
    "M.mean(axis=-1)",
]  # fmt: skip


@pytest.mark.parametrize("text", CORPUS)
def test_a_program_has_the_value_that_python_gives_it(text: str) -> None:
    names = parse(text).inputs
    ours, theirs = our_value(text, {name: AT[name] for name in names}), python_value(text, AT)
    assert np.shape(ours) == np.shape(theirs)
    assert np.allclose(ours, theirs, rtol=1e-15, atol=0)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_random_programs_have_the_values_that_python_gives_them(text: str) -> None:
    at = {"x": 0.7, "w": -1.3}
    assert our_value(text, at) == python_value(text, at, SCALAR_FUNCTIONS)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_gradients_of_random_programs_are_precise_differences_on_their_path(text: str) -> None:
    at = {"x": 0.7, "w": -1.3}
    program, F = parse(text), Precise(400)
    log, gradient = decisions(program, at), gradcli.grad(text, at).gradient
    for name in at:
        h = F.context.ldexp(1, -120)
        ends = []
        for side in (h, -h):
            point = {other: F.number(value) + (side if other == name else 0) for other, value in at.items()}
            registers, made = evaluate(program, point, F, log)
            assert made == log
            ends.append(F.number(registers.at(program, output_spots(program)[None])))
        assert gradient[name] == pytest.approx(float((ends[0] - ends[1]) / (2 * h)), rel=1e-9, abs=1e-9)


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_a_free_run_over_floats_repeats_the_run_node_by_node(text: str) -> None:
    program, at = parse(text), {"x": 0.7, "w": -1.3}
    trace, log = run(program, at), decisions(program, at)
    for free in (False, True):
        registers, made = evaluate(program, at, FLOATS, log, free=free)
        assert made == log
        assert registers.of_nodes(trace) == list(trace.graph.values)


# --- names, scopes, branches --------------------------------------------------------------------------------------------------

DOUBLING = "b = 2*a\nwhile abs(b) < 20:\n    b = b*2\nif b > 0: c = b\nelse: c = 100*b\nc"


def test_versions_of_a_name_are_counted_by_the_run() -> None:
    program = parse(DOUBLING)
    trace = run(program, {"a": 3.0})
    graph = trace.graph
    assert [graph.node(trace.node_at(spot(program, f"b@{k}", "--of"))).value for k in (1, 2, 3)] == [6.0, 12.0, 24.0]
    assert [graph.node(trace.node_at(spot(program, name, "--of"))).label for name in ("b@1", "b", "c")] == ["b@1", "b@3", "b@3"]
    with pytest.raises(UnknownName, match=r"'b@4' is not there: this run made 3 versions of b"):
        trace.node_at(spot(program, "b@4", "--of"))


def test_an_input_that_is_bound_anew_is_its_first_version() -> None:
    result = gradcli.grad("for i in range(3): x = 2*x\nx", {"x": 1.5})
    assert result.gradient == {"x": 8.0}
    assert gradcli.grad("for i in range(3): x = 2*x\nx", {"x": 1.5}, wrt="x@3").gradient == {"x@3": 2.0}
    assert gradcli.grad("for i in range(3): x = 2*x\nx", {"x": 1.5}, of="x@2").gradient == {"x": 2.0}


def test_a_version_is_found_in_runs_over_other_numbers_too() -> None:
    program, F = parse(DOUBLING), Precise()
    registers, _ = evaluate(program, {"a": F.number(3)}, F, decisions(program, {"a": 3.0}))
    assert [float(registers.at(program, spot(program, name, "--of"))) for name in ("b@1", "b@2", "b", "c")] == [6.0, 12.0, 24.0, 24.0]


def test_a_node_says_in_which_round_and_call_it_was_computed() -> None:
    trace = run(parse("def f(t):\n    for i in range(2):\n        t = t*t\n    return t\nx + f(x)"), {"x": 2.0})
    scopes = [trace.graph.node(i).scope for i in range(len(trace.graph))]
    assert scopes == ["", "line 2, round 1; f, called at line 5", "line 2, round 2; f, called at line 5", ""]
    assert trace.graph.node(2).describe() == "'f.t' (t*t) in line 2, round 2; f, called at line 5"


def test_branches_say_how_often_a_condition_held_and_how_many_rounds_a_loop_ran() -> None:
    result = gradcli.grad("for i in range(5):\n    if x > 2: x = x - 1\nx", {"x": 4.5})
    found = {(branch.text, branch.taken): (branch.times, branch.rounds) for branch in result.branches}
    assert found == {("for i in range(5)", True): (5, 5), ("x > 2", True): (3, None), ("x > 2", False): (2, None)}


def test_no_gradient_passes_through_a_block_without_gradients() -> None:
    text = "def f(t):\n    with no_grad():\n        return t*t\nwith no_grad():\n    y = 3*x\ny*x + f(x)"
    assert gradcli.grad(text, {"x": 2.0}).gradient == {"x": 6.0}


def test_the_numbers_of_a_program_without_free_names_are_its_inputs_unless_they_are_bound_again() -> None:
    program = parse("x = 2; n = 0\nwhile n < 3:\n    n = n + 1\n    k = 7\nx*n")
    assert program.defaults == {"x": 2.0}


# --- runs without values ------------------------------------------------------------------------------------------------------


def test_a_graph_without_values_knows_its_constants_and_unrolls_by_them() -> None:
    trace = trace_without_values(parse("s = 0\nfor i in range(3): s = s + i*x\ns"))
    assert [node.op for node in map(trace.graph.node, range(len(trace.graph)))] == ["input", "constant", *["mul", "add"] * 3]
    assert list(trace.graph.values[:3]) == [None, 0.0, None]


@pytest.mark.parametrize(("text", "line"), [("y = 2*x\nif y > 0: y = -y\ny", 2), ("for i in range(x): x", 1), ("x if x > 0 else 1", 1)])
def test_a_graph_that_depends_on_values_says_so_with_the_line(text: str, line: int) -> None:
    with pytest.raises(NotSupported, match=f"the graph depends on values: line {line} needs the value of") as caught:
        trace_without_values(parse(text))
    assert caught.value.line == line
    assert caught.value.hint == "give the inputs values: --at x=1.0"


# --- values that are not there ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("if x > 1:\n    y = 1\ny + x", "y", "'y' has no value here: line 2, where it is assigned, was not run"),
        ("for i in range(0): y = x*i", "x*i", "'y' has no value at the end of this run"),
        ("for i in range(0): y = x\ni + 1", "i", "'i' has no value here: line 1, where it is assigned, was not run"),
        ("def f(a):\n    if a > 1: s = 1\n    return s\nf(x)", "s", "'s' has no value here: line 2, where it is assigned, was not run"),
        ("if x > 1: x**2", "x**2", "the last statement was not run: there is no value at the end of this run"),
        ("def f(a):\n    if a > 1: return a\nf(x)", "f(", "the call of 'f' in line 3 ended without 'return'"),
    ],
)
def test_a_value_that_the_run_did_not_make_is_named(text: str, place: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        gradcli.grad(text, {"x": 0.5})
    start, end = caught.value.spans[0]
    assert caught.value.message == message
    assert text[start:end] == place
    assert caught.value.hint


# --- budgets ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "limits", "message", "hint"),
    [
        ("while x > 0: x = x + 1", {"steps": 1000}, "the run takes more than 1 000 steps", "--max-steps 10000"),
        ("while True: pass\nx", {"steps": 1000}, "the run takes more than 1 000 steps", "--max-steps 10000"),
        ("for i in range(1e6): x = x*i\nx", {"nodes": 500}, "the graph has more than 500 nodes", "--max-nodes 5000"),
        ("def f(a): return f(a + 1)\nf(x)", {"depth": 50}, "more than 50 calls stand inside each other", "--max-depth 500"),
        ("y = zeros(1000, 1000) + x\ny", {"elements": 10}, "the arrays have more than 10 elements", "--max-elements 100"),
        ("y = [x, x]\nfor i in range(100): y = y*x\ny", {"elements": 50}, "the arrays have more than 50 elements", "--max-elements 500"),
    ],
)
def test_a_budget_ends_a_run_with_place_and_option(text: str, limits: dict[str, int], message: str, hint: str) -> None:
    with pytest.raises(BudgetExceeded) as caught:
        run(parse(text), {"x": 1.0}, limits=Limits(**limits))
    assert caught.value.message == message
    assert hint in str(caught.value.hint)
    assert caught.value.line


def test_a_long_loop_keeps_to_its_memory() -> None:
    text = "s = 0\nfor i in range(50000): s = s*0.5 + x\ns"
    tracemalloc.start()
    result = gradcli.grad(text, {"x": 1.5})
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert result.gradient["x"] == pytest.approx(2.0)
    assert peak / len(result.graph) < 500


def test_recursion_up_to_the_limit_needs_no_stack_of_python() -> None:
    assert our_value("def f(n):\n    if n == 0: return 0\n    return 1 + f(n - 1)\nf(999)*x", {"x": 1.0}) == 999.0


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{'    ' * depth}if x > 0:\n" for depth in range(100)) + "    " * 100 + "y = x\ny",
        "".join(f"{'    ' * depth}for i{depth} in range(1):\n" for depth in range(100)) + "    " * 100 + "y = x\ny",
        "if x > 0: y = " + "(" * 5000 + "x" + ")" * 5000 + "\ny",
        "y = " + "[" * 30 + "x" + "]" * 30 + "\ny.size*x",
        "def f(a): return a\n" + "f(" * 900 + "x" + ")" * 900,
        "y = x\n" + "if x > 0: y = y + 0\n" * 3000 + "y",
    ],
    ids=["ifs", "fors", "brackets", "lists", "calls", "many ifs"],
)  # fmt: skip
def test_deep_nesting_is_no_limit(text: str) -> None:
    assert our_value(text, {"x": 0.5}) == 0.5


def test_a_thousand_nested_lists_are_answered() -> None:
    for text in ("[" * 1000 + "x" + "]" * 1000, "[" * 1000 + "1" + "]" * 1000, "[" * 5000):
        with pytest.raises(GradcliError):
            our_value(text + "\nx", {"x": 1.0})


def test_work_grows_with_the_length_of_a_program_with_blocks() -> None:
    def calls(count: int) -> int:
        text = "for i in range(1):\n    y = x\n" + "if x > 0: y = y*x + 1 if x > 0 else 2\n" * count + "y"
        made = 0

        def counted(*_: object) -> None:
            nonlocal made
            made += 1

        sys.setprofile(counted)
        try:
            parse(text)
        finally:
            sys.setprofile(None)
        return made

    assert calls(1000) < 5 * calls(250)
