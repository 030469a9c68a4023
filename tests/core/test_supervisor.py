"""Several programs as one: started again when they die, all gone when the one is."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]

# Writes its own process id and that of a child of its own, then waits.
PROGRAM = """
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(sys.argv[1], "a") as stream:
    stream.write(f"{os.getpid()} {child.pid}\\n")
time.sleep(600)
"""
SUPERVISOR = """
import sys
from pathlib import Path
import django
django.setup()
from core.management.supervisor import Program, Supervisor
home = Path(sys.argv[1])
program = Program("program", [sys.executable, "-c", sys.argv[2], str(home / "pids")], home, home / "program.log")
Supervisor([program], lambda line: print(line, flush=True)).run(lambda: True, "greeting")
"""


@contextmanager
def supervised(home: Path) -> Iterator["subprocess.Popen[str]"]:
    """A supervisor with one program."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test", "ARCHIVE_TEST_HOME": str(home)}
    command = [sys.executable, "-c", SUPERVISOR, str(home), PROGRAM]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()
        for pids in started(home):
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def started(home: Path) -> list[tuple[int, int]]:
    """The process ids of every start so far."""
    path = home / "pids"
    lines = path.read_text().splitlines() if path.exists() else []
    return [(int(own), int(child)) for own, child in (line.split() for line in lines)]


def runs(pid: int) -> bool:
    """Whether a process is there and is no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def until(condition: Callable[[], bool]) -> bool:
    """Wait for something that takes a moment; whether it came about."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return condition()


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")


def test_a_program_that_dies_is_started_again_and_its_children_do_not_stay(tmp_path: Path) -> None:
    with supervised(tmp_path):
        assert until(lambda: len(started(tmp_path)) == 1)
        own, child = started(tmp_path)[0]

        os.kill(own, signal.SIGKILL)

        assert until(lambda: len(started(tmp_path)) == 2)
        assert not runs(child)


def test_a_signal_stops_everything(tmp_path: Path) -> None:
    with supervised(tmp_path) as process:
        assert until(lambda: len(started(tmp_path)) == 1)

        process.send_signal(signal.SIGINT)

        output, _errors = process.communicate(timeout=60)
        assert process.returncode == 0
        assert "greeting" in output
        assert not any(runs(pid) for pid in started(tmp_path)[0])


def test_no_program_outlives_a_supervisor_that_is_killed(tmp_path: Path) -> None:
    with supervised(tmp_path) as process:
        assert until(lambda: len(started(tmp_path)) == 1)
        own, _child = started(tmp_path)[0]

        process.kill()

        assert until(lambda: not runs(own))
