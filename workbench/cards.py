"""A page on the light table as it is shown: its picture, its state, its findings in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from media.models import Finding, Page
from media.quality import limits, reports
from media.quality.limits import Code

_RANK = {Finding.Severity.ERROR: 0, Finding.Severity.WARNING: 1, Finding.Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A finding in words: what, by how much, what is to be done."""

    row: Finding
    title: str
    measure: str
    limit: str
    remedy: str

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided on it."""
        return self.row.decision == Finding.Decision.OPEN

    @property
    def facts(self) -> str:
        """The particulars that count: which page, which numbers, else the measure and its limit."""
        told = self.row.detail
        if self.row.code == Code.DUPLICATE:
            return _("%(code)s, page %(page)s") % {"code": told.get("unit", ""), "page": told.get("number", "")}
        if self.row.code == Code.MISSING_NUMBERS:
            first, last = told.get("first"), told.get("last")
            return f"{first}" if first == last else f"{first}–{last}"
        return f"{self.measure} ({self.limit})" if self.measure and self.limit else self.measure


@dataclass(frozen=True, slots=True)
class Card:
    """A page with its findings; ``begins_unit`` says that the page before it belongs to another unit."""

    page: Page
    findings: Sequence[ShownFinding]
    begins_unit: bool = False

    @property
    def thumbnail(self) -> str:
        """The address of its small picture, another one when it has been made anew; empty while there is none."""
        if self.page.derived_at is None:
            return ""
        return f"{reverse('workbench:light_table_thumbnail', args=[self.page.pk])}?of={self._making}"

    @property
    def large(self) -> str:
        """The address of its picture for the large view."""
        if self.page.derived_at is None:
            return ""
        address = reverse("api:iiif_image", args=[self.page.pk, "full", "!1600,1600", "0", "default", "jpg"])
        return f"{address}?of={self._making}"

    @property
    def grave(self) -> Sequence[ShownFinding]:
        """What the table shows of the findings: open errors and warnings; a verdict on the page has settled all."""
        if self.page.verdict != Page.Verdict.OPEN:
            return []
        return [finding for finding in self.findings if finding.is_open and finding.row.severity != "note"]

    @property
    def others(self) -> int:
        """How many findings the large view shows besides."""
        return len(self.findings) - len(self.grave)

    @property
    def is_being_made(self) -> bool:
        """Whether its images are being made, because it has just come or was turned."""
        return bool(getattr(self.page, "is_being_made", False))

    @property
    def _making(self) -> int:
        """Names the present images, so that no browser shows earlier ones."""
        return int(self.page.derived_at.timestamp() * 1000) if self.page.derived_at else 0

    @property
    def state(self) -> str:
        """How the frame of the card is drawn: the verdict, else the gravest open finding."""
        if self.page.verdict != Page.Verdict.OPEN:
            return self.page.verdict
        grave = [finding.row.severity for finding in self.findings if finding.is_open]
        return min(grave, key=lambda severity: _RANK[Finding.Severity(severity)], default="open")


def cards(pages: Iterable[Page]) -> list[Card]:
    """Pages as cards, in their order."""
    shown: list[Card] = []
    for page in pages:
        begins = not shown or shown[-1].page.unit_id != page.unit_id
        shown.append(Card(page, findings_of(page.findings.all()), begins))
    return shown


def findings_of(rows: Iterable[Finding]) -> list[ShownFinding]:
    """Findings in words, the open ones first, the graver before the lighter."""
    ordered = sorted(rows, key=lambda row: (row.decision != "open", _RANK[Finding.Severity(row.severity)], row.rule))
    return [
        ShownFinding(
            row=row,
            title=reports.title_of(row),
            measure=reports.measure_text(row),
            limit=reports.limit_text(row),
            remedy=str(known.remedy) if (known := limits.limit_of(row.code)) is not None else "",
        )
        for row in ordered
    ]
