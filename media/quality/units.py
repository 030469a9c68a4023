"""What shows only when the pages of a unit are seen together: their order, pages scanned twice, their number (D-10)."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.db.models import Q

from archive.models import Unit
from media import storage
from media.engines import scans
from media.models import DigitalObject, Finding, Page, PageText
from media.quality import findings, numbers, twins
from media.quality.findings import Found
from media.quality.limits import UNIT_CODES, Code

_OWN_CODES: Final = UNIT_CODES - {Code.PAGE_COUNT}
_HEAD: Final = 0.45
_LINES_LOOKED_AT: Final = 25
_DOCUMENT_NUMBER: Final = re.compile(r"[〔\[(（]\s*(?:19|20)\d{2}\s*[〕\])）]\s*第?\s*\d+\s*号")
_HEADING: Final = re.compile(r".{2,}文\s*件")
_LYING_BELOW: Final = 0.2
"""A page lies across where fewer than this share of its unit do."""


@dataclass(frozen=True, slots=True)
class Order:
    """What the printed page numbers of a unit show.

    ``printed`` has the number of each page that bears one; ``astray`` are pages out of order, ``missing`` the first
    and last number that is missing before a page.
    """

    printed: Mapping[int, int]
    astray: Sequence[Page]
    missing: Sequence[tuple[Page, int, int]]


def order(unit: Unit) -> Order:
    """The printed page numbers of a unit's pages, by their current texts, and what is wrong with their sequence."""
    return _order(_pages(unit), _texts(unit))


@transaction.atomic
def check_unit(unit: Unit) -> None:
    """Look at the pages of a unit together and write what was found, in place of what was found before.

    Cheap enough to be done again whenever a page was read, moved or turned: one query for the pages, one for their
    texts, one for the pages of their batches.
    """
    pages, texts = _pages(unit), _texts(unit)
    found: dict[int, list[Found]] = {page.pk: [] for page in pages}
    sequence = _order(pages, texts)
    _store_printed(pages, sequence.printed)
    for page in sequence.astray:
        found[page.pk].append(Found(Code.ORDER, sequence.printed[page.pk], {"number": page.number}))
    for page, first, last in sequence.missing:
        found[page.pk].append(Found(Code.MISSING_NUMBERS, last - first + 1, {"first": first, "last": last}))
    for page in _lying(pages):
        found[page.pk].append(Found(Code.LYING))
    for page in _colourless(pages, texts):
        found[page.pk].append(Found(Code.COLOUR_REQUIRED))
    _find_twins(pages, found)
    known = set(Finding.objects.filter(page__in=pages, code__in=_OWN_CODES).values_list("page", flat=True))
    for page in pages:
        if found[page.pk] or page.pk in known:
            findings.replace(page, found[page.pk], _OWN_CODES)
    _count(unit, pages)


def _pages(unit: Unit) -> list[Page]:
    return list(Page.objects.filter(unit=unit).select_related("digital_object", "unit").order_by("number"))


def _texts(unit: Unit) -> dict[int, PageText]:
    return {text.page_id: text for text in PageText.objects.filter(page__unit=unit, is_current=True)}


def _order(pages: Sequence[Page], texts: Mapping[int, PageText]) -> Order:
    printed = {}
    for page in pages:
        text = texts.get(page.pk)
        number = numbers.printed_number(text.text_lines(), page.height) if text and page.height else None
        if number is not None:
            printed[page.pk] = number
    outcome = numbers.examine([printed.get(page.pk) for page in pages])
    return Order(
        printed=printed,
        astray=[pages[place] for place in outcome.astray],
        missing=[(pages[gap.place], gap.first, gap.last) for gap in outcome.gaps],
    )


def _store_printed(pages: Sequence[Page], printed: Mapping[int, int]) -> None:
    changed = []
    for page in pages:
        shown = str(printed.get(page.pk, ""))
        if page.printed_number != shown:
            page.printed_number = shown
            changed.append(page)
    Page.objects.bulk_update(changed, ["printed_number"], batch_size=500)


def _lying(pages: Sequence[Page]) -> list[Page]:
    """Pages that lie across where nearly all others stand."""
    known = [page for page in pages if page.width and page.height]
    lying = [page for page in known if page.width > page.height]
    return lying if len(lying) < _LYING_BELOW * len(known) else []


def _colourless(pages: Sequence[Page], texts: Mapping[int, PageText]) -> Iterator[Page]:
    """First pages of documents with a red heading (文件 over a document number) whose image cannot show colour."""
    for page in pages:
        text = texts.get(page.pk)
        if text is None or not _has_red_heading(text, page.height):
            continue
        path, media_type = storage.source_of_pages(page.digital_object)
        header = scans.header(path, page.frame - 1, media_type)
        if header is not None and not header.is_colour:
            yield page


def _has_red_heading(text: PageText, height: int) -> bool:
    head = unicodedata.normalize("NFKC", text.text[:400])
    if not _DOCUMENT_NUMBER.search(head):
        return False
    first = (line for line in text.text_lines()[:_LINES_LOOKED_AT] if line.box.y < _HEAD * height)
    return any(_HEADING.fullmatch(line.text.strip()) for line in first)


def _find_twins(pages: Sequence[Page], found: dict[int, list[Found]]) -> None:
    """Write the later page of each pair down, be it here or in another unit of the same batches."""
    batches = {page.digital_object.batch_id for page in pages} - {None}
    among = Page.objects.filter(Q(unit__in={page.unit_id for page in pages}) | Q(digital_object__batch__in=batches))
    pool = list(among.exclude(fingerprint="").select_related("digital_object", "unit"))
    for pair in twins.find(pages, pool):
        told = {"page": pair.first.pk, "unit": pair.first.unit.reference_code, "number": pair.first.number}
        if pair.second.pk in found:
            if not any(each.code is Code.DUPLICATE for each in found[pair.second.pk]):
                found[pair.second.pk].append(Found(Code.DUPLICATE, pair.bits, told))
        elif not pair.second.findings.filter(code=Code.DUPLICATE).exists():
            findings.replace(pair.second, [Found(Code.DUPLICATE, pair.bits, told)], {Code.DUPLICATE})


def _count(unit: Unit, pages: Sequence[Page]) -> None:
    """Compare the number of pages with the catalogue's; what is found is said of the unit's first file."""
    source = DigitalObject.objects.filter(unit=unit).order_by("ordinal", "pk").first()
    if source is None:
        return
    earlier = Finding.objects.filter(digital_object__unit=unit, page__isnull=True, code=Code.PAGE_COUNT)
    earlier.filter(decision=Finding.Decision.OPEN).exclude(digital_object=source).delete()
    is_off = unit.page_count is not None and unit.page_count != len(pages)
    told = [Found(Code.PAGE_COUNT, len(pages), {"catalogue": unit.page_count})] if is_off else []
    findings.replace_of_object(source, told, {Code.PAGE_COUNT})
