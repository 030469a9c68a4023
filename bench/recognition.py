"""Recognition: character errors by kind of page, ours beside the bare engine and Tesseract, and what ours costs.

Three collections are read: the sheets of the sample, hard pages drawn anew from a seed (`bench.apparatus.sheets`), and
a folder of page images with true texts (``<name>.jpg`` beside ``<name>.txt``), where the variable SCANS names one.
``--keep FOLDER`` writes the drawn pages and what each reader made of every page.

*Sequential* counts the text as it stands, *order free* its lines in whatever order fits best: the difference is the
fault of the reading order alone. Times are seconds of the processor in one process, page after page, each reader in
turn on the same pixels; ours includes finding the lean, the turn, the ruling lines and the reading order.
"""

from bench.apparatus.home import HOME  # isort: skip  (sets Django up for all that follows)

import argparse
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from bench.apparatus import report, sheets
from bench.apparatus.home import PROJECT
from bench.apparatus.report import Claim
from bench.apparatus.sheets import Pixels, Sheet
from media import accuracy, recognition
from media.accuracy import Accuracy
from media.engines import rapidocr, scans, tesseract, vips
from media.lines import join
from media.quality import measures

LEAST_SPEED = 0.85
BOUNDS = {"letters": 1.0, "prose": 1.0, "tables": 1.0, "newspapers": 3.0, "vertical": 3.0}
"""The highest sequential character error in percent, by kind of page."""

_KINDS_OF_SCANS = {
    "g": "letters",
    "n": "newspapers",
    "p": "prose",
    "r": "traditional",
    "t": "tables",
    "v": "vertical",
}
_KINDS_OF_SAMPLE = {"plain": "prose", "red_head": "letters", "columns": "newspapers", "table": "tables"}

Reader = Callable[[Pixels], str]


@dataclass(slots=True)
class Score:
    """What a reader made of the pages of one kind."""

    sequential: Accuracy = field(default_factory=lambda: Accuracy(0, 0))
    free: Accuracy = field(default_factory=lambda: Accuracy(0, 0))
    seconds: float = 0.0

    def add(self, found: str, truth: str, seconds: float) -> None:
        """One more page."""
        self.sequential += accuracy.compare(found, truth)
        self.free += accuracy.order_free(found, truth)
        self.seconds += seconds


def main() -> None:
    """Read every page with every reader, print the table, and compare with what is claimed."""
    arguments = _arguments()
    readers: dict[str, Reader] = {"ours": _ours, "bare engine": _bare}
    if tesseract.available() and not arguments.without_tesseract:
        readers["Tesseract"] = _tesseract
    else:
        print("  Tesseract is not installed here, or was left out: its columns are missing.")
    scores: dict[tuple[str, str], dict[str, Score]] = {}
    pages = 0
    for collection, sheet in _collected(arguments.only):
        row = scores.setdefault((collection, sheet.kind), {name: Score() for name in readers})
        _read(sheet, row, readers, pages, arguments.keep)
        pages += 1
    _print(scores, list(readers))
    _conclude(scores, pages)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=["sample", "drawn", "scans"], help="the collections to be read")
    parser.add_argument("--without-tesseract", action="store_true", help="it is slow")
    parser.add_argument("--keep", type=Path, help="a folder for the drawn pages and the texts that were read")
    return parser.parse_args()


def _collected(only: Sequence[str]) -> Iterator[tuple[str, Sheet]]:
    collections: dict[str, Callable[[], Iterator[Sheet]]] = {"sample": _sample, "drawn": sheets.make, "scans": _scans}
    for name in only:
        for sheet in collections[name]():
            yield name, sheet


def _sample() -> Iterator[Sheet]:
    for path in sorted((PROJECT / "sample/sheets").glob("*.json")):
        sheet = json.loads(path.read_text(encoding="utf-8"))
        kind = _KINDS_OF_SAMPLE.get(sheet["layout"], sheet["layout"])
        kind = "traditional" if sheet["script"] == "zh-Hant" and kind != "vertical" else kind
        frames: dict[str, int] = {}
        for page in sheet["pages"]:
            frame = frames.setdefault(page["image"], 0)
            frames[page["image"]] += 1
            pixels = vips.rgb_array(path.parent / page["image"], frame)
            yield Sheet(
                f"{path.stem}-{page['number']}", kind, pixels, "\n".join(line["text"] for line in page["lines"])
            )


