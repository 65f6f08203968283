"""A command as somebody types it: its words, without a shell, and what helps when it can't be started."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from gradcli.errors import TargetProblem, nearest
from gradcli.targets.wire import cut

QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\\.")
SHELL = re.compile(r"[|&;<>`]|\$[\w({]|^~")
RUNNERS = {".py": "python3", ".sh": "sh", ".awk": "awk -f", ".js": "node", ".jl": "julia", ".R": "Rscript", ".r": "Rscript",
           ".pl": "perl", ".rb": "ruby", ".lua": "lua", ".m": "octave -q", ".jar": "java -jar"}  # fmt: skip
"""What runs a script that is not executable."""


def words_of(command: str, folder: str | None = None) -> list[str] | str:
    """The words of a command; on Windows its text, which every program splits itself. A file's path needs no quotes.

    Raises TargetProblem for an empty one, for open quotes and for signs that only a shell understands.
    """
    if not command.strip():
        raise TargetProblem("the command of --exec is empty", "--exec ./loss", gone=True)
    if (Path(folder or ".") / command).is_file() and (Path(command).name != command or shutil.which(command)):
        return [command]
    if sys.platform == "win32":
        return command
    if sign := SHELL.search(QUOTED.sub("_", command)):
        raise TargetProblem(
            f"'{cut(command)}' has a '{sign[0]}' for a shell, and the command is run without one", through_shell(command), gone=True
        )
    try:
        return shlex.split(command)
    except ValueError as fault:
        raise TargetProblem(f"the command '{cut(command)}' has an open quote", through_shell("…"), gone=True) from fault


def through_shell(command: str) -> str:
    """A command as one that a shell runs."""
    return f'--exec "sh -c {shlex.quote(command)}"' if '"' not in command else "--exec \"sh -c '…'\""


def not_started(command: str, word: str, folder: str | None, fault: OSError | ValueError) -> TargetProblem:
    """The error for a command whose first word can't be run, with what helps."""
    if isinstance(fault, FileNotFoundError):
        gone = folder is not None and not Path(folder).is_dir()
        what = f"there is no folder '{folder}'" if gone else f"there is no command '{cut(word)}'"
        return TargetProblem(what, missing_cure(command, word, folder), gone=True)
    reason = getattr(fault, "strerror", None) or str(fault)
    return TargetProblem(f"can't run '{cut(word)}': {reason}", unusable_cure(word, folder), gone=True)


def missing_cure(command: str, word: str, folder: str | None) -> str:
    """What helps against a command that is not there: a path, its nearest name, a shell."""
    place = Path(folder or ".")
    if "=" in word:
        return f'--exec "env {cut(command)}" sets a variable'
    if os.sep not in word and (place / word).is_file():
        word = f".{os.sep}{word}"
        return f"--exec {word}" if os.access(place / word, os.X_OK) else unusable_cure(word, folder)
    if (place / word).is_file():
        return "the program that its first line names is not there: see the line that begins with #!"
    near = nearest(Path(word).name, neighbours(place / Path(word).parent if os.sep in word else None))
    if near:
        return f"did you mean '{word.removesuffix(Path(word).name)}{near}'?"
    return "a program of this folder is written ./loss; what a shell knows is run by \"sh -c '…'\""


def neighbours(folder: Path | None) -> list[str]:
    """The names of the files in a folder, or of all commands."""
    places = [folder] if folder else [Path(place) for place in os.get_exec_path()]
    return [name for place in places for name in names_in(place)]


def names_in(folder: Path) -> Iterator[str]:
    """The names in a folder, if it can be read."""
    try:
        yield from os.listdir(folder)  # noqa: PTH208
    except OSError:
        return


def unusable_cure(word: str, folder: str | None) -> str:
    """What helps against a file that the system does not run."""
    path = Path(folder or ".") / word
    if path.is_dir():
        return f"'{word}' is a folder; name the program in it"
    runner = RUNNERS.get(path.suffix)
    run = f'--exec "{runner or "sh"} {word}"'
    if not os.access(path, os.X_OK):
        return f"chmod +x {word}, or {run}" if runner else f"chmod +x {word}"
    return f"a script begins with a line such as #!/bin/sh; or {run}"
