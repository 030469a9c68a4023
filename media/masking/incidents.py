"""Marks of secrecy: the file is closed away at once, the security officer decides what becomes of it (L-16, L-18)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit
from archive.models import Record
from archive.signals import records_changed
from core.errors import Conflict, InvalidInput
from media import jobs, signals
from media.masking import proposing, secrecy
from media.models import DigitalObject, Incident, Job, Page, State

Where = Incident.Where
_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of secrecy and where it stands."""

    written: str
    where: Incident.Where


def marks_on(page: Page, text: str) -> list[Mark]:
    """The marks on a page, in the name of its file and in the description of its unit that are no incident yet.

    What the security officer has released is not taken up again, unless another mark is found.
    """
    source = page.digital_object
    found = [Mark(mark[:_LONGEST], Where.TEXT) for mark in secrecy.marks_in(text)]
    found += [Mark(mark[:_LONGEST], Where.NAME) for mark in secrecy.marks_in(source.original_name)]
    found += [Mark(mark[:_LONGEST], Where.DESCRIPTION) for mark in marks_in_description(page.unit.record)]
    known = set(source.incidents.values_list("mark", "where"))
    return [mark for mark in found if (mark.written, mark.where.value) not in known]


def marks_in_description(record: Record) -> list[str]:
    """The marks of secrecy in the fields of a record, each once."""
    return list(dict.fromkeys(mark for text in proposing.fields_of(record).values() for mark in secrecy.marks_in(text)))


def quarantine(page: Page, marks: Sequence[Mark]) -> None:
    """Close the file of a page away and open an incident for each mark, in the caller's transaction."""
    source = DigitalObject.objects.select_for_update().get(pk=page.digital_object_id)
    for mark in marks:
        Incident.objects.create(digital_object=source, page=page, mark=mark.written, where=mark.where)
    _close_away(source, by=None, after={"marks": [mark.written for mark in marks], "page": page.number})


def _close_away(source: DigitalObject, *, by: User | None, after: dict[str, object]) -> None:
    """Put a file into quarantine and stop what is being done with it."""
    before = source.quarantined_at
    source.quarantined_at = before or timezone.now()
    source.save(update_fields=["quarantined_at"])
    audit.append("quarantine", source, by=by, before={"quarantined_at": before}, after=after)
    for job in Job.objects.filter(digital_object=source).exclude(state__in=[State.DONE, State.CANCELLED]):
        jobs.stop(jobs.locked(job.pk), by=None, reason=_("A mark of secrecy was found. The file is in quarantine."))
    _tell(source)


@transaction.atomic
def release(incident: Incident, *, by: User | None, note: str) -> Incident:
    """Say that a mark is none, or no longer one; when no incident is left the file comes out of quarantine.

    Raises:
        NotPermitted: only the security officer decides.
        InvalidInput: no reason was given.
        Conflict: it has been released already.
    """
    incident = _decide(incident, Incident.Decision.RELEASED, by=by, note=note)
    source = DigitalObject.objects.select_for_update().get(pk=incident.digital_object_id)
    others = source.incidents.exclude(decision=Incident.Decision.RELEASED)
    is_infected = source.virus_check == DigitalObject.VirusCheck.INFECTED
    if others.exists() or is_infected or source.quarantined_at is None:
        return incident
    before = source.quarantined_at
    source.quarantined_at = None
    source.save(update_fields=["quarantined_at"])
    audit.append("unquarantine", source, by=by, before={"quarantined_at": before}, after={"reason": note})
    for job in source.jobs.filter(state=State.CANCELLED)[:1]:
        jobs.resume(job, by=None)
    _tell(source)
    return incident


def withhold(incident: Incident, *, by: User | None, note: str) -> Incident:
    """Confirm a mark: the file stays closed away, or is closed away again if it had been released.

    Raises:
        NotPermitted, InvalidInput, Conflict: as `release`.
    """
    with transaction.atomic():
        incident = _decide(incident, Incident.Decision.WITHHELD, by=by, note=note)
        source = DigitalObject.objects.select_for_update().get(pk=incident.digital_object_id)
        if source.quarantined_at is None:
            _close_away(source, by=by, after={"reason": incident.note})
        return incident


def _decide(incident: Incident, decision: Incident.Decision, *, by: User | None, note: str) -> Incident:
    incident = Incident.objects.select_for_update().select_related("digital_object__unit__record").get(pk=incident.pk)
    access.require(by, "release", incident.digital_object.unit.record)
    if not note.strip():
        raise InvalidInput(_("Say why: field “reason”."))
    if incident.decision == decision:
        raise Conflict(_("This has been decided already. Reload the page."))
    before = {"decision": incident.decision}
    incident.decision, incident.note = decision, note.strip()
    incident.decided_by, incident.decided_at = by, timezone.now()
    incident.save()
    audit.append("incident", incident, by=by, before=before, after={"decision": decision, "reason": incident.note})
    return incident


def _tell(source: DigitalObject) -> None:
    """Pages and unit have appeared or disappeared, for the index and for everything that is kept of them."""
    keys = list(source.pages.values_list("pk", flat=True))
    signals.pages_changed.send(sender=Page, page_ids=keys)
    records = Record.objects.filter(Q(unit=source.unit_id) | Q(unit__pages__digital_object=source)).distinct()
    records_changed.send(sender=Record, record_ids=list(records.values_list("pk", flat=True)))
