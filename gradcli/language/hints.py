"""What people try first, and what to say then: messages and cures of the parser, without any parsing."""

from __future__ import annotations

import re

from gradcli.errors import NotSupported, Span, SyntaxProblem
from gradcli.operations import Op, find

Said = tuple[str, str | None]

RENAMED = {
    "ln": "log", "arcosh": "acosh", "arsinh": "asinh", "artanh": "atanh", "sgn": "sign", "power": "pow", "lg": "log10", "logistic": "sigmoid",
    "norm_cdf": "normcdf", "phi": "normcdf", "cot": "1/tan(x)", "sec": "1/cos(x)", "csc": "1/sin(x)", "backward": None, "grad": None,
}  # fmt: skip
"""Functions that people know under other names."""

ARRAYS = frozenset("sum mean prod dot matmul norm softmax logsumexp var std array zeros ones linspace arange transpose reshape".split())


def attribute(name: str) -> str:
    """The cure for `x.name`."""
    base, _, last = name.rpartition(".")
    if last in ("backward", "grad", "grad_fn", "requires_grad"):
        return 'gradients need no call: gradcli grad "PROGRAM" --at … shows every one'
    if find(last) is not None:
        return f"write {last}({base.rpartition('.')[2] or 'x'})"
    if last in ("pi", "inf", "nan"):
        return f"write {last}"
    return f"write a name without a dot, such as {name.replace('.', '_')}"


def two_operands(left: str, right: str) -> Said:
    """Two operands without an operator between them."""
    bare = right.rstrip("( ")
    if left and find(left) is not None:
        return f"'{left}' is a function and needs brackets", f"write {left}({bare}{'(…)' if right.endswith('(') else ''})"
    if right[0] in ".0123456789" and left and left[0] in ".0123456789":
        return f"two numbers stand side by side: {left} {right}", f"write {left}*{right} or {left}{right}"
    return f"an operator is missing between '{left}' and '{bare}'", f"write {left}*{right}{'…)' if right.endswith('(') else ''}"


def ambiguous(left: str, symbol: str, factor: str, operand: str) -> Said:
    """`1/2x` and `x^2y`, which mean two things; `sin^2(x)`, which means neither."""
    right = operand.rstrip("( ") + ("(…)" if operand.endswith("(") else "")
    if find(left) is not None:
        return f"'{left}' is a function and needs brackets", f"write {left}(x){symbol}{factor}"
    both = f"{left}{symbol}({factor}*{right}) or ({left}{symbol}{factor})*{right}"
    return f"'{left}{symbol}{factor}{right}' can mean two things", f"write {both}"


def no_operand_before(word: str, at_start: bool) -> Said:
    """A keyword where an operand is due."""
    if word in ("if", "else") and at_start:
        return f"'{word}' statements are not part of the language yet", "a choice between two values is written a if c else b"
    return f"an operand is missing before '{word}'", None


def call_of_name(name: str, text: str, place: Span) -> str:
    """The cure for `x(1+x)` and for `f(x) = …`."""
    inside, behind = _bracket(text, text.find("(", place[0]))
    if re.match(r"\s*=[^=]", behind):
        body = behind.strip()[1:].strip().split("\n")[0]
        return f"write the expression itself: {body}"
    return f"write {name}*({inside})"


def _bracket(text: str, start: int) -> tuple[str, str]:
    """What stands in the bracket that opens at `start`, and what behind it."""
    depth = 0
    for offset in range(start, min(len(text), start + 10_000)):
        depth += {"(": 1, ")": -1}.get(text[offset], 0)
        if not depth:
            return text[start + 1 : offset], text[offset + 1 :]
    return "…", ""


def unknown_function(name: str, near: str | None) -> str:
    """The cure for a function that is no row of the table."""
    if name in ("diff", "derivative", "D", "Derivative"):
        return 'write the function itself: gradcli grad "x**2" --at x=3 differentiates it'
    if name in ("backward", "grad", "gradient"):
        return 'gradients need no call: gradcli grad "PROGRAM" --at … shows every one'
    if name in ARRAYS:
        return "programs compute with single numbers: write the terms out"
    if RENAMED.get(name):
        return f"write {RENAMED[name]}"
    offer = f"did you mean '{near}'? " if near else ""
    return f"{offer}gradcli ops lists all functions; a product is written {name}*(…)"


