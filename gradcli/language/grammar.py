"""The grammar as data: binding powers, operators, words, constants. It parses nothing."""

from __future__ import annotations

from typing import Any

from gradcli.operations import OPS

Pending = tuple[Any, ...]
"""An operation that still misses an operand: (binding power, operation, number of operands, …)."""

# Binding powers: a pending operation is emitted when an operator of at most its power comes. Zero waits for its own end.
OPEN, END, ELSE, TERNARY, OR, AND, NOT, COMPARE, ADD, MULTIPLY, IMPLICIT, UNARY, POWER, POSTFIX = range(14)

BOTTOM: Pending = (OPEN, None)
IF = "if"
"""Stands for the operation of a pending `a if c`, which waits for its else: (OPEN, IF, begin, store, token, first token of a)."""

PLUS = "plus"
"""Stands for the operation of a unary plus, which computes nothing."""

INFIX = {op.symbol: op for op in OPS.values() if op.symbol and len(op.params) == 2}
PREFIXED_BY = {op.symbol: op for op in OPS.values() if op.symbol and len(op.params) == 1}
"""The rows of operators by their symbols."""

NEGATE: Pending = (UNARY, PREFIXED_BY["-"], 1)
POSITIVE: Pending = (UNARY, PLUS, 1)
NOT_ENTRY: Pending = (NOT, PREFIXED_BY["not"], 1)
CHAIN: Pending = (COMPARE, INFIX["and"], 2)
IMPLICIT_TIMES: Pending = (IMPLICIT, INFIX["*"], 2)
RAISE: Pending = (POWER, INFIX["**"], 2)

SPELLINGS = {"·": "*", "×": "*", "⋅": "*", "−": "-", "÷": "/"}
BINDING = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "%": MULTIPLY, "@": MULTIPLY}
BINARY: dict[str, Pending] = {symbol: (power, INFIX[symbol], 2) for symbol, power in BINDING.items() if symbol in INFIX}
BINARY |= {spelling: BINARY[meaning] for spelling, meaning in SPELLINGS.items()}
PREFIX = {"-": NEGATE, "−": NEGATE, "+": POSITIVE}
POWERS = ("**", "^")
WORDS: dict[str, Pending] = {"and": (AND, INFIX["and"], 2), "or": (OR, INFIX["or"], 2)}
COMPARISONS: dict[str, Pending] = {symbol: (COMPARE, op, 2) for symbol, op in INFIX.items() if op.boolean and symbol not in WORDS}
OUTSIDE: dict[str, Pending] = BINARY | {"\n": (END, None), ";": (END, None)}
"""What the loop itself handles outside brackets; inside them a line's end means nothing."""

CONTINUATIONS = ("\\\n", "\\\r\n")
KEYWORDS = frozenset(["if", "else", "and", "or", "not"])
HEADERS = frozenset(["if", "elif", "else", "while", "for", "def", "with"])
"""What begins a block."""

STEPS = frozenset(["return", "break", "continue", "pass"])
"""What begins a statement and no block."""

SETTINGS = {"True": True, "False": False, "None": None}
AUGMENTED = {"+=": "+", "-=": "-", "*=": "*", "/=": "/", "**=": "**"}
RESERVED = HEADERS | STEPS | {
    "in", "is", "class", "import", "from", "assert", "try", "except", "finally", "del", "raise", "yield", "global", "nonlocal", "async",
    "await", *SETTINGS,
}  # fmt: skip

CONSTANTS = {"pi": "3.141592653589793", "π": "3.141592653589793", "inf": "inf", "nan": "nan"}
PREFIXED = {"pi": "3.141592653589793", "inf": "inf", "nan": "nan", "e": "2.718281828459045", "tau": "6.283185307179586"}
"""Constants behind a prefix: `np.pi`, `math.e`; alone, e and tau are names like any other."""

LISTS = frozenset(["array", "asarray", "tensor", "as_tensor"])
"""Functions that mean the list that they are given."""

PREFIXES = ("np.", "numpy.", "math.", "torch.", "F.", "jnp.", "np.linalg.", "np.random.", "torch.linalg.", "torch.nn.functional.")
"""What may stand before a function of the table, or before a constant, and means nothing."""
