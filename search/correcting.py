"""“Did you mean”: a query that finds nothing, with its words replaced by what titles and names of the archive hold.

A word is replaced by what sounds the same (民宁镇 for 闽宁镇, minningzhen), or else by what is written nearly the same.
Titles and names come through ``visible_to``, and what is offered was tried: it finds something for this reader.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from rapidfuzz import fuzz

from archive.models import Reader, Record
from core import text
from search import analysis, language, loading, names, planning, query
from search.backends import base
from search.criteria import AllOf, AnyOf, Criteria, Nothing, Prefix, Row
from search.query import Phrase, Tree
from search.schema import BIGRAMS, UNIGRAMS, Index

CANDIDATES: Final = 30
"""Records whose titles and names are compared with a word."""

MOST_WORDS: Final = 4
LEAST_ALIKE: Final = 60.0
"""Per cent of a word that its replacement must have in common with it: two of three characters."""

_SHORT: Final = 3
"""Words of so many characters may have one wrong in their midst, so that no pair of them is right."""

_HEAD: Final = 3
_WINDOW: Final = 12

Narrow = Callable[[Criteria], Criteria]


def correct(q: str, tree: Tree, index: base.Reader, person: Reader, narrow: Narrow) -> str:
    """The query with its unknown words replaced so that it finds something; empty where nothing near is known.

    ``narrow`` limits criteria to what this person may find.
    """
    if not query.is_plain(tree) or len(query.phrases(tree)) > MOST_WORDS:
        return ""
    changed = q
    for phrase in query.phrases(tree):
        exact = planning.records(phrase, for_desk=planning.for_desk(person))
        if phrase.is_prefix or index.count(Index.RECORDS, narrow(exact)):
            continue
        changed = changed.replace(phrase.written, _nearest(phrase, index, person, narrow) or phrase.written)
    if changed == q:
        return ""
    found = planning.records(language.read(changed).tree, for_desk=planning.for_desk(person))
    return changed if index.count(Index.RECORDS, narrow(found)) else ""


def _nearest(phrase: Phrase, index: base.Reader, person: Reader, narrow: Narrow) -> str:
    """What the phrase may be meant for; empty where nothing is near enough."""
    for criteria, choose in ((_sounding(phrase), _same_sound), (_looking(phrase), _nearly_same)):
        keys = index.search(Index.RECORDS, narrow(criteria), size=CANDIDATES).keys
        found = choose(phrase, _forms(keys, person)) if keys else ""
        if found:
            return found
    return ""


def _sounding(phrase: Phrase) -> Criteria:
    """Records with a title or name that sounds like the phrase."""
    if _is_letters(phrase):
        return AnyOf([Row("py", reading) for reading in names.readings(phrase.tokens[0])])
    if analysis.is_han_phrase(phrase.tokens):
        return Row("py", tuple(text.pinyin_syllables("".join(phrase.tokens))))
    return Nothing()


def _looking(phrase: Phrase) -> Criteria:
    """Records with a title or name that shares characters with the phrase, or begins a word like it."""
    if analysis.is_han_phrase(phrase.tokens) and len(phrase.tokens) <= _SHORT:
        singles = [AnyOf([Row(f"{area}{UNIGRAMS}", (one,)) for area in ("title_", "lead_")]) for one in phrase.tokens]
        return AnyOf(singles, at_least=len(singles) - 1)
    if analysis.is_han_phrase(phrase.tokens):
        pairs = list(dict.fromkeys(analysis.bigrams("".join(phrase.tokens))))
        rows = [Row(f"{area}{BIGRAMS}", (pair,)) for pair in pairs for area in ("title_", "lead_")]
        return AnyOf(rows)
    if len(phrase.tokens) == 1 and len(phrase.tokens[0]) > _HEAD:
        return AllOf(parts=[Prefix(f"title_{UNIGRAMS}", phrase.tokens[0][:_HEAD])])
    return Nothing()


def _forms(keys: Iterable[int], person: Reader) -> list[str]:
    """The titles and names of records, best first."""
    rows = Record.objects.visible_to(person).in_bulk(list(keys))
    forms = loading.name_forms(rows.values())
    ordered = [rows[key] for key in keys if key in rows]
    return [form for row in ordered for form in (row.title_zh, row.title_en, *forms.get(row.pk, ())) if form]


def _same_sound(phrase: Phrase, forms: Iterable[str]) -> str:
    """The first stretch of a title or name that is spoken as the phrase, by syllables or, for letters, initials."""
    wanted = "".join(phrase.tokens if _is_letters(phrase) else text.pinyin_syllables("".join(phrase.tokens)))
    for run in _han_runs(forms):
        syllables = text.pinyin_syllables(run)
        if len(syllables) != len(run):
            continue
        for start, end in _windows(len(run), 2):
            spoken = syllables[start:end]
            initials = "".join(one[0] for one in spoken)
            if "".join(spoken) == wanted or (_is_letters(phrase) and initials == wanted):
                return run[start:end]
    return ""


def _nearly_same(phrase: Phrase, forms: Iterable[str]) -> str:
    """The stretch of a title or name that has most in common with the phrase."""
    if not analysis.is_han_phrase(phrase.tokens):
        return _nearest_word(phrase.tokens[0], forms)
    wanted = "".join(phrase.tokens)
    best, score = "", LEAST_ALIKE
    for run in _han_runs(forms):
        for start in range(len(run) - len(wanted) + 1):
            window = run[start : start + len(wanted)]
            alike = 100.0 * sum(map(str.__eq__, window, wanted)) / len(wanted)
            if alike > score and window != wanted:
                best, score = window, alike
    return best


def _nearest_word(wanted: str, forms: Iterable[str]) -> str:
    words = {word for form in forms for word in analysis.unigrams(analysis.level(form)) if not text.is_han(word[0])}
    ranked = sorted(((fuzz.ratio(wanted, word), word) for word in words if word != analysis.BAR), reverse=True)
    return next((word for alike, word in ranked if alike > LEAST_ALIKE + 10 and word != wanted), "")


def _han_runs(forms: Iterable[str]) -> Iterator[str]:
    for form in forms:
        run = ""
        for token in (*analysis.unigrams(analysis.level(form)), analysis.BAR):
            if text.is_han(token[0]):
                run += token
                continue
            if len(run) > 1:
                yield run
            run = ""


def _windows(length: int, least: int) -> Iterator[tuple[int, int]]:
    for start in range(length - least + 1):
        for end in range(start + least, min(start + _WINDOW, length) + 1):
            yield start, end


def _is_letters(phrase: Phrase) -> bool:
    return len(phrase.tokens) == 1 and phrase.tokens[0].isascii() and phrase.tokens[0].isalpha()
