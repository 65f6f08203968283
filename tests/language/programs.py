"""Random programs that are Python and gradcli at once, for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

NAMES = ("x", "w", "b", "gamma", "theta_1")
BLANKS = st.sampled_from(["", "", "", " ", "  ", "\t"])
NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", ".25", "2.", "1e3", "1.5e-3", "1_000", "7"])
ATOMS = st.one_of(st.sampled_from(NAMES), NUMBERS)
BRACKET_BLANKS = st.sampled_from(["", "", " ", "\n", " # (note, =\n", "\\\n", "\n\n"])


@st.composite
def joined(draw: st.DrawFn, inner: st.SearchStrategy[str], operators: tuple[str, ...], most: int = 3) -> str:
    """Operands with operators between them."""
    parts = [draw(inner)]
    for _ in range(draw(st.integers(1, most - 1))):
        parts += [draw(BLANKS), draw(st.sampled_from(operators)), draw(BLANKS), draw(inner)]
    return "".join(parts)


def bracketed(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """An expression in brackets, which may break lines."""
    return st.tuples(BRACKET_BLANKS, inner, BRACKET_BLANKS).map(lambda parts: f"({''.join(parts)})")


def called(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A call of one, two or three arguments."""
    one = st.tuples(st.sampled_from(["sin", "cos", "atan", "tanh", "abs"]), inner).map(lambda p: f"{p[0]}({p[1]})")
    two = st.tuples(BRACKET_BLANKS, inner, BRACKET_BLANKS, inner).map(lambda p: f"hypot({p[0]}{p[1]},{p[2]}{p[3]})")
    three = st.tuples(st.sampled_from(["max", "min"]), inner, inner, inner, st.sampled_from(["", ","])).map(
        lambda p: f"{p[0]}({p[1]}, {p[2]},{p[3]}{p[4]})"
    )
    return st.one_of(one, two, three)


def ternaries(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A conditional expression; its else may be another one without brackets."""
    simple = st.tuples(inner, inner, inner).map(lambda p: f"{p[0]} if {p[1]} else {p[2]}")
    return st.one_of(simple, st.tuples(inner, inner, simple).map(lambda p: f"{p[0]} if {p[1]} else {p[2]}"))


def levels(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions with operators of every level of precedence, over smaller ones that are closed."""
    closed = st.one_of(ATOMS, bracketed(inner), called(inner))
    signed = st.one_of(closed, st.tuples(st.sampled_from(["-", "+", "- ", "--"]), closed).map("".join))
    arithmetic = st.one_of(signed, joined(signed, ("+", "-", "*", "/", "%", "**"), 5))
    compared = st.one_of(arithmetic, joined(arithmetic, ("<", "<=", ">", ">=", "==", "!=")))
    truths = st.one_of(compared, compared.map(lambda text: f"not {text}"), joined(compared.map(lambda text: f" {text} "), ("and", "or"), 4))
    return st.one_of(arithmetic, truths, ternaries(truths))


EXPRESSIONS = st.recursive(ATOMS, lambda inner: st.deferred(lambda: levels(inner)), max_leaves=12)
"""Deferred, because hypothesis would write out the strategies of all levels, which are exponentially many, to name them."""

STATEMENTS = st.one_of(EXPRESSIONS, st.tuples(st.sampled_from([*NAMES, "y", "z"]), EXPRESSIONS).map(lambda p: f"{p[0]} = {p[1]}"))
COMMENTS = st.sampled_from(["", "", " # 1 + (", "  ", "\n", "\n # note"])


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Statements on lines of their own or behind `;`."""
    lines = draw(st.lists(STATEMENTS, min_size=1, max_size=5))
    ends = [draw(st.one_of(st.just("; "), COMMENTS.map(lambda comment: comment + "\n"))) for _ in lines]
    return "".join(line.strip() + end for line, end in zip(lines, ends, strict=True)).removesuffix("; ")
