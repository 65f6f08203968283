"""Where the reports of `check` go: files, and what GitHub reads. Refuses a place that can't be written before anything runs.

Knows the environment of GitHub's runner. Does not know what stands in a report.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from gradcli.cli.terminal import note
from gradcli.cli.writing import replace_file, unwritable
from gradcli.errors import FileProblem, GradcliError, UsageError, nearest
from gradcli.rendering import REPORT_FILES, report_file, step_summary
from gradcli.results import Check, Report

ENDINGS = {"junit": "xml", "xunit": "xml", "json": "json", "jsonl": "jsonl", "markdown": "md", "github": "txt"}
"""The usual end of the name of a report's file."""

SUMMARY_LIMIT = 2**20
"""Bytes that GitHub takes as the summary of a step."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A report that was asked for: its format, and the file it goes into; None is standard error, where GitHub reads commands too."""

    format: str
    path: str | None


def destinations(texts: Sequence[str], output: str | None = None) -> list[Destination]:
    """What the values of --report ask for. Raises UsageError or FileProblem for one that could not be written later."""
    found = [destination(text) for text in texts]
    taken = {os.path.realpath(output)} if output and output != "-" else set()
    for one in found:
        real = os.path.realpath(one.path or "")
        if one.path and real in taken and not is_special(real):
            raise UsageError(f"two answers go into the file '{one.path}'", hint="give each a file of its own")
        taken.add(real)
    return found


def destination(text: str) -> Destination:
    """One value of --report."""
    form, colon, path = text.partition(":")
    if form not in REPORT_FILES:
        near = nearest(form, REPORT_FILES)
        raise UsageError(f"there is no report '{form}'", hint=f"--report {usual(near)}" if near else f"reports: {', '.join(REPORT_FILES)}")
    if form == "github" and not colon:
        return Destination(form, None)
    if not path:
        raise UsageError(f"--report {form} does not say into which file", hint=f"--report {usual(form)}")
    if path == "-":
        instead = "--report github" if form == "github" else f"--format {form}" if form in ("json", "jsonl") else f"--report {usual(form)}"
        raise UsageError("a report goes into a file: standard output is for the answer", hint=instead)
    if reason := unwritable(path):
        raise FileProblem(f"can't write the report '{path}': {reason}", hint=f"--report {usual(form)} writes into this folder")
    return Destination(form, path)


def usual(form: str) -> str:
    """A report with the name that its file usually has."""
    return form if form == "github" else f"{form}:report.{ENDINGS[form]}"


def is_special(path: str) -> bool:
    """Whether a path is a device or a pipe, into which several things can be written."""
    return os.path.exists(path) and not os.path.isfile(path)  # noqa: PTH110, PTH113


def write_reports(report: Report, wanted: Sequence[Destination]) -> None:
    """Write all reports, each even if another can't be written; the first problem is raised at the end."""
    problems = []
    for one in wanted:
        try:
            write_report(report, one)
        except FileProblem as problem:
            problems.append(problem)
    if problems:
        raise problems[0]


@contextmanager
def failures_reported(wanted: Sequence[Destination]) -> Iterator[None]:
    """A request that can't be carried out at all is an error at its place in every report; silence could be taken for success."""
    try:
        yield
    except GradcliError as problem:
        try:
            write_reports(Report([error_of(problem)]), wanted)
        except FileProblem as other:
            note(other.render())
        raise


def error_of(problem: GradcliError) -> Check:
    """The check that stands for a request that can't be carried out."""
    file = getattr(problem, "file", None)
    return Check(file or "gradcli check", "", {}, "error", error=problem.render(), file=file, line=problem.line if file else None)


def write_report(report: Report, wanted: Destination) -> None:
    """Write one report, and beside the annotations for GitHub the summary of the step."""
    text = report_file(from_workspace(report) if wanted.format == "github" else report, wanted.format)
    if wanted.path is not None:
        replace_file(wanted.path, text)
    elif text:
        note(text.rstrip("\n"))
    if wanted.format == "github" and os.environ.get("GITHUB_STEP_SUMMARY"):
        add_summary(report, os.environ["GITHUB_STEP_SUMMARY"])


def from_workspace(report: Report) -> Report:
    """The report with files as GitHub knows them: from the top of the repository."""
    top = os.environ.get("GITHUB_WORKSPACE")
    return replace(report, checks=[located(check, top) for check in report.checks]) if top else report


def located(check: Check, top: str) -> Check:
    """A check with its file as seen from a folder, if it is below it."""
    file = os.path.relpath(os.path.realpath(check.file), os.path.realpath(top)) if check.file else ""
    return check if not file or file.startswith("..") else replace(check, file=file.replace(os.sep, "/"))


def add_summary(report: Report, path: str) -> None:
    """Add the report to the summary of the step; without room or permission there is a warning instead."""
    try:
        room = SUMMARY_LIMIT - (os.path.getsize(path) if os.path.exists(path) else 0)  # noqa: PTH110, PTH202
        with open(path, "ab") as file:  # noqa: PTH123
            file.write(step_summary(report, room).encode("utf-8", "backslashreplace"))
    except (OSError, ValueError) as problem:
        note(f"warning: no summary of the step in '{path}': {getattr(problem, 'strerror', None) or problem}")
