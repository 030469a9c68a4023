"""Find the steps that no worker will come back to: what makes sure that every step reaches its end."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from media.jobs import bounds, heartbeats
from media.jobs.claims import MAX_FAILURES, MAX_INTERRUPTIONS
from media.jobs.planning import follow
from media.jobs.rows import HELD, announce, locked, waiting_state
from media.models import JobStep, State

logger = logging.getLogger(__name__)

QUEUED_TOO_LONG = timedelta(seconds=30)
AT_ONCE = 100
"""No sweep announces more steps than this; what is left comes with the next."""


def sweep() -> int:
    """Find the steps that were left, and announce them again; how many that were.

    Two kinds: steps whose worker has died or was silent beyond its lease, and steps that wait although workers have
    nothing to do, whose message must be lost. A step that was interrupted `MAX_INTERRUPTIONS` times fails, one whose
    process was ended for taking too long counts as failed. Sweeping too often, or from several processes at once,
    does no harm. What pauses is left alone.
    """
    return _release_lapsed() + _announce_forgotten()


def _release_lapsed() -> int:
    now = timezone.now()
    running = JobStep.objects.filter(state=State.RUNNING)
    lapsed = [
        step
        for step in running
        if (step.leased_until is not None and step.leased_until < now) or heartbeats.has_died(step.worker)
    ]
    released = 0
    for step in lapsed:
        released += _release(step)
        logger.warning("Step %d was left by its worker %s", step.pk, step.worker)
    return released


@transaction.atomic
def _release(step: JobStep) -> int:
    """Take the step from the holder of its token; 0 where another process was faster, or where nothing comes of it."""
    job = locked(step.job_id)
    was_too_long = _was_too_long(step)
    reason = _reason_to_fail(step, was_too_long)
    fields: dict[str, Any] = {"token": "", "worker": "", "leased_until": None}  # each column has its own type
    if was_too_long:
        too_long = bounds.too_long(step.name)
        fields |= {"error_code": too_long.code, "error": too_long.message}
    else:
        fields["interruptions"] = F("interruptions") + 1
    now = timezone.now()
    if reason:
        fields |= {"state": State.FAILED, "finished_at": now, "error": reason}
        fields.setdefault("error_code", "interrupted")
    else:
        fields |= {"state": waiting_state(job), "queued_at": now}
    if not JobStep.objects.filter(pk=step.pk, token=step.token, state=State.RUNNING).update(**fields):
        return 0
    follow(step)
    if reason or job.state in HELD:
        return 0
    announce([step.pk])
    return 1


def _was_too_long(step: JobStep) -> bool:
    """Whether the process lived until the step's last limit, to judge by the lease that it kept extending."""
    if step.started_at is None or step.leased_until is None:
        return False
    return step.leased_until - step.started_at >= timedelta(seconds=bounds.hard_limit(step.name))


def _reason_to_fail(step: JobStep, was_too_long: bool) -> str:
    """Why the step is not tried again, empty where it is."""
    if was_too_long:
        return bounds.too_long(step.name).message if step.attempts - step.interruptions >= MAX_FAILURES else ""
    if step.interruptions < MAX_INTERRUPTIONS:
        return ""
    return _("The worker was lost %(count)d times while it did this. Look into its log, then try again.") % {
        "count": MAX_INTERRUPTIONS
    }


def _announce_forgotten() -> int:
    """Steps that wait too long, as long as there are idle hands: with all hands busy, waiting is no sign of a loss."""
    now = timezone.now()
    busy = JobStep.objects.filter(state=State.RUNNING).count()
    if heartbeats.workers_alive() <= busy:
        return 0
    waiting = JobStep.objects.filter(state=State.QUEUED, queued_at__lt=now - QUEUED_TOO_LONG)
    forgotten = list(waiting.order_by("-job__is_urgent", "queued_at").values_list("pk", flat=True)[:AT_ONCE])
    JobStep.objects.filter(pk__in=forgotten, state=State.QUEUED).update(queued_at=now)
    announce(forgotten)
    return len(forgotten)
