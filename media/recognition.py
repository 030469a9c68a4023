"""The text of a page: taken from the file where it carries text, otherwise read from the image."""

from dataclasses import dataclass

from media import reading_order, storage
from media.derivatives import PDF_DPI
from media.engines import pdfium, rapidocr
from media.lines import TextLine, join, to_json
from media.models import Page, PageText


@dataclass(frozen=True, slots=True)
class Reading:
    """A text of a page in reading order, and where it comes from. Confidence is None where nothing was guessed."""

    lines: list[TextLine]
    origin: PageText.Origin
    engine: str
    engine_version: str
    settings: dict[str, str | int | float | bool]
    confidence: float | None


def read(page: Page) -> Reading:
    """Read a page whose images have been made.

    Raises:
        InvalidInput: the file or the image cannot be read.
    """
    source = page.digital_object
    if page.carries_text:
        found = pdfium.text_lines(
            storage.original_path(source.sha512), page.frame - 1, dpi=PDF_DPI, name=source.original_name
        )
        return Reading(
            lines=reading_order.arrange(found, page.width, page.height),
            origin=PageText.Origin.EMBEDDED,
            engine="PDFium",
            engine_version=pdfium.version(),
            settings={"dpi": PDF_DPI},
            confidence=None,
        )
    seen = rapidocr.recognise(storage.access_image(page), name=source.original_name)
    return Reading(
        lines=reading_order.arrange(seen.lines, seen.width, seen.height),
        origin=PageText.Origin.RECOGNISED,
        engine=seen.engine,
        engine_version=seen.version,
        settings=seen.settings,
        confidence=seen.confidence,
    )


def record(page: Page, reading: Reading) -> PageText:
    """Store a reading, in the caller's transaction; it becomes current unless a person has checked the text that is."""
    current = page.texts.filter(is_current=True).first()
    is_kept = current is not None and current.quality != PageText.Quality.MACHINE
    if not is_kept:
        page.texts.filter(is_current=True).update(is_current=False)
    return PageText.objects.create(
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
