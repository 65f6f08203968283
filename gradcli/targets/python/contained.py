"""Where the user's code prints, and that it does not end the process: standard output and the exit code carry gradcli's answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from types import TracebackType
from typing import Any, NoReturn


class Contained:
    """A context in which everything goes to standard error, `print` and what other languages and other programs write, and in which
    `os._exit`, which ends a process at once and without a word, raises SystemExit as other exits do.

    >>> with Contained():
    ...     print("not in the answer")
    """

    __slots__ = ("ending", "saved", "stdout")

    def __enter__(self) -> None:
        self.stdout, self.ending = sys.stdout, os._exit
        sys.stdout = sys.stderr
        os._exit = raising(self.ending)  # type: ignore[assignment]
        self.saved: int | None = None
        try:
            self.saved = os.dup(1)
            os.dup2(2, 1)
        except OSError:  # a process without these files has nothing to protect
            pass

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        sys.stdout = self.stdout
        os._exit = self.ending
        if self.saved is not None:
            flush_of_c()(None)
            os.dup2(self.saved, 1)
            os.close(self.saved)


def raising(ending: Callable[[int], NoReturn]) -> Callable[[int], NoReturn]:
    """os._exit as an exception in this process; a child that was forked meanwhile ends as it means to."""
    process = os.getpid()

    def ended(status: int) -> NoReturn:
        if os.getpid() != process:
            ending(status)
        raise SystemExit(status)

    return ended


@cache
def flush_of_c() -> Callable[[Any], Any]:
    """C's fflush, which writes what code in C has printed and still holds; nothing where there is none."""
    try:
        import ctypes

        return ctypes.CDLL(None).fflush
    except (ImportError, OSError, TypeError, AttributeError):
        return lambda _: None
