"""Kill the worker at random moments while it digitises, again and again: in the end every page is done exactly once.

    python -m bench.kill [--kills 10] [--jitter 3] [--seed N] [FILE…]

Without files, the sheets of the sample archive. Each kill takes the whole process group at once (SIGKILL), when a
number of finished steps drawn beforehand is reached and a further random moment has passed; the worker is started
again at once and may finish after the last one.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import hashlib
import random
import time
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.db.models import Max

from archive import audit
from bench.apparatus import report, workers
from bench.apparatus.home import PROJECT
from bench.apparatus.report import Claim
from bench.apparatus.workers import Workers
from media import storage
from media.models import DigitalObject, JobStep, Page, State

TIMEOUT = 1800


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
    files = arguments.files or sorted(
        path for path in (PROJECT / "sample/sheets").iterdir() if path.suffix in {".jpg", ".png", ".tif"}
    )
    for number, path in enumerate(files):
        workers.take_in([path], workers.make_item(f"K{number:03d}", path.name))
    steps = sum(1 + 2 * source.page_count for source in DigitalObject.objects.all())
    print(f"  {len(files)} files, {steps} steps, {arguments.kills} kills, seed {arguments.seed}")
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
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--least", type=int, default=0, help="kills that must find work under way (all, unless said)")
    parser.add_argument("--jitter", type=float, default=3.0, help="longest random wait before a kill, in seconds")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    return parser.parse_args()


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
        original = storage.original_path(source.sha512)
        if hashlib.sha512(original.read_bytes()).hexdigest() != source.sha512:
            faults.append(f"{source}: the original has changed")
    for page in Page.objects.select_related("digital_object"):
        faults += _faults_of(page)
    if strays := list((storage.root() / "staging").iterdir()):
        faults.append(f"left in staging: {len(strays)}")
    if not audit.verify().is_intact:
        faults.append("the audit trail is broken")
    return faults


def _faults_of(page: Page) -> list[str]:
    wanted = sorted([JobStep.Name.DERIVE, JobStep.Name.RECOGNISE])
    steps = sorted(page.steps.values_list("name", flat=True))
    files = sorted(path.name for path in storage.access_image(page).parent.iterdir())
    texts = list(page.texts.values_list("is_current", flat=True))
    checks = {
        f"steps {steps}": steps == wanted,
        f"files {files}": files == [storage.ACCESS, storage.THUMBNAIL],
        f"texts {texts}": texts == [True],
        "no image": page.has_image and page.width > 0,
    }
    return [f"{page.digital_object}, page {page.frame}: {what}" for what, holds in checks.items() if not holds]


if __name__ == "__main__":
    main()
