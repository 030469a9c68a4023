"""The embedded broker: a kombu transport on one SQLite file, so that jobs need no server.

A message stays in its row from the moment it is published until it is acknowledged. Delivering it writes the process
that took it into the row; acknowledging deletes the row; rejecting it or closing the channel clears that name. Nothing
lives in memory only, so a process that is killed loses nothing:

* what a dead process of this host held is returned within about two seconds by any consumer of the file, the first one
  after a restart included; what a living process holds is given to nobody else, however long the work takes;
* what was taken on another host (a volume shared between containers) is returned once its consumer has not renewed the
  claim for ``visibility_timeout`` seconds.

So delivery is at least once, and never to two living processes at a time; only a power failure can undo the last
moments, which is why job rows, not messages, are the truth. A message that comes back says so in
``delivery_info["redelivered"]``. Queues are served in the order in which they are consumed: nothing of a later one is
taken while an earlier one holds something. Within a queue the highest ``priority`` (0 to 9, as in AMQP) comes first,
then the oldest.

The address is ``sqlite:////absolute/path/broker.sqlite3``, with ``urllib.parse.quote`` where the path needs it; the
disk must be a local one. ``broker_transport_options`` knows ``polling_interval`` and ``visibility_timeout`` in seconds.
Tasks need ``acks_late`` and ``reject_on_worker_lost``. Direct and topic exchanges work, fanout does not: Celery turns
remote control off by itself (``inspect``, ``control`` and ``revoke`` find no worker), and ``--without-gossip
--without-mingle --without-heartbeat`` spare the workers events that nobody reads.
"""

import json
import os
import platform
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property, lru_cache
from pathlib import Path
from queue import Empty
from typing import Any, Self
from urllib.parse import unquote, urlsplit

from celery.signals import worker_process_init
from django.utils.translation import gettext as _
from kombu.transport import TRANSPORT_ALIASES, virtual
from kombu.utils.scheduling import FairCycle

from core import errors

SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS message (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    queue TEXT NOT NULL,
    priority INTEGER NOT NULL,
    payload TEXT NOT NULL,
    deliveries INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    renewed REAL
);
CREATE INDEX IF NOT EXISTS message_ready ON message (queue, priority DESC, id) WHERE owner IS NULL;
CREATE INDEX IF NOT EXISTS message_taken ON message (owner) WHERE owner IS NOT NULL;
"""
READY = (
    "SELECT id, payload, deliveries FROM message WHERE queue = ? AND owner IS NULL ORDER BY priority DESC, id LIMIT 1"
)
TAKE = "UPDATE message SET owner = ?, renewed = ?, deliveries = deliveries + 1 WHERE id = ?"
BUSY_SECONDS = 30.0
SWEEP_SECONDS = 1.0
PARENT_WATCH_SECONDS = 0.2

# One connection to each file serves all threads of a process, one at a time. Its copy in a forked process could damage
# the file, so it is closed before a fork, which therefore waits for the transaction under way, and opened when needed.
_in_use = threading.Lock()
_open: dict[str, sqlite3.Connection] = {}


def _before_fork() -> None:
    _in_use.acquire()
    while _open:
        _open.popitem()[1].close()


os.register_at_fork(before=_before_fork, after_in_parent=_in_use.release, after_in_child=_in_use.release)


@contextmanager
def _connected(path: str) -> Iterator[sqlite3.Connection]:
    """This process's connection to the file, for the calling thread alone."""
    with _in_use:
        if path not in _open:
            _open[path] = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            _open[path].execute("PRAGMA synchronous = NORMAL")
        yield _open[path]


@contextmanager
def _writing(path: str) -> Iterator[sqlite3.Connection]:
    """A transaction that holds the write lock from its start, so that what it reads stays true until it commits."""
    with _connected(path) as database:
        database.execute("BEGIN IMMEDIATE")
        try:
            yield database
            database.execute("COMMIT")
        finally:
            if database.in_transaction:
                database.execute("ROLLBACK")


def _started(pid: int) -> str | None:
    """When the process started, in the system's own words; None when it has ended, a zombie included."""
    if Path("/proc/self/stat").exists():
        try:
            state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        # Ticks since boot (field 22) tell processes apart only together with the boot.
        return None if state in "ZX" else f"{fields[18]}@{Path('/proc/sys/kernel/random/boot_id').read_text().strip()}"
    command = ["ps", "-o", "stat=,lstart=", "-p", str(pid)]
    same_words = {**os.environ, "LC_ALL": "C", "TZ": "UTC"}  # whoever asks
    answer = subprocess.run(command, env=same_words, capture_output=True, text=True, check=False)
    ps_state, _space, started = answer.stdout.strip().partition(" ")
    return None if not started or ps_state.startswith("Z") else started.strip()


