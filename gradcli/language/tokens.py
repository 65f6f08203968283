"""The lexer: one regular expression that reads an operand and the operator behind it, and the place of every token.

A program alternates operands and operators, so one match reads a pair of them (either may be empty): half as many steps as one
match per token. Token 2k is the operand of the k-th pair, token 2k+1 its operator. Places are not kept: `offsets` finds them again
when an error or a table asks.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
BLANK = r"[ \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]*"
NAME = rf"[^\W\d{SUPERSCRIPTS}](?:[^\W{SUPERSCRIPTS}]|[\u0300-\u036f])*"
NUMBER = r"(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9]+)?"
STRING = r"'[^'\n]*'|" + r'"[^"\n]*"'
CALL = rf"(?={BLANK}\()(?<!\bif)(?<!\bor)(?<!\band)(?<!\bnot)(?<!\belse)(?<!\bin)(?<!\belif)(?<!\bwhile)(?<!\breturn){BLANK}\("
OPERATOR = (
    rf"[\n=+*/,-](?![=*/])|(?:\*\*|[-+*/])=(?!=)|\*\*|//|[<>=!]=|\\\r?\n|⁻?[{SUPERSCRIPTS}]+|\.\.\.|\.{NAME}(?:{CALL})?"
    rf"|(?:(?<!\()(?<!\( )|(?!{STRING}))[^\w. \t\r\f\v\u00a0\u2000-\u200a\u202f\u205f\u3000]|\.(?![0-9])|(?![0-9])\d"
)
PAIR = re.compile(rf"{BLANK}({NAME}(?:\.{NAME})*(?:{CALL})?|{NUMBER}|{STRING})?{BLANK}(?:#[^\n]*)?({OPERATOR})?")

CHUNK = 1 << 16
"""Characters that are read at once: the tokens of a long program never exist all at the same time."""

SAFE = re.compile(r"[\n,;)]|(?<![eE])[-+](?!=)")
"""Ends of tokens, outside comments: a text may be cut behind any of them."""

Pair = tuple[str, str]
Chunk = tuple[int, int]
"""The first token of a chunk, and its offset."""


def pairs(text: str) -> Iterator[tuple[int, list[Pair]]]:
    """The (operand, operator) pairs of a text, in chunks, each with its offset."""
    start = 0
    while start < len(text):
        end = cut(text, start)
        found: list[Pair] = PAIR.findall(text, start, end)
        found.pop()  # the empty match at the end
        yield start, found
        start = end


def lines(text: str) -> Iterator[tuple[int, list[Pair]]]:
    """The same in chunks of one line each, for programs where lines begin with their depth."""
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        found: list[Pair] = PAIR.findall(text, start, end)
        found.pop()
        yield start, found
        start = end


def cut(text: str, start: int) -> int:
    """The end of the chunk that begins at `start`: at a line's end, or behind a token if the line is long."""
    place = SAFE.search(text, start + CHUNK)
    if place is None:
        return len(text)
    line = text.rfind("\n", start, place.end() - 1) + 1
    inside = any(text.find(mark, line or start, place.start()) >= 0 for mark in "#'\"")  # of a comment or a text
    return text.find("\n", place.start()) + 1 or len(text) if inside else place.end()


def offsets(text: str, tokens: Iterable[int], chunks: Sequence[Chunk] = ((0, 0),)) -> dict[int, tuple[int, int]]:
    """Start and end offset of some tokens (2k: the operand of pair k, 2k+1: its operator); only the chunks that hold them are read."""
    places: dict[int, tuple[int, int]] = {}
    chunks = chunks or ((0, 0),)
    chunk, pair, matches = -1, 0, PAIR.finditer(text)
    for token in sorted(set(tokens)):
        holder = max(0, bisect_right(chunks, (token & ~1, len(text))) - 1)
        if holder > chunk:
            end = chunks[holder + 1][1] if holder + 1 < len(chunks) else len(text)
            chunk, pair, matches = holder, chunks[holder][0] // 2, PAIR.finditer(text, chunks[holder][1], end)
        if token // 2 >= pair:
            match = next(islice(matches, token // 2 - pair, None))
            pair = token // 2 + 1
        start, end = match.span(1 + token % 2)
        places[token] = (start, end) if start >= 0 else (match.end(), match.end())
    return places


def end_of_code(text: str) -> int:
    """The offset behind the last character that is neither blank nor part of a comment."""
    end = len(text)
    while end > 0:
        start = text.rfind("\n", 0, end) + 1
        code = text[start:end].partition("#")[0].rstrip()
        if code:
            return start + len(code)
        end = start - 1
    return 0
