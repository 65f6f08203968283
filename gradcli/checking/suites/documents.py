"""TOML files with the line of everything that they say. Knows nothing of checks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gradcli.checking.suites.toml_places import Path, Place, places
from gradcli.errors import SuiteError
from gradcli.files import read_text


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
    return parsed(file, read_text(file))


def parsed(file: str, text: str) -> Document:
    """The text of a TOML file, understood."""
    try:
        return Document(file, text, tomllib.loads(text), places(text))
    except ValueError as fault:
        raise malformed(file, str(fault)) from fault
    except RecursionError as fault:
        raise SuiteError("arrays are nested too deeply", file, None, "an array of the language has at most a few axes") from fault


def malformed(file: str, message: str) -> SuiteError:
    """The error for text that is no TOML, with the line that the parser names."""
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    said = re.sub(r"\s*\(at (line \d+, column \d+|end of document)\)", "", message)
    return SuiteError(
        f"this is no TOML: {said}", file, int(place[1]) if place else None, 'a check is [[check]], then lines such as program = "x**2"'
    )
