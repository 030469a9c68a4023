"""Evidence, ready to be read: what each document says on a fact, and the way down to where it says so."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from archive import citation
from archive.models import Evidence, Reader, Record, Scope, Stance, in_english
from media.lines import Box
from media.models import Page
from portal import images

STEMS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class Proof:
    """One document's word on a fact."""

    words: str
    """What it says; empty where the words just above are repeated."""

    note: str
    disputes: bool
    position: int
    document: Record
    reference: str
    """The source as GB/T 7714 writes it, or the reference code of the unit."""

    href: str
    """Where it stands: the line in the reader, or the record of the document."""

    url: str
    """The address of the published work outside the archive; empty where none was recorded."""

    is_weak: bool
    page_number: int | None
    image: str
    """The region of the page as an image; empty where the reader may not see images or there is none."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One of several answers to the same question, with the documents that give it."""

    label: str
    words: str
    proofs: Sequence[Proof]


def about(record_keys: Iterable[int], reader: Reader) -> dict[int, list[Proof]]:
    """The evidence on several records that ``reader`` may see, by record, in the order of the claims (two queries)."""
    rows = Evidence.objects.filter(record__in=list(record_keys)).visible_to(reader).with_documents()
    pages = _pages(rows, reader)
    found: dict[int, list[Proof]] = defaultdict(list)
    for row in rows:
        found[row.record_id].append(_proof(row, pages.get((row.unit_id or 0, row.page or 0)), reader))
    return found


def side_by_side(proofs: Sequence[Proof]) -> list[Claim]:
    """The claims of a point in dispute: one per claim number, its documents together."""
    groups: dict[int, list[Proof]] = defaultdict(list)
    for proof in proofs:
        groups[proof.position].append(proof)
    return [
        Claim(claim_label(order), group[0].words, without_repeats(group, after=group[0].words))
        for order, group in enumerate(groups.values())
    ]


def for_and_against(proofs: Sequence[Proof]) -> list[Claim]:
    """The evidence on a fact that some document disputes: what bears it out, and what speaks against it."""
    return [
        Claim(label, "", without_repeats(group))
        for label, group in (
            (_("Bearing it out"), [proof for proof in proofs if not proof.disputes]),
            (_("Speaking against it"), [proof for proof in proofs if proof.disputes]),
        )
        if group
    ]


def without_repeats(proofs: Iterable[Proof], after: str = "") -> list[Proof]:
    """The same proofs; words that only repeat the ones before them are left out."""
    shown, last = [], after
    for proof in proofs:
        shown.append(replace(proof, words="" if proof.words == last else proof.words))
        last = proof.words
    return shown


def claim_label(order: int) -> str:
    """The name of the n-th claim (from 0): 甲说, 乙说 …, or Claim A, Claim B …"""
    mark = chr(ord("A") + order) if in_english() else STEMS[order % len(STEMS)]
    return _("Claim %(mark)s") % {"mark": mark}


def _pages(rows: Iterable[Evidence], reader: Reader) -> dict[tuple[int, int], Page]:
    """The pages that the evidence points to and whose text or image ``reader`` may see."""
    wanted = {(row.unit_id, row.page) for row in rows if row.unit_id and row.page}
    if not wanted:
        return {}
    found = (
        Page.objects.visible_to(reader, Scope.TEXT)
        .filter(unit__in={unit for unit, _number in wanted}, number__in={number for _unit, number in wanted})
        .select_related("unit__record")
    )
    return {(page.unit_id, page.number): page for page in found}


def _proof(row: Evidence, page: Page | None, reader: Reader) -> Proof:
    document = row.unit.record if row.unit is not None else row.source.record if row.source is not None else None
    assert document is not None, "the database lets no evidence without a document through"
    source = row.source
    region = Box(*row.region) if row.region else None
    return Proof(
        words=row.claim,
        note=row.note,
        disputes=row.stance == Stance.DISPUTES,
        position=row.position,
        document=document,
        reference=citation.reference(source) if source is not None else row.unit.reference_code if row.unit else "",
        href=reader_address(document, page.number, region) if page is not None else document.get_absolute_url(),
        url=source.url if source is not None else "",
        is_weak=source.is_weak if source is not None else False,
        page_number=row.page,
        image=_crop(page, region, reader) if page is not None and region is not None else "",
    )


def _crop(page: Page, region: Box, reader: Reader) -> str:
    may_show = images.is_shown(page) and page.unit.record.is_visible_to(reader, Scope.IMAGE)
    return images.address(page, images.CROP_WIDTH, images.with_margin(page, region)) if may_show else ""


def reader_address(document: Record, number: int, region: Box | None = None) -> str:
    """The address of a page in the reader, with a region to be marked on it."""
    address = reverse("portal:reader", args=[settings.ARCHIVE_NAAN, document.ark, number])
    return f"{address}?region={images.region_text(region)}" if region else address
