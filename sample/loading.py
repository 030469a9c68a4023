"""Load the sample archive: facts, evidence, disputes, catalogue and sheets. Loading twice changes nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from django.conf import settings
from django.db import transaction

from archive import catalogue, identifiers, writing
from archive.models import (
    Batch,
    Dimension,
    Dispute,
    Evidence,
    Kind,
    Mechanism,
    NameForm,
    Place,
    Record,
    Relation,
    Source,
    Stance,
    Unit,
)
from archive.writing import SHOULDER, Draft
from core.dates import ArchivalDate
from media import ingest
from media.ingest import Outcome
from sample import authorities, reading, register
from sample.naming import Authorities
from sample.reading import Row

LABEL = "公开资料摘编样例"
REPOSITORY_NOTE = "据公开资料摘编"
COUNTY_CODE = 6
"""Digits of a GB/T 2260 code down to the county; towns add three."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load created, and what was there already."""

    records: int
    units: int
    sheets: list[Outcome]


def load() -> Loaded:
    """Load what is missing: everything but the image files in one transaction, then the images."""
    with transaction.atomic():
        batch = Batch.objects.filter(type=Batch.Type.SAMPLE).first() or Batch.objects.create(
            type=Batch.Type.SAMPLE, label=LABEL
        )
        before = Record.objects.count()
        _write((authorities.source(row) for row in reading.rows("sources")), batch)
        units = _load_catalogue(batch)
        documents = Documents.load()
        _load_authorities(documents, batch)
        _load_register(documents, batch)
        created = Record.objects.count() - before
    return Loaded(created, units, _ingest_sheets(batch))


@dataclass(frozen=True, slots=True)
class Printed:
    """A statement at its place on a sheet."""

    unit: Unit
    page: int
    statement: reading.Statement

    def evidence(self, position: int = 1) -> Evidence:
        """The statement as evidence for the claim with this number."""
        region = list(reading.around(self.statement.boxes))
        return Evidence(unit=self.unit, page=self.page, region=region, claim_zh=self.statement.text, position=position)


@dataclass(frozen=True, slots=True)
class Documents:
    """What evidence is drawn from: the sources by their identifiers, and for every fact the lines that state it."""

    sources: dict[str, Source]
    printed: dict[str, list[Printed]]

    @classmethod
    def load(cls) -> Self:
        """Sources from the database, lines from the sheets, which stand in the catalogue by now."""
        units = {unit.record.local_id: unit for unit in Unit.objects.select_related("record")}
        printed: dict[str, list[Printed]] = defaultdict(list)
        for fact, sheet, page, statement in reading.statements_of_facts():
            printed[fact].append(Printed(units[sheet.name], page, statement))
        return cls({source.record.local_id: source for source in Source.objects.select_related("record")}, printed)

    def support(self, drafts: list[Draft], rows: Sequence[Row]) -> list[Draft]:
        """Give each draft the evidence of its row: the source it names, and the sheets' lines."""
        for draft, row in zip(drafts, rows, strict=True):
            stated = draft.record.summary_zh or draft.record.title_zh
            source = self.sources[row["source_id"]]
            draft.evidence.append(Evidence(source=source, claim_zh=stated, claim_en=draft.record.summary_en))
            if row.get("role_source"):
                draft.evidence.append(Evidence(source=self.sources[row["role_source"]], claim_zh=row["role_zh"]))
            draft.evidence += [line.evidence() for line in self.printed.get(row["id"], [])]
        return drafts


def _load_authorities(documents: Documents, batch: Batch) -> None:
    _write(authorities.provinces(), batch)
    by_code = {place.code: place for place in Place.objects.select_related("record")}
    rows = reading.rows("places")
    for layer in (
        [row for row in rows if row["gb_code"].endswith("00")],
        [row for row in rows if len(row["gb_code"]) == COUNTY_CODE and not row["gb_code"].endswith("00")],
        [row for row in rows if len(row["gb_code"]) > COUNTY_CODE],
    ):
        drafts = [authorities.place(row, _part_of(row["gb_code"], by_code)) for row in layer]
        for record in _write(documents.support(drafts, layer), batch):
            by_code[record.place.code] = record.place
    bodies, people = reading.rows("organisations"), reading.rows("persons")
    _write(documents.support([authorities.organisation(row) for row in bodies], bodies), batch)
    _write(documents.support([authorities.person(row) for row in people], people), batch)
    known = set(NameForm.objects.filter(record__kind=Kind.AGENT).values_list("text", flat=True))
    tables = {table: reading.rows(table) for table in register.TABLES}
    _write(authorities.bodies_named(tables, known), batch)


def _part_of(code: str, by_code: dict[str, Place]) -> Place | None:
    """The place that a GB/T 2260 code lies in: county → city → province; towns carry their county's code in front."""
    for outer in (code[:COUNTY_CODE] if len(code) > COUNTY_CODE else "", f"{code[:4]}00", f"{code[:2]}0000"):
        if outer and outer != code and outer in by_code:
            return by_code[outer]
    return None


def _load_register(documents: Documents, batch: Batch) -> None:
    names = Authorities.load()
    disputes = reading.document("disputes.json")
    opposed = _opposing_evidence(disputes, documents.sources)
    drafts = []
    for table, (read, _columns) in register.TABLES.items():
        rows = reading.rows(table)
        drafts += documents.support([read(row, names) for row in rows], rows)
    for draft in drafts:
        record = draft.record
        draft.participations += names.mentioned(f"{record.title_zh}{record.summary_zh}", draft.participations)
        draft.evidence += opposed[record.local_id]
    _write(drafts, batch)
    facts = {record.local_id: record for record in Record.objects.with_shown_parts().exclude(local_id="")}
    _write([_dispute(found, documents, facts) for found in disputes], batch)


