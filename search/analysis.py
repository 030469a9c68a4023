"""All analysis of search: text becomes tokens here, for documents and queries alike; the engines only split on blanks.

A text is folded (`core.text.fold`) and then *levelled*: quotation and title marks count as blanks; blanks beside a Han
character vanish, so that line breaks and justified print split no word; every other run of punctuation or symbols, and
the empty line between two blocks of a page, becomes one bar ``|``, so that no phrase crosses it by accident; what
blanks remain stand between Latin words. Three kinds of tokens are drawn from the levelled text: each Han character and
each Latin or digit run (unigrams), overlapping pairs of Han characters (bigrams), and for names the syllables of their
pinyin.

`exactly` is the same rule as a regular expression over the folded text. It leads from a hit back to the characters of
the original, and so to their boxes on the page image.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from operator import add
from typing import Final

from core import text
from core.text import HAN_CLASS

Span = tuple[int, int]
"""A range of characters: the first, and the one after the last."""

Finder = Callable[[str], list[Span]]
"""Gives the places of something in a folded text."""

BAR: Final = "|"
"""The token that stands for punctuation; nothing else can give it, for ``|`` itself is punctuation."""

BETWEEN_TEXTS: Final = f" {BAR} {BAR} "
"""Between the tokens of two texts of a field: two bars in a row, which no query holds, so that none crosses them."""

LONGEST_RUN: Final = 64
"""Latin and digit runs are cut here, in documents and in queries."""

QUOTING: Final = "\"'“”‘’„‟「」『』《》〈〉«»‹›"
"""Marks that only set words off: people write 《山海情》 and 山海情, “十四五” and 十四五 for the same."""

_LETTER: Final = rf"[^\W_{HAN_CLASS}]"
_TOKEN: Final = rf"(?:[{HAN_CLASS}]|{_LETTER})"
_REST: Final = rf"(?:[^\w{HAN_CLASS}]|_)"
_BLANK: Final = rf"(?:[^\S\n\f\u2029]|[{QUOTING}])"
_GAP: Final = rf"{_BLANK}*+(?:\n{_BLANK}*+)?+"
_SOFT_GAP: Final = re.compile(_GAP)
_QUOTING_MARKS: Final = re.compile(f"[{QUOTING}]")
_BAR_AND_AFTER: Final = re.compile(rf"[^\w\s{HAN_CLASS}][^\w{HAN_CLASS}]*+")
_BEFORE_BAR: Final = re.compile(r"\s++\|")
_SEVERAL_BLANKS: Final = re.compile(r"\s\s++|[\f\u2029]")
_BLANK_BESIDE_HAN: Final = re.compile(rf" (?=[{HAN_CLASS}])| (?<=[{HAN_CLASS}] )")
_LATIN_RUN: Final = re.compile(rf"([^| {HAN_CLASS}]+)")
_NO_HAN: Final = re.compile(rf"([^{HAN_CLASS}]+)")
_NO_HAN_TOKEN: Final = re.compile(r"[^| ]+|\|")
_PLACES: Final = re.compile(rf"[{HAN_CLASS}]|{_LETTER}+")


def level(original: str) -> str:
    """The text as it is compared: Han characters side by side, single blanks between Latin words, bars."""
    return level_folded(text.folded(original))


def level_folded(folded: str) -> str:
    """The same for a text that is folded already.

    Made of plain replacements, for every text of the archive passes here; blanks are looked at only if there are any.
    """
    levelled = _BAR_AND_AFTER.sub(BAR, _QUOTING_MARKS.sub(" ", folded.replace("_", "-")))
    if len(levelled.split(None, 1)) > 1:
        levelled = _BEFORE_BAR.sub(BAR, levelled)
        levelled = " ".join(_SEVERAL_BLANKS.sub(_levelled_blanks, levelled).split())
        levelled = _BLANK_BESIDE_HAN.sub("", levelled)
    return levelled.strip().strip(BAR)


def unigrams(levelled: str) -> list[str]:
    """Each Han character, each Latin or digit run and each bar, in order."""
    tokens: list[str] = []
    for number, run in enumerate(_LATIN_RUN.split(levelled)):
        if number % 2:
            tokens.append(run[:LONGEST_RUN])
        else:
            tokens += run.replace(" ", "")
    return tokens


def bigrams(levelled: str) -> list[str]:
    """Overlapping pairs of Han characters; a Han character that stands alone, other runs and bars stay as they are.

    Two neighbouring pairs always come from one run, for between two Han runs stands another token.
    """
    tokens: list[str] = []
    for number, run in enumerate(_NO_HAN.split(levelled)):
        if number % 2 == 0 and len(run) > 1:
            tokens += map(add, run, run[1:])
        elif number % 2 == 0 or run == BAR:
            tokens += run
        else:
            tokens += [token[:LONGEST_RUN] for token in _NO_HAN_TOKEN.findall(run)]
    return tokens


def is_han_phrase(tokens: Sequence[str]) -> bool:
    """Whether these unigrams are Han characters only, two or more."""
    return len(tokens) > 1 and all(len(token) == 1 and text.is_han(token) for token in tokens)


@lru_cache(maxsize=512)
def pattern(tokens: tuple[str, ...]) -> re.Pattern[str]:
    """What finds a row of unigrams in a folded text, exactly where the index finds it."""
    return re.compile(_sequence(tokens))


def exactly(tokens: tuple[str, ...], folded: str) -> list[Span]:
    """Where a row of unigrams stands in a folded text."""
    return [hit.span() for hit in pattern(tokens).finditer(folded)]


def beginning(start: str, folded: str) -> list[Span]:
    """Where Latin words or numbers that begin like this stand in a folded text."""
    return [found.span() for found in re.finditer(rf"(?<!{_LETTER}){re.escape(start)}{_LETTER}*", folded)]


def nearly(tokens: tuple[str, ...], wrong: int, folded: str) -> list[Span]:
    """Where a row of Han characters stands in a folded text with at most ``wrong`` of them replaced by others.

    Every character that is met speaks for the place where the row would then begin; the work grows with the text
    and not with the ways to misread it.
    """
    places = [hit.span() for hit in _PLACES.finditer(folded)]
    wanted: dict[str, list[int]] = {}
    for offset, token in enumerate(tokens):
        wanted.setdefault(token, []).append(offset)
    votes: Counter[int] = Counter()
    for number, (start, end) in enumerate(places):
        votes.update(number - offset for offset in wanted.get(folded[start:end], ()))
    last = len(places) - len(tokens)
    begun = sorted(n for n, count in votes.items() if count >= len(tokens) - wrong and 0 <= n <= last)
    rows = [places[n : n + len(tokens)] for n in begun]
    return [(row[0][0], row[-1][1]) for row in rows if _is_one_run(row, folded)]


def spans(original: str, finders: Iterable[Finder]) -> list[Span]:
    """Where the finders find something in the original text: ranges in order, those that overlap made one."""
    folded = text.fold(original)
    found = sorted(folded.span(*hit) for finder in finders for hit in finder(folded.text))
    merged: list[Span] = []
    for start, end in found:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _is_one_run(row: Sequence[Span], folded: str) -> bool:
    """Whether Han characters only, at most blanks apart, stand at these places."""
    hans = all(text.is_han(folded[start:end]) for start, end in row)
    return hans and all(_SOFT_GAP.fullmatch(folded, one[1], other[0]) for one, other in pairwise(row))


def _levelled_blanks(blanks: re.Match[str]) -> str:
    return " " if _SOFT_GAP.fullmatch(blanks.group()) else BAR


def _sequence(tokens: Sequence[str]) -> str:
    """A regular expression for the row: bars as hard gaps, anything else at most a soft gap apart."""
    parts: list[str] = []
    after_bar = True
    for token in tokens:
        if token == BAR:
            parts.append(rf"(?!{_GAP}{_TOKEN}){_REST}++")
            after_bar = True
            continue
        parts.append(("" if after_bar else _GAP) + _one(token))
        after_bar = False
    return "".join(parts)


def _one(token: str) -> str:
    if text.is_han(token[0]):
        return re.escape(token)
    whole = f"{_LETTER}*+" if len(token) == LONGEST_RUN else f"(?!{_LETTER})"
    return rf"(?<!{_LETTER}){re.escape(token)}{whole}"
