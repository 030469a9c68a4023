"""All analysis of search: text becomes tokens here, for documents and queries alike; the engines only split on blanks.

A text is folded (`core.text.fold`) and then *levelled*: blanks beside a Han character vanish, so that line breaks and
justified print split no word; every other run of punctuation or symbols, and the empty line between two blocks of a
page, becomes one bar ``|``, so that no phrase crosses it by accident; what blanks remain stand between Latin words.
Three kinds of tokens are drawn from the levelled text: each Han character and each Latin or digit run (unigrams),
overlapping pairs of Han characters (bigrams), and for names the syllables of their pinyin.

`exactly` is the same rule as a regular expression over the folded text. It leads from a hit back to the characters of
the original, and so to their boxes on the page image.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

from core import text
from core.text import HAN_CLASS

Span = tuple[int, int]
"""A range of characters: the first, and the one after the last."""

Finder = Callable[[str], list[Span]]
"""Gives the places of something in a folded text."""

BAR: Final = "|"
"""The token that stands for punctuation; nothing else can give it, for ``|`` itself is punctuation."""

LONGEST_RUN: Final = 64
"""Latin and digit runs are cut here, in documents and in queries."""

_LETTER: Final = rf"[^\W_{HAN_CLASS}]"
_TOKEN: Final = rf"(?:[{HAN_CLASS}]|{_LETTER})"
_BLANKS: Final = r"[^\S\n\f\u2029]*"
_SOFT: Final = rf"{_BLANKS}(?:\n{_BLANKS})?"
_REST: Final = rf"(?:[^\w{HAN_CLASS}]|_)"

_GAPS: Final = re.compile(rf"[^\w{HAN_CLASS}]+")
_SOFT_GAP: Final = re.compile(_SOFT)
_BLANK_BESIDE_HAN: Final = re.compile(rf"(?<=[{HAN_CLASS}]) | (?=[{HAN_CLASS}])")
_UNIGRAMS: Final = re.compile(rf"[{HAN_CLASS}]|[^| {HAN_CLASS}]+|\|")
_PLACES: Final = re.compile(rf"[{HAN_CLASS}]|{_LETTER}+")
_RUNS: Final = re.compile(rf"[{HAN_CLASS}]+|[^| {HAN_CLASS}]+|\|")


def level(original: str) -> str:
    """The text as it is compared: Han characters side by side, single blanks between Latin words, bars."""
    return level_folded(text.fold(original).text)


def level_folded(folded: str) -> str:
    """The same for a text that is folded already."""
    return _BLANK_BESIDE_HAN.sub("", _GAPS.sub(_levelled_gap, folded.replace("_", "-"))).strip(" |")


def unigrams(levelled: str) -> list[str]:
    """Each Han character, each Latin or digit run and each bar, in order."""
    return [token[:LONGEST_RUN] for token in _UNIGRAMS.findall(levelled)]


def bigrams(levelled: str) -> list[str]:
    """Overlapping pairs of Han characters; a Han character that stands alone, other runs and bars stay as they are.

    Two neighbouring pairs always come from one run, for between two Han runs stands another token.
    """
    tokens: list[str] = []
    for run in _RUNS.findall(levelled):
        if len(run) > 1 and text.is_han(run[0]):
            tokens += map(str.__add__, run, run[1:])
        else:
            tokens.append(run[:LONGEST_RUN])
    return tokens


def joined(levelled: Iterable[str]) -> str:
    """Several levelled texts as one, so that no phrase crosses from one to the next."""
    return BAR.join(one for one in levelled if one)


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


def _levelled_gap(gap: re.Match[str]) -> str:
    blanks = gap.group()
    return " " if blanks == "\n" or _SOFT_GAP.fullmatch(blanks) else BAR


def _sequence(tokens: Sequence[str]) -> str:
    """A regular expression for the row: bars as hard gaps, anything else at most a soft gap apart."""
    parts: list[str] = []
    after_bar = True
    for token in tokens:
        if token == BAR:
            parts.append(rf"(?!{_SOFT}{_TOKEN}){_REST}++")
            after_bar = True
            continue
        parts.append(("" if after_bar else _SOFT) + _one(token))
        after_bar = False
    return "".join(parts)


def _one(token: str) -> str:
    if text.is_han(token[0]):
        return re.escape(token)
    whole = f"{_LETTER}*+" if len(token) == LONGEST_RUN else f"(?!{_LETTER})"
    return rf"(?<!{_LETTER}){re.escape(token)}{whole}"
