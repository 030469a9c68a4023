"""Kill the worker at random moments while it digitises, again and again: in the end every page is done exactly once.

    python -m bench.kill [--kills 50] [--pages 60] [--jitter 3] [--seed N] [FILE…]

Without files, the sheets of the sample archive, again and again under other digests until there are enough pages. Each
kill takes the whole process group at once (SIGKILL), when a number of finished steps drawn beforehand is reached and a
further random moment has passed; the worker is started again at once and may finish after the last one. Afterwards
every row and every file is looked at (`manage.py check_storage` with digests). With the variable ARCHIVE_BENCH_BROKER
the messages go through that broker (``redis://…/9``; what waits in its queues is lost) instead of the embedded one.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import random
import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from celery import current_app
from django.core.management import call_command
from django.db.models import Max, QuerySet

from archive import audit
from bench.apparatus import report, workers
from bench.apparatus.home import PROJECT
from bench.apparatus.report import Claim
from bench.apparatus.workers import Workers
from media import jobs, stocktaking, storage, tasks
from media.models import DigitalObject, JobStep, Page, State

TIMEOUT = 3600


@dataclass(frozen=True, slots=True)
class Kill:
    """The state of the steps at the moment of a kill."""

    seconds: float
    done: int
    running: int
    waiting: int


def main() -> None:
    """Take in, kill, wait, look."""
    arguments = _arguments()
    chance = random.Random(arguments.seed)
    call_command("migrate", verbosity=0)
    _empty_queues()
    files = arguments.files or _sheets(arguments.pages)
    for number, path in enumerate(files):
        workers.take_in([path], workers.make_item(f"K{number:03d}", path.name))
    sources = list(DigitalObject.objects.all())
    steps = sum(len(jobs.PER_FILE) + len(jobs.PER_PAGE) * source.page_count for source in sources)
    broker = current_app.connection().transport.driver_name
    print(f"  {len(files)} files, {steps} steps, {arguments.kills} kills, seed {arguments.seed}, broker {broker}")
    start = time.monotonic()
    kills = _kill_repeatedly(arguments.kills, steps, arguments.jitter, chance)
    rows = [
        (f"kill {number}", f"{kill.seconds:.1f}", str(kill.done), str(kill.running), str(kill.waiting))
        for number, kill in enumerate(kills, start=1)
    ]
    report.table(("", "after s", "steps done", "running", "waiting"), rows)
    print(f"  all finished after {time.monotonic() - start:.1f} s")
    faults = find_faults()
    for fault in faults:
        print(f"  ! {fault}")
    interrupted = JobStep.objects.filter(interruptions__gt=0).count()
    most = JobStep.objects.aggregate(most=Max("interruptions"))["most"]
    print(f"  steps that were interrupted: {interrupted}, the worst {most} times")
    print(f"  pages done exactly once: {Page.objects.count() - len(faults)} of {Page.objects.count()}")
    report.conclude(
        Claim("kills while work was under way", len(kills), arguments.least or arguments.kills, "", is_floor=True),
        Claim("faults found afterwards", len(faults), 0, "", is_floor=False),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--least", type=int, default=0, help="kills that must find work under way (all, unless said)")
    parser.add_argument("--jitter", type=float, default=3.0, help="longest random wait before a kill, in seconds")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    return parser.parse_args()


def _sheets(count: int) -> list[Path]:
    """So many pages: the sheets of the sample archive, each copy with a few bytes behind its end."""
    sheets = sorted((PROJECT / "sample/sheets").glob("*.jpg"))
    folder = HOME / "sheets"
    folder.mkdir()
    copies = []
    for number in range(count):
        sheet = sheets[number % len(sheets)]
        copy = folder / f"{number:03d}-{sheet.name}"
        shutil.copyfile(sheet, copy)
        with copy.open("ab") as stream:
            stream.write(f"copy {number}".encode())
        copies.append(copy)
    return copies


def _empty_queues() -> None:
    """A broker that outlives the measurement may hold messages of an earlier one."""
    with current_app.connection() as connection, connection.channel() as channel:
        for name in (tasks.URGENT, tasks.QUICK, tasks.HEAVY):
            queue = current_app.amqp.queues[name].bind(channel)
            queue.declare()
            queue.purge()


def _kill_repeatedly(count: int, steps: int, jitter: float, chance: random.Random) -> list[Kill]:
    """Kill the worker when drawn numbers of steps are done, one in each part of the first three quarters."""
    part = steps * 3 / 4 / count
    moments = [int(part * number + chance.random() * part) for number in range(count)]
    kills: list[Kill] = []
    start = time.monotonic()
    with Workers() as worker:
        for moment in moments:
            _wait_for(moment)
            time.sleep(chance.uniform(0, jitter))
            state = _counts()
            if state[0] == steps:
                break
            worker.kill()
            kills.append(Kill(time.monotonic() - start, *state))
            worker.start()
        workers.wait_until_finished(TIMEOUT)
    return kills


def _wait_for(done: int) -> None:
    end = time.monotonic() + TIMEOUT
    while _counts()[0] < done:
        if time.monotonic() > end:
            raise TimeoutError(f"{done} steps were not done within {TIMEOUT} s; see {HOME / 'worker.log'}")
        time.sleep(0.05)


def _counts() -> tuple[int, int, int]:
    states = list(JobStep.objects.values_list("state", flat=True))
    return states.count(State.DONE), states.count(State.RUNNING), states.count(State.QUEUED)


def find_faults() -> list[str]:
    """Everything that is not as if the worker had never been killed."""
    faults = [f"{step} ({step.error})" for step in JobStep.objects.exclude(state=State.DONE)]
    for source in DigitalObject.objects.all():
        frames = list(source.pages.values_list("frame", flat=True).order_by("frame"))
        if frames != list(range(1, source.page_count + 1)):
            faults.append(f"{source}: pages {frames}, there should be {source.page_count}")
        faults += _wrong_steps(f"{source}", source.jobs.get().steps.filter(page=None), jobs.PER_FILE)
    for page in Page.objects.select_related("digital_object"):
        faults += _faults_of(page)
    stock = stocktaking.take(with_digests=True, settled=0)
    faults += [f"storage: {fault.kind}: {fault.path} {fault.detail}" for fault in stock.faults]
    if not audit.verify().is_intact:
        faults.append("the audit trail is broken")
    return faults


def _faults_of(page: Page) -> list[str]:
    files = {path.name for path in storage.access_image(page).parent.iterdir()}
    texts = list(page.texts.values_list("is_current", flat=True))
    checks = {
        f"files {sorted(files)}": files >= {storage.ACCESS, storage.THUMBNAIL},
        f"texts {texts}": texts == [True],
        "no image": page.has_image and page.width > 0,
    }
    name = f"{page.digital_object}, page {page.frame}"
    faults = [f"{name}: {what}" for what, holds in checks.items() if not holds]
    return faults + _wrong_steps(name, page.steps.all(), jobs.PER_PAGE)


def _wrong_steps(name: str, steps: QuerySet[JobStep], wanted: Sequence[str]) -> list[str]:
    found = sorted(steps.values_list("name", flat=True))
    return [] if found == sorted(wanted) else [f"{name}: steps {found}"]


if __name__ == "__main__":
    main()
