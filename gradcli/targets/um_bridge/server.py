"""JSON over HTTP to one server: requests in time, a connection that is kept, and what is said when no usable answer comes.

Uses the standard library alone, no proxy, and follows no redirect. Does not know what the answers mean.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from socket import gaierror
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from gradcli.errors import TargetProblem, UsageError
from gradcli.targets.wire import cut, read_json, spelled

LARGEST = 256 * 2**20
"""Bytes that an answer may have."""

CHUNK = 2**16

SERVER = "start the server, or look at its host and port: --um-bridge http://localhost:4242"


class Refused(Exception):
    """An answer with an error in it: the status, and the data or the text that came with it."""

    def __init__(self, status: int, data: Any) -> None:
        super().__init__(status)
        self.status = status
        self.data = data


class Server:
    """A server at a URL; `timeout` is for one answer, in seconds. Raises UsageError for what is no URL."""

    def __init__(self, url: str, timeout: float) -> None:
        self.url, self.path = read_url(url)
        self.timeout = timeout
        parts = urlsplit(self.url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self.connection = kind(parts.hostname or "", parts.port, timeout=timeout)

    def close(self) -> None:
        """Ends the connection."""
        self.connection.close()

    def ask(self, endpoint: str, body: Mapping[str, Any] | None = None) -> Any:
        """The data that an endpoint answers: to a POST with a body, to a GET without. Raises Refused, or TargetProblem, `gone`."""
        try:
            status, place, data = self.exchanged(endpoint, None if body is None else json.dumps(body))
        except TimeoutError as fault:
            what = f"has not answered within {self.timeout:g} s"
            raise self.problem(endpoint, what, "--timeout 60 waits a minute") from fault
        except (OSError, HTTPException) as fault:
            raise self.problem(endpoint, *reason(fault)) from fault
        return self.understood(endpoint, status, place, data)

    def exchanged(self, endpoint: str, body: str | None) -> tuple[int, str, bytes]:
        """Status, new place and bytes of an answer. A connection that was closed since the last answer is opened again."""
        kept = self.connection.sock is not None
        try:
            return self.exchange(endpoint, body)
        except BaseException as fault:
            self.connection.close()
            if not (kept and isinstance(fault, ConnectionError | HTTPException)):
                raise
        return self.exchanged(endpoint, body)

    def exchange(self, endpoint: str, body: str | None) -> tuple[int, str, bytes]:
        """The same on the connection that there is."""
        deadline = monotonic() + self.timeout
        head = {"Accept": "application/json", **({"Content-Type": "application/json"} if body is not None else {})}
        self.wait_until(deadline)
        self.connection.request("GET" if body is None else "POST", f"{self.path}/{endpoint}", body, head)
        self.wait_until(deadline)
        with self.connection.getresponse() as response:
            return response.status, response.headers.get("Location", ""), self.read(response, deadline)

    def read(self, response: HTTPResponse, deadline: float) -> bytes:
        """The bytes of an answer, up to the largest, in time however slowly they come."""
        parts, size = [], 0
        while size <= LARGEST and (part := response.read1(CHUNK)):
            parts.append(part)
            size += len(part)
            self.wait_until(deadline)
        return b"".join(parts)

    def wait_until(self, deadline: float) -> None:
        """Lets the connection wait for as long as there is left."""
        left = deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        if self.connection.sock is not None:
            self.connection.sock.settimeout(left)

    def understood(self, endpoint: str, status: int, place: str, body: bytes) -> Any:
        """The data of an answer."""
        text = body.decode("utf-8", "backslashreplace")
        if 300 <= status < 400:
            where = f" to {cut(place)}" if place else ""
            raise self.problem(endpoint, f"answered {status}, a redirect{where}", "give --um-bridge the URL that the server really has")
        if len(body) > LARGEST:
            raise self.problem(endpoint, f"answered more than {LARGEST // 2**20} MB", "ask for fewer outputs at once")
        data: Any = None
        with suppress(ValueError):
            data = read_json(text)
        if status == 404 and not isinstance(data, dict):
            raise self.problem(endpoint, "is not there (404)", "is this the root of a UM-Bridge server? --um-bridge http://localhost:4242")
        if status != 200 or (isinstance(data, dict) and data.get("error") is not None):
            raise Refused(status, data if isinstance(data, dict) else text)
        if not isinstance(data, dict):
            what = "a web page" if text.lstrip()[:1] == "<" else cut(text) or "nothing"
            raise self.problem(endpoint, f"answered {what}, which is no JSON object", "is this a UM-Bridge server? " + SERVER)
        return data

    def problem(self, endpoint: str, what: str, hint: str) -> TargetProblem:
        """The error for a server that gives no usable answer and will not give one."""
        return TargetProblem(f"{self.url}/{endpoint} {what}", hint, gone=True)


def read_url(text: str) -> tuple[str, str]:
    """A URL without its last slash, and the path in it; the scheme may be missing."""
    url = (text if "://" in text else f"http://{text}").strip().rstrip("/")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and (parts.port or True) and not parts.query and not parts.fragment
    except ValueError:
        usable = False
    if not usable or not url.isascii() or any(char.isspace() for char in url):
        raise UsageError(f"'{cut(text)}' is no URL of a server", "--um-bridge http://localhost:4242")
    return url, parts.path


def reason(fault: Exception) -> tuple[str, str]:
    """What happened on the way to a server, and what helps."""
    if isinstance(fault, ConnectionRefusedError):
        return "is not reachable: nothing listens there", SERVER
    if isinstance(fault, ConnectionError):
        return "closed the connection without an answer", "what the server itself writes may say more"
    if isinstance(fault, gaierror):
        return "is not reachable: there is no such host", SERVER
    if isinstance(fault, ssl.SSLError):
        return f"is not reachable by https: {cut(fault.reason or str(fault))}", "a server without a certificate is http://…"
    if isinstance(fault, HTTPException):
        what = f"does not speak HTTP: {cut(str(fault) or type(fault).__name__)}"
        return what, SERVER
    return f"is not reachable: {cut(getattr(fault, 'strerror', None) or str(fault))}", SERVER


def said(data: Any) -> str:
    """What an answer with an error says."""
    if not isinstance(data, dict):
        return cut(" ".join(str(data).split())) if str(data).lstrip()[:1] != "<" else "a web page"
    error = data.get("error", data)
    if isinstance(error, dict) and ("message" in error or "type" in error):
        return cut(": ".join(str(error[key]) for key in ("type", "message") if error.get(key)), 200)
    return cut(error if isinstance(error, str) else spelled(error), 200)
