"""The embedded broker: nothing published is lost, whoever dies, and nobody works on what another holds."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from celery import Celery
from kombu import Connection, Consumer, Exchange, Producer, Queue
from kombu.transport import virtual

from core import broker, errors

ROOT = Path(__file__).resolve().parents[2]
Connect = Callable[..., Connection]
StartWorker = Callable[[str], subprocess.Popen[bytes]]

TAKE_AND_WAIT = """
import sys, time
from kombu import Connection
from core import broker
broker.register()
message = Connection(sys.argv[1]).channel().basic_get("pages")
print(message.payload, flush=True)
time.sleep(60)
"""

TINY_APPLICATION = """
import fcntl, os, time
from pathlib import Path
from celery import Celery
from core import broker

broker.register()
here = Path(__file__).parent
app = Celery("tiny", broker=os.environ["TINY_BROKER"])
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True, worker_prefetch_multiplier=1,
                task_ignore_result=True, task_default_queue="pages", broker_connection_retry_on_startup=True)

@app.task(name="tiny.digitise")
def digitise(page):
    with (here / f"{page}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            (here / f"{page}.twice").touch()
            raise
        (here / f"{page}.{os.getpid()}.started").touch()
        time.sleep(0.4)
        (here / f"{page}.done").touch()
"""
WORKER_FLAGS = ["--pool=prefork", "--concurrency=1", "--queues=pages", "--loglevel=warning"]
WORKER_FLAGS += ["--without-gossip", "--without-mingle", "--without-heartbeat"]


@pytest.fixture
def address(tmp_path: Path) -> str:
    broker.register()
    return "sqlite:///" + quote(str(tmp_path / "作业 #1" / "broker.sqlite3"))


@pytest.fixture
def connect(address: str) -> Iterator[Connect]:
    """Opens connections to one broker file; each stands for one program that uses it."""
    opened: list[Connection] = []

    def open_one(**options: float) -> Connection:
        opened.append(Connection(address, transport_options=options))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


def open_channel(connection: Connection) -> broker.Channel:
    channel = connection.channel()
    assert isinstance(channel, broker.Channel)
    return channel


def transport_of(connection: Connection) -> broker.Transport:
    transport = connection.transport
    assert isinstance(transport, broker.Transport)
    return transport


def take(connection: Connection, queue: str = "pages", *, no_ack: bool = False) -> virtual.Message:
    message = open_channel(connection).basic_get(queue, no_ack=no_ack)
    assert message is not None
    return message


def publish(connection: Connection, *bodies: str, queue: str = "pages", priority: int = 0) -> None:
    producer = Producer(open_channel(connection))
    for body in bodies:
        producer.publish(body, routing_key=queue, priority=priority)


def in_file(connection: Connection, statement: str) -> list[tuple[Any, ...]]:  # whatever columns were asked for
    with closing(sqlite3.connect(transport_of(connection).path)) as database, database:
        return database.execute(statement).fetchall()


def rows(connection: Connection) -> list[tuple[str | None, int]]:
    """Owner and number of deliveries of every message in the file, the oldest first."""
    return [(owner, count) for owner, count in in_file(connection, "SELECT owner, deliveries FROM message ORDER BY id")]


def rewrite(connection: Connection, assignment: str) -> None:
    in_file(connection, f"UPDATE message SET {assignment}")


def sweep(connection: Connection, times: int = 2) -> None:
    for _turn in range(times):
        transport_of(connection)._next_sweep = 0.0
        transport_of(connection).sweep()


def test_a_message_stays_in_the_file_until_it_is_acknowledged(connect: Connect) -> None:
    connection = connect()
    publish(connection, "第一页")

    message = take(connection)
    held = rows(connection)
    message.ack()

    assert message.payload == "第一页"
    assert held[0][0] is not None
    assert rows(connection) == []


def test_two_consumers_never_get_the_same_message(connect: Connect) -> None:
    publish(connect(), *(str(number) for number in range(20)))
    consumers = [connect(), connect()]

    taken = [take(consumers[turn % 2]).payload for turn in range(20)]

    assert sorted(taken, key=int) == [str(number) for number in range(20)]
    assert [open_channel(consumer).basic_get("pages") for consumer in consumers] == [None, None]


def test_a_requeued_message_comes_back_and_says_so(connect: Connect) -> None:
    connection = connect()
    publish(connection, "1")
    first = take(connection)

    first.requeue()
    second = take(connection)

    assert not first.delivery_info["redelivered"]
    assert second.payload == "1"
    assert second.delivery_info["redelivered"]


def test_a_rejected_message_is_gone(connect: Connect) -> None:
    connection = connect()
    publish(connection, "1")

    take(connection).reject()

    assert rows(connection) == []


def test_closing_the_connection_returns_what_was_not_acknowledged(connect: Connect) -> None:
    consumer, other = connect(), connect()
    publish(other, "1")
    take(consumer)

    consumer.close()

    assert take(other).payload == "1"


def test_without_acknowledgement_a_delivered_message_is_gone(connect: Connect) -> None:
    connection = connect()
    publish(connection, "1", "2")
    received: list[object] = []

    received.append(take(connection, no_ack=True).payload)
    with Consumer(
        open_channel(connection), [Queue("pages")], callbacks=[lambda body, _: received.append(body)], no_ack=True
    ):
        connection.drain_events(timeout=1)

    assert received == ["1", "2"]
    assert rows(connection) == []


def test_the_urgent_comes_first_then_the_oldest(connect: Connect) -> None:
    connection = connect()
    publish(connection, "old", "new", priority=3)
    publish(connection, "urgent", priority=9)

    taken = [take(connection).payload for _turn in range(3)]

    assert taken == ["urgent", "old", "new"]


def test_queues_are_counted_and_purged_apart_and_what_is_held_stays(connect: Connect) -> None:
    connection = connect()
    channel = open_channel(connection)
    publish(connection, "held", "1", "2")
    publish(connection, "3", queue="quick")
    take(connection)

    waiting = channel.queue_declare("pages").message_count
    purged = channel.queue_purge("pages")

    assert (waiting, purged) == (2, 2)
    assert channel.queue_declare("quick").message_count == 1
    assert len(rows(connection)) == 2


def test_a_message_reaches_every_queue_bound_to_its_topic(connect: Connect) -> None:
    connection = connect()
    exchange = Exchange("changes", type="topic")
    queues = [Queue(name, exchange, routing_key="record.#") for name in ("index", "feed")]

    Producer(open_channel(connection)).publish("1", exchange=exchange, routing_key="record.changed", declare=queues)

    assert [take(connection, queue.name).payload for queue in queues] == ["1", "1"]


def test_what_a_killed_process_held_is_returned(connect: Connect, address: str) -> None:
    connection = connect()
    publish(connection, "1")
    command = [sys.executable, "-c", TAKE_AND_WAIT, address]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()

        sweep(connection)
        while_it_lived = rows(connection)
        holder.kill()  # it stays a zombie until the end of this block
        os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)
        sweep(connection)
        after_its_death = rows(connection)

    assert while_it_lived[0][0] is not None
    assert after_its_death == [(None, 1)]


def test_another_process_under_the_same_number_does_not_keep_a_message(connect: Connect) -> None:
    connection = connect()
    publish(connection, "1")
    take(connection)
    rewrite(connection, "owner = owner || 'earlier'")

    sweep(connection)

    assert rows(connection) == [(None, 1)]


def test_a_claim_from_another_host_is_kept_while_it_is_renewed(connect: Connect) -> None:
    connection = connect(visibility_timeout=60)
    publish(connection, "1")
    take(connection)
    rewrite(connection, f"owner = 'elsewhere 1 x', renewed = {time.time() - 50}")

    sweep(connection)
    kept = rows(connection)
    rewrite(connection, f"renewed = {time.time() - 61}")
    sweep(connection)

    assert kept == [("elsewhere 1 x", 1)]
    assert rows(connection) == [(None, 1)]


def test_a_living_consumer_keeps_and_renews_its_claim_beyond_the_timeout(connect: Connect) -> None:
    consumer, other = connect(visibility_timeout=60), connect(visibility_timeout=60)
    publish(other, "1")
    message = take(consumer)
    rewrite(consumer, "renewed = 0")

    sweep(other)
    sweep(consumer)

    assert open_channel(other).basic_get("pages") is None
    [(renewed,)] = in_file(consumer, "SELECT renewed FROM message")
    assert time.time() - renewed < 60
    message.ack()


def test_who_lost_a_message_cannot_delete_it(connect: Connect) -> None:
    connection = connect()
    publish(connection, "1")
    message = take(connection)
    rewrite(connection, "owner = 'elsewhere 1 x'")

    message.ack()

    assert rows(connection) == [("elsewhere 1 x", 1)]


def test_an_address_without_a_file_says_what_to_write() -> None:
    broker.register()

    with pytest.raises(errors.InvalidInput, match="sqlite:////"):
        Connection("sqlite://").transport.establish_connection()


def start_worker(folder: Path, name: str, address: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}", "TINY_BROKER": address}
    environment.pop("DJANGO_SETTINGS_MODULE", None)  # the tiny application needs nothing of the platform
    command = [sys.executable, "-m", "celery", "--app=tiny", "worker", f"--hostname={name}@test", *WORKER_FLAGS]
    with (folder / "worker.log").open("ab") as log:
        return subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log, start_new_session=True)


def await_files(folder: Path, pattern: str, count: int = 1, *, seconds: float = 20) -> list[Path]:
    """Wait until that many files are there; the files, or fewer when the time is over."""
    end = time.monotonic() + seconds
    while len(found := list(folder.glob(pattern))) < count and time.monotonic() < end:
        time.sleep(0.05)
    return found


def await_empty(connection: Connection, *, seconds: float = 10) -> list[tuple[str | None, int]]:
    """Wait until every message is acknowledged; those that are not when the time is over."""
    end = time.monotonic() + seconds
    while (left := rows(connection)) and time.monotonic() < end:
        time.sleep(0.05)
    return left


def send_pages(address: str, *pages: int) -> None:
    application = Celery("tiny", broker=address, set_as_current=False)
    for page in pages:
        application.send_task("tiny.digitise", [page], queue="pages")
    application.close()


@pytest.fixture
def application(address: str, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts workers of a tiny application, whose only task leaves a file for each page it has done."""
    (tmp_path / "tiny.py").write_text(TINY_APPLICATION)
    workers: list[subprocess.Popen[bytes]] = []

    def start(name: str) -> subprocess.Popen[bytes]:
        workers.append(start_worker(tmp_path, name, address))
        return workers[-1]

    yield start
    for worker in workers:
        worker.kill()
        worker.wait()


@pytest.mark.worker
def test_twelve_jobs_survive_workers_that_are_killed(
    connect: Connect, application: StartWorker, address: str, tmp_path: Path
) -> None:
    send_pages(address, *range(12))
    workers = [application("a"), application("b")]

    for kill in range(4):
        await_files(tmp_path, "*.done", 1 + 2 * kill, seconds=10)
        time.sleep(random.uniform(0, 0.5))
        victim = random.randrange(2)
        workers[victim].kill()
        workers[victim].wait()
        workers[victim] = application(f"restarted-{kill}")
    done = await_files(tmp_path, "*.done", 12)
    left = await_empty(connect())

    assert len(done) == 12, (tmp_path / "worker.log").read_text()
    assert left == []
    assert list(tmp_path.glob("*.twice")) == []


@pytest.mark.worker
def test_a_killed_pool_process_costs_neither_its_job_nor_its_worker(
    connect: Connect, application: StartWorker, address: str, tmp_path: Path
) -> None:
    def kill_process_of(page: int) -> None:
        [started] = await_files(tmp_path, f"{page}.*.started")
        os.kill(int(started.name.split(".")[1]), signal.SIGKILL)

    application("a")
    send_pages(address, 0)
    await_empty(connect())

    kill_process_of(0)  # while it waits for work
    send_pages(address, 1)
    kill_process_of(1)  # while it works
    done = await_files(tmp_path, "*.done", 2)
    left = await_empty(connect())

    assert len(done) == 2, (tmp_path / "worker.log").read_text()
    assert left == []


def test_a_later_queue_waits_until_the_earlier_ones_are_empty(connect: Connect) -> None:
    publisher, consumer = connect(), connect()
    publish(publisher, "h1", "h2", queue="heavy")
    publish(publisher, "q1", "q2", "q3", queue="quick")
    publish(publisher, "u1", queue="urgent")
    taken: list[str] = []

    def take_one(body: str, message: Any) -> None:
        taken.append(body)
        message.ack()
        if body == "q1":
            publish(publisher, "u2", queue="urgent")

    queues = [Queue(name, Exchange(""), routing_key=name) for name in ("urgent", "quick", "heavy")]
    with Consumer(open_channel(consumer), queues, callbacks=[take_one]):
        while len(taken) < 7:
            consumer.drain_events(timeout=2)

    assert taken == ["u1", "q1", "u2", "q2", "q3", "h1", "h2"]
