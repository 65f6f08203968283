"""Large programs: nothing recurses, nothing takes the square of the size. Each of these ends a recursive or quadratic parser."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gradcli import files
from gradcli.errors import BudgetExceeded, SyntaxProblem
from gradcli.language import parse, run, tokens
from gradcli.language.tokens import CHUNK, PAIR, offsets, pairs
from tests.language.programs import programs

N = 30_000


def value(text: str, x: float = 0.5) -> float:
    """The value of a program whose inputs are all x."""
    program = parse(text)
    trace = run(program, dict.fromkeys(program.inputs, x))
    return float(trace.graph.values[trace.node_of(program.output)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(" * N + "x" + ")" * N, 0.5),
        ("-" * N + "x", 0.5),
        ("+" * N + "x", 0.5),
        ("not " * N + "x", 1.0),
        (" + ".join("x" * N), N / 2),
        ("**".join(["1"] * N), 1.0),
        ("x < 1 " + "and x < 1 " * N, 1.0),
        ("0 < x" + " <= x" * N, 1.0),
        ("x if x > 1 else " * N + "3*x", 1.5),
        ("(" * N + "x" + " if x < 1 else 2)" * N, 0.5),
        ("x if (" * N + "x" + ") else 2" * N, 0.5),
        ("abs(" * N + "x" + ")" * N, 0.5),
        ("max(0, " * N + "x" + ")" * N, 0.5),
        ("max(" + ", ".join("x" * N) + ")", 0.5),
        ("2" + "(x)" * N, 0.0),
        ("x" + " ⁻¹" * N, 0.5),
        ("x = x + 1\n" * N, N + 0.5),
        ("\n" * N + "x", 0.5),
        ("x" + ";" * N, 0.5),
        ("# a comment\n" * N + "x", 0.5),
        ("#" + "a" * 10 * N + "\nx", 0.5),
        ("(" + "\n" * N + "x)", 0.5),
        ("x" + "\\\n" * N + "+ 1", 1.5),
        ("µ + " * N + "1", N / 2 + 1),
        ("0." + "1" * 10 * N, 1 / 9),
        ("clamp(x, min=0) + " * N + "x", N / 2 + 0.5),
        ("".join(f"v{i} = x{i} if x < 1 else w\n" for i in range(N)), 0.5),
    ],
    ids=lambda value: value[:12].replace("\n", "|") if isinstance(value, str) else "",
)
def test_depth_and_length_are_no_limits(text: str, expected: float) -> None:
    assert value(text) == expected


def test_many_statements_keep_their_places() -> None:
    program = parse("".join(f"v{i + 1} = v{i} * x\n" for i in range(100_000)))
    assert program.piece(len(program) - 1) == "v99999 * x"
    assert program.position(len(program) - 1) == (100_000, 11)


@pytest.mark.parametrize("text", ["(" * N + "x", "(" * N, "x" + ")" * N, "max(" * N])
def test_unbalanced_brackets_are_refused_at_any_depth(text: str) -> None:
    with pytest.raises(SyntaxProblem, match=r"^'\)' (is missing|has no '\(' before it)$"):
        parse(text)


def test_an_error_at_the_end_of_a_long_program_has_its_place() -> None:
    with pytest.raises(SyntaxProblem) as caught:
        parse("v = x * w + 1.5\n" * N + "v +* 2")
    assert (caught.value.line, caught.value.column) == (N + 1, 4)


def test_a_text_beyond_the_budget_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LIMIT", 10)
    assert parse("x + w + 10")
    with pytest.raises(BudgetExceeded, match="the program has more than"):
        parse("x + w + 100")


CHUNKED = [
    "x + 1e5 - " * CHUNK,
    "max(x,1e-5,w);" * CHUNK,
    "x*2  # a note, with ) and - in it\n" * (CHUNK // 10),
    "#" + " a, b)" * CHUNK + "\nx",
    "1e-5*" * CHUNK + "1",
    "sin((x))-" * CHUNK,
    "x\\\n+" * CHUNK,
    "x" * 3 * CHUNK,
]


@pytest.mark.parametrize("text", CHUNKED, ids=lambda text: text[:10])
def test_a_text_read_in_chunks_has_the_tokens_of_the_whole(text: str) -> None:
    chunks = [(start, found) for start, found in pairs(text)]
    read = [pair for _, found in chunks for pair in found if any(pair)]
    assert read == [pair for pair in PAIR.findall(text) if any(pair)]


@settings(max_examples=200, deadline=None)
@given(programs(), st.integers(0, 9))
def test_where_a_text_is_cut_into_chunks_changes_nothing(text: str, size: int) -> None:
    whole = parse(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tokens, "CHUNK", size)
        cut = parse(text)
    assert (cut.operations, cut.arguments, cut.names, cut.inputs) == (whole.operations, whole.arguments, whole.names, whole.inputs)
    assert [cut.piece(i) for i in range(len(cut))] == [whole.piece(i) for i in range(len(whole))]


@pytest.mark.parametrize("text", CHUNKED[:3], ids=lambda text: text[:10])
def test_the_place_of_a_token_is_found_from_its_chunk(text: str) -> None:
    token, known, starts = 0, {}, []
    for start, found in pairs(text):
        starts.append((token, start))
        for operand, operator in found:
            known[token], known[token + 1] = operand, operator
            token += 2
    assert len(starts) > 3
    some = [*range(40), *range(starts[1][0] - 5, starts[1][0] + 5), *range(token - 9, token)]
    for places in (offsets(text, some, starts), {one: offsets(text, [one], starts)[one] for one in some}):
        assert [text[a:b] for a, b in (places[one] for one in some)] == [known[one] for one in some]


def test_the_tokens_of_a_long_line_never_exist_all_at_once() -> None:
    text = "x + " * 500_000 + "x"
    tracemalloc.start()
    try:
        assert sum(len(found) for _, found in pairs(text)) == 500_001
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()
