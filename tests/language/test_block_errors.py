"""What is wrong with blocks and functions, with the place, and what to type instead."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradcli
from gradcli.errors import SourceError
from gradcli.language import parse
from tests.language.test_parser_errors import answered, refused

OUTSIDE = "'x' is no parameter, and a gradient knows its parameters only"
SQUARE = "def f(x): return x*x\n"
LATE = "is read in 'f' and assigned later, in line 2"

TABLE = [
    ("if x > 0\n  y", "if", "':' is missing behind this 'if'", "write if x > 0:"),
    ("if x > 0", "if", "':' is missing behind this 'if'", "write if x > 0:"),
    ("while:\n  x", "while", "this 'while' is not complete: its condition is missing", "write while x > 0:"),
    ("if x > 0:\ny = 1", "if", "the block of this 'if' is empty", "indent its lines by four spaces, or write pass"),
    ("x\nfor i in range(3):\n# note\n", "for", "the block of this 'for' is empty", "indent its lines by four spaces, or write pass"),
    ("if x:\n    a = 1\n  b = 2", "b", "this line is deeper, and no block begins before it", None),
    ("if x:\n    if x:\n        a = 1\n      b = 2", "b", "this line is deeper, and no block begins before it", None),
    ("if x:\n    a = 1\n        b = 2", "b", "this line is deeper, and no block begins before it", None),
    ("if x:\n\ta = 1\n        b = 2", "b", "tabs and spaces are mixed: the depth of this line is unclear", None),
    ("else: x", "else", "'else' without 'if'", "write it below an if, at the same depth: else:"),
    ("while x: x = 1\nelse: x", "else", "'else' without 'if'", None),
    ("if x: y = 1\nelse: y = 2\nelif z: y = 3", "elif", "'elif' without 'if'", None),
    ("if x:\n    y = 1\nelse z:\n    y = 2", "else", "'else' has no condition", "write else: or elif x > 0:"),
    ("if x: if w: y", "if", "'if' can't stand in the line of another block", "write it in a line of its own, indented"),
    ("for i range(3): x", "range(", "'in' is missing behind the name of this loop", "write for i in range(n):"),
    ("for i in range(): x", "range()", "range takes 1 to 3 arguments, not 0", "write range(n), range(a, b) or range(a, b, step)"),
    ("y = range(3)", "range(", "'range' stands in the first line of a loop", "write for i in range(n): or arange(n) for an array"),
    ("break", "break", "'break' outside a loop", "write it in the lines of a while or for"),
    ("if x: continue", "continue", "'continue' outside a loop", "write it in the lines of a while or for"),
    ("while x: break 2", "break", "'break' stands alone", "end the line behind break"),
    ("for i in range(3):\n    def f(x): return x\nx", "def", "a function is defined inside a block", None),
    ("return x", "return", "'return' outside a function", "the last statement is the value of the program"),
    ("def f(x):\n    return\nf(x)", "return", "'return' gives no value", "write return x"),
    ("def f(x): x", "f(", "'f' returns nothing", "end it with return and a value"),
    ("def f(x): return x", "f(", "the program computes nothing: it has no statement outside functions", "call it in the last line: f(x)"),
    ("def f x: x", "f", "'(' is missing behind the name of a function", "write def f(x):"),
    ("def f(x, 2): return x\nf(x)", "2", "'2' is no name", None),
    ("def f(x, x): return x\nf(x)", "x", "the parameter 'x' stands there twice", "give every parameter a name of its own"),
    ("def f(a=1, b): return a\nf(x)", "b", "a parameter without a value stands behind one with a value", "write b=…"),
    (f"{SQUARE}@gradient(f)\ndef f(x): return 1\ndef f(y): return y\nx", "f(", "'f' is defined twice", "choose another name, such as f_2"),
    ("def f(x): return x\ndef f(y): return y\nx", "f(", "'f' is defined twice", "choose another name, such as f_2"),
    ("def f(a): return a*k\nk = 2\nf(x)", "k", f"'k' {LATE}", "move the assignment above def f, or make k a parameter"),
    ("def f(a):\n  y = z\n  z = 1\n  return y\nf(x)", "z", "'z' is read before 'f' assigns it: there it has no value", None),
    ("f(1)\ndef f(x): return x\nx", "f(", "'f' is called before it is defined", "move def f above this line"),
    ("def f(x): return x\nf = 3", "f", "'f' is a function and can't be assigned", "choose another name, such as f_1"),
    ("def f(x): return x\nf + 1", "f", "'f' is a function and needs brackets", "write f(…)"),
    ("def f(x): return x\nf(1, 2)", "f(1, 2)", "f takes 1 argument, not 2", "write f(x)"),
    ("sum([x, 2], 0)", "sum([x, 2], 0)", "sum takes axis by name", "write sum(x, axis=…)"),
    ("def f(a, b=1): return a\nf()", "f()", "f takes 1 to 2 arguments, not 0", "write f(a, b)"),
    ("def f(a): return a\nf(b=2)", "f(b=2)", "'b' is no parameter of 'f'", "write f(a)"),
    ("def f(a): return a\nf(1, a=2)", "f(1, a=2)", "'a' is given twice of 'f'", "write f(a)"),
    ("def f(a): return a, a\nf(2) + 1", "f(2)", "f returns 2 values", "take them apart with p, q = f(…)"),
    ("def f(a):\n  if a: return a\n  return a, 1\nf(x)", "return", "'f' returns 1 value above, and 2 here", "return as many everywhere"),
    ("with x: y", "with", "'with' is followed by no_grad():", "write with no_grad(): and its lines below it"),
    ("@gradient(f)\ndef g(x): return x\nx", "@", "there is no function 'f' whose gradient this could be", "define it above: def f(x): …"),
    ("@cache\ndef g(x): return x\nx", "@", "'@' in a line of its own names the function whose gradient follows", "write @gradient(f)"),
    ("def f(a): return a\n@gradient(f)\nf(x)", "f(", "'@gradient(…)' stands above a function", "write def … in the next line"),
    ("def f(a): return a\n@gradient(f)\ndef df(a, b, c): return 1\nf(x)", "df(", "the gradient of 'f' takes its 1 parameters, not 3", None),
    ("def f(a): return a\n@gradient(f)\ndef df(a): return x\nf(x)", "x", OUTSIDE, None),
    ("def f(a, b): return a\n@gradient(f)\ndef df(a, b): return 1\nf(x, x)", "df(", "the gradient 'df' returns 1 for 2 parameters", None),
    ("x[0", "[", "']' is missing", "close the bracket"),
    ("(x]", "(", "')' is missing before ']'", "close the bracket"),
    ("x[]", "[]", "an index is missing between '[' and ']'", "write x[0], or x[:] for all of x"),
    ("[]", "[]", "an empty list has no value", "write zeros(0) for an array without elements"),
    ("[1, [2, 3]]", "[1, [2, 3]]", "the rows of this list have different lengths", "give every row as many numbers"),
    ("x[1:2:3:4]", ":", "':' has no meaning here", "a slice is written x[a:b] or x[a:b:step]"),
    ("x.append(1)", "x.append(", "'x.append' is an attribute, and programs have none", None),
    ("[i for i in x]", "for", "there are no list comprehensions", None),
    ("x in y", "in", "'in' can't stand here", None),
    ("x is y", "is", "'is' is not part of the language", "compare with =="),
    ("a, b = 1, 2, 3", "3", "3 values for 2 names", "write as many values as names"),
    ("x[0][1] = 2", "=", "only a name can be assigned", None),
    ("(x += 1)", "+=", "'+=' changes a name, and can't stand inside an expression", "write a statement of its own: a += b"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "message", "hint"), TABLE, ids=[row[0] for row in TABLE])
def test_an_error_in_a_block_says_what_is_wrong_where_and_what_to_type(text: str, place: str, message: str, hint: str | None) -> None:
    error = refused(text)
    start, end = error.spans[0]
    assert (error.message, text[start:end]) == (message, place)
    assert error.hint == hint if hint else error.hint


LINES = [
    "if x > 0:", "elif x < 1:", "else:", "while x < 3:", "for i in range(2):", "for r in x:", "def f(a, b=2):", "return a", "return",
    "@gradient(f)", "with no_grad():", "pass", "break", "continue", "y = f(x)", "x += 1", "x[0] = 2", "a, b = f(x)", "y", "if x: y",
    "# c", "", "return a, b", "y = [1, x", "]", "y = x[1:", "x.T", "x.shape[0]", "'a'", "f(x, a=1)", "while", "for i", "def", "with",
    "in", "x = 1 if y",
]  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["", "", "  ", "    ", "\t", "      "]), st.sampled_from(LINES)), max_size=8))
def test_any_sequence_of_lines_is_answered(lines: list[tuple[str, str]]) -> None:
    answered("\n".join(depth + line for depth, line in lines))


def test_the_place_of_an_error_is_found_in_a_long_program_with_blocks() -> None:
    with pytest.raises(SourceError) as caught:
        parse("for i in range(3):\n    y = x*i\n" * 5000 + "y +* 2")
    assert (caught.value.line, caught.value.column) == (10001, 4)


def test_a_range_beyond_the_budget_is_refused_before_its_first_round() -> None:
    with pytest.raises(gradcli.BudgetExceeded, match="steps"):
        gradcli.grad("s = 0\nfor i in range(10**15):\n  s = s + x\ns", "x=1")


def test_the_word_of_other_systems_for_an_axis_has_its_cure() -> None:
    with pytest.raises(gradcli.WrongArguments) as fault:
        gradcli.grad("sum(x, dim=0)", "x=[1,2]")
    assert "axis=0" in str(fault.value.hint)
