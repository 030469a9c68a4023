"""The hits of a page of results: records as they are now, and where in their texts and on their pages the query stands.

Every row comes through ``visible_to``, and for the public every hit is checked once more against what the record and
its pages say now. A stale index may miss a record, never leak one.
"""

from collections.abc import Sequence
from typing import Final

from django.db.models import TextField
from django.db.models.functions import Cast, Coalesce

from archive.models import Kind, Reader, Record, Scope
from media.models import OPEN_TEXT, Page, PageText
from search import document, loading, planning, query, snippets
from search.backends import base
from search.criteria import AllOf
from search.query import Area
from search.results import Hit, PageHit, Snippet
from search.stages import Stage

PAGES_SHOWN: Final = 3
"""Pages shown with each hit; the reader has them all."""

_LINES: Final = ("public_lines", "lines")

_SHOWN: Final = (
    "quality",
    "page__unit__record",
    "page__unit__path",
    "page__unit__depth",
    *(f"page__{field.attname}" for field in Page._meta.concrete_fields),
)
"""The columns that a page with hits is made of."""


def of(reader: base.Reader, person: Reader, stage: Stage, keys: Sequence[int]) -> list[Hit]:
    """The records with these keys that this person may see and that still match, in their order."""
    rows = {record.pk: record for record in Record.objects.visible_to(person).filter(pk__in=keys)}
    if not stage.shows_hits:
        return [Hit(rows[key]) for key in keys if key in rows]
    units = [key for key in keys if key in rows and rows[key].kind == Kind.UNIT]
    pages = page_keys(reader, stage, units, person, PAGES_SHOWN)
    shown = page_hits(stage, [key for found in pages.values() for key in found.keys], person)
    described = _described(person, stage, list(rows.values()), shown)
    found = []
    for key in keys:
        if key not in rows or not _still_matches(person, stage, described[key], shown.get(key, [])):
            continue
        count = pages[key].count if shown.get(key) else 0
        found.append(Hit(rows[key], _highlights(stage, rows[key], described[key]), shown.get(key, []), count))
    return found


def page_keys(
    reader: base.Reader, stage: Stage, records: Sequence[int], person: Reader, size: int
) -> dict[int, base.Pages]:
    """The pages with hits of each record: those that hold the whole query, or, where none does, any of it."""
    found: dict[int, base.Pages] = {}
    for criteria in stage.pages:
        left = [key for key in records if key not in found]
        if not left:
            break
        visible = AllOf(parts=[criteria], filters=planning.visibility(person, Scope.TEXT))
        found |= reader.pages_by_record(visible, left, size=size)
    return found


def page_hits(stage: Stage, keys: Sequence[int], person: Reader) -> dict[int, list[PageHit]]:
    """The pages with these keys whose text this person may read and in which the hits really stand, by record."""
    if not keys:
        return {}
    pages = Page.objects.visible_to(person, Scope.TEXT).filter(pk__in=keys).values("pk")
    texts = PageText.objects.filter(is_current=True, page__in=pages).select_related("page__unit").only(*_SHOWN)
    texts = texts.annotate(shown=OPEN_TEXT, stored=Coalesce(*(Cast(name, TextField()) for name in _LINES)))
    found: dict[int, list[PageHit]] = {}
    for row in texts.order_by("page__number"):
        spans = stage.matcher.on_page(row.shown)
        if spans:
            page = row.page
            snippet, boxes = snippets.cut(row.shown, spans), snippets.boxes(row.stored, spans)
            hit = PageHit(page, page.number, snippet, boxes, row.quality)
            found.setdefault(page.unit.record_id, []).append(hit)
    return found


def _described(
    person: Reader, stage: Stage, records: Sequence[Record], pages: dict[int, list[PageHit]]
) -> dict[int, list[document.Passage]]:
    """The passages of records that this person may read; those beside the row only where the row does not suffice."""
    names = loading.name_forms(records)
    found = {record.pk: document.row_passages(record, names.get(record.pk, ())) for record in records}
    several = len(stage.matcher.finders) > 1
    wanting = [
        record.pk for record in records if not _holds(stage, found[record.pk]) and (record.pk not in pages or several)
    ]
    if wanting:
        for loaded in loading.load(Record.objects.filter(pk__in=wanting), for_index=False):
            found[loaded.record.pk] = document.passages(loaded)
    if not planning.for_desk(person):
        found = {key: [one for one in own if one.is_public] for key, own in found.items()}
    return found


def _holds(stage: Stage, passages: Sequence[document.Passage]) -> bool:
    """Whether the query can hold of a record with these passages; no phrase is taken to stand on its pages."""
    met = {(phrase, passage.area) for passage in passages for phrase in stage.matcher.met(passage.text)}
    anywhere = {phrase for phrase, _area in met}
    return query.holds(
        stage.tree,
        lambda phrase: (
            phrase in anywhere if phrase.area == Area.ANYWHERE else (phrase, planning.PREFIXES[phrase.area]) in met
        ),
    )


def _still_matches(
    person: Reader, stage: Stage, passages: Sequence[document.Passage], pages: Sequence[PageHit]
) -> bool:
    """Whether the record as it is now can match by what the public may read; the desk is not asked."""
    return bool(pages) or planning.for_desk(person) or _holds(stage, passages)


def _highlights(stage: Stage, record: Record, passages: Sequence[document.Passage]) -> dict[str, list[Snippet]]:
    found: dict[str, list[Snippet]] = {}
    for passage in passages:
        spans = stage.matcher.spans(passage.text)
        if not spans or (passage.name == "title" and passage.text != record.title):
            continue
        make = snippets.whole if passage.name in {"title", "names", "numbers"} else snippets.cut
        found.setdefault(passage.name, []).append(make(passage.text, spans))
    return found
