"""The images of a page: the pyramid from which every view is cut, and the thumbnail."""

from pathlib import Path

from media import storage
from media.engines import pdfium, vips
from media.models import Page

THUMBNAIL_SIZE = 400
"""Longest side in pixels."""

PDF_DPI = 300
"""A PDF page has no pixels of its own; it is drawn as a scan would be (DA/T 31: at least 200, 300 for recognition)."""


def make(page: Page) -> tuple[int, int]:
    """Make both images from the original; width and height of the page in pixels. Images made before are replaced.

    The page stands upright in them (``page.turn``); it is not straightened, so that nothing of it is cut off.

    Raises:
        InvalidInput: the original cannot be decoded.
        Unavailable: the storage cannot take the images.
    """
    with storage.derived(page, storage.ACCESS) as target:
        size = _pyramid(page, target)
    with storage.derived(page, storage.THUMBNAIL) as target:
        vips.thumbnail(storage.access_image(page), target, THUMBNAIL_SIZE)
    return size


def _pyramid(page: Page, target: Path) -> tuple[int, int]:
    source = page.digital_object
    original, media_type = storage.source_of_pages(source)
    if media_type != "application/pdf":
        return vips.pyramid(original, page.frame - 1, target, name=source.original_name, turn=page.turn)
    drawn = target.with_suffix(".drawn.jpg")
    try:
        pdfium.render(original, page.frame - 1, drawn, dpi=PDF_DPI, name=source.original_name)
        return vips.pyramid(drawn, 0, target, name=source.original_name, turn=page.turn)
    finally:
        drawn.unlink(missing_ok=True)
