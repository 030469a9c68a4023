"""One run of a query over the index: who asks, what is filtered, and one page of keys after the other."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from django.core.cache import cache

from archive.models import Reader
from search import backends, facets, hits, outbox, planning, query, stages
from search.backends import base
from search.backends.base import Order
from search.criteria import AllOf, Anything, Between, Criteria, OneOf
from search.cursors import Cursor
from search.facets import Choice
from search.results import Request
from search.schema import Index
from search.stages import Stage

RANKED: Final = 1_000
"""Hits that are listed by rank; the others follow by their keys, so that a page costs the same however deep it lies."""

KEPT_SECONDS: Final = 900

MOST_DOUBTFUL: Final = 100
"""Changed records that are looked at whether they still match; more are left out until they are indexed."""


@dataclass(frozen=True, slots=True)
class Search:
    """One run of a query: who asks, what is filtered, and the index as it stands."""

    reader: base.Reader
    person: Reader
    choice: Choice
    hidden: Sequence[int]
    """Records that the index may show more of than they may be seen of now."""

    changed: Sequence[int]
    """Records that the index may find by what they do not say any more."""

    is_behind: bool

    def criteria(self, stage: Stage, *, apart_from: str = "") -> Criteria:
        """What the index is asked for: the query, the filters, and what this person may see."""
        return self.narrowed(stage.records, apart_from=apart_from)

    def narrowed(self, criteria: Criteria, *, apart_from: str = "") -> Criteria:
        """The same for any criteria."""
        return AllOf(
            parts=[criteria],
            filters=[*planning.visibility(self.person), *planning.filters(self.choice, apart_from=apart_from)],
            but_not=[OneOf("record", tuple(self.hidden))] if self.hidden else [],
        )


@dataclass(frozen=True, slots=True)
class Stretch:
    """One page of hits: how many there are in all, the keys of these, and where the next ones begin."""

    count: int
    keys: tuple[int, ...]
    onward: Cursor | None


def begin(request: Request, reader: Reader) -> Search | None:
    """What a run of a query needs; ``None`` while there is no index.

    Raises:
        InvalidInput: an unknown filter or a value that it cannot have.
        Unavailable: the index cannot be read.
    """
    choice = facets.chosen(request.filters, reader)
    is_behind = outbox.is_waiting()
    is_in_doubt = is_behind and not planning.for_desk(reader)
    hidden, changed = (outbox.not_to_be_found(), outbox.changed()) if is_in_doubt else ([], [])
    index = backends.engine().reader()  # opened only now: what the outbox did not hold any more, this reader shows
    return Search(index, reader, choice, hidden, changed, is_behind) if index is not None else None


def first_that_finds(
    search: Search, tree: query.Tree, size: int, cursor: Cursor | None
) -> tuple[Search, Stage, Stretch]:
    """The first stage that finds anything, or the one that the cursor goes on with; else the exact one, empty."""
    first: tuple[Search, Stage] | None = None
    for stage in stages.of(tree, search.reader, search.person):
        settled = _settled(search, stage)
        first = first or (settled, stage)
        if cursor is not None and stage.name != cursor.stage:
            continue
        stretch = stretch_of(settled, stage, size, cursor)
        if stretch.count:
            return settled, stage, stretch
    assert first is not None, "every query is tried exactly"
    return *first, Stretch(0, (), None)


def stretch_of(search: Search, stage: Stage, size: int, cursor: Cursor | None) -> Stretch:
    """One page of hits by rank for a while, then by key."""
    if isinstance(stage.records, Anything) or (cursor is not None and cursor.mode == "key"):
        return _by_key(search, stage, size, cursor)
    skip = min(cursor.position, RANKED) if cursor is not None else 0
    wanted = min(size, max(RANKED - skip, 1))
    found = search.reader.search(Index.RECORDS, search.criteria(stage), size=wanted, skip=skip)
    passed = skip + len(found.keys)
    if passed >= found.count or not found.keys:
        return Stretch(found.count, found.keys, None)
    if passed < RANKED:
        return Stretch(found.count, found.keys, Cursor(stage.name, "rank", passed, found.count))
    return Stretch(found.count, found.keys, Cursor(stage.name, "key", 0, found.count, _keep_ranked(search, stage)))


def _by_key(search: Search, stage: Stage, size: int, cursor: Cursor | None) -> Stretch:
    """The hits after a key, without those that were listed by rank."""
    passed = _ranked(search, stage, cursor.ranked) if cursor is not None and cursor.ranked else ()
    rest = AllOf(
        parts=[search.criteria(stage)],
        filters=[Between("record", least=cursor.position + 1 if cursor is not None else 0)],
        but_not=[OneOf("record", passed)] if passed else [],
    )
    found = search.reader.search(Index.RECORDS, rest, size=size, order=Order("record"))
    count, ranked = (cursor.count, cursor.ranked) if cursor is not None else (found.count, "")
    more = found.count > len(found.keys)
    return Stretch(count, found.keys, Cursor(stage.name, "key", found.keys[-1], count, ranked) if more else None)


def _keep_ranked(search: Search, stage: Stage) -> str:
    """Keep the keys that were listed by rank for whoever goes on asking for page after page; gives their name."""
    keys = _best(search, stage)
    name = hashlib.blake2b(repr(keys).encode(), digest_size=9).hexdigest()
    cache.set(_place(name), keys, KEPT_SECONDS)
    return name


def _ranked(search: Search, stage: Stage, name: str) -> tuple[int, ...]:
    """The keys that were listed by rank; where they are not kept any more, those that would be listed now."""
    kept: tuple[int, ...] | None = cache.get(_place(name))
    if kept is None:
        kept = _best(search, stage)
        cache.set(_place(name), kept, KEPT_SECONDS)
    return kept


def _best(search: Search, stage: Stage) -> tuple[int, ...]:
    return search.reader.search(Index.RECORDS, search.criteria(stage), size=RANKED).keys


def _place(name: str) -> str:
    return f"search-ranked-{hashlib.blake2b(name.encode(errors='surrogatepass'), digest_size=9).hexdigest()}"


def _settled(search: Search, stage: Stage) -> Search:
    """The search without those of the changed records that the index still finds and that do not match any more.

    While changes wait, the index may find a record by words that it does not hold any more. It would be no hit, but it
    would be counted, and that tells as much.
    """
    if not search.changed or isinstance(stage.records, Anything):
        return search
    doubtful = AllOf(parts=[search.criteria(stage)], filters=[OneOf("record", tuple(search.changed))])
    found = search.reader.search(Index.RECORDS, doubtful, size=MOST_DOUBTFUL)
    if not found.count:
        return search
    sure = set()
    if found.count <= MOST_DOUBTFUL and stage.shows_hits and query.is_verifiable(stage.tree):
        sure = {hit.record.pk for hit in hits.of(search.reader, search.person, stage, found.keys)}
    doubted = found.keys if found.count <= MOST_DOUBTFUL else search.changed
    return replace(search, hidden=[*search.hidden, *(key for key in doubted if key not in sure)])
