"""The keys of a check: what a suite may say, of which kind each value is, and which argument of the library it becomes.

Every key is a long option of `gradcli check`, but for `program`, which is its first word, and `name`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from gradcli.checking.declarations import DECLARABLE, verdict_cure
from gradcli.checking.suites.entry import TARGETS
from gradcli.errors import nearest
from gradcli.targets.opening import BELONGINGS


@dataclass(frozen=True, slots=True)
class Key:
    """A key: its name, the types of its value, an example, the targets that it is for, the types in a list, and the least number."""

    name: str
    kinds: tuple[type, ...]
    example: str
    targets: tuple[str, ...] = TARGETS
    items: tuple[type, ...] = (str,)
    least: float | None = None

    def fits(self, value: Any) -> bool:
        """Whether the key may have a value."""
        items = value if isinstance(value, list) else ()
        return has_kind(value, self.kinds) and all(has_kind(item, self.items) for item in items)

    def is_in_range(self, value: Any) -> bool:
        """Whether a number is one that the option of the same name takes."""
        return self.least is None or not isinstance(value, (int, float)) or self.least <= value < math.inf


BUDGETS = ("steps", "nodes", "elements", "depth")
"""The limits of a run, with the library's names; the keys are max-steps and so on."""

OWN = ("program",)
"""The targets that gradcli computes itself."""

KEYS = {
    key.name: key
    for key in (
        Key("name", (str,), '"a name"'),
        Key("program", (str,), '"x**2"'),
        Key("python", (str,), '"module:function"'),
        Key("gradient", (str,), '"module:gradient"', BELONGINGS["gradient"]),
        Key("value-and-grad", (bool,), "true", BELONGINGS["value-and-grad"]),
        Key("exec", (str,), '"./loss"'),
        Key("um-bridge", (str,), '"http://localhost:4242"'),
        Key("model", (str,), '"forward"', BELONGINGS["model"]),
        Key("model-config", (dict, str), "{level = 1}", BELONGINGS["model-config"]),
        Key("timeout", (int, float), "10", BELONGINGS["timeout"], least=0),
        Key("at", (dict, str, list), "{w = 1, x = 2}", items=(dict, str)),
        Key("expect", (dict, str, int, float, list), '{w = "2*w + x + 1"}', items=(str, int, float)),
        Key("wrt", (list, str), '["w", "x"]'),
        Key("freeze", (list, str), '["x"]'),
        Key("of", (list, str), '["y"]', OWN),
        Key("grad-output", (dict, str, int, float, list), "{y = 1, z = 2}", OWN, items=(str, int, float, list)),
        Key("sum", (bool,), "true", OWN),
        Key("order", (int,), "2", OWN, least=1),
        Key("over", (dict, str), '{x = "0.1:10"}'),
        Key("samples", (int,), "5", least=1),
        Key("search", (bool,), "true"),
        Key("seed", (int,), "1", least=0),
        Key("verdict", (str,), '"kink"'),
        Key("self-test", (bool,), "true"),
        Key("formula", (bool,), "true", OWN),
        Key("max-digits-lost", (int, float), "6", OWN, least=0),
        Key("require-resolution", (int, float), "1e-9", least=0),
        *(Key(f"max-{budget}", (int,), "1000000", OWN, least=1) for budget in BUDGETS),
    )
}
"""Every key by its name."""

POINTS = ("at", "over", "samples")
"""The keys that say where a check is made: one of its own replaces all of them that its file gives."""


class Mistake(NamedTuple):
    """What is wrong with a table: a sentence, what to write instead, and the key that it is about, "" for all of it."""

    message: str
    cure: str
    key: str = ""


