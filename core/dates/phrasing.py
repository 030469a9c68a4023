"""An archival date in the words of a language."""

import re
from dataclasses import dataclass, replace
from typing import Final

from core.dates.archival import OPEN, ArchivalDate, Moment, members, moment


@dataclass(frozen=True, slots=True)
class _Words:
    """How a language says what EDTF marks."""

    undated: str
    comma: str
    either: str
    about: str
    uncertain: str
    since: str
    until: str
    between: str
    chinese: bool


_CHINESE: Final = _Words("日期不详", "、", "或", "约", "（存疑）", "{}起", "至{}", "至", chinese=True)
_ENGLISH: Final = _Words(
    "undated", ", ", " or ", "about ", " (uncertain)", "since {}", "until {}", " – ", chinese=False
)
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SPANS_ZH: Final = {
    **{21: "春", 22: "夏", 23: "秋", 24: "冬", 40: "上半年", 41: "下半年"},
    **{33: "第一季度", 34: "第二季度", 35: "第三季度", 36: "第四季度"},
}
_SPANS_EN: Final = {
    **{21: "spring", 22: "summer", 23: "autumn", 24: "winter", 40: "first half of", 41: "second half of"},
    **{33: "first quarter of", 34: "second quarter of", 35: "third quarter of", 36: "fourth quarter of"},
}


def display(when: ArchivalDate, language: str) -> str:
    """The date in words: 1996年5月, 1996—2011年, 约1996年, 日期不详; “May 1996”, “1996–2011”, “about 1996”, “undated”.

    Chinese for every code that begins with ``zh``, English for all others.
    """
    words = _CHINESE if language.lower().startswith("zh") else _ENGLISH
    if not when.edtf or when.edtf.startswith("XXXX"):
        return words.undated
    joint = words.either if when.edtf.startswith("[") else words.comma
    return joint.join(_display_member(first, last, words) for first, last in members(when.edtf)).removeprefix("the ")


def _display_member(first: str, last: str, words: _Words) -> str:
    """One date, one interval, or one that is open on a side."""
    if first == last:
        return _display_point(first, words)
    if last in OPEN:
        return words.since.format(_display_point(first, words))
    if first in OPEN:
        return words.until.format(_display_point(last, words))
    start, end = moment(first), moment(last)
    if start and end and (start.approximate, start.uncertain) == (end.approximate, end.uncertain):
        return _doubted(start, _display_interval(start, end, words), words)
    return _display_point(first, words) + words.between + _display_point(last, words)


def _display_interval(start: Moment, end: Moment, words: _Words) -> str:
    """An interval that says what both ends share only once."""
    plain_years = start.year.isdigit() and end.year.isdigit() and _finest(start) == _finest(end) == "year"
    if plain_years:
        return f"{start.year}—{end.year}年" if words.chinese else f"{start.year}–{end.year}"
    same_year = start.year == end.year and not start.span and not end.span and start.month and end.month
    same_month = same_year and start.month == end.month and start.day and end.day
    if words.chinese:
        whole = _chinese(end)
        shared = _chinese(replace(end, day=None)) if same_month else f"{end.year}年" if same_year else ""
        return _chinese(start) + words.between + whole.removeprefix(shared)
    if same_month:
        return f"{start.day}–{_english(end)}"
    if same_year:
        dash = words.between if start.day or end.day else "–"
        return _english(start).removesuffix(f" {start.year}") + dash + _english(end)
    return _english(start) + words.between + _english(end)


def _display_point(code: str, words: _Words) -> str:
    point = moment(code)
    if point is None:
        return code
    return _doubted(point, _chinese(point) if words.chinese else _english(point), words)


def _doubted(point: Moment, shown: str, words: _Words) -> str:
    return (words.about if point.approximate else "") + shown + (words.uncertain if point.uncertain else "")


def _finest(point: Moment) -> str:
    return "day" if point.day else "month" if point.month else "span" if point.span else "year"


def _chinese(point: Moment) -> str:
    if re.fullmatch("[0-9]{3}X", point.year):
        decade = f"{point.year[2]}0年代" if point.year[2] != "0" else "头十年"
        year = f"{int(point.year[:2]) + 1}世纪{decade}"
    elif re.fullmatch("[0-9]{2}XX", point.year):
        year = f"{int(point.year[:2]) + 1}世纪"
    else:
        year = f"{point.year}年"
    if point.span:
        return year + _SPANS_ZH[point.span]
    month = f"{point.month}月" if point.month else ""
    return year + month + (f"{point.day}日" if point.month and point.day else "")


def _english(point: Moment) -> str:
    year = point.year
    if re.fullmatch("[0-9]{3}X", year):
        year = f"the {year[:3]}0s"
    elif re.fullmatch("[0-9]{2}XX", year):
        year = f"the {_ordinal(int(year[:2]) + 1)} century"
    if point.span:
        return f"{_SPANS_EN[point.span]} {year}"
    month = f"{_MONTHS[point.month - 1]} " if point.month else ""
    return (f"{point.day} " if point.month and point.day else "") + month + year


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
