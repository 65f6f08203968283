"""The command line that repeats the check of a target at a point."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gradcli.checking.foreign.request import Request
from gradcli.checking.pasting import command
from gradcli.checking.reproducing import at_option, can_be_spelled, point_said, short
from gradcli.results import Value


def reproduce(request: Request, at: Mapping[str, Value], id: str) -> str:  # noqa: A002
    """The command; empty where none says all of it, as for functions that have no name on a command line."""
    if request.suite:
        return command("gradcli check", id) + (" --self-test" if request.self_test else "")
    return " ".join(words(request, at)) if request.target.options and can_be_spelled(at, request.typed) else ""


def words(request: Request, at: Mapping[str, Value]) -> Iterator[str]:
    """The words of the command, quoted."""
    yield "gradcli check"
    for word in request.target.options:
        yield word if word.startswith("--") else command("", word).strip()
    if at:
        yield at_option(point_said(at, request.typed))
    for claim in request.claims:
        yield command("--expect", f"{claim.spelled}={claim.text}")
    if list(request.wrt) != [name for name in at if name not in request.freeze]:
        yield "--wrt " + ",".join(request.wrt)
    if request.freeze:
        yield "--freeze " + ",".join(sorted(request.freeze))
    if request.require_resolution is not None:
        yield f"--require-resolution {short(request.require_resolution)}"
    if request.verdict:
        yield f"--verdict {request.verdict}"
    if request.self_test:
        yield "--self-test"
