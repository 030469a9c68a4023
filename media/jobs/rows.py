"""The rows of a job: locked before anything about its steps changes, and told of when something waits.

Whoever changes a step of a job locks the job's row first, so that of two last steps one sees the other, and nobody
waits for somebody who waits for them.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from media import signals
from media.models import Job, JobStep, State

OPEN = frozenset({State.QUEUED, State.RUNNING, State.PAUSED})
"""A step in one of these states will still do something."""

HELD = frozenset({State.PAUSED, State.CANCELLED})
"""A job in one of these states was stopped by a person, or because its file is malicious; nothing of it begins."""


def locked(job_id: int) -> Job:
    """The job as it is now, its row locked until the transaction ends."""
    return Job.objects.select_for_update().get(pk=job_id)


def waiting_state(job: Job) -> State:
    """The state of a step of this job that is to be done."""
    return State(job.state) if job.state in HELD else State.QUEUED


def untouched(state: State) -> dict[str, Any]:  # Any: each column has its own type
    """The columns of a step that begins anew; whoever holds it is fenced off."""
    return {
        "state": state,
        "token": "",
        "worker": "",
        "leased_until": None,
        "attempts": 0,
        "interruptions": 0,
        "queued_at": timezone.now(),
        "started_at": None,
        "finished_at": None,
        "error": "",
        "error_code": "",
    }


def announce(step_ids: Sequence[int], *, delay: float = 0) -> None:
    """Tell the workers, once the transaction has been committed, that these steps wait."""
    if step_ids:
        transaction.on_commit(lambda: _send(step_ids, delay))


def _send(step_ids: Sequence[int], delay: float) -> None:
    signals.steps_queued.send(sender=JobStep, step_ids=step_ids, delay=delay)
