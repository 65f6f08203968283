"""Which checks are meant: those of some files and folders, one by its name, those whose id has a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from gradcli.checking.suites.entry import Entry, ids_of
from gradcli.checking.suites.finding import suites_at
from gradcli.checking.suites.reading import read_suite
from gradcli.errors import SuiteError, nearest


def entries(paths: Sequence[str], keyword: str | None = None) -> list[Entry]:
    """The checks that some paths select, in order; a check that two paths select is one."""
    found: dict[str, Entry] = {}
    for path in paths:
        file, sign, name = path.partition("::")
        place = file or "."
        chosen = [entry for suite in suites_at(place) for entry in read_suite(suite)]
        if sign:
            chosen = named(chosen, place, name)
        found.update((entry.id, entry) for entry in chosen)
    return [entry for entry in found.values() if keyword is None or keyword in entry.id]


def named(chosen: Sequence[Entry], file: str, name: str) -> list[Entry]:
    """The check called `name`; `name[2]` is its second point."""
    for entry in chosen:
        point = re.fullmatch(re.escape(entry.name) + r"\[(\d+)\]", name)
        if name == entry.name:
            return [entry]
        if point and f"{entry.id}[{point[1]}]" in ids_of(entry):
            return [replace(entry, only=int(point[1]))]
    near = nearest(name, [entry.name for entry in chosen])
    raise SuiteError(
        f"there is no check '{name}'", file, hint=f"did you mean '{near}'?" if near else "gradcli check --list shows the names"
    )
