"""Open jobs, add steps, try again, and sweep: what makes sure that every step reaches a worker."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from archive import access, audit
from archive.models import Batch
from core.errors import Conflict
from media.jobs import heartbeats
from media.jobs.claims import MAX_INTERRUPTIONS, announce, settle
from media.models import DigitalObject, Job, JobStep, Page, State

logger = logging.getLogger(__name__)

QUEUED_TOO_LONG = timedelta(seconds=30)
AT_ONCE = 100
"""No sweep announces more steps than this; what is left comes with the next."""


def open_job(digital_object: DigitalObject, *, by: User | None, batch: Batch | None) -> Job:
    """Open the job of a new digital object with its first step, in the caller's transaction."""
    job = Job.objects.create(digital_object=digital_object, created_by=by, batch=batch)
    add(job, JobStep.Name.PAGES, [None])
    return job


def add(job: Job, name: JobStep.Name, pages: Iterable[Page | None]) -> None:
    """Add the step ``name`` for each page (``None``: for the whole file), in the caller's transaction.

    A step that is there already is left as it is.
    """
    wanted = list(pages)
    JobStep.objects.bulk_create((JobStep(job=job, name=name, page=page) for page in wanted), ignore_conflicts=True)
    which = Q(page__in=[page for page in wanted if page is not None])
    if None in wanted:
        which |= Q(page__isnull=True)
    announce(list(job.steps.filter(which, name=name, state=State.QUEUED).values_list("pk", flat=True)))


@transaction.atomic
def retry(step: JobStep, *, by: User | None) -> JobStep:
    """Have a failed step done again; its attempts count from the beginning.

    Raises:
        NotPermitted: this person may not digitise.
        Conflict: the step has not failed.
    """
    access.require(by, "ingest", step.job.digital_object.unit.record)
    changed = JobStep.objects.filter(pk=step.pk, state=State.FAILED).update(
        state=State.QUEUED,
        attempts=0,
        interruptions=0,
        queued_at=timezone.now(),
        finished_at=None,
        error="",
        error_code="",
    )
    if not changed:
        raise Conflict(_("This step has not failed, so there is nothing to do again. Reload the page."))
    audit.append("retry", step.job.digital_object, by=by, after={"step": step.name, "page": step.page_id})
    settle(step.job_id)
    announce([step.pk])
    step.refresh_from_db()
    return step


def retry_all(job: Job, *, by: User | None) -> int:
    """Have every failed step of a job done again; how many there were.

    Raises:
        NotPermitted: as `retry`.
    """
    failed = list(job.steps.filter(state=State.FAILED).select_related("job__digital_object__unit__record"))
    with transaction.atomic():
        for step in failed:
            retry(step, by=by)
    return len(failed)


def sweep() -> int:
    """Find the steps that no worker will come back to, and announce them again; how many that were.

    Two kinds: steps whose worker has died or was silent beyond its lease, and steps that wait although workers have
    nothing to do, whose message must be lost. A step that was interrupted `MAX_INTERRUPTIONS` times fails. Sweeping
    too often, or from several processes at once, does no harm.
    """
    return _release_lapsed() + _announce_forgotten()


def _release_lapsed() -> int:
    now = timezone.now()
    running = JobStep.objects.filter(state=State.RUNNING).values_list("pk", "job_id", "token", "worker", "leased_until")
    lapsed = [row for row in running if (row[4] is not None and row[4] < now) or heartbeats.has_died(row[3])]
    released = 0
    for pk, job_id, token, worker, _lease in lapsed:
        released += _release(pk, job_id, token)
        logger.warning("Step %d was left by its worker %s", pk, worker)
    return released


@transaction.atomic
def _release(pk: int, job_id: int, token: str) -> int:
    """Take the step from the holder of ``token``; 0 where another process was faster."""
    now = timezone.now()
    left = JobStep.objects.filter(pk=pk, token=token, state=State.RUNNING)
    fields = {"token": "", "worker": "", "leased_until": None, "interruptions": F("interruptions") + 1}
    if left.filter(interruptions__lt=MAX_INTERRUPTIONS).update(**fields, state=State.QUEUED, queued_at=now):
        settle(job_id)
        announce([pk])
        return 1
    reason = _("The worker was lost %(count)d times while it did this. Look into its log, then try again.") % {
        "count": MAX_INTERRUPTIONS
    }
    left.update(**fields, state=State.FAILED, finished_at=now, error_code="interrupted", error=reason)
    settle(job_id)
    return 0


def _announce_forgotten() -> int:
    """Steps that wait too long, as long as there are idle hands: with all hands busy, waiting is no sign of a loss."""
    now = timezone.now()
    busy = JobStep.objects.filter(state=State.RUNNING).count()
    if heartbeats.workers_alive() <= busy:
        return 0
    waiting = JobStep.objects.filter(state=State.QUEUED, queued_at__lt=now - QUEUED_TOO_LONG)
    forgotten = list(waiting.order_by("queued_at").values_list("pk", flat=True)[:AT_ONCE])
    JobStep.objects.filter(pk__in=forgotten, state=State.QUEUED).update(queued_at=now)
    announce(forgotten)
    return len(forgotten)
