"""Give the sample's pages the text that is printed on them, without the recognition engine: exact, and at once."""

from archive.models import Unit
from media.lines import Box, TextLine, join, to_json
from media.models import DigitalObject, Page, PageText
from media.signals import pages_changed
from sample import reading


def write() -> None:
    """Write a page with its current text for every page of every sheet; the sample is loaded before."""
    written = []
    for sheet in reading.sheets():
        unit = Unit.objects.get(record__local_id=sheet.name)
        source = DigitalObject.objects.filter(unit=unit).order_by("ordinal")[0]
        for shown in sheet.pages:
            page, _is_new = Page.objects.get_or_create(
                unit=unit, number=shown.number, defaults={"digital_object": source, "frame": shown.number}
            )
            lines = [_line(text, row) for row, text in enumerate(shown.lines)]
            PageText.objects.create(
                page=page,
                origin=PageText.Origin.RECOGNISED,
                text=join(lines),
                lines=to_json(lines),
                engine="printed",
                engine_version="1",
                confidence=1.0,
            )
            written.append(page.pk)
    pages_changed.send(sender=PageText, page_ids=written)


def _line(text: str, row: int) -> TextLine:
    """A line of squares; where it stands on the sheet does not matter to a ranking."""
    boxes = tuple(Box(100 + 50 * column, 100 + 80 * row, 50, 50) for column in range(len(text)))
    return TextLine(text, Box(100, 100 + 80 * row, 50 * max(len(text), 1), 50), "h", 1.0, boxes)
