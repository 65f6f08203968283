"""Places in TOML: what stands at a place, read by itself, is what tomllib reads there."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gradcli.checking.suites.toml_places import Path, places

TEXTS = (
    "",
    "a = 1\n",
    'a = 1 # [[b]]\n"b c".d = [1, [2, "]"], # x = 3\n 4,\n]\r\nx = {y = 1, z = {w = "}"}}\n',
    "[[check]]\nname = \"\"\"a\n[[check]]\nq\"\"\"\"\n[[check]]\nname = ''''b\n'''\n[check.at]\nx = 1_000.5\n[other]\n",
    "[a.b]\nc = 1979-05-27 07:32:00\nd = 07:32:00\n[[a.list]]\n[[a.list.inner]]\nx = +inf\n[[a.list.inner]]\n[[a.list]]\ny = true",
    '"\\u03b2" = \'x\'\n\'a.b\' = "\\"# no remark"\n',
    "\n\n# a remark\n  [ a . b ]\n\tc\t=\t1\n",
)


def below(value: Any, path: Path) -> Any:
    """What a document has at a path."""
    for step in path:
        value = value[step]
    return value


def agrees(text: str) -> int:
    """How many places of a text were compared with what tomllib reads; headers only say a line."""
    document = tomllib.loads(text)
    compared = 0
    for path, place in places(text).items():
        assert place.line == text.count("\n", 0, place.key) + 1
        piece = text[place.start : place.end]
        found = below(document, path)
        is_header = isinstance(found, dict) and not piece.startswith("{")
        if not is_header and (place.start != place.key or isinstance(path[-1], int)):
            assert tomllib.loads(f"a = {piece}") == {"a": found}
            compared += 1
    return compared


@pytest.mark.parametrize("text", TEXTS)
def test_what_stands_at_a_place_is_what_tomllib_reads(text: str) -> None:
    assert (agrees(text) > 0) == ("=" in text)


TEXT = st.text("aβ\"'\\#[]{}=,. \n", max_size=5)
VALUES = st.recursive(
    st.integers(-99, 99) | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


def quoted(text: str) -> str:
    """Text as a basic string of TOML."""
    return '"' + "".join(f"\\U{ord(c):08x}" if c in '"\\' or not c.isprintable() else c for c in text) + '"'


def written(value: Any) -> str:
    """A value in TOML."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{quoted(key)} = {written(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", # a ] remark\n".join(map(written, value)) + " ]"
    return quoted(value) if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)


@settings(derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.dictionaries(TEXT, VALUES, max_size=3), max_size=3))
def test_generated_documents(tables: list[dict[str, Any]]) -> None:
    text = "".join("[[check]]\n" + "".join(f"{quoted(key)} = {written(value)}\n" for key, value in table.items()) for table in tables)
    assert tomllib.loads(text).get("check", []) == tables
    agrees(text)
