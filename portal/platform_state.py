"""What the frame of every page says about the platform: whether work waits, and whether anybody does it."""

from dataclasses import dataclass

from django.core.cache import cache

from archive.models import Batch
from core.errors import Unavailable
from media import jobs
from media.models import Job, State
from search import finding

SECONDS_KEPT = 5
"""The state is asked for on every page; a few seconds of delay cost nobody anything."""

SECONDS_BEHIND = 15
"""An index that lags less than this is not worth a word to the reader."""


@dataclass(frozen=True, slots=True)
class PlatformState:
    """Whether digitisation is under way, anybody works on it, the index has everything, and the sample is loaded."""

    work_waits: bool
    workers: int
    is_behind: bool
    has_sample: bool

    @property
    def needs_worker(self) -> bool:
        """Whether pages wait that nobody will take up."""
        return self.work_waits and self.workers == 0


def current() -> PlatformState:
    """The state of the platform, at most a few seconds old."""
    state: PlatformState | None = cache.get("portal:platform-state")
    if state is None:
        state = _ask()
        cache.set("portal:platform-state", state, SECONDS_KEPT)
    return state


def _ask() -> PlatformState:
    return PlatformState(
        work_waits=Job.objects.filter(state__in=(State.QUEUED, State.RUNNING)).exists(),
        workers=jobs.workers_alive(),
        is_behind=_is_behind(),
        has_sample=Batch.objects.filter(type=Batch.Type.SAMPLE, undone_at__isnull=True).exists(),
    )


def _is_behind() -> bool:
    """Whether the index lags noticeably; one that does not answer counts as such, and no page fails for it."""
    try:
        index = finding.status()
    except Unavailable:
        return True
    return index.pending > 0 and index.behind_seconds > SECONDS_BEHIND
