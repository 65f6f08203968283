"""Servers on loopback: the one of the umbridge package in a process of its own, and one that answers what a test says."""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
"""Seconds that a server has to be there."""

GOOD: Mapping[str, Any] = {
    "Info": {"protocolVersion": 1.0, "models": ["square"]},
    "ModelInfo": {"support": {"Evaluate": True, "Gradient": True}},
    "InputSizes": {"inputSizes": [2]},
    "OutputSizes": {"outputSizes": [1]},
    "Evaluate": {"output": [[4]]},
    "Gradient": {"output": [4, 0]},
}
"""What a server answers that does as it should."""

Answer = Callable[[BaseHTTPRequestHandler, Event], None]
"""Something that a server does instead of answering; the event is set when the test is over."""


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def models() -> Iterator[str]:
    """The URL of the umbridge package's server with the models of `tests.targets.models`."""
    port = free_port()
    command = [sys.executable, "-m", "tests.targets.models", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Returns when a server answers; fails where its process ends or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/Info")
            connection.getresponse().read()
            return
        except OSError:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        finally:
            connection.close()


@contextmanager
def answering(**answers: Any) -> Iterator[str]:
    """The URL of a server that answers endpoints as GOOD does, or with other data, (status, bytes), or an `Answer`."""
    over = Event()
    table = {**GOOD, **answers}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = table.get(self.path.rpartition("/")[2], (404, b"not here"))
            if callable(answer):
                answer(self, over)
                return
            status, body = answer if isinstance(answer, tuple) else (200, json.dumps(answer).encode())
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere/")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            """Says nothing of clients that have gone."""

    with Quiet(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            over.set()
            server.shutdown()
            thread.join()


def hang(_: BaseHTTPRequestHandler, over: Event) -> None:
    """Never answers."""
    over.wait()


def hang_up(handler: BaseHTTPRequestHandler, _: Event) -> None:
    """Closes the connection without an answer."""
    handler.close_connection = True


def drip(handler: BaseHTTPRequestHandler, over: Event) -> None:
    """Answers a byte at a time, without end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not over.wait(0.02):
        try:
            handler.wfile.write(b" ")
        except OSError:
            return


def babble(handler: BaseHTTPRequestHandler, _: Event) -> None:
    """Speaks something else than HTTP."""
    handler.wfile.write(b"220 smtp.example.org ESMTP\r\n")
    handler.close_connection = True


def once(handler: BaseHTTPRequestHandler, _: Event) -> None:
    """Answers, and closes the connection without saying so."""
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n{"output": [[4]]}')
    handler.close_connection = True
