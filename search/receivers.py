"""Where news of the archive and its files becomes work for the indexer, in the transaction that made it.

The indexer looks into the outbox twice a second, so nothing has to wake it.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from archive.models import Record
from archive.signals import records_changed
from media.models import Page
from media.signals import pages_changed
from search import outbox

# Any, below: what Django adds to every signal.


@receiver(records_changed)
def note_records(record_ids: Sequence[int], **_signal: Any) -> None:
    """Records changed or became visible or invisible."""
    outbox.record_changed(record_ids)


@receiver(pages_changed)
def note_pages(page_ids: Sequence[int], **_signal: Any) -> None:
    """Pages have a new text."""
    outbox.pages_changed(page_ids)


@receiver(post_delete, sender=Record)
def note_removed_record(instance: Record, **_signal: Any) -> None:
    """A record is gone; so must its documents be."""
    outbox.record_changed([instance.pk])


@receiver(post_delete, sender=Page)
def note_removed_page(instance: Page, **_signal: Any) -> None:
    """A page is gone; its record may stay."""
    record = Record.objects.filter(unit=instance.unit_id).values_list("pk", flat=True).first()
    outbox.page_removed(instance.pk, record or outbox.UNKNOWN)
