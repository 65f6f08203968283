"""Which checks are meant: those of some files and folders, one by its name, those whose id has a text, one share of several."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import replace

from gradcli.checking.suites.entry import Entry, ids_of, split
from gradcli.checking.suites.finding import suites_at
from gradcli.checking.suites.project import Project, current_project
from gradcli.checking.suites.reading import read_suite
from gradcli.errors import FileProblem, GradcliError, SuiteError, UsageError, nearest


def entries(paths: Sequence[str], keyword: str | None = None, *, shard: str | None = None, allow_exec: bool | None = None) -> list[Entry]:
    """The checks that some paths select, in order; a check that two paths select is one.

    Those that can't be carried out say why: checks that can't be understood, and suites that can't be read, unless such a suite is all
    that was asked for. Raises GradcliError for that, for files that are not there, and for settings of the project with a fault.
    """
    project = current_project()
    found: dict[str, Entry] = {}
    for path in paths:
        found.update((entry.id, entry) for entry in entries_at(path, project, alone=len(paths) == 1))
    chosen = [permitted(entry, project, allow_exec) for entry in found.values() if meant(entry, keyword)]
    return chosen if shard is None else share(chosen, *numbers(shard))


def meant(entry: Entry, keyword: str | None) -> bool:
    """Whether a check has a text in its id; a suite that can't be read may have any."""
    return keyword is None or keyword in entry.id or entry.is_file


def entries_at(path: str, project: Project | None, alone: bool) -> list[Entry]:
    """The checks of one path."""
    file, sign, name = path.partition("::")
    place = file or "."
    chosen = [entry for suite in suites_at(place, project) for entry in readable(suite, suite == place, alone)]
    return named(chosen, place, name) if sign else chosen


def readable(suite: str, typed: bool, alone: bool) -> list[Entry]:
    """The checks of a suite, or its fault as the only one.

    Raises GradcliError if the suite was named and is all there is to do, or can't be found.
    """
    try:
        return read_suite(suite)
    except GradcliError as fault:
        if typed and (alone or (isinstance(fault, FileProblem) and not os.path.exists(suite))):  # noqa: PTH110
            raise
        return [Entry(suite, suite, fault.line or 1, fault=fault)]


def named(chosen: Sequence[Entry], file: str, name: str) -> list[Entry]:
    """The check called `name`; `name[2]` is its second point. Without one, the suites that can't be read and might have it."""
    for entry in chosen:
        point = re.fullmatch(re.escape(entry.name) + r"\[(\d+)\]", name)
        if name == entry.name or (entry.table.get("search") and re.fullmatch(re.escape(entry.name) + r"\[search \d+\]", name)):
            return [entry]
        if point and f"{entry.id}[{point[1]}]" in ids_of(entry):
            return [replace(entry, only=int(point[1]))]
    unread = [entry for entry in chosen if entry.is_file]
    if unread:
        return unread
    near = nearest(name, [entry.name for entry in chosen])
    raise SuiteError(
        f"there is no check '{name}'", file, hint=f"did you mean '{near}'?" if near else "gradcli check --list shows the names"
    )


def permitted(entry: Entry, project: Project | None, allow_exec: bool | None) -> Entry:
    """The check, with a fault if it would run somebody's code without permission: from the project that it is in, or from the caller."""
    if entry.kind == "program" or entry.fault is not None:
        return entry
    if allow_exec is not False and project is not None and project.allow_exec and project.holds(entry.file):
        return entry
    if allow_exec:
        return replace(entry, again=f"{entry.again} --allow-exec")
    cure = "--allow-exec, or allow-exec = true under [tool.gradcli] in the pyproject.toml of your project"
    return replace(entry, fault=UsageError(f"'{entry.kind}' in a suite runs code, which nobody has allowed", cure))


def numbers(shard: str) -> tuple[int, int]:
    """Which share of how many `2/5` means. Raises UsageError for anything else."""
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", shard.strip(), re.ASCII)
    if match and 1 <= int(match[1]) <= int(match[2]):
        return int(match[1]), int(match[2])
    raise UsageError(f"'{shard}' is no share: I/N is share I of N, from 1/N to N/N", "--shard 1/4")


def share(chosen: Sequence[Entry], number: int, count: int) -> list[Entry]:
    """Every `count`-th check, so that each share has some of every suite; listed points count by themselves."""
    return [part for entry in chosen for part in split(entry)][number - 1 :: count]
