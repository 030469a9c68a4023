"""Take a step, keep it, and give it back done or failed: the only code that moves a step while it is worked on.

A claim is a conditional update: of all workers that want a step exactly one changes its row. The claim sets a lease,
which a thread extends while the work goes on, and a token, which fences the end: once a step has passed to another
worker, or was cancelled, the first one can write nothing more.
"""

import logging
import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import ArchiveError, Conflict, InvalidInput
from media.jobs import bounds, heartbeats
from media.jobs.planning import follow
from media.jobs.rows import HELD, announce, locked, waiting_state
from media.models import Job, JobStep, State

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
EXTENSION_SECONDS = 15
"""The lease is extended this often, so that it outlives three missed turns."""

MAX_FAILURES = 3
"""So often a step may fail before it waits for a person."""

MAX_INTERRUPTIONS = 20
"""So often work on a step may end without a word. More than failures: it is rarely the page that stops a machine."""

RETRY_SECONDS = 20


class Superseded(Conflict):
    """The step has passed to another worker in the meantime; what this one has made is dropped."""

    code = "superseded"


@dataclass(frozen=True, slots=True)
class Claim:
    """A step that this process works on, and the token that proves it."""

    step: JobStep
    token: str


def claim(step_id: int) -> Claim | None:
    """Take a waiting step, or one whose worker has been silent beyond its lease.

    None when there is nothing to do: done already, held by another worker, paused, cancelled, failed for good, or gone.
    """
    now = timezone.now()
    token = uuid.uuid4().hex
    fields = {
        "state": State.RUNNING,
        "token": token,
        "worker": heartbeats.this_process(),
        "leased_until": now + LEASE,
        "started_at": now,
        "attempts": F("attempts") + 1,
    }
    to_do = JobStep.objects.filter(pk=step_id, job__in=Job.objects.exclude(state__in=HELD))
    waiting = to_do.filter(state=State.QUEUED)
    lapsed = to_do.filter(state=State.RUNNING, leased_until__lt=now, interruptions__lt=MAX_INTERRUPTIONS)
    with transaction.atomic():
        # The job's row before the step's, as everywhere.
        Job.objects.filter(steps=step_id, state=State.QUEUED).update(state=State.RUNNING)
        if not waiting.update(**fields) and not lapsed.update(**fields, interruptions=F("interruptions") + 1):
            transaction.set_rollback(True)
            return None
        step = JobStep.objects.select_related("job__digital_object", "page__digital_object").get(pk=step_id)
    return Claim(step=step, token=token)


@contextmanager
def kept_alive(held: Claim) -> Iterator[None]:
    """Extend the lease as long as the block runs, and end this process should it take more memory than it may."""
    ended = threading.Event()
    thread = threading.Thread(target=_watch, args=(held, ended), name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def finish(held: Claim) -> None:
    """Mark the step done, in the caller's transaction and before anything else is written in it; the job is locked.

    Raises:
        Superseded: the claim is no longer valid; the transaction must be rolled back.
    """
    locked(held.step.job_id)
    now = timezone.now()
    done = _held(held).update(
        state=State.DONE, token="", worker="", leased_until=None, finished_at=now, error="", error_code=""
    )
    if not done:
        raise Superseded(_("Another worker has taken over this step."))


@transaction.atomic
def fail(held: Claim, fault: Exception) -> None:
    """Record why an attempt failed: the step is tried again later, or waits for a person.

    What cannot be mended by trying again (`InvalidInput`) fails at once, everything else after `MAX_FAILURES`
    attempts. Nothing happens if the step has passed to another worker.
    """
    step = held.step
    job = locked(step.job_id)
    failures = step.attempts - step.interruptions
    is_final = isinstance(fault, InvalidInput) or failures >= MAX_FAILURES
    now, delay = timezone.now(), RETRY_SECONDS * failures
    changed = _held(held).update(
        state=State.FAILED if is_final else waiting_state(job),
        token="",
        worker="",
        leased_until=None,
        finished_at=now if is_final else None,
        queued_at=now + timedelta(seconds=0 if is_final else delay),
        error=_reason(fault),
        error_code=fault.code if isinstance(fault, ArchiveError) else type(fault).__name__[:40],
    )
    if not changed:
        return
    follow(step)
    if not is_final and job.state not in HELD:
        announce([step.pk], delay=delay)


def _held(held: Claim) -> models.QuerySet[JobStep]:
    return JobStep.objects.filter(Q(token=held.token), pk=held.step.pk, state=State.RUNNING)


def _watch(held: Claim, ended: threading.Event) -> None:
    """Look at the memory often, extend the lease now and then, until the step has ended."""
    next_extension = time.monotonic() + EXTENSION_SECONDS
    while not ended.wait(bounds.MEMORY_LOOK_SECONDS):
        if bounds.is_over_memory():
            _give_up(held)
        if time.monotonic() >= next_extension:
            _extend(held)
            next_extension = time.monotonic() + EXTENSION_SECONDS


def _extend(held: Claim) -> None:
    try:
        _held(held).update(leased_until=timezone.now() + LEASE)
    except DatabaseError as fault:
        # The next turn comes before the lease ends; should all fail, the step passes to another worker.
        logger.warning("The lease of step %d was not extended: %s", held.step.pk, fault)
    finally:
        connection.close()


def _give_up(held: Claim) -> None:
    """Record that the step took too much memory, and end this process: nothing gentler stops what is inside an engine.

    Should the record fail, the sweep finds the step as that of a process that has died.
    """
    logger.error("Step %d (%s) took too much memory; this process ends", held.step.pk, held.step.name)
    try:
        fail(held, bounds.too_much_memory())
    finally:
        os.kill(os.getpid(), signal.SIGKILL)


def _reason(fault: Exception) -> str:
    if isinstance(fault, ArchiveError):
        return fault.message
    return _("Unexpected failure (%(type)s): %(message)s") % {"type": type(fault).__name__, "message": fault}
