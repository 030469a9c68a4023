"""The reader: one page, its image, its text, and on both the places that were searched for or cited."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.models import Kind, Reader, Record, Scope, Unit
from core.errors import NotFound, Unavailable
from media.lines import Box
from media.models import Page, PageText
from portal import holdings, images, marking, sharing
from portal.holdings import Statement, Thumbnail
from portal.marking import Hit, Line
from portal.sharing import Absolute, Sharing

HITS_LISTED = 200
"""Hits listed beside a page; the page of all pages with hits has the rest."""


@dataclass(frozen=True, slots=True)
class ListedHit:
    """A hit in the list beside the page."""

    hit: Hit
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """A rectangle drawn on the image."""

    box: Box
    is_current: bool


@dataclass(frozen=True, slots=True)
class ReaderPage:
    """Everything the reader shows of one page."""

    record: Record
    above: Sequence[Unit]
    page: Page
    total: int
    text: PageText | None
    blocks: Sequence[Sequence[Line]]
    query: str
    can_search: bool
    hits: Sequence[Hit]
    hit: Hit | None
    marks: Sequence[Mark]
    region: Box | None
    statements: Sequence[Statement]
    shows_image: bool
    previous_page: str
    next_page: str
    previous_hit: str
    next_hit: str
    hit_list: Sequence[ListedHit]
    strip: Sequence[Thumbnail]
    sharing: Sharing
    is_vertical: bool

    @property
    def image(self) -> str:
        """The page image as the reader first shows it."""
        return images.address(self.page, images.READER_WIDTH)

    @property
    def sharp_image(self) -> str:
        """The page image for dense screens and for full size."""
        return images.address(self.page, images.SHARP_WIDTH)

    @property
    def full_image(self) -> str:
        """The page image in all its pixels."""
        return images.full(self.page)

    @property
    def image_description(self) -> str:
        """Where a deep zoom viewer learns about the image."""
        return images.description(self.page)

    @property
    def hits_here(self) -> int:
        """How many hits lie on this page."""
        return sum(1 for hit in self.hits if hit.page == self.page.number)

    @property
    def confidence(self) -> int | None:
        """The mean confidence of the recognition in hundredths."""
        if self.text is None or self.text.confidence is None:
            return None
        return round(self.text.confidence * 100)


def open_page(
    record: Record,
    number: int,
    reader: Reader,
    absolute: Absolute,
    *,
    q: str = "",
    hit: int = 0,
    region: str = "",
) -> ReaderPage:
    """Page ``number`` of a unit, with the hits for ``q`` (number ``hit`` of them current) or a region marked.

    The text is what may be shown: what is masked is left out for everybody here, the desk has its own pages for it.

    Raises:
        NotFound: the record is no unit, or has no such page that this reader may read.
    """
    pages = Page.objects.visible_to(reader, Scope.TEXT).filter(unit__record=record, number=number)
    page = pages.select_related("unit__record").first() if record.kind == Kind.UNIT else None
    if page is None:
        raise NotFound(_("“%(title)s” has no page %(number)d that can be read here.") % _named(record, number))
    hits, can_search = _hits(record, q, reader)
    current = _current(hits, number, hit)
    here = [found for found in hits if found.page == number]
    text = page.texts.filter(is_current=True).first()
    lines = text.open_lines() if text else []
    asked = images.parse_region(region)
    shows_image = images.is_shown(page) and record.is_visible_to(reader, Scope.IMAGE)
    total = holdings.page_count(page.unit, reader)
    return ReaderPage(
        record=record,
        above=holdings.above(page.unit),
        page=page,
        total=total,
        text=text,
        blocks=marking.blocks(lines, here, current, asked),
        query=q,
        can_search=can_search,
        hits=hits,
        hit=current,
        marks=[Mark(box, found == current) for found in here for box in found.boxes],
        region=asked,
        statements=[row for row in holdings.statements(record, reader) if row.page == number],
        shows_image=shows_image,
        previous_page=address(record, number - 1, q) if number > 1 else "",
        next_page=address(record, number + 1, q) if number < total else "",
        previous_hit=_neighbour(record, hits, current, number, q, step=-1),
        next_hit=_neighbour(record, hits, current, number, q, step=1),
        hit_list=[
            ListedHit(each, address(record, each.page, q, each.number), each == current) for each in hits[:HITS_LISTED]
        ],
        strip=holdings.strip(page.unit, number, reader, with_images=shows_image) if total > 1 else [],
        sharing=sharing.of(record, page, asked, reader, absolute, shows_image=shows_image),
        is_vertical=sum(line.direction == "v" for line in lines) * 2 > len(lines),
    )


def address(record: Record, number: int, q: str = "", hit: int = 0) -> str:
    """The address of a page in the reader, with the query and the current hit."""
    parts = {name: value for name, value in (("q", q), ("hit", hit or "")) if value}
    path = reverse("portal:reader", args=[settings.ARCHIVE_NAAN, record.ark, number])
    return f"{path}?{urlencode(parts)}" if parts else path


def _hits(record: Record, q: str, reader: Reader) -> tuple[list[Hit], bool]:
    """The hits, and whether the index could be asked: a page can be read without it."""
    try:
        return marking.find(record, q, reader), True
    except Unavailable:
        return [], False


def _named(record: Record, number: int) -> dict[str, object]:
    return {"title": record.title, "number": number}


def _current(hits: Sequence[Hit], page: int, asked: int) -> Hit | None:
    """The hit that was asked for, if it lies on this page; the first one here otherwise."""
    here = [hit for hit in hits if hit.page == page]
    return next((hit for hit in here if hit.number == asked), here[0] if here else None)


def _neighbour(record: Record, hits: Sequence[Hit], current: Hit | None, page: int, q: str, *, step: int) -> str:
    """The address of the next (``step`` 1) or the previous hit (−1), seen from the current one or from the page."""
    position = current.number if current is not None else 0
    if step > 0:
        found = next((hit for hit in hits if (hit.number > position if position else hit.page > page)), None)
    else:
        earlier = [hit for hit in hits if (hit.number < position if position else hit.page < page)]
        found = earlier[-1] if earlier else None
    return address(record, found.page, q, found.number) if found is not None else ""
