"""Dates as archivists write them: the wording, its EDTF, and the days it covers at most.

EDTF is ISO 8601-2, national standard GB/T 7408.2-2025. The bounds are strict: 约1996年 covers the year 1996 and no day
more, so that ranges and the rule of 25 years rest on what is stated.
"""

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from core.dates import chinese
from core.errors import InvalidInput

STATED: Final = "stated"
RESEARCHED: Final = "researched"
INFERRED: Final = "inferred"


@dataclass(frozen=True, slots=True)
class ArchivalDate:
    """A date with its wording.

    ``expression`` is kept as written. ``edtf`` is empty when nothing is said, ``XXXX`` when the date is said to be
    unknown. ``earliest`` and ``latest`` are None where the date is open or unknown. ``basis`` is ``stated`` (原文),
    ``researched`` (考证) or ``inferred`` (推定).
    """

    expression: str
    edtf: str
    earliest: date | None
    latest: date | None
    basis: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One EDTF date without its neighbours: year of four figures or X, month, season or quarter, day."""

    year: str
    month: int | None
    span: int | None
    """The codes 21 to 24, 33 to 36, 40 and 41: season, quarter, half."""
    day: int | None
    approximate: bool
    uncertain: bool


SPANS: Final = {21: (3, 3), 22: (6, 3), 23: (9, 3), 24: (12, 3)} | {
    33: (1, 3), 34: (4, 3), 35: (7, 3), 36: (10, 3), 40: (1, 6), 41: (7, 6)
}  # fmt: skip
"""First month and number of months of the codes that stand in the place of a month; winter runs into the next year."""

_MOMENT: Final = re.compile(r"(?=[0-9X]{4}(?![0-9X]))([0-9]*X*)(?:-([0-9]{2}|XX)(?:-([0-9]{2}|XX))?)?")
_SET: Final = re.compile(r"[\[{](.+)[\]}]")
_CLOCK: Final = re.compile(r"T[0-9:.+Z-]+$")
_QUALIFIERS: Final = re.compile("[~?%]")
OPEN: Final = ("", "..")
"""How EDTF writes an end that is unknown, and one that is open."""


def parse(expression: str) -> ArchivalDate:
    """Read a Chinese expression, EDTF or an ISO form (1996年5月, 约1996年, 1996—2011, 1996-11-05/06, 不详).

    Raises:
        InvalidInput: the expression says no date, names a day that does not exist, runs backwards, or counts by the
            lunar calendar or a reign. The message names the expression and what to write.
    """
    wording = chinese.plain(expression)
    edtf = chinese.to_edtf(wording)
    if edtf is None and chinese.is_of_another_calendar(wording):
        raise InvalidInput(
            _(
                "“%(expression)s” counts by the lunar calendar or a reign. Convert it, write the Gregorian date, "
                "such as 1996年2月23日, and keep the original wording in the note."
            )
            % {"expression": expression}
        )
    if edtf is None:
        raise _unreadable(expression)
    read = from_edtf(edtf, expression)
    if chinese.is_researched(wording):
        return replace(read, basis=RESEARCHED)
    return replace(read, basis=INFERRED) if chinese.is_inferred(wording) else read


def from_edtf(edtf: str, expression: str = "") -> ArchivalDate:
    """Read EDTF: dates, seasons, unspecified figures, qualifications, intervals and sets of the years 1 to 9999.

    An unknown or open end of an interval leaves its bound None. ``expression`` is ``edtf`` itself unless given.

    Raises:
        InvalidInput: it is no such EDTF, there is no such day, or the interval runs backwards.
    """
    written = expression or edtf
    code = _CLOCK.sub("", edtf.strip())
    earliest, latest = _bounds(code, written) if code else (None, None)
    if earliest and latest and earliest > latest:
        raise InvalidInput(
            _("“%(expression)s” ends before it begins. Write the earlier date first.") % {"expression": written}
        )
    basis = INFERRED if "?" in code or "%" in code else STATED
    return ArchivalDate(expression=written, edtf=code, earliest=earliest, latest=latest, basis=basis)


def moment(code: str) -> Moment | None:
    """Take one EDTF date apart; None when it is none. Qualifications inside a date count for the whole."""
    found = _MOMENT.fullmatch(_QUALIFIERS.sub("", code))
    if found is None:
        return None
    second = int(found[2]) if found[2] and found[2] != "XX" else None
    if second in SPANS and found[3]:
        return None
    return Moment(
        year=found[1],
        month=second if second not in SPANS else None,
        span=second if second in SPANS else None,
        day=int(found[3]) if found[3] and found[3] != "XX" else None,
        approximate="~" in code or "%" in code,
        uncertain="?" in code or "%" in code,
    )


def members(code: str) -> list[tuple[str, str]]:
    """First and last EDTF date of every member of a set, or of the one date or interval that is no set."""
    found = _SET.fullmatch(code)
    if found is None:
        first, slash, last = code.partition("/")
        return [(first, last if slash else first)]
    pairs = (member.strip().partition("..") for member in found[1].split(","))
    return [(first, last if dots else first) for first, dots, last in pairs]


@lru_cache(maxsize=4096)
def _bounds(code: str, written: str) -> tuple[date | None, date | None]:
    """First and last day of all members."""
    pairs = members(code)
    firsts = [_first_day(first, written) for first, _last in pairs]
    lasts = [_last_day(last, written) for _first, last in pairs]
    if pairs == [("", "")] or all(first in OPEN and last in OPEN for first, last in pairs):
        raise _unreadable(written)
    closed_firsts, closed_lasts = [day for day in firsts if day], [day for day in lasts if day]
    return (
        min(closed_firsts) if len(closed_firsts) == len(firsts) else None,
        max(closed_lasts) if len(closed_lasts) == len(lasts) else None,
    )


def _first_day(code: str, written: str) -> date | None:
    point = _closed(code, written)
    if point is None:
        return None
    year = max(int(point.year.replace("X", "0")), 1)
    month = SPANS[point.span][0] if point.span else point.month or 1
    return _day(year, month, (point.month and point.day) or 1, written)


def _last_day(code: str, written: str) -> date | None:
    point = _closed(code, written)
    if point is None:
        return None
    year = int(point.year.replace("X", "9"))
    month = point.month or 12
    if point.span:
        first, months = SPANS[point.span]
        years, month = divmod(first + months - 2, 12)
        year, month = year + years, month + 1
    day = (point.month and point.day) or (monthrange(year, month)[1] if 1 <= month <= 12 else 1)
    return _day(year, month, day, written)


def _closed(code: str, written: str) -> Moment | None:
    """The date at one end; None where the end is open or nothing is known of the year."""
    if code in OPEN:
        return None
    point = moment(code)
    if point is None or point.year == "0000":
        raise _unreadable(written)
    return None if point.year == "XXXX" else point


def _day(year: int, month: int, day: int, written: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise InvalidInput(
            _("“%(expression)s”: the calendar has no %(day)s. Check the month and the day.")
            % {"expression": written, "day": f"{year}-{month:02d}-{day:02d}"}
        ) from error


def _unreadable(expression: str) -> InvalidInput:
    return InvalidInput(
        _(
            "“%(expression)s” cannot be read as a date. Write it as 1996年5月31日, 1996年5月至11月, 约1996年, "
            "九十年代 or 1996-05-31; write 不详 when it is unknown."
        )
        % {"expression": expression}
    )
