from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from archive import audit
from archive.models import AuditEvent, Confidence, Evidence, Kind, Place, Record, Relation, Stance, Unit
from media.models import DigitalObject, Job
from sample import loading, reading

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]
PUBLIC = AnonymousUser()

FACTS = {
    "policies": Kind.POLICY,
    "events": Kind.EVENT,
    "joint_conferences": Kind.MEETING,
    "personnel": Kind.EXCHANGE,
    "funding": Kind.FUNDING,
    "projects": Kind.PROJECT,
    "industry": Kind.VENTURE,
    "livelihood": Kind.INDICATOR,
    "culture_education": Kind.WORK,
    "pairings": Kind.PAIRING,
    "organisations": Kind.AGENT,
    "persons": Kind.AGENT,
    "places": Kind.PLACE,
    "contradictions": Kind.DISPUTE,
    "sources": Kind.SOURCE,
}


def record(local_id: str) -> Record:
    return Record.objects.get(local_id=local_id)


def test_every_fact_becomes_a_public_record_that_keeps_its_identifier_and_its_evidence() -> None:
    for table, kind in FACTS.items():
        wanted = {row["id"] for row in reading.rows(table)}
        found = Record.objects.visible_to(PUBLIC).of_kind(kind).filter(local_id__in=wanted)
        assert set(found.values_list("local_id", flat=True)) == wanted
        if kind != Kind.SOURCE:
            assert not found.filter(evidence__isnull=True).exists()
    assert audit.verify().is_intact


def test_loading_twice_changes_nothing() -> None:
    counted = [model.objects.count() for model in (Record, Evidence, Relation, Unit, DigitalObject, Job, AuditEvent)]

    second = loading.load()

    assert (second.records, second.units, second.sheets) == (0, 0, [])
    assert counted == [
        model.objects.count() for model in (Record, Evidence, Relation, Unit, DigitalObject, Job, AuditEvent)
    ]


def test_every_contradiction_stands_as_claims_side_by_side_with_its_assessment() -> None:
    for row in reading.rows("contradictions"):
        dispute = record(row["id"])
        positions = set(dispute.evidence.filter(source__isnull=False).values_list("position", flat=True))
        assert {1, 2} <= positions
        assert dispute.dispute.assessment_zh


def test_a_fact_in_dispute_carries_what_speaks_against_it() -> None:
    against = record("FND-004").evidence.filter(stance=Stance.DISPUTES)
    about = Relation.objects.filter(role=Relation.Role.ABOUT, subject__kind=Kind.DISPUTE)

    assert about.exists()
    assert Evidence.objects.filter(stance=Stance.DISPUTES).exists()
    assert set(against.values_list("note", flat=True)) <= set(
        Record.objects.of_kind(Kind.DISPUTE).values_list("local_id", flat=True)
    )


def test_evidence_points_to_the_line_on_the_sheet() -> None:
    for fact, sheet, page, statement in reading.statements_of_facts():
        rows = Evidence.objects.filter(record__local_id=fact, unit__record__local_id=sheet.name, page=page)
        if not fact.startswith("CON"):
            assert (statement.text, list(reading.around(statement.boxes))) in [(r.claim_zh, r.region) for r in rows]


def test_a_line_that_prints_one_claim_of_a_dispute_supports_that_claim_and_no_other() -> None:
    rows = record("CON-001").evidence.filter(unit__isnull=False)

    assert {row.position for row in rows} == {1, 2, 3, 4}
    assert all("5月" in row.claim_zh for row in rows if row.position == 1)
    assert all("9月" in row.claim_zh for row in rows if row.position == 2)


def test_amounts_are_exact_decimals_beside_the_words_of_the_source() -> None:
    funding = record("FND-001").funding

    assert (funding.amount, funding.amount_as_stated) == (Decimal("264000000"), "2.64亿元")


def test_what_rests_on_a_weak_source_is_unconfirmed() -> None:
    weak = [row["id"] for row in reading.rows("events") if row["source_id"] in reading.WEAK_SOURCES]

    assert weak
    assert set(Record.objects.filter(local_id__in=weak).values_list("confidence", flat=True)) == {
        Confidence.UNCONFIRMED
    }


def test_places_lie_in_their_county_city_and_province() -> None:
    town: Place | None = record("PLC-044").place
    chain = []
    while town is not None:
        chain.append(town.record.title_zh)
        town = town.part_of

    assert chain == ["闽宁镇", "永宁县", "银川市", "宁夏回族自治区"]


def test_identifiers_are_the_same_in_every_installation() -> None:
    assert record("POL-001").ark == "x125bwqg8vf"


def test_the_sheets_stand_in_a_fonds_by_series_file_and_item_and_wait_for_digitisation() -> None:
    fonds = Unit.objects.get(level="fonds")
    items = Unit.objects.get_descendants(fonds).filter(level="item")

    assert items.count() == len(reading.sheets())
    assert all(item.digital_objects.exists() for item in items)
    assert Job.objects.count() == DigitalObject.objects.count()
