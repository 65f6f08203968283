"""The looks of the tool: one word per meaning, its colours, and their escape sequences."""

from __future__ import annotations

STYLES = {
    "agree": "green",
    "disagree": "bold red",
    "error": "bold red",
    "kink": "yellow",
    "undefined": "magenta",
    "inconclusive": "cyan",
    "warning": "yellow",
    "heading": "bold",
    "answer": "bold",
    "gradient": "cyan",
    "leaf": "green",
    "dim": "dim",
}
"""The words that pages use; "" is text without a style."""

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "magenta": "35", "cyan": "36"}


def painted(text: str, style: str, color: bool) -> str:
    """Text in the colours of a style word, as a terminal wants them."""
    if not color or not style or not text:
        return text
    return f"\x1b[{';'.join(CODES[word] for word in STYLES[style].split())}m{text}\x1b[0m"
