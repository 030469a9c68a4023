"""The search page: what was asked, what was found, and how to ask for more or less."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import prefetch_related_objects
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from archive.models import Reader, Record
from media.models import Page
from portal import advanced, histogram, reading, record_hits
from portal.histogram import Bar
from portal.questions import Question
from search import finding
from search.finding import FacetValue, Snippet

FACETS: Final[dict[str, str | Promise]] = {
    "kind": gettext_lazy("Kind"),
    "dimension": gettext_lazy("Dimension"),
    "mechanism": gettext_lazy("Mechanism"),
    "place": gettext_lazy("Place"),
    "agent": gettext_lazy("Agent"),
    "amount": gettext_lazy("Amount"),
    "year": gettext_lazy("Year"),
}
"""The facets in the order shown; their names are those of the parameters. The years are drawn as bars."""

OPEN_FACETS: Final = ("kind", "dimension")
"""Facets that show their values from the start."""

VALUES_SHOWN: Final = 8

EXPORTS: Final[dict[str, str | Promise]] = {
    "csv": gettext_lazy("Table (CSV)"),
    "xlsx": gettext_lazy("Spreadsheet (XLSX)"),
    "bib": gettext_lazy("References (BibTeX)"),
    "ris": gettext_lazy("References (RIS)"),
    "json": gettext_lazy("References (CSL-JSON)"),
    "txt": gettext_lazy("References (GB/T 7714, text)"),
}
"""Forms in which a list of results can be taken along, by the last part of the address."""


MOST_SNIPPETS: Final = 2
"""Places shown of one record, beside its pages."""

MOST_RELATED: Final = 10
"""Records that hold only a part of the query, shown behind the exact hits."""


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
    """A page with a hit, the way to it in the reader, and how far its text can be trusted, in words (O-04)."""

    page: Page
    number: int
    snippet: Snippet
    href: str
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """A record that was found, the words that matched, and its first pages with hits; ``all_href`` lists them all.

    ``also_called`` are its other names that matched.
    """

    record: Record
    title: Sequence[tuple[str, bool]]
    also_called: Sequence[Snippet]
    snippets: Sequence[Snippet]
    pages: Sequence[FoundPage]
    page_count: int
    all_href: str


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be done with the whole list: its name and its address."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the template is given."""

    question: Question
    count: int
    found: Sequence[Found]
    related: Sequence[Found]
    facets: Sequence[Facet]
    bars: Sequence[Bar]
    filters: Sequence[Filter]
    next_href: str
    notes: Sequence[str]
    suggestion: str
    is_behind: bool
    exports: Sequence[Way]

    @property
    def query(self) -> str:
        """The query as it was read."""
        return self.question.query

    @property
    def has_many_years(self) -> bool:
        """Whether not every bar can bear the name of its year."""
        return len(self.bars) > histogram.MANY

    @property
    def has_crowded_years(self) -> bool:
        """Whether the bars cannot bear their counts either."""
        return len(self.bars) > histogram.CROWDED

    @property
    def is_first(self) -> bool:
        """Whether the list begins here."""
        return not self.question.cursor

    @property
    def first_href(self) -> str:
        """The beginning of the list."""
        return self.question.address()

    @property
    def suggestion_href(self) -> str:
        """The address that asks what may have been meant, with the same filters."""
        return self.question.asking(self.suggestion).address()

    @property
    def unfiltered_href(self) -> str:
        """The same query without a filter."""
        return Question(self.query).address()

    @property
    def feed_href(self) -> str:
        """The feed of new matches."""
        return self.question.address("portal:feed")

    @property
    def form_href(self) -> str:
        """The advanced form filled with this question; empty where the query says more than the form can hold."""
        return self.question.address("portal:advanced") if advanced.holds(self.query) else ""

    @property
    def years_asked(self) -> tuple[str, str]:
        """The first and the last year that the query itself asks for; empty where it names none."""
        return advanced.years(self.query)

    @property
    def kept_filters(self) -> Sequence[tuple[str, str]]:
        """The chosen values as pairs, but for the years: what a form of the years must carry along."""
        return [(name, value) for name, values in self.question.filters.items() if name != "year" for value in values]

    @property
    def chosen_years(self) -> Sequence[str]:
        """The years that are chosen: what the form of the other facets must carry along."""
        return self.question.filters.get("year", ())


def run(question: Question, reader: Reader) -> SearchPage:
    """Search as the question asks.

    Raises:
        InvalidInput: a filter with an impossible value, or a cursor of another query.
        Unavailable: the index cannot be read.
    """
    result = finding.find(question.request(), reader)
    prefetch_related_objects([hit.record for hit in (*result.hits, *result.related)], "classifications")
    return SearchPage(
        question=question,
        count=result.count,
        found=[_found(hit, question.query) for hit in result.hits],
        related=[_found(hit, question.query) for hit in result.related[:MOST_RELATED]],
        facets=[_facet(name, result.facets[name]) for name in FACETS if name != "year" and result.facets.get(name)],
        bars=histogram.bars(result.facets.get("year", []), question),
        filters=_filters(question, result.facets),
        next_href=question.address(cursor=result.next_cursor) if result.next_cursor else "",
        notes=result.notes,
        suggestion=result.suggestion,
        is_behind=result.is_behind,
        exports=_exports(question) if result.count else [],
    )


def _found(hit: finding.Hit, query: str) -> Found:
    record = hit.record
    highlights = dict(hit.highlights)
    titles = [snippet for name in list(highlights) if name.startswith("title") for snippet in highlights.pop(name)]
    shown = next((title for title in titles if _text(title) == record.title), None)
    names = highlights.pop("names", [])
    above = {_bare(text) for text in (record.title, record.date_expression, record.local_id)}
    pages = [
        FoundPage(
            found.page,
            found.number,
            found.snippet,
            reading.address(record, found.number, query),
            found.quality_label,
        )
        for found in hit.pages
    ]
    return Found(
        record=record,
        title=shown or ((record.title, False),),
        also_called=names[:MOST_SNIPPETS],
        snippets=[one for found in highlights.values() for one in found if _bare(_text(one)) not in above][
            :MOST_SNIPPETS
        ],
        pages=pages,
        page_count=hit.page_count,
        all_href=record_hits.address(record, query) if hit.page_count > len(pages) else "",
    )


def _text(snippet: Snippet) -> str:
    return "".join(text for text, _hit in snippet)


def _bare(text: str) -> str:
    """A text without the stop at its end: with and without it, it says the same."""
    return text.rstrip("。. ")


def _facet(name: str, values: Sequence[FacetValue]) -> Facet:
    choices = [Choice(value.value, str(value.label), value.count, value.selected) for value in values]
    first = [choice for order, choice in enumerate(choices) if order < VALUES_SHOWN or choice.is_selected]
    further = [choice for choice in choices if choice not in first]
    is_open = name in OPEN_FACETS or any(choice.is_selected for choice in choices)
    return Facet(name, str(FACETS[name]), first, further, is_open)


def _filters(question: Question, facets: Mapping[str, Sequence[FacetValue]]) -> list[Filter]:
    labels = {(name, value.value): str(value.label) for name, values in facets.items() for value in values}
    return [
        Filter(
            str(FACETS[name]),
            labels.get((name, value), value),
            question.narrowed(name, [other for other in values if other != value]).address(),
        )
        for name, values in question.filters.items()
        for value in values
    ]


def _exports(question: Question) -> list[Way]:
    """The ways to take the whole list along."""
    return [Way(str(label), question.address("portal:export", form)) for form, label in EXPORTS.items()]
