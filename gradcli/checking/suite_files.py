"""Suite files: `*.grad.toml` with [[check]] tables, found in folders and read with file and line for every fault. Nothing is run.

Every key of a table is a long option of `gradcli check`.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gradcli.checking.requests import DECLARABLE, verdict_cure
from gradcli.checking.sampling import DEFAULT_SAMPLES
from gradcli.errors import FileProblem, GradcliError, SuiteError, nearest
from gradcli.files import read_text
from gradcli.language import parse

SUFFIX = ".grad.toml"
SKIPPED = frozenset(("node_modules", "__pycache__", "site-packages", "build", "dist", "venv"))
"""Folders that are not searched, beside those whose names begin with a dot."""

NAMES = ("wrt", "freeze", "of")
BUDGETS = ("max-steps", "max-nodes", "max-elements", "max-depth")
KEYS = (
    "name", "program", "at", "expect", *NAMES, "grad-output", "sum", "order", "samples", "seed", "verdict", "max-digits-lost",
    "require-resolution", *BUDGETS,
)  # fmt: skip
LATER = ("python", "exec", "um-bridge", "over")
"""Keys of checks that this version does not run."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One check of a suite: its id, its table, and the line where the table begins."""

    id: str
    file: str
    line: int
    table: Mapping[str, Any]
    only: int = 0
    """The number of the only point that was asked for; 0: all."""


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


def program_text(entry: Entry) -> str:
    """The text of a check's program, or of the file that it names, relative to the suite."""
    program: str = entry.table["program"]
    word = program.strip()
    if not (word.startswith("@") or word.endswith(".grad")):
        return program
    try:
        return read_text(str(Path(entry.file).parent / word.removeprefix("@")))
    except FileProblem as fault:
        fault.hint = f"files are relative to the suite {entry.file}"
        raise


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
        own = entry.id.partition("::")[2]
        point = re.fullmatch(re.escape(own) + r"\[(\d+)\]", name)
        if name == own:
            return [entry]
        if point and f"{entry.id}[{point[1]}]" in ids_of(entry):
            return [replace(entry, only=int(point[1]))]
    near = nearest(name, [entry.id.partition("::")[2] for entry in chosen])
    raise SuiteError(
        f"there is no check '{name}'", file, hint=f"did you mean '{near}'?" if near else "gradcli check --list shows the names"
    )


def suites_at(path: str) -> list[str]:
    """The suite files at a path: the file itself, or all below a folder in the order of their names."""
    if not os.path.isdir(path):  # noqa: PTH112
        if path.endswith(("/", "\\")):
            raise FileProblem(f"there is no folder '{path}'", f"the current folder is {os.getcwd()}")  # noqa: PTH109
        return [path]
    return sorted(below(path), key=lambda name: Path(name).parts)


def below(folder: str) -> Iterator[str]:
    """The suite files below a folder."""
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in SKIPPED]
        for name in files:
            path = Path(root, name).as_posix()
            if name.endswith(SUFFIX) or (name == "pyproject.toml" and "[tool.gradcli" in quietly(path)):
                yield path


def quietly(path: str) -> str:
    """The text of a file that may be somebody else's; empty if it can't be read."""
    try:
        return read_text(path)
    except GradcliError:
        return ""


def read_suite(file: str) -> list[Entry]:
    """The checks of one suite file. Raises FileProblem or SuiteError with file and line."""
    text = read_text(file)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise malformed(file, str(fault)) from fault
    tables, header = tables_of(document, file, text)
    lines = header_lines(text, header)
    found = [
        Entry(f"{file}::{name_of(table, i)}", file, line, table) for i, (table, line) in enumerate(zip(tables, lines, strict=False), 1)
    ]
    if len(found) < len(tables):
        found = [Entry(f"{file}::{name_of(table, i)}", file, 1, table) for i, table in enumerate(tables, 1)]
    lines_of_text = text.split("\n")
    for entry in found:
        validate(entry, lines_of_text)
    refuse_duplicates(found)
    return found


