"""Everything a record's page shows, gathered in a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from archive import citation
from archive.models import Kind, Reader, Record, RecordQuerySet, Unit
from core.errors import Unavailable
from portal import claims, connections, fields, holdings, paging
from portal.claims import Claim, Proof
from portal.connections import Disagreement, Link
from portal.fields import Field
from portal.holdings import Branch, Statement, Thumbnail
from search import finding

AUTHORITIES = (Kind.AGENT, Kind.PLACE)
DOCUMENTS = (Kind.UNIT, Kind.SOURCE)
ALIKE_SHOWN = 5


@dataclass(slots=True)
class RecordPage:
    """What the template is given; a part that does not apply to the kind is empty."""

    record: Record
    date: Sequence[Field]
    fields: Sequence[Field]
    agents: Sequence[Link]
    places: Sequence[Link]
    related: Sequence[tuple[str, list[Link]]]
    proofs: Sequence[Proof] = ()
    claims: Sequence[Claim] = ()
    assessment: str = ""
    disagreements: Sequence[Disagreement] = ()
    statements: Sequence[Statement] = ()
    reference: str = ""
    records: Sequence[Record] = ()
    has_more_records: bool = False
    unit: Unit | None = None
    above: Sequence[Unit] = ()
    children: Sequence[Branch] = ()
    thumbnails: Sequence[Thumbnail] = ()
    page_count: int = 0
    browse_value: str = field(default="")
    alike: Sequence[Record] = ()

    @property
    def is_contested(self) -> bool:
        """Whether documents disagree on this very record."""
        return bool(self.claims) or bool(self.disagreements)


def gather(record: Record, reader: Reader) -> RecordPage:
    """The page of a record that ``reader`` may see; everything on it passes the same gate."""
    page = RecordPage(
        record=record,
        date=fields.date_of(record),
        fields=fields.of(record, reader),
        agents=connections.agents(record, reader),
        places=connections.places(record, reader),
        related=connections.grouped(connections.related(record, reader)),
    )
    if record.kind in AUTHORITIES:
        _add_records(page, reader)
    if record.kind in DOCUMENTS:
        _add_statements(page, reader)
    if record.kind not in DOCUMENTS:
        _add_evidence(page, reader)
    page.alike = alike(record, reader)
    return page


def alike(record: Record, reader: Reader) -> Sequence[Record]:
    """A few records like this one; none while the index does not answer, for the page stands without them."""
    try:
        found = finding.like(record, reader, size=ALIKE_SHOWN)
    except Unavailable:
        return ()
    prefetch_related_objects(found, "classifications")
    return found


def _add_evidence(page: RecordPage, reader: Reader) -> None:
    """Evidence and disagreements; an objection that a point in dispute sets out in full is not told twice."""
    record = page.record
    proofs = claims.about([record.pk], reader).get(record.pk, [])
    if record.kind == Kind.DISPUTE:
        page.claims = claims.side_by_side(proofs)
        page.assessment = record.dispute.assessment
        return
    page.disagreements = connections.disagreements_about(record, reader)
    claimed = [claim for disagreement in page.disagreements for claim in disagreement.claims]
    told = {(proof.document.pk, claim.words) for claim in claimed for proof in claim.proofs}
    proofs = [proof for proof in proofs if not (proof.disputes and (proof.document.pk, proof.words) in told)]
    if any(proof.disputes for proof in proofs):
        page.claims = claims.for_and_against(proofs)
    else:
        page.proofs = claims.without_repeats(proofs)


def _add_records(page: RecordPage, reader: Reader) -> None:
    stretch = paging.by_date(concerning(page.record, reader))
    page.records, page.has_more_records = stretch.records, bool(stretch.next_cursor)
    page.browse_value = page.record.ark


def concerning(authority: Record, reader: Reader) -> RecordQuerySet:
    """The visible records in which an agent took part, or that are located at a place or within it."""
    records = Record.objects.visible_to(reader)
    found = records.at_place(authority, reader) if authority.kind == Kind.PLACE else records.of_agent(authority)
    return records.filter(pk__in=found.order_by().values("pk"))


def _add_statements(page: RecordPage, reader: Reader) -> None:
    record = page.record
    page.statements = holdings.statements(record, reader)
    if record.kind == Kind.SOURCE:
        page.reference = citation.reference(record.source)
        return
    unit: Unit = record.unit
    page.unit, page.above = unit, holdings.above(unit)
    page.children = holdings.branches(unit, reader) if unit.numchild else ()
    page.thumbnails = holdings.thumbnails(unit, reader)
    shown = len(page.thumbnails)
    page.page_count = shown if shown < holdings.THUMBNAILS_SHOWN else holdings.page_count(unit, reader)
