"""What people order: try again, do again, pause, go on, cancel, "I need this now". Each is audited.

A step that runs when its job is paused comes to its end; what would follow waits. A step that runs when its job is
cancelled, or when its page is to be done again, is fenced off: what it makes is dropped.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit
from core.errors import Conflict
from media.jobs.planning import Name, add, settle
from media.jobs.rows import HELD, OPEN, announce, locked, untouched
from media.models import DigitalObject, Job, JobStep, Page, State


@transaction.atomic
def retry(step: JobStep, *, by: User | None) -> JobStep:
    """Have a failed step done again; its attempts count from the beginning.

    Raises:
        NotPermitted: this person may not digitise.
        Conflict: the step has not failed, or its job was stopped.
    """
    job = _for_order(step.job, by)
    if job.state in HELD:
        raise Conflict(_("This file was stopped. Let it go on first."))
    changed = JobStep.objects.filter(pk=step.pk, state=State.FAILED).update(**untouched(State.QUEUED))
    if not changed:
        raise Conflict(_("This step has not failed, so there is nothing to do again. Reload the page."))
    _assemble_later(job, step.page)
    audit.append("retry", step.job.digital_object, by=by, after={"step": step.name, "page": step.page_id})
    settle(job.pk)
    announce([step.pk])
    step.refresh_from_db()
    return step


def retry_all(job: Job, *, by: User | None) -> int:
    """Have every failed step of a job done again; how many there were.

    Raises:
        NotPermitted, Conflict: as `retry`.
    """
    failed = list(job.steps.filter(state=State.FAILED).select_related("job__digital_object__unit__record", "page"))
    with transaction.atomic():
        for step in failed:
            retry(step, by=by)
    return len(failed)


@transaction.atomic
def repeat_page(page: Page, *, by: User | None, first: JobStep.Name = Name.DERIVE) -> None:
    """Do a page again, whatever became of it before: from its images and measures on, or from ``first`` (reading).

    What follows is done again, too. Where a person has checked the text, that text stays.

    Raises:
        NotPermitted: this person may not digitise.
        Conflict: the file was cancelled, or its pages are not known yet.
    """
    job = _for_order(_job_of(page.digital_object), by)
    if job.state == State.CANCELLED:
        raise Conflict(_("This file was cancelled. Let it go on first."))
    _assemble_later(job, page)
    for name in (Name.DERIVE, Name.QUALITY) if first == Name.DERIVE else (first,):
        add(job, name, [page], again=True)
    later = job.steps.filter(page=page, name__in=[Name.RECOGNISE, Name.MASK]).exclude(name=first)
    later.filter(state__in=OPEN).delete()  # a successor that has begun already would work on what is being replaced
    audit.append("repeat", page.digital_object, by=by, after={"step": first, "page": page.pk})
    settle(job.pk)


@transaction.atomic
def repeat_file(job: Job, *, by: User | None) -> Job:
    """Do a whole file again from the virus check on. Its pages keep their numbers, its checked texts stay.

    Raises:
        NotPermitted: this person may not digitise.
        Conflict: the file is in quarantine.
    """
    job = _for_order(job, by)
    _refuse_quarantined(job.digital_object)
    job.steps.all().delete()
    job.state, job.reason, job.finished_at = State.QUEUED, "", None
    job.save(update_fields=["state", "reason", "finished_at"])
    add(job, Name.SCAN, [None])
    audit.append("repeat", job.digital_object, by=by, after={"step": Name.SCAN})
    return job


@transaction.atomic
def pause(job: Job, *, by: User | None) -> Job:
    """Begin nothing more of a file; what runs comes to its end.

    Raises:
        NotPermitted: this person may not digitise.
        Conflict: nothing of it waits or runs.
    """
    job = _for_order(job, by)
    if job.state not in {State.QUEUED, State.RUNNING}:
        raise Conflict(_("Nothing of this file waits or runs, so there is nothing to pause. Reload the page."))
    job.steps.filter(state=State.QUEUED).update(state=State.PAUSED)
    return _moved("pause", job, by, state=State.PAUSED)


@transaction.atomic
def resume(job: Job, *, by: User | None) -> Job:
    """Let a file go on that was paused or cancelled.

    Raises:
        NotPermitted: this person may not digitise.
        Conflict: it was not stopped, or it is in quarantine.
    """
    job = _for_order(job, by)
    if job.state not in HELD:
        raise Conflict(_("This file was not stopped, so there is nothing to resume. Reload the page."))
    _refuse_quarantined(job.digital_object)
    stopped = list(job.steps.filter(state__in=HELD).values_list("pk", flat=True))
    job.steps.filter(state__in=HELD).update(**untouched(State.QUEUED))
    _moved("resume", job, by, state=State.QUEUED, reason="", finished_at=None)
    settle(job.pk)
    announce(stopped)
    job.refresh_from_db()
    return job


@transaction.atomic
def cancel(job: Job, *, by: User | None, reason: str = "") -> Job:
    """Stop a file for good; what runs is dropped. What was made already stays.

    Raises:
        NotPermitted: this person may not digitise.
        Conflict: it is done, or cancelled already.
    """
    job = _for_order(job, by)
    if job.state in {State.DONE, State.CANCELLED}:
        raise Conflict(_("This file is done or cancelled already. Reload the page."))
    return stop(job, by=by, reason=reason)


def stop(job: Job, *, by: User | None, reason: str) -> Job:
    """Cancel a job that is locked, in the caller's transaction."""
    fields = {**untouched(State.CANCELLED), "finished_at": timezone.now()}
    job.steps.filter(state__in=OPEN).update(**fields)
    return _moved("cancel", job, by, state=State.CANCELLED, reason=reason, finished_at=timezone.now())


@transaction.atomic
def prioritise(job: Job, *, by: User | None, is_urgent: bool = True) -> Job:
    """Have a file done before all others ("I need this now"), or, with ``is_urgent`` off, in its turn again.

    Raises:
        NotPermitted: this person may not digitise.
    """
    job = _for_order(job, by)
    _moved("prioritise", job, by, is_urgent=is_urgent)
    # The messages sent before lie behind others: whichever comes first does the step, the other finds nothing to do.
    announce(list(job.steps.filter(state=State.QUEUED).values_list("pk", flat=True)))
    return job


def _for_order(job: Job, by: User | None) -> Job:
    """The job, locked, if ``by`` may give orders about it."""
    access.require(by, "ingest", job.digital_object.unit.record)
    return locked(job.pk)


def _job_of(source: DigitalObject) -> Job:
    """The latest job of a file.

    Raises:
        Conflict: there is none.
    """
    job = source.jobs.first()
    if job is None:
        raise Conflict(_("“%(name)s” has never been digitised here.") % {"name": source.original_name})
    return job


def _assemble_later(job: Job, page: Page | None) -> None:
    """A document waits for a page that is done again: what puts it together is forgotten, and comes anew by itself."""
    if page is not None:
        job.steps.filter(name=Name.ASSEMBLE).delete()


def _refuse_quarantined(source: DigitalObject) -> None:
    if source.quarantined_at is not None:
        raise Conflict(_("“%(name)s” is in quarantine and is not worked on.") % {"name": source.original_name})


def _moved(action: str, job: Job, by: User | None, **fields: Any) -> Job:  # Any: each column has its own type
    """Change the job and write down who did it."""
    before = {name: getattr(job, name) for name in fields}
    for name, value in fields.items():
        setattr(job, name, value)
    job.save(update_fields=list(fields))
    audit.append(action, job.digital_object, by=by, before=before, after=fields)
    return job
