"""A worker seen from inside: it reads entries and answers checks, through pipes that user code can't reach by printing."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from contextlib import suppress
from types import FrameType
from typing import Any

from gradcli.checking.suites.entry import Entry
from gradcli.checking.suites.running import judged
from gradcli.results import Check

SELDOM = (200_000, 30, 30)
"""How seldom a worker collects garbage, which would take a sixth of its time."""


def serve() -> None:
    """What a worker does."""
    Server().serve()


class Server:
    """A worker seen from inside: it judges entries until there are no more, or until it is asked to end."""

    def __init__(self) -> None:
        self.busy = False

    def serve(self) -> None:
        """Judge one entry after the other."""
        signal.signal(signal.SIGTERM, self.leave)
        gc.set_threshold(*SELDOM)
        requests, answers = own_streams()
        with suppress(EOFError, KeyboardInterrupt):
            while True:
                entry: Entry = pickle.load(requests)
                self.busy = True
                found = answer(entry)
                self.busy = False
                pickle.dump(found, answers)
                answers.flush()

    def leave(self, _number: int, _frame: FrameType | None) -> None:
        """Ends the worker as an interrupt does: nobody's code takes that for a failure, and what it has started is ended on the way out."""
        if self.busy:
            raise KeyboardInterrupt
        os._exit(1)


def answer(entry: Entry) -> list[Check] | str:
    """The checks of an entry, or the traceback of a fault of gradcli."""
    try:
        return list(judged(entry))
    except Exception:
        import traceback

        return traceback.format_exc()


def own_streams() -> tuple[Any, Any]:
    """The pipes to the process that asks, put where user code neither reads nor prints: it finds no input, and prints to standard error.

    A process that user code forks does not keep the pipe open: its end is how the death of this one is known.
    """
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=answers.close)
    return requests, answers