def wrong_arguments(op: Op, count: int) -> Said:
    """A call with arguments that do not fit."""
    least, most = op.arity
    takes = str(least) if least == most else f"{least} to {most}"
    usage = f"{op.name}({', '.join(op.params)})"
    if op.name == "log" and count == 2:
        return "log takes 1 argument, not 2", "the logarithm of x to base b is log(x)/log(b)"
    if op.name == "round" and count == 2:
        return "round takes 1 argument, not 2", "round to d digits with round(x*10**d)/10**d"
    return f"{op.name} takes {takes} argument{'s' * (most != 1)}, not {count}", f"write {usage}"


def comma(text: str, place: Span) -> Said:
    """A comma outside a call."""
    before, behind = re.search(r"(\d+)\s*$", text[: place[0]][-40:]), re.match(r"\s*(\d+)", text[place[1] :][:40])
    if before and behind:
        return "a decimal number has a point, not a comma", f"write {before[1]}.{behind[1]}"
    return "a comma separates the arguments of a function", "separate statements with ';' and name several outputs with --of"


def equals(operand: str, inside: bool, target: str | None, text: str) -> Said:
    """An equals sign that assigns nothing."""
    if inside or target is not None:
        return "'=' assigns, and can't stand inside an expression", "compare with =="
    if not operand and re.match(r"\s*[^\W\d]\w*\s*\(", text):
        return "functions are not defined with '='", "write the expression itself, such as x**2 + 1"
    if operand and operand[0] in ".0123456789":
        return f"'{operand}' is a number and can't be assigned", "a name stands left of '='"
    return "only a name can be assigned", "write name = expression; an equation f = g has the residual f - g"


def misplaced(operator: str, text: str, offset: int) -> tuple[str, str | None, type[SyntaxProblem] | type[NotSupported]]:
    """An operator that can't stand here."""
    if operator in "\"'`“”’":
        return f"a quote ({operator}) inside the program", "programs have no strings; quote the whole program once, for the shell", SyntaxProblem
    if operator == "|":
        found = re.search(r"\|([^|\n]+)\|", text)
        return "'|' is no operator", f"the absolute value is abs({found[1].strip() if found else 'x'})", SyntaxProblem
    if operator in "[]":
        return "lists and indexing are not part of the language yet: programs compute with single numbers", None, NotSupported
    if operator == "@":
        return "'@' multiplies matrices, and programs compute with single numbers", "write * for a product", NotSupported
    if operator == "//":
        return "'//' is no operator", "write floor(a/b)", SyntaxProblem
    if operator in "{}:?!&~$\\":
        return f"'{operator}' has no meaning here", CURES.get(operator), SyntaxProblem
    if operator[-1] in "⁰¹²³⁴⁵⁶⁷⁸⁹":
        return "an exponent without a base", f"write a name before {operator}", SyntaxProblem
    if operator in ("\n", ";"):
        return "the expression ends too early", "an operand is missing behind the last operator", SyntaxProblem
    if operator in (")", ","):
        return f"an operand is missing before '{operator}'", None, SyntaxProblem
    if operator.isprintable() and not operator.isspace():
        known = operator in "+-*/%^**<>=!=<=>===·×÷"
        return (f"an operand is missing before '{operator}'" if known else f"'{operator}' has no meaning here"), None, SyntaxProblem
    return f"the character U+{ord(operator[0]):04X} has no meaning here", "remove it", SyntaxProblem


CURES = {
    ":": "there are no blocks, lambdas or slices; a choice is written a if c else b",
    "?": "a choice is written a if c else b",
    "!": "'not' negates a comparison; the factorial is gamma(x + 1)",
    "&": "write 'and'",
    "~": "write 'not'",
    "{": "group with ( and )",
    "}": "group with ( and )",
    "$": "names consist of letters, digits and '_'",
    "\\": "write names without backslash; in a shell quote the program",
}
