"""Who may work on the index: locks between the processes of one machine, freed by the system when a process dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Conflict

DRAIN: Final = "drain"
"""Held while a batch of operations is applied, and while a rebuild takes its start and makes its switch."""

REBUILD: Final = "rebuild"
"""Held as long as a rebuild lasts; operations stay in the outbox meanwhile."""


@contextmanager
def held(name: str) -> Iterator[None]:
    """Wait for the lock and hold it."""
    with _file(name) as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


@contextmanager
def held_at_once(name: str) -> Iterator[None]:
    """Hold the lock.

    Raises:
        Conflict: somebody else holds it.
    """
    with _file(name) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            raise Conflict(_("The search index is being rebuilt already; wait until that has ended.")) from fault
        yield


def is_held(name: str) -> bool:
    """Whether anybody holds the lock."""
    with _file(name) as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def _file(name: str) -> IO[str]:
    folder = Path(settings.ARCHIVE_HOME) / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / f"search-{name}").open("a")
