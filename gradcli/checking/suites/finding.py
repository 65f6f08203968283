"""Suite files: which files below a folder are suites. Knows names of files and folders, not what suites say."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from gradcli.errors import FileProblem, GradcliError
from gradcli.files import read_text

SUFFIX = ".grad.toml"
SKIPPED = frozenset(("node_modules", "__pycache__", "site-packages", "build", "dist", "venv"))
"""Folders that are not searched, beside those whose names begin with a dot."""


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
