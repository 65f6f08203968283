"""What the values of options say: names, numbers, a format. Reads text, answers plain data, and refuses what it does not understand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gradcli.errors import UsageError
from gradcli.rendering import known_format

FORMAT_OF = {".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".tsv": "plain", ".txt": None}
"""The format that belongs to the end of a file's name."""

BUDGETS = {"max_steps": "steps", "max_nodes": "nodes", "max_elements": "elements", "max_depth": "depth"}
"""The options that limit a run, with their names in the library's Limits."""


def library_arguments(ctx: Any, wanted: Sequence[str]) -> dict[str, Any]:
    """The given options among `wanted` as the library's arguments of the same names; what is not given has the library's default."""
    options = {param.name: param.opts[0] for param in ctx.command.params}
    return {name: READERS[name](options[name], ctx.params[name]) for name in wanted if ctx.params[name]}


def run_arguments(ctx: Any) -> dict[str, Any]:
    """What is said about the run, as the library's arguments: a seed, and its limits where at least one is given."""
    found = library_arguments(ctx, ("seed", *BUDGETS))
    limits = {BUDGETS[name]: found.pop(name) for name in BUDGETS if name in found}
    if limits:
        from gradcli.language.limits import Limits

        found["limits"] = Limits(**limits)
    return found


def names(option: str, texts: Sequence[str]) -> list[str]:
    """Names given by a repeatable option, separated by commas outside brackets, as programs know them."""
    if not texts:
        return []
    from gradcli.language.points import normal, pieces

    found = [normal(part) for text in texts for part in pieces(text)]
    if "" in found:
        raise UsageError(f"option '{option}' has an empty name", hint=f"{option} w,x")
    return found


def joined(_option: str, texts: Sequence[str]) -> str:
    """The values of a repeatable option as one text; the library reads it."""
    return ",".join(texts)


def direction(option: str, texts: Sequence[str]) -> Any:
    """The values of an option that takes a direction, like a point: text that the library reads, and numbers from files."""
    if not any("@" in text for text in texts):
        return joined(option, texts)
    from gradcli import data

    return data.joined(texts, data.Place(no_stdin="it is for the program and its point"))


def whole_number(option: str, text: str, least: int = 1) -> int:
    """The value of an option that takes a whole number."""
    if not (text.strip().isascii() and text.strip().isdigit() and len(text) < 16 and int(text) >= least):
        raise UsageError(f"option '{option}' takes a whole number from {least}, not '{text}'", hint=f"{option} 2")
    return int(text)


def seed(option: str, text: str) -> int:
    """The value of --seed."""
    return whole_number(option, text, 0)


def number(option: str, text: str, example: str = "1e-6") -> float:
    """The value of an option that takes a number from 0."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise UsageError(f"option '{option}' takes a number, not '{text}'", hint=f"{option} {example}")
    return value


def seconds(option: str, text: str) -> float:
    """The value of an option that takes a time."""
    return number(option, text, "10")


def as_given(_option: str, value: Any) -> Any:
    """A flag or a word, which the library reads."""
    return value


TARGET_WORDS = ("python", "gradient", "value_and_grad", "exec", "um_bridge", "model", "model_config")
"""Options that name what somebody else computes; the library reads them."""

READERS: Mapping[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("wrt", "freeze", "of"), names),
    **dict.fromkeys(("expect", "grad_output"), joined),
    **dict.fromkeys(("product", "tangent"), direction),
    **dict.fromkeys(("order", "samples", "jobs", *BUDGETS), whole_number),
    "seed": seed,
    **dict.fromkeys(("max_digits_lost", "require_resolution"), number),
    "timeout": seconds,
    **dict.fromkeys(
        ("leaves", "verdict", "formula", "self_test", "mode", "sum", "dtype", "shard", "allow_exec", "exitfirst", "search", *TARGET_WORDS),
        as_given,
    ),
}
"""How the options that are arguments of the library are read."""


def choose_format(formats: Sequence[str], wanted: str | None, json: bool, output: str | None = None) -> str:
    """The format of the answer: the one asked for, else the one of the file it goes into, else the first of the command's formats.

    The formats of a command begin with the one for people, which a .txt file has as well.
    """
    if json and wanted not in (None, "json"):
        raise UsageError(f"--json and --format {wanted} contradict each other", hint=f"--format {wanted}")
    form = "json" if json else wanted or format_of_file(output)
    return known_format(form or formats[0], formats)


def format_of_file(output: str | None) -> str | None:
    """The format that belongs to a file's name; None for standard output, and for a page for people."""
    if output in (None, "-"):
        return None
    stem, dot, extension = str(output).rpartition(".")
    if not stem or f"{dot}{extension.lower()}" not in FORMAT_OF:
        raise UsageError(f"no format belongs to the name '{output}'", hint=f"one of {' '.join(FORMAT_OF)}, or --format json")
    return FORMAT_OF[f".{extension.lower()}"]


def refuse(ctx: Any, parameters: Sequence[str], reason: str) -> None:
    """Refuse those of some options that are given, so that none is silently dropped where it has no meaning."""
    for param in ctx.command.params:
        if param.name in parameters and ctx.params[param.name]:
            raise UsageError(f"option '{param.opts[0]}' {reason}", hint=f"{ctx.command_path} --help")
