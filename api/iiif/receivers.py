"""Where news of pages and records empties the shelves: what changed or was withdrawn is kept nowhere (L-08, L-24)."""

from collections.abc import Sequence
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.dispatch import receiver

from api.iiif import tiles
from archive.models import Record
from archive.signals import records_changed
from media.models import Page
from media.signals import pages_changed

CHUNK: Final = 5000
"""Records looked up at once."""


@receiver(pages_changed)
def forget_pages(page_ids: Sequence[int], **_signal: Any) -> None:  # Any: what Django adds to every signal
    """Forget what was cut from images of pages that have changed."""
    transaction.on_commit(partial(tiles.forget, list(page_ids)))


@receiver(records_changed)
def forget_withdrawn(record_ids: Sequence[int], **_signal: Any) -> None:  # Any: what Django adds to every signal
    """Forget what was cut from the pages of records that were withdrawn."""
    transaction.on_commit(partial(_forget_withdrawn, list(record_ids)))


def _forget_withdrawn(record_ids: Sequence[int]) -> None:
    for start in range(0, len(record_ids), CHUNK):
        withdrawn = Record.objects.withdrawn().filter(pk__in=record_ids[start : start + CHUNK])
        pages = list(Page.objects.filter(unit__record__in=withdrawn).values_list("pk", flat=True))
        if pages:
            tiles.forget(pages)
