"""How a query is tried: first exactly as typed; where nothing is found, in ways that forgive, each said plainly."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from django.utils.translation import gettext as _

from archive.models import Reader, Record, Scope
from media.models import OPEN_TEXT, PageText
from search import analysis, document, loading, planning, query, snippets
from search.backends import base
from search.criteria import AllOf, AnyOf, Criteria, OneOf, Worth
from search.query import AnyOne, Phrase, Tree
from search.schema import Index
from search.snippets import Matcher

CANDIDATES: Final = 200
"""Pages whose text is looked at when nothing was found exactly."""

SHARE_IN_COMMON: Final = 0.3
"""How much of a query a record must hold, in pairs of characters and Latin words, to be like it."""

LEAST_PIECES: Final = 2

MOST_PIECES: Final = 48

YEAR_FIGURES: Final = 4
"""Shorter figures stand everywhere and are no piece of a query."""


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
        yield Stage("pinyin", tree, planning.pinyin(tree), (), Matcher({}), note)
    if planning.may_be_approximate(tree):
        yield _approximate(tree, reader, person)
    loose = loosely(tree, person)
    if loose is not None:
        yield loose


def loosely(tree: Tree, person: Reader) -> Stage | None:
    """The stage that finds what holds a part of the query; ``None`` where it has one piece, or is no row of words."""
    words, others = query.words(tree)
    pieces = _pieces(words)
    if len(pieces) < LEAST_PIECES:
        return None
    least = ceil(SHARE_IN_COMMON * len(pieces))
    some = query.all_of([AnyOne(pieces, least), *others])
    note = _("Not found as written; these records hold a part of what you typed.")
    pages = [planning.pages(some, every=True), planning.pages(some, every=False)]
    records = planning.loosely(some, tree, for_desk=planning.for_desk(person))
    return Stage("loose", some, records, pages, snippets.matcher(some), note)


def _exact(name: str, tree: Tree, *, for_desk: bool, note: str = "") -> Stage:
    matcher = snippets.matcher(tree)
    several = len(query.phrases(tree)) > 1
    pages = [planning.pages(tree, every=True)] + ([planning.pages(tree, every=False)] if several else [])
    return Stage(name, tree, planning.records(tree, for_desk=for_desk), pages, matcher, note)


def _approximate(tree: Tree, reader: base.Reader, person: Reader) -> Stage:
    """Descriptions and pages that hold nearly what was typed: candidates from the index, decided by their text."""
    matcher = snippets.matcher(tree, approximate=True)
    described = _described_nearly(tree, matcher, reader, person)
    visible = AllOf(parts=[planning.nearly(tree, "")], filters=planning.visibility(person, Scope.TEXT))
    candidates = reader.search(Index.PAGES, visible, size=CANDIDATES).keys
    texts = PageText.objects.filter(page__in=candidates, is_current=True)
    rows = texts.values_list("page", "page__unit__record", OPEN_TEXT)
    kept = [(page, record) for page, record, text in rows if matcher.met(text) == matcher.finders.keys()]
    on_pages = OneOf("record", tuple(sorted({record for _page, record in kept})))
    return Stage(
        "approximate",
        tree,
        AnyOf([Worth(OneOf("record", described), 2.0), Worth(on_pages, 1.0)]),
        (OneOf("page", tuple(sorted(page for page, _record in kept))),),
        matcher,
        _("Not found as written; these hold something very like it (approximate, forgives misread characters)."),
    )


def _described_nearly(tree: Tree, matcher: Matcher, reader: base.Reader, person: Reader) -> tuple[int, ...]:
    """The records whose titles, names or summaries hold nearly what was typed."""
    visible = AllOf(parts=[planning.nearly(tree, "title_", "lead_")], filters=planning.visibility(person))
    keys = reader.search(Index.RECORDS, visible, size=CANDIDATES).keys
    records = list(Record.objects.visible_to(person).filter(pk__in=keys))
    forms = loading.name_forms(records)
    found = []
    for record in records:
        texts = [passage.text for passage in document.row_passages(record, forms.get(record.pk, ()))]
        if set[Phrase]().union(*map(matcher.met, texts)) == matcher.finders.keys():
            found.append(record.pk)
    return tuple(sorted(found))


def _pieces(words: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """Words in pieces: pairs of Han characters, Latin words and numbers."""
    pieces: dict[Phrase, None] = {}
    for phrase in words:
        if phrase.is_prefix or _is_identifier(phrase):
            continue
        for piece in analysis.bigrams(analysis.level(phrase.written)):
            if piece != analysis.BAR and not (piece.isdigit() and len(piece) < YEAR_FIGURES):
                tokens = tuple(analysis.unigrams(piece))
                pieces[replace(phrase, tokens=tokens, written=piece, is_quoted=False, others=())] = None
    return tuple(pieces)[:MOST_PIECES]


def _is_identifier(phrase: Phrase) -> bool:
    """Whether a word is a number or code with punctuation, such as 国办发〔1996〕26号: a part of it says nothing."""
    return analysis.BAR in phrase.tokens and any(token.isdigit() for token in phrase.tokens)
