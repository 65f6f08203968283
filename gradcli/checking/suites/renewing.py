"""Expected values of suites, filled in or renewed: numbers become what the engines agree on, formulas stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

from gradcli.checking.suites.documents import Document, parsed
from gradcli.checking.suites.entry import Entry, ids_of
from gradcli.checking.suites.reading import checks_of
from gradcli.checking.suites.running import judged
from gradcli.checking.suites.selecting import entries
from gradcli.checking.suites.statements import Edit, NoPlace, Statement, added, edited, renewed, statements
from gradcli.errors import FileProblem
from gradcli.files import read_bytes
from gradcli.results import Check, Report, Row

BOM = "\ufeff"
ASIDE = ("search", "self-test")
"""Keys that ask for more than the check itself."""

ROW = re.compile(r"(\[[\d,]+\]|, direction \d+)$")
"""What stands behind the name of an input in the label of a row."""


@dataclass(frozen=True, slots=True)
class Renewed:
    """A suite whose expected values change: its text before and after, with the line ends that it has, and how many values."""

    file: str
    before: str
    after: str
    values: int


@dataclass(frozen=True, slots=True)
class Renewal:
    """What `check --write` would write, what it leaves alone and why, and the report of the checks as they are then."""

    files: Sequence[Renewed]
    left: Sequence[tuple[str, str]]
    report: Report


def renew_suites(
    paths: Sequence[str],
    *,
    keyword: str | None = None,
    allow_exec: bool | None = None,
    on_check: Callable[[Check], None] | None = None,
) -> Renewal:
    """New texts for suites, in which expected numbers that are missing or wrong are those of the engines, with all digits.

    Arguments are those of `check_suites`, and faults are raised as there. Nothing is written: who calls decides that.

    A formula is never replaced. A number is stated only where the engines agree on it, and where the check has one point; what is as its
    suite declares is left alone, as are comments and layout.
    """
    chosen = [alone(entry) for entry in entries(paths, keyword, allow_exec=allow_exec)]
    listen = on_check or (lambda _: None)
    done: dict[str, list[Check]] = {}
    left: list[tuple[str, str]] = []
    files: list[Renewed] = []
    for file in dict.fromkeys(entry.file for entry in chosen):
        suite = Suite(file)
        for entry in (entry for entry in chosen if entry.file == file):
            done[entry.id] = list(judged(entry))
            left += [(entry.id, why) for why in suite.change(entry, done[entry.id])]
            for one in done[entry.id]:
                listen(one)
        if suite.edits:
            files.append(suite.renewed())
            done.update(judged_again(files[-1], [entry for entry in chosen if entry.id in suite.edits]))
    return Renewal(files, left, Report([one for checks in done.values() for one in checks]))


def alone(entry: Entry) -> Entry:
    """A check without what it asks for beside itself."""
    return replace(entry, table={key: value for key, value in entry.table.items() if key not in ASIDE})


def raw_text(file: str) -> str:
    """The text of a suite with its own line ends."""
    return read_bytes(file).decode("utf-8")


def judged_again(suite: Renewed, changed: Sequence[Entry]) -> Mapping[str, list[Check]]:
    """The checks whose values have changed, as the new text has them."""
    now = {entry.id: entry for entry in checks_of(parsed(suite.file, suite.after.removeprefix(BOM)))}
    return {entry.id: list(judged(alone(now[entry.id]))) for entry in changed}


def refuse_changed(suite: Renewed) -> None:
    """Raises FileProblem if a suite is no longer what it was when its values were computed."""
    if raw_text(suite.file) != suite.before:
        raise FileProblem(f"'{suite.file}' has changed while it was checked, and is left as it is", hint="run it again")


class Suite:
    """A suite that is being renewed: its text, and the edits of it by the ids of checks."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.edits: dict[str, list[Edit]] = {}
        self.values = 0

    @cached_property
    def raw(self) -> str:
        """The text with its own line ends."""
        return raw_text(self.file)

    @cached_property
    def document(self) -> Document:
        """What the text says, and where."""
        return parsed(self.file, self.raw.removeprefix(BOM))

    def change(self, entry: Entry, checks: Sequence[Check]) -> list[str]:
        """Note the edits that a check needs; why it is left as it is, where something is to be said."""
        if entry.fault is not None:
            return [entry.fault.message]
        declared = entry.table.get("verdict", "agree") != "agree"
        if all(one.passed for one in checks) and (declared or not missing(entry, checks)):
            return []
        if declared:
            return [f"it is declared {one.expected}, and is {one.verdict}" for one in checks if not one.passed]
        count = len(ids_of(replace(entry, only=0)))
        if count != 1 or len(checks) != 1:
            return [f"it has {count} points, and a number is right at one"]
        try:
            edits, values, reasons = edits_of(self.document, entry, checks[0])
        except NoPlace as why:
            return [str(why)]
        if edits:
            self.edits[entry.id] = edits
            self.values += values
        return reasons

    def renewed(self) -> Renewed:
        """The suite after its edits."""
        text = edited(self.document.text, [edit for edits in self.edits.values() for edit in edits])
        return Renewed(self.file, self.raw, self.raw[: len(self.raw) - len(self.document.text)] + text, self.values)


