"""Progress: a page that follows a batch of 1,000 pages shows news every second, and what that costs the work.

    python -m bench.progress [--pages 1000] [--window 8]

The pages are small strips of print, so that the batch is done in minutes and steps follow each other much faster than
they would with whole pages, which is the harder case for the page that counts them. While the strips are read, the
digitisation page of a real site is asked once a second during every other window of time, and left alone during the
windows between; the steps done in both kinds of windows are compared.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import http.client
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from django.core.management import call_command
from django.test import Client as Session
from django.urls import reverse
from PIL import Image

from accounts.models import Role, User
from bench.apparatus import report, site, workers
from bench.apparatus.home import PROJECT
from bench.apparatus.report import Claim
from bench.apparatus.workers import Workers
from media.models import JobStep, State

TIMEOUT = 1800
MOST_SECONDS = 1.0
LEAST_RATIO = 0.98
PER_FILE = 100
STRIP = (900, 160)
DONE = re.compile(rb'class="figures">.*?</dl>', re.DOTALL)


@dataclass(slots=True)
class Follower:
    """Asks for the changing part of the page once a second, as the page itself does."""

    port: int
    cookie: str
    answers: list[float] = field(default_factory=list)
    """Seconds that each answer took."""

    news: list[float] = field(default_factory=list)
    """Moments at which the figures had changed since the last answer."""

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow until the block ends."""
        ended = Event()
        thread = Thread(target=self._follow, args=(ended,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()

    def _follow(self, ended: Event) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": f"sessionid={self.cookie}", "HX-Request": "true", "HX-Target": "digitisation"}
        last = b""
        while not ended.is_set():
            start = time.monotonic()
            connection.request("GET", reverse("workbench:digitisation"), headers=headers)
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"The page answered {answer.status}.")
            self.answers.append(time.monotonic() - start)
            figures = DONE.search(body)
            if figures is not None and figures[0] != last:
                last = figures[0]
                self.news.append(time.monotonic())
            ended.wait(max(0.0, 1 - (time.monotonic() - start)))
        connection.close()


def main() -> None:
    """Take in, follow in every other window, compare."""
    arguments = _arguments()
    call_command("migrate", verbosity=0)
    cookie = _signed_in()
    for number, path in enumerate(_bundles(arguments.pages)):
        workers.take_in([path], workers.make_item(f"P{number:03d}", path.name))
    with site.running() as client, Workers():
        follower = Follower(client.port, cookie)
        with follower.following():  # the first answer of a process loads what all others use
            _wait_for_reading(arguments.pages)
        follower.answers.clear()
        before = _cpu_seconds(client.process)
        alone, followed = _windows(follower, arguments.window)
        spent = _cpu_seconds(client.process) - before
        workers.wait_until_finished(TIMEOUT)
    ratio = (sum(followed) / len(followed)) / (sum(alone) / len(alone))
    gaps = [later - earlier for earlier, later in zip(follower.news, follower.news[1:], strict=False)]
    within = [gap for gap in gaps if gap < arguments.window]  # a gap between two windows of following says nothing
    seconds = len(followed) * arguments.window
    report.table(
        ("steps done in windows of time", "windows", "mean"),
        [
            (name, str(len(done)), f"{sum(done) / len(done):.1f}")
            for name, done in (("left alone", alone), ("followed", followed))
        ],
    )
    print(f"  an answer takes {1000 * report.percentile(follower.answers, 0.5):.0f} ms at the median,", end=" ")
    print(f"{1000 * report.percentile(follower.answers, 0.95):.0f} ms at the 95th percentile")
    print(f"  the web server used {100 * spent / seconds:.1f} % of one processor while it was asked")
    report.conclude(
        Claim("work done while followed to work left alone", ratio, LEAST_RATIO, "", is_floor=True),
        Claim("seconds between two news, 95th percentile", report.percentile(within, 0.95), 1.5, "s", is_floor=False),
        Claim("answers, 95th percentile", report.percentile(follower.answers, 0.95), MOST_SECONDS, "s", is_floor=False),
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--window", type=float, default=8.0, help="seconds")
    return parser.parse_args()


def _signed_in() -> str:
    """The session of an archivist."""
    user = User.objects.create_user("follower", password=None, role=Role.ARCHIVIST)
    session = Session()
    session.force_login(user)
    return session.cookies["sessionid"].value


def _bundles(pages: int) -> list[Path]:
    """TIFF files of `PER_FILE` strips of print, cut from the sheets of the sample archive."""
    sheets = [Image.open(path).convert("L") for path in sorted((PROJECT / "sample/sheets").glob("*.jpg"))[:4]]
    paths = []
    for number in range(0, pages, PER_FILE):
        strips = [_strip(sheets, index) for index in range(number, min(number + PER_FILE, pages))]
        path = HOME / f"strips-{number}.tif"
        strips[0].save(path, save_all=True, append_images=strips[1:], compression="tiff_lzw", dpi=(300, 300))
        paths.append(path)
    return paths


def _strip(sheets: list[Image.Image], index: int) -> Image.Image:
    sheet = sheets[index % len(sheets)]
    width, height = STRIP
    top = 200 + 37 * index % (sheet.height - height - 400)
    return sheet.crop((150, top, 150 + width, top + height))


def _wait_for_reading(pages: int) -> None:
    """Until all images have been made: from then on the steps are of one kind."""
    end = time.monotonic() + TIMEOUT
    while JobStep.objects.filter(name=JobStep.Name.DERIVE, state=State.DONE).count() < pages or _done() < pages // 50:
        if time.monotonic() > end:
            raise TimeoutError("The images were not made in time.")
        time.sleep(0.2)


def _windows(follower: Follower, seconds: float) -> tuple[list[int], list[int]]:
    """Steps done in windows without and with somebody who follows, in turn, as long as there is enough to do."""
    alone: list[int] = []
    followed: list[int] = []
    while True:
        alone.append(_window(seconds))
        with follower.following():
            followed.append(_window(seconds))
        left = JobStep.objects.filter(name=JobStep.Name.RECOGNISE, state=State.QUEUED).count()
        if left < 3 * max(alone[-1], followed[-1]):
            return alone, followed


def _window(seconds: float) -> int:
    before = _done()
    time.sleep(seconds)
    return _done() - before


def _done() -> int:
    return JobStep.objects.filter(name=JobStep.Name.RECOGNISE, state=State.DONE).count()


def _cpu_seconds(process: int) -> float:
    """Processor time of a process and of its children, in seconds."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(stat.parent.name) == process or int(fields[1]) == process:
            total += (int(fields[11]) + int(fields[12])) / 100
    return total


if __name__ == "__main__":
    main()
