"""Who has looked at what is hidden from everybody else (L-31)."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from archive import audit
from archive.models import AuditEvent
from media.models import Page

ONE_VIEW = timedelta(hours=1)
"""Looking again at the same page within this time is the same view."""

ACTION = "view unmasked"


def note_view(page: Page, *, by: User, purpose: str) -> None:
    """Write down that a person sees a masked page whole: who, which page, what for; once an hour."""
    note_views([page], by=by, purpose=purpose)


def note_views(pages: Iterable[Page], *, by: User, purpose: str) -> None:
    """`note_view` of several pages, in one query and one transaction however many there are."""
    masked = {str(page.pk): page for page in pages if page.is_masked}
    if not masked:
        return
    seen = AuditEvent.objects.filter(action=ACTION, object_type="page", actor=by, at__gt=timezone.now() - ONE_VIEW)
    if len(masked) == 1:
        seen = seen.filter(object_key__in=masked)
    lately = set(seen.values_list("object_key", flat=True))
    fresh = [page for key, page in masked.items() if key not in lately]
    if fresh:
        audit.append_all([audit.entry_for(ACTION, page, after={"purpose": purpose}) for page in fresh], by=by)
