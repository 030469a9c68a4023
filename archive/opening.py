"""Opening (开放) and publication (公布): two keys, and the effective answer stored on every row they reach.

The stored answer is what ``visible_to`` reads: ``public_scope`` (the least of what status, opening mark and
authorisation allow) and ``closed_until`` (the latest closure of the record and of everything above it).
"""

import datetime as dt
from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit
from archive.models import AuditEvent, Opening, Record, Scope, Status, Unit
from archive.models.records import OPEN_SINCE_EVER
from archive.signals import opening_asked, records_changed
from core.errors import Conflict, InvalidInput

YEARS_TO_OPENING = 25
"""档案法 Art. 27: archives open 25 years after they were formed."""


def statutory_opening_date(formed: dt.date) -> dt.date:
    """The day on which 25 years have passed since ``formed``, the last day of a document's date (L-01)."""
    try:
        return formed.replace(year=formed.year + YEARS_TO_OPENING)
    except ValueError:  # 29 February
        return formed.replace(year=formed.year + YEARS_TO_OPENING, month=3, day=1)


def own_scope(record: Record) -> Scope:
    """What the record's own status, opening mark and authorisation let the public have, closures aside."""
    if record.status != Status.PUBLISHED or record.opening != Opening.OPEN:
        return Scope.NOTHING
    return Scope(record.authorised_scope)


@transaction.atomic
def open_(record: Record, *, scope: Scope, by: User | None) -> Record:
    """Mark a record open and authorise its publication up to ``scope``.

    Raises:
        NotPermitted: with the reason.
        Conflict: something in it waits for a decision first (L-23); the message names what.
    """
    access.require(by, "open", record)
    _refuse_undecided(record)
    before = {"opening": record.opening, "authorised_scope": record.authorised_scope}
    record.opening, record.authorised_scope = Opening.OPEN, scope
    record.save(update_fields=["opening", "authorised_scope"])
    after = {"opening": record.opening, "authorised_scope": record.authorised_scope}
    audit.append("open", record, by=by, before=before, after=after)
    refresh([record])
    return record


def what_waits(record: Record) -> list[str]:
    """What must be decided before the record can be opened, in words (L-23); empty where nothing stands against it."""
    answers = opening_asked.send(sender=Record, record=record)
    return [str(reason) for _receiver, found in answers for reason in found or ()]


@transaction.atomic
def close(record: Record, *, until: dt.date, reason: str, by: User | None) -> Record:
    """Close a record, and with it everything below it, until a day.

    Raises:
        InvalidInput: no reason was given.
        NotPermitted: with the reason.
    """
    access.require(by, "open", record)
    if not reason.strip():
        raise InvalidInput(_("Say why the record is closed: field “reason of the closure”."))
    before = {"own_closed_until": record.own_closed_until, "closure_reason": record.closure_reason}
    record.own_closed_until, record.closure_reason = until, reason
    record.save(update_fields=["own_closed_until", "closure_reason"])
    after = {"own_closed_until": until, "closure_reason": reason}
    audit.append("close", record, by=by, before=before, after=after)
    refresh([record])
    return record


@transaction.atomic
def control(record: Record, *, reason: str, by: User | None) -> Record:
    """Mark a record controlled (控制), such as one that says of itself that it is for internal use (L-19).

    It happens once: where a reviewer opens the record afterwards, that decision stands.

    Raises:
        NotPermitted: with the reason.
    """
    access.require(by, "open", record)
    known = AuditEvent.objects.filter(action="control", object_type="record", object_key=record.ark)
    if record.opening == Opening.CONTROLLED or known.exists():
        return record
    before = {"opening": record.opening}
    if _shown(record) > Scope.NOTHING:
        record.changed_at = timezone.now()
    record.opening, record.public_scope = Opening.CONTROLLED, Scope.NOTHING
    record.save(update_fields=["opening", "public_scope", "changed_at"])
    audit.append("control", record, by=by, before=before, after={"opening": record.opening, "reason": reason})
    refresh([record])
    return record


@transaction.atomic
def refresh(records: Iterable[Record]) -> None:
    """Work out the effective visibility of records, and of every unit below those that are units, and tell search.

    A record of which the public gets more or less than before has changed: harvesters learn of it by that moment.
    """
    touched: list[Record] = []
    for record in records:
        unit = Unit.objects.filter(record=record).first()
        if unit is None:
            _apply(record, record.own_closed_until or OPEN_SINCE_EVER, inherited_scope=None)
            touched.append(record)
        else:
            touched += _refresh_branch(unit)
    Record.objects.bulk_update(touched, ["public_scope", "closed_until", "was_public", "changed_at"], batch_size=500)
    records_changed.send(sender=Record, record_ids=[record.pk for record in touched])


def _refuse_undecided(record: Record) -> None:
    reasons = what_waits(record)
    if reasons:
        raise Conflict(
            _("“%(title)s” cannot be opened yet: %(reasons)s.") % {"title": record.title, "reasons": "; ".join(reasons)}
        )


def _refresh_branch(top: Unit) -> list[Record]:
    closures: dict[str, dt.date] = {"": OPEN_SINCE_EVER}
    readable: dict[str, bool] = {"": True}
    touched = []
    for unit in [
        *Unit.objects.get_ancestors(top).select_related("record"),
        *Unit.objects.get_tree(top).select_related("record"),
    ]:
        above = unit.path[: -Unit.steplen]
        closures[unit.path] = max(closures[above], unit.record.own_closed_until or OPEN_SINCE_EVER)
        readable[unit.path] = readable[above] and own_scope(unit.record) > Scope.NOTHING
        if unit.path.startswith(top.path):
            _apply(unit.record, closures[unit.path], inherited_scope=None if readable[above] else Scope.NOTHING)
            touched.append(unit.record)
    return touched


def _apply(record: Record, closed_until: dt.date, *, inherited_scope: Scope | None) -> None:
    """Set the stored answer; what lies below something that is not public cannot be public itself."""
    before = _shown(record)
    record.public_scope = own_scope(record) if inherited_scope is None else min(own_scope(record), inherited_scope)
    record.closed_until = closed_until
    if _shown(record) != before:
        record.changed_at = timezone.now()
    note_public(record)


def _shown(record: Record) -> Scope:
    """What the public gets of a record today, by its stored answer."""
    return Scope(record.public_scope) if record.closed_until <= timezone.localdate() else Scope.NOTHING


def note_public(record: Record) -> None:
    """Remember, on the unsaved row, that the public can see the record now: only then does it leave a tombstone."""
    record.was_public = record.was_public or record.is_visible_to(AnonymousUser())
