"""Run several programs as one: start them, start again what dies, stop all of them and leave nothing behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

LOOK_SECONDS = 0.2
GRACE_SECONDS = 15.0
"""How long a program may take to end after it was asked to: a page that is being read is finished first."""

SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
STEADY_SECONDS = 60.0
"""A program that ran this long is not failing at its start: the pause before it is started again is short once more."""

LARGEST_LOG = 20 * 1024 * 1024

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass
class Program:
    """One program: its name, its command, where it runs and writes its output; ``niceness`` lets others go first."""

    name: str
    command: Sequence[str]
    folder: Path
    log: Path
    niceness: int = 0
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = field(default=SHORTEST_PAUSE)
    start_at: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own, so that it and its children can be ended together."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        parent, niceness = os.getpid(), self.niceness

        def prepare() -> None:
            os.nice(niceness)
            if _libc is not None:
                # Should this process be killed, the system asks its programs to end.
                _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
                if os.getppid() != parent:
                    os._exit(1)

        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=prepare,
            )
        self.started = time.monotonic()

    def ask_to_end(self) -> None:
        """Ask for an orderly end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def end(self) -> None:
        """End the whole group at once, children that outlived their parent included."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Supervisor:
    """Keeps programs running until it is told to stop."""

    def __init__(self, programs: Sequence[Program], say: Callable[[str], None]) -> None:
        self.programs = programs
        self.say = say
        self.stops = 0

    def run(self, ready: Callable[[], bool], greeting: str) -> None:
        """Start everything, say ``greeting`` once ``ready`` answers yes, and stay until SIGINT, SIGTERM or SIGHUP.

        A second signal ends everything without waiting.
        """
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        greeted = False
        try:
            while not self.stops:
                for program in self.programs:
                    self._look_after(program)
                if not greeted and ready():
                    greeted = True
                    self.say(greeting)
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop_all()

    def _look_after(self, program: Program) -> None:
        now = time.monotonic()
        if program.process is None:
            if now >= program.start_at:
                _turn_over(program.log)
                program.start()
            return
        code = program.process.poll()
        if code is None:
            return
        program.end()
        program.process = None
        if now - program.started > STEADY_SECONDS:
            program.pause = SHORTEST_PAUSE
        program.start_at = now + program.pause
        self.say(
            _("%(name)s ended (%(code)s) and starts again in %(seconds)d s. Its log: %(log)s")
            % {"name": program.name, "code": _described(code), "seconds": program.pause, "log": program.log}
        )
        program.pause = min(program.pause * 2, LONGEST_PAUSE)

    def _stop(self, _number: int, _frame: object) -> None:
        self.stops += 1

    def _stop_all(self) -> None:
        self.say(_("Stopping …"))
        for program in self.programs:
            program.ask_to_end()
        deadline = time.monotonic() + GRACE_SECONDS
        while self.stops < 2 and time.monotonic() < deadline and any(map(_runs, self.programs)):
            time.sleep(LOOK_SECONDS)
        for program in self.programs:
            if _runs(program):
                self.say(_("%(name)s did not end in time and is ended.") % {"name": program.name})
            program.end()
        self.say(_("Everything has stopped."))


def _runs(program: Program) -> bool:
    return program.process is not None and program.process.poll() is None


def _described(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else _("code %(code)d") % {"code": code}


def _turn_over(log: Path) -> None:
    """Begin a new log where the old one has grown large; one old log is kept."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
