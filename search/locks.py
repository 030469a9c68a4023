"""Who may work on the index: locks that are freed by themselves when their process dies.

With PostgreSQL the database keeps them, for the processes of all machines: each is held by a connection of its own, for
as long as that lives. With SQLite everything runs on one machine, and the system keeps them on files.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

from core.errors import Conflict

DRAIN: Final = "drain"
"""Held while a batch of operations is applied, and while a rebuild takes its start and makes its switch."""

REBUILD: Final = "rebuild"
"""Held as long as a rebuild lasts; operations stay in the outbox meanwhile."""

_CLASS: Final = 0x5EA2C4
"""The locks of search among the advisory locks of the database."""

_NUMBERS: Final = {DRAIN: 1, REBUILD: 2}


@contextmanager
def held(name: str) -> Iterator[None]:
    """Wait for the lock and hold it."""
    if _in_database():
        with _session() as session:
            _asked(session, "SELECT pg_advisory_lock(%s, %s)", name)
            try:
                yield
            finally:
                _let_go(session, name)
        return
    with _file(name) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def held_at_once(name: str) -> Iterator[None]:
    """Hold the lock.

    Raises:
        Conflict: somebody else holds it.
    """
    if _in_database():
        with _session() as session:
            if not _asked(session, "SELECT pg_try_advisory_lock(%s, %s)", name):
                raise Conflict(_taken())
            try:
                yield
            finally:
                _let_go(session, name)
        return
    with _file(name) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise Conflict(_taken()) from fault
        yield


def is_held(name: str) -> bool:
    """Whether anybody holds the lock."""
    if _in_database():
        return _asked(
            connection,
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
            " WHERE locktype = 'advisory' AND datname = current_database()"
            " AND classid = %s AND objid = %s AND granted)",
            name,
        )
    with _file(name) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _in_database() -> bool:
    return connection.vendor == "postgresql"


@contextmanager
def _session() -> Iterator[BaseDatabaseWrapper]:
    """A connection that belongs to a lock alone; no transaction of the work under the lock is its own."""
    session = connection.copy()
    try:
        yield session
    finally:
        session.close()


def _asked(session: BaseDatabaseWrapper, question: str, name: str) -> bool:
    with session.cursor() as cursor:
        cursor.execute(question, [_CLASS, _NUMBERS[name]])
        (answer,) = cursor.fetchone()
        return bool(answer)


def _let_go(session: BaseDatabaseWrapper, name: str) -> None:
    """Free the lock now: the end of its connection frees it too, but the server may see that end later."""
    with suppress(DatabaseError):  # a connection that has failed holds nothing any more
        _asked(session, "SELECT pg_advisory_unlock(%s, %s)", name)


def _taken() -> str:
    return _("The search index is being rebuilt already; wait until that has ended.")


def _file(name: str) -> IO[str]:
    folder = Path(settings.ARCHIVE_HOME) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"search-{name}").open("a")
