"""The command line that repeats a check: what it prints is meant to be pasted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from gradcli.errors import GradcliError
from gradcli.language import parse


def reproduce(request: Any, at: Mapping[str, float]) -> str:
    """The command that repeats the check of a request at a point."""
    return " ".join(words(request, at))


def words(request: Any, at: Mapping[str, float]) -> Iterator[str]:
    """The words of the command, quoted."""
    program = one_line(request.program.text)
    if not program.startswith("--"):
        yield f'gradcli check "{program}"'
    else:
        yield "gradcli check"
    given = {name: value for name, value in at.items() if name not in request.program.defaults}
    if given:
        yield "--at " + ",".join(f"{name}={value!r}" for name, value in given.items())
    for claim in request.claims:
        yield f'--expect "{claim.input}={claim.text}"'
    if not request.claims and len(request.wrt) + len(request.freeze) < len(request.program.inputs):
        yield "--wrt " + ",".join(request.wrt)
    if request.freeze:
        yield "--freeze " + ",".join(sorted(request.freeze))
    if request.of:
        yield "--of " + ",".join(request.of)
    if request.grad_output is not None:
        yield f'--grad-output "{weights(request.grad_output)}"'
    for option, value in limits(request):
        if value is not None:
            yield f"{option} {value}"
    if program.startswith("--"):
        yield f'-- "{program}"'


def limits(request: Any) -> tuple[tuple[str, Any], ...]:
    """The options that decide what counts as agreement, with their values."""
    return (
        ("--max-digits-lost", request.max_digits_lost and f"{request.max_digits_lost:g}"),
        ("--require-resolution", request.require_resolution and f"{request.require_resolution:g}"),
        ("--verdict", request.verdict),
    )


def one_line(text: str) -> str:
    """A program on one line, without comments, if it means the same; else as it is."""
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    joined = "; ".join(line for line in lines if line)
    try:
        same = parse(joined).arguments == parse(text).arguments
    except GradcliError:
        same = False
    return joined if same else text


def weights(given: Any) -> str:
    """Weights of outputs as the value of an option."""
    if isinstance(given, Mapping):
        return ",".join(f"{name}={weight}" for name, weight in given.items())
    return given if isinstance(given, str) else ",".join(map(str, given))
