"""The report in GitHub's Markdown: counts, the checks that went wrong with their pages, and a table of all.

Text of a user is never markup: it stands in code, whose fence is longer than every run of backticks in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import TYPE_CHECKING

from gradcli.rendering.page import clean
from gradcli.rendering.report_outline import counted, failed, name_of, page_text, place_of, why
from gradcli.rendering.report_page import title_text, verdict_text

if TYPE_CHECKING:
    from gradcli.results import Check, Report

ROWS = 500
"""Rows of a table; more are several tables."""

SIGNS = re.compile(r"[&<>\\`*_\[\]|~$@:#!]")
"""Characters that mean something to Markdown or HTML inside a line."""

CUT = "\n*The rest of this report is left out, because there is no room for it here; `--report markdown:PATH` writes all of it.*\n"


def markdown(report: Report, limit: int | None = None) -> str:
    """The whole report, or as many of its sections as fit into a number of bytes, with a sentence about the others."""
    sections = list(parts(report))
    if limit is None or sum(map(size, sections)) <= limit:
        return "".join(sections)
    used, kept = size(CUT), []
    for section in sections:
        used += size(section)
        if used > limit:
            break
        kept.append(section)
    return "".join([*kept, CUT]) if size(CUT) <= limit else ""


def size(text: str) -> int:
    """The bytes of a text."""
    return len(text.encode("utf-8", "backslashreplace"))


def parts(report: Report) -> Iterator[str]:
    """The sections, each a piece of Markdown that stands by itself."""
    yield f"## gradcli check: {report.verdict if report.checks else 'nothing checked'}\n\n{counted(report)}\n"
    wrong = failed(report)
    yield from tables(wrong, "Not as expected")
    yield from map(folded_page, wrong)
    yield from (folded(heading, f"\n{rows}") for heading, rows in chunks(report.checks, "All checks"))


def tables(checks: Sequence[Check], title: str) -> Iterator[str]:
    """Open tables of checks, with why they went wrong."""
    yield from (f"\n### {heading}\n\n{rows}" for heading, rows in chunks(checks, title))


def chunks(checks: Sequence[Check], title: str) -> Iterator[tuple[str, str]]:
    """The checks as tables of some hundred rows, each with its heading."""
    for start in range(0, len(checks), ROWS):
        some = checks[start : start + ROWS]
        span = f" ({start + 1} to {start + len(some)} of {len(checks)})" if len(checks) > ROWS else ""
        yield f"{title}{span}", table(some)


def table(checks: Sequence[Check]) -> str:
    """A table with a row per check."""
    head = "| verdict | check | where | why |\n|---|---|---|---|\n"
    return head + "".join(f"| {' | '.join(cells(check))} |\n" for check in checks)


def cells(check: Check) -> Iterator[str]:
    """The cells of one check."""
    line = f":{check.line}" if check.line else ""
    yield verdict_text(check)
    yield code(title_text(name_of(check)))
    yield code(f"{place_of(check)}{line}")
    yield "" if check.passed else code(why(check))


def folded_page(check: Check) -> str:
    """The page of a check, to be opened with a click."""
    return folded(f"{verdict_text(check)}: {escape(clean(title_text(check.id), ascii_only=False))}", f"\n{fenced(page_text(check))}")


def folded(summary: str, body: str) -> str:
    """A section that is opened with a click."""
    return f"\n<details><summary>{summary}</summary>\n{body}\n</details>\n"


def fenced(text: str) -> str:
    """Text as a block of code."""
    fence = "`" * max(3, longest_run(text) + 1)
    return f"{fence}text\n{text}{fence}\n"


def longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    return max(map(len, re.findall("`+", text)), default=0)


def code(text: str) -> str:
    """Text as code in a cell of a table: a code span, or with references where one can't hold it.

    >>> code("x*w"), code("a|b")
    ('`x*w`', '<code>a&#124;b</code>')
    """
    line = " ".join(clean(text, ascii_only=False).split())
    if not line or not set(line) & {"`", "|", "\\"}:
        return f"`{line}`" if line else ""
    return f"<code>{spelled(line)}</code>"


def spelled(text: str) -> str:
    """Text in which no sign means anything to Markdown or HTML."""
    return SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", text)
