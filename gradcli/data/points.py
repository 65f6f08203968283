"""Points with files in them: `x=@data.npy` among other values, and whole points in files, `@point.json`, `@table.csv`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from gradcli.data.place import Place
from gradcli.errors import FileProblem
from gradcli.files import decoded
from gradcli.language.points import Given, entries, normal

EXAMPLE = '{"w": 1, "x": [1, 2]}'


class Written(dict[str, Any]):
    """A point whose values come from files and texts; `words` are those that named the files, by input."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[str, str] = {}


def joined(texts: Iterable[str], place: Place, what: str = "--at") -> dict[str, Any] | None:
    """The point that several texts give, of which later ones win: `x=1,w=@data.npy` or `@point.json`; None without any value.

    `what` is the option that they stand in.
    """
    point = Written()
    for text in texts:
        for name, value, word in pairs(text, place, what):
            point.pop(normal(name), None)
            point[normal(name)] = value
            point.words[normal(name)] = word
    return point or None


def resolved(given: Given, place: Place) -> Given:
    """A point with the values of its files in the place of their names."""
    if isinstance(given, str):
        return joined([given], place) if "@" in given else given
    return {name: value_in(value, place) for name, value in given.items()} if isinstance(given, Mapping) else given


def pairs(text: str, place: Place, what: str) -> Iterator[tuple[str, Any, str]]:
    """The names and values of one text, and the word that named the file of each; empty where no word does so again."""
    if text.strip().startswith("@"):
        name = text.strip()[1:]
        several = name.lower().endswith((".npz", ".csv", ".tsv"))
        yield from ((key, value, f"@{name}:{key}" if several else "") for key, value in point_file(name, place))
    elif text.strip():
        for name, value in entries(text, what):
            yield name, value_in(value, place), value.strip() if value.strip().startswith("@") and "@-" not in value else ""


def value_in(value: Any, place: Place) -> Any:
    """A value, read from a file where it names one."""
    return place.value(value) if isinstance(value, str) and value.strip().startswith("@") else value


def point_file(name: str, place: Place) -> Iterator[tuple[str, Any]]:
    """The names and values of a file: the arrays of .npz, the columns of a table, the entries of JSON or TOML."""
    ending = name.lower()[-5:]
    if name == "-" or ending.endswith((".npz", ".csv", ".tsv")):
        return iter(place.values(name).items())
    if ending in (".json", ".toml"):
        return entries_of(name, place)
    raise FileProblem(f"'{name}' is no point file", hint="a point file is .json, .toml, .csv or .npz; an array has a name: x=@x.npy")


def entries_of(name: str, place: Place) -> Iterator[tuple[str, Any]]:
    """The entries of a JSON or TOML file; files that it names are relative to it."""
    table = parsed(decoded(place.read(name), f"'{name}'"), name)
    if not isinstance(table, dict):
        raise FileProblem(f"'{name}' is no mapping of names to values", hint=EXAMPLE)
    inner = place.beside(name)
    return ((key, value_of(name, key, value, inner)) for key, value in table.items())


def parsed(text: str, name: str) -> Any:
    """What a JSON or TOML text says."""
    try:
        if name.lower().endswith(".toml"):
            import tomllib

            return tomllib.loads(text)
        import json

        return json.loads(text, object_pairs_hook=distinct)
    except (ValueError, RecursionError) as problem:
        raise FileProblem(f"'{name}' can't be understood: {problem}", hint=EXAMPLE) from problem


def distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, refused if it gives a name two values."""
    table = dict(pairs)
    if len(table) < len(pairs):
        raise ValueError("a name has two values")
    return table


def value_of(name: str, key: str, value: Any, place: Place) -> Any:
    """A value of a point file: a number, a constant expression, the name of a file, or nested lists of numbers and expressions."""
    if not normal(key).isidentifier():
        raise FileProblem(f"'{name}': '{key}' is no name", hint="names are letters, digits and _")
    if isinstance(value, list):
        return value if not any(map(holds_text, value)) else list_text(name, key, value)
    refuse(name, key, value)
    return value_in(value, place)


def refuse(name: str, key: str, value: Any) -> None:
    """Refuse what is neither a number nor text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise FileProblem(f"'{name}': the value of '{key}' is neither a number nor text nor a list of them", hint=f'"{key}": 1.5')


def holds_text(value: Any) -> bool:
    """Whether nested lists have an expression somewhere, or something else that is no number."""
    return any(map(holds_text, value)) if isinstance(value, list) else isinstance(value, bool) or not isinstance(value, int | float)


def list_text(name: str, key: str, value: Any) -> str:
    """Nested lists in the language's own notation, with expressions in brackets."""
    if isinstance(value, list):
        return "[" + ",".join(list_text(name, key, item) for item in value) + "]"
    refuse(name, key, value)
    return f"({value})" if isinstance(value, str) else repr(value)
