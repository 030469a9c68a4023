"""Build the index anew beside the old one, and compare it with the database."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from typing import Final

from django.utils.translation import gettext as _

from archive.models import Record
from core.errors import Conflict
from media.models import Page
from search import applying, backends, document, filling, loading, locks, outbox
from search.backends.base import Engine, Entry, Reader, Writer
from search.models import IndexOp
from search.schema import Index

logger = logging.getLogger(__name__)

CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between an index and the database, by key; rows with an operation that waits do not count."""

    compared: int
    missing: tuple[int, ...]
    extra: tuple[int, ...]
    different: tuple[int, ...]

    @property
    def faults(self) -> int:
        """How many documents are not as they should be."""
        return len(self.missing) + len(self.extra) + len(self.different)


def rebuild(report: filling.Report | None = None) -> None:
    """Fill a new generation, apply what changed meanwhile, compare the counts with the database, then switch.

    Search answers from the old generation throughout, and the indexer goes on keeping it up to date.

    Raises:
        Conflict: another rebuild is under way, or the counts differ; the old generation stays.
        Unavailable: the engine does not answer at the start, or stayed away for minutes; the old generation stays.
    """
    engine = backends.engine()
    with locks.held_at_once(locks.REBUILD):
        with locks.held(locks.DRAIN):  # a batch under way ends first: its operations may be gone, its changes are not
            seen = set(IndexOp.objects.values_list("pk", flat=True))
        generation = engine.create()
        with ExitStack() as until_switched:
            try:
                with engine.writer(generation, is_new=True) as writer:
                    filling.fill(engine, generation, writer, report or (lambda _done, _total: None))
                    _replay(writer, seen)
                    until_switched.enter_context(locks.held(locks.DRAIN))
                    _catch_up(engine, generation, writer, seen)
                engine.switch(generation)
            except BaseException:
                engine.discard(generation)
                raise
            outbox.done(seen)


def compare(index: Index) -> Comparison:
    """Compare the digest of every document with what the database says it should be."""
    reader = backends.engine().reader()
    found = _entries(reader, index) if reader else iter(())
    missing: list[int] = []
    extra: list[int] = []
    different: list[int] = []
    compared = 0
    kept = next(found, None)
    for due in _due(index):
        compared += 1
        while kept is not None and kept.key < due.key:
            extra.append(kept.key)
            kept = next(found, None)
        if kept is None or kept.key > due.key:
            missing.append(due.key)
            continue
        if kept.digest != due.digest:
            different.append(due.key)
        kept = next(found, None)
    if kept is not None:
        extra += [kept.key, *(entry.key for entry in found)]
    waiting = _waiting(index)
    lists = (tuple(key for key in keys if key not in waiting) for keys in (missing, extra, different))
    return Comparison(compared, *lists)


def repair(index: Index, comparison: Comparison) -> None:
    """Have the indexer look again at everything that differs."""
    note = outbox.record_changed if index is Index.RECORDS else outbox.pages_changed
    note([*comparison.missing, *comparison.extra, *comparison.different])


def _replay(writer: Writer, seen: set[int]) -> int:
    """Apply the operations that came since, all there are, and give their number."""
    total = 0
    while (batch := outbox.take(CHUNK, apart_from=seen)).sequences:
        applying.apply(batch, writer)
        outbox.spread(batch)
        seen.update(batch.sequences)
        total += len(batch.sequences)
    writer.commit()
    return total


def _catch_up(engine: Engine, generation: str, writer: Writer, seen: set[int]) -> None:
    """Apply the last operations until the counts are those of the database.

    A row and its operation are committed together, so a row that is counted before the operations are read has its
    operation among them: where none is left, a difference is a fault.
    """
    while True:
        due = {Index.RECORDS: Record.objects.count(), Index.PAGES: Page.objects.searchable().count()}
        applied = _replay(writer, seen)
        reader = engine.reader_of(generation)
        found = {index: reader.count(index) for index in Index}
        if found == due:
            return
        if not applied:
            logger.error("The rebuilt index holds %s, the database %s", found, due)
            raise Conflict(
                _(
                    "The rebuilt index holds %(records)d records and %(pages)d pages, the database %(due_records)d and "
                    "%(due_pages)d. The old index stays in use; rebuild again and report this if it comes back."
                )
                % {
                    "records": found[Index.RECORDS],
                    "pages": found[Index.PAGES],
                    "due_records": due[Index.RECORDS],
                    "due_pages": due[Index.PAGES],
                }
            )


def _entries(reader: Reader, index: Index) -> Iterator[Entry]:
    last = -1
    while chunk := reader.entries(index, after=last, size=CHUNK):
        yield from chunk
        last = chunk[-1].key


def _due(index: Index) -> Iterator[Entry]:
    """What the index should hold, by key."""
    if index is Index.PAGES:
        made = document.of_pages(loading.current_texts(Page.objects.all()))
    else:
        made = chain.from_iterable(map(document.of_records, _all_loaded()))
    for one in made:
        yield Entry(one.key, int(one.fields["digest"][0]))


def _all_loaded() -> Iterator[list[loading.Loaded]]:
    last = 0
    while loaded := loading.load(Record.objects.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield loaded
        last = loaded[-1].record.pk


def _waiting(index: Index) -> set[int]:
    """Keys whose operations wait; everything that rests on a record that waits is waiting, too."""
    records = set(IndexOp.objects.values_list("record", flat=True))
    if index is Index.RECORDS:
        return records | loading.resting_on(records)
    pages = set(IndexOp.objects.filter(page__isnull=False).values_list("page", flat=True))
    return {key for key in pages if key} | set(
        Page.objects.filter(unit__record__in=records).values_list("pk", flat=True)
    )
