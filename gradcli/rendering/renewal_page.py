"""The answer of `check --write`: the changes of suites as a unified diff, which patch reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff

from gradcli.rendering.styles import painted

LINE = re.compile(r"[^\n]*\n|[^\n]+")
UNENDED = "\\ No newline at end of file"
STYLE = {"+": "agree", "-": "disagree", "@": "dim"}


def diff(file: str, before: str, after: str, color: bool) -> str:
    """The change of one file."""
    return "".join(f"{painted(row, STYLE.get(row[:1], ''), color)}\n" for row in rows(file, before, after))


def rows(file: str, before: str, after: str) -> Iterator[str]:
    """The lines of a diff without their ends."""
    for row in unified_diff(LINE.findall(before), LINE.findall(after), file, file):
        yield row.removesuffix("\n")
        if not row.endswith("\n"):
            yield UNENDED
