"""Ranges of dates and amounts, taken apart into the two boxes of a form and put together again."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Final

from search.language.fields import Field
from search.language.notes import Notes
from search.language.values import Range, amount_bounds, amount_range, bounds, date_range, read_amount, read_date
from search.query import Tree, Within

_RANGES: Final[dict[Field, Callable[[str], Range | None]]] = {Field.DATE: date_range, Field.AMOUNT: amount_range}
_TREES: Final[dict[Field, Callable[[str, Notes], Tree | None]]] = {Field.DATE: read_date, Field.AMOUNT: read_amount}


def written(field: Field, lower: str, upper: str) -> list[str]:
    """The values to write behind the name of a field for the two ends of a range.

    One value where both ends can be read, and one for each end otherwise, so that what can be read still holds.
    """
    least, most = _least(field, lower), _most(field, upper)
    if least is not None and most is not None and least > most:
        lower, upper = upper, lower
        least, most = _least(field, lower), _most(field, upper)
    if least is not None and most is not None:
        asked = Within("date" if field is Field.DATE else "amount", least, most)
        plain = "".join(lower.split()) if lower == upper else "".join(f"{lower}..{upper}".split())
        is_plain = _TREES[field](plain, Notes()) == asked
        return [plain if is_plain else f"{_canonical(field, least)}..{_canonical(field, most)}"]
    sides = ((">=", lower, least), ("<=", upper, most))
    return [_side(field, sign, end, value) for sign, end, value in sides if end]


def ends(field: Field, value: str) -> tuple[str, str] | None:
    """The two ends of a range as they were written, empty where it is open; None where it is no single range."""
    compared = amount_bounds(value) if field is Field.AMOUNT else bounds(value)
    tree = _TREES[field](value, Notes())
    if tree is None and value[:2] in (">=", "<="):
        return bounds(value).lower, bounds(value).upper
    if not isinstance(tree, Within):
        return None
    lower = "" if tree.least is None else _end(field, compared.lower, tree.least, _least)
    upper = "" if tree.most is None else _end(field, compared.upper, tree.most, _most)
    return lower, upper


def _side(field: Field, sign: str, end: str, value: int | None) -> str:
    """One end with its comparison, spelt out where its words would be read otherwise there."""
    if value is None:
        return f"{sign}{end}"
    plain = f"{sign}{''.join(end.split())}"
    asked = (value, None) if sign == ">=" else (None, value)
    tree = _TREES[field](plain, Notes())
    is_plain = isinstance(tree, Within) and (tree.least, tree.most) == asked
    return plain if is_plain else f"{sign}{_canonical(field, value)}"


def _end(field: Field, end: str, value: int, read: Callable[[Field, str], int | None]) -> str:
    return end if end and read(field, end) == value else _canonical(field, value)


def _least(field: Field, end: str) -> int | None:
    found = _RANGES[field](f">={''.join(end.split())}") if end else None
    return found[0] if found else None


def _most(field: Field, end: str) -> int | None:
    found = _RANGES[field](f"<={''.join(end.split())}") if end else None
    return found[1] if found else None


def _canonical(field: Field, value: int) -> str:
    """A day in ISO 8601, or a sum in yuan."""
    if field is Field.DATE:
        return date.fromordinal(min(max(value, 1), date.max.toordinal())).isoformat()
    return f"{Decimal(value) / 100}元"
