"""Jobs and steps: who works on what, what became of it, and how far everything is."""

from media.jobs.claims import (
    MAX_FAILURES,
    MAX_INTERRUPTIONS,
    Claim,
    Superseded,
    claim,
    fail,
    finish,
    kept_alive,
)
from media.jobs.heartbeats import beat, leave, workers_alive
from media.jobs.orders import cancel, pause, prioritise, repeat_file, repeat_page, resume, retry, retry_all, stop
from media.jobs.planning import PER_FILE, PER_PAGE, add, follow, open_job, reassemble, settle
from media.jobs.progress import JobProgress, Progress, current, overview, progress_of, recent
from media.jobs.rows import HELD, OPEN, locked
from media.jobs.sweeping import sweep

__all__ = [
    "HELD",
    "MAX_FAILURES",
    "MAX_INTERRUPTIONS",
    "OPEN",
    "PER_FILE",
    "PER_PAGE",
    "Claim",
    "JobProgress",
    "Progress",
    "Superseded",
    "add",
    "beat",
    "cancel",
    "claim",
    "current",
    "fail",
    "finish",
    "follow",
    "kept_alive",
    "leave",
    "locked",
    "open_job",
    "overview",
    "pause",
    "prioritise",
    "progress_of",
    "reassemble",
    "recent",
    "repeat_file",
    "repeat_page",
    "resume",
    "retry",
    "retry_all",
    "settle",
    "stop",
    "sweep",
    "workers_alive",
]
