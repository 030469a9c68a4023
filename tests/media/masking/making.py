"""Numbers with their check characters, and pages whose picture really shows their text."""

import io
from itertools import pairwise
from pathlib import Path

from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from archive.models import Unit
from media import derivatives, masking
from media.lines import Box, TextLine, join, to_json
from media.models import DigitalObject, Page, PageText
from media.storage import keep, stage
from tests.makers import make_page

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
SIZE = (1240, 1754)
PRINT = 36


def identity(first: str) -> str:
    """An identity number from its 17 digits: the check character by the table of the standard (GB 11643)."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(w * int(d) for w, d in zip(weights, first, strict=True)) % 11]


def card(first: str) -> str:
    """A card number: the digits and the check digit that makes the sum of Luhn a multiple of ten."""
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(first))]
    total = sum(value - 9 if value > 9 else value for value in doubled)
    return first + str(-total % 10)


def draw_lines(image: Image.Image, texts: list[str], *, left: int = 120, top: int = 160) -> list[TextLine]:
    """Print lines below each other; what recognition would give back, every character in its true box."""
    pen, font = ImageDraw.Draw(image), ImageFont.truetype(str(FONT), PRINT)
    lines = []
    for number, text in enumerate(texts):
        y = top + number * 2 * PRINT
        pen.text((left, y), text, fill="black", font=font)
        ends = [left + round(pen.textlength(text[:place], font=font)) for place in range(len(text) + 1)]
        boxes = tuple(Box(a, y, max(b - a, 1), round(1.3 * PRINT)) for a, b in pairwise(ends))
        lines.append(TextLine(text, Box.around(boxes), "h", 0.98, boxes))
    return lines


def printed_page(unit: Unit, *texts: str, veiled: bool = False) -> Page:
    """A page with its original, its images, and its text as if it had been read."""
    image = Image.new("RGB", SIZE, "white")
    lines = draw_lines(image, list(texts))
    exif = Image.Exif()
    exif[0x010E] = "、".join(texts)  # the description that a scanner may put into a file
    staged = stage([_as_jpeg(image, exif)])
    keep(staged)
    number = unit.pages.count() + 1
    thing = DigitalObject.objects.create(
        unit=unit,
        ordinal=number,
        original_name=f"第{number}页.jpg",
        sha512=staged.sha512,
        size=staged.size,
        media_type="image/jpeg",
        page_count=1,
    )
    page = Page.objects.create(unit=unit, number=number, digital_object=thing, frame=1, is_masked=veiled)
    page.width, page.height = derivatives.make(page)
    page.derived_at = timezone.now()
    page.save()
    write_text(page, lines)
    return page


def write_text(page: Page, lines: list[TextLine]) -> PageText:
    """A new current text of a page."""
    page.texts.filter(is_current=True).update(is_current=False)
    return PageText.objects.create(
        page=page,
        origin=PageText.Origin.RECOGNISED,
        text=join(lines),
        lines=to_json(lines),
        engine="test",
        engine_version="1",
        confidence=0.98,
    )


def text_page(unit: Unit, *texts: str) -> Page:
    """A page that has been read and has no images."""
    page = make_page(unit, *texts)
    page.derived_at = None
    page.save(update_fields=["derived_at"])
    return page


def look(page: Page) -> Page:
    """Both halves of the step that looks for what must be masked."""
    masking.look(page)()
    page.refresh_from_db()
    return page


def text_of(page: Page) -> PageText:
    """The current text."""
    return page.texts.get(is_current=True)


def _as_jpeg(image: Image.Image, exif: Image.Exif) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=92, dpi=(300, 300), exif=exif)
    return stream.getvalue()
