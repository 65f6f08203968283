"""One check of a suite, as it was read: its table, where it stands, and the ids of its points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gradcli.checking.sampling import DEFAULT_SAMPLES
from gradcli.errors import FileProblem, GradcliError
from gradcli.files import read_text
from gradcli.language import parse


@dataclass(frozen=True, slots=True)
class Entry:
    """One check of a suite: its id, its table with the defaults of its file, and the line where it begins."""

    id: str
    file: str
    line: int
    table: Mapping[str, Any] = field(default_factory=dict)
    only: int = 0
    """The number of the only point that was asked for; 0: all."""

    @property
    def name(self) -> str:
        """What the check is called in its file."""
        return self.id.partition("::")[2]

    @property
    def folder(self) -> str:
        """The folder of the suite, to which names of files are relative."""
        return str(Path(self.file).parent)


def ids_of(entry: Entry) -> list[str]:
    """The ids of the points of a check."""
    count = points_in(entry)
    ids = [entry.id] if count == 1 else [f"{entry.id}[{i}]" for i in range(1, count + 1)]
    return ids[entry.only - 1 : entry.only] if entry.only else ids


def points_in(entry: Entry) -> int:
    """How many points a check has: those that it lists, or as many as it draws."""
    at, samples = entry.table.get("at"), entry.table.get("samples")
    if isinstance(at, list):
        return len(at)
    if samples is not None or at is not None:
        return int(samples or 1)
    try:
        return 1 if parse(program_text(entry)).defaults else DEFAULT_SAMPLES
    except GradcliError:
        return 1


def listed_points(entry: Entry) -> list[tuple[Any, str]]:
    """The points that an entry lists, with their ids; one without id of its own where it gives one point, or draws them."""
    at = entry.table.get("at")
    if not isinstance(at, list):
        return [(at, entry.id)]
    numbered = zip(at, ids_of(replace(entry, only=0)), strict=True)
    return [pair for i, pair in enumerate(numbered, 1) if entry.only in (0, i)]


def program_text(entry: Entry) -> str:
    """The text of a check's program, or of the file that it names, relative to the suite."""
    program: str = entry.table["program"]
    word = program.strip()
    if not (word.startswith("@") or word.endswith(".grad")):
        return program
    try:
        return read_text(str(Path(entry.folder) / word.removeprefix("@")))
    except FileProblem as fault:
        fault.hint = f"files are relative to the suite {entry.file}"
        raise
