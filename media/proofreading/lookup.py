"""Which pages wait for a proofreader, and in which order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.db.models import F, FilteredRelation, Q

from archive.models import Reader, Scope, Unit
from media.models import Page, PageQuerySet, PageText

Order = Literal["confidence", "pages"]

STATES: Final = (*PageText.Quality.values, "any")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which pages: with a text in this state (“any” for all), of this unit and what lies below it (None for all).

    The order is by the confidence of the recognition, the lowest first, or by unit and page.
    """

    state: str = PageText.Quality.MACHINE
    unit: Unit | None = None
    order: Order = "confidence"


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A page that waits, and what is known of its text."""

    page: Page
    text: PageText

    @property
    def confidence(self) -> int | None:
        """The mean confidence of the recognition in hundredths."""
        return None if self.text.confidence is None else round(self.text.confidence * 100)


def queue(selection: Selection, reader: Reader) -> PageQuerySet:
    """The pages of a selection that this reader may see, in its order; `waiting` finds their texts."""
    pages = Page.objects.visible_to(reader, Scope.TEXT).annotate(
        reading=FilteredRelation("texts", condition=Q(texts__is_current=True))
    )
    pages = pages.filter(reading__isnull=False).select_related("unit__record")
    if selection.state != "any":
        pages = pages.filter(reading__quality=selection.state)
    if selection.unit is not None:
        pages = pages.filter(unit__path__startswith=selection.unit.path)
    if selection.order == "pages":
        return pages.order_by("unit__path", "number")
    return pages.order_by(F("reading__confidence").asc(nulls_last=True), "pk")


def waiting(pages: Sequence[Page]) -> list[QueueRow]:
    """Pages of a queue with their texts (one query), which come without words and lines."""
    texts = PageText.objects.filter(page__in=[page.pk for page in pages], is_current=True).select_related("made_by")
    slim = texts.defer("text", "lines", "public_text", "public_lines", "settings")
    by_page = {text.page_id: text for text in slim}
    return [QueueRow(page, by_page[page.pk]) for page in pages if page.pk in by_page]


def next_page(selection: Selection, reader: Reader, after: Page, confidence: float | None) -> Page | None:
    """The page of the selection that follows one, whose text has this confidence; after the last one the first again.

    None where no other page is left.
    """
    others = queue(selection, reader).exclude(pk=after.pk)
    return others.filter(_behind(selection.order, after, confidence)).first() or others.first()


def _behind(order: Order, page: Page, confidence: float | None) -> Q:
    if order == "pages":
        path = page.unit.path
        return Q(unit__path__gt=path) | Q(unit__path=path, number__gt=page.number)
    if confidence is None:
        return Q(reading__confidence__isnull=True, pk__gt=page.pk)
    here = Q(reading__confidence=confidence, pk__gt=page.pk)
    return here | Q(reading__confidence__gt=confidence) | Q(reading__confidence__isnull=True)
