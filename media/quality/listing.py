"""The pages of a batch as the light table shows them: filtered, a window at a time, and counted.

Windows are found by the place of their first or last page (keyset), so the thousandth costs what the first does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from archive.models import Batch
from core.errors import InvalidInput
from media.models import Finding, JobStep, Lot, LotPage, Page, State
from media.quality import lots

WINDOW = 60


class Show(StrEnum):
    """Which pages of a batch are shown."""

    LEFT = "left"
    ERRORS = "errors"
    WARNINGS = "warnings"
    SAMPLE = "sample"
    RESCAN = "rescan"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Window:
    """Some pages in their order, and the places from which the ones before and after them are found ("": none)."""

    pages: Sequence[Page]
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pages of a batch there are, and how many of them still want somebody's eye."""

    all: int
    left: int
    errors: int
    warnings: int
    rescan: int
    sample: int
    sample_left: int

    def of(self, show: Show) -> int:
        """How many pages a filter shows; of the sample, those that are left."""
        return int(getattr(self, "sample_left" if show is Show.SAMPLE else show.value))


def window(batch: Batch, show: Show, *, after: str = "", before: str = "", at: Page | None = None) -> Window:
    """Up to `WINDOW` pages after or before a place, from a page on (one query more), or the first ones. Three queries.

    Raises:
        InvalidInput: no such place can be.
    """
    rows = chosen(batch, show)
    if before:
        pages = list(rows.filter(_beyond(*_place(before), back=True)).order_by("-unit_id", "-number")[: WINDOW + 1])
        has_before, has_after = len(pages) > WINDOW, True
        pages = pages[:WINDOW][::-1]
    else:
        has_before = bool(after)
        if at is not None:
            has_before = rows.filter(_beyond(at.unit_id, at.number, back=True)).exists()
            rows = rows.filter(_beyond(at.unit_id, at.number - 1))
        elif after:
            rows = rows.filter(_beyond(*_place(after)))
        pages = list(rows.order_by("unit_id", "number")[: WINDOW + 1])
        has_after = len(pages) > WINDOW
        pages = pages[:WINDOW]
    return Window(
        pages=pages,
        before=place_of(pages[0]) if pages and has_before else "",
        after=place_of(pages[-1]) if pages and has_after else "",
    )


def chosen(batch: Batch, show: Show) -> QuerySet[Page]:
    """The pages that a filter shows, with what is shown of them."""
    rows = lots.pages_of(batch)
    if show is Show.LEFT:
        rows = rows.filter(verdict=Page.Verdict.OPEN)
    elif show is Show.RESCAN:
        rows = rows.filter(verdict=Page.Verdict.RESCAN)
    elif show is Show.ERRORS:
        rows = rows.filter(_has_open(Finding.Severity.ERROR))
    elif show is Show.WARNINGS:
        rows = rows.filter(_has_open(Finding.Severity.WARNING))
    elif show is Show.SAMPLE:
        lot = lots.current(batch)
        rows = rows.filter(pk__in=LotPage.objects.filter(lot=lot).values("page")) if lot else rows.none()
    return with_findings(rows)


def with_findings(rows: QuerySet[Page]) -> QuerySet[Page]:
    """Pages with their units and findings, and whether their images are being made (``is_being_made``)."""
    ordered = Finding.objects.order_by("rule", "pk")
    making = JobStep.objects.filter(
        page=OuterRef("pk"), name=JobStep.Name.DERIVE, state__in=[State.QUEUED, State.RUNNING]
    )
    shown = rows.select_related("unit__record", "digital_object").annotate(is_being_made=Exists(making))
    return shown.prefetch_related(Prefetch("findings", ordered))


def beside(batch: Batch, show: Show, page: Page) -> tuple[Page | None, Page | None]:
    """The pages before and after a page under a filter."""
    rows = lots.pages_of(batch) if show is Show.ALL else chosen(batch, show).prefetch_related(None)
    earlier = rows.filter(_beyond(page.unit_id, page.number, back=True)).order_by("-unit_id", "-number").first()
    later = rows.filter(_beyond(page.unit_id, page.number)).order_by("unit_id", "number").first()
    return earlier, later


def counts(batch: Batch, lot: Lot | None) -> Counts:
    """The counts of a batch; two queries, three with a sample."""
    pages = lots.pages_of(batch).aggregate(
        all=Count("pk"),
        left=Count("pk", filter=Q(verdict=Page.Verdict.OPEN)),
        rescan=Count("pk", filter=Q(verdict=Page.Verdict.RESCAN)),
    )
    is_open = Q(decision=Finding.Decision.OPEN, page__isnull=False)
    found = lots.findings_of(batch).aggregate(
        errors=Count("page", distinct=True, filter=is_open & Q(severity=Finding.Severity.ERROR)),
        warnings=Count("page", distinct=True, filter=is_open & Q(severity=Finding.Severity.WARNING)),
    )
    drawn = {"sample": 0, "sample_left": 0}
    if lot is not None:
        drawn = lot.drawn.aggregate(sample=Count("pk"), sample_left=Count("pk", filter=Q(is_good__isnull=True)))
    return Counts(**pages, **found, **drawn)


def of_files(batch: Batch) -> QuerySet[Finding]:
    """Open findings about whole files and units, which no page shows."""
    rows = lots.findings_of(batch).filter(page__isnull=True, decision=Finding.Decision.OPEN)
    return rows.select_related("digital_object__unit__record")


def batches() -> QuerySet[Batch]:
    """Batches that brought files, the newest first, with the number of their pages and of those not looked at."""
    own = Page.objects.filter(
        digital_object__batch=OuterRef("pk"), digital_object__quarantined_at__isnull=True
    ).order_by()
    return (
        Batch.objects.filter(Exists(own))
        .annotate(pages=_counted(own), left=Coalesce(_counted(own.filter(verdict=Page.Verdict.OPEN)), 0))
        .order_by("-pk")
    )


def _counted(rows: QuerySet[Page]) -> Subquery:
    """How many there are, asked for each batch that is shown and not for all that there have ever been."""
    return Subquery(rows.values("digital_object__batch").annotate(count=Count("pk")).values("count"))


def place_of(page: Page) -> str:
    """The place of a page as it stands in an address."""
    return f"{page.unit_id}-{page.number}"


def _place(written: str) -> tuple[int, int]:
    unit, _dash, number = written.partition("-")
    if not (unit.isascii() and unit.isdecimal() and number.isascii() and number.isdecimal() and len(written) < 30):
        raise InvalidInput(_("There is no such place on this light table. Begin from the first page."))
    return int(unit), int(number)


def _beyond(unit: int, number: int, *, back: bool = False) -> Q:
    if back:
        return Q(unit_id__lt=unit) | Q(unit_id=unit, number__lt=number)
    return Q(unit_id__gt=unit) | Q(unit_id=unit, number__gt=number)


def _has_open(severity: Finding.Severity) -> Exists:
    return Exists(Finding.objects.filter(page=OuterRef("pk"), severity=severity, decision=Finding.Decision.OPEN))
