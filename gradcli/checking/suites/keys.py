"""The keys of a check: what a suite may say, of which kind each value is, and which argument of the library it becomes.

Every key is a long option of `gradcli check`, but for `program`, which is its first word, and `name`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradcli.checking.requests import DECLARABLE, verdict_cure
from gradcli.errors import nearest


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its name, the types of its value, and an example of one."""

    name: str
    kinds: tuple[type, ...]
    example: str


BUDGETS = ("steps", "nodes", "elements", "depth")
"""The limits of a run, with the library's names; the keys are max-steps and so on."""

KEYS = {
    key.name: key
    for key in (
        Key("name", (str,), '"a name"'),
        Key("program", (str,), '"x**2"'),
        Key("at", (dict, str, list), "{w = 1, x = 2}"),
        Key("expect", (dict, str, int, float, list), '{w = "2*w + x + 1"}'),
        Key("wrt", (list, str), '["w", "x"]'),
        Key("freeze", (list, str), '["x"]'),
        Key("of", (list, str), '["y"]'),
        Key("grad-output", (dict, str, int, float, list), "{y = 1, z = 2}"),
        Key("sum", (bool,), "true"),
        Key("order", (int,), "2"),
        Key("samples", (int,), "5"),
        Key("seed", (int,), "1"),
        Key("verdict", (str,), '"kink"'),
        Key("max-digits-lost", (int, float), "6"),
        Key("require-resolution", (int, float), "1e-9"),
        *(Key(f"max-{budget}", (int,), "1000000") for budget in BUDGETS),
    )
}
"""Every key by its name."""

LATER = ("python", "exec", "um-bridge", "over")
"""Keys of checks that this version does not run."""


class Mistake(NamedTuple):
    """What is wrong with a table: a sentence, what to write instead, and the key that it is about, "" for all of it."""

    message: str
    cure: str
    key: str = ""


def mistakes(table: Mapping[str, Any]) -> Iterator[Mistake]:
    """What is wrong with the table of a check."""
    for key, value in table.items():
        yield from mistakes_of_key(key, value)
    if "program" not in table:
        yield Mistake("the check has no program", 'write program = "x**2", or program = "name.grad" for a file')


def mistakes_of_key(key: str, value: Any) -> Iterator[Mistake]:
    """What is wrong with a key and its value."""
    if key in LATER:
        yield Mistake(f"checks with '{key}' are not part of this version", "a check has a program", key)
    elif key not in KEYS:
        near = nearest(key, KEYS)
        yield Mistake(f"unknown key '{key}'", f"did you mean '{near}'?" if near else "keys: " + ", ".join(KEYS), key)
    elif not has_kind(value, KEYS[key].kinds):
        yield Mistake(f"'{key}' has a value of the wrong kind", f"write {key} = {KEYS[key].example}", key)
    elif key in ("name", "at") and value in ("", []):
        yield Mistake(f"'{key}' is empty", f"write {key} = {KEYS[key].example}, or leave it out", key)
    elif key == "verdict" and value not in DECLARABLE:
        yield Mistake(f"there is no verdict '{value}'", verdict_cure(value), key)


def has_kind(value: Any, kinds: tuple[type, ...]) -> bool:
    """Whether a value has one of some types; a truth value is no whole number."""
    return isinstance(value, kinds) and isinstance(value, bool) == (bool in kinds)


def arguments(table: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the library that the keys of a check become, but for the program and the point."""
    from gradcli.language.limits import Limits

    limits = {name: table[f"max-{name}"] for name in BUDGETS if f"max-{name}" in table}
    special = {"name", "program", "at", *(f"max-{name}" for name in BUDGETS)}
    found = {key.replace("-", "_"): value for key, value in table.items() if key not in special}
    if isinstance(found.get("grad_output"), (int, float)):
        found["grad_output"] = [found["grad_output"]]
    return found | ({"limits": Limits(**limits)} if limits else {})
