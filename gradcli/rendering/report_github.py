"""The workflow commands that GitHub's runner reads from a step's output: an annotation at the place of every check that went wrong.

GitHub shows ten annotations of a step and drops the others without a word, so that there are nine and one that counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from gradcli.rendering.page import clean, shortened
from gradcli.rendering.report_outline import counted, failed, headline, why

if TYPE_CHECKING:
    from gradcli.results import Check, Report

MOST = 9
"""Annotations of single checks."""

MESSAGE = 2000
"""Characters of a message."""

IN_MESSAGE = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
IN_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def workflow_commands(report: Report) -> str:
    """The commands, a line each; none if every check is as expected."""
    return "".join(f"{line}\n" for line in lines(report))


def lines(report: Report) -> Iterator[str]:
    """An annotation for each of the worst checks, and one for all."""
    wrong = failed(report)
    for check in wrong[:MOST]:
        where = {"file": check.file or "", "line": str(check.line or "")}
        yield command(level(check), {**where, "title": headline(check)}, message(check))
    if wrong:
        more = " GitHub shows ten annotations of a step: the other checks have none." if len(wrong) > MOST else ""
        not_expected = f"{len(wrong)} of {len(report.checks)} checks {'is' if len(wrong) == 1 else 'are'} not as expected"
        yield command(level(wrong[0]), {"title": "gradcli check"}, f"{not_expected}: {counted(report)}.{more}")


def level(check: Check) -> str:
    """A warning for what could not be decided, else an error."""
    return "warning" if check.exit_code == 3 else "error"


def message(check: Check) -> str:
    """Why the check went wrong, and how to repeat it."""
    again = f"\n{check.reproduce}" if check.reproduce and len(check.reproduce) <= MESSAGE else ""
    return f"{why(check)}{again}"


def command(name: str, properties: dict[str, str], text: str) -> str:
    """One command."""
    said = ",".join(f"{key}={clean(value, ascii_only=False).translate(IN_PROPERTY)}" for key, value in properties.items() if value)
    rows = "\n".join(clean(row, ascii_only=False) for row in text.split("\n"))
    return f"::{name} {said}::{shortened(rows, 2 * MESSAGE).translate(IN_MESSAGE)}"
