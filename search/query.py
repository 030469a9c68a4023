"""What somebody typed, as a syntax tree: words that must all occur, exact phrases in quotation marks.

Nothing that is typed is an error. What cannot be read as meant is read in the best way, and a note says how.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from search import analysis

LONGEST: Final = 300
"""Characters of a query that are read."""

MOST_PHRASES: Final = 32
"""Words of a query that are read."""

_OPENING: Final = '"“＂「『'
_CLOSING: Final = '"”＂」』'
_PIECES: Final = re.compile(rf"(?<!\S)[{_OPENING}](?P<phrase>[^{_OPENING}{_CLOSING}]*)[{_CLOSING}](?!\S)|(?P<word>\S+)")
_NOT_TYPED: Final = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Everything:
    """Nothing was typed: all records."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Something was typed, but nothing in it can be searched for."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Unigrams that must stand in a row: a word, or several in quotation marks.

    A bar among them stands for any punctuation at that place. ``written`` is what was typed.
    """

    tokens: tuple[str, ...]
    written: str


@dataclass(frozen=True, slots=True)
class All:
    """Phrases that must all occur in a record, be it in its description or on its pages."""

    phrases: tuple[Phrase, ...]


Tree = Everything | Nothing | All


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was understood; ``notes`` are translated sentences on what was read otherwise than typed."""

    tree: Tree
    notes: tuple[str, ...] = ()


def read(q: str) -> Reading:
    """Read what was typed; never fails."""
    notes = []
    whole = _NOT_TYPED.sub(" ", q).strip()
    if len(whole) > LONGEST:
        whole = whole[:LONGEST]
        notes.append(
            _("The query is very long; its first %(number)d characters were searched for.") % {"number": LONGEST}
        )
    if not whole:
        return Reading(Everything(), tuple(notes))
    found = dict.fromkeys(phrase for phrase in _phrases(whole) if phrase.tokens)
    if not found:
        notes.append(_("The query holds only punctuation or signs; type at least one character, letter or digit."))
        return Reading(Nothing(), tuple(notes))
    if _lone_mark(whole):
        notes.append(_("A quotation mark stands alone; the words after it were searched for one by one."))
    if len(found) > MOST_PHRASES:
        notes.append(_("The first %(number)d words were searched for.") % {"number": MOST_PHRASES})
    return Reading(All(tuple(found)[:MOST_PHRASES]), tuple(notes))


def phrases(tree: Tree) -> tuple[Phrase, ...]:
    """The phrases of a query; none where everything or nothing is asked for."""
    return tree.phrases if isinstance(tree, All) else ()


def split_at_bars(tree: Tree) -> Tree:
    """The same query with its words cut at punctuation, each part to be found anywhere."""
    parts = dict.fromkeys(part for phrase in phrases(tree) for part in _parts(phrase))
    return All(tuple(parts)[:MOST_PHRASES]) if parts else tree


def has_bars(tree: Tree) -> bool:
    """Whether punctuation stands inside a word or phrase."""
    return any(analysis.BAR in phrase.tokens for phrase in phrases(tree))


def is_latin(tree: Tree) -> bool:
    """Whether the query is made of Latin letters only, and so may be meant as pinyin."""
    tokens = [token for phrase in phrases(tree) for token in phrase.tokens]
    return bool(tokens) and all(token.isascii() and token.isalpha() for token in tokens)


def _phrases(whole: str) -> Iterator[Phrase]:
    for piece in _PIECES.finditer(whole):
        written = piece["phrase"] if piece["phrase"] is not None else piece["word"]
        yield Phrase(tuple(analysis.unigrams(analysis.level(written))), written.strip())


def _lone_mark(whole: str) -> bool:
    """Whether a word begins or ends with a quotation mark that belongs to no pair."""
    words = [piece["word"] for piece in _PIECES.finditer(whole) if piece["word"]]
    marks = _OPENING + _CLOSING
    return any(word in marks or (word[0] in marks) != (word[-1] in marks) for word in words)


def _parts(phrase: Phrase) -> Iterator[Phrase]:
    tokens: list[str] = []
    for token in (*phrase.tokens, analysis.BAR):
        if token != analysis.BAR:
            tokens.append(token)
        elif tokens:
            yield Phrase(tuple(tokens), " ".join(tokens))
            tokens = []
