"""How a corrected text is written: a new row becomes the current one, and everybody who must know is told.

One transaction holds the row, the masks that move with it, the audit, the news for the index and the document that is
put together again.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from archive import audit
from archive.audit import Entry
from archive.models import Unit
from core.errors import Conflict
from media import jobs, masking, signals
from media.lines import TextLine, join, to_json
from media.models import Page, PageText


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of the text of one page: the row that is replaced, the lines of the new one, and what to call it."""

    old: PageText
    lines: Sequence[TextLine]
    note: str = ""
    made_from: PageText | None = None
    said: Mapping[str, object] = field(default_factory=dict)


def lock(pages: Sequence[int]) -> dict[int, Page]:
    """The pages by their keys, locked until the transaction ends, in one order for everybody."""
    rows = Page.objects.select_for_update(of=("self",)).select_related("unit__record", "digital_object")
    return {page.pk: page for page in rows.filter(pk__in=pages).order_by("pk")}


def require_current(seen: PageText) -> PageText:
    """The current text of the page, which must be the one that the person has seen; the page is locked already.

    Raises:
        Conflict: somebody, or the machine, has put another text in its place meanwhile.
    """
    current = PageText.objects.select_related("made_by").filter(page=seen.page_id, is_current=True).first()
    if current is None or current.pk != seen.pk:
        raise Conflict(_changed_by(current))
    return current


def store(
    changes: Sequence[Change], *, by: User | None, action: str, replacement: uuid.UUID | None = None
) -> list[PageText]:
    """Write the new rows; the pages are locked and the old rows are the current ones.

    What had been proofread is only checked now, for nobody but its author has seen the change; what goes back to a
    text that nobody has checked is not checked either.
    """
    with transaction.atomic():
        new = [_row(change, by, replacement) for change in changes]
        for change, row in zip(changes, new, strict=True):
            masking.carry_over(change.old, row)
        audit.append_all([_entry(action, change, row) for change, row in zip(changes, new, strict=True)], by=by)
        tell([row.page for row in new])
    return new


def tell(pages: Sequence[Page]) -> None:
    """Have pages indexed and their documents put together again, in the caller's transaction."""
    signals.pages_changed.send(sender=Page, page_ids=[page.pk for page in pages])
    units: dict[int, Unit] = {page.unit_id: page.unit for page in pages}
    for unit in units.values():
        jobs.reassemble(unit)


def _row(change: Change, by: User | None, replacement: uuid.UUID | None) -> PageText:
    old = change.old
    PageText.objects.filter(page=old.page_id, is_current=True).update(is_current=False)
    origin = change.made_from or old
    is_trusted = PageText.Quality.MACHINE not in {old.quality, origin.quality}
    return PageText.objects.create(
        page=old.page,
        origin=PageText.Origin.CORRECTED,
        quality=PageText.Quality.CHECKED if is_trusted else PageText.Quality.MACHINE,
        text=join(change.lines),
        lines=to_json(change.lines),
        engine=origin.engine,
        engine_version=origin.engine_version,
        settings=origin.settings,
        confidence=origin.confidence,
        note=change.note[:500],
        made_by=by,
        made_from=origin,
        replacement=replacement,
        judged_by=by if is_trusted else None,
        judged_at=timezone.now() if is_trusted else None,
    )


def _entry(action: str, change: Change, row: PageText) -> Entry:
    before = {"text": change.old.pk, "quality": change.old.quality}
    after = {"text": row.pk, "quality": row.quality, "note": row.note, **change.said}
    return audit.entry_for(action, row.page, before=before, after=after)


def _changed_by(current: PageText | None) -> str:
    if current is None or current.made_by is None:
        return _("The text of this page has been replaced meanwhile. Compare the two before you save yours.")
    return _("%(name)s has saved another text of this page at %(time)s. Compare the two before you save yours.") % {
        "name": current.made_by.get_username(),
        "time": date_format(timezone.localtime(current.created_at), "H:i"),
    }
