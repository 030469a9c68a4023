"""The values of the fields that hold no text: dates, sums of money, terms of the vocabularies and reference codes.

Each function gives the tree that a value asks for, or None when it cannot be read; then a note says what could be.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from archive import reference_codes
from core import amounts, dates
from core.errors import InvalidInput
from search.language import fields
from search.language.fields import Field, Vocabulary
from search.language.notes import Notes, listed
from search.query import Among, AnyOne, Tree, Within

_COMPARED: Final = re.compile(r"(?P<sign>>=|>|<=|<)(?P<bound>.+)")
_SPELT: Final = str.maketrans({"＜": "<", "＞": ">", "＝": "=", "≥": ">=", "≤": "<=", "＊": "*"})
_DOTS: Final = re.compile(r"(?P<lower>.*?)(?:\.{2,}|…+)(?P<upper>.*)")
_FROM_TO: Final = re.compile(r"(?P<lower>.+?)(?:至|到|[-—–~～〜]+)(?P<upper>.+)")
_AT_LEAST: Final = re.compile(r"(?P<bound>.+)以上")
_AT_MOST: Final = re.compile(r"(?P<bound>.+)(?:以下|以内)")
_LIST: Final = re.compile("[、,，|;；]")
_DATE_LIST: Final = re.compile(r"[、,，|;；](?![^\[{]*[\]}])")
_AMOUNT_LIST: Final = re.compile("[、|;；]")
_LONGEST: Final = 200  # characters; what is longer is a text
_MOST_FIGURES: Final = 15
_MOST_UNKNOWN: Final = 3
_LARGEST: Final = 2**63 - 1
"""The largest number that an engine keeps."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range as it was written: the words for its ends, empty where it is open, the same for a single value."""

    lower: str
    upper: str
    is_beyond: bool = False
    """Whether the ends themselves do not belong to it (> and <)."""


Range = tuple[int | None, int | None]


def bounds(written: str) -> Bounds:
    """Take a range apart: >A, >=A, <A, <=A, A..B, A.. and ..B; anything else is a single value."""
    plain = written.translate(_SPELT).strip()
    compared = _COMPARED.fullmatch(plain)
    if compared:
        bound, beyond = compared["bound"].strip(), len(compared["sign"]) == 1
        return Bounds(bound, "", beyond) if compared["sign"][0] == ">" else Bounds("", bound, beyond)
    dots = _DOTS.fullmatch(plain)
    if dots and (dots["lower"] or dots["upper"]):
        return Bounds(dots["lower"].strip(), dots["upper"].strip())
    return Bounds(plain.removeprefix("="), plain.removeprefix("="))


def date_range(written: str) -> Range | None:
    """The days that a date or a range of dates covers, as ordinals; None when it cannot be read."""
    whole = _days(written)
    if whole != (None, None):
        return whole
    ends = bounds(written)
    if ends.lower == ends.upper:
        return _closed(_days(ends.lower))
    from_first, from_last = _days(ends.lower)
    to_first, to_last = _days(ends.upper)
    if ends.is_beyond:
        found = (from_last + 1 if from_last else None), (to_first - 1 if to_first else None)
    elif from_first and to_last and from_first > to_last:
        found = from_last, to_first  # backwards: the outer days, in the order in which they were written
    else:
        found = from_first, to_last
    return _complete(found, ends)


def amount_range(written: str) -> Range | None:
    """The sums that an amount or a range of amounts covers, in fen; None when it cannot be read."""
    ends = amount_bounds(written)
    lower, upper = _fen(ends.lower), _fen(ends.upper)
    if ends.is_beyond:
        lower, upper = (None if lower is None else lower + 1), (None if upper is None else max(upper - 1, 0))
    return _complete((lower, upper), ends)


def read_date(written: str, notes: Notes) -> Tree | None:
    """The records of these days; several dates with commas between them are alternatives."""
    found = _each(date_range, _DATE_LIST, written)
    if None in found and len(written) <= _LONGEST:
        found = [date_range(written)]
    if None in found:
        notes.add(
            _(
                "“%(value)s” could not be read as a date and was searched for as words. "
                "Dates are written like 1996, 1996年5月, 1996..2001 or >=1996-05-31."
            )
            % {"value": written}
        )
    return _any_within("date", found, written, notes)


def read_amount(written: str, notes: Notes) -> Tree | None:
    """The records with such a sum."""
    found = _each(amount_range, _AMOUNT_LIST, written)
    if None in found:
        notes.add(
            _(
                "“%(value)s” could not be read as a sum of money and was searched for as words. "
                "Sums are written like 1.5亿元, >3000万元 or 1000万元..1亿元."
            )
            % {"value": written}
        )
    return _any_within("amount", found, written, notes)


