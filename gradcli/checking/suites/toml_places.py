"""Where things stand in a TOML text: the line of every key, and the piece of text that is its value.

tomllib says what a text means, but not where. This reads a text that tomllib has accepted, and leaves the meaning to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]
"""The keys and indices that lead to a value: ("check", 0, "expect", "x")."""

BASIC, LITERAL = r'"(?:[^"\\\n]|\\.)*"', r"'[^'\n]*'"
SPACE = re.compile(r"[ \t]*")
BETWEEN = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
"""What may stand between the values of an array, and between lines: space, ends of lines, remarks."""

KEY = re.compile(rf"{BASIC}|{LITERAL}|[A-Za-z0-9_-]+")
STRING = re.compile(
    r'"""(?:[^"\\]|\\.|"{1,2}(?!"))*"{3,5}|' + rf"'''(?:[^']|'{{1,2}}(?!'))*'{{3,5}}|{BASIC}|{LITERAL}",
    re.DOTALL,
)
BARE = re.compile(r"[^,\]}\s#]+(?: \d[^,\]}\s#]*)?")
"""A number, a truth value or a date, which may have a space before its time."""

ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Place:
    """A key with its value: where the key begins, the piece of text that is the value, and the line of the key from 1.

    A header of a table has itself as its value.
    """

    key: int
    start: int
    end: int
    line: int


def places(text: str) -> Mapping[Path, Place]:
    """The place of every key, of every table with a header, and of every element of an array, by its path."""
    return Reader(text).found


class Reader:
    """A text and the places that were found in it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: dict[Path, Place] = {}
        self.ends = [match.start() for match in re.finditer("\n", text)]
        self.counts: dict[Path, int] = {}
        self.read()

    def read(self) -> None:
        """All lines: headers, and keys of the table whose header stands above them."""
        table: Path = ()
        at = self.between(0)
        while at < len(self.text):
            if self.text[at] == "[":
                table, at = self.header(at)
            else:
                at = self.pair(at, table)
            at = self.between(at)

    def header(self, at: int) -> tuple[Path, int]:
        """The path of a table whose header stands here, and the end of the header."""
        brackets = 2 if self.text.startswith("[[", at) else 1
        keys, end = self.keys(self.space(at + brackets))
        end = self.space(end) + brackets
        above = self.resolved(keys[:-1])
        path = (*above, keys[-1])
        if brackets == 2:
            self.counts[path] = self.counts.get(path, 0) + 1
            self.note(path, at, at, end)
            path = (*path, self.counts[path] - 1)
        elif path in self.counts:
            path = (*path, self.counts[path] - 1)
        self.note(path, at, at, end)
        return path, end

    def resolved(self, keys: list[str]) -> Path:
        """The path of some keys; of an array of tables the last one is meant."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.counts:
                path = (*path, self.counts[path] - 1)
        return path

    def pair(self, at: int, table: Path) -> int:
        """A key with its value; its end."""
        keys, end = self.keys(at)
        start = self.space(self.space(end) + 1)
        path = (*table, *keys)
        end = self.value(start, path)
        for length in range(len(table) + 1, len(path) + 1):
            self.note(path[:length], at, start, end)
        return end

    def keys(self, at: int) -> tuple[list[str], int]:
        """The parts of a dotted key, and its end."""
        parts: list[str] = []
        while True:
            match = KEY.match(self.text, at)
            assert match is not None, "tomllib has accepted this text"
            parts.append(unquoted(match[0]))
            at = self.space(match.end())
            if not self.text.startswith(".", at):
                return parts, match.end()
            at = self.space(at + 1)

    def value(self, at: int, path: Path) -> int:
        """The end of a value; what is inside is noted under its path."""
        if self.text[at] in "\"'":
            return self.end_of(STRING, at)
        if self.text[at] == "[":
            return self.array(at, path)
        return self.inline_table(at, path) if self.text[at] == "{" else self.end_of(BARE, at)

    def array(self, at: int, path: Path) -> int:
        """The end of an array."""
        at, i = self.between(at + 1), 0
        while self.text[at] != "]":
            end = self.value(at, (*path, i))
            self.note((*path, i), at, at, end)
            at = self.past_comma(self.between(end))
            i += 1
        return at + 1

    def inline_table(self, at: int, path: Path) -> int:
        """The end of an inline table."""
        at = self.between(at + 1)
        while self.text[at] != "}":
            at = self.past_comma(self.between(self.pair(at, path)))
        return at + 1

    def past_comma(self, at: int) -> int:
        """The place of the next element."""
        return self.between(at + 1) if self.text[at] == "," else at

    def note(self, path: Path, key: int, start: int, end: int) -> None:
        """Keep a place, unless there is one: an array of tables is where its first table is."""
        if path not in self.found:
            self.found[path] = Place(key, start, end, bisect_right(self.ends, key - 1) + 1)

    def space(self, at: int) -> int:
        """The place after space on this line."""
        return self.end_of(SPACE, at)

    def between(self, at: int) -> int:
        """The place after space, ends of lines and remarks."""
        return self.end_of(BETWEEN, at)

    def end_of(self, pattern: re.Pattern[str], at: int) -> int:
        """The end of a pattern that is known to be here."""
        match = pattern.match(self.text, at)
        assert match is not None, "tomllib has accepted this text"
        return match.end()


def unquoted(key: str) -> str:
    """What a key says."""
    if key[0] == "'":
        return key[1:-1]
    return ESCAPE.sub(unescaped, key[1:-1]) if key[0] == '"' else key


def unescaped(match: re.Match[str]) -> str:
    """The character that an escape means."""
    word = match[1]
    return chr(int(word[1:], 16)) if word[0] in "uU" and len(word) > 1 else ESCAPES.get(word, word)
