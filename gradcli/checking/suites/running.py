"""The checks of suites, run in order. Files that a suite names are relative to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from gradcli.checking.checks import check
from gradcli.checking.reproducing import command
from gradcli.checking.suites.entry import Entry, ids_of, listed_points, program_text
from gradcli.checking.suites.keys import arguments
from gradcli.checking.suites.selecting import entries
from gradcli.data import Place, resolved
from gradcli.errors import GradcliError
from gradcli.results import Check, Report


def check_suites(
    paths: Sequence[str], *, keyword: str | None = None, exitfirst: bool = False, on_check: Callable[[Check], None] | None = None
) -> Report:
    """The report of all checks in some suites and folders (`file::name` is one check).

    keyword     only checks whose id contains this text
    exitfirst   stop after the first check that is not as expected
    on_check    called with every check as soon as it is judged

    Raises FileProblem and SuiteError, before anything runs, for suites that can't be read or understood. A check that can't be
    carried out has the verdict "error" in the report, and the others go on.
    """
    done: list[Check] = []
    for entry in entries(paths, keyword):
        for one in judged(entry):
            done.append(one)
            if on_check is not None:
                on_check(one)
            if exitfirst and not one.passed:
                return Report(done)
    return Report(done)


def list_checks(paths: Sequence[str], keyword: str | None = None) -> list[str]:
    """The ids of all checks in some suites and folders, without running any; points of one check are numbered."""
    return [id for entry in entries(paths, keyword) for id in ids_of(entry)]  # noqa: A001


def judged(entry: Entry) -> Iterator[Check]:
    """The checks of one entry, one per point, with the verdict that the suite declares."""
    wanted = f"{entry.id}[{entry.only}]" if entry.only else None
    for point, id in listed_points(entry):  # noqa: A001
        try:
            yield from (placed(entry, one) for one in run_entry(entry, point, id) if wanted in (None, one.id))
        except GradcliError as fault:
            yield failed(entry, id, fault)


def failed(entry: Entry, id: str, fault: GradcliError) -> Check:  # noqa: A002
    """A check that could not be carried out."""
    expected = entry.table.get("verdict")
    again = command("gradcli check", id)
    return placed(entry, Check(id, entry.table["program"], {}, "error", error=fault.render(), expected=expected, reproduce=again))


def placed(entry: Entry, one: Check) -> Check:
    """A check with the place of its table."""
    return replace(one, file=entry.file, line=entry.line)


def run_entry(entry: Entry, point: Any, id: str) -> Report:  # noqa: A002 - the word of the suites and of the JSON
    """The report of one entry at one point."""
    at = resolved(point, Place(entry.folder))
    return check(program_text(entry), at, **arguments(entry.table), suite=True, id=id)
