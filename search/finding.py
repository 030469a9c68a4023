"""Run a query for a reader: count, facets, hits, and where in their texts and on their pages they stand.

The index proposes, the database decides: every row comes through ``visible_to``, and for the public every hit is
checked once more against what the record and its pages say now. A stale index may miss a record, never leak one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from archive.models import Kind, Reader, Record, Scope
from core.errors import InvalidInput
from media.models import Page, PageText
from search import backends, cursors, document, facets, loading, outbox, planning, query, snippets, stages
from search.backends import base
from search.backends.base import OFFSET_LIMIT, Order
from search.criteria import AllOf, Anything, Between, Criteria, OneOf
from search.cursors import Cursor
from search.facets import Choice
from search.results import FacetValue, Hit, IndexStatus, PageHit, Request, Result, Snippet, Suggestion
from search.schema import Index
from search.stages import Stage
from search.state import status
from search.suggestions import suggest

__all__ = [
    "FacetValue",
    "Hit",
    "IndexStatus",
    "PageHit",
    "Request",
    "Result",
    "Snippet",
    "Suggestion",
    "find",
    "find_in_record",
    "status",
    "suggest",
]

MOST: Final = 100
"""Hits on one page of results."""

PAGES_SHOWN: Final = 3
"""Pages shown with each hit; the reader has them all."""

PAGES_IN_RECORD: Final = 2_000


@dataclass(frozen=True, slots=True)
class Search:
    """One run of a query: who asks, what is filtered, and the index as it stands."""

    reader: base.Reader
    person: Reader
    choice: Choice
    hidden: Sequence[int]

    def criteria(self, stage: Stage, *, apart_from: str = "") -> Criteria:
        """What the index is asked for: the query, the filters, and what this person may see."""
        return AllOf(
            parts=[stage.records],
            filters=[*planning.visibility(self.person), *planning.filters(self.choice, apart_from=apart_from)],
            but_not=[OneOf("record", tuple(self.hidden))] if self.hidden else [],
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """One page of hits: how many there are in all, the keys of these, and where the next ones begin."""

    count: int
    keys: tuple[int, ...]
    onward: Cursor | None


def find(request: Request, reader: Reader) -> Result:
    """Find records for a reader.

    Raises:
        InvalidInput: an unknown filter, a size out of range, or a cursor of another query; never the query itself.
        Unavailable: the index cannot be read.
    """
    if not 1 <= request.size <= MOST:
        raise InvalidInput(_("The size of a page of results lies between 1 and %(most)d.") % {"most": MOST})
    mark = cursors.fingerprint(request, for_desk=planning.for_desk(reader))
    cursor = cursors.read(request.cursor, mark)
    reading = query.read(request.q)
    choice = facets.chosen(request.filters, reader)
    is_behind = outbox.is_waiting()
    hidden = outbox.not_to_be_found() if is_behind and not planning.for_desk(reader) else []
    index = backends.engine().reader()  # opened only now: what the outbox did not hold any more, this reader shows
    if index is None:
        return Result(0, [], explanation=_("The search index is being built; please try again soon."), is_behind=True)
    search = Search(index, reader, choice, hidden)
    stage, stretch = _first_that_finds(search, reading.tree, request.size, cursor)
    onward = stretch.onward
    notes = [*reading.notes, stage.note if stretch.count else ""]
    return Result(
        count=stretch.count,
        hits=_hits(search, stage, stretch.keys),
        facets=_facets(search, stage) if request.with_facets else {},
        next_cursor=cursors.write(onward, mark) if onward is not None else "",
        explanation=" ".join(note for note in notes if note),
        is_behind=is_behind,
    )


def find_in_record(record: Record, q: str, reader: Reader) -> list[PageHit]:
    """All pages of a record with hits for a query, in page order; none where the reader may not read its text.

    Raises:
        Unavailable: the index cannot be read.
    """
    tree = query.read(q).tree
    index = backends.engine().reader()
    if index is None or not query.phrases(tree) or not record.is_visible_to(reader, Scope.TEXT):
        return []
    for stage in stages.of(tree, index, reader):
        found = _page_keys(index, stage, [record.pk], reader, PAGES_IN_RECORD)
        if found:
            return _page_hits(stage, [key for pages in found.values() for key in pages.keys], reader).get(record.pk, [])
    return []


def _first_that_finds(search: Search, tree: query.Tree, size: int, cursor: Cursor | None) -> tuple[Stage, Stretch]:
    """The first stage that finds anything, or the one that the cursor goes on with; else the exact one, empty."""
    first: Stage | None = None
    for stage in stages.of(tree, search.reader, search.person):
        first = first or stage
        if cursor is not None and stage.name != cursor.stage:
            continue
        stretch = _stretch(search, stage, size, cursor)
        if stretch.count:
            return stage, stretch
    assert first is not None, "every query is tried exactly"
    return first, Stretch(0, (), None)


def _stretch(search: Search, stage: Stage, size: int, cursor: Cursor | None) -> Stretch:
    """One page of hits by rank as long as engines can bear, then by key."""
    if cursor is None:
        cursor = Cursor(stage.name, "key" if isinstance(stage.records, Anything) else "rank", 0)
    if cursor.mode == "key":
        return _by_key(search, stage, size, cursor)
    skip = min(cursor.position, OFFSET_LIMIT)
    wanted = min(size, max(OFFSET_LIMIT - skip, 1))
    found = search.reader.search(Index.RECORDS, search.criteria(stage), size=wanted, skip=skip)
    passed = skip + len(found.keys)
    if passed >= found.count or not found.keys:
        return Stretch(found.count, found.keys, None)
    onward = Cursor(stage.name, "rank", passed) if passed < OFFSET_LIMIT else Cursor(stage.name, "key", 0)
    return Stretch(found.count, found.keys, onward)


def _by_key(search: Search, stage: Stage, size: int, cursor: Cursor) -> Stretch:
    criteria = search.criteria(stage)
    passed: tuple[int, ...] = ()
    if not isinstance(stage.records, Anything):
        passed = search.reader.search(Index.RECORDS, criteria, size=OFFSET_LIMIT).keys
    rest = AllOf(
        parts=[criteria],
        filters=[Between("record", least=cursor.position + 1)],
        but_not=[OneOf("record", passed)] if passed else [],
    )
    found = search.reader.search(Index.RECORDS, rest, size=size, order=Order("record"))
    count = search.reader.count(Index.RECORDS, criteria) if cursor.position or passed else found.count
    more = found.count > len(found.keys)
    return Stretch(count, found.keys, Cursor(stage.name, "key", found.keys[-1]) if more else None)


def _facets(search: Search, stage: Stage) -> dict[str, list[FacetValue]]:
    return facets.count(
        search.reader, lambda name: search.criteria(stage, apart_from=name), search.choice, search.person
    )


def _hits(search: Search, stage: Stage, keys: Sequence[int]) -> list[Hit]:
    """The records with these keys that this person may see and that still match, in their order."""
    visible = Record.objects.visible_to(search.person)
    rows = {record.pk: record for record in visible.filter(pk__in=keys)}
    if not stage.shows_hits:
        return [Hit(rows[key]) for key in keys if key in rows]
    units = [key for key in keys if key in rows and rows[key].kind == Kind.UNIT]
    pages = _page_keys(search.reader, stage, units, search.person, PAGES_SHOWN)
    shown = _page_hits(stage, [key for found in pages.values() for key in found.keys], search.person)
    described = _described(search, stage, list(rows.values()), shown)
    hits = []
    for key in keys:
        if key not in rows or not _still_matches(search, stage, described[key], shown.get(key, [])):
            continue
        count = pages[key].count if shown.get(key) else 0
        hits.append(Hit(rows[key], _highlights(stage, rows[key], described[key]), shown.get(key, []), count))
    return hits


def _page_keys(
    reader: base.Reader, stage: Stage, records: Sequence[int], person: Reader, size: int
) -> dict[int, base.Pages]:
    """The pages with hits of each record: those that hold the whole query, or, where none does, any of it."""
    found: dict[int, base.Pages] = {}
    for criteria in stage.pages:
        left = [key for key in records if key not in found]
        visible = AllOf(parts=[criteria], filters=planning.visibility(person, Scope.TEXT))
        found |= reader.pages_by_record(visible, left, size=size)
    return found


def _page_hits(stage: Stage, keys: Sequence[int], person: Reader) -> dict[int, list[PageHit]]:
    """The pages with these keys whose text this person may read and in which the hits really stand, by record."""
    if not keys:
        return {}
    pages = Page.objects.visible_to(person, Scope.TEXT).filter(pk__in=keys).values("pk")
    texts = PageText.objects.filter(is_current=True, page__in=pages).select_related("page__unit")
    found: dict[int, list[PageHit]] = {}
    for row in texts.order_by("page__number"):
        spans = stage.matcher.spans(row.text)
        if spans:
            page = row.page
            hit = PageHit(page, page.number, snippets.cut(row.text, spans), snippets.boxes(row.lines, spans))
            found.setdefault(page.unit.record_id, []).append(hit)
    return found


def _described(
    search: Search, stage: Stage, records: Sequence[Record], pages: dict[int, list[PageHit]]
) -> dict[int, list[document.Passage]]:
    """The passages of records that this person may read; those beside the row only where the row does not suffice."""
    names = loading.name_forms(records)
    found = {record.pk: document.row_passages(record, names.get(record.pk, ())) for record in records}
    every = len(stage.matcher.finders)
    wanting = [
        record.pk
        for record in records
        if len(_met(stage, found[record.pk])) < every and (record.pk not in pages or every > 1)
    ]
    if wanting:
        for loaded in loading.load(Record.objects.filter(pk__in=wanting), for_index=False):
            found[loaded.record.pk] = document.passages(loaded)
    if not planning.for_desk(search.person):
        found = {key: [one for one in own if one.is_public] for key, own in found.items()}
    return found


def _met(stage: Stage, passages: Iterable[document.Passage]) -> set[int]:
    return set().union(*(stage.matcher.met(passage.text) for passage in passages))


def _still_matches(
    search: Search, stage: Stage, passages: Sequence[document.Passage], pages: Sequence[PageHit]
) -> bool:
    """Whether the record as it is now holds every phrase in what the public may read; the desk is not asked."""
    if planning.for_desk(search.person) or pages:
        return True
    return len(_met(stage, passages)) == len(stage.matcher.finders)


def _highlights(stage: Stage, record: Record, passages: Sequence[document.Passage]) -> dict[str, list[Snippet]]:
    found: dict[str, list[Snippet]] = {}
    for passage in passages:
        spans = stage.matcher.spans(passage.text)
        if not spans or (passage.name == "title" and passage.text != record.title):
            continue
        make = snippets.whole if passage.name in {"title", "names", "numbers"} else snippets.cut
        found.setdefault(passage.name, []).append(make(passage.text, spans))
    return found
