"""Fill a generation with every record and page: in several processes where there are cores and enough to do.

Making a document costs about as much as indexing it. So the documents are made by several processes; they write them
themselves where the engine bears several writers, otherwise they hand them to this one, which writes.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from django.conf import settings
from django.db import connection
from django.db.models import Count

from archive.models import Record
from media.models import Page
from search import applying, backends
from search.backends.base import Document, Engine, Writer
from search.processes import Team
from search.schema import Index

KEYS: Final = 500
"""Records whose keys are fetched together."""

WEIGHT: Final = 500
"""Documents made together: what is in hand at a time, in each process."""

LEAST: Final = 5_000
"""Documents for which it is worth to start processes, which takes some seconds."""

Report = Callable[[int, int], None]
"""Told how many records are done, and of how many."""

Packed = list[tuple[str, int, dict[str, Sequence[str] | Sequence[int]]]]
"""Documents on their way from one process to another: index, key, fields."""


def fill(engine: Engine, generation: str, writer: Writer, report: Report) -> None:
    """Give every record and page to the writer of an empty generation, and commit.

    Raises:
        Exception: whatever ended one of the processes.
        Unavailable: a process was ended from outside.
    """
    processes = settings.ARCHIVE_WORKER_PROCESSES if _is_worth_processes() else 1
    total, done = Record.objects.count(), 0
    for keys in _together(engine, generation, writer, processes) if processes > 1 else _alone(writer):
        done += len(keys)
        report(done, max(total, done))
    writer.commit()


def maker() -> Callable[[Sequence[int] | None], Packed]:
    """What a process does whose documents another writes: from keys of records to their documents."""
    _settle_down()
    return lambda keys: [(one.index.value, one.key, dict(one.fields)) for one in applying.documents(keys or ())]


def putter(generation: str) -> Callable[[Sequence[int] | None], int]:
    """What a process does that writes its documents itself: it gives their number; without keys it commits."""
    writer = backends.engine().writer(generation, is_new=True)
    _settle_down()

    def put(keys: Sequence[int] | None) -> int:
        if keys is None:
            writer.commit()
            writer.close()
            return 0
        made = list(applying.documents(keys))
        writer.put(made, fresh=True)
        return len(made)

    return put


def _is_worth_processes() -> bool:
    """Whether there is enough to do; another process sees nothing of a transaction that has not ended."""
    return not connection.in_atomic_block and Record.objects.count() + Page.objects.count() >= LEAST


def _alone(writer: Writer) -> Iterator[Sequence[int]]:
    for keys in _stretches():
        applying.put_records(keys, writer, fresh=True)
        applying.put_pages(Page.objects.filter(unit__record__in=keys), writer)
        yield keys


def _together(engine: Engine, generation: str, writer: Writer, processes: int) -> Iterator[Sequence[int]]:
    name = f"{__name__}.{putter.__name__}" if engine.several_writers else f"{__name__}.{maker.__name__}"
    arguments = (generation,) if engine.several_writers else ()
    with Team(processes, name, *arguments) as team:
        for keys, made in team.outcomes(_stretches()):
            if not engine.several_writers:
                writer.put((Document(Index(index), key, fields) for index, key, fields in made), fresh=True)
            yield keys
        team.finish()


def _stretches() -> Iterator[list[int]]:
    """The keys of all records in order, cut so that each stretch gives about as many documents."""
    last = 0
    while keys := list(Record.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:KEYS]):
        last = keys[-1]
        pages = Page.objects.filter(unit__record__in=keys).order_by()
        counts = dict(pages.values_list("unit__record").annotate(Count("pk")))
        stretch: list[int] = []
        weight = 0
        for key in keys:
            stretch.append(key)
            weight += 1 + counts.get(key, 0)
            if weight >= WEIGHT:
                yield stretch
                stretch, weight = [], 0
        if stretch:
            yield stretch


def _settle_down() -> None:
    """Leave what was loaded out of the garbage collection, and collect seldom: documents have no cycles."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)