def malformed(file: str, message: str) -> SuiteError:
    """The error for text that is no TOML, with the line that the parser names."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    said = re.sub(r"\s*\(at (line \d+, column \d+|end of document)\)", "", message)
    return SuiteError(
        f"this is no TOML: {said}", file, int(place[1]) if place else None, 'a check is [[check]], then lines such as program = "x**2"'
    )


def tables_of(document: Mapping[str, Any], file: str, text: str) -> tuple[list[Any], str]:
    """The check tables of a document, and how their header is written."""
    if file.endswith("pyproject.toml"):
        tool = document.get("tool", {}).get("gradcli", {}) if isinstance(document.get("tool", {}), dict) else {}
        header = "tool.gradcli.check"
        return list_of_tables(tool.get("check", []) if isinstance(tool, dict) else None, file, header, text), header
    unknown = [key for key in document if key != "check"]
    if unknown:
        near = nearest(unknown[0], ("check",))
        raise SuiteError(
            f"unknown key '{unknown[0]}' at the top",
            file,
            line_at_the_top(unknown[0], text),
            "did you mean [[check]]?" if near else "a suite has [[check]] tables",
        )
    return list_of_tables(document.get("check", []), file, "check", text), "check"


def list_of_tables(tables: Any, file: str, header: str, text: str) -> list[Any]:
    """The tables under a header. Raises SuiteError if there is anything else."""
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        line = line_at_the_top(header, text) or line_at_the_top(header.rpartition(".")[0], text)
        raise SuiteError(f"'{header}' is no list of tables", file, line, f"write [[{header}]] with two brackets")
    return tables


def line_at_the_top(key: str, text: str) -> int | None:
    """The line on which a key or a header at the top of a document stands first."""
    match = re.search(rf"(?m)^[ \t]*(\[\[?[ \t]*)?[\"']?{re.escape(key)}[\"']?[ \t]*[\].=]", text) if key else None
    return text.count("\n", 0, match.start()) + 1 if match else None


def header_lines(text: str, header: str) -> list[int]:
    """The lines of the [[check]] headers."""
    pattern = re.compile(rf"[ \t]*\[\[\s*{re.escape(header)}\s*\]\]")
    return [number for number, line in enumerate(text.split("\n"), 1) if "[[" in line and pattern.match(line)]


def name_of(table: Mapping[str, Any], i: int) -> str:
    """The name of a check: its own, its program, or its number."""
    program = table.get("program")
    own = table.get("name") or (program if isinstance(program, str) and "\n" not in program and len(program) <= 60 else f"check {i}")
    return str(own)


def validate(entry: Entry, text: Sequence[str]) -> None:
    """Refuses unknown keys and values of a wrong kind, with the line of the key; `text` is the lines of the suite."""
    table = entry.table
    for key in table:
        if key in LATER:
            raise SuiteError(
                f"checks with '{key}' are not part of this version", entry.file, line_of(entry, key, text), "a check has a program"
            )
        if key not in KEYS:
            near = nearest(key, KEYS)
            raise SuiteError(
                f"unknown key '{key}'",
                entry.file,
                line_of(entry, key, text),
                f"did you mean '{near}'?" if near else "keys: " + ", ".join(KEYS),
            )
    if "program" not in table:
        raise SuiteError("the check has no program", entry.file, entry.line, 'write program = "x**2", or program = "name.grad" for a file')
    for key, kinds, example in KINDS:
        if key in table and (not isinstance(table[key], kinds) or isinstance(table[key], bool) != (kinds is bool)):
            raise SuiteError(f"'{key}' has a value of the wrong kind", entry.file, line_of(entry, key, text), f"write {key} = {example}")
    for key, example in (("name", '"a name"'), ("at", "{x = 1}")):
        if key in table and table[key] in ("", []):
            cure = f"write {key} = {example}, or leave it out"
            raise SuiteError(f"'{key}' is empty", entry.file, line_of(entry, key, text), cure)
    if "verdict" in table and table["verdict"] not in DECLARABLE:
        word = table["verdict"]
        raise SuiteError(f"there is no verdict '{word}'", entry.file, line_of(entry, "verdict", text), verdict_cure(word))


KINDS: tuple[tuple[str, Any, str], ...] = (
    ("name", str, '"a name"'),
    ("program", str, '"x**2"'),
    ("at", (dict, str, list), "{w = 1, x = 2}"),
    ("expect", (dict, str, int, float, list), '{w = "2*w + x + 1"}'),
    ("wrt", (list, str), '["w", "x"]'),
    ("freeze", (list, str), '["x"]'),
    ("of", (list, str), '["y"]'),
    ("grad-output", (dict, str, int, float, list), "{y = 1, z = 2}"),
    ("sum", bool, "true"),
    ("order", int, "2"),
    ("samples", int, "5"),
    ("seed", int, "1"),
    *((budget, int, "1000000") for budget in BUDGETS),
    ("verdict", str, '"kink"'),
    ("max-digits-lost", (int, float), "6"),
    ("require-resolution", (int, float), "1e-9"),
)


def line_of(entry: Entry, key: str, lines: Sequence[str]) -> int:
    """The line on which a key of a check stands."""
    for number in range(entry.line, len(lines)):
        if re.match(rf"\s*(\[check\.)?[\"']?{re.escape(key)}[\"']?\s*[\]=.]", lines[number]):
            return number + 1
        if lines[number].lstrip().startswith("[["):
            break
    return entry.line


def refuse_duplicates(found: Sequence[Entry]) -> None:
    """Names are unique in a file: an id must mean one check."""
    seen: dict[str, Entry] = {}
    for entry in found:
        if entry.id in seen:
            name = entry.id.partition("::")[2]
            raise SuiteError(f"a second check named '{name}' (the first is in line {seen[entry.id].line})", entry.file, entry.line,
                             f'give it another name: name = "{name} 2"')  # fmt: skip
        seen[entry.id] = entry
