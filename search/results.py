"""What is asked of search and what it answers: plain frozen values for the faces to show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from archive.models import Record
from media.lines import Box
from media.models import Page, PageText

Snippet = tuple[tuple[str, bool], ...]
"""A piece of the original text, cut into runs: the text of the run, and whether it is a hit."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody looks for.

    ``filters`` knows the keys kind, dimension, mechanism, place, agent (ARK names) and year; several values of one
    key are alternatives, several keys must all hold. ``size`` lies between 1 and 100. ``cursor`` is the
    ``next_cursor`` of the page before; it belongs to this very query and these filters.
    """

    q: str = ""
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    size: int = 20
    cursor: str = ""
    with_facets: bool = True


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value of a facet: what the filter is called with, what people read, how many of the hits have it."""

    value: str
    label: str
    count: int
    selected: bool = False


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page with hits: a snippet of its text and a box, in pixels of the full page image, for every line of every hit.

    Pages whose text the reader may not read are no hits. A box says nothing on whether the image may be shown.
    ``quality`` is how far the text can be trusted (`PageText.Quality`, O-04).
    """

    page: Page
    number: int
    snippet: Snippet
    boxes: list[Box]
    quality: str

    @property
    def quality_label(self) -> str:
        """How far the text can be trusted, in words."""
        return str(PageText.Quality(self.quality).label)


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that matches, by its own description, by the text of its pages, or both.

    ``highlights`` holds the fields that match (title, summary, names, claims …) with the places marked; ``pages`` the
    first pages with hits in page order, ``page_count`` how many there are.
    """

    record: Record
    highlights: dict[str, list[Snippet]] = field(default_factory=dict)
    pages: list[PageHit] = field(default_factory=list)
    page_count: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """The answer: how many records match in all, one page of them, the facets of all of them.

    ``notes`` are translated sentences on how the query was read where that is not obvious; none otherwise.
    ``related`` are records that hold only a part of the query, listed where the exact hits leave room on the first
    page; they are not counted. ``suggestion`` is another query that finds something and is very like this one, which
    finds nothing as typed.
    ``is_behind`` says that changes wait to be indexed.
    """

    count: int
    hits: list[Hit]
    facets: dict[str, list[FacetValue]] = field(default_factory=dict)
    next_cursor: str = ""
    related: list[Hit] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    suggestion: str = ""
    is_behind: bool = False

    @property
    def explanation(self) -> str:
        """The notes as one text."""
        return " ".join(self.notes)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A title or name that begins as typed; ``matched`` is the form that was met (another name, or pinyin)."""

    text: str
    kind: str
    ark: str
    matched: str


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """The state of the index: documents in it, operations that wait, for how long, and whether an indexer is alive."""

    records: int
    pages: int
    pending: int
    behind_seconds: float
    indexer_alive: bool
