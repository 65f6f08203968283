"""Programs that behave as a test wants: a few lines of Python, run as somebody else's process."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

HEAD = """
import json, os, signal, sys, time
def asked():
    return json.loads(sys.stdin.readline())
def tell(**answer):
    print(json.dumps(answer), flush=True)
def requests():
    for line in sys.stdin:
        yield json.loads(line)
"""

SQUARE = "for r in requests(): tell(id=r['id'], value=r['x']['w'] ** 2, grad={'w': 2 * r['x']['w']})"
"""A program that does everything as it should."""


def program(folder: Path, text: str, *words: str) -> str:
    """The command that runs a text as a program, which may use `asked`, `requests` and `tell`."""
    path = folder / "program.py"
    folder.mkdir(exist_ok=True)
    path.write_text(f"{HEAD}\n{text}\n", "utf-8")
    return shlex.join([sys.executable, "-IS", str(path), *words])


def saying(folder: Path, *lines: str) -> str:
    """The command of a program that answers each request with the next of some lines, and `#` in them is the request's number."""
    text = f"for line, r in zip({list(lines)!r}, requests()): print(line.replace('#', str(r['id'])), flush=True)\nfor r in requests(): pass"
    return program(folder, text)