def _opposing_evidence(disputes: list[reading.Json], sources: dict[str, Source]) -> dict[str, list[Evidence]]:
    """For every fact that takes a side in a dispute: what the sources of the other sides state instead."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for dispute in disputes:
        for fact, side in dispute["facts"].items():
            for claim in (claim for number, claim in enumerate(dispute["claims"]) if number != side):
                position = max((row.position for row in found[fact]), default=1) + 1
                found[fact] += [
                    Evidence(
                        source=sources[source],
                        claim_zh=claim["text_zh"],
                        claim_en=claim["text_en"],
                        stance=Stance.DISPUTES,
                        position=position,
                        note=dispute["id"],
                    )
                    for source in claim["sources"]
                ]
    return found


def _dispute(found: reading.Json, documents: Documents, facts: dict[str, Record]) -> Draft:
    """A contradiction as a record: every claim with its sources side by side, the assessment beside them."""
    row = next(row for row in reading.rows("contradictions") if row["id"] == found["id"])
    detail = Dispute(assessment_zh=found["assessment_zh"], assessment_en=found["assessment_en"])
    concerned = [facts[fact] for fact in found["facts"]]
    undated = ArchivalDate("", "", None, None, "stated")
    terms = _terms_of(concerned)
    draft = register.base(
        Kind.DISPUTE, row, detail, zh=found["topic_zh"], en=found["topic_en"], date=undated, terms=terms
    )
    for position, claim in enumerate(found["claims"], start=1):
        draft.evidence += [
            Evidence(
                source=documents.sources[source],
                claim_zh=claim["text_zh"],
                claim_en=claim["text_en"],
                position=position,
                note=claim["note"],
            )
            for source in claim["sources"]
        ]
        draft.evidence += [
            line.evidence(position)
            for line in documents.printed.get(found["id"], [])
            if line.statement.sources.intersection(claim["sources"])
        ]
    draft.relations = [Relation(target=fact, role=Relation.Role.ABOUT) for fact in concerned]
    return draft


def _terms_of(records: Iterable[Record]) -> tuple[list[Dimension], list[Mechanism]]:
    """The dimensions of the facts that a dispute is about."""
    dimensions = dict.fromkeys(dimension for record in records for dimension in record.dimensions)
    return list(dimensions), []


def _load_catalogue(batch: Batch) -> int:
    """The fonds, its series, files and items, each at its place."""
    arrangement = reading.document("arrangement.json")
    sheets = {sheet.name: sheet for sheet in reading.sheets()}
    units = {unit.record.local_id: unit for unit in Unit.objects.select_related("record")}
    created = 0
    for described in arrangement["units"]:
        if described["key"] in units:
            continue
        sheet = sheets.get(described["sheet"])
        draft = _unit(described, arrangement["profile"], sheet)
        parent = Unit.objects.get(pk=units[described["parent"]].pk) if described["parent"] else None
        units[described["key"]] = catalogue.create(draft, parent=parent, by=None, batch=batch)
        created += 1
    return created


def _unit(described: reading.Json, profile: str, sheet: reading.Sheet | None) -> Draft:
    pages = len(sheet.pages) if sheet else None
    detail = Unit(
        level=described["level"],
        reference_code=described["reference_code"],
        code_profile=profile,
        page_count=pages,
        extent=f"{pages}页" if pages else "",
        language=sheet.about["script"] if sheet else "zh-Hans",
        creator_as_written=LABEL,
        prior_publication=REPOSITORY_NOTE,
        cross_border="published_in_china",
        described_by=LABEL,
    )
    row = {"id": described["key"], "source_id": "", "confidence": "stated"}
    terms = (
        [Dimension(term) for term in described["dimensions"]],
        [Mechanism(term) for term in described["mechanisms"]],
    )
    draft = register.base(
        Kind.UNIT,
        row,
        detail,
        zh=described["title_zh"],
        en=described["title_en"],
        date=reading.when(described["dates"]),
        terms=terms,
    )
    draft.record.summary_zh, draft.record.summary_en = described["scope_zh"], described["scope_en"]
    return draft


def _ingest_sheets(batch: Batch) -> list[Outcome]:
    """Hand the sheets' images to the digitisation, as an archivist would; what is there already stays."""
    units = {unit.record.local_id: unit for unit in Unit.objects.filter(record__batch=batch).select_related("record")}
    outcomes: list[Outcome] = []
    for sheet in reading.sheets():
        unit = units[sheet.name]
        have = set(unit.digital_objects.values_list("original_name", flat=True))
        missing = [path for path in dict.fromkeys(sheet.images) if path.name not in have]
        outcomes += ingest.ingest_many(map(ingest.from_path, missing), unit=unit, by=None, batch=batch)
    return outcomes


def _write(drafts: Iterable[Draft], batch: Batch) -> list[Record]:
    """Write the drafts that are not there yet; identifiers follow from the sample's own, the same everywhere."""
    taken = set(Record.objects.values_list("ark", flat=True))
    wanted = []
    for draft in drafts:
        record = draft.record
        seed = f"sample:{record.kind}:{record.local_id or record.title_zh}"
        record.ark = identifiers.for_seed(settings.ARCHIVE_NAAN, SHOULDER, seed)
        if record.ark not in taken:
            wanted.append(draft)
    return writing.write(wanted, by=None, batch=batch)
