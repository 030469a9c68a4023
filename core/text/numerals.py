"""Chinese numerals in years and in the numbers of documents, as digits.

A year is a row of exactly four positional digits that begins with 一八, 一九 or 二〇 and has no Chinese digit beside
it: 二〇一六年 is 2016年. Its zeros may be written 〇, ○, ◯, 零, and as in many typescripts O or 0; a last zero in
one of the foreign signs ends the year. The number of a document is the numeral between a year in brackets and 号; 第
in that place vanishes: 〔2016〕第十二号 is 〔2016〕12号.

Blanks and a single line break inside a numeral mean nothing, as everywhere beside Han characters. Whether a numeral is
rewritten depends on it and its closest neighbours only, so that a piece of a text is rewritten like the whole, unless
the cut runs through a numeral or between the number of a document and the brackets or the 号 that tell what it is.
"""

import re
from collections.abc import Callable
from typing import Final

from core.text.characters import HAN_CLASS, SOFT_GAP

Edit = tuple[int, int, str]
"""A range of characters and what stands for it."""

_HAN_DIGIT: Final = "〇零一二三四五六七八九"
_SIGN_ZERO: Final = "○◯"  # punctuation wherever else it stands
_LATIN_ZERO: Final = "0o"
_DIGIT: Final = f"{_HAN_DIGIT}{_SIGN_ZERO}{_LATIN_ZERO}"
_COUNTING: Final = f"{_HAN_DIGIT}{_SIGN_ZERO}十百千廿卅"
_LETTER: Final = rf"[^\W_{HAN_CLASS}]"

_YEAR: Final = re.compile(
    rf"(?:一{SOFT_GAP}[八九]|二{SOFT_GAP}[〇零{_SIGN_ZERO}{_LATIN_ZERO}]){SOFT_GAP}[{_DIGIT}]"
    rf"{SOFT_GAP}(?:[{_HAN_DIGIT}](?!{SOFT_GAP}[{_HAN_DIGIT}])|[{_SIGN_ZERO}]|[{_LATIN_ZERO}](?!{_LETTER}))"
)
_NUMBER: Final = re.compile(
    rf"(?:1[89]|20)(?<!{_LETTER}[12][089])[0-9]{{2}}\s*+[〕\])】]\s*+"
    rf"(?P<number>(?:第{SOFT_GAP})?(?P<numeral>[{_COUNTING}](?:{SOFT_GAP}[{_COUNTING}])*+)|第{SOFT_GAP}(?P<figure>[0-9]++))"
    rf"(?={SOFT_GAP}号)"
)
_BLANKS: Final = re.compile(SOFT_GAP)
_FIGURES: Final = str.maketrans(_DIGIT, "00123456789" + "0" * len(_SIGN_ZERO + _LATIN_ZERO))
_COUNTED: Final = re.compile(r"(?:([1-9])千0?)?(?:([1-9])百0?)?(?:([1-9]?)(十))?([1-9]?)")


def years(text: str) -> list[Edit]:
    """The years of a text without Traditional, wide or capital characters; blanks keep them apart from letters."""
    if "一" not in text and "二" not in text:
        return []
    found: list[Edit] = []
    for year in _YEAR.finditer(text):
        start, end = year.span()
        if not _follows_a_digit(text, start):
            before = " " if start and _is_letter(text[start - 1]) else ""
            after = " " if end < len(text) and _is_letter(text[end]) else ""
            found.append((start, end, f"{before}{_figures(year.group())}{after}"))
    return found


def document_numbers(text: str) -> list[Edit]:
    """The numbers of documents, with 第 before them, in a text whose years are digits already."""
    if "号" not in text:
        return []
    found: list[Edit] = []
    for number in _NUMBER.finditer(text):
        value = number["figure"] or _value(_figures(number["numeral"]))
        if value:
            found.append((*number.span("number"), value))
    return found


REWRITING: Final[tuple[Callable[[str], list[Edit]], ...]] = (years, document_numbers)
"""What finds numerals, in the order in which it must be done."""


def _follows_a_digit(text: str, start: int) -> bool:
    """Whether a Chinese digit stands before a place, at most a soft gap away."""
    before = start - 1
    while before >= 0 and text[before].isspace():
        before -= 1
    return before >= 0 and text[before] in _HAN_DIGIT and _BLANKS.fullmatch(text, before + 1, start) is not None


def _is_letter(character: str) -> bool:
    return re.match(_LETTER, character) is not None


def _figures(numeral: str) -> str:
    """Positional digits in Arabic figures, without the blanks."""
    return "".join(numeral.split()).translate(_FIGURES)


def _value(numeral: str) -> str:
    """A numeral in figures, counted (1百0二 is 102) or positional; empty when it is not well formed."""
    if numeral.isdigit():
        return numeral
    counted = _COUNTED.fullmatch(numeral.replace("廿", "2十").replace("卅", "3十"))
    if counted is None:
        return ""
    thousands, hundreds, tens, ten, ones = counted.groups()
    value = 1000 * int(thousands or 0) + 100 * int(hundreds or 0) + int(ones or 0)
    return str(value + 10 * int(tens or 1) if ten else value)
