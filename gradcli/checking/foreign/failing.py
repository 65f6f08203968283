"""A check of a target that could not be carried out, because the target failed: what stands in the report in its place."""

from __future__ import annotations

from collections.abc import Mapping

from gradcli.checking.foreign.reproducing import reproduce
from gradcli.checking.foreign.request import Request
from gradcli.errors import TargetProblem
from gradcli.results import Check, Value


def failed(request: Request, at: Mapping[str, Value], id: str, problem: TargetProblem) -> Check:  # noqa: A002
    """The check at a point, with the verdict "error"."""
    name, expected, kind = request.target.name, request.verdict, request.target.kind
    return Check(id, name, at, "error", error=problem.render(), expected=expected, reproduce=reproduce(request, at, id), kind=kind)
