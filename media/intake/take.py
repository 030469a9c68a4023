"""Take in what a plan says, as one batch. It can be killed at any moment and run again: nothing is doubled or lost."""

from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access
from archive.models import Batch, Unit
from core.errors import Conflict
from media import ingest
from media.ingest import Outcome, Result
from media.intake.delivery import Plan, PlannedFile
from media.models import DigitalObject

CHUNK = 200
"""Files of which it is asked at once whether they are there."""


def open_batch(plan: Plan, *, label: str, by: User | None) -> Batch:
    """The batch of a plan: the one that an earlier run began, or a new one.

    Raises:
        NotPermitted: this person may not digitise.
        Conflict: a mark of secrecy stops the delivery; nothing is written.
    """
    access.require(by, "ingest")
    if plan.is_stopped:
        stop = next(finding for finding in plan.findings if finding.stops_all)
        raise Conflict(f"“{stop.file}”: {stop.message} {stop.remedy}")
    named = f"{label[:180]} · {plan.key}"
    with transaction.atomic():
        begun = Batch.objects.select_for_update().filter(
            type=Batch.Type.INGEST, label=named, created_by=by, undone_at=None
        )
        return begun.first() or Batch.objects.create(type=Batch.Type.INGEST, label=named, created_by=by)


def take(plan: Plan, *, batch: Batch, by: User | None) -> Iterator[Outcome]:
    """Take the files in, one after the other in the plan's order, each in a transaction of its own.

    What an earlier run has taken in is told as being there. A file that is refused does not stop the others.
    """
    used: set[int] = set()
    for start in range(0, len(plan.files), CHUNK):
        some = plan.files[start : start + CHUNK]
        units = Unit.objects.select_related("record").in_bulk({file.unit_id for file in some})
        there = _taken_before(some, batch)
        for file in some:
            alike = there.get((file.unit_id, file.name, file.entry.size), [])
            known = next((row for row in alike if row.pk not in used), None)
            if known is not None:
                used.add(known.pk)
                yield Outcome(file.name, Result.ALREADY_THERE, _("“%(name)s” is there.") % {"name": file.name}, known)
            elif file.entry.path is not None:
                arrival = ingest.from_path(file.entry.path, file.name)
                for outcome in ingest.ingest_many([arrival], unit=units[file.unit_id], by=by, batch=batch):
                    if outcome.digital_object is not None:
                        used.add(outcome.digital_object.pk)
                    yield outcome


def _taken_before(files: Sequence[PlannedFile], batch: Batch) -> dict[tuple[int, str, int], list[DigitalObject]]:
    """What this batch has taken in already, so that it need not be read again.

    Scans of one size and name, from different folders, are different files: each row stands for one of them.
    """
    rows = DigitalObject.objects.filter(
        batch=batch, unit__in={file.unit_id for file in files}, original_name__in={file.name for file in files}
    )
    there: dict[tuple[int, str, int], list[DigitalObject]] = {}
    for row in rows.order_by("pk"):
        there.setdefault((row.unit_id, row.original_name, row.size), []).append(row)
    return there
