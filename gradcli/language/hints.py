"""What people try first, and what to say then: messages and cures of the parser, without any parsing."""

from __future__ import annotations

import re

from gradcli.errors import NotSupported, Span, SyntaxProblem, nearest
from gradcli.language.grammar import CONSTANTS
from gradcli.operations import Op, find
from gradcli.operations.table import FUNCTIONS

Said = tuple[str, str | None]
"""A message, and what to type instead."""

SHOWN = 40
"""Characters of a user's text that a message repeats."""

RENAMED = {
    "arcosh": "acosh", "arsinh": "asinh", "artanh": "atanh", "sgn": "sign", "lg": "log10", "logistic": "sigmoid", "norm_cdf": "normcdf",
    "phi": "normcdf", "cot": "1/tan(x)", "sec": "1/cos(x)", "csc": "1/sin(x)", "factorial": "gamma(x + 1)", "erfcinv": "erfinv(1 - x)",
    "float": "the number itself", "int": "trunc", "print": "the expression itself: its value is printed",
}  # fmt: skip
"""Functions that people know under other names."""

INVERSES = {"sin": "asin", "cos": "acos", "tan": "atan", "sinh": "asinh", "cosh": "acosh", "tanh": "atanh", "exp": "log", "erf": "erfinv"}
MODULES = frozenset(["jax", "scipy", "special", "sympy", "sp", "tf", "nn", "cmath", "mpmath", "np", "numpy", "math", "torch", "F", "jnp"])
DERIVATIVES = frozenset(["diff", "derivative", "D", "Derivative", "Diff", "differentiate"])
BACKWARD = frozenset(["backward", "grad", "gradient", "grad_fn", "requires_grad", "requires_grad_", "retain_grad", "jacobian", "hessian"])
MISSING = "an operand is missing behind the last operator"
NO_CALL = 'gradients need no call: gradcli grad "PROGRAM" --at … shows every one'

CURES = {
    "in": "'in' stands in the first line of a loop: for i in range(n):; a place in an array is x[i]",
    "is": "compare with ==",
    "try": "a choice is written if x > 0: …",
    "raise": "a choice is written if x > 0: …",
    "assert": "compare with --expect, or write the condition as a choice: a if c else b",
    "global": "a function returns what it computes: return a, b",
    "nonlocal": "a function returns what it computes: return a, b",
    "yield": "a function returns its values once: return a, b",
    "del": "names need no del",
}
"""Words of Python that the language does not have, and what to write instead."""

FINAL = {
    ":": "':' ends the first line of a block, such as if x > 0:, and stands in slices, such as x[1:3]",
    "?": "a choice is written a if c else b",
    "!": "'not' negates a comparison; the factorial is gamma(x + 1)",
    "&": "write 'and'",
    "~": "write 'not'",
    "{": "group with ( and )",
    "}": "group with ( and )",
    "$": "names consist of letters, digits and '_'",
    "\\": "write names without backslash; in a shell quote the program",
    "//": "write floor(a/b)",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "√": "write sqrt(x)",
    "∛": "write cbrt(x)",
    "∞": "write inf",
    "–": "write - for minus",
    "—": "write - for minus",
    "∗": "write *",
    "•": "write *",
    "∙": "write *",
    "⁄": "write /",
    "∕": "write /",
    "∂": 'write the function itself: gradcli grad "x**2" --at x=3 differentiates it',
    "′": 'write the function itself: gradcli grad "x**2" --at x=3 differentiates it',
    "->": "write name = expression",
}
"""Characters and operators that mean nothing in programs, and what to write instead."""

BEFORE = {
    "+=": "write {0} = {0} + …",
    "-=": "write {0} = {0} - …",
    "*=": "write {0} = {0} * …",
    "/=": "write {0} = {0} / …",
    "**=": "write {0} = {0} ** …",
    "^=": "write {0} = {0} ** …",
    "%=": "write {0} = {0} % …",
    "=<": "write <=",
    "=>": "write >=",
    "<>": "write !=",
    "===": "write ==",
    "&&": "write and",
    "||": "write or",
}
"""Pairs of operators that other languages have."""


def short(text: str, limit: int = SHOWN) -> str:
    """A user's text as a message shows it: on one line, its middle left out if it is long."""
    if len(text) > 4 * limit:
        text = f"{text[: limit // 2]}…{text[-limit // 2 :]}"
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit // 2]}…{text[-(limit // 2) + 1 :]}"


