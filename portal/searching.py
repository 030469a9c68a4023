"""The search page: what was asked, what was found, and how to ask for more or less."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import prefetch_related_objects
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from archive.models import Reader, Record
from media.models import Page
from portal import reading
from search import finding
from search.finding import FacetValue, Snippet

FACETS: dict[str, str | Promise] = {
    "kind": _("Kind"),
    "dimension": _("Dimension"),
    "mechanism": _("Mechanism"),
    "place": _("Place"),
    "agent": _("Agent"),
    "year": _("Year"),
}
"""The facets in the order shown; their names are those of the parameters."""

OPEN_FACETS = ("kind", "dimension")
"""Facets that show their values from the start."""

VALUES_SHOWN = 8
QUERY_LIMIT = 200
VALUES_LIMIT = 50
"""Chosen values of one facet that are taken: each is shown with an address that names all the others."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet."""

    value: str
    label: str
    count: int
    is_selected: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet with its values; those beyond the first few are folded away."""

    name: str
    label: str
    first: Sequence[Choice]
    further: Sequence[Choice]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """A value that narrows the search now, and the address without it."""

    facet: str
    label: str
    href_without: str


@dataclass(frozen=True, slots=True)
class FoundPage:
    """A page with a hit, and the way to it in the reader."""

    page: Page
    number: int
    snippet: Snippet
    href: str


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found, the words that matched, and the pages with hits."""

    record: Record
    title: Sequence[tuple[str, bool]]
    snippets: Sequence[Snippet]
    pages: Sequence[FoundPage]
    page_count: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the template is given."""

    query: str
    count: int
    found: Sequence[Found]
    facets: Sequence[Facet]
    filters: Sequence[Filter]
    next_href: str
    explanation: str
    is_behind: bool
    is_first: bool


def run(asked: QueryDict, reader: Reader) -> SearchPage:
    """Search as the address asks: ``q``, any facet any number of times, ``cursor``."""
    query = asked.get("q", "").strip()[:QUERY_LIMIT]
    filters = {name: values for name in FACETS if (values := _chosen(asked, name))}
    cursor = asked.get("cursor", "")
    result = finding.find(finding.Request(q=query, filters=filters, cursor=cursor), reader)
    prefetch_related_objects([hit.record for hit in result.hits], "classifications")
    return SearchPage(
        query=query,
        count=result.count,
        found=[_found(hit, query) for hit in result.hits],
        facets=[_facet(name, result.facets.get(name, [])) for name in FACETS if result.facets.get(name)],
        filters=_filters(query, filters, result.facets),
        next_href=_address(query, filters, cursor=result.next_cursor) if result.next_cursor else "",
        explanation=result.explanation,
        is_behind=result.is_behind,
        is_first=not cursor,
    )


def _chosen(asked: QueryDict, name: str) -> list[str]:
    """The values asked for in one facet, each once."""
    return list(dict.fromkeys(value for value in asked.getlist(name) if value))[:VALUES_LIMIT]


def _found(hit: finding.Hit, query: str) -> Found:
    record = hit.record
    highlights = dict(hit.highlights)
    titles = [snippet for name in list(highlights) if name.startswith("title") for snippet in highlights.pop(name)]
    shown = next((title for title in titles if "".join(text for text, _hit in title) == record.title), None)
    pages = [
        FoundPage(found.page, found.number, found.snippet, reading.address(record, found.number, query))
        for found in hit.pages
    ]
    return Found(
        record=record,
        title=shown or ((record.title, False),),
        snippets=[snippet for snippets in highlights.values() for snippet in snippets][:2],
        pages=pages,
        page_count=hit.page_count,
    )


def _facet(name: str, values: Sequence[FacetValue]) -> Facet:
    choices = [Choice(value.value, str(value.label), value.count, value.selected) for value in values]
    first = [choice for order, choice in enumerate(choices) if order < VALUES_SHOWN or choice.is_selected]
    further = [choice for choice in choices if choice not in first]
    is_open = name in OPEN_FACETS or any(choice.is_selected for choice in choices)
    return Facet(name, str(FACETS[name]), first, further, is_open)


def _filters(query: str, filters: dict[str, list[str]], facets: "dict[str, list[FacetValue]]") -> list[Filter]:
    labels = {(name, value.value): str(value.label) for name, values in facets.items() for value in values}
    return [
        Filter(
            str(FACETS[name]),
            labels.get((name, value), value),
            _address(query, {**filters, name: [other for other in values if other != value]}),
        )
        for name, values in filters.items()
        for value in values
    ]


def _address(query: str, filters: dict[str, list[str]], cursor: str = "") -> str:
    parts = [("q", query), *((name, value) for name, values in filters.items() for value in values), ("cursor", cursor)]
    return f"{reverse('portal:search')}?{urlencode([(name, value) for name, value in parts if value])}"
