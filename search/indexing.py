"""The indexer: applies the operations of the outbox to the index, in batches, in the order of their sequence."""

import datetime as dt
import logging
import math
import threading
import time
from types import TracebackType
from typing import Final, Self

from django.db import InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from archive.models import Record
from core.errors import Conflict, Unavailable
from search import applying, backends, locks, outbox, rebuilding, state
from search.backends.base import Engine, Writer

logger = logging.getLogger(__name__)

BATCH: Final = 500
"""Operations taken at a time; one commit each costs 30 to 130 ms."""

IDLE_SECONDS: Final = 0.5
"""How soon an idle indexer looks into the outbox again."""

BEAT_SECONDS: Final = 5
TROUBLE_SECONDS: Final = 5


class Indexer:
    """The one that writes the current generation; keeps its writer open between batches."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._generation = ""
        self._writer: Writer | None = None
        self._applied: set[int] = set()

    def step(self, size: int = BATCH) -> int:
        """Apply the next operations and give their number, 0 when none waits.

        While a rebuild is under way the operations stay in the outbox, for the rebuild must apply them too.

        Raises:
            Unavailable: the engine does not answer, or another process writes the index; the operations stay.
        """
        with locks.held(locks.DRAIN):
            batch = outbox.take(size, apart_from=self._applied)
            if batch.sequences:
                self._apply(batch)
                outbox.spread(batch)
                self._applied.update(batch.sequences)
            if self._applied and not locks.is_held(locks.REBUILD):
                outbox.done(self._applied)
                self._applied.clear()
        return len(batch.sequences)

    def close(self) -> None:
        """Let go of the index."""
        if self._writer is not None:
            self._writer.close()
        self._writer, self._generation = None, ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _apply(self, batch: outbox.Batch) -> None:
        """Bring a batch into the index; a writer that failed is let go with all it holds, the next one starts clean."""
        try:
            writer = self._current_writer()
            applying.apply(batch, writer)
            writer.commit()
        except BaseException:
            self.close()
            raise

    def _current_writer(self) -> Writer:
        current = self._engine.current()
        if self._writer is None or current != self._generation:
            self.close()
            self._writer = self._engine.writer(current)
            self._generation = current
        return self._writer


def drain() -> int:
    """Apply all operations that wait and give their number; builds the index first where there is none.

    Raises:
        Unavailable: the engine does not answer, or another process writes the index.
    """
    engine = backends.engine()
    if not engine.current():
        rebuilding.rebuild()
    total = 0
    with Indexer(engine) as indexer:
        while applied := indexer.step():
            total += applied
    return total


def run(stop: threading.Event) -> None:
    """Keep the index up to date until told to stop: the whole life of the indexer process."""
    round_ = _Round()
    with Indexer(backends.engine()) as indexer:
        while not stop.is_set():
            stop.wait(round_.work(indexer))
    state.stop_beating()


class _Round:
    """What the indexer process does again and again: say that it lives, note a new day, apply what waits."""

    def __init__(self) -> None:
        self._day = timezone.localdate(state.last_seen() or timezone.now())
        self._beaten = -math.inf

    def work(self, indexer: Indexer) -> float:
        """Do one round and say how many seconds to rest. Trouble is logged and tried again: it may pass."""
        close_old_connections()
        try:
            self._beat()
            self._day = note_new_day(self._day)
            if not backends.engine().current():
                rebuilding.rebuild(lambda _done, _total: self._beat())
            return 0.0 if indexer.step() else IDLE_SECONDS
        except (Unavailable, Conflict, OperationalError, InterfaceError) as fault:
            logger.error("The indexer cannot work at the moment: %s", fault)
            return TROUBLE_SECONDS

    def _beat(self) -> None:
        if time.monotonic() - self._beaten >= BEAT_SECONDS:
            state.beat()
            self._beaten = time.monotonic()


def note_new_day(last: dt.date) -> dt.date:
    """Index again what rests on records whose closure has ended since ``last``."""
    today = timezone.localdate()
    if today > last:
        opened = Record.objects.filter(closed_until__gt=last, closed_until__lte=today)
        outbox.record_changed(opened.values_list("pk", flat=True))
    return today
