"""Suites on the command line: which checks are meant, how they are run, and the list of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from gradcli.cli.arguments import library_arguments, refuse
from gradcli.cli.interrupts import ended_as_interrupted
from gradcli.cli.progress import Progress
from gradcli.cli.terminal import has_color, note, show
from gradcli.cli.words import paths, quoted
from gradcli.cli.writing import replace_file
from gradcli.errors import GradcliError, UsageError
from gradcli.results import Report

if TYPE_CHECKING:
    from gradcli.checking import Renewal

OF_RUNS = ("exitfirst", "jobs", "allow_exec")
"""Options that say how checks of suites are run."""

OF_SUITES = ("k", "list_only", "write", "shard", *OF_RUNS)
"""Options that have a meaning only for suites."""

OF_CHECKS = ("self_test",)
"""Options that ask the same of all checks of suites as of one."""

OF_ANSWERS = ("failed_only", "format_name", "json", "output", "reports", "help")
"""Options that say how any answer is shown; all others say what is checked, as the keys of suites do."""


def suites_report(ctx: Any) -> Report:
    """The report of all suites that the command line names; none at all is an error, because nothing could fail."""
    places, chosen = selected(ctx)
    arguments = library_arguments(ctx, (*OF_RUNS, *OF_CHECKS))
    import gradcli

    with Progress(lambda: len(gradcli.list_checks(places, **chosen))) as progress, ended_as_interrupted():
        try:
            report = gradcli.check_suites(places, on_check=progress, **chosen, **arguments)
        except gradcli.Interrupted as stop:
            return stop.report
    if not report.checks:
        refuse_nothing(places, chosen)
    return report


def show_list(ctx: Any, output: str | None) -> int:
    """Show the ids of the checks of the suites that the command line names, a line each; 2 if some suite can't be understood."""
    reason = "has no meaning beside --list, which runs nothing and prints lines"
    refuse(ctx, ("json", "format_name", "failed_only", "reports", *OF_RUNS, *OF_CHECKS), reason)
    places, chosen = selected(ctx)
    import gradcli

    faults: list[GradcliError] = []
    ids = gradcli.list_checks(places, **chosen, on_fault=faults.append)
    if not ids:
        refuse_nothing(places, chosen)
    show("".join(f"{identity}\n" for identity in ids), output)
    for fault in faults:
        note(fault.render())
    return 2 if faults else 0


def write_values(ctx: Any) -> int:
    """Fill in or renew the expected values of the suites that the command line names, and show what changes; the exit code."""
    reason = "has no meaning beside --write, which prints a diff of whole suites"
    refuse(ctx, ("json", "format_name", "failed_only", "output", "reports", "list_only", "exitfirst", "jobs", "shard", *OF_CHECKS), reason)
    places, chosen = selected(ctx)
    arguments = library_arguments(ctx, ("allow_exec",))
    import gradcli
    from gradcli.checking.suites.renewing import refuse_changed
    from gradcli.rendering.renewal_page import diff

    with Progress(lambda: len(gradcli.list_checks(places, **chosen))) as progress:
        renewal = gradcli.renew_suites(places, keyword=chosen["keyword"], on_check=progress, **arguments)
    if not renewal.report.checks:
        refuse_nothing(places, chosen)
    for suite in renewal.files:
        refuse_changed(suite)
        replace_file(suite.file, suite.after, what="", hint="its folder and the file itself must be writable")
        show(diff(suite.file, suite.before, suite.after, has_color(sys.stdout)))
    for line in about(renewal):
        note(line)
    return renewal.report.exit_code


def about(renewal: Renewal) -> Iterator[str]:
    """What was written and what was not, in sentences."""
    values, files = sum(suite.values for suite in renewal.files), len(renewal.files)
    done = f"{values} value{'s' if values != 1 else ''} in {files} file{'s' if files != 1 else ''}"
    yield f"{done} written" if files else "nothing to write"
    yield from (f"left as it is: {identity}: {why}" for identity, why in renewal.left)


def selected(ctx: Any) -> tuple[list[str], dict[str, Any]]:
    """The suites and folders, and which of their checks are meant, as arguments of the library."""
    refuse(
        ctx,
        [param.name for param in ctx.command.params if param.name not in ("words", *OF_SUITES, *OF_CHECKS, *OF_ANSWERS)],
        "is for a program, and here are suites: they say it themselves",
    )
    return paths(ctx.params["words"] or ()), {"keyword": ctx.params["k"], "shard": ctx.params["shard"]}


def refuse_nothing(places: Sequence[str], chosen: Mapping[str, Any]) -> None:
    """Refuse a request that selects no check; a share of some checks may be empty."""
    import gradcli

    keyword = chosen["keyword"]
    if chosen["shard"] and gradcli.list_checks(places, keyword):
        return
    where, typed = ", ".join(places), " ".join(map(quoted, places))
    if keyword:
        raise UsageError(f"nothing to check: no check in {where} has '{keyword}' in its id", hint=f"gradcli check {typed} --list")
    missing = "check" if where.endswith(".toml") else "suite"
    raise UsageError(f"nothing to check: no {missing} in {where}", hint="a suite is a file NAME.grad.toml with [[check]] tables")
