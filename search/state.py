"""The state of the index, and the sign of life of the process that keeps it."""

import datetime as dt
import os
import socket
from typing import Final

from django.db.models import Max, QuerySet
from django.utils import timezone

from media.models import Heartbeat
from search import backends, outbox
from search.results import IndexStatus
from search.schema import Index

ALIVE_FOR: Final = dt.timedelta(seconds=30)
"""An indexer that has not been seen for this long is not alive."""

KEPT_FOR: Final = dt.timedelta(days=1)


def status() -> IndexStatus:
    """Documents in the index, operations that wait, for how long, and whether an indexer is alive."""
    reader = backends.engine().reader()
    return IndexStatus(
        records=reader.count(Index.RECORDS) if reader else 0,
        pages=reader.count(Index.PAGES) if reader else 0,
        pending=outbox.pending(),
        behind_seconds=outbox.behind_seconds(),
        indexer_alive=_indexers().filter(seen_at__gte=timezone.now() - ALIVE_FOR).exists(),
    )


def beat() -> None:
    """Say that this process indexes and is alive; signs of processes long gone are cleared away."""
    Heartbeat.objects.update_or_create(
        role=Heartbeat.Role.INDEXER, process=_process(), defaults={"seen_at": timezone.now()}
    )
    _indexers().filter(seen_at__lt=timezone.now() - KEPT_FOR).exclude(process=_process()).delete()


def stop_beating() -> None:
    """Say that this process does not index any more."""
    _indexers().filter(process=_process()).delete()


def last_seen() -> dt.datetime | None:
    """When any indexer was last alive."""
    seen: dt.datetime | None = _indexers().aggregate(last=Max("seen_at"))["last"]
    return seen


def _indexers() -> QuerySet[Heartbeat]:
    return Heartbeat.objects.filter(role=Heartbeat.Role.INDEXER)


def _process() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
