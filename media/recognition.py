"""The text of a page: supplied with the file, taken from it where it carries text, otherwise read from the image."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings

from archive import audit
from media import jobs, layout, masking, reading_order, reducing, storage, supplied
from media.derivatives import PDF_DPI
from media.deskewing import Deskewing
from media.engines import pdfium, rapidocr, rulings, tesseract, vips
from media.engines.recognisers import Recogniser, Turn
from media.engines.vips import Pixels
from media.lines import TextLine, join, to_json
from media.models import JobStep, Page, PageText

RECOGNISERS: Final[Mapping[str, Recogniser]] = {"rapidocr": rapidocr, "tesseract": tesseract}
"""The engines by the names that the setting ``ARCHIVE_RECOGNISER`` knows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A text of a page in reading order, and where it comes from. Confidence is None where nothing was guessed."""

    lines: list[TextLine]
    origin: PageText.Origin
    engine: str
    engine_version: str
    settings: dict[str, str | int | float | bool]
    confidence: float | None


@dataclass(frozen=True, slots=True)
class Turned:
    """The page does not stand upright: it must be turned clockwise by ``turn`` degrees before it is read."""

    turn: Turn


def recogniser() -> Recogniser:
    """The engine that reads."""
    return RECOGNISERS[settings.ARCHIVE_RECOGNISER]


def read(page: Page) -> Reading | Turned:
    """Read a page whose images have been made.

    Raises:
        InvalidInput: the file or the image cannot be read.
        Unavailable: the engine does not work in this process.
    """
    given = supplied.of(page)
    if given is not None and given.has_places:
        return _given(given, list(given.lines))
    reading = _read_embedded(page) if page.carries_text else _read_image(page)
    if given is not None and isinstance(reading, Reading):
        return _given(given, supplied.laid_on(given.text, reading.lines, page.width, page.height))
    return reading


def _read_image(page: Page) -> Reading | Turned:
    image = storage.access_image(page)
    pixels = vips.rgb_array(image, name=page.digital_object.original_name, most_pixels=reducing.MOST_PIXELS)
    height, width = pixels.shape[:2]
    # A page is turned once by the machine at most, and never where a person has looked at it.
    is_settled = page.turn != 0 or page.judged_by_id is not None
    found = read_pixels(pixels, skew=page.skew or 0.0, is_upright=is_settled)
    if isinstance(found, Turned) or width >= page.width:
        return found
    lines = reducing.enlarged(found.lines, page.width / width, page.height / height, page.width, page.height)
    return replace(found, lines=lines, settings={**found.settings, "reduced_to": f"{width} × {height}"})


def read_pixels(
    pixels: Pixels, *, skew: float = 0.0, is_upright: bool = False, engine: Recogniser | None = None
) -> Reading | Turned:
    """Read the picture of a page: rows × columns × (red, green, blue), its lines leaning by ``skew`` degrees clockwise.

    The engine reads a straightened copy; the boxes are in pixels of the picture as it was given.
    """
    height, width = pixels.shape[:2]
    straight = Deskewing.of(width, height, skew)
    copy = straight.image(pixels) if straight else pixels
    seen = (engine or recogniser()).recognise(copy, is_upright=is_upright)
    if seen.turn:
        return Turned(seen.turn)
    arranged = reading_order.arrange(seen.lines, seen.width, seen.height, rulings.find(copy))
    return Reading(
        lines=straight.back(arranged) if straight else arranged,
        origin=PageText.Origin.RECOGNISED,
        engine=seen.engine,
        engine_version=seen.version,
        settings={**seen.settings, **layout.describe(arranged), "deskewed": round(skew, 2) if straight else 0.0},
        confidence=seen.confidence,
    )


def record(page: Page, reading: Reading | Turned) -> PageText | None:
    """Store a reading, in the caller's transaction; it becomes current unless a person has checked the text that is.

    A text that was supplied gives way to a later supply only.

    A page that proved to lie on its side or on its head is turned instead, and done again from its images on.
    """
    if isinstance(reading, Turned):
        _turn(page, reading.turn)
        return None
    current = page.texts.filter(is_current=True).first()
    is_kept = current is not None and not _may_be_replaced(current, reading)
    if not is_kept:
        page.texts.filter(is_current=True).update(is_current=False)
    text = PageText.objects.create(
        page=page,
        is_current=not is_kept,
        origin=reading.origin,
        text=join(reading.lines),
        lines=to_json(reading.lines),
        engine=reading.engine,
        engine_version=reading.engine_version,
        settings=reading.settings,
        confidence=reading.confidence,
    )
    # What is masked stays so, and what looks private is covered, from the first moment on.
    masking.carry_over(current, text)
    return text


def _may_be_replaced(current: PageText, reading: Reading) -> bool:
    is_supplied = current.origin == PageText.Origin.SUPPLIED and reading.origin != PageText.Origin.SUPPLIED
    is_by_hand = current.origin == PageText.Origin.CORRECTED or current.quality != PageText.Quality.MACHINE
    return not is_by_hand and not is_supplied


def _given(given: supplied.Supplied, lines: list[TextLine]) -> Reading:
    return Reading(
        lines=lines,
        origin=PageText.Origin.SUPPLIED,
        engine=given.maker[:60] or given.format,
        engine_version=given.format,
        settings={"file": given.name, "format": given.format, **layout.describe(lines)},
        confidence=None,
    )


def _turn(page: Page, turn: Turn) -> None:
    """Have the images made again, upright; reading follows them. A person may have turned the page meanwhile."""
    changed = Page.objects.filter(pk=page.pk, turn=0, judged_by__isnull=True).update(turn=turn)
    if changed:
        masking.turn(page, turn)
        audit.append("orientation", page.digital_object, by=None, after={"page": page.pk, "turn": turn})
    job = page.digital_object.jobs.first()
    if job is not None:
        for name in (JobStep.Name.DERIVE, JobStep.Name.QUALITY):  # the lean is that of the upright page
            jobs.add(job, name, [page], again=True)


def _read_embedded(page: Page) -> Reading:
    source = page.digital_object
    path, _media_type = storage.source_of_pages(source)
    found = pdfium.text_lines(path, page.frame - 1, dpi=PDF_DPI, name=source.original_name)
    arranged = reading_order.arrange(found, page.width, page.height)
    return Reading(
        lines=arranged,
        origin=PageText.Origin.EMBEDDED,
        engine="PDFium",
        engine_version=pdfium.version(),
        settings={"dpi": PDF_DPI, **layout.describe(arranged)},
        confidence=None,
    )
