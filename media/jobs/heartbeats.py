"""Signs of life: which background processes are there, and whether one that held a step has died."""

import os
import platform
import subprocess
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from django.utils import timezone

from media.models import Heartbeat

Role = Heartbeat.Role

BEAT_SECONDS = 5
SILENCE = timedelta(seconds=20)
"""A process that has not been heard of for this long counts as gone."""

FORGOTTEN = timedelta(days=1)


def beat(role: Role) -> None:
    """Say that this process lives."""
    now = timezone.now()
    Heartbeat.objects.update_or_create(role=role, process=this_process(), defaults={"seen_at": now})
    Heartbeat.objects.filter(seen_at__lt=now - FORGOTTEN).delete()


def leave(role: Role) -> None:
    """Say that this process ends, so that nobody waits for its silence."""
    Heartbeat.objects.filter(role=role, process=this_process()).delete()


def workers_alive() -> int:
    """How many worker processes are there, each able to do one step at a time."""
    return _alive(Role.WORKER)


def is_alive(role: Role) -> bool:
    """Whether at least one process of this role is there."""
    return _alive(role) > 0


def this_process() -> str:
    """The name of this process: host, process id, start."""
    return _name(os.getpid())


def has_died(process: str) -> bool:
    """Whether a process of this host has ended; of other hosts nothing is known, they may be alive."""
    host, pid, started = process.rsplit(" ", 2)
    return host == platform.node() and _started(int(pid)) != started


def _alive(role: Role) -> int:
    rows = Heartbeat.objects.filter(role=role, seen_at__gt=timezone.now() - SILENCE)
    return sum(1 for process in rows.values_list("process", flat=True) if not has_died(process))


@lru_cache(maxsize=4)
def _name(pid: int) -> str:
    return f"{platform.node()} {pid} {_started(pid)}"


def _started(pid: int) -> str:
    """When a process started, in the system's own words; empty when it has ended, a zombie included.

    A process id alone is not enough: it is used again after the death of its owner.
    """
    if Path("/proc/self/stat").exists():
        try:
            state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return ""
        return "" if state in "ZX" else fields[18]
    answer = subprocess.run(["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()
