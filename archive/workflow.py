"""The way to the public and back: draft → submitted → published, with return and withdrawal."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit, opening
from archive.access import Action
from archive.models import Record, Status
from core.errors import Conflict, InvalidInput

MOVES: dict[Action, tuple[frozenset[Status], Status]] = {
    "submit": (frozenset({Status.DRAFT, Status.RETURNED}), Status.SUBMITTED),
    "return": (frozenset({Status.SUBMITTED}), Status.RETURNED),
    "publish": (frozenset({Status.SUBMITTED}), Status.PUBLISHED),
    "withdraw": (frozenset({Status.PUBLISHED}), Status.WITHDRAWN),
}
"""From which states each action leads, and to which."""


def submit(record: Record, *, by: User | None) -> Record:
    """Hand a draft to the reviewers."""
    return _move(record, "submit", by=by)


def send_back(record: Record, *, reason: str, by: User | None) -> Record:
    """Return a submitted record to its archivist, saying why."""
    return _move(record, "return", by=by, reason=_stated(reason))


def publish(record: Record, *, by: User | None) -> Record:
    """Publish a submitted record; what the public then sees also depends on its opening and authorisation."""
    return _move(record, "publish", by=by)


def withdraw(record: Record, *, reason: str, by: User | None) -> Record:
    """Take a published record down everywhere; its identifier stays as a tombstone (L-08)."""
    return _move(record, "withdraw", by=by, reason=_stated(reason))


@transaction.atomic
def _move(record: Record, action: Action, *, by: User | None, reason: str = "") -> Record:
    """Make one move under the row's lock.

    Raises:
        NotPermitted: with the reason.
        Conflict: the record is not in a state from which the action leads on.
    """
    access.require(by, action, record)
    record = Record.objects.select_for_update().get(pk=record.pk)
    origins, target = MOVES[action]
    if record.status not in origins:
        raise Conflict(
            _("“%(title)s” is in the state “%(state)s”; this action starts from another one.")
            % {"title": record.title_zh, "state": record.get_status_display()}
        )
    before = {"status": record.status}
    record.status, record.changed_at = target, timezone.now()
    if target == Status.PUBLISHED:
        record.version += 1 if record.first_published_at else 0
        record.first_published_at = record.first_published_at or record.changed_at
    if target == Status.WITHDRAWN:
        opening.note_public(record)
        record.withdrawn_at, record.withdrawal_reason, record.public_scope = record.changed_at, reason, 0
    record.save()
    audit.append(action, record, by=by, before=before, after={"status": target, "reason": reason})
    opening.refresh([record])
    record.refresh_from_db()
    return record


def _stated(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput(_("Say why: the reason is kept with the record."))
    return reason.strip()
