"""What the front page shows: the holdings at a glance, the thirty years, where sources differ, what can be read."""

from collections.abc import Sequence
from dataclasses import dataclass

from archive.models import Kind, Reader, Record, Scope
from media.models import Page
from portal import browsing, connections, images, platform_state
from portal.browsing import FIRST_YEAR, LAST_YEAR, Shelf
from portal.claims import reader_address
from portal.connections import Disagreement

EXAMPLES = ("闽宁镇", "菌草", "联席会议", "支教", "吊庄移民", "山海情")
"""Words to try the search with."""

DISPUTES_SHOWN = 3
SHEETS_SHOWN = 6
BAR_HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Year:
    """One bar of the timeline: ``height`` in hundredths of the tallest."""

    year: int
    count: int
    height: int
    meetings: int
    href: str

    @property
    def top(self) -> int:
        """Where the bar begins, in hundredths from above."""
        return BAR_HEIGHT - self.height


@dataclass(frozen=True, slots=True)
class Timeline:
    """The thirty years, and how many facts lie outside them."""

    years: Sequence[Year]
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """A digitised page to begin reading with."""

    record: Record
    href: str
    image: str
    width: int
    height: int


def timeline(reader: Reader) -> Timeline:
    """The facts of the register by the year in which they begin (one query)."""
    counted = browsing.years(reader)
    totals = {year: sum(kinds.values()) for year, kinds in counted.items()}
    tallest = max((totals.get(year, 0) for year in range(FIRST_YEAR, LAST_YEAR + 1)), default=0) or 1
    years = [
        Year(
            year=year,
            count=totals.get(year, 0),
            height=round(BAR_HEIGHT * totals.get(year, 0) / tallest),
            meetings=counted.get(year, {}).get(Kind.MEETING, 0),
            href=browsing.address("year", str(year)),
        )
        for year in range(FIRST_YEAR, LAST_YEAR + 1)
    ]
    before = sum(total for year, total in totals.items() if year < FIRST_YEAR)
    after = sum(total for year, total in totals.items() if year > LAST_YEAR)
    return Timeline(years, before, after)


def disagreements(reader: Reader) -> list[Disagreement]:
    """A few points on which sources differ (at most three queries)."""
    keys = Record.objects.visible_to(reader).of_kind(Kind.DISPUTE).order_by("pk").values_list("pk", flat=True)
    return connections.disagreements(Record.objects.filter(pk__in=list(keys[:DISPUTES_SHOWN])), reader)


def sheets(reader: Reader) -> list[Sheet]:
    """The first pages of a few digitised items (one query)."""
    pages = (
        Page.objects.visible_to(reader, Scope.IMAGE)
        .filter(number=1, derived_at__isnull=False)
        .select_related("unit__record")
        .order_by("pk")[:SHEETS_SHOWN]
    )
    return [
        Sheet(
            record=page.unit.record,
            href=reader_address(page.unit.record, page.number),
            image=images.address(page, images.THUMBNAIL_WIDTH * 2),
            width=page.width,
            height=page.height,
        )
        for page in pages
    ]


@dataclass(frozen=True, slots=True)
class Sample:
    """What the sample archive holds, for the statement of what it is."""

    facts: int
    disputes: int
    sources: int


def sample(kinds: Sequence[Shelf]) -> Sample | None:
    """The size of the sample, counted from the shelves of kinds; None where no sample was loaded."""
    if not platform_state.current().has_sample:
        return None
    counts = {shelf.value: shelf.count for shelf in kinds}
    facts = sum(counts.get(kind, 0) for kind in browsing.FACTS)
    return Sample(facts, counts.get(Kind.DISPUTE, 0), counts.get(Kind.SOURCE, 0))
