"""Text from files: sizes, encodings, and what can be wrong with a file. Knows neither the language nor the command line."""

from __future__ import annotations

import os
from typing import Any

from gradcli.errors import BudgetExceeded, FileProblem, GradcliError, nearest

LIMIT = 256 * 2**20
"""Bytes of text that are read at most, and characters that a program may have."""


def read_text(name: str) -> str:
    """The text of a UTF-8 file. Raises FileProblem, or BudgetExceeded for one above the limit."""
    return decoded(read_bytes(name), f"'{name}'")


def quietly(name: str) -> str:
    """The text of a file that may be somebody else's, or none; empty if it can't be read."""
    try:
        return read_text(name)
    except GradcliError:
        return ""


def read_bytes(name: str) -> bytes:
    """The bytes of a file."""
    try:
        limited(os.stat(name).st_size, f"'{name}'")  # noqa: PTH116
        with open(name, "rb") as file:  # noqa: PTH123
            return limited_read(file, f"'{name}'")
    except (OSError, ValueError) as problem:
        raise unreadable(name, problem) from problem


def limited_read(file: Any, name: str) -> bytes:
    """What a stream has, refused where it is too much: a pipe does not tell its size before."""
    data: bytes = file.read(LIMIT + 1)
    limited(len(data), name)
    return data


def limited(size: int, name: str) -> None:
    """Refuse more text than the limit."""
    if size > LIMIT:
        raise BudgetExceeded(f"{name} has more than {LIMIT // 2**20} MB", hint="split it into smaller ones")


def unreadable(name: str, problem: Exception) -> FileProblem:
    """The error for a file that can't be read, with what helps against it."""
    if isinstance(problem, FileNotFoundError):
        return FileProblem(f"there is no file '{name}'", hint=missing_cure(name))
    if isinstance(problem, IsADirectoryError):
        return FileProblem(f"'{name}' is a folder", hint=f'gradcli check "{name}" runs the suites in a folder')
    reason = getattr(problem, "strerror", None) or str(problem)
    return FileProblem(f"can't read '{name}': {reason}", hint="- reads standard input")


def missing_cure(name: str) -> str:
    """What helps against a missing file: the name of one beside it, or the folder; `x.grad` is also how PyTorch spells a gradient."""
    folder, _, last = name.rpartition("/")
    plain, dot, ending = last.partition(".")
    near = nearest(plain, beside(folder, dot + ending))
    if near:
        return f"did you mean '{folder}{folder and '/'}{near}{dot}{ending}'?"
    stem = name.removesuffix(".grad")
    if len(stem) == 1 and name != stem:
        return f"a word that ends in .grad is a file; the gradient of {stem} is printed by gradcli grad PROGRAM --get {stem}"
    return f"the current folder is {os.getcwd()}"  # noqa: PTH109


def beside(folder: str, ending: str) -> list[str]:
    """The names of a folder that have an ending, without it."""
    try:
        return [name.removesuffix(ending) for name in os.listdir(folder or ".") if name.endswith(ending)]  # noqa: PTH208
    except (OSError, ValueError):
        return []


def decoded(data: bytes, name: str) -> str:
    """UTF-8 text, with or without a byte order mark, with every kind of line end."""
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as problem:
        raise FileProblem(f"{name} is not UTF-8 text: byte {problem.start}", hint="save it as UTF-8") from problem
