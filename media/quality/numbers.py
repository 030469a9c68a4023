"""Page numbers as they are printed: found in the texts of pages, and what their sequence shows.

A number counts where it stands alone in a line at the head or the foot of the page: 12, - 12 -, 第12页, 3/10. Numbers
may begin anew, as they do where a file holds several documents.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from media.lines import TextLine

_EDGE: Final = 0.12
"""Share of the height of the page, above and below, in which numbers are looked for."""

_LEAST_NUMBERED: Final = 3
_LEAST_IN_ORDER: Final = 0.6
"""With a smaller share in order, what was found are no page numbers."""

_DASHES: Final = r"[\s\-‐-―−·•*~〜|.]*"
_FORMS: Final = (
    re.compile(rf"{_DASHES}(\d{{1,4}}){_DASHES}"),
    re.compile(r"第\s*(\d{1,4})\s*页(?:[,，、/\s]*共\s*\d{1,4}\s*页)?"),
    re.compile(r"(\d{1,4})\s*/\s*\d{1,4}"),
)


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers that are missing before a place in the sequence."""

    place: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sequence of printed numbers shows: places out of order, with the number that stands there, and gaps."""

    astray: tuple[int, ...]
    gaps: tuple[Gap, ...]


def printed_number(lines: Iterable[TextLine], height: int) -> int | None:
    """The page number that is printed on a page of so many pixels' height; None where none can be told."""
    found = []
    for line in lines:
        middle = line.box.y + line.box.h / 2
        at_edge = middle < _EDGE * height or middle > (1 - _EDGE) * height
        number = _number(line.text) if at_edge else None
        if number is not None:
            found.append((abs(middle - height / 2), number))
    return max(found)[1] if found else None


def examine(numbers: Sequence[int | None]) -> Outcome:
    """Look at the printed numbers of pages in their order; None where a page has none.

    Each stretch that counts up is looked at by itself. The longest rising row within it is what is in order; the
    other pages of the stretch are astray.
    """
    known = [place for place, number in enumerate(numbers) if number is not None]
    if len(known) < _LEAST_NUMBERED:
        return Outcome((), ())
    astray: list[int] = []
    gaps: list[Gap] = []
    for stretch in _stretches(known, numbers):
        rising = _longest_rising(stretch, numbers)
        astray += sorted(set(stretch) - set(rising))
        gaps += _gaps(rising, stretch, numbers)
    if len(astray) > (1 - _LEAST_IN_ORDER) * len(known):
        return Outcome((), ())
    return Outcome(tuple(astray), tuple(gaps))


def _number(text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    for form in _FORMS:
        hit = form.fullmatch(plain)
        if hit:
            return int(hit[1])
    return None


def _stretches(known: Sequence[int], numbers: Sequence[int | None]) -> list[list[int]]:
    """Places, divided where the numbers begin anew: at a 1 that a 2 follows, or that stands last."""
    stretches: list[list[int]] = [[]]
    for position, place in enumerate(known):
        following = numbers[known[position + 1]] if position + 1 < len(known) else 2
        if stretches[-1] and numbers[place] == 1 and following == 2:
            stretches.append([])
        stretches[-1].append(place)
    return stretches


def _longest_rising(places: Sequence[int], numbers: Sequence[int | None]) -> list[int]:
    """The longest row of places whose numbers rise (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        number = numbers[place] or 0
        pile = bisect_left(tops, number)
        before[place] = ends[pile - 1] if pile else None
        if pile == len(tops):
            tops.append(number)
            ends.append(place)
        else:
            tops[pile], ends[pile] = number, place
    row: list[int] = []
    place_: int | None = ends[-1] if ends else None
    while place_ is not None:
        row.append(place_)
        place_ = before[place_]
    return row[::-1]


def _gaps(rising: Sequence[int], stretch: Sequence[int], numbers: Sequence[int | None]) -> list[Gap]:
    """Numbers that no page bears, where there are too few pages without a number between to bear them."""
    borne = {numbers[place] for place in stretch}
    gaps = []
    for earlier, later in pairwise(rising):
        low, high = numbers[earlier] or 0, numbers[later] or 0
        missing = [number for number in range(low + 1, high) if number not in borne]
        unnumbered = sum(numbers[place] is None for place in range(earlier + 1, later))
        if len(missing) > unnumbered:
            gaps.append(Gap(later, missing[0], missing[-1]))
    return gaps
