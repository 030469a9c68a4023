"""The years of a list of results as bars, from the first to the last; each narrows the list to its year."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from portal.questions import Question
from search.finding import FacetValue

TALLEST: Final = 100
SHORTEST: Final = 3
"""A bar that stands for anything at all can be seen."""

MANY: Final = 24
"""More years than this do not fit beside the facets with their names under them."""

CROWDED: Final = 34
"""More years than this do not fit with their counts above them either."""


@dataclass(frozen=True, slots=True)
class Bar:
    """The results that touch a year; ``height`` in hundredths of the tallest; its address narrows to them."""

    label: str
    count: int
    height: int
    href: str
    is_selected: bool
    is_start: bool = False
    """Where a narrow screen, which cannot show all the years, begins."""

    @property
    def top(self) -> int:
        """Where the bar begins, in hundredths from above."""
        return TALLEST - self.height

    @property
    def is_fifth(self) -> bool:
        """Whether the year is named where not every one can be."""
        return self.label[-1] in "05"


def bars(values: Sequence[FacetValue], question: Question) -> list[Bar]:
    """Bars from the first year to the last one, empty years too; none where there is but one year to show.

    A record that runs through several years counts in each, so the bars may add up to more than the results.
    """
    counts = {int(value.value): value.count for value in values if value.value.isdigit()}
    years = [year for year, count in counts.items() if count]
    if len(years) < 2:
        return []
    tallest = max(counts.values())
    drawn = [_bar(year, counts.get(year, 0), tallest, question) for year in range(min(years), max(years) + 1)]
    start = next((bar for bar in drawn if bar.is_selected), max(drawn, key=lambda bar: bar.count))
    return [replace(bar, is_start=bar is start) for bar in drawn]


def _bar(year: int, count: int, tallest: int, question: Question) -> Bar:
    """A bar already chosen leads back to all years."""
    own = str(year)
    chosen = list(question.filters.get("year", ()))
    is_selected = own in chosen
    narrowed = question.narrowed("year", [one for one in chosen if one != own] if is_selected else [*chosen, own])
    height = max(round(TALLEST * count / tallest), SHORTEST) if count else 0
    return Bar(own, count, height, narrowed.address(), is_selected)