def attribute(name: str) -> str:
    """The cure for `x.name`."""
    base, _, last = name.rpartition(".")
    if last in BACKWARD:
        return NO_CALL
    if last in ("append", "item"):
        return no_method(last)
    if last in ("pi", "inf", "nan"):
        return f"write {last}"
    if find(last) is not None:
        owner = base.rpartition(".")[2]
        return f"write {last}({'x' if not owner or owner in MODULES or base.partition('.')[0] in MODULES else short(owner)})"
    return f"write a name without a dot, such as {short(name.replace('.', '_'))}"


def reserved(word: str, later: bool) -> Said:
    """A word of Python that is no name here."""
    if word in ("True", "False"):
        return f"'{word}' is a setting, and no number", f"write {int(word == 'True')}, or a comparison such as x > 0"
    if word == "None":
        return "'None' is a setting, and no number", "write 0, or leave it out"
    if later:
        return f"'{word}' can't stand here", CURES.get(word, f"a line begins with {word}; a choice between values is a if c else b")
    if word in ("import", "from"):
        return f"'{word}' is not part of the language", "functions need no import; gradcli ops lists them"
    if word in CURES:
        return f"'{word}' is not part of the language", CURES[word]
    return f"'{word}' is a reserved word", f"choose another name, such as {word.lower()}_"


def two_operands(left: str, right: str, before: str) -> Said:
    """Two operands without an operator between them; `before` is the text just before the second."""
    left, bare = short(left), short(right.rstrip("( "))
    if re.search(r"\bd\w*/d\w+\s*$", before):
        return (
            "derivatives are not written in programs",
            f'write the function itself: gradcli grad "{bare}**2" --at {bare}=3 differentiates it',
        )
    if left == "lambda":
        return "there are no lambdas", "write the expression itself, such as x**2 + 1"
    if find(left) is not None:
        return f"'{left}' is a function and needs brackets", f"write {left}({bare}{'(…)' if right.endswith('(') else ''})"
    if right[0] in ".0123456789" and left[0] in ".0123456789":
        return f"two numbers stand side by side: {left} {bare}", f"write {left}*{bare} or {left}{bare}"
    return f"an operator is missing between '{left}' and '{bare or '('}'", f"write {left}*{bare}{'(…)' if right.endswith('(') else ''}"


def ambiguous(left: str, symbol: str, factor: str, operand: str) -> Said:
    """`1/2x` and `x^2y`, which mean two things; `sin^2(x)`, which means neither."""
    if not symbol:
        return "this product can mean two things", "write * and brackets"
    left, factor, right = short(left), short(factor), short(operand.rstrip("( ")) + ("(…)" if operand.endswith("(") else "")
    if find(left) is not None and symbol in ("^", "**"):
        return power_of_function(left, f"{left}{symbol}{factor}")
    both = f"{left}{symbol}({factor}*{right}) or ({left}{symbol}{factor})*{right}"
    return f"'{left}{symbol}{factor}{right}' can mean two things", f"write {both}"


def power_of_function(name: str, power: str) -> Said:
    """`sin²(x)` and `sin⁻¹(x)`."""
    exponent = power.removeprefix(name)
    if exponent in ("⁻¹", "^-1", "**-1") and name in INVERSES:
        return f"'{name}' is a function and needs brackets", f"write {INVERSES[name]}(x) for the inverse function, or 1/{name}(x)"
    return f"'{name}' is a function and needs brackets", f"write {name}(x){exponent}"


def no_operand_before(word: str, assigned: bool, at_start: bool) -> Said:
    """A keyword where an operand is due, or as a name."""
    if assigned:
        return f"'{word}' is a reserved word", f"choose another name, such as {word}_"
    return f"an operand is missing before '{word}'", "write a if c else b" if word in ("if", "else") else f"write a {word} b"


def call_of_name(name: str, text: str, place: Span) -> str:
    """The cure for `x(1+x)` and for `f(x) = …`."""
    inside, behind = _bracket(text, text.find("(", place[0]))
    if re.match(r"\s*=[^=]", behind[:40]):
        body = re.split(r"[\n;#]", behind[:200].strip()[1:].strip())[0]
        return f"write the expression itself: {short(body)}; or def {short(name)}({short(inside)}): return {short(body)}"
    return f"write {short(name)}*({short(inside)})"


