"""The answer of `check` for people: the page of one check; for a suite a line per check, the pages of those that failed, a count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from gradcli.rendering.arrays import is_long, shape_of, shape_text, value_text
from gradcli.rendering.emitting import emitted
from gradcli.rendering.page import BLANK, Block, Line, Piece, Screen, line, padded, shortened
from gradcli.rendering.report_rows import row_blocks
from gradcli.rendering.report_self_test import remark, self_test_blocks, summary

if TYPE_CHECKING:
    from gradcli.results import Check, Report, Value

PROGRAM_LINES = 8
"""Lines of a program that the page of a check shows."""

TITLE = 300
"""Characters of an id, and of a line of a program, that a page shows."""

LONG_TITLE = 100_000
"""Characters of an id that are looked at."""

COMMAND = 2000
"""Characters of a command that a page shows whole."""

POINT = re.compile(r"\[(search )?\d+\]$")
"""The number of a point at the end of an id."""

IN_POINT = 12
"""Elements of an array that the line of a point shows whole."""

VERDICT = 12
"""Width of the column of verdicts."""


def report_table(report: Report, screen: Screen, failed_only: bool) -> str:
    """The page of the only check, or the pages of several, and what is to be known of the run."""
    alone = len(report.checks) == 1 and not (failed_only and report.checks[0].passed)
    return emitted([*(check_page(report.checks[0]) if alone else pages(report.checks, failed_only)), *run_lines(report)], screen)


def run_lines(report: Report) -> Iterator[Line]:
    """Which checks were meant, and whether all of them were carried out."""
    if report.shard is not None:
        yield line((f"share {report.shard} of the checks", "dim"))
    if report.interrupted:
        yield line(("interrupted: more checks were to follow", "error"))


def pages(checks: Sequence[Check], failed_only: bool) -> Iterator[Block]:
    """A line per check, then what went wrong, then the count; a note of all checks is said once, at the end."""
    listed = [check for check in checks if not (failed_only and check.passed)]
    common = [note for note in checks[0].notes if all(note in check.notes for check in checks)] if checks else []
    yield from overview(listed)
    for check, others in alike(listed):
        yield BLANK
        yield from check_page(check, common)
        if others:
            points = f"{others} more points" if others > 1 else "one more point"
            yield from set_off([line((f"{check.verdict} also at {points} listed above; --format json has all", "dim"), hang=2)])
    yield from ([BLANK] if listed else [])
    yield counts_line(checks)
    yield from summary(checks)
    yield from (line((note, "dim"), hang=2) for note in common)


def alike(checks: Sequence[Check]) -> list[tuple[Check, int]]:
    """The checks that failed, of those of one program with one verdict only the first; with how many more there are."""
    found: dict[tuple[str, ...], list[Check]] = {}
    for check in checks:
        if not check.passed:
            own = (check.id,) if check.error else (POINT.sub("", check.id), check.program, check.verdict)
            found.setdefault(own, []).append(check)
    return [(group[0], len(group) - 1) for group in found.values()]


def overview(checks: Sequence[Check]) -> Iterator[Line]:
    """The checks of each suite below its file's name, the points of one program below its text."""
    above = None
    for check in checks:
        title, name = place(check)
        if title != above:
            yield line((title, "heading"), hang=2)
            above = title
        wish = "  (as declared)" if check.passed else f"  (declared {check.expected})"
        verdict = padded(check.verdict, VERDICT), verdict_style(check)
        declared = (wish, "dim") if check.expected and (check.expected != "agree" or not check.passed) else ""
        found = (f"  {check.found}", "dim") if check.found else ""
        yield line("  ", verdict, f"  {name}", declared, found, remark(check), hang=VERDICT + 4)


def place(check: Check) -> tuple[str, str]:
    """What a check belongs to, and what it is called there: a suite and a name, or a program and a point."""
    title, mark, name = check.id.partition("::")
    return (title, name) if mark else (title_text(POINT.sub("", check.id)), point_text(check))


def title_text(text: str) -> str:
    """An id on one line; one that is a long program is cut."""
    return shortened(" ".join(text[:LONG_TITLE].split()), TITLE)


