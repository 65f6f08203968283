"""Reads a session, runs its commands in this process, and writes it with what they answer.

A session is a file of lines: `# …` is a remark, `$ …` a command, `| …` its standard output, `! …` its standard error, `= exit …` its
exit code. Before a command may stand variables of the environment (TERMINAL=60 makes the streams a terminal of that width), behind it
`< FILE`; `$ cat FILE` shows a file that a command wrote. Commands run in a copy of the folder `files`.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from gradcli.cli import main

HERE = Path(__file__).parent
SESSIONS = sorted(HERE.glob("*.session"))
HUGE = 2**30
DEEP = 100_000


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str


class Stream(io.TextIOWrapper):
    """A stream into memory, which may call itself a terminal."""

    def __init__(self, encoding: str, terminal: bool) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    @property
    def text(self) -> str:
        """What was written."""
        self.flush()
        data: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return data.decode(self.encoding)


def prepare(folder: Path, text: str) -> None:
    """Fill a folder with the files that a session speaks of, also with those that no repository should hold."""
    shutil.copytree(HERE / "files", folder, dirs_exist_ok=True)
    (folder / "empty").mkdir()
    (folder / "latin.grad").write_bytes("é = 2".encode("latin-1"))
    (folder / "deep.grad").write_text("(" * DEEP + "x" + ")" * DEEP)
    (folder / "unbalanced.grad").write_text("(" * DEEP + "x")
    (folder / "long.grad").write_text("y = x\n" + "y = y + x\n" * 100)
    if "huge.grad" in text:
        with (folder / "huge.grad").open("wb") as file:
            file.truncate(HUGE)


def replayed(text: str, folder: Path) -> str:
    """A session with the answers that its commands get now."""
    with chdir(folder):
        return "".join(line for row in text.splitlines() for line in answered(row))


def answered(row: str) -> Iterator[str]:
    """The lines that a line of a session becomes; old answers vanish."""
    if not row.startswith(("|", "!", "=")):
        yield f"{row}\n"
    if row.startswith("$ "):
        yield from transcript(run(row.removeprefix("$ ")))


def transcript(ended: Ended) -> Iterator[str]:
    """What a command answered, as lines of a session."""
    yield from (f"| {row}".rstrip() + "\n" for row in said(ended.out))
    yield from (f"! {row}".rstrip() + "\n" for row in said(ended.err))
    yield f"= exit {ended.code}\n"


def said(text: str) -> list[str]:
    """The lines of an answer, in which the folder of the session has no name that differs from run to run."""
    return text.replace(str(Path.cwd()), "FOLDER").split("\n")[:-1]


def run(command: str) -> Ended:
    """The end of a command line in the current folder."""
    environment, words, stdin = read(command)
    if words[0] == "cat":
        return Ended(0, Path(words[1]).read_text("utf-8"), "")
    return called(words[1:], environment, stdin)


def read(command: str) -> tuple[dict[str, str], list[str], bytes]:
    """The environment, the words and the standard input of a command line."""
    words = shlex.split(command)
    environment = {}
    while re.match("[A-Z_]+=", words[0]):
        name, _, environment[name] = words.pop(0).partition("=")
    stdin = b""
    if "<" in words:
        stdin = Path(words.pop()).read_bytes()
        words.remove("<")
    return environment, words, stdin


def called(words: Sequence[str], environment: Mapping[str, str], stdin: bytes = b"") -> Ended:
    """The end of a call with these words in this process."""
    width = environment.get("TERMINAL")
    clean = {name: value for name, value in os.environ.items() if name != "FORCE_COLOR" and not name.startswith("GITHUB_")}
    wanted = {**clean, "COLUMNS": width or "80", "TERM": "xterm", "NO_COLOR": "1", **environment}
    encoding = environment.get("PYTHONIOENCODING", "utf-8")
    out, err = Stream(encoding, bool(width)), Stream(encoding, bool(width))
    with (
        patch.dict(os.environ, wanted, clear=True),
        patch("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        code = main(words)
    return Ended(code, out.text, err.text)
