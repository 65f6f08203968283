"""Where a program and a point come from: the command line, a file, standard input. Knows which word means which source."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from gradcli.cli.words import program_and_values, quoted
from gradcli.data import Place, joined
from gradcli.errors import FileProblem, SourceError
from gradcli.files import decoded, limited_read, read_text

STDIN = "<stdin>"


@dataclass(frozen=True, slots=True)
class Given:
    """What a command line gives: the program's text, the file it stands in and the word that said so, and the values of the point.

    `place` is where other values of the command line come from.
    """

    text: str
    file: str | None
    word: str
    point: Mapping[str, Any] | None
    place: Place = field(default_factory=Place)

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
    place = place_for(word)
    return Given(text, file, word, joined([*at, *values], place), place)


def place_for(word: str) -> Place:
    """Where the files of values are; a program that is read from standard input leaves nothing there."""
    if word in ("-", "@-"):
        return Place(no_stdin="standard input is the program")
    return Place(stdin=cache(read_stdin))


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
