"""One way of comparing texts, with the way back to the original; and pinyin for names and titles.

`fold` is the whole analysis of the search: what it makes of a query and of a page is compared character by character,
and the offset map leads from a hit to the characters of the original and so to their boxes on the page image. Stored
texts are never folded, they stay as they were received (NFC).
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import opencc
from pypinyin import Style, lazy_pinyin, load_phrases_dict

from core.variants import VARIANTS

HAN_CLASS: Final = "\u2e80-\u2fdf\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The Han characters, extensions and 〇 included, written for use inside the brackets of a regular expression."""

SORT_KEY_LENGTH: Final = 450
"""No sort key is longer than this many characters."""

_HAN: Final = re.compile(f"[{HAN_CLASS}]")
_IGNORABLE_CLASS: Final = (
    "\u00ad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb"
    "\U000e0000-\U000e0fff"
)
_IGNORABLE: Final = re.compile(f"[{_IGNORABLE_CLASS}]")
_CLUSTERED: Final = "\uffff"  # a code point that never is a character; stands for one that cannot be folded alone
_CLUSTERED_RUN: Final = re.compile(f"[^{_CLUSTERED}]?{_CLUSTERED}+")
_LOCAL_READINGS: Final = {
    "单家集": "shàn jiā jí",
    "厦大": "xià dà",
    "厦航": "xià háng",
    "林隽": "lín jùn",
    "率团": "shuài tuán",
    "红寺堡": "hóng sì bǔ",
    "长泰": "cháng tài",
    "马尾区": "mǎ wěi qū",
    "马尾港": "mǎ wěi gǎng",
}
"""Words of the cooperation that the dictionary of pypinyin reads wrong."""

_SPOKEN_RUN: Final = re.compile(rf"[{HAN_CLASS}]+|[0-9]+|[^\W\d_{HAN_CLASS}]+|\d")
_SORTED_CHARACTERS: Final = 48
_NOT_IN_NAMES: Final = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and the way back.

    ``offsets`` has one entry more than ``text`` has characters: ``offsets[i]`` is the index in the original where the
    character or cluster begins that gave ``text[i]``; the last entry is the length of the original.
    """

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the original; a cluster (㎡, e + accent) is taken whole or not at all."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        first, last = self.offsets[start], self.offsets[end - 1]
        return first, self.offsets[bisect_right(self.offsets, last)] if last < self.offsets[-1] else last


def fold(text: str) -> Folded:
    """Compose (NFC), NFKC, lower case, Traditional to Simplified, variants; ignorable characters vanish.

    Zero-width characters, soft hyphens, byte order marks, variation selectors and marks of direction are ignorable.
    Folding what is folded changes nothing.
    """
    folded = text.translate(_alone)
    if _CLUSTERED not in folded:
        return Folded(folded, tuple(range(len(text) + 1)))
    pieces: list[str] = []
    offsets: list[int] = []
    done = 0
    for run in _CLUSTERED_RUN.finditer(folded):
        pieces.append(folded[done : run.start()])
        offsets.extend(range(done, run.start()))
        for begin, cluster in _clusters(text, run.start(), run.end()):
            piece = _fold_cluster(cluster)
            pieces.append(piece)
            offsets.extend([begin] * len(piece))
        done = run.end()
    pieces.append(folded[done:])
    offsets.extend(range(done, len(text) + 1))
    return Folded("".join(pieces), tuple(offsets))


def simplify(text: str) -> str:
    """Traditional to Simplified by the static table, character by character; the length never changes."""
    return text.translate(_simplified)


def is_han(character: str) -> bool:
    """Whether a single character is Han: all extensions, compatibility forms, radicals, 々 and 〇."""
    return _HAN.fullmatch(character) is not None


def pinyin_syllables(text: str) -> list[str]:
    """The syllables without tones (ü as v), lower case; a Latin word or a number counts as one; marks are left out."""
    return _syllables(text, Style.NORMAL)


def pinyin_initials(text: str) -> str:
    """The first letters of the syllables, numbers whole: 闽宁协作30年 gives ``mnxz30n``."""
    return "".join(syllable if syllable.isdigit() else syllable[0] for syllable in pinyin_syllables(text))


def pinyin_sort_key(text: str) -> str:
    """A key whose plain order is the pinyin order: syllable before tone, numbers by value, then the characters.

    Made from the beginning of the text only, so that it is never longer than `SORT_KEY_LENGTH`. Compare it by code
    point (the collation ``C``).
    """
    beginning = text[:_SORTED_CHARACTERS]
    syllables = _syllables(beginning, Style.TONE3)
    key = " ".join(syllable.zfill(8) if syllable.isdigit() else syllable for syllable in syllables)
    return f"{key} {simplify(beginning)}".strip()[:SORT_KEY_LENGTH]


def clean_name(name: str) -> str:
    """An original file name, fit to be stored: NFC, without control characters, marks of direction and half characters.

    Everything else is kept as it came, spaces and signs included. The result is empty when nothing remains.
    """
    return unicodedata.normalize("NFC", _NOT_IN_NAMES.sub("", name))


class _Simplified(dict[int, str]):
    """The static table, filled as characters come: code point to Simplified character."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        simple = _converter().convert(character) if is_han(character) else character
        self[code] = simple if len(simple) == 1 else character
        return self[code]


