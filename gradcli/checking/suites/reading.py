"""The text of a suite -> its checks. Every fault has the file and the line. Nothing is run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gradcli.checking.suites.documents import Document, read_document
from gradcli.checking.suites.entry import Entry
from gradcli.checking.suites.keys import mistakes, mistakes_of_defaults, with_defaults
from gradcli.checking.suites.project import FILE, SECTION, settings
from gradcli.checking.suites.toml_places import Path
from gradcli.errors import SuiteError, nearest

LONGEST_NAME = 60
"""Characters of a program that is the name of its check."""

TABLES = ("check", "defaults")
"""What stands at the top of a suite."""


def read_suite(file: str) -> list[Entry]:
    """The checks of a suite; one that can't be understood has its fault. Raises GradcliError for what is wrong with all of the file."""
    return checks_of(read_document(file))


def checks_of(document: Document) -> list[Entry]:
    """The checks that a document describes."""
    content, above = section(document)
    defaults = defaults_of(document, content, above)
    found = [entry_of(document, table, (*above, "check", i), defaults) for i, table in enumerate(tables_of(document, content, above))]
    return distinct(found)


def section(document: Document) -> tuple[Mapping[str, Any], Path]:
    """What a file says of suites, and where: all of it, or what is under [tool.gradcli]. Raises SuiteError for other keys there."""
    if document.file.endswith(FILE):
        return settings(document), SECTION
    for key in document.content:
        if key not in TABLES:
            near = nearest(key, TABLES)
            cure = {"check": "did you mean [[check]]?", "defaults": "did you mean [defaults]?"}.get(near or "")
            raise document.fault(f"unknown key '{key}' at the top", (key,), cure or "a suite has [[check]] tables, and may have [defaults]")
    return document.content, ()


def tables_of(document: Document, content: Mapping[str, Any], above: Path) -> list[dict[str, Any]]:
    """The tables of the checks. Raises SuiteError if there is anything else."""
    tables = content.get("check", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        header = ".".join(map(str, (*above, "check")))
        raise document.fault(f"'{header}' is no list of tables", (*above, "check"), f"write [[{header}]] with two brackets")
    return tables


def defaults_of(document: Document, content: Mapping[str, Any], above: Path) -> Mapping[str, Any]:
    """The keys that a file gives for all its checks. Raises SuiteError for those that a check does not have."""
    defaults, path = content.get("defaults", {}), (*above, "defaults")
    header = ".".join(map(str, path))
    if not isinstance(defaults, dict):
        raise document.fault(f"'{header}' is no table", path, f"write [{header}], then lines such as samples = 5")
    for mistake in mistakes_of_defaults(defaults):
        raise document.fault(mistake.message, (*path, mistake.key), mistake.cure)
    return defaults


def entry_of(document: Document, table: Mapping[str, Any], path: Path, defaults: Mapping[str, Any]) -> Entry:
    """The check of a table, with its fault if it has keys or values that a check does not have."""
    complete = with_defaults(table, defaults)
    id = f"{document.file}::{name_of(complete, int(path[-1]) + 1)}"  # noqa: A001
    entry = Entry(id, document.file, document.line(path) or 1, complete, where=path)
    for mistake in mistakes(complete):
        fault = document.fault(mistake.message, (*path, mistake.key) if mistake.key else path, mistake.cure)
        return replace(entry, fault=fault)
    return entry


def name_of(table: Mapping[str, Any], number: int) -> str:
    """The name of a check: its own, what it checks, or its number."""
    target = Entry("", "", 0, table).target
    return str(table.get("name") or (target if target and "\n" not in target and len(target) <= LONGEST_NAME else f"check {number}"))


def distinct(found: Sequence[Entry]) -> list[Entry]:
    """The checks, of which those that bear the name of another one are faulty and get an id that means them: an id is one check."""
    seen: dict[str, Entry] = {}
    for entry in found:
        other = seen.get(entry.id)
        seen[entry.id if other is None else f"{entry.id} in line {entry.line}"] = entry if other is None else second(entry, other)
    return list(seen.values())


def second(entry: Entry, other: Entry) -> Entry:
    """A check that bears the name of another one; a fault of its own is told first."""
    message = f"a second check named '{entry.name}' (the first is in line {other.line})"
    fault = entry.fault or SuiteError(message, entry.file, entry.line, f'give it another name: name = "{entry.name} 2"')
    return replace(entry, id=f"{entry.id} in line {entry.line}", fault=fault)
