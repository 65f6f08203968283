"""The lexer: one regular expression that reads an operand and the operator behind it, and the place of every token.

A program alternates operands and operators, so one match reads a pair of them (either may be empty): half as many steps as one
match per token. Token 2k is the operand of the k-th pair, token 2k+1 its operator. Places are not kept: `offsets` finds them again
when an error or a table asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
BLANK = r"[ \t\r\f\v\u00a0]*"
NAME = rf"[^\W\d{SUPERSCRIPTS}](?:[^\W{SUPERSCRIPTS}]|[\u0300-\u036f])*"
NUMBER = r"(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?"
OPERATOR = rf"\*\*|//|[<>=!]=|\\\n|⁻?[{SUPERSCRIPTS}]+|[^\w. \t\r\f\v\u00a0]|\.(?![0-9])|(?![0-9])\d"
PAIR = re.compile(rf"{BLANK}({NAME}(?:\.{NAME})*(?:{BLANK}\()?|{NUMBER})?{BLANK}(?:#[^\n]*)?({OPERATOR})?")

CHUNK = 1 << 16
"""Characters that are read at once: the tokens of a long program never exist all at the same time."""

Pair = tuple[str, str]


def pairs(text: str) -> Iterator[list[Pair]]:
    """The (operand, operator) pairs of a text, in lists; a list ends with a line's end or the text's."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + CHUNK) + 1 or len(text)
        found: list[Pair] = PAIR.findall(text, start, end)
        found.pop()  # the empty match at the end
        yield found
        start = end


def offsets(text: str, tokens: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Start and end offset of some tokens (2k: the operand of pair k, 2k+1: its operator), in one pass over the text."""
    wanted = sorted(set(tokens))
    matches = PAIR.finditer(text)
    places: dict[int, tuple[int, int]] = {}
    pair = 0
    for token in wanted:
        if token // 2 >= pair:
            match = next(islice(matches, token // 2 - pair, None))
            pair = token // 2 + 1
        start, end = match.span(1 + token % 2)
        places[token] = (start, end) if start >= 0 else (match.end(), match.end())
    return places
