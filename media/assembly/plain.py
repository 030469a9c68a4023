"""The text of a page or of a whole unit as plain text, its state said first (O-04)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from archive.models import Unit
from media.assembly import sheets
from media.assembly.sheets import Sheet
from media.models import PageText


def of_page(sheet: Sheet) -> str:
    """The state of the text, an empty line, the text."""
    return f"{state(sheet)}\n\n{sheet.text}\n"


def of_unit(unit: Unit, *, for_desk: bool = False) -> Iterator[str]:
    """What the unit is, the state of its text, then page by page; piece by piece, for a unit may be long.

    Raises:
        NotFound: the unit has no page that can be shown.
    """
    pages = sheets.of_unit(unit, for_desk=for_desk)
    first = next(pages)
    lowest = worst(unit)
    yield f"{unit.record.title_zh}\n{unit.reference_code}\n{unit.record.ark_text}\n"
    yield f"{lowest.label}\n" if lowest else f"{_('This page has not been read yet.')}\n"
    yield _numbered(first, lowest)
    for sheet in pages:
        yield _numbered(sheet, lowest)


def worst(unit: Unit) -> PageText.Quality | None:
    """The least trustworthy state among the texts of a unit; None where it has none."""
    found = PageText.objects.filter(page__in=sheets.shown(unit), is_current=True)
    present = set(found.order_by().values_list("quality", flat=True).distinct())
    return next((quality for quality in sheets.QUALITIES if quality in present), None)


def state(sheet: Sheet) -> str:
    """The state of the text of a page in words."""
    return sheet.reading.get_quality_display() if sheet.reading else _("This page has not been read yet.")


def _numbered(sheet: Sheet, lowest: PageText.Quality | None) -> str:
    """A page under its number; its state is told again where it differs from that of the whole."""
    if sheet.reading is not None and sheet.reading.quality == lowest:
        heading = _("Page %(number)d") % {"number": sheet.page.number}
    else:
        heading = _("Page %(number)d (%(state)s)") % {"number": sheet.page.number, "state": state(sheet)}
    return f"\n[{heading}]\n{sheet.text}\n"
