"""The command line that repeats a check: what it prints is meant to be pasted."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from gradcli.checking import claims as claiming
from gradcli.checking.pasting import command
from gradcli.checking.requests import Request, inputs_to_check
from gradcli.errors import GradcliError
from gradcli.language import parse
from gradcli.language.limits import LIMITS
from gradcli.language.points import Given, entries, normal
from gradcli.operations.arrays import is_array, shape_of
from gradcli.operations.lazily import np
from gradcli.results import Value

MOST_NUMBERS = 1000
"""Numbers of a point that a command says."""

LONG = 60
"""Characters of an array from which on a command says what the user typed for it."""

UNQUOTED = re.compile(r"[\w=,.+@:/-]*")
"""What needs no quotes in any shell."""


def reproduce(request: Request, at: Mapping[str, Value]) -> str:
    """The command that repeats the check of a request at a point; empty where no command says all of it, as with tolerances."""
    sayable = can_be_spelled(at, request.typed)
    program = program_word(request) if sayable else ""
    return " ".join(words(request, at, program)) if program and can_be_said(request) else ""


def program_word(request: Request) -> str:
    """The program as a word of a command: on one line, else the file that it stands in; empty where neither is there."""
    program = one_line(request.program.text)
    if "\n" not in program:
        return program
    if request.id == request.program.text or request.id.startswith("<"):
        return ""
    return request.id if request.id.endswith(".grad") else f"@{request.id}"


Typed = Mapping[str, tuple[str, Value]]
"""What the user typed for the inputs, with the values that it meant."""


def typed(at: Given, values: Mapping[str, Value]) -> dict[str, tuple[str, Value]]:
    """The words of a point, as `--at` would have them: expressions, and names of files."""
    texts = dict(entries(at)) if isinstance(at, str) else {name: text for name, text in (at or {}).items() if isinstance(text, str)}
    files = {name: word for name, word in getattr(at, "words", {}).items() if word}
    words = {normal(name): text for name, text in {**texts, **files}.items()}
    return {name: (text, values[name]) for name, text in words.items() if name in values}


def can_be_spelled(at: Mapping[str, Value], words: Typed) -> bool:
    """Whether a command can say a point: its numbers, or what the user typed for them."""
    return sum(math.prod(shape_of(value)) for name, value in at.items() if not is_typed(name, value, words)) <= MOST_NUMBERS


def is_typed(name: str, value: Value, words: Typed) -> bool:
    """Whether a value is the one that the user typed something for."""
    if name not in words or shape_of(words[name][1]) != shape_of(value):
        return False
    return bool(np.all(words[name][1] == value)) if is_array(value) else words[name][1] == value


def point_said(at: Mapping[str, Value], words: Typed) -> str:
    """A point as the value of --at: numbers, and what the user typed where that is shorter than many numbers."""
    return ",".join(f"{name}={value_said(name, value, words)}" for name, value in at.items())


def value_said(name: str, value: Value, words: Typed) -> str:
    """A value in such a point."""
    if not is_typed(name, value, words) or not is_array(value):
        return spelled(value)
    text = spelled(value) if math.prod(shape_of(value)) <= MOST_NUMBERS else ""
    return text if 0 < len(text) <= max(LONG, len(words[name][0])) else words[name][0]


def spelled(value: Any) -> str:
    """A value of a point as a program spells it."""
    return str(value.tolist()).replace(" ", "") if is_array(value) else repr(value)


def can_be_said(request: Request) -> bool:
    """Whether the claims, written as options, are read as the same claims."""
    try:
        read = claiming.read([f"{claim.spelled}={claim.text}" for claim in request.claims], request.program)
    except GradcliError:
        return False
    return [key(claim) for claim in read] == [key(claim) for claim in request.claims]


def key(claim: claiming.Claim) -> tuple[Any, ...]:
    """What a claim says."""
    return claim.spelled, claim.text.strip(), claim.rtol, claim.atol


def words(request: Request, at: Mapping[str, Value], program: str) -> Iterator[str]:
    """The words of the command, quoted."""
    yield "gradcli check" if program.startswith("--") else command("gradcli check", program)
    given = {name: value for name, value in at.items() if name not in request.program.defaults}
    if given:
        yield at_option(point_said(given, request.typed))
    for claim in request.claims:
        yield command("--expect", f"{claim.spelled}={claim.text}")
    if request.wrt != inputs_to_check(request.program, (), request.claims, sorted(request.freeze)):
        yield "--wrt " + ",".join(request.wrt)
    if request.freeze:
        yield "--freeze " + ",".join(sorted(request.freeze))
    if request.of:
        yield "--of " + ",".join(request.of)
    if request.grad_output is not None:
        yield command("--grad-output", weights(request.grad_output))
    if request.sum:
        yield "--sum"
    if request.self_test:
        yield "--self-test"
    for option, value in limits(request):
        if value is not None:
            yield f"{option} {value}"
    if program.startswith("--"):
        yield command("--", program)


def at_option(point: str) -> str:
    """The point as an option; brackets and the like are quoted, which shells take for themselves."""
    return f"--at {point}" if UNQUOTED.fullmatch(point) else command("--at", point)


def limits(request: Request) -> tuple[tuple[str, Any], ...]:
    """The options that decide what counts as agreement, with their values."""
    return (
        ("--max-digits-lost", short(request.max_digits_lost)),
        ("--require-resolution", short(request.require_resolution)),
        ("--order", request.order if request.order > 1 else None),
        ("--seed", request.seed or None),
        *((f"--max-{field.name}", changed(request, field.name)) for field in fields(request.limits)),
        ("--verdict", request.verdict),
    )


def changed(request: Request, name: str) -> int | None:
    """A budget of the request, where it is not the usual one."""
    value: int = getattr(request.limits, name)
    return None if value == getattr(LIMITS, name) else value


def short(number: float | None) -> str | None:
    """A number as people write it, if that is the same number."""
    return None if number is None else brief if float(brief := f"{number:g}") == number else repr(number)


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
