"""Names and terms find their other forms: a query that says 闽宁镇 also means 闽宁村, by the authority file.

Only words are widened, never what stands in quotation marks. The other forms come from name forms of what the reader
may see, so nothing hidden shows through them, and from the terms of the archive.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from archive import authority_file
from archive.authority_file import Named
from archive.models import Kind, Reader
from search import analysis, query
from search.query import Among, AnyOne, Area, Phrase, Tree

MOST_OTHERS: Final = 8
"""Further forms of one phrase that are searched for."""

SHORTEST_WITHIN: Final = 3
LONGEST_WITHIN: Final = 10
"""Han characters of a name that is recognised inside a longer word."""

LONGEST_SEARCHED: Final = 40
"""Han characters of a word in which names are looked for."""

_FACETS: Final = {Area.PLACES: Kind.PLACE, Area.AGENTS: Kind.AGENT}


def widened(tree: Tree, reader: Reader) -> Tree:
    """The tree with the other forms of its names and terms; one database query, none where no word is typed."""
    keys = {key for phrase in query.every_phrase(tree) if _is_widened(phrase) for key, _at in _names_in(phrase)}
    if not keys:
        return tree
    known = authority_file.equivalents(keys, reader)
    return query.rewritten(tree, lambda phrase: _widened(phrase, known) if _is_widened(phrase) else phrase)


def _is_widened(phrase: Phrase) -> bool:
    return bool(phrase.tokens) and not (phrase.is_quoted or phrase.is_prefix or phrase.area == Area.NUMBERS)


def _widened(phrase: Phrase, known: dict[str, list[Named]]) -> Tree:
    others: dict[tuple[str, ...], str] = {}
    for row, form in _others(phrase, known):
        others.setdefault(row, form)
    kept = list(others.items())[:MOST_OTHERS]
    wide = replace(phrase, others=tuple(row for row, _form in kept), forms=tuple(form for _row, form in kept))
    kind = _FACETS.get(phrase.area)
    arks = [named.ark for named in known.get(authority_file.name_key(phrase.written), ()) if named.kind == kind]
    if kind is None or not arks:
        return wide
    return AnyOne((wide, Among("place" if kind == Kind.PLACE else "agent", tuple(arks))))


def _others(phrase: Phrase, known: dict[str, list[Named]]) -> Iterator[tuple[tuple[str, ...], str]]:
    """The rows of unigrams that mean the same, the nearest first, each with the form that it has instead."""
    whole = "".join(phrase.tokens)
    for key, (start, end) in _names_in(phrase):
        forms = [*(form for named in known.get(key, ()) for form in named.forms), *_terms().get(key, ())]
        for form in forms:
            row = tuple(analysis.unigrams(analysis.level(form)))
            replaced = (*phrase.tokens[:start], *row, *phrase.tokens[end:])
            if row and _says_more(analysis.level(form), key) and "".join(replaced) != whole:
                yield replaced, form


def _says_more(form: str, key: str) -> bool:
    """Whether a form finds what the typed one does not, without being vaguer, as 宁夏 is for 宁夏回族自治区."""
    return len(form) > 1 and form not in key and key not in form


def _names_in(phrase: Phrase) -> Iterator[tuple[str, tuple[int, int]]]:
    """The keys of names that the phrase may be or hold, with the tokens they take: the whole, then long to short."""
    count = len(phrase.tokens)
    yield authority_file.name_key(phrase.written), (0, count)
    if not analysis.is_han_phrase(phrase.tokens) or count > LONGEST_SEARCHED:
        return
    for length in range(min(count - 1, LONGEST_WITHIN), SHORTEST_WITHIN - 1, -1):
        for start in range(count - length + 1):
            yield "".join(phrase.tokens[start : start + length]), (start, start + length)


@lru_cache(maxsize=1)
def _terms() -> dict[str, tuple[str, ...]]:
    """Every term of the archive that has others, by key."""

    def pairs() -> Iterable[tuple[str, tuple[str, ...]]]:
        for group in authority_file.EQUIVALENT_TERMS:
            for term in group:
                yield authority_file.name_key(term), tuple(other for other in group if other != term)

    return dict(pairs())
