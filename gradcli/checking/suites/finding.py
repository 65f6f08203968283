"""Suite files: which files below a folder are suites. Knows names of files and folders, not what suites say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from gradcli.checking.suites.project import FILE, HEADER, Project
from gradcli.errors import FileProblem
from gradcli.files import quietly

SUFFIX = ".grad.toml"
SKIPPED = frozenset(("node_modules", "__pycache__", "site-packages", "build", "dist", "venv"))
"""Folders that are not searched, beside those whose names begin with a dot."""


def suites_at(path: str, project: Project | None = None) -> list[str]:
    """The suite files at a path: the file itself, or all below a folder in the order of their names, as the project wishes."""
    if not os.path.isdir(path):  # noqa: PTH112
        if path.endswith(("/", "\\")):
            raise FileProblem(f"there is no folder '{path}'", f"the current folder is {os.getcwd()}")  # noqa: PTH109
        return [path]
    project = project and project.asked_for(Path(path).resolve())
    return sorted(below(path, project), key=lambda name: Path(name).parts)


def below(folder: str, project: Project | None) -> Iterator[str]:
    """The suite files below a folder."""
    for root, folders, files in os.walk(folder):
        here = Path(root).resolve()
        folders[:] = [name for name in folders if is_searched(here / name, project)]
        for name in files:
            path = Path(root, name).as_posix()
            if is_suite(here / name, path, project):
                yield path


def is_searched(folder: Path, project: Project | None) -> bool:
    """Whether suites are looked for in a folder that was met on the way."""
    return not (folder.name.startswith(".") or folder.name in SKIPPED or (project is not None and project.excludes(folder)))


def is_suite(full: Path, path: str, project: Project | None) -> bool:
    """Whether a file that was met on the way is a suite: called like one, or a pyproject.toml that speaks of gradcli."""
    usual = full.name.endswith(SUFFIX) or (full.name == FILE and HEADER in quietly(path))
    return usual if project is None else project.includes(full, usual) and not project.excludes(full)
