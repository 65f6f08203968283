"""What every report for CI says of a check: what it is called and where, why it is not as it should be, and its page as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.emitting import emitted
from gradcli.rendering.page import Screen
from gradcli.rendering.report_page import check_page, title_text, verdict_text
from gradcli.rendering.report_rows import name_of as row_name

if TYPE_CHECKING:
    from gradcli.results import Check, Report, Row

NOWHERE = "gradcli check"
"""What a check belongs to that stands in no file."""

PLAIN = Screen(terminal=False, width=80, color=False)


def complete(report: Report) -> Report:
    """The report, with an error that stands for the checks which an interrupted run did not come to."""
    if not report.interrupted:
        return report
    from gradcli.results import Check, Report

    said = f"error: the run was interrupted after {len(report.checks)} of its checks: more were to follow"
    return Report([*report.checks, Check("interrupted", "", {}, "error", error=said)], shard=report.shard)


def by_place(report: Report) -> Mapping[str, Sequence[Check]]:
    """The checks of every suite, or file of a program, in order."""
    found: dict[str, list[Check]] = {}
    for check in report.checks:
        found.setdefault(place_of(check), []).append(check)
    return found


def place_of(check: Check) -> str:
    """What a check belongs to: its suite, the file of its program, or the command line."""
    suite, mark, _ = check.id.partition("::")
    return suite if mark and check.file else check.file or NOWHERE


def name_of(check: Check) -> str:
    """What a check is called there."""
    return check.id.removeprefix(f"{place_of(check)}::")


def failed(report: Report) -> list[Check]:
    """The checks that are not as expected, the worst first."""
    from gradcli.results import SEVERITY

    return sorted(
        (check for check in report.checks if not check.passed), key=lambda check: (check.exit_code == 3, SEVERITY.index(check.verdict))
    )


def headline(check: Check) -> str:
    """The verdict and the name of a check on one line."""
    return f"{verdict_text(check)}: {title_text(name_of(check))}"


def why(check: Check) -> str:
    """Why a check is not as it should be, on one line."""
    if check.error:
        return check.error.partition("\n")[0].removeprefix("error: ")
    if not check.proved:
        inputs = ", ".join(one.input for one in check.caught or () if not one.proved)
        return f"self-test: the check would not have failed with a wrong gradient by {inputs}"
    if check.expected:
        return f"declared as {check.expected}, and the verdict is {check.verdict}"
    rows = [row for row in check.rows if row.verdict == check.verdict]
    more = f" (and {len(rows) - 1} more)" if len(rows) > 1 else ""
    return f"{reason(rows[0])}{more}" if rows else check.verdict


def reason(row: Row) -> str:
    """What is wrong with one input, and the likely mistake."""
    likely = f"; {row.likely}" if row.likely and row.likely not in row.reason else ""
    return title_text(f"{row_name(row)}: {row.reason or row.verdict}{likely}")


def page_text(check: Check) -> str:
    """The page of a check, as on a pipe."""
    return emitted(check_page(check), PLAIN)


def counted(report: Report) -> str:
    """How many checks have each verdict."""
    from gradcli.rendering.report_page import counts_line

    share = f", share {report.shard} of the checks" if report.shard else ""
    return emitted([counts_line(report.checks)], PLAIN).rstrip("\n") + share
