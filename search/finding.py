"""Run a query for a reader: count, facets, hits, and where in their texts and on their pages they stand.

The index proposes, the database decides (`search.hits`).
"""

from collections.abc import Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from archive.models import Reader, Record, Scope
from core.errors import InvalidInput
from search import (
    backends,
    correcting,
    cursors,
    equivalents,
    facets,
    hits,
    language,
    planning,
    query,
    run,
    stages,
)
from search.backends.base import Order
from search.criteria import AllOf, OneOf
from search.results import FacetValue, Hit, IndexStatus, PageHit, Request, Result, Snippet, Suggestion
from search.run import Search
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
    "like",
    "newest",
    "status",
    "suggest",
    "walk",
]

MOST: Final = 100
"""Hits on one page of results."""

PAGES_IN_RECORD: Final = 2_000

CHUNK: Final = 500
"""Records fetched together when a whole list is walked."""


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
    reading = language.read(request.q)
    search = run.begin(request, reader)
    if search is None:
        return Result(0, [], notes=(_("The search index is being built; please try again soon."),), is_behind=True)
    tree = equivalents.widened(reading.tree, reader)
    search, stage, stretch = run.first_that_finds(search, tree, request.size, cursor)
    onward = stretch.onward
    notes = (*reading.notes, _on_other_forms(stage.tree), stage.note if stretch.count else "")
    is_exact = stage.name == "exact" and stretch.count
    return Result(
        count=stretch.count,
        hits=hits.of(search.reader, search.person, stage, stretch.keys),
        facets=_facets(search, stage) if request.with_facets else {},
        next_cursor=cursors.write(onward, mark) if onward is not None else "",
        related=_related(search, tree, stage, stretch, request) if cursor is None else [],
        notes=tuple(note for note in notes if note),
        suggestion="" if is_exact else correcting.correct(request.q, tree, search.reader, reader, search.narrowed),
        is_behind=search.is_behind,
    )


def find_in_record(record: Record, q: str, reader: Reader) -> list[PageHit]:
    """All pages of a record on which the query or, where no page holds all of it, any word of it stands.

    The query is read as it is where it finds the record: exactly, or else in the first way that does.

    Raises:
        Unavailable: the index cannot be read.
    """
    tree = equivalents.widened(language.read(q).tree, reader)
    index = backends.engine().reader()
    if index is None or not query.phrases(tree) or not record.is_visible_to(reader, Scope.TEXT):
        return []
    for stage in stages.of(tree, index, reader):
        found = hits.page_keys(index, stage, [record.pk], reader, PAGES_IN_RECORD)
        if found:
            return hits.page_hits(stage, [key for pages in found.values() for key in pages.keys], reader).get(
                record.pk, []
            )
    return []


def newest(request: Request, reader: Reader) -> list[Record]:
    """The matches that were published last, newest first, at most ``request.size``; without a count or highlights.

    Raises:
        InvalidInput: an unknown filter or a value that it cannot have.
        Unavailable: the index cannot be read.
    """
    search = run.begin(request, reader)
    tree = equivalents.widened(language.read(request.q).tree, reader)
    if search is None:
        return []
    exact = next(stages.of(tree, search.reader, reader))
    order = Order("published", descending=True)
    keys = search.reader.search(Index.RECORDS, search.criteria(exact), size=request.size, order=order).keys
    return _records(search, exact, keys)


def walk(request: Request, reader: Reader) -> Iterator[Record]:
    """All matches in the order of the list, however many, fetched as they are asked for.

    Raises:
        InvalidInput: an unknown filter or a value that it cannot have.
        Unavailable: the index cannot be read.
    """
    search = run.begin(request, reader)
    tree = equivalents.widened(language.read(request.q).tree, reader)
    return _walked(search, tree) if search is not None else iter(())


def like(record: Record, reader: Reader, size: int = 5) -> list[Record]:
    """Records that share words, parties and places with one that the reader may see, most alike first.

    Raises:
        Unavailable: the index cannot be read.
    """
    search = run.begin(Request(), reader)
    if search is None or not record.is_visible_to(reader):
        return []
    criteria = AllOf(
        parts=[planning.like(record)],
        filters=planning.visibility(reader),
        but_not=[OneOf("record", (record.pk, *search.hidden))],
    )
    keys = search.reader.search(Index.RECORDS, criteria, size=size).keys
    rows = Record.objects.visible_to(reader).in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def _walked(search: Search, tree: query.Tree) -> Iterator[Record]:
    search, stage, stretch = run.first_that_finds(search, tree, CHUNK, None)
    while True:
        yield from _records(search, stage, stretch.keys)
        if stretch.onward is None:
            return
        stretch = run.stretch_of(search, stage, CHUNK, stretch.onward)


def _on_other_forms(tree: query.Tree) -> str:
    forms = dict.fromkeys(form for phrase in query.phrases(tree) for form in phrase.forms)
    if not forms:
        return ""
    shown = _(", ").join(forms)
    return _("Other forms were searched for, too: %(forms)s. Quotation marks look for exactly what you type.") % {
        "forms": shown
    }


def _related(search: Search, tree: query.Tree, stage: Stage, stretch: run.Stretch, request: Request) -> list[Hit]:
    """What holds a part of the query, to fill the page behind the last exact hit."""
    room = request.size - len(stretch.keys)
    loose = stages.loosely(tree, search.person) if room > 0 and stage.name != "loose" else None
    if loose is None or not stretch.count:
        return []
    rest = AllOf(parts=[search.criteria(loose)], but_not=[stage.records])
    keys = search.reader.search(Index.RECORDS, rest, size=room).keys
    return hits.of(search.reader, search.person, loose, keys)


def _facets(search: Search, stage: Stage) -> dict[str, list[FacetValue]]:
    return facets.count(
        search.reader, lambda name: search.criteria(stage, apart_from=name), search.choice, search.person
    )


def _records(search: Search, stage: Stage, keys: Sequence[int]) -> list[Record]:
    """The records with these keys, in their order, without their hits: these are only looked at if the index is old."""
    if search.is_behind:
        return [hit.record for hit in hits.of(search.reader, search.person, stage, keys)]
    rows = Record.objects.visible_to(search.person).in_bulk(keys)
    return [rows[key] for key in keys if key in rows]