@lru_cache(maxsize=1)
def _owner(pid: int) -> str:
    """The name under which a process of this host takes messages: host, process id, start."""
    return f"{platform.node()} {pid} {_started(pid)}"


def _is_here(owner: str) -> bool:
    return owner.split(" ", 1)[0] == platform.node()


def _is_dead(owner: str) -> bool:
    """Whether an owner of this host has ended; its process id may belong to another process by now."""
    _host, pid, started = owner.split(" ", 2)
    return _started(int(pid)) != started


class Cycle(FairCycle):
    """Goes through the queues from the first each time, not on from the one that gave the last message."""

    def get(self, callback: Callable[..., Any] | None, **kwargs: Any) -> Any:  # kombu's, handed on
        """Take from the first queue that has something.

        Raises:
            Empty: none has.
        """
        self.pos = 0
        return super().get(callback, **kwargs)


class QoS(virtual.QoS):
    """The unacknowledged messages of a channel; what is settled here is settled in the file."""

    channel: "Channel"

    def ack(self, delivery_tag: str) -> None:
        """Delete the message: its work is done, and the next one can be taken at once."""
        self.channel.forget(delivery_tag)
        super().ack(delivery_tag)
        self.channel.connection.look_soon()

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Return the message to its queue, or drop it."""
        super().reject(delivery_tag, requeue=requeue)
        if not requeue:
            self.channel.forget(delivery_tag)


class Channel(virtual.Channel):
    """Publishes into the file and takes from it. A delivery tag is the row's id."""

    QoS = QoS
    connection: "Transport"

    def __init__(self, connection: "Transport", **kwargs: Any) -> None:  # kombu's own keywords, handed on
        super().__init__(connection, **kwargs)
        self._queues_without_ack: set[str] = set()

    def forget(self, delivery_tag: str | None) -> None:
        """Delete a message that this process holds; a claim that has passed to another process is left alone."""
        self._change("DELETE FROM message WHERE id = ? AND owner = ?", delivery_tag, _owner(os.getpid()))

    def basic_consume(self, queue: str, no_ack: bool, *args: Any, **kwargs: Any) -> str:  # kombu's, handed on
        """Consume from the queue; without acknowledgement a message is gone once it is delivered."""
        (self._queues_without_ack.add if no_ack else self._queues_without_ack.discard)(queue)
        return super().basic_consume(queue, no_ack, *args, **kwargs)

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> virtual.Message | None:
        """Take the next message of the queue; None when there is none."""
        message = super().basic_get(queue, no_ack=no_ack, **kwargs)
        if message is not None and no_ack:
            self.forget(message.delivery_tag)
        return message

    def drain_events(self, timeout: float | None = None, callback: Callable[..., Any] | None = None) -> None:
        """Deliver the next message, if there is one; a busy worker calls this too, so claims are looked after here."""
        self.connection.sweep()
        super().drain_events(timeout=timeout, callback=callback)

    def _reset_cycle(self) -> None:
        self._cycle = Cycle(self._get_and_deliver, self._active_queues, Empty)

    def _get_and_deliver(self, queue: str, callback: Callable[..., Any]) -> None:
        payload = self._get(queue)
        if queue in self._queues_without_ack:
            self.forget(payload["properties"]["delivery_tag"])
        callback(payload, queue)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        with _connected(self.connection.path) as database:
            if database.execute(READY, (queue,)).fetchone() is None:  # an idle consumer never takes the write lock
                raise Empty
        owner = _owner(os.getpid())
        with _writing(self.connection.path) as database:
            row = database.execute(READY, (queue,)).fetchone()
            if row is None:
                raise Empty
            database.execute(TAKE, (owner, time.time(), row[0]))
        payload: dict[str, Any] = json.loads(row[1])
        payload["properties"]["delivery_tag"] = str(row[0])
        payload["properties"]["delivery_info"]["redelivered"] = row[2] > 0
        return payload

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:  # kombu's own message format
        priority = self._get_message_priority(message)
        self._change(
            "INSERT INTO message (queue, priority, payload) VALUES (?, ?, ?)", queue, priority, json.dumps(message)
        )

    def _restore(self, message: virtual.Message) -> None:
        mine = (message.delivery_tag, _owner(os.getpid()))
        self._change("UPDATE message SET owner = NULL WHERE id = ? AND owner = ?", *mine)

    def _purge(self, queue: str) -> int:
        return self._change("DELETE FROM message WHERE queue = ? AND owner IS NULL", queue)

    def _size(self, queue: str) -> int:
        with _connected(self.connection.path) as database:
            count = database.execute("SELECT count(*) FROM message WHERE queue = ? AND owner IS NULL", (queue,))
            return int(count.fetchone()[0])

    def _change(self, statement: str, *parameters: object) -> int:
        """Run one statement in a transaction of its own; the number of rows it changed."""
        with _writing(self.connection.path) as database:
            return database.execute(statement, parameters).rowcount


