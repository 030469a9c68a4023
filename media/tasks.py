"""The Celery entry points: one task that does a step, and the pulse of every worker process.

Each process of the worker's pool has a thread that says that it lives and sweeps (`media.jobs.sweep`). So there is no
scheduler whose death nobody would notice: as long as one process can work, lost steps are found, and where no process
can work there is nothing to find them for.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Any

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import celeryd_after_setup, worker_process_init, worker_process_shutdown
from django.db import DatabaseError, connection
from kombu.exceptions import OperationalError

from core.errors import ArchiveError
from media import jobs, pipeline, storage
from media.jobs import bounds
from media.jobs.heartbeats import BEAT_SECONDS, Role
from media.models import JobStep

logger = logging.getLogger(__name__)

URGENT, QUICK, HEAVY = "urgent", "quick", "heavy"
"""The queues, in the order in which they are served: what somebody needs now, then images, which so appear soon even
when thousands of pages wait to be read. Every worker serves the first, whichever it was told to serve."""

HEAVY_STEPS = frozenset({JobStep.Name.RECOGNISE})
AT_ONCE = 500

STRAY_SECONDS = 24 * 3600
CLEARING_SECONDS = 3600

_ended = threading.Event()


@shared_task(
    name="media.run_step",
    acks_late=True,
    reject_on_worker_lost=True,
    ignore_result=True,
)
def run_step(step_id: int) -> None:
    """Do one step, unless it is done, gone, or with another worker. Safe to run any number of times."""
    held = jobs.claim(step_id)
    if held is None:
        return
    started = time.monotonic()
    try:
        with jobs.kept_alive(held):
            pipeline.run(held)
    except jobs.Superseded:
        logger.warning("Step %d has passed to another worker or was cancelled; what was made here is dropped", step_id)
    except SoftTimeLimitExceeded:
        logger.warning("Step %d (%s) took too long", step_id, held.step.name)
        jobs.fail(held, bounds.too_long(held.step.name))
    except Exception as fault:
        logger.warning(
            "Step %d (%s) failed: %s", step_id, held.step.name, type(fault).__name__, exc_info=_traced(fault)
        )
        jobs.fail(held, fault)
    else:
        logger.info("Step %d (%s) done in %.2f s", step_id, held.step.name, time.monotonic() - started)


def publish(step_ids: Sequence[int], *, delay: float = 0) -> None:
    """Send the messages for waiting steps. A broker that does not answer loses nothing: the sweep sends them again."""
    try:
        for start in range(0, len(step_ids), AT_ONCE):
            _publish(step_ids[start : start + AT_ONCE], delay)
    except OperationalError as fault:
        logger.warning("The message broker does not answer; the sweep will send the steps again: %s", fault)


def _publish(step_ids: Sequence[int], delay: float) -> None:
    steps = JobStep.objects.filter(pk__in=step_ids).order_by("pk")
    for step_id, name, is_urgent in steps.values_list("pk", "name", "job__is_urgent"):
        run_step.apply_async(
            (step_id,),
            queue=URGENT if is_urgent else HEAVY if name in HEAVY_STEPS else QUICK,
            countdown=delay,
            soft_time_limit=bounds.soft_limit(name),
            time_limit=bounds.hard_limit(name),
        )


@celeryd_after_setup.connect
def serve_urgent(instance: Any, **_signal: Any) -> None:  # Any: Celery's worker, and what its signal carries
    """Have this worker serve what is urgent, and that first."""
    queues = instance.app.amqp.queues
    queues.select([URGENT, *(name for name in queues.consume_from if name != URGENT)])


@worker_process_init.connect
def start_pulse(**_signal: Any) -> None:  # Any: whatever Celery's signal carries
    """Begin the pulse of this pool process."""
    _ended.clear()
    threading.Thread(target=_pulse, name="pulse", daemon=True).start()


@worker_process_shutdown.connect
def end_pulse(**_signal: Any) -> None:  # Any: whatever Celery's signal carries
    """End the pulse and say so, so that nobody counts on this process any more."""
    _ended.set()
    try:
        jobs.leave(Role.WORKER)
    except DatabaseError as fault:
        logger.warning("The end of a worker process could not be noted: %s", fault)


def _pulse() -> None:
    clearing = 0.0
    while not _ended.is_set():
        try:
            jobs.beat(Role.WORKER)
            jobs.sweep()
            if time.monotonic() >= clearing:
                storage.clear_staging(STRAY_SECONDS)
                clearing = time.monotonic() + CLEARING_SECONDS
        except (DatabaseError, OSError) as fault:
            logger.warning("A worker process could not give a sign of life: %s", fault)
        finally:
            connection.close()
        _ended.wait(BEAT_SECONDS)


def _traced(fault: Exception) -> bool:
    """A traceback helps only where the failure was not foreseen."""
    return not isinstance(fault, ArchiveError)
