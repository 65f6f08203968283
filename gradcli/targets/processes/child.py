"""A process that is kept alive and spoken to in lines: one goes in, one comes back in time, or it is ended.

Knows time, signals and how processes end; does not know what the lines say.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

from gradcli.targets.processes.pipes import POSIX, Errors, Inbox, Outbox, Pipe, Said, pass_on
from gradcli.targets.wire import cut

LONGEST = 64 * 2**20
"""Bytes that a line may have."""

PATIENCE = 1.0
"""Seconds that a process has to end by itself, and again after it was asked to."""

LINGERING = 5.0
"""Seconds that a process has to end after it has closed its standard output."""


class Broken(Exception):
    """Why a process gave no line: the end of a sentence that begins with its name, and what helps."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


class Child:
    """A running process. Raises OSError or ValueError where it can't be started."""

    def __init__(self, command: Sequence[str] | str, folder: str | None = None, said: Said = pass_on) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            cwd=folder,
            env={"PYTHONUNBUFFERED": "1", **os.environ},
            start_new_session=POSIX,
            creationflags=0 if POSIX else 0x200,
        )
        process, self.stopped = self.process, Event()
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.outbox = Outbox(Pipe(process.stdin, self.stopped, writes=True))
        self.inbox = Inbox(Pipe(process.stdout, self.stopped), LONGEST)
        self.errors = Errors(Pipe(process.stderr, self.stopped), said)
        self.threads = [Thread(target=part.serve, daemon=True) for part in (self.outbox, self.inbox, self.errors)]
        for thread in self.threads:
            thread.start()
        self.closed = self.killed = False

    def ask(self, line: bytes, seconds: float) -> bytes:
        """The line that answers a line, which may take so long. Raises Broken, with the process ended, where none comes."""
        try:
            return self.answer(line, seconds)
        except BaseException:
            self.kill()
            raise

    def answer(self, line: bytes, seconds: float) -> bytes:
        """The same, without ending the process. Empty lines are no answers."""
        deadline = monotonic() + seconds
        self.outbox.put(line)
        try:
            while (found := self.inbox.line(deadline)) is not None:
                if found.strip():
                    return found
        except TimeoutError:
            raise self.silent(len(line), seconds) from None
        except OverflowError:
            size = self.inbox.longest
            what = f"has printed more than {size // 2**20 or size / 2**20:g} MB without ending the line"
            raise Broken(what, 'an answer is one line, as {"id": 1, "value": 2.5}, and ends with a line feed') from None
        raise self.ended()

    def silent(self, size: int, seconds: float) -> Broken:
        """Why there was no line in time."""
        begun = bytes(self.inbox.data[:400])
        if begun.strip():
            what = f"began an answer and did not end it within {seconds:g} s: {quoted(begun)}"
            return Broken(what, "end every answer with a line feed, and flush standard output after it")
        if self.outbox.taken < self.outbox.put_in:
            what = f"did not read the whole of its request, {size} bytes, within {seconds:g} s"
            return Broken(what, "read a line from standard input, answer it, and so on until standard input ends")
        return Broken(f"has not answered within {seconds:g} s", "flush standard output after each line; --timeout 60 waits a minute")

    def ended(self) -> Broken:
        """Why a process that closed its standard output did so, and its last words."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(LINGERING)
        code = self.process.poll()
        self.kill_group()
        self.threads[2].join(PATIENCE)
        last = " | ".join(cut(line) for line in self.errors.last)
        words = f"; standard error ends: {last}" if last else ""
        if code is None:
            return Broken(f"has closed its standard output and runs on{words}", "standard output stays open until standard input ends")
        return Broken(f"{how_ended(code)} instead of answering{words}", cure_of(code))

    def end(self) -> None:
        """Ends the process: its standard input is closed, then it is asked to end, then it is ended, with all that it started."""
        if self.closed:
            return
        try:
            self.outbox.put(None)
            if not self.gone_within(PATIENCE):
                self.ask_to_end()
                self.gone_within(PATIENCE)
        finally:
            self.kill()

    def gone_within(self, seconds: float) -> bool:
        """Whether the process ends in time."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def ask_to_end(self) -> None:
        """Asks the process and what it has started to end."""
        with suppress(OSError):
            if sys.platform == "win32":
                self.process.terminate()
            else:
                os.killpg(self.process.pid, signal.SIGTERM)

    def kill_group(self) -> None:
        """Ends what is left of the process and of what it has started; once, because its number is free for others after that."""
        if self.killed:
            return
        self.killed = True
        with suppress(OSError):
            if sys.platform != "win32":
                os.killpg(self.process.pid, signal.SIGKILL)
            elif self.process.poll() is None:
                subprocess.run(["taskkill", "/T", "/F", "/PID", str(self.process.pid)], capture_output=True, check=False)
                self.process.kill()

    def kill(self) -> None:
        """Ends the process at once, and the threads; a second time does nothing."""
        if self.closed:
            return
        self.closed = True
        self.kill_group()
        self.gone_within(10 * PATIENCE)
        self.outbox.put(None)
        self.threads[2].join(PATIENCE)
        self.stopped.set()
        with self.inbox.changed:
            self.inbox.changed.notify_all()
        for thread in self.threads:
            thread.join(10 * PATIENCE)
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


def quoted(line: bytes) -> str:
    """The beginning of a line that a process has printed."""
    return f"'{cut(line[:400].decode('utf-8', 'backslashreplace'))}'"


def how_ended(code: int) -> str:
    """How a process ended, by its exit code."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        name = f" ({signal.Signals(-code).name})"
    except ValueError:
        name = ""
    return f"was ended by signal {-code}{name}"


def cure_of(code: int) -> str:
    """What helps against a process that ends."""
    if code == 0:
        return "it has to answer one line after the other, until standard input ends"
    if code == 127:
        return "the shell did not find a command: try the command by itself"
    return 'where there is no value, answer {"id": 1, "error": "why"} and read the next line'
