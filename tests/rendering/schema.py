"""A validator for the part of JSON Schema that our published schemas use."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool, "null": type(None), "number": (int, float)}


def faults(value: Any, name: str) -> list[str]:
    """What is wrong with a value by a published schema."""
    schema = json.loads(files("gradcli.rendering").joinpath(f"schemas/{name}-1.json").read_text("utf-8"))
    return list(wrong(value, schema, schema, "$"))


def wrong(value: Any, rule: dict[str, Any], schema: dict[str, Any], place: str) -> list[str]:
    """What is wrong with a value at a place."""
    if "$ref" in rule:
        return wrong(value, schema["$defs"][rule["$ref"].removeprefix("#/$defs/")], schema, place)
    if "anyOf" in rule:
        tries = [wrong(value, one, schema, place) for one in rule["anyOf"]]
        return [] if [] in tries else [f"{place}: {value!r:.60} fits nothing: {tries}"]
    if "type" in rule and not typed(value, rule["type"]):
        return [f"{place}: {value!r:.60} is no {rule['type']}"]
    if value not in rule.get("enum", [value]) or value != rule.get("const", value):
        return [f"{place}: {value!r:.60} is not allowed"]
    missing = [f"{place}: no {key}" for key in rule.get("required", ()) if key not in value]
    missing += [fault for one in rule.get("allOf", ()) for fault in wrong(value, one, schema, place)]
    return missing + [fault for inner, one, where in parts(value, rule, place) for fault in wrong(inner, one, schema, where)]


def typed(value: Any, kind: str) -> bool:
    """Whether a value has a type of JSON, to which true is no number."""
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))


def parts(value: Any, rule: dict[str, Any], place: str) -> list[tuple[Any, dict[str, Any], str]]:
    """The parts of a value with their rules."""
    if isinstance(value, list):
        return [(item, rule.get("items", {}), f"{place}[{i}]") for i, item in enumerate(value)]
    if not isinstance(value, dict):
        return []
    other = rule.get("additionalProperties", {})
    known = rule.get("properties", {})
    return [(item, known.get(key, other if isinstance(other, dict) else {}), f"{place}.{key}") for key, item in value.items()]
