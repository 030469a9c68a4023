"""Masks as the desk shows them: what waits in which unit, and a page with its candidates in their surroundings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Count
from django.urls import reverse

from archive.models import Record, Unit
from media import masking
from media.lines import Box
from media.models import Mask, Page, PageText

AROUND = 16
"""Characters shown before and after a candidate."""

IMAGE_WIDTH = 1400
"""Pixels of the page image at the desk; zooming asks for more."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record with candidates that wait for a decision, or with pages that nobody could read."""

    record: Record
    code: str
    places: int
    pages: int
    fields: int
    unread: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mask with what stands around it."""

    mask: Mask
    before: str
    written: str
    after: str
    field: str = ""

    @property
    def boxes(self) -> list[Box]:
        """Where it lies on the page."""
        return [Box(*numbers) for numbers in self.mask.boxes]

    @property
    def percent(self) -> int:
        """How certain the detector is."""
        return round(100 * self.mask.certainty)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page in the list of pages, and whether something on it waits."""

    page: Page
    is_waiting: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page on the masking table."""

    page: Page
    text: PageText | None
    candidates: Sequence[Candidate]
    is_unread: bool

    @property
    def image(self) -> str:
        """The address of the whole image, for staff."""
        width = min(IMAGE_WIDTH, self.page.width) or IMAGE_WIDTH
        return reverse("api:iiif_image", args=[self.page.pk, "full", f"{width},", "0", "default", "jpg"])


def waiting() -> list[Waiting]:
    """Everything that waits, the unit with most candidates first; a few queries, however much it is."""
    undecided = Mask.objects.undecided()
    on_pages = {
        row["page__unit__record"]: row
        for row in undecided.filter(page__isnull=False)
        .order_by()
        .values("page__unit__record")
        .annotate(places=Count("pk"), pages=Count("page", distinct=True))
    }
    in_fields = dict(
        undecided.filter(record__isnull=False).order_by().values_list("record").annotate(places=Count("pk"))
    )
    unread = dict(masking.unread_pages().order_by().values_list("unit__record").annotate(count=Count("pk")))
    keys = set(on_pages) | set(in_fields) | set(unread)
    codes = dict(Unit.objects.filter(record__in=keys).values_list("record", "reference_code"))
    rows = []
    for record in Record.objects.filter(pk__in=keys):
        here = on_pages.get(record.pk, {"places": 0, "pages": 0})
        rows.append(
            Waiting(
                record=record,
                code=codes.get(record.pk, ""),
                places=here["places"],
                pages=here["pages"],
                fields=in_fields.get(record.pk, 0),
                unread=unread.get(record.pk, 0),
            )
        )
    return sorted(rows, key=lambda row: (-(row.places + row.fields), row.code, row.record.pk))


def sheet(page: Page) -> Sheet:
    """A page with all its masks, in the order of the text, those drawn where no text is last."""
    text = page.texts.filter(is_current=True).first()
    masks = sorted(
        page.masks.select_related("decided_by"), key=lambda mask: (mask.start is None, mask.start or 0, mask.pk)
    )
    content = text.text if text is not None else ""
    return Sheet(page, text, [_candidate(mask, content) for mask in masks], text is None and page.is_masked)


def in_description(record: Record) -> list[Candidate]:
    """The candidates in the fields of a description, looked for anew."""
    masking.look_at_record(record)
    fields = masking.fields_of(record)
    return [
        replace(_candidate(mask, fields.get(mask.field, "")), field=masking.label_of(record, mask.field))
        for mask in record.masks.order_by("field", "start")
    ]


def leaves(unit: Unit) -> list[Leaf]:
    """The pages of a unit that can be looked at, in their order; two queries."""
    waiting_pages = set(Mask.objects.undecided().filter(page__unit=unit).values_list("page", flat=True))
    pages = unit.pages.filter(digital_object__quarantined_at__isnull=True).select_related("digital_object")
    return [Leaf(page, page.pk in waiting_pages) for page in pages.order_by("number")]


def _candidate(mask: Mask, text: str) -> Candidate:
    if mask.start is None or mask.end is None:
        return Candidate(mask, "", mask.written, "")
    before = text[max(mask.start - AROUND, 0) : mask.start]
    return Candidate(mask, before, text[mask.start : mask.end], text[mask.end : mask.end + AROUND])
