"""Saving: how long a request takes that takes in a document of 150 pages, by kind.

    python -m bench.saving [--pages 150]

The clock runs over what the request does with the bytes that it receives: staging with flush to the disk, SHA-512,
identification, counting of pages, rows and audit. What takes longer (SM3, virus check, decoding) is done by workers.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import io
import time
from pathlib import Path

import pikepdf
from django.core.management import call_command
from PIL import Image

from bench.apparatus import report, workers
from bench.apparatus.home import PROJECT
from bench.apparatus.report import Claim
from media import ingest

MOST_SECONDS = 1.0
TURNS = 3


def main() -> None:
    """Make the documents, take each in several times under other digests, report the slowest turn."""
    arguments = _arguments()
    call_command("migrate", verbosity=0)
    slowest = 0.0
    rows = []
    for name, path in _documents(arguments.pages).items():
        seconds = [_save(path, name, turn) for turn in range(TURNS)]
        slowest = max(slowest, *seconds)
        rows.append((name, f"{path.stat().st_size / 1e6:.1f}", *(f"{each:.2f}" for each in seconds)))
    report.table((f"{arguments.pages} pages", "MB", *(f"turn {turn + 1}, s" for turn in range(TURNS))), rows)
    report.conclude(Claim("slowest", slowest, MOST_SECONDS, "s", is_floor=False))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=150)
    return parser.parse_args()


def _save(path: Path, name: str, turn: int) -> float:
    """Seconds to take one document in; a few bytes behind its end make it one that the archive does not know."""
    unit = workers.make_item(f"S{turn}{name.replace(' ', '')}", name)
    content = path.read_bytes() + f"\n%turn {turn}".encode()
    arrival = ingest.Arrival(name=path.name, chunks=lambda: _pieces(content))
    start = time.perf_counter()
    ingest.receive(arrival, unit=unit, by=None)
    return time.perf_counter() - start


def _pieces(content: bytes) -> list[bytes]:
    return [content[start : start + 65536] for start in range(0, len(content), 65536)]


def _documents(pages: int) -> dict[str, Path]:
    """The same pages as a PDF of scans, a bitonal TIFF, and a colour TIFF of JPEG strips."""
    sheets = [path.read_bytes() for path in sorted((PROJECT / "sample/sheets").glob("*.jpg"))]
    scans = [sheets[number % len(sheets)] for number in range(pages)]
    found = {
        "PDF of scans": HOME / "scans.pdf",
        "bitonal TIFF": HOME / "bitonal.tif",
        "colour TIFF": HOME / "colour.tif",
    }
    _pdf(scans, found["PDF of scans"])
    for name, mode, compression in (("bitonal TIFF", "1", "group4"), ("colour TIFF", "RGB", "jpeg")):
        images = [_in_mode(Image.open(io.BytesIO(scan)), mode) for scan in scans[: len(sheets)]]
        images = [images[number % len(images)] for number in range(pages)]
        images[0].save(found[name], save_all=True, append_images=images[1:], compression=compression, dpi=(300, 300))
    return found


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """Black and white as a scanner makes it: by a threshold, without dither."""
    if mode == "1":
        return image.convert("L").point(lambda tone: 255 * (tone > 140)).convert("1", dither=Image.Dither.NONE)
    return image.convert(mode)


def _pdf(scans: list[bytes], target: Path) -> None:
    """A PDF whose pages are JPEG images, as a scanner makes it."""
    with pikepdf.new() as document:
        for scan in scans:
            width, height = Image.open(io.BytesIO(scan)).size
            image = document.make_stream(scan)
            image.Type, image.Subtype, image.Width, image.Height = (
                pikepdf.Name.XObject,
                pikepdf.Name.Image,
                width,
                height,
            )
            image.ColorSpace, image.BitsPerComponent = pikepdf.Name.DeviceRGB, 8
            image.Filter = pikepdf.Name.DCTDecode
            page = document.add_blank_page(page_size=(width * 0.24, height * 0.24))
            page.obj.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=document.make_indirect(image)))
            page.obj.Contents = document.make_stream(f"{width * 0.24} 0 0 {height * 0.24} 0 0 cm /I Do".encode())
        document.save(target)


if __name__ == "__main__":
    main()
