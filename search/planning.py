"""From a syntax tree and a reader to what the engine is asked.

Ranking is by tiers that no text statistics can overturn: the title itself, phrases in a title, phrases in names,
numbers and summary, then everything else; within a tier by BM25.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils import timezone

from archive.models import Reader, Scope
from search import analysis, names, query, schema
from search.criteria import AllOf, AnyOf, Anything, Between, Criteria, Nothing, OneOf, Row, Worth
from search.query import All, Phrase, Tree

WORTH_TITLE: Final = 100_000.0
WORTH_IN_TITLE: Final = 1_000.0
WORTH_IN_LEAD: Final = 300.0

SHORTEST_APPROXIMATE: Final = 4
"""Phrases of fewer Han characters are only searched exactly: one wrong character would leave next to nothing."""

TWO_WRONG_FROM: Final = 8
"""From this many Han characters on, two may be wrong."""


def records(tree: Tree, *, for_desk: bool) -> Criteria:
    """The records in which every phrase occurs, be it in their description or on their pages; ranked."""
    if isinstance(tree, query.Everything):
        return Anything()
    if isinstance(tree, query.Nothing):
        return Nothing()
    better: list[Criteria] = [Worth(OneOf("title_key", (_as_title(tree),)), WORTH_TITLE)]
    for phrase in tree.phrases:
        better.append(Worth(_row(phrase, "title_"), WORTH_IN_TITLE))
        better.append(Worth(_row(phrase, "lead_"), WORTH_IN_LEAD))
    return AllOf(parts=[_anywhere(phrase, for_desk=for_desk) for phrase in tree.phrases], better=better)


def pages(tree: Tree, *, every: bool) -> Criteria:
    """The pages on which every phrase of the query occurs, or at least one."""
    rows = [_row(phrase, "") for phrase in query.phrases(tree)]
    if not rows:
        return Nothing()
    return AllOf(parts=rows) if every else AnyOf(rows)


def pinyin(tree: Tree) -> Criteria:
    """The records whose title or a name is spoken as typed, by whole syllables or by initials."""
    runs = [token for phrase in query.phrases(tree) for token in phrase.tokens]
    return AllOf(parts=[AnyOf([Row("py", reading) for reading in names.readings(run)]) for run in runs])


def nearly(tree: Tree) -> Criteria:
    """The pages that may hold every phrase with a wrong character or two; to be checked against their text."""
    return AllOf(parts=[_nearly(phrase) for phrase in query.phrases(tree)])


def allowed_errors(phrase: Phrase) -> int:
    """How many Han characters of a phrase may differ in an approximate search."""
    if not analysis.is_han_phrase(phrase.tokens) or len(phrase.tokens) < SHORTEST_APPROXIMATE:
        return 0
    return 2 if len(phrase.tokens) >= TWO_WRONG_FROM else 1


def may_be_approximate(tree: Tree) -> bool:
    """Whether any phrase is long enough to be recognised with a wrong character."""
    return any(allowed_errors(phrase) for phrase in query.phrases(tree))


def visibility(reader: Reader, scope: Scope = Scope.CATALOGUE) -> list[Criteria]:
    """What the public may see; nothing is left out for members of the desk."""
    if for_desk(reader):
        return []
    return [Between("public_scope", least=scope), Between("closed_until", most=timezone.localdate().toordinal())]


def for_desk(reader: Reader) -> bool:
    """Whether what is not public may be searched."""
    return bool(getattr(reader, "is_desk_member", False))


def filters(chosen: Mapping[str, Sequence[str]], *, apart_from: str = "") -> list[Criteria]:
    """One condition for each facet that has chosen values; the values of one facet are alternatives."""
    found: list[Criteria] = []
    for name, values in chosen.items():
        if name == apart_from or not values:
            continue
        if name == "year":
            found.append(OneOf(name, tuple(int(value) for value in values)))
        else:
            found.append(OneOf(name, tuple(values)))
    return found


def _as_title(tree: All) -> str:
    return analysis.level(" ".join(phrase.written for phrase in tree.phrases))


def _anywhere(phrase: Phrase, *, for_desk: bool) -> Criteria:
    return AnyOf([_row(phrase, ""), _row(phrase, "desk_")]) if for_desk else _row(phrase, "")


def _row(phrase: Phrase, prefix: str) -> Row:
    """Pairs of Han characters where the phrase has nothing else, single tokens otherwise."""
    if analysis.is_han_phrase(phrase.tokens):
        return Row(f"{prefix}{schema.BIGRAMS}", tuple(analysis.bigrams("".join(phrase.tokens))))
    return Row(f"{prefix}{schema.UNIGRAMS}", phrase.tokens)


def _nearly(phrase: Phrase) -> Criteria:
    errors = allowed_errors(phrase)
    if not errors:
        return _row(phrase, "")
    pairs = dict.fromkeys(analysis.bigrams("".join(phrase.tokens)))
    least = max(1, len(pairs) - 2 * errors)
    return AnyOf([Row(schema.BIGRAMS, (pair,)) for pair in pairs], at_least=least)
