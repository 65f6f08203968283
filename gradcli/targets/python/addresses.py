"""Where a function of the user stands: `module:function` or `path/to/file.py:function`. Knows the text, loads nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from gradcli.errors import UsageError
from gradcli.language.hints import short

EXAMPLE = "write MODULE:FUNCTION or path/to/file.py:FUNCTION"


@dataclass(frozen=True)
class Address:
    """A function's place: a module by its name, or a file, and the names that lead from there to the function."""

    text: str
    module: str
    file: Path | None
    names: tuple[str, ...]

    @property
    def home(self) -> str:
        """What stands before the colon, as the user wrote it."""
        return self.text.rpartition(":")[0]


def address(text: str, folder: Path, what: str = "--python") -> Address:
    """The place that a text names; files are relative to the folder. Raises UsageError for a text that names none.

    >>> address("losses:Huber.value", Path()).names
    ('Huber', 'value')
    """
    home, _, path = text.strip().rpartition(":")
    names = tuple(path.split("."))
    if not home or (len(home) == 1 and re.match(r"[\\/]", path)):
        raise UsageError(f"{what} {short(text)} names no function", hint_without_function(text.strip()))
    if not all(name.isidentifier() for name in names):
        raise UsageError(f"{what} {short(text)}: '{short(path)}' is no name of a function", EXAMPLE)
    if home.endswith(":"):
        raise UsageError(f"{what} {short(text)} has two colons", f"write {home.rstrip(':')}:{path}")
    if home.lower().endswith(".py"):
        return Address(text.strip(), PureWindowsPath(home).stem, folder / Path(home).expanduser(), names)
    if not all(part.isidentifier() for part in home.split(".")):
        raise UsageError(f"{what} {short(text)}: '{short(home)}' is no module and no file NAME.py", hint_for_home(home, path))
    return Address(text.strip(), home, None, names)


def hint_without_function(text: str) -> str:
    """What to write where the function is missing."""
    home = text.rstrip(":")
    return f"write {home}:FUNCTION" if home and not home.startswith(":") else EXAMPLE


def hint_for_home(home: str, path: str) -> str:
    """What to write instead of something that is neither a module's name nor a file's."""
    return f"write {home}.py:{path}" if re.search(r"[\\/]", home) else EXAMPLE
