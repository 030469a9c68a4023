"""Real workers over the measurement's home: start them, kill them, wait until their work is done."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings

from archive import catalogue
from archive.models import Kind, Level, Record, Unit
from archive.reference_codes import CodeProfile
from archive.writing import Draft
from bench.apparatus.home import HOME, PROJECT
from media import ingest, jobs
from media.ingest import Outcome, Result

LOOK_SECONDS = 0.1


class Workers:
    """A worker with its pool of processes, in a process group of its own."""

    def __init__(self, processes: int = settings.ARCHIVE_WORKER_PROCESSES) -> None:
        self.processes = processes
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def start(self) -> None:
        """Start them as ``manage.py serve`` does."""
        command = [sys.executable, "-m", "celery", "--app", "config", "worker", "--pool", "prefork"]
        command += ["--concurrency", str(self.processes), "--queues", "quick,heavy", "--loglevel", "WARNING"]
        command += ["--prefetch-multiplier", "2", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        with (HOME / "worker.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=PROJECT, env=os.environ, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """End all of their processes at once, as a power cut would (SIGKILL)."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


def make_item(code: str, title: str) -> Unit:
    """An item of a fonds of its own."""
    fonds = _make(Level.FONDS, f"{code}F", title, None)
    return _make(Level.ITEM, f"{code}F-1", title, fonds)


def take_in(files: list[Path], unit: Unit) -> list[Outcome]:
    """Ingest files and have them digitised.

    Raises:
        RuntimeError: one was not received.
    """
    outcomes = list(ingest.ingest_many(map(ingest.from_path, files), unit=unit, by=None))
    for outcome in outcomes:
        if outcome.result != Result.RECEIVED:
            raise RuntimeError(outcome.message)
    return outcomes


def wait_until_finished(timeout: float) -> jobs.Progress:
    """Stay until nothing waits and nothing runs.

    Raises:
        TimeoutError: it took longer than ``timeout`` seconds.
    """
    end = time.monotonic() + timeout
    while True:
        progress = jobs.overview()
        if progress.is_finished:
            return progress
        if time.monotonic() > end:
            raise TimeoutError(f"After {timeout:.0f} s still: {progress}")
        time.sleep(LOOK_SECONDS)


def _make(level: Level, code: str, title: str, parent: Unit | None) -> Unit:
    unit = Unit(level=level, reference_code=code, code_profile=CodeProfile.LEGACY.value)
    return catalogue.create(Draft(Record(kind=Kind.UNIT, title_zh=title), detail=unit), parent=parent, by=None)
