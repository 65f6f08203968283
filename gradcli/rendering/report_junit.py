"""JUnit's XML: one test suite per suite of checks, one test case per check, in the dialect that GitLab, Jenkins and GitHub read.

There is no standard. `file` and `line` of a test case are read by GitLab and by what makes annotations on GitHub, and passed over by
Jenkins' step `junit`; Jenkins' xUnit plug-in refuses a document that has them, so it gets one without (`strict`). All text is ASCII with
references, and without the characters that XML does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.page import shortened
from gradcli.rendering.report_outline import by_place, name_of, page_text, why

if TYPE_CHECKING:
    from gradcli.results import Check, Report

NAME = 1000
"""Characters of a name; a program may be its own name."""

FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that no XML document may have, not even as references."""

REFERENCES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
IN_TEXT = str.maketrans({sign: REFERENCES[sign] for sign in "&<>\r"})
IN_ATTRIBUTE = str.maketrans(REFERENCES)


def junit(report: Report, *, strict: bool = False) -> str:
    """The whole report."""
    totals = tag("testsuites", {"name": "gradcli", **numbers(report.checks)})
    suites = [row for file, checks in by_place(report).items() for row in suite(file, checks, strict)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', f"<{totals}>", *suites, "</testsuites>"]) + "\n"


def suite(place: str, checks: Sequence[Check], strict: bool) -> Iterator[str]:
    """The lines of one suite."""
    where = {"file": checks[0].file} if checks[0].file else {}
    yield f"  <{tag('testsuite', {'name': place, **numbers(checks), 'skipped': '0', **where})}>"
    for name, check in zip(unique(map(name_of, checks)), checks, strict=True):
        yield from case(place, name, check, strict)
    yield "  </testsuite>"


def numbers(checks: Sequence[Check]) -> dict[str, str]:
    """How many checks there are, and how many of them are no success; the time of all."""
    errors = sum(kind_of(check) == "error" for check in checks)
    failures = sum(kind_of(check) == "failure" for check in checks)
    return {"tests": f"{len(checks)}", "failures": f"{failures}", "errors": f"{errors}", "time": seconds(sum(c.seconds for c in checks))}


def kind_of(check: Check) -> str:
    """What a check is to JUnit: an error could not run; everything else that does not exit 0 is a failure, also what was not decided."""
    return "" if check.passed else "error" if check.verdict == "error" else "failure"


def case(place: str, name: str, check: Check, strict: bool) -> Iterator[str]:
    """The lines of one check; one that is not as expected has its page as text."""
    line = {"line": f"{check.line}"} if check.line else {}
    where = {"file": check.file, **line} if check.file and not strict else {}
    start = tag("testcase", {"name": name, "classname": place, "time": seconds(check.seconds), **where})
    kind = kind_of(check)
    if not kind:
        yield f"    <{start}/>"
        return
    yield f"    <{start}>"
    verdict = "missed" if check.expected and kind == "failure" else check.verdict
    yield f"      <{tag(kind, {'message': why(check), 'type': verdict})}>{text(page_text(check))}</{kind}>"
    yield "    </testcase>"


def unique(names: Iterator[str]) -> Iterator[str]:
    """Names as attributes show them, numbered where two would look the same: readers drop the second of a name."""
    seen: dict[str, int] = {}
    for name in names:
        shown = possible(shortened(name, NAME))
        seen[shown] = seen.get(shown, 0) + 1
        yield shown if seen[shown] == 1 else f"{shown} ({seen[shown]})"


def tag(name: str, attributes: Mapping[str, str]) -> str:
    """The inside of a start tag."""
    return " ".join([name, *(f'{key}="{ascii_only(possible(value).translate(IN_ATTRIBUTE))}"' for key, value in attributes.items())])


def text(content: str) -> str:
    """Text between tags."""
    return ascii_only(possible(content).translate(IN_TEXT))


def possible(content: str) -> str:
    """The text with escapes for what XML does not have: control characters, halves of surrogate pairs."""
    return FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", content)


def ascii_only(content: str) -> str:
    """The text with references for everything that is not ASCII."""
    return content.encode("ascii", "xmlcharrefreplace").decode("ascii")


def seconds(time: float) -> str:
    """A time as the schema writes it."""
    return f"{time:.3f}"
