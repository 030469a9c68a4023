"""Pages with pictures and texts to assemble."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from archive.models import Unit
from media import storage
from media.engines import vips
from media.lines import Box, TextLine
from media.models import DigitalObject, Page
from tests.makers import make_page

FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
EM = 48


def column(text: str, x: int, y: int, *, em: int = EM, block: int = 0, confidences: tuple[float, ...] = ()) -> TextLine:
    """A vertical line whose first character stands at ``x``, ``y``."""
    boxes = tuple(Box(x, y + number * em, em, em) for number in range(len(text)))
    return TextLine(text, Box(x, y, em, em * len(text)), "v", 0.97, boxes, block, confidences)


def row(text: str, x: int, y: int, *, em: int = EM, block: int = 0, confidences: tuple[float, ...] = ()) -> TextLine:
    """A horizontal line; characters of the Latin set are half as wide as Han."""
    boxes, left = [], x
    for character in text:
        wide = em // 2 if character < "\u0250" else em
        boxes.append(Box(left, y, wide, em))
        left += wide
    return TextLine(text, Box(x, y, left - x, em), "h", 0.97, tuple(boxes), block, confidences)


def drawn(lines: Sequence[TextLine], width: int = 1240, height: int = 1754) -> Image.Image:
    """A white page with each character in its box (frames where there is no font for Han)."""
    image = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype(FONT, EM - 6) if FONT.exists() else None
    for line in lines:
        for character, box in zip(line.text, line.characters, strict=True):
            if font is None:
                pen.rectangle((box.x + 4, box.y + 4, box.right - 4, box.bottom - 4), outline="black")
            else:
                pen.text((box.x, box.y), character, fill="black", font=font, anchor="lt")
    return image


def make_sheet(unit: Unit, lines: Sequence[TextLine], folder: Path, *, form: str = "JPEG", dpi: int = 150) -> Page:
    """A page of a unit whose original, pyramid and text lie where they belong."""
    page = make_page(unit, lines=list(lines), width=1240, height=1754)
    original = folder / f"scan-{page.pk}.{form.lower()}"
    drawn(lines).save(original, form, quality=90, dpi=(dpi, dpi))
    content = original.read_bytes()
    staged = storage.stage([content])
    storage.keep(staged)
    DigitalObject.objects.filter(pk=page.digital_object_id).update(
        sha512=hashlib.sha512(content).hexdigest(), size=len(content), media_type=f"image/{form.lower()}"
    )
    Page.objects.filter(pk=page.pk).update(dpi=dpi)
    page = Page.objects.select_related("digital_object", "unit__record").get(pk=page.pk)
    with storage.derived(page, storage.ACCESS) as target:
        vips.pyramid(original, 0, target)
    return page
