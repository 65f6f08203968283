"""The ends of a process's pipes, each served by a thread of its own: lines that come, lines that go, and standard error.

Not every system can wait for several pipes at once: what is read of an answer, of standard error, and what is written never waits for
the rest. Knows nothing of the process itself.
"""

from __future__ import annotations

import os
import select
import sys
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Condition, Event
from time import monotonic
from typing import IO

CHUNK = 2**16
KEPT = 3
"""Last lines of standard error that an error quotes."""

Said = Callable[[str], None]
"""What takes the lines of standard error."""

POSIX = sys.platform != "win32"


def pass_on(line: str) -> None:
    """Writes a line to standard error."""
    with suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


class Pipe:
    """One end of a pipe that a thread serves until the other end is closed, or `stopped` is set."""

    def __init__(self, file: IO[bytes], stopped: Event, writes: bool = False) -> None:
        self.file = file
        self.stopped = stopped
        self.poll = None
        if POSIX:
            os.set_blocking(file.fileno(), False)
            self.poll = select.poll()
            self.poll.register(file.fileno(), select.POLLOUT if writes else select.POLLIN)

    def wait(self) -> bool:
        """Waits until the pipe can be used; whether it may still be used. Processes that nobody can end may hold the other end."""
        while self.poll is not None and not self.poll.poll(100):
            if self.stopped.is_set():
                return False
        return True

    def read(self) -> bytes:
        """What is there, at least a byte; nothing at the end."""
        while self.wait():
            with suppress(BlockingIOError):
                return os.read(self.file.fileno(), CHUNK)
        return b""

    def write(self, data: bytes) -> bool:
        """Writes all of it, whatever time that takes; whether somebody was there to read it."""
        rest = memoryview(data)
        with suppress(OSError):
            while rest and self.wait():
                with suppress(BlockingIOError):
                    rest = rest[os.write(self.file.fileno(), rest[:CHUNK]) :]
        return not rest


class Inbox:
    """The lines that a process prints, as they come; stops reading when more than a line may have is waiting."""

    def __init__(self, pipe: Pipe, longest: int) -> None:
        self.pipe = pipe
        self.longest = longest
        self.data = bytearray()
        self.searched = 0
        self.ended = False
        self.changed = Condition()

    def serve(self) -> None:
        """Collects what comes until the end."""
        while chunk := self.pipe.read():
            with self.changed:
                self.data += chunk
                self.changed.notify_all()
                self.changed.wait_for(lambda: len(self.data) <= self.longest or self.pipe.stopped.is_set())
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def line(self, deadline: float) -> bytes | None:
        """The next line, at the end what is left of one; None where nothing is. Raises TimeoutError, OverflowError for a long one."""
        with self.changed:
            while (end := self.data.find(b"\n", self.searched)) < 0:
                self.searched = len(self.data)
                if self.ended:
                    return self.taken(len(self.data)) if self.data.strip() else None
                if len(self.data) > self.longest:
                    raise OverflowError
                if not self.changed.wait(deadline - monotonic()) and monotonic() >= deadline:
                    raise TimeoutError
            return self.taken(end + 1)

    def taken(self, count: int) -> bytes:
        """The first bytes, which go."""
        found = bytes(self.data[:count])
        del self.data[:count]
        self.searched = 0
        self.changed.notify_all()
        return found


class Outbox:
    """What a process is to read, in order; counts what was put in, and what somebody has taken."""

    def __init__(self, pipe: Pipe) -> None:
        self.pipe = pipe
        self.queue: SimpleQueue[bytes | None] = SimpleQueue()
        self.put_in = self.taken = 0

    def put(self, data: bytes | None) -> None:
        """Adds to it; None closes the pipe."""
        self.put_in += 1
        self.queue.put(data)

    def serve(self) -> None:
        """Writes what is put here until the pipe is to be closed."""
        while (data := self.queue.get()) is not None:
            if self.pipe.write(data):
                self.taken += 1
        self.pipe.file.close()


class Errors:
    """Standard error: every line is passed on as it comes, and the last ones are kept."""

    def __init__(self, pipe: Pipe, said: Said) -> None:
        self.pipe = pipe
        self.said = said
        self.last: deque[str] = deque(maxlen=KEPT)

    def serve(self) -> None:
        """Passes on what comes until the end; a line without end is passed on in pieces."""
        rest = b""
        while chunk := self.pipe.read():
            *lines, rest = (rest + chunk).split(b"\n")
            if len(rest) > CHUNK:
                lines, rest = [*lines, rest], b""
            self.tell(lines)
        self.tell([rest] if rest else [])

    def tell(self, lines: Sequence[bytes]) -> None:
        """Passes lines on."""
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip("\r")
            if any(map(str.isalnum, text)):
                self.last.append(text)
            self.said(text)
