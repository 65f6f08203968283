"""Where the user's code prints, and that it does not end the process: standard output and the exit code carry gradcli's answer."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


def contained(work: Callable[[], T]) -> T:
    """What some work returns, in which everything goes to standard error, `print` and what other languages and other programs write, and in
    which `os._exit`, which ends a process at once and without a word, raises SystemExit as other exits do.

    An interrupt may come at any point: whatever was redirected until then is put back. That is why this is a function with its
    `finally` in sight, and no context: one whose entry or exit is interrupted leaves what it has done.

    >>> contained(lambda: print("not in the answer"))
    """
    stdout, ending = sys.stdout, os._exit
    saved = copy_of_output()
    try:
        sys.stdout = sys.stderr
        os._exit = raising(ending)  # type: ignore[assignment]
        if saved is not None:
            os.dup2(2, 1)
        return work()
    finally:
        sys.stdout, os._exit = stdout, ending
        if saved is not None:
            try:
                flush_of_c()(None)
            finally:
                try:
                    os.dup2(saved, 1)
                finally:
                    os.close(saved)


def copy_of_output() -> int | None:
    """Another descriptor of the process's standard output; None for a process that has none, or no standard error to write to instead."""
    try:
        os.fstat(2)
        return os.dup(1)
    except OSError:
        return None


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
