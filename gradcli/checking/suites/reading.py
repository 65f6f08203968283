"""The text of a suite -> its checks. Every fault has the file and the line. Nothing is run."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.suites.entry import Entry
from gradcli.checking.suites.keys import Mistake, mistakes
from gradcli.checking.suites.toml_places import Path, Place, places
from gradcli.errors import SuiteError, nearest
from gradcli.files import read_text

LONGEST_NAME = 60
"""Characters of a program that is the name of its check."""


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file: what it says, and where."""

    file: str
    text: str
    content: Mapping[str, Any]
    places: Mapping[Path, Place]

    def line(self, path: Path) -> int | None:
        """The line of a key, or of what stands around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path].line if path else None

    def fault(self, message: str, path: Path, hint: str) -> SuiteError:
        """An error with its place in the file."""
        return SuiteError(message, self.file, self.line(path), hint)


def read_document(file: str) -> Document:
    """A TOML file. Raises FileProblem, or SuiteError with the line."""
    text = read_text(file)
    try:
        return Document(file, text, tomllib.loads(text), places(text))
    except tomllib.TOMLDecodeError as fault:
        raise malformed(file, str(fault)) from fault
    except RecursionError as fault:
        raise SuiteError("arrays are nested too deeply", file, None, 'write the values into a file: x = "@values.npy"') from fault


def malformed(file: str, message: str) -> SuiteError:
    """The error for text that is no TOML, with the line that the parser names."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    said = re.sub(r"\s*\(at (line \d+, column \d+|end of document)\)", "", message)
    return SuiteError(
        f"this is no TOML: {said}", file, int(place[1]) if place else None, 'a check is [[check]], then lines such as program = "x**2"'
    )


def read_suite(file: str) -> list[Entry]:
    """The checks of one suite file. Raises FileProblem or SuiteError with file and line."""
    document = read_document(file)
    above = section(document)
    tables = tables_of(document, (*above, "check"))
    found = [entry_of(document, table, (*above, "check", i)) for i, table in enumerate(tables)]
    refuse_duplicates(found)
    return found


def section(document: Document) -> Path:
    """Where the tables of a suite stand in its file: at the top, or under [tool.gradcli]. Raises SuiteError for other keys there."""
    if document.file.endswith("pyproject.toml"):
        return ("tool", "gradcli")
    for key in document.content:
        if key != "check":
            cure = "did you mean [[check]]?" if nearest(key, ("check",)) else "a suite has [[check]] tables"
            raise document.fault(f"unknown key '{key}' at the top", (key,), cure)
    return ()


def tables_of(document: Document, path: Path) -> list[dict[str, Any]]:
    """The tables of an array of tables. Raises SuiteError if there is anything else."""
    content: Any = document.content
    for i, key in enumerate(path):
        if not isinstance(content, Mapping):
            break
        content = content.get(str(key), [] if i == len(path) - 1 else {})
    if not isinstance(content, list) or not all(isinstance(table, dict) for table in content):
        header = ".".join(map(str, path))
        raise document.fault(f"'{header}' is no list of tables", path, f"write [[{header}]] with two brackets")
    return content


def entry_of(document: Document, table: Mapping[str, Any], path: Path) -> Entry:
    """The check of a table. Raises SuiteError for keys and values that a check does not have."""
    name = name_of(table, int(path[-1]) + 1)
    refuse(document, path, mistakes(table))
    return Entry(f"{document.file}::{name}", document.file, document.line(path) or 1, table)


def name_of(table: Mapping[str, Any], number: int) -> str:
    """The name of a check: its own, its program, or its number."""
    program = table.get("program")
    short = isinstance(program, str) and "\n" not in program and len(program) <= LONGEST_NAME
    return str(table.get("name") or (program if short else f"check {number}"))


def refuse(document: Document, path: Path, found: Iterable[Mistake]) -> None:
    """Raises SuiteError for the first of some mistakes in a table."""
    for mistake in found:
        raise document.fault(mistake.message, (*path, mistake.key) if mistake.key else path, mistake.cure)


def refuse_duplicates(found: Sequence[Entry]) -> None:
    """Names are unique in a file: an id must mean one check."""
    seen: dict[str, Entry] = {}
    for entry in found:
        if entry.id in seen:
            message = f"a second check named '{entry.name}' (the first is in line {seen[entry.id].line})"
            raise SuiteError(message, entry.file, entry.line, f'give it another name: name = "{entry.name} 2"')
        seen[entry.id] = entry
