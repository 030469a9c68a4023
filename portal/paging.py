"""Long lists, one stretch at a time: a cursor names the last row shown, so page 1,000 costs what page 1 costs."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q

from archive.models import Record, RecordQuerySet

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some records in order of time, and the cursor of the next stretch (empty at the end)."""

    records: list[Record]
    next_cursor: str


def by_date(records: RecordQuerySet, cursor: str = "", size: int = PAGE_SIZE) -> Stretch:
    """The records that follow ``cursor``, earliest first, those without a date last.

    A cursor that nobody gave out is ignored.
    """
    ordered = records.order_by(F("date_earliest").asc(nulls_last=True), "pk").with_shown_parts()
    position = _read(cursor)
    if position is not None:
        ordered = ordered.filter(_after(*position))
    found = list(ordered[: size + 1])
    return Stretch(found[:size], _write(found[size - 1]) if len(found) > size else "")


def _after(day: dt.date | None, key: int) -> Q:
    if day is None:
        return Q(date_earliest__isnull=True, pk__gt=key)
    later = Q(date_earliest__gt=day) | Q(date_earliest=day, pk__gt=key)
    return later | Q(date_earliest__isnull=True)


def _write(record: Record) -> str:
    return f"{record.date_earliest.isoformat() if record.date_earliest else ''}_{record.pk}"


def _read(cursor: str) -> tuple[dt.date | None, int] | None:
    day, separator, key = cursor.partition("_")
    if not separator or not (key.isascii() and key.isdigit()) or len(key) > 18:
        return None
    try:
        return (dt.date.fromisoformat(day) if day else None), int(key)
    except ValueError:
        return None
