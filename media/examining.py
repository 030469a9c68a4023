"""What an arriving file is and whether it can be taken in: looked at while somebody waits, so it is quick.

A single image is decoded to its last row, so that one that is cut short is refused at the door. The pages of a bundle
are only counted here: each is decoded to its end when its images are made, and one that is damaged fails alone, with
its number, without stopping the others.
"""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from core.errors import InvalidInput
from media.engines import identify, pdfium, vips
from media.engines.identify import Category

MOST_DECODED = 4
"""A file of up to so many images is decoded at once; an A4 page at 300 dpi takes about a tenth of a second."""

MOST_PAGES = 20_000


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of a file when it is taken in.

    ``pages`` is 0 where the file has none (a recording) or where they are known only after it has been converted.
    """

    media_type: str
    format_name: str
    pronom_id: str
    identified_by: str
    category: Category
    pages: int


def examine(path: Path, name: str) -> Examined:
    """Identify a file by its content and count its pages; ``name`` is the file's own name, for messages.

    Raises:
        InvalidInput: the file is nothing that is taken in, is damaged, or has too many pages; the message names it
            and the remedy.
    """
    found = identify.identify(path, name)
    pages = _count_pages(path, found.category, name)
    if pages > MOST_PAGES:
        raise InvalidInput(
            _("“%(name)s” has %(pages)d pages; up to %(most)d are taken in. Divide it.")
            % {"name": name, "pages": pages, "most": MOST_PAGES}
        )
    return Examined(
        media_type=found.media_type,
        format_name=found.format_name,
        pronom_id=found.pronom_id,
        identified_by=f"{found.tool} {found.version}",
        category=found.category,
        pages=pages,
    )


def _count_pages(path: Path, category: Category, name: str) -> int:
    if category == Category.PDF:
        return pdfium.count(path, name=name)
    if category != Category.IMAGE:
        return 0
    pages = vips.probe(path, name=name).pages
    if pages <= MOST_DECODED:
        for page in range(pages):
            vips.check(path, page, name=name)
    return pages
