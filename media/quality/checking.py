"""Check one page: what its file says, what its picture shows, and what of both the rules do not allow."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from media import storage
from media.engines import pdfium, scans
from media.engines.scans import Header
from media.models import DigitalObject, Page
from media.quality import findings, measures, paper
from media.quality.findings import Found
from media.quality.limits import LIMITS, PAGE_CODES, Code
from media.quality.measures import Measures
from media.quality.paper import Paper

MASTERS = frozenset({"image/tiff", "image/jpeg", "image/jp2"})
"""Formats of masters (D-05)."""

_FEW_BITS = 8
_WHITE_PAPER = 50.0
"""Percent of cut-off light tones from which a page counts as exposed for its print: there black is black."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of a page; the header is None where the page was drawn from a PDF.

    ``width`` and ``height`` are pixels of the page as it is stored.
    """

    header: Header | None
    measures: Measures
    width: int
    height: int


def check(page: Page) -> Callable[[], None]:
    """Measure a page on its original; the answer writes what was found, in a transaction that is open.

    Sets the page's resolution, lean and fingerprint too. The lean is that of the upright page: ``page.turn`` has been
    applied. A blank page has no fingerprint, for all blank pages look alike.

    Raises:
        InvalidInput: the original cannot be decoded.
    """
    seen = look(page)
    found = list(judge(page, seen))
    dpi = _resolution(page, seen)
    is_blank = any(each.code is Code.BLANK for each in found)

    def record() -> None:
        Page.objects.filter(pk=page.pk).update(
            dpi=dpi, skew=seen.measures.skew, fingerprint="" if is_blank else seen.measures.fingerprint
        )
        findings.replace(page, found, PAGE_CODES)

    return record


def look(page: Page) -> Seen:
    """Measure a page and write nothing.

    Raises:
        InvalidInput: the original cannot be decoded.
    """
    source = page.digital_object
    path, media_type = storage.source_of_pages(source)
    if media_type == "application/pdf":
        return _drawn(page, path, source.original_name)
    header = scans.header(path, page.frame - 1, media_type)
    grey = scans.grey_copy(
        path, page.frame - 1, dpi=header.dpi if header else None, turn=page.turn, name=source.original_name
    )
    width, height = scans.size(path, page.frame - 1, name=source.original_name)
    return Seen(header, measures.measure(grey), width, height)


def judge(page: Page, seen: Seen) -> Iterator[Found]:
    """What of a page its rules do not allow."""
    declared = paper.declared(page.unit.extent)
    if seen.header is not None:
        yield from _of_resolution(seen, seen.header, declared)
        yield from _of_colour(seen.header)
        yield from _of_compression(seen.header)
    yield from _of_format(page)
    yield from _of_picture(seen)
    if page.frame == 1 and seen.header is not None and not _tells_its_making(page.digital_object):
        yield Found(Code.TECHNICAL)


def _drawn(page: Page, path: Path, name: str) -> Seen:
    """A page of a PDF has no pixels of its own: it is measured as it is drawn. The lean of set text is none."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "page.jpg"
        width, height = pdfium.render(path, page.frame - 1, target, dpi=scans.MEASURED_DPI, name=name)
        grey = scans.grey_copy(target, 0, dpi=scans.MEASURED_DPI, turn=page.turn, name=name)
    found = measures.measure(grey)
    if page.carries_text:
        found = replace(found, skew=None, sharpness=None, shadows=0.0, highlights=0.0)
    return Seen(None, found, width, height)


