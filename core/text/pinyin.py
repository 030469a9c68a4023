"""Pinyin of names and titles, by the dictionaries of pypinyin and the local readings.

A run of Han characters is cut from the left into the longest words that the dictionary has, as pypinyin does; a word
gives its reading, any other character its commonest one. pypinyin itself cuts its input again for every call and copies
what it finds; reading its dictionaries here is more than ten times as fast. In one case the two differ: where a run
ends within a word of the dictionary (辱国丧 of 辱国丧师), pypinyin takes the rest of the run character by character,
even if shorter words stand in it (国丧); here they are read as words there too, so that a reading does not
change with what follows.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from pypinyin import Style
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT
from pypinyin.style import convert

from core.text.characters import HAN_CLASS, is_han, simplify

SORT_KEY_LENGTH: Final = 450
"""No sort key is longer than this many characters."""

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


def pinyin_syllables(text: str) -> list[str]:
    """The syllables without tones (ü as v), lower case; a Latin word or a number counts as one; marks are left out."""
    return _syllables(text, _PLAIN)


def pinyin_initials(text: str) -> str:
    """The first letters of the syllables, numbers whole: 闽宁协作30年 gives ``mnxz30n``."""
    return "".join(syllable if syllable.isdigit() else syllable[0] for syllable in pinyin_syllables(text))


def pinyin_sort_key(text: str) -> str:
    """A key whose plain order is the pinyin order: syllable before tone, numbers by value, then the characters.

    Made from the beginning of the text only, so that it is never longer than `SORT_KEY_LENGTH`. Compare it by code
    point (the collation ``C``).
    """
    beginning = text[:_SORTED_CHARACTERS]
    syllables = _syllables(beginning, _WITH_TONES)
    key = " ".join(syllable.zfill(8) if syllable.isdigit() else syllable for syllable in syllables)
    return f"{key} {simplify(beginning)}".strip()[:SORT_KEY_LENGTH]


class _Spelling(dict[str, str]):
    """Syllables as the dictionary has them, with tone marks, in another style; filled as they come."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.style = style
        self.alone = _Alone(self)

    def __missing__(self, marked: str) -> str:
        spelled = convert(marked, self.style, strict=True, default=marked)
        is_neutral = self.style == Style.TONE3 and not spelled[-1:].isdigit()
        self[marked] = f"{spelled}5" if is_neutral else spelled
        return self[marked]


class _Alone(dict[str, tuple[str, ...]]):
    """Character to its commonest reading in one spelling, or to nothing; filled as characters come."""

    def __init__(self, spelling: _Spelling) -> None:
        super().__init__()
        self.spelling = spelling

    def __missing__(self, character: str) -> tuple[str, ...]:
        readings = PINYIN_DICT.get(ord(character))
        self[character] = (self.spelling[readings.split(",")[0]],) if readings else ()
        return self[character]


class _Words:
    """The words of the dictionary; their readings are spelled as they come."""

    def __init__(self) -> None:
        local = {word: [[syllable] for syllable in reading.split()] for word, reading in _LOCAL_READINGS.items()}
        self.readings = PHRASES_DICT | local
        lengths: dict[str, set[int]] = {}
        for word in self.readings:
            lengths.setdefault(word[0], set()).add(len(word))
        self.lengths = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
        """Of the words that begin with a character, longest first."""


@lru_cache(maxsize=1)
def _words() -> _Words:
    """Made when the first name is spoken: about 25 ms and 3 MB beside the dictionary itself."""
    return _Words()


def _syllables(text: str, spelling: _Spelling) -> list[str]:
    """Pinyin of the runs of Han characters, and runs of letters or digits as they are."""
    plain = simplify(unicodedata.normalize("NFKC", text)).lower()
    syllables: list[str] = []
    for run in _SPOKEN_RUN.findall(plain):
        if is_han(run[0]):
            syllables += _read(run, spelling)
        else:
            syllables.append(run)
    return syllables


def _read(run: str, spelling: _Spelling) -> list[str]:
    """The syllables of a run of Han characters; one that no dictionary knows is left out."""
    words = _words()
    readings, lengths = words.readings, words.lengths
    syllables: list[str] = []
    start, end = 0, len(run)
    while start < end:
        first = run[start]
        for length in lengths.get(first, ()):
            word = run[start : start + length]
            if word in readings:
                syllables += [spelling[reading[0]] for reading in readings[word]]
                start += len(word)
                break
        else:
            syllables += spelling.alone[first]
            start += 1
    return syllables


_PLAIN: Final = _Spelling(Style.NORMAL)
_WITH_TONES: Final = _Spelling(Style.TONE3)