class Transport(virtual.Transport):
    """The connection of one process to the broker file."""

    Channel = Channel
    driver_type = "sqlite"
    driver_name = "sqlite3"
    can_parse_url = True
    # In the event loop each pool process has pipes of its own. In the blocking loop they share locks, and a process
    # that is killed while it waits for work takes the lock with it: its worker never works again.
    implements = virtual.Transport.implements.extend(asynchronous=True)
    client: Any  # kombu's connection: its types call the address optional
    cycle: FairCycle
    connection_errors = (*virtual.Transport.connection_errors, sqlite3.OperationalError)
    polling_interval = 0.25
    """Seconds between two looks into the file while there is nothing to do."""

    def __init__(self, client: Any, **kwargs: Any) -> None:  # kombu's connection and keywords, handed on
        super().__init__(client, **kwargs)
        self._visibility_timeout = float(client.transport_options.get("visibility_timeout", 1800))
        self._event_loop: Any = None  # kombu's event loop, in a worker
        self._next_sweep = 0.0
        self._found_dead: set[str] = set()

    @cached_property
    def path(self) -> str:
        """The broker file.

        Raises:
            InvalidInput: the address names no file.
        """
        path = unquote(urlsplit(self.client.hostname).path)[1:]
        if not path:
            raise errors.InvalidInput(_("The broker address names no file. Write sqlite:////path/broker.sqlite3."))
        return path

    def as_uri(self, uri: str, include_password: bool = False, mask: str = "**") -> str:
        """The address as it was written: it holds no password."""
        return uri

    def establish_connection(self) -> Self:
        """Create the file where there is none."""
        Path(self.path).parent.mkdir(parents=True, exist_ok=True)
        with _connected(self.path) as database:
            database.executescript(SCHEMA)
        return super().establish_connection()

    def close_connection(self, connection: Any) -> None:  # kombu's transport, that is, this one
        """Return what was not acknowledged and close the file; another connection to it opens it again."""
        super().close_connection(connection)
        with _in_use:
            if self.path in _open:
                _open.pop(self.path).close()

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:  # kombu's transport and event loop
        """Let the event loop of a worker look for messages at every polling interval."""
        self._event_loop = loop
        loop.call_repeatedly(self.polling_interval, self._deliver_waiting)

    def look_soon(self) -> None:
        """Look for messages as soon as the event loop has run what it is at, if this is a worker with one."""
        if self._event_loop is not None:
            self._event_loop.call_later(0, self._deliver_waiting)

    def _deliver_waiting(self) -> None:
        with suppress(Empty):
            while True:
                self.cycle.get(self._deliver)

    def sweep(self) -> None:
        """Once a second, renew this process's claims and return to the queue what no living process holds.

        A dead owner is believed at the second sight, so that its pool processes have ended too (see ``register``).
        """
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + SWEEP_SECONDS
        with _connected(self.path) as database:
            owners = {row[0] for row in database.execute("SELECT owner FROM message WHERE owner IS NOT NULL")}
        if not owners:
            return
        me, now = _owner(os.getpid()), time.time()
        dead = {owner for owner in owners if _is_here(owner) and _is_dead(owner)}
        silent = [(owner, now - self._visibility_timeout) for owner in owners if not _is_here(owner)]
        stale = now - self._visibility_timeout / 4
        with _writing(self.path) as database:
            database.execute("UPDATE message SET renewed = ? WHERE owner = ? AND renewed < ?", (now, me, stale))
            database.executemany(
                "UPDATE message SET owner = NULL WHERE owner = ?", [(owner,) for owner in dead & self._found_dead]
            )
            database.executemany("UPDATE message SET owner = NULL WHERE owner = ? AND renewed < ?", silent)
        self._found_dead = dead


def _end_with_parent(**_signal: Any) -> None:  # whatever Celery's signal carries
    """End this pool process soon after its worker is killed: its message is returned, so its work must stop."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(PARENT_WATCH_SECONDS)
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


def register() -> None:
    """Make ``sqlite://`` a broker address, and let no pool process outlive its worker, whatever the broker."""
    TRANSPORT_ALIASES["sqlite"] = "core.broker:Transport"
    worker_process_init.connect(_end_with_parent)
