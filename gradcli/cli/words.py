"""The positional words of a command: which is the program, which are values, which are paths; and how to quote them in a hint."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from unicodedata import normalize

from gradcli.errors import UsageError

EXAMPLE = {
    "grad": 'gradcli grad "(x+w)*(w+1)" --at w=1,x=2',
    "check": 'gradcli check "x^2" --at x=3',
    "jacobian": 'gradcli jacobian "y = x*w; z = x + w" --at x=2,w=3 --of y,z',
    "hessian": 'gradcli hessian "x^2*w + w^3" --at x=1,w=2',
    "jvp": 'gradcli jvp "(x+w)*(w+1)" --at w=1,x=2 --tangent w=1',
    "graph": 'gradcli graph "(x+w)*(w+1)"',
}

NEEDS_QUOTES = set(" \t\n()[]{}<>*?|&;#~^,=%'\\")
"""Characters that some shell takes for itself, or that are hard to read without quotes."""


def program_and_values(command: str, words: Sequence[str], at: Sequence[str] = ()) -> tuple[str, list[str]]:
    """The program, which is the first word, and the NAME=VALUE words after it."""
    if not words:
        raise no_program(command)
    extra = [word for word in words[1:] if not is_value(word)]
    if extra:
        raise second_program(command, words, extra, at)
    return words[0], list(words[1:])


def is_value(word: str) -> bool:
    """Whether a word gives a name a value: NAME=VALUE, with one equals sign after an identifier."""
    name, equals, value = word.partition("=")
    return bool(equals) and is_name(name.strip()) and not value.startswith("=")


def is_name(word: str) -> bool:
    """Whether a word is a name of the language, which normalises names: `x₁` is x1."""
    return normalize("NFKC", word).isidentifier()


def no_program(command: str) -> UsageError:
    """The error for a command without its program; a pipe has to be asked for."""
    if sys.stdin is not None and not sys.stdin.isatty():
        return UsageError("no program", hint=f"gradcli {command} - reads it from standard input")
    return UsageError("no program", hint=EXAMPLE[command])


def second_program(command: str, words: Sequence[str], extra: Sequence[str], at: Sequence[str]) -> UsageError:
    """The error for a program that the shell has torn apart, with the words put together again."""
    if extra[0].startswith("--"):
        return UsageError(f"'{extra[0]}' stands behind a lone -- and is no option there", hint="options stand before the --")
    if re.match("-[^\\W\\d]{2}", extra[0]):
        return UsageError(f"'{extra[0]}' is no option and no value", hint=dash_cure(command, extra[0]))
    if together := without_spaces(words[1:], at):
        hint = " ".join(["gradcli", command, quoted(words[0], always=True), *map(quoted, together)])
        return UsageError("a value is given without spaces around '=': NAME=VALUE", hint=hint)
    values = [word for word in words[1:] if is_value(word)]
    program = " ".join([words[0], *extra])
    if is_value(words[0]) and len(extra) == 1:
        program, values = extra[0], [words[0], *values]
    point = [part for text in at for part in ("--at", quoted(text))]
    hint = " ".join(["gradcli", command, quoted(program, always=True), *map(quoted, values), *point])
    return UsageError(f"an unquoted second word: '{extra[0]}'", hint=hint)


def dash_cure(command: str, word: str) -> str:
    """What to type instead of `-json` and `-oout.json`."""
    from gradcli.cli.options import option_names

    known = option_names()
    long = f"-{word}".partition("=")[0]
    near = long if long in known else next((option for option in known if option.startswith(long) and len(long) > 4), None)
    if near:
        return f"options of several letters begin with --: {near}"
    return f"{word[:2]} {quoted(word[2:])}" if word[:2] in known else f"gradcli {command} --help lists the options"


def without_spaces(words: Sequence[str], at: Sequence[str]) -> list[str]:
    """The words of `x = 1`, `x= 1` and `--at x 1` as values; [] if that is not what they are."""
    begun = [at[-1]] if at and (is_name(at[-1].strip()) or at[-1].rstrip().endswith("=")) else []
    text = " ".join([*begun, *words])
    if begun and "=" not in text:
        text = text.replace(" ", "=", 1)
    found = re.sub(r"\s*=\s*", "=", text).split()
    complete = all(is_value(word) and not word.endswith("=") for word in found)
    return [*(at[:-1] if begun else at), *found] if complete else []


def is_path(word: str) -> bool:
    """Whether `check` takes a word for a suite or a folder, not for a program."""
    return word.endswith((".toml", "/", "\\")) or word in (".", "..") or "::" in word or is_folder(word)


def is_folder(word: str) -> bool:
    """Whether a word names an existing directory."""
    try:
        return os.path.isdir(word)  # noqa: PTH112
    except ValueError:
        return False


def paths(words: Sequence[str]) -> list[str]:
    """The paths among the words of `check`: all of them or none; without any word, the current directory."""
    found = [word for word in words if is_path(word)]
    if found and len(found) < len(words):
        other = next(word for word in words if not is_path(word))
        raise UsageError(f"'{found[0]}' is a path and '{other}' is a program", hint=f"gradcli check {quoted(found[0])}")
    return found if words else ["."]


def quoted(word: str, always: bool = False) -> str:
    """A word as it can be typed in a shell: in double quotes where that is needed and possible."""
    if any(char in '"$`!' for char in word):
        return "'" + word.replace("'", "'\\''") + "'"
    plain = is_value(word) and not NEEDS_QUOTES.intersection(word) - {"=", ","}
    return f'"{word}"' if always or not word or (NEEDS_QUOTES.intersection(word) and not plain) else word
