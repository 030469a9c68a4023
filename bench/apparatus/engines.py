"""The engines that a measurement goes over, what they take of memory and disk, and what is asked of them, kept.

Elasticsearch is the node of ``TEST_SEARCH_URL``, or the one that ``bin/services`` starts under ``ARCHIVE_HOME``.
"""

import http.client
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, cast
from unittest import mock
from urllib.parse import urlsplit

from django.conf import settings
from elastic_transport import Transport
from elasticsearch import Elasticsearch

from bench.apparatus.home import HOME, PROJECT
from search import backends
from search.backends.base import Engine, Reader

NAMES: Final = ("tantivy", "elasticsearch")
PREFIX: Final = f"bench-{HOME.name}"
_SAMPLED_SECONDS: Final = 0.25

Call = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Node:
    """An engine as it runs: its address for the settings; the folder of a node of our own, the process of a node."""

    name: str
    address: str
    services: Path | None = None

    @property
    def process(self) -> int | None:
        """The process of the node, where there is one and it is ours."""
        file = self.services / "services/elasticsearch/node.pid" if self.services else None
        return int(file.read_text()) if file and file.exists() else None

    @property
    def root(self) -> str:
        """The address without the prefix of our indices."""
        return self.address.rpartition("/")[0]

    def use(self) -> None:
        """Have this process and those it starts use it."""
        settings.ARCHIVE_SEARCH = os.environ["SEARCH_URL"] = self.address

    def bytes_on_disk(self) -> int:
        """What our indices take on disk."""
        if self.name == "tantivy":
            folder = Path(urlsplit(self.address).path)
            return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        with Elasticsearch(self.root) as client:
            rows = client.cat.indices(index=f"{PREFIX}-*", bytes="b", h="store.size", format="json")
        return sum(int(cast(dict[str, str], row)["store.size"]) for row in rows)


@contextmanager
def running(name: str, services: Path | None = None) -> Iterator[Node]:
    """An engine that answers, with no index of ours; in the end what we wrote is removed.

    ``services`` is the folder for a node of our own, stopped at the end; a measurement that kills it needs one.
    """
    if name == "tantivy":
        yield Node(name, f"tantivy://{HOME / 'search'}")
        return
    given = os.environ.get("TEST_SEARCH_URL", "") if services is None else ""
    where = None if given else services or HOME.parent.parent
    root = given.rstrip("/") or start(where or HOME)
    try:
        yield Node(name, f"{root}/{PREFIX}", where)
    finally:
        with Elasticsearch(root) as client:
            found = list(client.indices.get_alias(index=f"{PREFIX}-*", expand_wildcards="all"))
            if found:
                client.indices.delete(index=found)
        if services is not None:
            _services("down", services)


def start(folder: Path) -> str:
    """Start the node of a folder, where it does not run already, and give its address."""
    _services("up", folder)
    return _services("variables", folder).partition("=")[2].strip()


def kill(folder: Path) -> None:
    """End the node of a folder at once, as a power cut would (SIGKILL)."""
    process = int((folder / "services/elasticsearch/node.pid").read_text())
    os.kill(process, signal.SIGKILL)
    while Path(f"/proc/{process}").exists():
        time.sleep(0.05)


def _services(action: str, folder: Path) -> str:
    command = [str(PROJECT / "bin/services"), action, "elasticsearch"]
    environment = {**os.environ, "ARCHIVE_HOME": str(folder)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"bin/services {action} elasticsearch: {done.stdout}{done.stderr}")
    return done.stdout


class Memory:
    """Watches what processes take of memory, with all that they start: the most at any one time, in bytes."""

    def __init__(self, **processes: int | None) -> None:
        self._roots = {name: process for name, process in processes.items() if process}
        self.peaks: dict[str, int] = dict.fromkeys(self._roots, 0)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            for name, root in self._roots.items():
                self.peaks[name] = max(self.peaks[name], sum(map(_resident, [root, *_below(root)])))
            if self._ended.wait(_SAMPLED_SECONDS):
                return


def _resident(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0  # it has just ended


def _below(process: int) -> list[int]:
    found: list[int] = []
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(child) for child in file.read_text().split()]
        except OSError:
            continue
        for child in children:
            found += [child, *_below(child)]
    return found


@dataclass(slots=True)
class Recorder:
    """An engine that answers with another's reader and writes down what is asked of it."""

    engine: Engine
    calls: list[Call] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:  # Any: whatever the engine has under this name
        return getattr(self.engine, name)

    def reader(self) -> "Recording | None":
        """The current generation, recorded."""
        reader = self.engine.reader()
        return None if reader is None else Recording(reader, self.calls)


class Recording:
    """A reader whose questions are written down as calls that can be made again."""

    def __init__(self, reader: Reader, calls: list[Call]) -> None:
        self._reader = reader
        self._calls = calls

    def __getattr__(self, name: str) -> Any:  # Any: whatever the reader has under this name
        method = getattr(self._reader, name)

        def recorded(*arguments: Any, **named: Any) -> Any:  # Any: handed on as they are
            self._calls.append(partial(method, *arguments, **named))
            return method(*arguments, **named)

        return recorded


def asked(node: Node, work: Call) -> list[Call]:
    """Do the work, and give what it asked of the engine as calls that can be made again, raw.

    For tantivy these are the calls to its reader; for Elasticsearch the very requests, sent over a bare connection
    that is kept open, their answers read and not looked into.
    """
    if node.name == "tantivy":
        recorder = Recorder(backends.engine())
        with mock.patch.object(backends, "engine", lambda: recorder):
            work()
        return recorder.calls
    parts = urlsplit(node.address)
    raw = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    calls: list[Call] = []
    genuine = Transport.perform_request

    def recorded(self: Transport, method: str, target: str, **named: Any) -> Any:  # Any: handed on as they are
        headers, body = dict(named.get("headers") or {}), named.get("body")
        if body is not None:
            written = self.serializers.dumps(body, headers["content-type"])
            content = written if isinstance(written, bytes) else written.encode()
            calls.append(partial(_send, raw, method, target, content, headers))
        return genuine(self, method, target, **named)

    with mock.patch.object(Transport, "perform_request", recorded):
        work()
    return calls


def _send(raw: http.client.HTTPConnection, method: str, target: str, body: bytes, headers: dict[str, str]) -> bytes:
    raw.request(method, target, body, headers)
    answer = raw.getresponse()
    content = answer.read()
    if answer.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{target} answered {answer.status}: {content[:300]!r}")
    return content
