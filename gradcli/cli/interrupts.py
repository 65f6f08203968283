"""A request to end the process, taken as an interrupt from the keyboard: what was done until then is still reported."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def ended_as_interrupted() -> Iterator[None]:
    """Within this, SIGTERM raises KeyboardInterrupt, as it is sent by CI systems before they end a process by force."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def interrupted(_number: int, _frame: FrameType | None) -> None:
    """What an interrupt from the keyboard does."""
    raise KeyboardInterrupt
