"""A real web server on loopback, as the embedded mode starts it, and a plain way to ask it."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from bench.apparatus.home import HOME, PROJECT

START_SECONDS = 60

Json = dict[str, Any]  # Any: answers of the interface, read key by key


class Client:
    """One kept-open connection, as a program that harvests would have."""

    def __init__(self, port: int, process: int = 0) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.port = port
        self.process = process
        """The process of the site, where this is the client of a site that `running` started."""

    def get(self, path: str, **query: str) -> bytes:
        """The body of an answer.

        Raises:
            RuntimeError: the answer is not 200.
        """
        self._connection.request("GET", f"{path}?{urlencode(query)}" if query else path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}: {body[:300]!r}")
        return body

    def json(self, path: str, **query: str) -> Json:
        """The body of an answer, read."""
        found: Json = json.loads(self.get(path, **query))
        return found


def cursor_of(answer: Json) -> str:
    """The cursor of the page after this one; empty after the last."""
    return parse_qs(urlsplit(answer["next"] or "").query).get("cursor", [""])[0]


def ark_of(hit: Json) -> str:
    """The ARK name of a record that was found."""
    name: str = hit["ark"].rpartition("/")[2]
    return name


@contextmanager
def running() -> Iterator[Client]:
    """The site with one process over the measurement's home, until the block ends."""
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "2", "--log-level", "warning", "config.wsgi:application"]
    with (HOME / "site.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=PROJECT, env=os.environ, stdout=log, stderr=log)
        try:
            _wait(process, port)
            yield Client(port, process.pid)
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            Client(port).get("/healthz")
            return
        except (OSError, http.client.HTTPException) as fault:
            if process.poll() is not None or time.monotonic() > end:
                log = (HOME / "site.log").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"The site did not start:\n{log}") from fault
            time.sleep(0.2)
