"""All pages of one record that answer a query, in page order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.models import Reader, Record, Scope, Unit
from core.errors import InvalidInput
from portal import holdings, images, reading
from search import finding
from search.finding import PageHit, Snippet

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class HitPage:
    """A page with hits: its image in small where that may be seen, the text around and its state, the way to it."""

    number: int
    snippet: Snippet
    href: str
    state: str
    image: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class RecordHits:
    """One stretch of the pages with hits, and the addresses of its neighbours."""

    record: Record
    above: Sequence[Unit]
    query: str
    count: int
    first: int
    pages: Sequence[HitPage]
    previous_href: str
    next_href: str

    @property
    def last(self) -> int:
        """The number of the last page shown, counted among all pages with hits."""
        return self.first + len(self.pages) - 1


def gather(record: Record, query: str, reader: Reader, *, stretch: int = 1) -> RecordHits:
    """The pages with hits of a record that this reader may see; ``stretch`` counts from 1, fifty pages each.

    Raises:
        InvalidInput: there is no such stretch.
        Unavailable: the index cannot be read.
    """
    hits = finding.find_in_record(record, query, reader) if query else []
    stretches = max(-(-len(hits) // PAGE_SIZE), 1)
    if not 1 <= stretch <= stretches:
        raise InvalidInput(
            _("This list has no page %(number)d; write one from 1 to %(most)d.")
            % {"number": stretch, "most": stretches}
        )
    first = (stretch - 1) * PAGE_SIZE
    shown = hits[first : first + PAGE_SIZE]
    with_images = record.is_visible_to(reader, Scope.IMAGE)
    return RecordHits(
        record=record,
        above=holdings.above(shown[0].page.unit) if shown else (),
        query=query,
        count=len(hits),
        first=first + 1,
        pages=[_page(record, hit, query, with_image=with_images) for hit in shown],
        previous_href=address(record, query, stretch - 1) if stretch > 1 else "",
        next_href=address(record, query, stretch + 1) if stretch < stretches else "",
    )


def address(record: Record, query: str, stretch: int = 1) -> str:
    """The address of the list of all pages with hits."""
    path = reverse("portal:hits", args=[settings.ARCHIVE_NAAN, record.ark])
    parts = {"q": query, **({"page": stretch} if stretch > 1 else {})}
    return f"{path}?{urlencode(parts, errors='replace')}"


def _page(record: Record, hit: PageHit, query: str, *, with_image: bool) -> HitPage:
    page = hit.page
    return HitPage(
        number=hit.number,
        snippet=hit.snippet,
        href=reading.address(record, hit.number, query),
        state=hit.quality_label,
        image=images.address(page, images.THUMBNAIL_WIDTH) if with_image and images.is_shown(page) else "",
        width=images.THUMBNAIL_WIDTH,
        height=round(images.THUMBNAIL_WIDTH * page.height / page.width) if page.width else 340,
    )
