"""What was done at the light table, as the audit trail keeps it, and locking what is about to change."""

from collections.abc import Mapping
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from archive import audit
from archive.models import AuditEvent, Unit
from media.models import Finding, Page


class Action(StrEnum):
    """The names of the actions in the audit trail; all of them can be taken back."""

    JUDGE = "quality review"
    DECIDE = "quality decision"
    TURN = "turn page"
    MOVE = "move page"
    SPLIT = "split unit"
    MERGE = "merge units"


LABELS = {
    Action.JUDGE: _("The verdict on page %(page)s was taken back."),
    Action.DECIDE: _("The decision on a finding was taken back."),
    Action.TURN: _("Page %(page)s was turned back."),
    Action.MOVE: _("Page %(page)s was moved back."),
    Action.SPLIT: _("The division was undone; the pages are back in their unit."),
    Action.MERGE: _("The union was undone; the pages are back in their unit."),
}

UNDO = "undo"


def locked(page: Page) -> Page:
    """The page as it is now, locked until the transaction ends."""
    rows = Page.objects.select_for_update(of=("self",)).select_related("unit__record", "digital_object__batch")
    return rows.get(pk=page.pk)


def locked_units(*units: Unit) -> list[Unit]:
    """The rows of these units, locked in the order of their keys so that two people do not wait for each other."""
    keys = sorted({unit.pk for unit in units})
    rows = Unit.objects.select_for_update(of=("self",)).select_related("record").filter(pk__in=keys).order_by("pk")
    found = {unit.pk: unit for unit in rows}
    return [found[unit.pk] for unit in units]


def write(
    action: Action,
    thing: models.Model,
    *,
    by: User | None,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> AuditEvent:
    """Append an action to the audit trail, with the batch that it belongs to."""
    page = thing if isinstance(thing, Page) else None
    source = thing.digital_object if isinstance(thing, Finding) else page.digital_object if page else None
    return audit.append(action, thing, by=by, before=before, after=after, batch=source.batch if source else None)
