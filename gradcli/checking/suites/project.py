"""The project that a command runs in: what [tool.gradcli] of its pyproject.toml says about suites.

The project is that of the current folder, never that of a suite: a suite from elsewhere can't give itself a permission.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from gradcli.checking.suites.documents import Document, read_document
from gradcli.errors import nearest
from gradcli.files import quietly

FILE = "pyproject.toml"
SECTION = ("tool", "gradcli")
HEADER = "[tool.gradcli"
"""What a pyproject.toml contains that has something to say to gradcli."""

SETTINGS: Mapping[str, tuple[type, str]] = {
    "allow-exec": (bool, "true"),
    "include": (list, '["checks/**/*.toml"]'),
    "exclude": (list, '["generated"]'),
    "check": (list, ""),
    "defaults": (dict, ""),
}
"""The keys of [tool.gradcli], with the types of their values and examples."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project: its folder, whether suites in it may run code, and which files in it are suites.

    Patterns are relative to the folder: `*` and `?` stand for a part of one name, `**` for any number of folders. One that fits a
    folder fits what is in it.
    """

    folder: Path
    allow_exec: bool = False
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()

    def parts(self, path: Path) -> Sequence[str]:
        """The names that lead from the folder of the project to a path; none for a path outside."""
        return path.relative_to(self.folder).parts if path.is_relative_to(self.folder) else ()

    def holds(self, file: str) -> bool:
        """Whether a file is in the folder of the project, also when links are followed."""
        return Path(file).resolve().is_relative_to(self.folder)

    def asked_for(self, folder: Path) -> Project:
        """The project without the patterns that would leave out a folder that somebody names."""
        return replace(self, exclude=[pattern for pattern in self.exclude if not fits_folder(pattern, self.parts(folder))])

    def excludes(self, path: Path) -> bool:
        """Whether a path is left out when folders are searched."""
        return any(fits_folder(pattern, self.parts(path)) for pattern in self.exclude)

    def includes(self, path: Path, usual: bool) -> bool:
        """Whether a file is a suite when folders are searched; `usual` says whether it is called like one."""
        parts = self.parts(path)
        if not self.include or not parts or parts == (FILE,):
            return usual
        return path.suffix == ".toml" and any(fits(pattern, parts) or (usual and fits_folder(pattern, parts)) for pattern in self.include)


def fits(pattern: str, parts: Sequence[str]) -> bool:
    """Whether a pattern fits a path."""
    return fits_parts(pattern.strip("/").split("/"), parts)


def fits_folder(pattern: str, parts: Sequence[str]) -> bool:
    """Whether a pattern fits a path, or a folder that it is in."""
    return any(fits(pattern, parts[:length]) for length in range(1, len(parts) + 1))


def fits_parts(pattern: Sequence[str], parts: Sequence[str]) -> bool:
    """The same for names in order."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(fits_parts(pattern[1:], parts[skipped:]) for skipped in range(len(parts) + 1))
    return bool(parts) and fnmatchcase(parts[0], pattern[0]) and fits_parts(pattern[1:], parts[1:])


def current_project() -> Project | None:
    """The project of the current folder: that of the nearest pyproject.toml with [tool.gradcli] here or above, up to the repository.

    Raises SuiteError with the line for settings that can't be understood.
    """
    try:
        here = Path.cwd().resolve()
    except FileNotFoundError:
        return None
    for folder in (here, *here.parents):
        file = folder / FILE
        if HEADER in quietly(str(file)):
            return project_of(read_document(os.path.relpath(file)), folder)
        if (folder / ".git").exists():
            break
    return None


def project_of(document: Document, folder: Path) -> Project:
    """The project that a pyproject.toml describes."""
    said = settings(document)
    return Project(folder, said.get("allow-exec", False), said.get("include", ()), said.get("exclude", ()))


def settings(document: Document) -> Mapping[str, Any]:
    """What a pyproject.toml says under [tool.gradcli]. Raises SuiteError for what has no meaning there."""
    said = document.content.get("tool", {})
    said = said.get("gradcli", {}) if isinstance(said, dict) else {}
    if not isinstance(said, dict):
        raise document.fault("'tool.gradcli' is no table", SECTION, "write [tool.gradcli], then lines such as allow-exec = true")
    for key, value in said.items():
        if key not in SETTINGS:
            near = nearest(key, SETTINGS)
            cure = f"did you mean '{near}'?" if near else "keys: " + ", ".join(SETTINGS)
            raise document.fault(f"unknown key '{key}' under [tool.gradcli]", (*SECTION, key), cure)
        kind, example = SETTINGS[key]
        if example and not (isinstance(value, kind) and (not isinstance(value, list) or all(isinstance(one, str) for one in value))):
            raise document.fault(f"'{key}' has a value of the wrong kind", (*SECTION, key), f"write {key} = {example}")
    return said
