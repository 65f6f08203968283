"""Where text comes from: the command line, a file, standard input; and points that stand in a file.

Knows which word means which source. Does not know the language.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gradcli.cli.words import is_name, program_and_values, quoted
from gradcli.errors import FileProblem, SourceError
from gradcli.files import decoded, limited_read, read_text

STDIN = "<stdin>"


@dataclass(frozen=True, slots=True)
class Given:
    """What a command line gives: the program's text, the file it stands in and the word that said so, and the point as text."""

    text: str
    file: str | None
    word: str
    point: str | None

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Errors in a text that was read from a file say so, and show the file's name in what to type, not its text."""
        try:
            yield
        except SourceError as error:
            if self.file is not None and error.file is None and error.text and error.text in self.text:
                error.file = self.file
                error.hint = error.hint and error.hint.replace(quoted(error.text, always=True), quoted(self.word))
            raise


def given(command: str, words: Sequence[str], at: Sequence[str]) -> Given:
    """The program and the point that the words and the --at options of a command give."""
    word, values = program_and_values(command, words, at)
    text, file = read_program(word)
    return Given(text, file, word, point_text(at, values))


def read_program(word: str) -> tuple[str, str | None]:
    """The text of a program and the name of the file it stands in, None for a word that is itself the program."""
    if word in ("-", "@-"):
        return decoded(read_stdin(), STDIN), STDIN
    if word.startswith("@") or word.endswith(".grad"):
        name = word.removeprefix("@")
        return read_text(name), name
    return word, None


def read_stdin() -> bytes:
    """Everything on standard input."""
    if sys.stdin is None:
        raise FileProblem("standard input is closed", hint="gradcli grad @FILE reads a program from a file")
    return limited_read(sys.stdin.buffer, STDIN)


def point_text(texts: Sequence[str], values: Sequence[str]) -> str | None:
    """A point as one text of name=value entries, in the order given; a point file's entries stand where its name stood."""
    entries = [read_point(text.strip()[1:]) if text.strip().startswith("@") else text for text in texts]
    return ",".join(entry for entry in [*entries, *values] if entry.strip()) or None


def read_point(name: str) -> str:
    """The entries of a point file, JSON or TOML."""
    if not name.endswith((".json", ".toml")):
        raise FileProblem(f"'{name}' is no point file", hint="a point file is .json or .toml: --at @point.json")
    table = parsed(read_text(name), name)
    if not isinstance(table, dict):
        raise FileProblem(f"'{name}' is no mapping of names to values", hint='{"w": 1, "x": 2}')
    return ",".join(f"{key}={value_text(name, key, value)}" for key, value in table.items())


def parsed(text: str, name: str) -> Any:
    """What a JSON or TOML text says."""
    try:
        if name.endswith(".toml"):
            import tomllib

            return tomllib.loads(text)
        import json

        return json.loads(text, object_pairs_hook=distinct)
    except (ValueError, RecursionError) as problem:
        raise FileProblem(f"'{name}' can't be understood: {problem}", hint='{"w": 1, "x": 2}') from problem


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, refused if it gives a name two values."""
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a name has two values")
    return table


def value_text(name: str, key: str, value: Any) -> str:
    """A value of a point file in the language's own notation; text stands in brackets, so it stays one value."""
    if not is_name(key):
        raise FileProblem(f"'{name}': '{key}' is no name", hint="names are letters, digits and _")
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return repr(value)
    if isinstance(value, str):
        return f"({value})"
    if isinstance(value, list):
        return "[" + ",".join(value_text(name, key, item) for item in value) + "]"
    raise FileProblem(f"'{name}': the value of '{key}' is neither a number nor text", hint=f'"{key}": 1.5')