def with_defaults(table: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The table of a check with what its file says for all checks.

    A key of its own wins. One with a target of its own takes neither the target of the file nor what belongs to that, one with a point,
    a range or samples of its own none of these.
    """
    own = table.keys()
    if own & set(TARGETS):
        kinds = defaults.keys() & set(TARGETS)
        defaults = {key: value for key, value in defaults.items() if key not in kinds and not kinds.intersection(BELONGINGS.get(key, ()))}
    if own & set(POINTS):
        defaults = {key: value for key, value in defaults.items() if key not in POINTS}
    both = {**defaults, **table}
    kinds = both.keys() & set(TARGETS)
    return {key: value for key, value in both.items() if key in own or kinds.intersection(KEYS[key].targets)}


def mistakes(table: Mapping[str, Any]) -> Iterator[Mistake]:
    """What is wrong with the table of a check."""
    for key, value in table.items():
        yield from mistakes_of_key(key, value)
    kinds = [key for key in TARGETS if key in table]
    if not kinds:
        yield Mistake(f"the check has none of {', '.join(TARGETS)}", 'write program = "x**2", or program = "name.grad" for a file')
    if len(kinds) > 1:
        yield Mistake(f"the check has '{kinds[0]}' and '{kinds[1]}'", f"a check has one of {', '.join(TARGETS)}", kinds[1])
    if isinstance(table.get("at"), list):
        for key in [key for key in POINTS[1:] if key in table]:
            yield Mistake(f"'{key}' has no meaning beside a list of points", f"leave out {key}, or give at = {KEYS['at'].example}", key)
    for key in table:
        if key in KEYS and not set(kinds).intersection(KEYS[key].targets):
            yield Mistake(f"'{key}' has no meaning beside '{kinds[0]}'", f"it is for {' and '.join(KEYS[key].targets)}", key)


def mistakes_of_defaults(table: Mapping[str, Any]) -> Iterator[Mistake]:
    """What is wrong with the keys that a file gives for all its checks."""
    for key, value in table.items():
        if key == "name":
            yield Mistake("'name' belongs to one check", "leave it out of the defaults", key)
        yield from mistakes_of_key(key, value)


def mistakes_of_key(key: str, value: Any) -> Iterator[Mistake]:
    """What is wrong with a key and its value."""
    if key not in KEYS:
        near = nearest(key, KEYS)
        yield Mistake(f"unknown key '{key}'", f"did you mean '{near}'?" if near else "keys: " + ", ".join(KEYS), key)
    elif not KEYS[key].fits(value):
        yield Mistake(f"'{key}' has a value of the wrong kind", f"write {key} = {KEYS[key].example}", key)
    elif not KEYS[key].is_in_range(value):
        yield Mistake(f"'{key}' is a number from {KEYS[key].least}, not {value}", f"write {key} = {KEYS[key].example}", key)
    elif key == "name" and not value.isprintable():
        yield Mistake("'name' has a line end, or a character that nobody can see", f"write {key} = {KEYS[key].example}", key)
    elif key in ("name", "at", *TARGETS) and is_empty(value):
        yield Mistake(f"'{key}' is empty", f"write {key} = {KEYS[key].example}, or leave it out", key)
    elif key == "verdict" and value not in DECLARABLE:
        yield Mistake(f"there is no verdict '{value}'", verdict_cure(value), key)


def is_empty(value: Any) -> bool:
    """Whether a text says nothing, or a list has nothing in it or an element that says nothing."""
    if isinstance(value, str):
        return not value.strip()
    return isinstance(value, list) and (not value or any(item == {} or is_empty(item) for item in value))


def has_kind(value: Any, kinds: tuple[type, ...]) -> bool:
    """Whether a value has one of some types; a truth value is no whole number."""
    return isinstance(value, kinds) and isinstance(value, bool) == (bool in kinds)


def arguments(table: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of the library that the keys of a check become, but for its target, what belongs to it, and its points."""
    from gradcli.language.limits import Limits

    limits = {name: table[f"max-{name}"] for name in BUDGETS if f"max-{name}" in table}
    special = {"name", "at", "over", *TARGETS, *BELONGINGS, *(f"max-{name}" for name in BUDGETS)}
    found = {key.replace("-", "_"): value for key, value in table.items() if key not in special}
    if isinstance(found.get("grad_output"), (int, float)):
        found["grad_output"] = [found["grad_output"]]
    return found | ({"limits": Limits(**limits)} if limits else {})
