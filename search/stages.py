"""How a query is tried: first exactly as typed; where nothing is found, in ways that forgive, each said plainly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from archive.models import Reader, Scope
from media.models import PageText
from search import planning, query, snippets
from search.backends import base
from search.criteria import AllOf, Criteria, OneOf
from search.query import Tree
from search.schema import Index
from search.snippets import Matcher

CANDIDATES: Final = 200
"""Pages whose text is looked at when nothing was found exactly."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One way to read the query: what records must match, how hits in texts are found, what to tell the reader."""

    name: str
    tree: Tree
    records: Criteria
    pages: Sequence[Criteria]
    """Tried in turn for each record: pages that hold all of the query, then pages that hold any of it."""

    matcher: Matcher
    note: str = ""

    @property
    def shows_hits(self) -> bool:
        """Whether the words of the query stand in the texts that are found."""
        return bool(self.matcher.finders)


def of(tree: Tree, reader: base.Reader, person: Reader) -> Iterator[Stage]:
    """The stages of a query in the order in which they are tried."""
    for_desk = planning.for_desk(person)
    yield _exact("exact", tree, for_desk=for_desk)
    if query.has_bars(tree):
        note = _("Not found as written; the parts between the punctuation were searched for one by one.")
        yield _exact("parts", query.split_at_bars(tree), for_desk=for_desk, note=note)
    if query.is_latin(tree):
        note = _("Not found as written; these titles and names sound like it (pinyin).")
        yield Stage("pinyin", tree, planning.pinyin(tree), (), Matcher(()), note)
    if planning.may_be_approximate(tree):
        yield _approximate(tree, reader, person)


def _exact(name: str, tree: Tree, *, for_desk: bool, note: str = "") -> Stage:
    matcher = snippets.matcher(tree)
    pages = (planning.pages(tree, every=True), planning.pages(tree, every=False))
    several = len(query.phrases(tree)) > 1
    records = planning.records(tree, for_desk=for_desk)
    return Stage(name, tree, records, pages if several else pages[:1], matcher, note)


def _approximate(tree: Tree, reader: base.Reader, person: Reader) -> Stage:
    """Pages that hold nearly what was typed: candidates from the index, decided by their text."""
    matcher = snippets.matcher(tree, approximate=True)
    nearly = planning.nearly(tree)
    visible = AllOf(parts=[nearly], filters=planning.visibility(person, Scope.TEXT))
    candidates = reader.search(Index.PAGES, visible, size=CANDIDATES).keys
    every = set(range(len(matcher.finders)))
    texts = PageText.objects.filter(page__in=candidates, is_current=True)
    rows = texts.values_list("page", "page__unit__record", "text")
    kept = [(page, record) for page, record, text in rows if matcher.met(text) == every]
    return Stage(
        "approximate",
        tree,
        OneOf("record", tuple(sorted({record for _page, record in kept}))),
        (OneOf("page", tuple(sorted(page for page, _record in kept))),),
        matcher,
        _("Not found as written; these pages hold something very like it (approximate, forgives misread characters)."),
    )