def _bracket(text: str, start: int) -> tuple[str, str]:
    """What stands in the bracket that opens at `start`, and what behind it, as far as a message looks."""
    depth = 0
    for offset in range(start, min(len(text), start + 10_000)):
        depth += {"(": 1, ")": -1}.get(text[offset], 0)
        if not depth:
            return text[start + 1 : offset], text[offset + 1 : offset + 1000]
    return "…", ""


def unknown_function(name: str, near: str | None, text: str, place: Span) -> str:
    """The cure for a function that is no row of the table."""
    if name in DERIVATIVES:
        inside = _bracket(text, text.find("(", place[0]))[0].partition(",")[0]
        return f'write the function itself: gradcli grad "{short(inside) or "x**2"}" --at x=3 differentiates it'
    if name in BACKWARD:
        return NO_CALL
    if name in RENAMED:
        return f"write {RENAMED[name]}"
    if name in CONSTANTS:
        return f"a product is written {name}*(…)"
    offer = f"did you mean '{near}'? " if near else ""
    return f"{offer}gradcli ops lists all functions"


def unknown_keyword(name: str, keyword: str, params: tuple[str, ...]) -> Said:
    """A keyword argument that a function does not have."""
    if keyword in ("dim", "dims") and "axis" in params:
        return f"{name} has no argument '{keyword}'", f"NumPy's word is axis: {name}(…, axis=0)"
    near = nearest(keyword, params) if len(keyword) < SHOWN else None
    offer = f"did you mean '{near}'? " if near else ""
    return f"{name} has no argument '{short(keyword)}'", f"{offer}write {name}({', '.join(params)})"


def wrong_arguments(op: Op, name: str, count: int) -> Said:
    """A call with arguments that do not fit."""
    least, most = op.arity
    by_place = [param for param in op.params if param not in op.keywords]
    if op.keywords and len(by_place) < count <= most:
        by_name = [f"{param}=…" for param in op.params if param in op.keywords]
        return f"{name} takes {by_name[0][:-2]} by name", f"write {name}({', '.join([*by_place, *by_name[: count - len(by_place)]])})"
    takes = str(least) if least == most else f"{least} to {most}"
    message = f"{name} takes {takes} argument{'s' * (most != 1)}, not {count}"
    if op.name == "log" and count == 2:
        return message, "the logarithm of x to base b is log(x)/log(b)"
    if op.name == "round" and count == 2:
        return message, "round to d digits with round(x*10**d)/10**d"
    return message, f"write {name}({', '.join(op.params)})"


def comma(text: str, place: Span) -> Said:
    """A comma outside a call."""
    before, behind = (
        re.search(r"(\d+)\s*$", text[max(0, place[0] - SHOWN) : place[0]]),
        re.match(r"\s*(\d+)", text[place[1] : place[1] + SHOWN]),
    )
    if before and behind:
        return "a decimal number has a point, not a comma", f"write {before[1]}.{behind[1]}"
    return "a comma separates the arguments of a function", "separate statements with ';' and name several outputs with --of"


def equals(operand: str, inside: bool, target: str | None, text: str) -> Said:
    """An equals sign that assigns nothing."""
    if target is not None and not inside and operand:
        return "a statement assigns one name", f"write {short(operand)} = …; {short(target)} = {short(operand)}; or compare with =="
    if inside or target is not None:
        return "'=' assigns, and can't stand inside an expression", "compare with =="
    if not operand and re.match(r"\s*[^\W\d]\w{0,40}\s*\([^()]*\)\s*=", text[:200]):
        return "functions are not defined with '='", "write the expression itself, such as x**2 + 1"
    if operand and operand[0] in ".0123456789":
        return f"'{short(operand)}' is a number and can't be assigned", "a name stands left of '='"
    return "only a name can be assigned", "write name = expression; an equation f = g has the residual f - g"


