"""The checks of suites, run in order. Files that a suite names are relative to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from gradcli.checking.declarations import DECLARABLE
from gradcli.checking.pasting import command
from gradcli.checking.suites.entry import Entry, ids_of, listed_points, program_text
from gradcli.checking.suites.keys import arguments
from gradcli.checking.suites.selecting import entries
from gradcli.errors import GradcliError, SuiteError
from gradcli.results import Check, Report

ALONE = "gradcli check"
"""What runs a check of a suite alone, before its id."""


class Interrupted(KeyboardInterrupt):
    """A run of suites was interrupted; `report` has the checks that were finished."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def check_suites(
    paths: Sequence[str],
    *,
    keyword: str | None = None,
    exitfirst: bool = False,
    on_check: Callable[[Check], None] | None = None,
    jobs: int = 1,
    shard: str | None = None,
    allow_exec: bool | None = None,
    self_test: bool = False,
) -> Report:
    """The report of all checks in some suites and folders (`file::name` is one check).

    keyword     only checks whose id contains this text
    exitfirst   stop after the first check that is not as expected
    on_check    called with every check as soon as it and those before it are judged
    jobs        processes to run checks in; with more than one, a process that dies costs one check
    shard       "2/5": the second of five shares of the checks, which may be empty
    allow_exec  whether suites may run code: functions, commands, servers (default: as [tool.gradcli] of the current folder's project
                says, for suites in it)

    self_test   ask every check for a self-test, as its key of that name does

    Raises FileProblem and SuiteError, before anything runs, for files that are not there and for the only suite that was asked for. What
    else can't be understood or carried out has the verdict "error" in the report, and the others go on. Raises Interrupted, which is a
    KeyboardInterrupt with the report so far.
    """
    chosen = entries(paths, keyword, shard=shard, allow_exec=allow_exec)
    if self_test:
        chosen = [replace(entry, table={**entry.table, "self-test": True}) for entry in chosen]
    done: list[Check] = []
    try:
        with closing(checks_of(chosen, jobs)) as coming:
            for one in coming:
                done.append(one)
                if on_check is not None:
                    on_check(one)
                if exitfirst and not one.passed:
                    break
    except KeyboardInterrupt as stop:
        raise Interrupted(Report(done, shard=shard, interrupted=True)) from stop
    return Report(done, shard=shard)


def checks_of(chosen: Iterable[Entry], jobs: int) -> Generator[Check, None, None]:
    """The checks of some entries, in order, judged here or by several processes."""
    if jobs > 1:
        from gradcli.checking.suites.workers import judged_by_workers

        yield from judged_by_workers(chosen, jobs)
    else:
        for entry in chosen:
            yield from judged(entry)


def list_checks(
    paths: Sequence[str],
    keyword: str | None = None,
    *,
    shard: str | None = None,
    on_fault: Callable[[GradcliError], None] | None = None,
) -> list[str]:
    """The ids of all checks in some suites and folders, without running any; points of one check are numbered.

    A suite that can't be read is listed with its file; `on_fault` is called with what is wrong with it, or with a check.
    """
    found = entries(paths, keyword, shard=shard, allow_exec=True)
    for entry in found:
        if on_fault is not None and entry.fault is not None:
            on_fault(entry.fault)
    return [id for entry in found for id in ids_of(entry)]  # noqa: A001


def judged(entry: Entry) -> Iterator[Check]:
    """The checks of one entry, one per point, with the verdict that the suite declares."""
    if entry.fault is not None:
        yield failed(entry, entry.id, entry.fault)
        return
    wanted = f"{entry.id}[{entry.only}]" if entry.only else None
    for point, id in listed_points(entry):  # noqa: A001
        start = time.perf_counter()
        try:
            yield from (placed(entry, one) for one in run_entry(entry, point, id) if wanted in (None, one.id))
        except GradcliError as fault:
            yield replace(failed(entry, id, fault), seconds=time.perf_counter() - start)


def failed(entry: Entry, id: str, fault: GradcliError) -> Check:  # noqa: A002
    """A check that could not be carried out."""
    verdict = entry.table.get("verdict")
    expected = verdict if verdict in DECLARABLE else None
    again = command(ALONE, id)
    one = Check(id, entry.target, {}, "error", error=fault.render(), expected=expected, reproduce=again, kind=entry.kind)
    return placed(entry, one, fault.line if isinstance(fault, SuiteError) else None)


def placed(entry: Entry, one: Check, line: int | None = None) -> Check:
    """A check with the place of its table, or of what is wrong there, and the permission that it needs to be run again."""
    alone = command(ALONE, one.id)
    again = command(entry.again, one.id) + one.reproduce[len(alone) :] if one.reproduce.startswith(alone) else one.reproduce
    return replace(one, file=entry.file, line=line or entry.line, reproduce=again)


def run_entry(entry: Entry, point: Any, id: str) -> Report:  # noqa: A002 - the word of the suites and of the JSON
    """The report of one entry at one point."""
    from gradcli.data import Place, resolved

    place = Place(entry.folder)
    at, over = resolved(point, place), resolved(entry.table.get("over"), place)
    given = {"over": over, **arguments(entry.table), "suite": True, "id": id}
    if entry.kind == "program":
        from gradcli.checking.checks import check

        return check(program_text(entry), at, **given)
    from gradcli.checking.foreign import check_target
    from gradcli.targets import open_target

    with open_target(entry.table, entry.folder) as target:
        return check_target(target, at, **given)
