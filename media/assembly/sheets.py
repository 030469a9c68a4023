"""A page as it is written out: its row, the text that a reader gets, and the picture that goes with it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from archive.models import Unit
from core.errors import NotFound
from media import storage
from media.lines import TextLine
from media.models import Page, PageQuerySet, PageText

AT_ONCE = 25
"""Pages whose texts are held at the same time; a printed page with its boxes takes about a megabyte."""

QUALITIES = (PageText.Quality.MACHINE, PageText.Quality.CHECKED, PageText.Quality.PROOFREAD)
"""The states of a text, the least trustworthy first (O-04)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page and its current text, whole for the desk, without what is masked for everybody else.

    ``reading`` is the row the lines come from; None, and no lines, where the page has not been read.
    """

    page: Page
    reading: PageText | None
    lines: Sequence[TextLine]
    for_desk: bool = False

    @property
    def text(self) -> str:
        """The text of the page, as it is stored."""
        if self.reading is None:
            return ""
        return self.reading.text if self.for_desk else self.reading.open_text

    @property
    def file_name(self) -> str:
        """What the page's file is called: for the desk as it was received, for everybody else by code and number.

        The name that a file came with may hold that of a person, or a number of theirs.
        """
        if self.for_desk:
            return self.page.digital_object.original_name
        return f"{self.page.unit.reference_code}-{self.page.number}"

    @property
    def image(self) -> Path:
        """The pyramid that shows the page to this reader.

        Raises:
            NotFound: something on the page is masked, and it has not been redrawn yet.
        """
        return storage.access_image(self.page) if self.for_desk else storage.public_image(self.page)


def of_page(page: Page, *, for_desk: bool = False) -> Sheet:
    """The sheet of one page."""
    return _sheet(page, page.texts.filter(is_current=True).first(), for_desk)


def of_unit(unit: Unit, *, for_desk: bool = False) -> Iterator[Sheet]:
    """The sheets of a unit in the order of its pages, a few at a time; without those of quarantined files (L-18).

    Raises:
        NotFound: the unit has no page that can be shown.
    """
    keys = list(shown(unit).values_list("pk", flat=True))
    if not keys:
        raise NotFound(_("This unit has no pages that can be shown."))
    for first in range(0, len(keys), AT_ONCE):
        some = keys[first : first + AT_ONCE]
        texts = {text.page_id: text for text in PageText.objects.filter(page__in=some, is_current=True)}
        for page in (
            Page.objects.filter(pk__in=some).select_related("digital_object", "unit__record").order_by("number")
        ):
            yield _sheet(page, texts.get(page.pk), for_desk)


def shown(unit: Unit) -> PageQuerySet:
    """The pages of a unit that may be written out at all, in their order."""
    return Page.objects.filter(unit=unit, digital_object__quarantined_at__isnull=True).order_by("number")


def _sheet(page: Page, reading: PageText | None, for_desk: bool) -> Sheet:
    if reading is None:
        return Sheet(page, None, (), for_desk)
    return Sheet(page, reading, reading.text_lines() if for_desk else reading.open_lines(), for_desk)
