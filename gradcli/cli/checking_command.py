"""`gradcli check`: independent derivatives compared, for one program or for suites. Reads options, calls the library, shows the report."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import BUDGETS, choose_format, library_arguments, refuse, run_arguments
from gradcli.cli.reports import destinations, failures_reported, write_reports
from gradcli.cli.sources import STDIN, given, place_for
from gradcli.cli.suite_runs import OF_SUITES, show_list, suites_report, write_values
from gradcli.cli.terminal import screen, show
from gradcli.cli.words import is_path, is_value, quoted
from gradcli.data import joined
from gradcli.errors import UsageError
from gradcli.rendering import REPORT_FORMATS, render_report
from gradcli.results import Report

OF_PROGRAMS = ("of", "grad_output", "sum", "order", "max_digits_lost", "formula", *BUDGETS)
TARGETS = ("python", "exec", "um_bridge")
OF_TARGETS = ("gradient", "value_and_grad", "model", "model_config", "timeout")
TO_TARGETS = ("expect", "wrt", "freeze", "samples", "search", "require_resolution", "verdict", "self_test")
TO_LIBRARY = (
    "expect", "wrt", "freeze", "of", "grad_output", "sum", "order", "samples", "search", "max_digits_lost", "require_resolution",
    "verdict", "formula", "self_test",
)  # fmt: skip


def check(
    ctx: typer.Context,
    words: o.CheckWords = None,
    at: o.At = None,
    over: o.OverOfCheck = None,
    expect: o.Expect = None,
    wrt: o.Wrt = None,
    freeze: o.Freeze = None,
    of: o.Of = None,
    grad_output: o.GradOutput = None,
    sum: o.Sum = False,  # noqa: A002 - the word of the option
    order: o.OrderOfCheck = None,
    samples: o.Samples = None,
    search: o.Search = False,
    max_digits_lost: o.MaxDigitsLost = None,
    require_resolution: o.RequireResolution = None,
    verdict: o.VerdictOption = None,
    formula: o.Formula = False,
    self_test: o.SelfTest = False,
    python: o.Python = None,
    gradient: o.GradientFunction = None,
    value_and_grad: o.ValueAndGrad = False,
    exec: o.Exec = None,  # noqa: A002 - the word of the option
    um_bridge: o.UmBridge = None,
    model: o.Model = None,
    model_config: o.ModelConfig = None,
    timeout: o.Timeout = None,
    seed: o.Seed = None,
    max_steps: o.MaxSteps = None,
    max_nodes: o.MaxNodes = None,
    max_elements: o.MaxElements = None,
    max_depth: o.MaxDepth = None,
    k: o.Keyword = None,
    list_only: o.ListOnly = False,
    write: o.Write = False,
    exitfirst: o.ExitFirst = False,
    allow_exec: o.AllowExec = False,
    jobs: o.Jobs = None,
    shard: o.Shard = None,
    failed_only: o.FailedOnly = False,
    format_name: o.ReportFormat = None,
    json: o.Json = False,
    output: o.ReportOutput = None,
    reports: o.Reports = None,
) -> None:
    """Compare independent derivatives of a program at a point.

    PROGRAM is text, a file (NAME.grad or @FILE) or - for standard input.
    PATH is a suite (NAME.grad.toml, FILE::CHECK) or a folder; without any
    word, every *.grad.toml below the current folder is checked.
    --python, --exec and --um-bridge check what somebody else computes.

    Examples:
      gradcli check "(x+w)*(w+1)" --at w=1,x=2
      gradcli check "(x+w)*(w+1)" --at w=1,x=2 --expect "w=2*w+x+1"
      gradcli check "x^3" --expect "3*x^2" --samples 5
      gradcli check --python loss.py:f --gradient loss.py:df --at w=1
      gradcli check --exec ./loss --at w=1
      gradcli check . -k loss --report junit:report.xml
    """
    chosen = choose_format(REPORT_FORMATS, format_name, json, output)
    wanted = destinations(reports or (), output)
    target = any(ctx.params[name] for name in (*TARGETS, *OF_TARGETS))
    program = bool(words) and not any(map(is_path, words or ()))
    if list_only and not program and not target and not write:
        raise typer.Exit(show_list(ctx, output))
    if write and not program and not target:
        raise typer.Exit(write_values(ctx))
    with failures_reported(wanted):
        report = target_report(ctx) if target else program_report(ctx, chosen) if program else suites_report(ctx)
    try:
        write_reports(report, wanted)
    finally:
        show(render_report(report, chosen, **screen(output), failed_only=failed_only), output)
    raise typer.Exit(report.exit_code)


def target_report(ctx: Any) -> Report:
    """The report of a function, process or server that the command line names."""
    refuse(ctx, OF_SUITES, "is for suites, and here is one check")
    refuse(ctx, OF_PROGRAMS, "is for programs of the language, and here is something else to check")
    place = place_for("")
    at = joined([*(ctx.params["at"] or ()), *values_only(ctx)], place)
    over = joined(ctx.params["over"], place, "--over") if ctx.params["over"] else None
    options = {name.replace("_", "-"): value for name, value in library_arguments(ctx, (*TARGETS, *OF_TARGETS, "wrt")).items()}
    arguments = library_arguments(ctx, TO_TARGETS) | run_arguments(ctx)
    from gradcli.checking.foreign import check_target
    from gradcli.targets import open_target

    with open_target(options) as target:
        return check_target(target, at, over=over, **arguments)


def values_only(ctx: Any) -> list[str]:
    """The words of the command where a target is named: NAME=VALUE, and no program beside it."""
    words = ctx.params["words"] or []
    for word in words:
        if not is_value(word):
            named = next(f"--{name.replace('_', '-')}" for name in (*TARGETS, *OF_TARGETS) if ctx.params[name])
            raise UsageError(f"'{word}' is a program or a path, and {named} names something else to check", "one of the two")
    return list(words)


def program_report(ctx: Any, chosen: str) -> Report:
    """The report of the program that the command line gives; a table for people also has SymPy's derivative as a formula."""
    refuse(ctx, OF_SUITES, "is for suites, and here is a program")
    refuse_python(ctx.params["words"])
    program = given("check", ctx.params["words"], ctx.params["at"] or ())
    arguments = library_arguments(ctx, TO_LIBRARY) | run_arguments(ctx)
    over = joined(ctx.params["over"], program.place, "--over") if ctx.params["over"] else None
    import gradcli

    with program.placed():
        report = gradcli.check(program.text, program.point, over=over, id=program.file, **{"formula": chosen == "table", **arguments})
    return in_file(report, program.file)


def refuse_python(words: Sequence[str]) -> None:
    """Refuses the place of a function in Python where a program is expected: it is the value of an option."""
    if words and (found := re.fullmatch(r".+\.py(:[\w.]*)?|[^\W\d][\w.]*:[^\W\d][\w.]*", words[0])):
        function = words[0] if found[0].rpartition(":")[1] else f"{words[0].rstrip(':')}:FUNCTION"
        raise UsageError(f"'{words[0]}' is Python, not a program", f"gradcli check --python {quoted(function)} --gradient MODULE:FUNCTION")


def in_file(report: Report, file: str | None) -> Report:
    """The report of a program, with the file that it stands in."""
    return report if file in (None, STDIN) else replace(report, checks=[replace(check, file=file, line=1) for check in report])