def read_terms(field: Field, vocabulary: Vocabulary, written: str, notes: Notes) -> Among | None:
    """The records with one of the terms; the terms that are not known are named in a note."""
    typed = [one.strip() for one in _LIST.split(written) if one.strip()]
    codes = {one: fields.code_of(vocabulary, one) for one in typed}
    for unknown in [one for one, code in codes.items() if code is None][:_MOST_UNKNOWN]:
        _unknown_term(field, vocabulary, unknown, notes)
    known = tuple(dict.fromkeys(code for code in codes.values() if code))
    return Among(vocabulary, known) if known else None


def read_codes(written: str, *, is_prefix: bool) -> Tree | None:
    """The records with one of the reference codes, or with one that begins like this where an asterisk stands."""
    typed = _LIST.split(written.translate(_SPELT) + ("*" if is_prefix else ""))
    whole = tuple(code for one in typed if not one.endswith("*") and (code := reference_codes.normalise(one)))
    begun = tuple(code for one in typed if one.endswith("*") and (code := reference_codes.normalise(one.rstrip("*"))))
    parts = [
        Among("reference", values, is_prefix=starts) for values, starts in ((whole, False), (begun, True)) if values
    ]
    return parts[0] if len(parts) == 1 else AnyOne(tuple(parts)) if parts else None


def _unknown_term(field: Field, vocabulary: Vocabulary, written: str, notes: Notes) -> None:
    known = listed([fields.label_of(vocabulary, code) for code in fields.codes(vocabulary)])
    nearest = fields.nearest_value(vocabulary, written)
    wording = (
        _("“%(value)s” is not known under “%(name)s”. Perhaps you meant “%(other)s”. Known are: %(known)s.")
        if nearest
        else _("“%(value)s” is not known under “%(name)s”. Known are: %(known)s.")
    )
    notes.add(wording % {"value": written, "name": fields.name_of(field), "other": nearest, "known": known})


def _each(read: Callable[[str], Range | None], marks: re.Pattern[str], written: str) -> list[Range | None]:
    """What each of several values covers."""
    return [read(one) for one in marks.split(written)] if len(written) <= _LONGEST else [None]


def _any_within(field: str, found: list[Range | None], written: str, notes: Notes) -> Tree | None:
    parts: list[Tree] = []
    for ends in found:
        if ends is None:
            return None
        least, most = ends
        if least is not None and most is not None and least > most:
            notes.add(
                _("The range “%(value)s” runs backwards; it was read from its lower to its upper end.")
                % {"value": written}
            )
            least, most = most, least
        parts.append(Within("date" if field == "date" else "amount", least, most))
    return parts[0] if len(parts) == 1 else AnyOne(tuple(parts))


def _days(written: str) -> Range:
    """First and last day as ordinals; both None when it is no date. A year may lack its 年."""
    for expression in (written, f"{written}年"):
        try:
            read = dates.parse(expression)
        except InvalidInput:
            continue
        return _ordinal(read.earliest), _ordinal(read.latest)
    return None, None


def _ordinal(day: date | None) -> int | None:
    return day.toordinal() if day else None


def _closed(found: Range) -> Range | None:
    return None if found == (None, None) else found


def _complete(found: Range, ends: Bounds) -> Range | None:
    """The range, unless an end that was written could not be read."""
    missing = (ends.lower and found[0] is None) or (ends.upper and found[1] is None)
    return None if missing else _closed(found)


def amount_bounds(written: str) -> Bounds:
    """Take a range of sums apart, which may also be written with 至, a dash, 以上 or 以下."""
    ends = bounds(written)
    if ends.lower != ends.upper:
        return ends
    at_least, at_most = _AT_LEAST.fullmatch(ends.lower), _AT_MOST.fullmatch(ends.lower)
    if at_least or at_most:
        return Bounds(at_least["bound"] if at_least else "", at_most["bound"] if at_most else "")
    apart = _FROM_TO.fullmatch(ends.lower)
    return Bounds(apart["lower"], apart["upper"]) if apart else ends


def _fen(written: str) -> int | None:
    """A sum in fen; a bare figure is yuan. None when it is no sum in yuan that could be kept."""
    if not written or sum(sign.isdigit() for sign in written) > _MOST_FIGURES:
        return None
    for stated in (written, f"{written}元"):
        try:
            yuan = amounts.parse(stated).yuan
        except (InvalidInput, InvalidOperation):
            continue
        return None if yuan is None else min(int((yuan * Decimal(100)).to_integral_value()), _LARGEST)
    return None
