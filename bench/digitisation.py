"""Digitising: pages per minute through the whole pipeline, beside the bare engine in a loop on the same pages.

Both sides use the same number of processes, one thread each, and are warm: every process has read a page before the
clock starts. The pipeline's clock runs from the moment that all pages wait to the last page's text in the database:
claims, images, recognition, reading order, rows. The bare engine reads image after image and keeps nothing.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from bench.apparatus import report, workers
from bench.apparatus.home import PROJECT
from bench.apparatus.report import Claim
from bench.apparatus.workers import Workers
from media.engines import vips

LEAST_RATIO = 0.85
TIMEOUT = 1800


def main() -> None:
    """Measure both sides twice, in turn, and compare the sums, so that what else the machine does falls on both."""
    arguments = _arguments()
    processes = settings.ARCHIVE_WORKER_PROCESSES
    pages = arguments.files or sorted((PROJECT / "sample/sheets").glob("*.jpg"))
    call_command("migrate", verbosity=0)
    bare, whole = [], []
    for turn in range(arguments.turns):
        whole.append(_pipeline(_copies(pages, turn), turn, processes))
        bare.append(_bare(pages, processes))
    count = len(pages)
    rows = [("bare engine", bare), ("whole pipeline", whole)]
    report.table(
        ("", *(f"turn {turn + 1}, s" for turn in range(arguments.turns)), "pages/min"),
        [(n, *(f"{s:.1f}" for s in seconds), f"{60 * count * len(seconds) / sum(seconds):.1f}") for n, seconds in rows],
    )
    print(f"  {count} pages, {processes} processes")
    report.conclude(Claim("pipeline to bare engine", sum(bare) / sum(whole), LEAST_RATIO, "", is_floor=True))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--turns", type=int, default=2)
    return parser.parse_args()


def _copies(pages: Sequence[Path], turn: int) -> list[Path]:
    """The same pages as files that the archive does not know yet: a JPEG may be followed by anything."""
    folder = HOME / f"turn-{turn}"
    folder.mkdir()
    copies = []
    for page in pages:
        copy = folder / page.name
        shutil.copyfile(page, copy)
        with copy.open("ab") as stream:
            stream.write(f"turn {turn}".encode())
        copies.append(copy)
    return copies


def _pipeline(pages: Sequence[Path], turn: int, processes: int) -> float:
    """Seconds from the moment that all pages wait to the last step's end, with workers that are warm."""
    with Workers(processes):
        warm = [_small(pages[0], turn, number) for number in range(4 * processes)]
        workers.take_in(warm, workers.make_item(f"W{turn}", "warm-up"))
        workers.wait_until_finished(TIMEOUT)
        with transaction.atomic():  # the workers hear of the pages when this ends
            for number, page in enumerate(pages):
                workers.take_in([page], workers.make_item(f"B{turn}{number:03d}", page.name))
        start = time.perf_counter()
        workers.wait_until_finished(TIMEOUT)
        return time.perf_counter() - start


def _small(page: Path, turn: int, number: int) -> Path:
    """A corner of a page, for the warm-up."""
    target = HOME / f"warm-{turn}-{number}.jpg"
    target.write_bytes(vips.region(page, 10 * number, 100 + turn, 800, 400, 800, 400))
    return target


def _bare(pages: Sequence[Path], processes: int) -> float:
    """Seconds that the engine takes for the pages, in as many processes, each taking the next page when it is free."""
    command = [sys.executable, "-m", "bench.apparatus.reader"]
    readers = [
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _reader in range(processes)
    ]
    with ThreadPoolExecutor(processes) as threads:
        list(threads.map(lambda reader: _read(reader, pages[:1]), readers))
        waiting = iter(pages)  # shared: each thread takes from it what the others have left
        start = time.perf_counter()
        list(threads.map(lambda reader: _read(reader, waiting), readers))
        seconds = time.perf_counter() - start
    for reader in readers:
        reader.communicate()
    return seconds


def _read(reader: "subprocess.Popen[str]", pages: Iterable[Path]) -> None:
    assert reader.stdin is not None and reader.stdout is not None
    for page in pages:
        reader.stdin.write(f"{page}\n")
        reader.stdin.flush()
        if not reader.stdout.readline():
            raise RuntimeError(f"The engine ended while it read {page}.")


if __name__ == "__main__":
    main()
