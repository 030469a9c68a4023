"""The audit trail: append-only, each event sealed with the digest of the one before it (L-34, 电子档案管理办法)."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive.models import AuditEvent, AuditHead, Batch, Record

Values = Mapping[str, object]

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to be appended: what was done to which thing, with the values before and after."""

    action: str
    object_type: str
    object_key: str
    before: Values | None = None
    after: Values | None = None


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found: the first break, or none."""

    checked: int
    broken_at: int | None = None
    reason: str = ""
    head: str = field(default="")

    @property
    def is_intact(self) -> bool:
        """Whether every event is as it was written and none is missing."""
        return self.broken_at is None


def entry_for(action: str, thing: models.Model, *, before: Values | None = None, after: Values | None = None) -> Entry:
    """The entry for an action on a row; a record is named by its ARK, anything else by its key."""
    key = thing.ark if isinstance(thing, Record) else str(thing.pk)
    return Entry(action, thing._meta.model_name or "", key, before, after)


def append(
    action: str,
    thing: models.Model,
    *,
    by: User | AnonymousUser | None,
    before: Values | None = None,
    after: Values | None = None,
    batch: Batch | None = None,
) -> AuditEvent:
    """Append one event in the caller's transaction."""
    return append_all([entry_for(action, thing, before=before, after=after)], by=by, batch=batch)[0]


def append_all(
    entries: Sequence[Entry], *, by: User | AnonymousUser | None, batch: Batch | None = None
) -> list[AuditEvent]:
    """Append events in order, in the caller's transaction; the chain's head is locked until it ends."""
    actor = by if isinstance(by, User) else None
    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=1)
        head = AuditHead.objects.select_for_update().get(pk=1)
        at = timezone.now()
        events = []
        for entry in entries:
            event = AuditEvent(
                sequence=head.sequence + 1,
                at=at,
                actor=actor,
                actor_name=actor.get_username() if actor else "",
                action=entry.action,
                object_type=entry.object_type,
                object_key=entry.object_key,
                before=_plain(entry.before),
                after=_plain(entry.after),
                batch=batch,
                previous_digest=head.digest,
            )
            event.digest = digest_of(event)
            head.sequence, head.digest = event.sequence, event.digest
            events.append(event)
        AuditEvent.objects.bulk_create(events, batch_size=CHUNK)
        head.save(update_fields=["sequence", "digest"])
    return events


def digest_of(event: AuditEvent) -> str:
    """SHA-256, in hexadecimal, over the canonical JSON of everything the event says and its predecessor's digest."""
    said = {
        "sequence": event.sequence,
        "at": _instant(event.at),
        "actor": event.actor_id,
        "actor_name": event.actor_name,
        "action": event.action,
        "object_type": event.object_type,
        "object_key": event.object_key,
        "before": event.before,
        "after": event.after,
        "batch": event.batch_id,
        "previous": event.previous_digest,
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def verify(events: Iterable[AuditEvent] | None = None) -> Verification:
    """Walk the whole chain: digests, links, gaps in the sequence, and the head, which shows a cut-off end."""
    previous, expected = "0" * 64, 1
    for event in events if events is not None else AuditEvent.objects.order_by("sequence").iterator(chunk_size=CHUNK):
        reason = _fault(event, expected, previous)
        if reason:
            return Verification(expected - 1, expected, reason, previous)
        previous, expected = event.digest, expected + 1
    head = AuditHead.objects.filter(pk=1).first()
    if head is not None and (head.sequence, head.digest) != (expected - 1, previous):
        reason = _("The chain ends at event %(end)d, but %(head)d events were written.") % {
            "end": expected - 1,
            "head": head.sequence,
        }
        return Verification(expected - 1, expected, reason, previous)
    return Verification(expected - 1, head=previous)


def _fault(event: AuditEvent, expected: int, previous: str) -> str:
    if event.sequence != expected:
        return _("Event %(expected)d is missing; the next one found is %(found)d.") % {
            "expected": expected,
            "found": event.sequence,
        }
    if event.previous_digest != previous:
        return _("Event %(sequence)d does not follow the one before it.") % {"sequence": expected}
    if event.digest != digest_of(event):
        return _("Event %(sequence)d was changed after it was written.") % {"sequence": expected}
    return ""


def _plain(values: Values | None) -> dict[str, object] | None:
    """Values as JSON gives them back, so that the digest is the same before and after storage."""
    if values is None:
        return None
    plain: dict[str, object] = json.loads(json.dumps(values, cls=_Encoder, ensure_ascii=False, sort_keys=True))
    return plain


def _instant(at: datetime) -> str:
    return at.astimezone(tz=timezone.get_fixed_timezone(0)).isoformat(timespec="microseconds")


class _Encoder(DjangoJSONEncoder):
    """JSON with labels of choices and lazy texts as plain strings."""

    def default(self, o: object) -> object:
        if isinstance(o, models.Model):
            return o.pk
        return super().default(o)