def _scans() -> Iterator[Sheet]:
    folder = os.environ.get("SCANS", "")
    for path in sorted(Path(folder).glob("*.jpg")) if folder else ():
        kind = _KINDS_OF_SCANS.get(path.stem[0], "others")
        yield Sheet(path.stem, kind, vips.rgb_array(path), path.with_suffix(".txt").read_text(encoding="utf-8"))


def _read(sheet: Sheet, row: dict[str, Score], readers: dict[str, Reader], turn: int, keep: Path | None) -> None:
    """Every reader on one page; who begins changes from page to page."""
    names = list(readers)
    for name in names[turn % len(names) :] + names[: turn % len(names)]:
        if turn == 0:
            readers[name](sheet.pixels)  # the models are loaded before the clock runs
        start = _processor_seconds()
        found = readers[name](sheet.pixels)
        row[name].add(found, sheet.text, _processor_seconds() - start)
        if keep is not None:
            keep.mkdir(parents=True, exist_ok=True)
            (keep / f"{sheet.name}.{name.split()[0]}.txt").write_text(found, encoding="utf-8")
    if keep is not None:
        (keep / f"{sheet.name}.true.txt").write_text(sheet.text, encoding="utf-8")
        vips.save_rgb(sheet.pixels, keep / f"{sheet.name}.jpg", dpi=300)


def _processor_seconds() -> float:
    """What this process and the programs that it called have used of the processor: other work does not show."""
    return sum(os.times()[:4])


def _ours(pixels: Pixels) -> str:
    """As the pipeline does it: lean measured, page turned where it must be, then read."""
    read = recognition.read_pixels(pixels, skew=_lean(pixels))
    if isinstance(read, recognition.Turned):
        upright = np.ascontiguousarray(np.rot90(pixels, -(read.turn // 90)))
        read = recognition.read_pixels(upright, skew=_lean(upright), is_upright=True)
    assert isinstance(read, recognition.Reading)
    return join(read.lines)


def _lean(pixels: Pixels) -> float:
    scale = scans.MEASURED_DPI / 300
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return measures.measure(np.asarray(small, np.uint8)).skew or 0.0


def _bare(pixels: Pixels) -> str:
    return "\n".join(rapidocr.bare(pixels))


def _tesseract(pixels: Pixels) -> str:
    seen = tesseract.recognise(pixels)
    if seen.turn:
        seen = tesseract.recognise(np.ascontiguousarray(np.rot90(pixels, -(seen.turn // 90))), is_upright=True)
    return "\n".join(line.text for line in seen.lines)


def _print(scores: dict[tuple[str, str], dict[str, Score]], readers: Sequence[str]) -> None:
    heads = [
        "pages of",
        "characters",
        *(f"{name}: in sequence" for name in readers),
        *(f"{name}: free" for name in readers),
    ]
    rows = []
    for (collection, kind), row in scores.items():
        shown = [f"{100 * row[name].sequential.error_rate:.2f}" for name in readers]
        shown += [f"{100 * row[name].free.error_rate:.2f}" for name in readers]
        characters = next(iter(row.values())).sequential.characters
        rows.append((f"{collection}, {kind}", str(characters), *shown))
    print("  Character error in percent")
    report.table(heads, rows)


def _conclude(scores: dict[tuple[str, str], dict[str, Score]], pages: int) -> None:
    claims = []
    for kind, bound in BOUNDS.items():
        ours = [row["ours"].sequential for (_collection, found), row in scores.items() if found == kind]
        if ours:
            rate = 100 * sum(ours, Accuracy(0, 0)).error_rate
            claims.append(Claim(f"{kind}, character error in sequence", rate, bound, "%", is_floor=False))
    upright = [row for (_collection, kind), row in scores.items() if kind != "turned"]
    seconds = {name: sum(row[name].seconds for row in upright) for name in upright[0]} if upright else {}
    for name, total in seconds.items():
        print(f"  {name}: {total:.1f} s for the pages that lie upright ({pages} pages in all)")
    if upright:
        ratio = seconds["bare engine"] / seconds["ours"]
        claims.append(Claim("speed, ours to the bare engine", ratio, LEAST_SPEED, "", is_floor=True))
    report.conclude(*claims)


if __name__ == "__main__":
    assert HOME
    main()
