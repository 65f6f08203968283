"""One check of a suite, as it was read: its table, where it stands, and the ids of its points.

What reads programs and points is loaded where it is needed: most checks say their points, and then nobody parses to list them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gradcli.errors import FileProblem, GradcliError
from gradcli.files import read_text


@dataclass(frozen=True, slots=True)
class Entry:
    """One check of a suite: its id, its table with the defaults of its file, and the line where it begins."""

    id: str
    file: str
    line: int
    table: Mapping[str, Any] = field(default_factory=dict)
    only: int = 0
    """The number of the only point that was asked for; 0: all."""
    again: str = "gradcli check"
    """The command that carries it out, but for its id."""
    where: tuple[str | int, ...] = ()
    """The keys that lead to its table in the file."""
    fault: GradcliError | None = None
    """Why it can't be carried out. A suite that can't be read is an entry as well; its id is the file."""

    @property
    def is_file(self) -> bool:
        """Whether it stands for a whole suite, which can't be read."""
        return self.id == self.file

    @property
    def kind(self) -> str:
        """Which of TARGETS it has: what computes the gradient that is checked."""
        return next((key for key in TARGETS if key in self.table), "program")

    @property
    def target(self) -> str:
        """The program, or what computes instead of one; empty where a faulty check has none."""
        word = self.table.get(self.kind, "")
        return word if isinstance(word, str) else str(word)

    @property
    def name(self) -> str:
        """What the check is called in its file."""
        return self.id.partition("::")[2]

    @property
    def folder(self) -> str:
        """The folder of the suite, to which names of files are relative."""
        return str(Path(self.file).parent)


TARGETS = ("program", "python", "exec", "um-bridge")
"""The keys that say what is checked; a check has one of them."""


def ids_of(entry: Entry) -> list[str]:
    """The ids of the points of a check."""
    count = points_in(entry)
    ids = [entry.id] if count == 1 else [f"{entry.id}[{i}]" for i in range(1, count + 1)]
    return ids[entry.only - 1 : entry.only] if entry.only else ids


def points_in(entry: Entry) -> int:
    """How many points a check has: those that it lists, or as many as it draws."""
    at = entry.table.get("at")
    if entry.fault is not None:
        return 1
    if isinstance(at, list):
        return len(at)
    if at is not None and not {"over", "samples"}.intersection(entry.table):
        return 1
    try:
        return drawn_points(entry, at)
    except GradcliError:
        return 1


def drawn_points(entry: Entry, at: Any) -> int:
    """How many points a check has that lists none, if as many as it wants are found."""
    from gradcli.checking.points.drawing import asked, count_of
    from gradcli.data import Place, resolved

    place, table = Place(entry.folder), entry.table
    names, fixed = inputs_of(entry)
    wanted = asked(resolved(at, place), resolved(table.get("over"), place), table.get("samples"), table.get("seed", 0), fixed)
    return 1 if wanted.one and (wanted.given or fixed) else count_of(wanted, names or wanted.names, fixed)


def inputs_of(entry: Entry) -> tuple[Sequence[str], Mapping[str, Any]]:
    """The inputs of a program, and the values that it has itself for some. Those of other targets are known only when they are called."""
    if entry.kind != "program":
        return (), {}
    from gradcli.language import parse

    program = parse(program_text(entry))
    return list(program.inputs), program.defaults


def split(entry: Entry) -> list[Entry]:
    """An entry as entries of one point each, where it lists them; points that are drawn stay together."""
    at = entry.table.get("at")
    if entry.fault is not None or entry.only or not isinstance(at, list) or len(at) == 1:
        return [entry]
    return [replace(entry, only=i) for i in range(1, len(at) + 1)]


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