def _of_resolution(seen: Seen, header: Header, declared: Paper | None) -> Iterator[Found]:
    if header.across is None or header.down is None:
        yield Found(Code.RESOLUTION_MISSING)
        assumed = declared or paper.Paper("A4", *paper.SIZES["A4"])
        dpi: float = paper.dpi_on(assumed, seen.width, seen.height)
        yield from _too_low(dpi, {"paper": assumed.name, "is_assumed": declared is None})
        return
    apart = 100 * abs(header.across / header.down - 1)
    if not LIMITS[Code.RESOLUTION_AXES].is_kept(apart):
        yield Found(Code.RESOLUTION_AXES, round(apart, 1), {"across": header.across, "down": header.down})
    yield from _too_low(min(header.across, header.down), {})
    if declared is not None:
        size = [
            pixels / dpi * paper.MILLIMETRES_PER_INCH
            for pixels, dpi in ((seen.width, header.across), (seen.height, header.down))
        ]
        off = paper.deviation(declared, *size)
        if not LIMITS[Code.PAPER_SIZE].is_kept(off):
            told = {"paper": declared.name, "width": round(size[0]), "height": round(size[1])}
            yield Found(Code.PAPER_SIZE, off, told)


def _too_low(dpi: float, detail: dict[str, object]) -> Iterator[Found]:
    """Tags of 299.99 dots per inch count as 300."""
    rounded = round(dpi)
    if not LIMITS[Code.RESOLUTION_LOW].is_kept(rounded):
        yield Found(Code.RESOLUTION_LOW, rounded, detail)
    elif not LIMITS[Code.RESOLUTION_FOR_TEXT].is_kept(rounded):
        yield Found(Code.RESOLUTION_FOR_TEXT, rounded, detail)


def _of_colour(header: Header) -> Iterator[Found]:
    if header.bits < _FEW_BITS:
        yield Found(Code.COLOUR_BITONAL, header.bits)


def _of_compression(header: Header) -> Iterator[Found]:
    if header.quality is not None and not LIMITS[Code.COMPRESSION].is_kept(header.quality):
        yield Found(Code.COMPRESSION, header.quality)


def _of_format(page: Page) -> Iterator[Found]:
    """Scans that come as PNG or inside a PDF; what was born as a PDF is its own master, as are converted files."""
    media_type = page.digital_object.media_type
    is_scan = media_type.startswith("image/") or (media_type == "application/pdf" and not page.carries_text)
    if is_scan and media_type not in MASTERS:
        yield Found(Code.MASTER_FORMAT, detail={"media_type": media_type})


def _of_picture(seen: Seen) -> Iterator[Found]:
    found = seen.measures
    if not LIMITS[Code.BLANK].is_kept(found.ink):
        yield Found(Code.BLANK, found.ink)
        return
    if found.skew is not None and not LIMITS[Code.SKEW].is_kept(abs(found.skew)):
        yield Found(Code.SKEW, found.skew)
    if found.sharpness is not None and not LIMITS[Code.BLUR].is_kept(found.sharpness):
        yield Found(Code.BLUR, found.sharpness)
    if not LIMITS[Code.CUT_TEXT].is_kept(found.touching):
        yield Found(Code.CUT_TEXT, found.touching)
    if seen.header is not None and seen.header.bits >= _FEW_BITS:
        if not LIMITS[Code.HIGHLIGHTS].is_kept(found.highlights):
            yield Found(Code.HIGHLIGHTS, found.highlights)
        if found.highlights < _WHITE_PAPER and not LIMITS[Code.SHADOWS].is_kept(found.shadows):
            yield Found(Code.SHADOWS, found.shadows)


def _tells_its_making(source: DigitalObject) -> bool:
    """Whether the file names its device and its date (D-15)."""
    camera = source.technical.get("camera")
    told = camera if isinstance(camera, dict) else {}
    return bool((told.get("make") or told.get("model")) and (told.get("taken") or told.get("date")))


def _resolution(page: Page, seen: Seen) -> int | None:
    """Dots per inch as the file states them, or as the declared paper shows them; None where neither tells."""
    if seen.header is not None and seen.header.dpi:
        return round(seen.header.dpi)
    declared = paper.declared(page.unit.extent)
    return paper.dpi_on(declared, seen.width, seen.height) if declared and seen.header is not None else None
