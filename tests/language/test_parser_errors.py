"""What is no program is answered with one clear message, the right place and something to type."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gradcli.errors import NotSupported, SourceError, SyntaxProblem, UnknownFunction, WrongArguments
from gradcli.language import parse

NEEDS_BRACKETS = "'sin' is a function and needs brackets"
TOO_EARLY = "the expression ends too early"
NOT_CLOSED = "')' is missing"
DERIVATIVE = 'write the function itself: gradcli grad "x**2" --at x=3 differentiates it'
NO_CALL = 'gradients need no call: gradcli grad "PROGRAM" --at … shows every one'

# text, what is underlined ("" for one place behind the code), message, hint
TABLE = [
    ("sin x", "x", NEEDS_BRACKETS, "write sin(x)"),
    ("sin 2x", "2", NEEDS_BRACKETS, "write sin(2)"),
    ("sin^2(x)", "sin^2(", NEEDS_BRACKETS, "write sin(x)^2"),
    ("sin**2 x", "sin**2 x", NEEDS_BRACKETS, "write sin(x)**2"),
    ("sin²(x)", "sin²", NEEDS_BRACKETS, "write sin(x)²"),
    ("sin⁻¹(x)", "sin⁻¹", NEEDS_BRACKETS, "write asin(x) for the inverse function, or 1/sin(x)"),
    ("|x| + 1", "|", "'|' is no operator", "the absolute value is abs(x)"),
    ("1,5", ",", "a decimal number has a point, not a comma", "write 1.5"),
    ("x, y", ",", "a comma separates the arguments of a function", "separate statements with ';' and name several outputs with --of"),
    ("(x, y)", ",", "a comma separates the arguments of a function", "separate statements with ';' and name several outputs with --of"),
    ("f(x) = x^2", "f(", "'f' is a name, not a function", "write the expression itself: x^2; or def f(x): return x^2"),
    ("x(1+x)", "x(", "'x' is a name, not a function", "write x*(1+x)"),
    ("y = 2; y (3)", "y (", "'y' is a name, not a function", "write y*(3)"),
    ("1/2x", "1/2x", "'1/2x' can mean two things", "write 1/(2*x) or (1/2)*x"),
    ("y + 1/2(x+1)", "1/2(", "'1/2(…)' can mean two things", "write 1/(2*(…)) or (1/2)*(…)"),
    ("1/-2x", "1/-2x", "'1/-2x' can mean two things", "write 1/(-2*x) or (1/-2)*x"),
    ("x^2y", "x^2y", "'x^2y' can mean two things", "write x^(2*y) or (x^2)*y"),
    ("x y", "y", "an operator is missing between 'x' and 'y'", "write x*y"),
    ("(x+1) 2", "2", "an operator is missing between '(x+1)' and '2'", "write (x+1)*2"),
    ("1 2", "2", "two numbers stand side by side: 1 2", "write 1*2 or 12"),
    ("((2)*y\n x)", "x", "an operator is missing between 'y' and 'x'", "write y*x"),
    ("d/dx x", "x", "derivatives are not written in programs", 'write the function itself: gradcli grad "x**2" --at x=3 differentiates it'),
    ("diff(x**2, x)", "diff(", "unknown function 'diff'", DERIVATIVE),
    ("backward(y)", "backward(", "unknown function 'backward'", NO_CALL),
    ("loss.backward()", "loss.backward(", "'loss.backward' is an attribute, and programs have none", NO_CALL),
    ("(x + 1).backward()", ".backward(", "'.backward' is an attribute that programs don't have", NO_CALL),
    ("(x + 1).item()", ".item(", "'.item' is an attribute that programs don't have", None),
    ("x.shape", "x.shape", "a shape is used one length at a time", "write x.shape[0]"),
    ("jax.relu(x)", "jax.relu(", "'jax.relu' is an attribute, and programs have none", "write relu(x)"),
    ("sni(x)", "sni(", "unknown function 'sni'", "did you mean 'sin'? gradcli ops lists all functions"),
    ("pi(x)", "pi(", "unknown function 'pi'", "a product is written pi*(…)"),
    ("cot(x)", "cot(", "unknown function 'cot'", "write 1/tan(x)"),
    ("print(x)", "print(", "unknown function 'print'", "write the expression itself: its value is printed"),
    ("__import__('os')", "__import__(", "unknown function '__import__'", "gradcli ops lists all functions"),
    ("import os", "import", "'import' is not part of the language", "functions need no import; gradcli ops lists them"),
    ("lambda x: x", "x", "there are no lambdas", "write the expression itself, such as x**2 + 1"),
    ("def f(x): x", "f(", "'f' returns nothing", "end it with return and a value"),
    ("True", "True", "'True' is a setting, and no number", "write 1, or a comparison such as x > 0"),
    ("class = 3", "class", "'class' is a reserved word", "choose another name, such as class_"),
    ("None*2", "None", "'None' is a setting, and no number", "write 0, or leave it out"),
    ("if = 3", "if", "'if' is a reserved word", "choose another name, such as if_"),
    ("pi = 3", "pi", "'pi' is a constant and can't be assigned", "choose another name, such as pi_1"),
    ("3 = x", "=", "'3' is a number and can't be assigned", "a name stands left of '='"),
    ("x + 1 = 0", "=", "only a name can be assigned", "write name = expression; an equation f = g has the residual f - g"),
    ("(x = 3)", "=", "'=' assigns, and can't stand inside an expression", "compare with =="),
    ("x = y = 3", "=", "a statement assigns one name", "write y = …; x = y; or compare with =="),
    ("np.x = 3", "np.x", "'np.x' is an attribute, and programs have none", None),
    ("x++", "", TOO_EARLY, "write x + 1"),
    ("(x += 1)", "+=", "'+=' changes a name, and can't stand inside an expression", "write a statement of its own: a += b"),
    ("x =", "", TOO_EARLY, "write a value behind '='"),
    ("= x", "=", "an operand is missing before '='", "write name = expression"),
    ("x := 3", ":", "':=' is no operator", "write name = expression"),
    ("x ==", "", TOO_EARLY, "an operand is missing behind the last operator"),
    ("x + # why", "", TOO_EARLY, "an operand is missing behind the last operator"),
    ("x +\n1", "", TOO_EARLY, "an expression in brackets may go on in the next line"),
    ("50%", "", TOO_EARLY, "a percentage is written 50/100"),
    ("x; +", "", TOO_EARLY, None),
    ("+", "", TOO_EARLY, None),
    ("x <> y", ">", "'<>' is no operator", "write !="),
    ("x && y", "&", "'&&' is no operator", "write and"),
    ("x || y", "|", "'||' is no operator", "write or"),
    ("x ≤ y", "≤", "'≤' has no meaning here", "write <="),
    ("√x", "√", "'√' has no meaning here", "write sqrt(x)"),
    ("x // 2", "//", "'//' has no meaning here", "write floor(a/b)"),
    ("!x", "!", "'!' has no meaning here", "'not' negates a comparison; the factorial is gamma(x + 1)"),
    ("x ? 1 : 2", "?", "'?' has no meaning here", "a choice is written a if c else b"),
    ("'x^2'", "'x^2'", "a quote (') inside the program", "only settings are texts; quote the whole program once, for the shell"),
    ('f"{x}"', '"', 'a quote (") inside the program', "only settings are texts; quote the whole program once, for the shell"),
    ("{x}", "{", "'{' has no meaning here", "group with ( and )"),
    ("((x", "(", NOT_CLOSED, "close the bracket"),
    ("sin(x", "sin(", NOT_CLOSED, "close the bracket"),
    ("(x; y)", "(", NOT_CLOSED, "close the bracket before ';'"),
    ("(x + ; y)", "(", NOT_CLOSED, "close the bracket before ';'"),
    ("x)", ")", "')' has no '(' before it", "remove it, or open the bracket before"),
    ("()", ")", "an operand is missing before ')'", "remove it, or write an operand"),
    ("max(, x)", ",", "an operand is missing before ','", "write an argument"),
    ("clamp(x, min=)", ")", "an operand is missing before ')'", None),
    ("x if y", "if", "'else' is missing", "write a if c else b"),
    ("(x if y) + 1", "if", "'else' is missing", "write a if c else b"),
    ("max(x if y, 2)", "if", "'else' is missing", "write a if c else b"),
    ("x else y", "else", "'else' without 'if'", "write a if c else b"),
    ("a if b if c else d else f", "if", "'else' is missing before this 'if'", "write a if c else b"),
    ("x == not y", "not", "'not' binds weaker than the operator before it", "write it in brackets: (not a)"),
    ("x not in y", "not", "'not' stands between two operands", "a different value is written a != b"),
    ("log(x, 2)", "log(x, 2)", "log takes 1 argument, not 2", "the logarithm of x to base b is log(x)/log(b)"),
    ("1 + round(x, 2)", "round(x, 2)", "round takes 1 argument, not 2", "round to d digits with round(x*10**d)/10**d"),
    ("sin()", "sin()", "sin takes 1 argument, not 0", "write sin(x)"),
    ("clamp(h, mni=0)", "mni", "clamp has no argument 'mni'", "did you mean 'min'? write clamp(x, min, max)"),
    ("clamp(h, min=0, min=1)", "min", "'min' is given twice", "write min=… once"),
    ("clamp(h, 0, min=1)", "clamp(h, 0, min=1)", "'min' is given twice, by place and by name", "write clamp(x, min, max)"),
    ("clamp(min=0, h)", "h", "an argument without a name stands behind one with a name", "write clamp(…, min=…)"),
    ("0x10", "x10", "'0x10' is no number of the language", "write it in decimal digits"),
    ("1__0", "1__0", "'1__0' is no number", "write 10"),
    ("1e400", "1e400", "'1e400' is larger than the largest double, 1.8e308", "infinity is written inf"),
    ("²", "²", "an exponent without a base", "write a name before ²"),
    ("x½", "x½", "'x½' is no name", "names consist of letters, digits and '_'"),
    ("x + 😀", "😀", "'😀' has no meaning here", "remove it"),
    ("x\u200b", "\u200b", "the character U+200B has no meaning here", "remove it"),
    ("x\0", "\0", "the character U+0000 has no meaning here", "remove it"),
]  # fmt: skip


def refused(text: str) -> SourceError:
    """The error of a text that is no program."""
    with pytest.raises(SourceError) as caught:
        parse(text)
    return caught.value


@pytest.mark.parametrize(("text", "place", "message", "hint"), TABLE, ids=[row[0] for row in TABLE])
def test_an_error_says_what_is_wrong_and_what_to_type(text: str, place: str, message: str, hint: str | None) -> None:
    error = refused(text)
    assert error.message == message
    assert error.hint == hint if hint else error.hint


@pytest.mark.parametrize(("text", "place", "message", "hint"), TABLE, ids=[row[0] for row in TABLE])
def test_an_error_underlines_what_is_wrong(text: str, place: str, message: str, hint: str | None) -> None:
    start, end = refused(text).spans[0]
    assert text[start:end] == place
    assert not text[:start].endswith((" ", "\n")) or place


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("x +", SyntaxProblem),
        ("x.shape", NotSupported),
        ("global", NotSupported),
        ("sni(x)", UnknownFunction),
        ("sin(x, 2)", WrongArguments),
    ],
)
def test_the_kind_of_an_error_is_its_class(text: str, kind: type[SourceError]) -> None:
    assert type(refused(text)) is kind


@pytest.mark.parametrize("text", ["", " ", "\n\n", ";;", "# only a comment", " ; # two\n\t"])
def test_an_empty_program_is_refused(text: str) -> None:
    assert refused(text).message == "the program is empty"


def test_the_caret_stands_under_the_place_whatever_the_width_of_the_letters_before() -> None:
    assert refused("x̄ + 変数 + ?").render().splitlines()[1:3] == ["  x̄ + 変数 + ?", "             ^"]


def test_the_place_is_counted_in_lines_and_columns_across_comments_and_continued_lines() -> None:
    error = refused("y = 1 # (\n\nz = (y\n + y) \\\n + $")
    assert (error.line, error.column) == (5, 4)


def test_a_long_line_is_shown_as_a_window_around_the_place() -> None:
    lines = refused("x + " * 10_000 + "* 2").render().splitlines()
    assert len(lines[1]) < 80
    assert lines[1].endswith("x + * 2")
    assert lines[2].index("^") == lines[1].index("*")


def test_a_long_word_is_shortened_in_the_message() -> None:
    for text in ("a" * 100_000, "9" * 100_000, "1_" * 100_000, "a." * 100_000 + "b", "a" * 100_000 + "(x)", "f" * 999 + " " + "g" * 999):
        error = refused(text)
        assert len(error.message) + len(error.hint or "") < 300


TOKENS = [
    "x", "w", "sin", "sin(", "max(", "clamp(", "np.", "np.sin(", "np.pi", "x.exp(", "(", ")", ",", "+", "-", "*", "/", "%", "**",
    "^", "²", "⁻¹", "⁻",
    "==", "<", "<=", "!=", "if", "else", "and", "or", "not", "1", "2.5", "1e5", "0", "0x1", "3_0", ".5", ";", " ", "\n",
    "#c\n", "\\\n", "min=", "π",
    "class", "def", "'", '"', "[", "]", "{", "}", "@", "//", "!", "?", ":", ".", "..", "µ", "x̄", "½", "\0",
    "\u200b", "😀", "日本", "＝", "（", "=", "e",
    "gamma", "1/", "2x", "∞", "√", "\r", "∂", "&&", "||", "|", "+=", "backward", "diff(", "log(", "f(", "lambda",
]  # fmt: skip


def answered(text: str) -> None:
    """Parses, or is refused with a place inside the text, one line of message and one of hint."""
    error = error_of(text)
    if error is not None:
        assert 0 <= error.spans[0][0] <= error.spans[0][1] <= len(text)
        assert "\n" not in error.message
        assert error.hint
        assert "\n" not in error.hint
        assert error.render()


def error_of(text: str) -> SourceError | None:
    """The error of a text, None if it is a program."""
    try:
        parse(text)
    except SourceError as error:
        return error
    return None


@settings(max_examples=800, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=14), st.sampled_from(["", " "]))
@example(["x", "=", "="], "")
def test_any_sequence_of_tokens_is_answered(tokens: list[str], between: str) -> None:
    answered(between.join(tokens))


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=12))
@example("\ud800")
@example("x\u2028y")
def test_any_text_is_answered(text: str) -> None:
    answered(text)
