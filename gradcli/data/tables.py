"""Numbers in text: a column of a table, or numbers separated by blanks. Every number that can't be read is named with its place."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from io import StringIO
from typing import Any, NamedTuple

from gradcli.errors import FileProblem, nearest
from gradcli.operations.lazily import np

DELIMITERS = (",", ";", "\t")
"""What separates the cells of a table; the first one that its first line has."""


class Table(NamedTuple):
    """The cells of a table with the line of each row, and the names of its columns, [] without a line of names."""

    names: list[str]
    rows: list[tuple[int, list[str]]]

    @property
    def width(self) -> int:
        """How many columns the first row has."""
        return len(self.names) or len(self.rows[0][1])


def from_values(text: str, name: str) -> Any:
    """Numbers separated by blanks; `#` begins a remark.

    A single number is a number, numbers on one line or one on each line are a vector, several lines of several a matrix.
    """
    split = ((number, line.partition("#")[0].split()) for number, line in enumerate(text.split("\n"), 1))
    rows = [(number, words) for number, words in split if words]
    if not rows:
        raise FileProblem(f"{name} has no numbers", hint="write numbers separated by blanks: 1 2 3")
    width = len(rows[0][1])
    for number, words in rows:
        if len(words) != width:
            what = f"{name}:{number}: this line has {len(words)} numbers, line {rows[0][0]} has {width}"
            raise FileProblem(what, hint="the rows of a matrix have one length")
    numbers = [read(word, (name, number)) for number, words in rows for word in words]
    if len(numbers) == 1:
        return numbers[0]
    return np.array(numbers) if width == 1 or len(rows) == 1 else np.array(numbers).reshape(-1, width)


def from_table(text: str, name: str, column: str | None) -> Any:
    """A column of a table by its name, or by its number from 1; without a name the only one, or all of a table without names."""
    table = table_of(text, name)
    if column is None and not table.names and table.width > 1:
        return np.array([cells_of(table, i, name) for i in range(table.width)]).T.copy()
    return np.array(cells_of(table, place_of(table, name, column), name))


def columns_of(text: str, name: str) -> dict[str, Any]:
    """Every column of a table by its name."""
    table = table_of(text, name)
    if not table.names:
        raise FileProblem(f"{name} has no line with names", hint="the first line names the columns: x,w")
    return {column: np.array(cells_of(table, i, name)) for i, column in enumerate(table.names)}


def table_of(text: str, name: str) -> Table:
    """The cells of a text; its first line has names if not all of its cells are numbers."""
    first = text.lstrip("\n").partition("\n")[0]
    reader = csv.reader(StringIO(text), delimiter=next((mark for mark in DELIMITERS if mark in first), ","), skipinitialspace=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as problem:
        raise FileProblem(f"{name}:{reader.line_num}: this is no table: {problem}", hint="cells are separated by commas") from problem
    names = [cell.strip() for cell in rows[0][1]] if rows and not all(map(is_number, rows[0][1])) else []
    if len(rows) == bool(names):
        raise FileProblem(f"{name} has no rows of numbers", hint="a line with names, then a line of numbers for each row")
    return Table(names, rows[bool(names) :])


def place_of(table: Table, name: str, column: str | None) -> int:
    """The position of a column, which is given by name or by number, or is the only one."""
    known, width = table.names, table.width
    if column is None and width == 1:
        return 0
    if column is None:
        raise FileProblem(f"which column of {name}? It has {', '.join(known[:20])}", hint=f"write @{name.strip(chr(39))}:{known[0]}")
    if known.count(column) > 1:
        raise FileProblem(f"{name} has {known.count(column)} columns '{column}'", hint=f"give the number of one of them, 1 to {width}")
    if column in known:
        return known.index(column)
    if column.isascii() and column.isdecimal() and 1 <= int(column[:9]) <= width:
        return int(column) - 1
    near = nearest(column, known)
    there = f"its columns are {', '.join(known[:20])}" if known else f"its first line has no names: give a number, 1 to {width}"
    raise FileProblem(f"{name} has no column '{column}'", hint=f"did you mean '{near}'?" if near else there)


def cells_of(table: Table, place: int, name: str) -> list[float]:
    """The numbers of a column."""
    title = f" in column '{table.names[place] if table.names else place + 1}'"
    return [read(cell_of(row, place), (name, line), title) for line, row in table.rows]


def cell_of(row: Sequence[str], place: int) -> str:
    """A cell; one that is not there is empty."""
    return row[place].strip() if place < len(row) else ""


def read(word: str, place: tuple[str, int], where: str = "") -> float:
    """A number. Raises FileProblem with its file and line for anything else, also for one that no double holds."""
    try:
        value = float(word)
    except ValueError:
        value = math.inf
    if ("_" in word or math.isinf(value)) and word.lstrip("+-").lower() not in ("inf", "infinity"):
        raise unread(word, ":".join(map(str, place)), where)
    return value


def unread(word: str, place: str, where: str) -> FileProblem:
    """The error for a word that is no number, or none that a double holds."""
    if not word:
        return FileProblem(f"{place}: the cell{where} is empty", hint="write nan where a number is missing")
    if is_number(word):
        what = f"{place}: '{word[:40]}'{where} is larger than the largest double, 1.8e308"
        return FileProblem(what, hint="infinity is written inf")
    return FileProblem(f"{place}: '{word[:40]}'{where} is no number", hint=cure(word))


def is_number(word: str) -> bool:
    """Whether a word is a number as the language writes it, nan or inf."""
    try:
        float(word)
    except ValueError:
        return False
    return "_" not in word


def cure(word: str) -> str:
    """What to do about a word that is no number."""
    if "," in word and all(map(is_number, word.strip(",").split(","))):
        return "numbers are separated by blanks and have a decimal point; a file with commas is named .csv, and is read as @-:1 from a pipe"
    return "numbers are written 1.5, -2e-3, nan, inf"