def counts_line(checks: Sequence[Check]) -> Line:
    """How many checks have each verdict: `12 agree, 1 kink (as declared), 1 disagree`."""
    from gradcli.results import SEVERITY

    found = sorted(checks, key=lambda check: -SEVERITY.index(check.verdict))
    counts: dict[Piece, int] = {}
    for check in found:
        piece = verdict_text(check), verdict_style(check)
        counts[piece] = counts.get(piece, 0) + 1
    pieces: list[Piece] = [piece for (text, style), count in counts.items() for piece in ((f"{count} {text}", style), (", ", ""))]
    return line(*pieces[:-1]) if pieces else line("no checks")


def verdict_text(check: Check) -> str:
    """The verdict, with the declared one where that is not agree or not met, and a self-test that found that the check can't fail."""
    if not check.proved:
        return f"{check.verdict} (self-test failed)"
    if check.passed:
        kind = "found" if check.excused else "as declared"
        return check.verdict if check.verdict == "agree" else f"{check.verdict} ({kind})"
    return f"{check.verdict} (declared {check.expected})" if check.expected else check.verdict


def verdict_style(check: Check) -> str:
    """Green for every check that came out as it should; red for one that misses its declaration."""
    if check.passed:
        return "agree"
    return "disagree" if check.expected or not check.proved else check.verdict


def check_page(check: Check, common: Sequence[str] = ()) -> Iterator[Block]:
    """Everything about one check, but for the notes that it has in common with others."""
    yield from heading(check)
    if check.error:
        yield from (line(f"  {row}", fixed=True) for row in check.error.splitlines())
    if check.rows:
        yield BLANK
        yield from row_blocks(check)
        yield from self_test_blocks(check)
    yield from set_off([*formulas(check), *notes(check, common)])
    if check.reproduce:
        long = len(check.reproduce) > COMMAND
        command = f"a command of {len(check.reproduce)} characters; --format json has it" if long else check.reproduce
        yield from set_off([line(("reproduce  ", "dim"), command, hang=11)])


def set_off(lines: Sequence[Line]) -> Iterator[Line]:
    """Lines after an empty one."""
    yield from [BLANK, *lines] if lines else []


def heading(check: Check) -> Iterator[Line]:
    """Verdict and id; the program where the id does not say it; the point and the value."""
    rows = check.program.strip().split("\n")
    said = POINT.sub("", check.id) == check.program and len(rows) <= PROGRAM_LINES
    title = title_text(check.id) if said or POINT.sub("", check.id) != check.program else "program" + check.id[len(check.program) :]
    yield line((verdict_text(check), verdict_style(check)), "  ", (title, "heading"), hang=2)
    if not said and check.program:
        yield from program_lines(rows)
    yield from point_line(check)


def program_lines(rows: Sequence[str]) -> Iterator[Line]:
    """The first lines of the program."""
    for row in rows[:PROGRAM_LINES]:
        yield line(f"  {shortened(row, TITLE)}", hang=4)
    if len(rows) > PROGRAM_LINES:
        yield line((f"  … {len(rows) - PROGRAM_LINES} more lines", "dim"))


def point_line(check: Check) -> Iterator[Line]:
    """The point and the value there."""
    point = point_text(check)
    value: list[Piece] = [("   value ", "dim"), (short_text(check.value), "")] if check.value is not None else []
    if point or value:
        yield line(*([("  at ", "dim"), point] if point else [" "]), *value, hang=5)


def point_text(check: Check) -> str:
    """The values of the inputs."""
    return ", ".join(f"{name} = {short_text(value)}" for name, value in check.at.items())


def short_text(value: Value) -> str:
    """A number, a small array, or the shape and the summary of a larger one."""
    text = value_text(value, IN_POINT)
    return f"array {shape_text(shape_of(value))} {text}" if is_long(value, IN_POINT) else text


def formulas(check: Check) -> Iterator[Line]:
    """SymPy's derivatives."""
    return (line(("symbolic   ", "dim"), f"∂/∂{name} = {text}", hang=13) for name, text in check.formula.items())


def notes(check: Check, common: Sequence[str]) -> Iterator[Line]:
    """Inputs that no claim is about, and sentences for people."""
    if check.unclaimed:
        yield line((f"not claimed: {', '.join(check.unclaimed)}", "dim"), hang=2)
    yield from (line((note, "dim"), hang=2) for note in check.notes if note not in common)
