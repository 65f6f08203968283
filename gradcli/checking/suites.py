"""Suites: the checks of `*.grad.toml` files, run in order. Files that a suite names are relative to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from gradcli.checking.checks import check
from gradcli.checking.reproducing import command
from gradcli.checking.suite_files import Entry, entries, ids_of, program_text
from gradcli.data import Place, resolved
from gradcli.errors import GradcliError
from gradcli.language.limits import LIMITS, Limits
from gradcli.results import Check, Report

BUDGETS = [field.name for field in fields(LIMITS)]


def check_suites(
    paths: Sequence[str], *, keyword: str | None = None, exitfirst: bool = False, on_check: Callable[[Check], None] | None = None
) -> Report:
    """The report of all checks in some suites and folders (`file::name` is one check).

    keyword     only checks whose id contains this text
    exitfirst   stop after the first check that is not as expected
    on_check    called with every check as soon as it is judged

    Raises FileProblem and SuiteError, before anything runs, for suites that can't be read or understood. A check that can't be
    carried out has the verdict "error" in the report, and the others go on.
    """
    done: list[Check] = []
    for entry in entries(paths, keyword):
        for one in judged(entry):
            done.append(one)
            if on_check is not None:
                on_check(one)
            if exitfirst and not one.passed:
                return Report(done)
    return Report(done)


def list_checks(paths: Sequence[str], keyword: str | None = None) -> list[str]:
    """The ids of all checks in some suites and folders, without running any; points of one check are numbered."""
    return [id for entry in entries(paths, keyword) for id in ids_of(entry)]  # noqa: A001


def judged(entry: Entry) -> Iterator[Check]:
    """The checks of one entry, one per point, with the verdict that the suite declares."""
    wanted = f"{entry.id}[{entry.only}]" if entry.only else None
    for point, id in listed_points(entry):  # noqa: A001
        try:
            yield from (one for one in run_entry(entry, point, id) if wanted in (None, one.id))
        except GradcliError as fault:
            yield failed(entry, id, fault)


def listed_points(entry: Entry) -> list[tuple[Any, str]]:
    """The points that an entry lists, with their ids; one without id of its own where it gives one point, or draws them."""
    at = entry.table.get("at")
    if not isinstance(at, list):
        return [(at, entry.id)]
    numbered = zip(at, ids_of(replace(entry, only=0)), strict=True)
    return [pair for i, pair in enumerate(numbered, 1) if entry.only in (0, i)]


def failed(entry: Entry, id: str, fault: GradcliError) -> Check:  # noqa: A002
    """A check that could not be carried out."""
    expected = entry.table.get("verdict")
    again = command("gradcli check", id)
    return Check(id, entry.table["program"], {}, "error", error=fault.render(), expected=expected, reproduce=again)


def run_entry(entry: Entry, point: Any, id: str) -> Report:  # noqa: A002 - the word of the suites and of the JSON
    """The report of one entry at one point."""
    table = entry.table
    return check(
        program_text(entry),
        resolved(point, Place(str(Path(entry.file).parent))),
        expect=table.get("expect"),
        wrt=table.get("wrt"),
        freeze=table.get("freeze", ()),
        of=table.get("of"),
        grad_output=weights_of(table.get("grad-output")),
        samples=table.get("samples"),
        sum=table.get("sum", False),
        order=table.get("order"),
        seed=table.get("seed", 0),
        limits=Limits(**{name: table[f"max-{name}"] for name in BUDGETS if f"max-{name}" in table}),
        max_digits_lost=table.get("max-digits-lost"),
        require_resolution=table.get("require-resolution"),
        verdict=table.get("verdict"),
        suite=True,
        id=id,
    )


def weights_of(value: Any) -> Any:
    """Weights; a bare number is the weight of the only output."""
    return [value] if isinstance(value, (int, float)) else value
