"""Suites for tests: checks of which everybody knows what they come to, as text, and files of them."""

from __future__ import annotations

from pathlib import Path

from gradcli import GradcliError

RIGHT = """
[[check]]
name = "right"
program = "x**2"
at = {x = 3}
expect = "2*x"
"""

WRONG = """
[[check]]
name = "wrong"
program = "x**2"
at = {x = 3}
expect = "x"
"""

CORNER = """
[[check]]
name = "corner"
program = "abs(x)"
at = {x = 0}
"""

KNOWN_CORNER = """
[[check]]
name = "known corner"
program = "abs(x)"
at = "x=0"
verdict = "kink"
"""

TWO_POINTS = """
[[check]]
name = "two points"
program = "sin(x)"
at = [{x = 1}, {x = 2}]
"""

DRAWN = """
[[check]]
name = "drawn"
program = "x*log(y)"
samples = 3
"""

IMPOSSIBLE = """
[[check]]
name = "impossible"
program = "x*w"
at = {x = 3}
"""

MISSPELLED = """
[[check]]
name = "misspelled"
progam = "x"
"""


def written(folder: Path, text: str, name: str = "s.grad.toml") -> str:
    """A suite file with a text, in a folder that need not be there yet; returns its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def assert_fault(fault: GradcliError, place: str, words: str, hint: str) -> None:
    """Where a fault says that it is, what it says, and what it offers."""
    assert fault.message.startswith(f"{place}: ")
    assert words in fault.message
    assert hint in (fault.hint or "")
