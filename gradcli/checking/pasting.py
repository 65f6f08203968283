"""Words of commands that are meant to be pasted into a shell."""

from __future__ import annotations

import shlex

SPECIAL = set('"$`!\\')
"""Characters that mean something to a shell inside double quotes."""


def command(start: str, word: str) -> str:
    """A command with a word, quoted: in double quotes where every shell takes them as they are, else as POSIX shells do."""
    quoted = shlex.quote(word) if SPECIAL.intersection(word) else f'"{word}"'
    return f"{start} {quoted}"
