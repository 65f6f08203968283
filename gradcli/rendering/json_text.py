"""JSON as text: valid (numbers that are not finite are strings), in ASCII whatever the names, and quick for many nodes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gradcli.rendering.arrays import json_value

Encode = Callable[[Any], str]


def document(value: Any) -> str:
    """An indented document, in which an object that holds no other object takes one line."""
    return pretty(value, "\n", encoder()) + "\n"


def compact(value: Any) -> str:
    """One line."""
    return encoder()(value) + "\n"


def encoder() -> Encode:
    """The encoder of the standard library, which refuses what is not JSON."""
    from json import JSONEncoder

    return JSONEncoder(allow_nan=False).encode


def pretty(value: Any, newline: str, encode: Encode) -> str:
    """A value with its objects below each other; `newline` carries the indentation."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not any(map(holds_objects, items)):
        return encode(value)
    inner = newline + "  "
    if isinstance(value, list):
        return f"[{inner}{(',' + inner).join(pretty(item, inner, encode) for item in value)}{newline}]"
    return f"{{{inner}{(',' + inner).join(f'{encode(key)}: {pretty(item, inner, encode)}' for key, item in value.items())}{newline}}}"


def holds_objects(value: Any) -> bool:
    """Whether a value is an object, or a list of objects."""
    return isinstance(value, dict) or (isinstance(value, list) and bool(value) and isinstance(value[0], dict))


def numbers(values: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping to numbers and arrays with every number fit for JSON."""
    return {name: json_value(value) for name, value in values.items()}
