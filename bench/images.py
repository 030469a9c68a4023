"""Images: tiles per second beside iipimage-server on the same pyramids, and making a pyramid beside the vips command.

    python -m bench.images [--pages 6] [--rounds 3] [--concurrency 8]

Tiles: every tile of every level of every page, as a deep zoom viewer asks for them, by eight kept-open connections.
Cold: both servers just started and their caches empty; warm: the same again. Both have one process for each core.
Pyramids: the derivative of a page (pyramid and thumbnail, flushed to the disk) beside ``vips tiffsave`` with the same
settings and ``vipsthumbnail``, one thread each. Sides take turns, so that what else the machine does falls on both.
"""

from bench.apparatus.home import HOME, PROJECT  # isort: skip  (sets Django up for all that follows)

import argparse
import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from archive import opening, writing
from archive.models import Scope, Unit
from bench.apparatus import imageserver, report, workers
from bench.apparatus.report import Claim
from media import derivatives, ingest, storage
from media.engines import pyramids, vips
from media.models import Page

LEAST_TILES = 0.7
LEAST_PYRAMIDS = 0.9
QUALITY = 82


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile as a viewer asks for it."""

    page: int
    x: int
    y: int
    w: int
    h: int
    out_w: int
    out_h: int

    @property
    def ours(self) -> str:
        """Its address at the platform (Image API 3.0)."""
        return f"/iiif/3/{self.page}/{self.x},{self.y},{self.w},{self.h}/{self.out_w},{self.out_h}/0/default.jpg"

    @property
    def theirs(self) -> str:
        """Its address at iipimage-server (Image API 2)."""
        return f"/iip?IIIF={self.page}.tif/{self.x},{self.y},{self.w},{self.h}/{self.out_w},/0/default.jpg"


def main() -> None:
    """Measure both, print and judge."""
    arguments = _arguments()
    imageserver.install()
    call_command("migrate", verbosity=0)
    pages = _pages(arguments.pages)
    claims = [*_tiles(pages, arguments), _pyramids(pages, arguments.rounds)]
    report.conclude(*claims)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=6)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=8)
    return parser.parse_args()


def _pages(number: int) -> list[Page]:
    """So many sheets of the sample, public, with their images."""
    unit = workers.make_item("I1", "images")
    fonds = Unit.objects.get_root(unit).record
    for record in (fonds, unit.record):
        writing.published(record, scope=Scope.IMAGE).save()
    opening.refresh([fonds])
    found = []
    for order, path in enumerate(sorted((PROJECT / "sample/sheets").glob("*.jpg"))[:number], 1):
        received = ingest.receive(ingest.from_path(path), unit=unit, by=None)
        page = Page.objects.create(unit=unit, number=order, digital_object=received, frame=1)
        page.width, page.height = derivatives.make(page)
        page.derived_at = timezone.now()
        page.save()
        found.append(page)
    return found


def _tiles(pages: Sequence[Page], arguments: argparse.Namespace) -> list[Claim]:
    """Tiles per second of both, cold and warm."""
    images = HOME / "images"
    images.mkdir()
    for page in pages:
        (images / f"{page.pk}.tif").symlink_to(storage.access_image(page))
    tiles = [tile for page in pages for tile in _grid(page)]
    random.Random(1).shuffle(tiles)
    ours, theirs = [each.ours for each in tiles], [each.theirs for each in tiles]
    processes = os.cpu_count() or 1
    rates: dict[tuple[str, str], list[float]] = {}
    for _round in range(arguments.rounds):
        shutil.rmtree(HOME / "tiles", ignore_errors=True)
        with imageserver.platform(processes) as port:
            _note(rates, "platform", port, ours, arguments.concurrency)
        with imageserver.iipsrv(images, processes, QUALITY) as port:
            _note(rates, "iipimage-server", port, theirs, arguments.concurrency)
    rows = [
        (name, *(f"{max(rates[name, state]):.0f}" for state in ("cold", "warm")))
        for name in ("platform", "iipimage-server")
    ]
    print(f"\n  Tiles per second, {len(tiles)} tiles of {len(pages)} pages, best of {arguments.rounds} rounds")
    report.table(("", "cold", "warm"), rows)
    return [
        Claim(f"tiles to iipimage-server, {state}", _ratio(rates, state), LEAST_TILES, "", is_floor=True)
        for state in ("cold", "warm")
    ]


def _ratio(rates: dict[tuple[str, str], list[float]], state: str) -> float:
    return sum(rates["platform", state]) / sum(rates["iipimage-server", state])


def _note(
    rates: dict[tuple[str, str], list[float]], name: str, port: int, paths: Sequence[str], concurrency: int
) -> None:
    cold = imageserver.tiles_per_second(port, paths, concurrency)
    warm = imageserver.tiles_per_second(port, [*paths, *paths], concurrency)
    rates.setdefault((name, "cold"), []).append(cold)
    rates.setdefault((name, "warm"), []).append(warm)


def _grid(page: Page) -> list[Tile]:
    """Every tile of every level of a page."""
    side = vips.TILE
    found = []
    for number in range(len(pyramids.levels(storage.access_image(page)))):
        step = side << number
        for y in range(0, page.height, step):
            for x in range(0, page.width, step):
                w, h = min(step, page.width - x), min(step, page.height - y)
                found.append(Tile(page.pk, x, y, w, h, -(-w >> number) or 1, -(-h >> number) or 1))
    return found


def _pyramids(pages: Sequence[Page], rounds: int) -> Claim:
    """Derivatives per second beside the vips command line."""
    ours, theirs = [], []
    for _round in range(rounds):
        ours.append(_seconds(derivatives.make, pages))
        theirs.append(_seconds(_by_command, pages))
    rows = [
        (name, f"{len(pages) * rounds / sum(seconds):.2f}")
        for name, seconds in (("derivative (pyramid and thumbnail)", ours), ("vips tiffsave and vipsthumbnail", theirs))
    ]
    print("\n  Pages per second, one thread")
    report.table(("", "pages/s"), rows)
    return Claim("derivative to vips command", sum(theirs) / sum(ours), LEAST_PYRAMIDS, "", is_floor=True)


def _seconds(make: Callable[[Page], object], pages: Sequence[Page]) -> float:
    start = time.perf_counter()
    for page in pages:
        make(page)
    return time.perf_counter() - start


def _by_command(page: Page) -> None:
    source, target = storage.original_path(page.digital_object.sha512), HOME / "command.tif"
    side = str(vips.TILE)
    settings = ["--compression", "jpeg", "--Q", str(QUALITY), "--tile", "--pyramid"]
    settings += ["--tile-width", side, "--tile-height", side]
    _run(["vips", "tiffsave", str(source), str(target), *settings])
    small = str(derivatives.THUMBNAIL_SIZE)
    _run(["vipsthumbnail", str(target), "--size", small, "-o", str(HOME / "command.jpg[Q=82,optimize_coding]")])
    for path in (target, HOME / "command.jpg"):
        _flush(path)


def _flush(path: Path) -> None:
    """The derivative is on the disk when it is done; so is this one."""
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, env={**os.environ, "VIPS_CONCURRENCY": "1"})


if __name__ == "__main__":
    main()
