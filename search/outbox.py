"""The outbox: what changed and must be indexed again, written in the transaction of the change.

Operations are applied in the order of their sequence and removed once the index holds their outcome. An operation
says only what changed, never how: the indexer looks at the row as it then stands, so applying one twice does no harm.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Min, Q
from django.utils import timezone

from archive.models import Record, Scope
from media.models import Page
from search import loading
from search.models import IndexOp

UNKNOWN = 0
"""In the place of the record's key for a page whose unit is not known any more."""

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """Operations taken together; what is named several times is indexed once."""

    sequences: tuple[int, ...]
    records: frozenset[int]
    """Records whose description or visibility changed: their document and those of all their pages are stale."""

    pages: frozenset[int]
    documents: frozenset[int]
    """Records of which a page, or something they rest on, changed: their own document is stale, their pages are not."""


def record_changed(keys: Iterable[int]) -> None:
    """Note that records were created, changed, or removed."""
    IndexOp.objects.bulk_create([IndexOp(record=key) for key in dict.fromkeys(keys)], batch_size=CHUNK)


def pages_changed(keys: Iterable[int]) -> None:
    """Note that pages have another text, are new, or are gone."""
    wanted = list(dict.fromkeys(keys))
    records = dict(Page.objects.filter(pk__in=wanted).values_list("pk", "unit__record"))
    IndexOp.objects.bulk_create(
        [IndexOp(record=records.get(key, UNKNOWN), page=key) for key in wanted], batch_size=CHUNK
    )


def page_removed(key: int, record: int) -> None:
    """Note that a page of a record goes."""
    IndexOp.objects.create(record=record, page=key)


def spread(batch: Batch) -> None:
    """Note what rests on the records that a batch names, to be indexed again in batches of its own.

    Called when the index holds the batch and before `done`, so that at no time a document that still tells something
    of a record that was hidden goes without an operation that says so.
    """
    published = Record.objects.filter(pk__in=batch.records, first_published_at__isnull=False)
    once = set(published.values_list("pk", flat=True))
    resting_on_hidden = loading.citing(once - _visible(once, Scope.TEXT))
    resting_on_hidden |= loading.naming(once - _visible(once, Scope.CATALOGUE))
    others = loading.resting_on(batch.records) - resting_on_hidden - _waiting_apart_from(batch)
    causes = ((IndexOp.Cause.HIDDEN, resting_on_hidden), (IndexOp.Cause.BENEATH, others))
    IndexOp.objects.bulk_create(
        [IndexOp(record=key, cause=cause) for cause, keys in causes for key in sorted(keys)], batch_size=CHUNK
    )


def take(size: int, *, apart_from: Collection[int] = ()) -> Batch:
    """The next operations, at most ``size``, without those already applied; they stay in the outbox."""
    rows: list[IndexOp] = []
    for row in IndexOp.objects.order_by("pk").iterator(chunk_size=CHUNK):
        if row.pk not in apart_from:
            rows.append(row)
        if len(rows) == size:
            break
    whole = frozenset(row.record for row in rows if row.page is None and row.cause == IndexOp.Cause.ROW)
    parts = [row for row in rows if row.record not in whole]
    return Batch(
        sequences=tuple(row.pk for row in rows),
        records=whole,
        pages=frozenset(row.page for row in parts if row.page is not None),
        documents=frozenset(row.record for row in parts if row.record != UNKNOWN),
    )


def done(sequences: Collection[int]) -> None:
    """Remove operations whose outcome the index holds."""
    ordered = sorted(sequences)
    for start in range(0, len(ordered), CHUNK):
        IndexOp.objects.filter(pk__in=ordered[start : start + CHUNK]).delete()


def pending() -> int:
    """How many operations wait."""
    return IndexOp.objects.count()


def is_waiting() -> bool:
    """Whether any operation waits."""
    return IndexOp.objects.exists()


def behind_seconds() -> float:
    """For how long the oldest operation has waited; 0 when none does."""
    oldest = IndexOp.objects.aggregate(oldest=Min("created_at"))["oldest"]
    return max(0.0, (timezone.now() - oldest).total_seconds()) if oldest else 0.0


def not_to_be_found() -> list[int]:
    """Records that the index may still show more of to the public than they may see now.

    Those with an operation that waits which were public once and are not, or not up to their text, any more or are
    gone; and the records whose documents hold claims or names of those. Until the index has caught up, it is not asked
    for them.
    """
    if not IndexOp.objects.exists():
        return []
    safe = Record.objects.filter(
        Q(public_scope__gte=Scope.TEXT, closed_until__lte=timezone.localdate())
        | Q(first_published_at__isnull=True, public_scope=Scope.NOTHING)
    )
    waiting = IndexOp.objects.exclude(record__in=safe.values("pk"))
    keys = set(waiting.values_list("record", flat=True).distinct())
    keys |= loading.citing(keys) | loading.naming(keys - _visible(keys, Scope.CATALOGUE))
    keys |= set(IndexOp.objects.filter(cause=IndexOp.Cause.HIDDEN).values_list("record", flat=True))
    return sorted(keys - {UNKNOWN})


def changed() -> list[int]:
    """Records that the public may see and whose documents, or those of their pages, are older than they are."""
    waiting = IndexOp.objects.filter(cause=IndexOp.Cause.ROW).values("record")
    shown = Record.objects.visible_to(AnonymousUser()).filter(pk__in=waiting)
    return list(shown.order_by("pk").values_list("pk", flat=True))


def _visible(keys: Collection[int], scope: Scope) -> set[int]:
    """Those of the keys whose records the public may see up to a scope."""
    found: set[int] = set()
    for chunk in loading.in_chunks(keys):
        rows = Record.objects.visible_to(AnonymousUser(), scope).filter(pk__in=chunk)
        found.update(rows.values_list("pk", flat=True))
    return found


def _waiting_apart_from(batch: Batch) -> set[int]:
    return set(IndexOp.objects.exclude(pk__in=batch.sequences).values_list("record", flat=True))
