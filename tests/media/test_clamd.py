"""A real clamd with a signature of our own: what it finds, what it does not take, what becomes of a malicious file."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from archive.models import AuditEvent
from core.errors import Conflict, Unavailable
from media import ingest, jobs, tasks
from media.engines import clamd
from media.models import DigitalObject, Job, JobStep, State
from tests.makers import make_item
from tests.media import making

HARMFUL = b"a harmless line that our own signature calls harmful"
START_SECONDS = 30


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a scanner listens whose only signature is `HARMFUL`, and which takes up to 1 MiB."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        pytest.skip("clamd is not installed: apt-get install clamav-daemon")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "own.ndb").write_text(f"Own.Test:0:*:{HARMFUL.hex()}\n")
    socket = folder / "socket"
    settings = {"LocalSocket": socket, "DatabaseDirectory": folder, "Foreground": "yes", "StreamMaxLength": "1M"}
    (folder / "clamd.conf").write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-c", str(folder / "clamd.conf")], stdout=log, stderr=log)
    try:
        end = time.monotonic() + START_SECONDS
        while not socket.exists():
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"clamd did not start: {(folder / 'log').read_text()}")
            time.sleep(0.1)
        yield f"unix://{socket}"
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def scanner(settings: LazySettings, address: str) -> None:
    """The scanner is the one that is asked."""
    settings.ARCHIVE_CLAMD = address


@pytest.fixture
def no_scanner(settings: LazySettings, tmp_path: Path) -> None:
    """Nobody answers."""
    settings.ARCHIVE_CLAMD = f"unix://{tmp_path}/nobody"


@pytest.mark.usefixtures("scanner")
def test_a_file_is_called_by_what_was_found_in_it(tmp_path: Path) -> None:
    clean, harmful = tmp_path / "clean", tmp_path / "harmful"
    clean.write_bytes(b"x" * 500_000)
    harmful.write_bytes(b"x" * 300_000 + HARMFUL + b"x" * 300_000)

    verdicts = clamd.scan(clean), clamd.scan(harmful)

    assert clamd.available()
    assert verdicts[0] == clamd.Verdict(signature="", scanner=clamd.version())
    assert verdicts[1] is not None and verdicts[1].signature.startswith("Own.Test")
    assert clamd.version().startswith("ClamAV")


@pytest.mark.usefixtures("scanner")
def test_what_the_scanner_does_not_take_is_not_checked(tmp_path: Path) -> None:
    large = tmp_path / "large"
    large.write_bytes(bytes(4_000_000))

    assert clamd.scan(large) is None


@pytest.mark.usefixtures("no_scanner")
def test_where_nobody_answers_nothing_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")

    assert clamd.scan(path) is None
    assert not clamd.available()
    assert clamd.version() == ""


@pytest.mark.usefixtures("scanner")
def test_an_answer_that_is_no_verdict_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x")
    monkeypatch.setattr(clamd, "_stream", lambda _path: "stream: Can't allocate memory ERROR")

    with pytest.raises(Unavailable, match="allocate"):
        clamd.scan(path)


def take_in(path: Path) -> DigitalObject:
    """A file of a new unit whose virus check has been done."""
    source = ingest.ingest(path, unit=make_item(), by=None)
    tasks.run_step.apply((JobStep.objects.get(name=JobStep.Name.SCAN).pk,), throw=True)
    source.refresh_from_db()
    return source


@pytest.mark.django_db
@pytest.mark.usefixtures("scanner")
def test_a_malicious_file_goes_into_quarantine_and_is_not_worked_on(tmp_path: Path) -> None:
    path = making.jpeg(tmp_path / "a.jpg")
    with path.open("ab") as stream:
        stream.write(HARMFUL)

    source = take_in(path)

    job = Job.objects.get()
    assert source.virus_check == DigitalObject.VirusCheck.INFECTED
    assert source.virus_checked_by == clamd.version()
    assert source.quarantined_at is not None
    assert (job.state, "Own.Test" in job.reason) == (State.CANCELLED, True)
    assert list(job.steps.values_list("name", "state")) == [("scan", "done")]
    assert set(AuditEvent.objects.values_list("action", flat=True)) >= {"virus check", "quarantine", "cancel"}
    with pytest.raises(Conflict):
        jobs.resume(job, by=None)


@pytest.mark.django_db
@pytest.mark.usefixtures("scanner")
def test_a_clean_file_goes_on(tmp_path: Path) -> None:
    source = take_in(making.jpeg(tmp_path / "a.jpg"))

    assert source.virus_check == DigitalObject.VirusCheck.CLEAN
    assert JobStep.objects.filter(name=JobStep.Name.PAGES, state=State.QUEUED).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("no_scanner")
def test_without_a_scanner_a_file_is_not_called_clean_and_goes_on(tmp_path: Path) -> None:
    source = take_in(making.jpeg(tmp_path / "a.jpg"))

    assert source.virus_check == DigitalObject.VirusCheck.NOT_CHECKED
    assert source.virus_checked_by == ""
    assert JobStep.objects.filter(name=JobStep.Name.PAGES, state=State.QUEUED).exists()
