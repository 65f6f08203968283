"""The README with its examples run, its tables of options made and its picture drawn anew."""

from __future__ import annotations

import html
import re
import shlex
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import typer.main

from gradcli.cli.app import COMMANDS, application
from tests.cases.session import called

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PICTURE = ROOT / "examples" / "session.svg"

CONSOLE = re.compile(r"(?ms)^```console(?: exit (\d+))?\n(.*?)^```$")
OPTIONS = re.compile(r"(?s)(<!-- options -->\n).*(<!-- end of options -->)")
WIDTH = 84

SHOWN = (
    ("grad", "(x+w)*(w+1)", "--at", "w=1,x=2"),
    ("check", "(x+w)*(w+1)", "--at", "w=1,x=2", "--expect", "w=2*w+x"),
)
"""The commands of the picture."""


def renewed(text: str) -> str:
    """The README with what the tool answers now."""
    return OPTIONS.sub(lambda found: f"{found[1]}{''.join(tables())}{found[2]}", CONSOLE.sub(rerun, text))


def rerun(block: re.Match[str]) -> str:
    """A block of examples with the answers that they get."""
    head = block[0].split("\n", 1)[0]
    commands = [row.removeprefix("$ ") for row in block[2].splitlines() if row.startswith("$ ")]
    return head + "\n" + "".join(f"$ {command}\n{answer(command, int(block[1] or 0))}" for command in commands) + "```"


def answer(command: str, code: int) -> str:
    """What a command of the README prints; its exit code must be the one that the README says."""
    with chdir(ROOT):
        ended = called(shlex.split(command)[1:], {})
    if ended.code != code:
        raise ValueError(f"exit {ended.code}, not {code}: {command}\n{ended.err}")
    return "".join(f"{row.rstrip()}\n" for row in (ended.out + ended.err).splitlines())


def tables() -> Iterator[str]:
    """A table of options for every command."""
    for command in COMMANDS:
        group: Any = typer.main.get_command(application([command]))
        one = group.commands[command]
        ctx = one.make_context(command, [], resilient_parsing=True, help_option_names=["-h", "--help"])
        usage = " ".join(one.collect_usage_pieces(ctx))
        yield f"### gradcli {command}\n\n    gradcli {command} {usage}\n\n| option | |\n|---|---|\n"
        yield from (row(param) for param in one.get_params(ctx) if param.param_type_name == "option")
        yield "\n"


def row(param: Any) -> str:
    """An option as a row of a table."""
    names = sorted(param.opts, key=len)
    value = "" if param.is_flag or not param.metavar else f" {param.metavar}"
    return f"| `{', '.join(names)}{value}` | {param.help.replace('|', chr(92) + '|')} |\n"


def screens() -> Iterator[tuple[str, str]]:
    """The commands of the picture with what a terminal shows for them."""
    for words in SHOWN:
        typed = " ".join(f'"{word}"' if "(" in word or "*" in word else word for word in words)
        yield f"$ gradcli {typed}", called(words, {"TERMINAL": str(WIDTH), "NO_COLOR": "", "FORCE_COLOR": "1"}).out


def picture() -> str:
    """The picture: an SVG without fonts from elsewhere."""
    from io import StringIO

    from rich.console import Console
    from rich.terminal_theme import MONOKAI
    from rich.text import Text

    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="standard", legacy_windows=False)
    for prompt, shown in screens():
        console.print(Text(prompt, style="bold"))
        console.print(Text.from_ansi(shown))
    svg = console.export_svg(title="gradcli", unique_id="gradcli", theme=MONOKAI)
    plain = re.sub(r"(?s)\s*(@font-face \{.*?\}|<!--.*?-->)", "", svg)
    return plain.replace("Fira Code", "Menlo, Consolas, DejaVu Sans Mono")


def words_of(svg: str) -> str:
    """All text of a picture without its spaces: what it says, whichever version of Rich drew it."""
    return squeezed(html.unescape("".join(re.findall(r"<text[^>]*>([^<]*)</text>", svg))))


def squeezed(text: str) -> str:
    """Text without spaces."""
    return re.sub(r"\s", "", text)