class _Alone(dict[int, str]):
    """Code point to folded character, or to the mark of those that need their neighbours or give several."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        piece = _fold_cluster(character)
        self[code] = piece if len(piece) == 1 and not _continues(character) else _CLUSTERED
        return self[code]


@lru_cache(maxsize=4096)
def _fold_cluster(cluster: str) -> str:
    """Fold a character together with the marks that belong to it."""
    composed = unicodedata.normalize("NFKC", _IGNORABLE.sub("", cluster))
    lowered = unicodedata.normalize("NFKC", composed.lower())
    return "".join(_settle(character) for character in lowered)


def _settle(character: str) -> str:
    """Follow the table and the variants until nothing changes (薴 → 苧 → 苎)."""
    simple = _simplified[ord(character)]
    simple = VARIANTS.get(simple, simple)
    return character if simple == character else _settle(simple)


def _clusters(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Cut ``text[start:end]`` where composition cannot reach across."""
    begin = start
    for position in range(start + 1, end):
        if not _continues(text[position]):
            yield begin, text[begin:position]
            begin = position
    yield begin, text[begin:end]


@lru_cache(maxsize=4096)
def _continues(character: str) -> bool:
    """Whether a character may melt into the one before it."""
    if _IGNORABLE.match(character):
        return True
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.combining(first) != 0 or first in _second_halves()


@lru_cache(maxsize=1)
def _second_halves() -> frozenset[str]:
    """The characters that compose with a character before them: the second of every canonical pair, and Hangul jamo."""
    decompositions = (unicodedata.decomposition(chr(code)).split() for code in range(0xC0, 0x30000))
    pairs = {chr(int(parts[1], 16)) for parts in decompositions if len(parts) == 2 and not parts[0].startswith("<")}
    jamo = {chr(code) for code in (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))}
    return frozenset(pairs | jamo)


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _syllables(text: str, style: Style) -> list[str]:
    """Pinyin of the runs of Han characters, and runs of letters or digits as they are."""
    _teach_local_names()
    plain = simplify(unicodedata.normalize("NFKC", text)).lower()
    syllables: list[str] = []
    for run in _SPOKEN_RUN.findall(plain):
        han = is_han(run[0])
        syllables += lazy_pinyin(run, style=style, errors="ignore", neutral_tone_with_five=True) if han else [run]
    return syllables


@lru_cache(maxsize=1)
def _teach_local_names() -> None:
    """Teach pypinyin the local readings; it takes them for the whole process."""
    load_phrases_dict(
        {word: [[syllable] for syllable in reading.split()] for word, reading in _LOCAL_READINGS.items()},
        style="default",
    )


_simplified: Final = _Simplified()
_alone: Final = _Alone()
