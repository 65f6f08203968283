"""Where the files of a point are looked for, and which of them are read how. Knows names of files, not what they say."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gradcli.errors import FileProblem
from gradcli.files import decoded, read_bytes

PART = re.compile(r"(?is)(-|.*\.(?:npz|csv|tsv)):(.*)")
"""A file of several arrays, and the one that is meant."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that names of files are relative to, "" for the current one; what reads standard input, or why nothing does."""

    folder: str = ""
    stdin: Callable[[], bytes] | None = None
    no_stdin: str = "a suite reads no standard input"

    def value(self, word: str) -> Any:
        """The number or the array that a word such as `@data.npz:key` means."""
        name, part = split(word)
        shown = shown_name(name)
        data, ending = self.read(name), name.lower()[-4:]
        if ending in (".npy", ".npz"):
            from gradcli.data.numpy_files import from_npy, from_npz

            return from_npy(data, shown) if ending == ".npy" else from_npz(data, shown, part)
        from gradcli.data.tables import from_table, from_values

        if ending in (".csv", ".tsv") or part is not None:
            return from_table(decoded(data, shown), shown, part)
        return from_values(decoded(data, shown), shown)

    def values(self, name: str) -> dict[str, Any]:
        """All arrays of a .npz file, or all columns of a table, by their names."""
        shown = shown_name(name)
        if name.lower().endswith(".npz"):
            from gradcli.data.numpy_files import arrays_of

            return arrays_of(self.read(name), shown)
        from gradcli.data.tables import columns_of

        return columns_of(decoded(self.read(name), shown), shown)

    def read(self, name: str) -> bytes:
        """The bytes of a file, or of standard input."""
        if name == "-":
            if self.stdin is None:
                raise FileProblem(f"'@-' gives no values here: {self.no_stdin}", hint="write the name of a file: x=@values.txt")
            return self.stdin()
        try:
            return read_bytes(os.path.join(self.folder, name))  # noqa: PTH118 - a name may hold what no path may
        except FileProblem as fault:
            if self.folder and not fault.hint.startswith("did you mean"):  # type: ignore[union-attr]
                fault.hint = f"names of files are relative to the folder {self.folder}"
            raise

    def beside(self, name: str) -> Place:
        """The place of the names in a file of this place."""
        return Place(os.path.join(self.folder, os.path.dirname(name)), self.stdin, self.no_stdin)  # noqa: PTH118, PTH120


def shown_name(name: str) -> str:
    """A file's name in messages."""
    return "<stdin>" if name == "-" else f"'{name}'"


def split(word: str) -> tuple[str, str | None]:
    """The file that a word with @ names, and the array or column of it."""
    name = word.strip()[1:].strip()
    if not name:
        raise FileProblem("a file has no name", hint="x=@data.npy, x=@table.csv:column, x=@-")
    found = PART.fullmatch(name)
    if found and not found[2].strip():
        raise FileProblem(f"'{name}' names no array", hint=f"write @{found[1]}:NAME")
    return (found[1], found[2].strip()) if found else (name, None)
