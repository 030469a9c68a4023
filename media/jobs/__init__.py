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
    settle,
)
from media.jobs.heartbeats import beat, leave, workers_alive
from media.jobs.planning import add, open_job, retry, retry_all, sweep
from media.jobs.progress import JobProgress, Progress, overview, progress_of, recent

__all__ = [
    "MAX_FAILURES",
    "MAX_INTERRUPTIONS",
    "Claim",
    "JobProgress",
    "Progress",
    "Superseded",
    "add",
    "beat",
    "claim",
    "fail",
    "finish",
    "kept_alive",
    "leave",
    "open_job",
    "overview",
    "progress_of",
    "recent",
    "retry",
    "retry_all",
    "settle",
    "sweep",
    "workers_alive",
]
