"""What the values of options say: names, numbers, a format. Reads text, answers plain data, and refuses what it does not understand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from gradcli.errors import UsageError, nearest

FORMAT_OF = {".json": "json", ".jsonl": "jsonl", ".csv": "csv", ".tsv": "plain", ".txt": "table"}
"""The format that belongs to the end of a file's name."""


def names(option: str, texts: Sequence[str] | None) -> list[str]:
    """Names given by a repeatable option, separated by commas outside brackets."""
    found = [part.strip() for text in texts or () for part in split(text)]
    if "" in found:
        raise UsageError(f"option '{option}' has an empty name", hint=f"{option} w,x")
    return found


def split(text: str) -> list[str]:
    """The pieces between commas that stand in no bracket."""
    depth, pieces = 0, [""]
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if char == "," and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += char
    return pieces


def whole_number(option: str, text: str | None, least: int) -> int | None:
    """The value of an option that takes a whole number, None if it was not given."""
    if text is None:
        return None
    if not (text.strip().isascii() and text.strip().isdigit() and len(text) < 10 and int(text) >= least):
        raise UsageError(f"option '{option}' takes a whole number from {least}, not '{text}'", hint=f"{option} {max(least, 2)}")
    return int(text)


def number(option: str, text: str | None) -> float | None:
    """The value of an option that takes a number from 0, None if it was not given."""
    try:
        value = None if text is None else float(text)
    except ValueError:
        value = -1.0
    if value is not None and not 0 <= value < float("inf"):
        raise UsageError(f"option '{option}' takes a number, not '{text}'", hint=f"{option} 1e-6")
    return value


def choose_format(formats: Sequence[str], wanted: str | None, json: bool, output: str | None = None) -> str:
    """The format of the answer: the one asked for, else the one of the file it goes into, else a table."""
    if json and wanted not in (None, "json"):
        raise UsageError(f"--json and --format {wanted} contradict each other", hint=f"--format {wanted}")
    chosen = "json" if json else wanted or format_of_file(output)
    if chosen not in formats:
        refuse_format(chosen, formats)
    return chosen


def format_of_file(output: str | None) -> str:
    """The format that belongs to a file's name."""
    if output in (None, "-"):
        return "table"
    stem, dot, extension = str(output).rpartition(".")
    if not stem or f"{dot}{extension.lower()}" not in FORMAT_OF:
        raise UsageError(f"no format belongs to the name '{output}'", hint=f"one of {' '.join(FORMAT_OF)}, or --format json")
    return FORMAT_OF[f".{extension.lower()}"]


def refuse_format(chosen: str, formats: Sequence[str]) -> NoReturn:
    """The error for a format that a command does not write."""
    raise UsageError(f"there is no format '{chosen}' here", hint=f"--format {nearest(chosen, formats) or '|'.join(formats)}")


def refuse(ctx: Any, parameters: Sequence[str], reason: str) -> None:
    """Refuse those of some options that are given, so that none is silently dropped where it has no meaning."""
    for param in ctx.command.params:
        if param.name in parameters and ctx.params[param.name]:
            raise UsageError(f"option '{param.opts[0]}' {reason}", hint=f"{ctx.command_path} --help")
