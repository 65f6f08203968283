"""Where a suite states expected values, and the edits of its text that state others: whatever else stands there stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gradcli.checking.suites.documents import Document
from gradcli.checking.suites.toml_places import Path, Place
from gradcli.language.points import NUMBER, normal, pieces

BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim as it stands in a suite: its input or element, whether it is a number, and the piece of text that says which."""

    name: str
    is_number: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Edit:
    """A piece of text, and what takes its place."""

    start: int
    end: int
    text: str


class NoPlace(Exception):
    """A value can't be written where it would have to stand; says why."""


def edited(text: str, edits: Sequence[Edit]) -> str:
    """The text after some edits, none of which touches another."""
    for edit in sorted(edits, key=lambda edit: -edit.start):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def at_path(content: Any, path: Path) -> Any:
    """What a document says at a path; None where there is nothing."""
    for step in path:
        if isinstance(step, int):
            content = content[step] if isinstance(content, list) and step < len(content) else None
        else:
            content = content.get(step) if isinstance(content, Mapping) else None
    return content


def statements(document: Document, path: Path, only: str) -> list[Statement]:
    """The claims of an `expect` key; `only` is the input that a claim without a name is about."""
    said, place = at_path(document.content, path), document.places[path]
    if isinstance(said, Mapping):
        return [of_key(document, (*path, name), name, value) for name, value in said.items()]
    if isinstance(said, list):
        return [one for i, item in enumerate(said) for one in of_item(document, document.places[(*path, i)], item, only)]
    return list(of_item(document, place, said, only))


def of_key(document: Document, path: Path, name: str, value: Any) -> Statement:
    """The claim of a key: a formula, a number, or a table with a number."""
    if isinstance(value, Mapping):
        place = document.places.get((*path, "value"), document.places[path])
        return Statement(normal(name), "value" in value, place.start, place.end)
    place = document.places[path]
    return Statement(normal(name), not isinstance(value, str) or is_number(value), place.start, place.end)


def of_item(document: Document, place: Place, value: Any, only: str) -> Iterator[Statement]:
    """The claims of a number without a name, or of a text such as "w=5,x=w+1"."""
    if not isinstance(value, str):
        yield Statement(only, True, place.start, place.end)
        return
    at = place.start + 1
    if document.text[at : place.end - 1] != value:
        raise NoPlace("its expectation is a text with escapes or of several lines")
    for piece in pieces(value):
        name, equals, claim = piece.partition("=")
        if not equals:
            name, claim = only, piece
        start = at + len(piece) - len(claim.lstrip())
        yield Statement(normal(name.strip()), is_number(claim), start, start + len(claim.strip()))
        at += len(piece) + 1


def is_number(text: str) -> bool:
    """Whether the text of a claim is a number, or an array of numbers."""
    return all(NUMBER.fullmatch(part.strip()) for part in re.sub(r"[\[\]]", "", text).split(","))


def renewed(document: Document, statement: Statement, value: Any) -> Edit:
    """The edit that gives a claim another number."""
    return Edit(statement.start, statement.end, toml(value))


def added(document: Document, where: Path, values: Mapping[str, Any]) -> Edit:
    """The edit that adds claims to the table of a check. Raises NoPlace where there is no table to add them to."""
    path = (*where, "expect")
    pairs = [f"{key(name)} = {toml(value)}" for name, value in values.items()]
    said = at_path(document.content, path)
    if said is None:
        return after_last(document, where, [f"expect = {{{', '.join(pairs)}}}"])
    if not isinstance(said, Mapping):
        raise NoPlace(f"its expectation is no table, to which {', '.join(values)} could be added")
    if not said and document.text[document.places[path].start] == "{":
        return Edit(document.places[path].start, document.places[path].end, f"{{{', '.join(pairs)}}}")
    return after_last(document, path, [f"expect.{pair}" for pair in pairs] if is_dotted(document, path) else pairs)


def after_last(document: Document, path: Path, pairs: Sequence[str]) -> Edit:
    """The edit that adds keys to a table: in an inline table after its last value, else on lines of their own after its last key."""
    table, text = document.places[path], document.text
    below = [document.places[(*path, name)] for name in at_path(document.content, path)]
    own = [place for place in below if place.start != place.key]
    last = max(own, key=lambda place: place.end, default=table)
    if text[table.start] == "{" and not is_dotted(document, path):
        return Edit(last.end, last.end, "".join(f", {pair}" for pair in pairs))
    begin, end = text.rfind("\n", 0, last.key) + 1, text.find("\n", last.end)
    end = len(text) if end < 0 else end
    cr = "\r" if text[end - 1] == "\r" else ""
    indent = "" if text[begin : last.key].strip() else text[begin : last.key]
    return Edit(end - len(cr), end - len(cr), "".join(f"{cr}\n{indent}{pair}" for pair in pairs))


def is_dotted(document: Document, path: Path) -> bool:
    """Whether the keys of a table are written as `table.key = value`."""
    keys = at_path(document.content, path)
    return any(document.places[(*path, name)].key == document.places[path].key for name in keys)


def toml(value: Any) -> str:
    """A number or nested lists of numbers, with all digits."""
    return f"[{', '.join(map(toml, value))}]" if isinstance(value, list) else repr(float(value))


def key(name: str) -> str:
    """A name as a key."""
    return name if BARE_KEY.fullmatch(name) else json.dumps(name, ensure_ascii=False)
