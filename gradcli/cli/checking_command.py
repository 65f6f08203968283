"""`gradcli check`: independent derivatives compared, for one program or for suites. Reads options, calls the library, shows the report."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from gradcli.cli import options as o
from gradcli.cli.arguments import choose_format, names, number, refuse, whole_number
from gradcli.cli.progress import Progress
from gradcli.cli.sources import placed, point_text, read_program
from gradcli.cli.terminal import screen, show
from gradcli.cli.words import is_path, paths, program_and_values
from gradcli.errors import UsageError
from gradcli.results import Report

FORMATS = ("table", "json", "jsonl", "plain")
OF_SUITES = ("k", "list_only", "exitfirst")
OF_PROGRAMS = ("at", "expect", "wrt", "freeze", "of", "grad_output", "samples", "max_digits_lost", "require_resolution", "verdict", "formula")


def check(
    ctx: typer.Context,
    words: o.CheckWords = None,
    at: o.At = None,
    expect: o.Expect = None,
    wrt: o.Wrt = None,
    freeze: o.Freeze = None,
    of: o.Of = None,
    grad_output: o.GradOutput = None,
    samples: o.Samples = None,
    max_digits_lost: o.MaxDigitsLost = None,
    require_resolution: o.RequireResolution = None,
    verdict: o.VerdictOption = None,
    formula: o.Formula = False,
    k: o.Keyword = None,
    list_only: o.ListOnly = False,
    exitfirst: o.ExitFirst = False,
    failed_only: o.FailedOnly = False,
    format_name: o.CheckFormat = None,
    json: o.Json = False,
    output: o.Output = None,
) -> None:
    """Compare independent derivatives of a program at a point.

    PROGRAM is text, a file (NAME.grad or @FILE) or - for standard input.
    PATH is a suite (NAME.grad.toml, FILE::CHECK) or a folder; without any
    word, every *.grad.toml below the current folder is checked.

    Examples:
      gradcli check "(x+w)*(w+1)" --at w=1,x=2
      gradcli check "(x+w)*(w+1)" --at w=1,x=2 --expect "w=2*w+x+1"
      gradcli check "x^3" --expect "3*x^2" --samples 5
      gradcli check . -k loss
    """
    chosen = choose_format(FORMATS, format_name, json, output)
    if words and not is_path(words[0]):
        refuse(ctx, OF_SUITES, "is for suites, and here is a program")
        word, values = program_and_values("check", words, at or [])
        text, label = read_program(word)
        import gradcli

        with placed(word, text, label):
            report = gradcli.check(
                text,
                point_text(at or [], values),
                expect=",".join(expect or ()) or None,
                wrt=names("--wrt", wrt) or None,
                freeze=names("--freeze", freeze),
                of=names("--of", of) or None,
                grad_output=",".join(grad_output or ()) or None,
                samples=whole_number("--samples", samples, 1),
                max_digits_lost=number("--max-digits-lost", max_digits_lost),
                require_resolution=number("--require-resolution", require_resolution),
                verdict=verdict,
                formula=formula or chosen == "table",
                id=label,
            )
    else:
        refuse(ctx, OF_PROGRAMS, "is for a program, and here are suites: they say it themselves")
        if list_only:
            refuse(ctx, ("json", "format_name"), "has no meaning beside --list, which prints lines")
            show(list_ids(paths(words or []), k), output)
            raise typer.Exit(0)
        report = run_suites(paths(words or []), k, exitfirst)
    from gradcli.rendering import render_report

    show(render_report(report, chosen, **screen(output), failed_only=failed_only), output)
    raise typer.Exit(report.exit_code)


def run_suites(places: Sequence[str], keyword: str | None, exitfirst: bool) -> Report:
    """The report of all suites in some places; none at all is an error, because nothing could fail."""
    import gradcli

    with Progress(lambda: len(gradcli.list_checks(places, keyword))) as progress:
        report = gradcli.check_suites(places, keyword=keyword, exitfirst=exitfirst, on_check=progress)
    if not report.checks:
        raise nothing_to_check(places, keyword)
    return report


def list_ids(places: Sequence[str], keyword: str | None) -> str:
    """The ids of the checks in some places, a line each."""
    import gradcli

    ids = gradcli.list_checks(places, keyword)
    if not ids:
        raise nothing_to_check(places, keyword)
    return "".join(f"{identity}\n" for identity in ids)


def nothing_to_check(places: Sequence[str], keyword: str | None) -> UsageError:
    """The error for a request that selects no check."""
    where = ", ".join(places)
    if keyword:
        return UsageError(f"nothing to check: no check in {where} has '{keyword}' in its id", hint="gradcli check --list")
    return UsageError(f"nothing to check: no suite in {where}", hint="a suite is a file NAME.grad.toml with [[check]] tables")