def too_early(before: str) -> Said:
    """A text that ends where an operand is due."""
    before = before[-200:].rstrip()
    line = re.sub(r"#[^\n]*", "", before).rstrip()
    message = "the expression ends too early"
    if match := re.search(r"(\w+)\s*(\+\+|--)$", line):
        return message, f"write {short(match[1])} {match[2][0]} 1"
    if match := re.search(r"([\d.]+)\s*%$", line):
        return message, f"a percentage is written {match[1]}/100"
    if re.search(r"(^|[^=<>!])=$", line):
        return message, "write a value behind '='"
    return message, MISSING


def misplaced(operator: str, text: str, offset: int) -> tuple[str, str | None, type[SyntaxProblem] | type[NotSupported]]:
    """An operator that can't stand here."""
    if operator == "@":
        return "an operand is missing before '@'", "write a @ b, or @gradient(f) in a line of its own above def", SyntaxProblem
    if operator == "]":
        return "an operand is missing before ']'", "remove it, or write an operand", SyntaxProblem
    message, hint = _misplaced(operator, text[max(0, offset - 200) : offset], text[offset : offset + 200])
    return message, hint, SyntaxProblem


def quote(mark: str) -> Said:
    """A text where no setting is."""
    return f"a quote ({mark}) inside the program", "only settings are texts; quote the whole program once, for the shell"


def _misplaced(operator: str, before: str, behind: str) -> Said:
    """The same for what no version will have; `before` and `behind` are the text on both sides."""
    if operator in ("\n", ";"):
        message, hint = too_early(before)
        goes_on = operator == "\n" and behind.strip() and hint == MISSING
        return message, "an expression in brackets may go on in the next line" if goes_on else hint
    if operator in "\"'`“”‘’«»":
        return quote(operator)
    pair = next(
        (pair for pair in BEFORE for cut in range(1, len(pair)) if before.rstrip().endswith(pair[:cut]) and behind.startswith(pair[cut:])),
        "",
    )
    pair = pair or next((pair for pair in BEFORE if behind.startswith(pair)), "")
    if pair and operator in "=<>&|":
        left = before.rstrip().rstrip("+-*/%^=<>&|").rstrip()
        name = re.search(r"[^\W\d]\w*$", left)
        return f"'{pair}' is no operator", BEFORE[pair].format(short(name[0]) if name else "x")
    if operator == "|":
        found = re.match(r"\|([^|\n]+)\|", behind)
        return "'|' is no operator", f"the absolute value is abs({short(found[1].strip()) if found else 'x'})"
    if operator == "=":
        return "an operand is missing before '='", "write name = expression"
    if operator == ":" and behind.startswith(":="):
        return "':=' is no operator", "write name = expression"
    if operator == ".":
        return "an attribute of an expression, and programs have none", method(behind)
    if operator in FINAL:
        return f"'{operator}' has no meaning here", FINAL[operator]
    if operator[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
        return "an exponent without a base", f"write a name before {short(operator)}"
    if operator in (")", ","):
        return f"an operand is missing before '{operator}'", "remove it, or write an operand" if operator == ")" else "write an argument"
    if operator in KNOWN:
        return f"an operand is missing before '{operator}'", f"write a {operator} b"
    if operator.isprintable() and not operator.isspace():
        return f"'{operator}' has no meaning here", "remove it"
    return f"the character U+{ord(operator[0]):04X} has no meaning here", "remove it"


KNOWN = frozenset(("+", "-", "−", "*", "/", "%", "^", "**", "<", ">", "<=", ">=", "!=", "==", "·", "×", "÷", "⋅"))


def no_method(name: str) -> str:
    """The cure for an attribute that no array has here."""
    if name == "append":
        return "build the list at once, [a, b, c], or concatenate(x, [a])"
    if name == "item":
        return "an element is x[0], and a single number is one already"
    near = nearest(name, (*ATTRIBUTES, *FUNCTIONS)) if len(name) < SHOWN else None
    return (
        f"did you mean '.{near}'?" if near else f"an array has {', '.join('.' + word for word in ATTRIBUTES)} and methods such as x.sum()"
    )


ATTRIBUTES = ("T", "shape[0]", "size", "ndim")


def method(behind: str) -> str:
    """The cure for `(x + 1).exp()`."""
    match = re.match(r"\.\s*([^\W\d]\w*)", behind)
    if match and match[1] in BACKWARD:
        return NO_CALL
    return f"write {match[1]}(…)" if match and find(match[1]) else "write a function of the table: gradcli ops lists them"
