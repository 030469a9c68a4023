"""Search inside a unit by the IIIF Content Search API 2.0.

The same search as everywhere: `search.finding.find_in_record`. Each hit has one annotation per line that it touches,
on its place on the canvas; a second page of annotations quotes it with what surrounds it (§3.3.3).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from api.iiif import answers, finding
from api.iiif.addresses import Addresses
from api.iiif.describing import Json
from archive.models import Reader, Record
from core.errors import InvalidInput, NotFound
from media import stretches
from media.lines import Box, TextLine
from media.models import Page, PageText
from media.stretches import Quote
from search import finding as index

PAGE: Final = 100
"""Hits on one page of the answer."""

LONGEST_QUERY: Final = 2000
_MOTIVATIONS: Final = frozenset({"supplementing", "contextualizing", "highlighting"})


@dataclass(frozen=True, slots=True)
class Place:
    """A hit: its page, its boxes with the characters in each, and how the text has it."""

    page: Page
    pieces: Sequence[tuple[Box, str]]
    quote: Quote


@answers.readable_from_anywhere
def search(request: HttpRequest, ark: str) -> HttpResponse:
    """Every place of a unit where the query stands, in the order of the pages."""
    record = finding.readable_unit(ark, request.user).record
    q = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    if not q:
        raise InvalidInput(_("Say what you look for: ?q=…"))
    number = _page_number(request)
    motivations = set(request.GET.get("motivation", "").split()) or _MOTIVATIONS
    found = list(places(record, q, request.user)) if motivations & _MOTIVATIONS else []
    if number > 1 and len(found) <= (number - 1) * PAGE:
        raise NotFound(_("This answer has no such page."))
    return answers.linked_data(request, _answer(request, record, found, number), answers.SEARCH_2)


def places(record: Record, q: str, reader: Reader) -> Iterator[Place]:
    """Every place of a unit that answers a query.

    Raises:
        Unavailable: the index cannot be read.
    """
    hits = index.find_in_record(record, q, reader)
    rows = PageText.objects.filter(is_current=True, page__in=[hit.page.pk for hit in hits])
    texts = {text.page_id: text for text in rows}
    longest = max(len(word) for word in q.split())
    for hit in hits:
        lines = texts[hit.page.pk].open_lines() if hit.page.pk in texts else []
        for boxes in stretches.grouped(hit.boxes, lines, longest):
            place = _place(hit.page, boxes, lines)
            if place is not None:
                yield place


def _place(page: Page, boxes: Sequence[Box], lines: Sequence[TextLine]) -> Place | None:
    held = [each for box in boxes if (each := stretches.stretch(box, lines))]
    if not held:
        return None
    return Place(page, [(each.box, each.of(lines)) for each in held], stretches.quote(held, lines))


def _answer(request: HttpRequest, record: Record, found: Sequence[Place], number: int) -> Json:
    """Page ``number`` of the answer (§3.3)."""
    addresses = Addresses(request)
    asked = {name: request.GET[name] for name in ("q", "motivation") if name in request.GET}
    base = f"{addresses.search(record)}?{urlencode(asked)}"
    first = (number - 1) * PAGE
    shown = found[first : first + PAGE]
    hits = [_hit(f"{base}#{first + order}", place, addresses) for order, place in enumerate(shown, 1)]
    body: Json = {
        "@context": answers.SEARCH_2,
        **_page(base, number),
        "items": [annotation for annotations, _quoted in hits for annotation in annotations],
        "annotations": [
            {
                "id": f"{base}#quotes-{number}",
                "type": "AnnotationPage",
                "items": [quoted for _annotations, quoted in hits],
            }
        ],
    }
    last = -(-len(found) // PAGE)
    if last > 1:
        collection = {"id": f"{base}#all", "type": "AnnotationCollection", "total": len(found)}
        body["partOf"] = [{**collection, "first": _page(base, 1), "last": _page(base, last)}]
        body["startIndex"] = first
        body |= {"next": _page(base, number + 1)} if number < last else {}
        body |= {"prev": _page(base, number - 1)} if number > 1 else {}
    return answers.with_ignored(body, request, {"q", "motivation", "page"})


def _page(base: str, number: int) -> Json:
    """The name of a page of the answer."""
    return {"id": f"{base}&page={number}" if number > 1 else base, "type": "AnnotationPage"}


def _hit(name: str, place: Place, addresses: Addresses) -> tuple[list[Json], Json]:
    """The annotations of one hit on the canvas, and the one that quotes it."""
    annotations: list[Json] = [
        {
            "id": f"{name}-{number}",
            "type": "Annotation",
            "motivation": "supplementing",
            "body": {"type": "TextualBody", "value": text, "format": "text/plain"},
            "target": addresses.canvas(place.page, box),
        }
        for number, (box, text) in enumerate(place.pieces, 1)
    ]
    selector = {
        "type": "TextQuoteSelector",
        "prefix": place.quote.prefix,
        "exact": place.quote.exact,
        "suffix": place.quote.suffix,
    }
    targets = [{"type": "SpecificResource", "source": each["id"], "selector": [selector]} for each in annotations]
    quoted: Json = {
        "id": f"{name}-quote",
        "type": "Annotation",
        "motivation": "contextualizing",
        "target": targets[0] if len(targets) == 1 else targets,
    }
    return annotations, quoted


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    if not (given.isascii() and given.isdigit() and len(given) < 7 and int(given) > 0):
        raise InvalidInput(_("Pages of an answer count from 1."))
    return int(given)
