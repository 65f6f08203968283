"""Checks judged by several processes: each takes one check after the other, and one that dies costs the check that it had.

A worker is a fresh interpreter; serving.py is what it does. Entries and checks go through its pipes, pickled.
"""

from __future__ import annotations

import json
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from queue import SimpleQueue
from typing import Any

from gradcli.checking.suites.entry import Entry, ids_of, split
from gradcli.checking.suites.running import failed, judged
from gradcli.errors import TargetProblem
from gradcli.results import Check

START = "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); from gradcli.checking.suites.serving import serve; serve()"
"""What a worker begins with: it finds modules where this process does."""

PAUSE = 0.2
"""Seconds after which a wait looks whether it was interrupted, which Windows does not do by itself."""

GRACE = 2.0
"""Seconds that a worker has to end what it started."""


def judged_by_workers(chosen: Iterable[Entry], jobs: int) -> Iterator[Check]:
    """The checks of some entries, in their order."""
    parts = [part for entry in chosen for part in split(entry)]
    pool = Pool(min(jobs, len(parts)))
    try:
        for future in [pool.submit(part) for part in parts]:
            while not wait([future], timeout=PAUSE).done:
                pass
            yield from future.result()
    finally:
        pool.close()


class Pool:
    """Some workers, each started when it is first needed, and a thread for each that waits for it."""

    def __init__(self, jobs: int) -> None:
        self.threads = ThreadPoolExecutor(max(jobs, 1))
        self.idle: SimpleQueue[Worker | None] = SimpleQueue()
        self.workers: list[Worker] = []
        self.closed = False
        for _ in range(jobs):
            self.idle.put(None)

    def submit(self, entry: Entry) -> Future[list[Check]]:
        """The checks of an entry, when a worker has judged it; an entry with a fault needs none."""
        if entry.fault is not None:
            done: Future[list[Check]] = Future()
            done.set_result(list(judged(entry)))
            return done
        return self.threads.submit(self.judge, entry)

    def judge(self, entry: Entry) -> list[Check]:
        """The checks of an entry from the next worker that has time."""
        worker = self.idle.get()
        try:
            if worker is None:
                worker = self.started()
            return worker.judge(entry)
        except WorkerDied as death:
            worker = None
            return [failed(entry, id, death.problem()) for id in ids_of(entry)]  # noqa: A001
        finally:
            self.idle.put(worker)

    def started(self) -> Worker:
        """A new worker, of which `close` knows."""
        worker = Worker()
        self.workers.append(worker)
        if self.closed:
            worker.end()
        return worker

    def close(self) -> None:
        """Ends all workers, whatever they do; a second interrupt does not wait for them."""
        self.closed = True
        self.threads.shutdown(wait=False, cancel_futures=True)
        try:
            for worker in self.workers:
                worker.end()
            for worker in self.workers:
                worker.wait()
        finally:
            for worker in self.workers:
                worker.process.kill()
        self.threads.shutdown()


class WorkerDied(Exception):
    """A worker ended while it had a check."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code

    def problem(self) -> TargetProblem:
        """What to tell the user."""
        how = f"was ended by {signal_name(-self.code)}" if self.code < 0 else f"ended with exit code {self.code}"
        return TargetProblem(f"the process that ran this check {how}", "the others ran in another process", gone=True)


class Worker:
    """A process that judges one entry after the other."""

    def __init__(self) -> None:
        path = json.dumps([str(folder) for folder in sys.path])
        self.busy = False
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            **apart(),
        )

    def judge(self, entry: Entry) -> list[Check]:
        """The checks of an entry. Raises WorkerDied, and whatever is a fault of gradcli in there."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.busy = True
            pickle.dump(entry, self.process.stdin)
            self.process.stdin.flush()
            answer = pickle.load(self.process.stdout)
            self.busy = False
        except (EOFError, OSError, pickle.UnpicklingError) as fault:
            self.end()
            raise WorkerDied(self.wait()) from fault
        if isinstance(answer, str):
            raise RuntimeError(answer)
        checks: list[Check] = answer
        return checks

    def end(self) -> None:
        """Asks the process to end: without anything to do it ends by itself."""
        with suppress(OSError):
            assert self.process.stdin is not None
            self.process.stdin.close()
        if self.busy:
            self.process.terminate()

    def wait(self) -> int:
        """How the process ended, by force if it does not end by itself."""
        try:
            return self.process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            assert self.process.stdout is not None
            self.process.stdout.close()


def apart() -> dict[str, Any]:
    """The options of a process that an interrupt from the keyboard does not reach: the one that started it decides."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


def signal_name(number: int) -> str:
    """A signal as people know it."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