def missing(entry: Entry, checks: Sequence[Check]) -> list[str]:
    """The inputs that ought to have a claim and have none: all, or those that `wrt` names where there are claims for others."""
    if entry.table.get("expect") and "wrt" not in entry.table:
        return []
    return [name for one in checks for row in one.rows if not row.claims and (name := name_of(row.input, one))]


def edits_of(document: Document, entry: Entry, one: Check) -> tuple[list[Edit], int, list[str]]:
    """The edits that state the right numbers in a check, how many they state, and what is left and why."""
    if one.verdict == "error":
        return [], 0, [one.error.splitlines()[0].removeprefix("error: ")]
    stated = statements_of(document, entry, one)
    wrong = {row.input for row in one.rows for claim in row.claims if claim.verdict != "agree"}
    names = {*missing(entry, [one])} - {ROW.sub("", statement.name) for statement in stated}
    touched = [statement for statement in stated if any(statement.name in (label, name_of(label, one)) for label in wrong)]
    if not names and not touched:
        return [], 0, [f"{row.input}: {row.verdict}: {row.reason}" for row in one.rows if row.verdict != "agree"]
    rows = engines_alone(entry, one)
    found = {name: number(name, one, rows) for name in [*one.at, *(one.name for one in touched)]}
    edits = [renewed(document, one, found[one.name].value) for one in touched if one.is_number and not found[one.name].why]
    values = {name: found[name].value for name in one.at if name in names and not found[name].why}
    reasons = [found[name].why for name in found if found[name].why and (name in names or any(name == one.name for one in touched))]
    if reasons and not stated:
        return [], 0, reasons
    reasons += [f"the formula for {one.name} is not right, and stays as it is" for one in touched if not one.is_number]
    return [*edits, *([added(document, entry.where, values)] if values else [])], len(edits) + len(values), reasons


def statements_of(document: Document, entry: Entry, one: Check) -> list[Statement]:
    """The claims that a check states. Raises NoPlace for those that its file states for all checks."""
    path = (*entry.where, "expect")
    if "expect" in entry.table and path not in document.places:
        raise NoPlace("its expectation is one of the defaults of its file")
    return statements(document, path, next(iter(one.at), "")) if path in document.places else []


def name_of(label: str, one: Check) -> str:
    """The input that a row is about; empty for a row of second derivatives."""
    name = ROW.sub("", label)
    return name if name in one.at else ""


def engines_alone(entry: Entry, one: Check) -> Mapping[str, Row]:
    """The rows of a check without its claims: whether the engines agree, and on what."""
    if not any(row.claims for row in one.rows):
        return {row.input: row for row in one.rows}
    if entry.kind != "program" and not any({"gradient", "forward"} & row.engines.keys() for row in one.rows):
        return {row.input: by_complex_step(row) for row in one.rows}
    inputs = list(dict.fromkeys(name for row in one.rows if (name := name_of(row.input, one))))
    table = {key: value for key, value in entry.table.items() if key != "expect"} | {"wrt": inputs}
    return {row.input: row for check in judged(replace(entry, table=table)) for row in check.rows}


def by_complex_step(row: Row) -> Row:
    """The row of a function that comes without a gradient: a complex step has all digits, a difference of float64 values has not."""
    if row.verdict not in ("agree", "disagree"):
        return row
    step = row.engines.get("complex")
    if step is not None and step.value is not None:
        return replace(row, verdict="agree")
    return replace(row, verdict="inconclusive", reason="only difference quotients are known, which have not all digits")


class Number(NamedTuple):
    """What is to be written for an input or an element: a number or nested lists of them, or why there is none."""

    value: Any
    why: str = ""


def number(name: str, one: Check, rows: Mapping[str, Row]) -> Number:
    """The number, or the numbers, that the engines agree on."""
    value = one.at.get(name)
    shape = getattr(value, "shape", ())
    labels = element_labels(name, shape)
    absent = [label for label in labels if label not in rows]
    if absent:
        return Number(None, f"{name} has too many elements: they are judged along directions")
    bad = next((rows[label] for label in labels if rows[label].verdict != "agree"), None)
    if bad is not None:
        return Number(None, f"{bad.input}: {bad.verdict}: {bad.reason}")
    numbers = iter([best(rows[label]) for label in labels])
    return Number(nested(shape, numbers))


def element_labels(name: str, shape: tuple[int, ...]) -> list[str]:
    """What the rows of an input are called, one for each element."""
    if not shape:
        return [name]
    from itertools import product

    from gradcli.checking.lines import label

    return [label(name, place) for place in product(*map(range, shape))]


def nested(shape: tuple[int, ...], numbers: Any) -> Any:
    """Numbers as nested lists of a shape."""
    return [nested(shape[1:], numbers) for _ in range(shape[0])] if shape else next(numbers)


def best(row: Row) -> float:
    """The most accurate double that is known of a derivative: exact engines first, then what the function itself says."""
    for engine in ("symbolic", "complex"):
        estimate = row.engines.get(engine)
        if estimate is not None and estimate.value is not None and "gradient" not in row.engines:
            return estimate.value
    return row.value
