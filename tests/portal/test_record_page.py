import copy
import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from archive import opening, workflow
from archive.models import (
    Dispute,
    Event,
    Evidence,
    Exchange,
    Indicator,
    Kind,
    Location,
    Meeting,
    Pairing,
    Participation,
    Project,
    Record,
    Relation,
    Scope,
    Stance,
    Venture,
    Work,
)
from tests.makers import (
    make_agent,
    make_fact,
    make_funding,
    make_item,
    make_page,
    make_place,
    make_policy,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db


DETAILS: dict[Kind, Model] = {
    Kind.EXCHANGE: Exchange(direction="fj_nx", head_count=98, count_unit="人"),
    Kind.PROJECT: Project(investment_as_stated="3000万元", investment=30_000_000),
    Kind.VENTURE: Venture(category="产业园", figures_zh="20家企业。"),
    Kind.INDICATOR: Indicator(measure_zh="人均收入", value=16098, value_as_stated="16098元", unit="元"),
    Kind.WORK: Work(category="book"),
    Kind.MEETING: Meeting(ordinal=1, agreements_zh="建立对口帮扶关系。"),
    Kind.PAIRING: Pairing(fujian_party_as_written="莆田县", ningxia_party_as_written="西吉县"),
    Kind.DISPUTE: Dispute(assessment_zh="并非互斥。"),
    Kind.EVENT: Event(category="founding"),
}
MAKERS: dict[Kind, Callable[[], Record]] = {
    Kind.UNIT: lambda: make_item().record,
    Kind.POLICY: lambda: make_policy(document_number="闽宁发〔2016〕3号"),
    Kind.FUNDING: make_funding,
    Kind.AGENT: make_agent,
    Kind.PLACE: make_place,
    Kind.SOURCE: make_source,
}


def make_of_kind(kind: Kind) -> Record:
    if kind in MAKERS:
        return MAKERS[kind]()
    return make_fact("一条记录", kind=kind, detail=copy.copy(DETAILS[kind]), date="1996年5月31日")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_a_page_in_both_languages(client: Client, kind: Kind, language: str) -> None:
    record = make_of_kind(kind)

    answer = client.get(record.get_absolute_url(), headers={"accept-language": language})

    assert answer.status_code == 200
    assert record.title_zh in answer.text
    assert record.ark_text in answer.text


def test_amount_is_shown_as_stated_and_in_yuan(client: Client) -> None:
    record = make_funding()

    answer = client.get(record.get_absolute_url())

    assert "2.64亿元" in answer.text
    assert "264,000,000" in answer.text


def test_agents_places_and_related_records_are_linked(client: Client) -> None:
    agent, place, plan = make_agent("福建省"), make_place("西吉县"), make_policy("八七扶贫攻坚计划")
    record = make_fact(
        "援建公路",
        participations=[Participation(agent=agent, role=Participation.Role.PAYER, name_as_written="福建")],
        locations=[Location(place=place)],
        relations=[Relation(target=plan, role=Relation.Role.DECIDED_BY)],
    )

    forth = client.get(record.get_absolute_url()).text
    back = client.get(plan.get_absolute_url()).text

    assert all(f'href="{other.get_absolute_url()}"' in forth for other in (agent, place, plan))
    assert f'href="{record.get_absolute_url()}"' in back


def test_evidence_leads_to_the_line_on_the_page(client: Client) -> None:
    item = make_item("闽宁结对由来")
    make_page(item, "1996年5月结对。")
    evidence = Evidence(unit=item, page=1, region=[100, 100, 400, 50], claim_zh="1996年5月结对。")
    record = make_fact(evidence=[evidence])

    answer = client.get(record.get_absolute_url()).text

    assert f"{item.record.get_absolute_url()}/pages/1/?region=100,100,400,50" in answer
    assert "/iiif/3/" in answer


def test_evidence_of_a_source_is_cited_and_linked(client: Client) -> None:
    source = make_source("闽宁协作二十年", url="https://example.org/a")
    record = make_fact(evidence=[Evidence(source=source.source, claim_zh="结对始于1996年。")])

    answer = client.get(record.get_absolute_url()).text

    assert "闽宁协作二十年[EB/OL]" in answer
    assert 'href="https://example.org/a"' in answer


def test_evidence_from_a_unit_the_reader_may_not_see_is_not_shown(client: Client) -> None:
    secret = make_item("内部记录", public=False)
    record = make_fact(evidence=[Evidence(unit=secret, claim_zh="内部所载的说法")])

    for_the_public = client.get(record.get_absolute_url()).text
    client.force_login(make_user())
    for_an_archivist = client.get(record.get_absolute_url()).text

    assert "内部所载的说法" not in for_the_public
    assert "内部记录" not in for_the_public
    assert "内部所载的说法" in for_an_archivist


def test_image_of_a_text_only_unit_is_not_shown_as_evidence(client: Client) -> None:
    item = make_item(scope=Scope.TEXT)
    make_page(item, "结对。")
    record = make_fact(evidence=[Evidence(unit=item, page=1, region=[1, 2, 3, 4], claim_zh="结对。")])

    answer = client.get(record.get_absolute_url()).text

    assert "/pages/1/?region=1,2,3,4" in answer
    assert "/iiif/3/" not in answer


def test_supporting_and_disputing_evidence_stand_side_by_side(client: Client) -> None:
    one, other = make_source("来源一"), make_source("来源二")
    record = make_fact(
        evidence=[
            Evidence(source=one.source, claim_zh="2001年12月设镇"),
            Evidence(source=other.source, claim_zh="2003年撤村建镇", stance=Stance.DISPUTES),
        ]
    )

    page = client.get(record.get_absolute_url()).context["page"]

    assert [[proof.words for proof in claim.proofs] for claim in page.claims] == [
        ["2001年12月设镇"],
        ["2003年撤村建镇"],
    ]


def test_a_dispute_numbers_its_claims_and_gives_the_assessment(client: Client) -> None:
    one, other = make_source("来源一"), make_source("来源二")
    record = make_fact(
        "闽宁镇建镇年份",
        kind=Kind.DISPUTE,
        detail=Dispute(assessment_zh="须查批文。"),
        evidence=[
            Evidence(source=one.source, claim_zh="2001年12月", position=1),
            Evidence(source=other.source, claim_zh="2001年12月", position=1),
            Evidence(source=other.source, claim_zh="2003年", position=2),
        ],
    )

    answer = client.get(record.get_absolute_url())

    assert [(claim.words, len(claim.proofs)) for claim in answer.context["page"].claims] == [
        ("2001年12月", 2),
        ("2003年", 1),
    ]
    assert "须查批文。" in answer.text


def test_a_fact_shows_the_disputes_about_it(client: Client) -> None:
    fact, source = make_fact("闽宁镇成立"), make_source()
    make_fact(
        "闽宁镇建镇年份",
        kind=Kind.DISPUTE,
        detail=Dispute(assessment_zh="须查批文。"),
        evidence=[Evidence(source=source.source, claim_zh="2003年")],
        relations=[Relation(target=fact, role=Relation.Role.ABOUT)],
    )

    answer = client.get(fact.get_absolute_url())

    assert [shown.record.title_zh for shown in answer.context["page"].disagreements] == ["闽宁镇建镇年份"]
    assert "须查批文。" in answer.text


def test_an_unpublished_dispute_is_not_mentioned(client: Client) -> None:
    fact = make_fact("闽宁镇成立")
    make_fact(
        "未发布的考异",
        kind=Kind.DISPUTE,
        detail=Dispute(),
        public=False,
        relations=[Relation(target=fact, role=Relation.Role.ABOUT)],
    )

    assert "未发布的考异" not in client.get(fact.get_absolute_url()).text


def test_unpublished_is_not_found_and_its_title_is_not_told(client: Client) -> None:
    record = make_fact("尚未发布的事", public=False)

    answer = client.get(record.get_absolute_url())

    assert answer.status_code == 404
    assert "尚未发布的事" not in answer.text


def test_closed_until_later_is_not_found(client: Client) -> None:
    record = make_fact()
    opening.close(record, until=dt.date(2999, 1, 1), reason="未满期限", by=None)

    assert client.get(record.get_absolute_url()).status_code == 404


def test_withdrawn_leaves_a_tombstone_that_names_no_person(client: Client) -> None:
    record = make_fact("写错的事")
    reviewer = make_user("reviewer", username="zhangsan")
    workflow.withdraw(record, reason="来源有误", by=reviewer)

    answer = client.get(record.get_absolute_url())

    assert answer.status_code == 410
    assert record.ark_text in answer.text
    assert "来源有误" in answer.text
    assert "zhangsan" not in answer.text
    assert "写错的事" not in answer.text


def test_unknown_ark_and_foreign_naan_are_not_found(client: Client) -> None:
    record = make_fact()

    assert client.get(f"/ark:{settings.ARCHIVE_NAAN}/x1nothing").status_code == 404
    assert client.get(f"/ark:12345/{record.ark}").status_code == 404


def test_old_form_and_hyphens_lead_to_the_record(client: Client) -> None:
    record = make_fact()
    address = record.get_absolute_url()

    old = client.get(address.replace("ark:", "ark:/"))
    hyphenated = client.get(f"{address[:-3]}-{address[-3:]}")

    assert (old.status_code, old["Location"]) == (301, address)
    assert (hyphenated.status_code, hyphenated["Location"]) == (301, address)


def test_info_answers_with_metadata_and_promise(client: Client) -> None:
    record = make_fact("结对", date="1996年5月31日")

    answer = client.get(f"{record.get_absolute_url()}?info")

    assert answer["Content-Type"].startswith("text/plain")
    assert "what: 结对\nwhen: 1996-05-31\n" in answer.text


def test_a_client_that_prefers_it_gets_json_ld(client: Client) -> None:
    record = make_fact("结对")

    answer = client.get(record.get_absolute_url(), headers={"accept": "application/ld+json"})

    assert answer["Content-Type"] == "application/ld+json"
    assert json.loads(answer.content)["name"] == [{"@language": "zh-Hans", "@value": "结对"}]


def test_nothing_in_a_title_can_end_the_embedded_description(client: Client) -> None:
    record = make_fact("</script><script>alert(1)</script>")

    assert "<script>alert(1)" not in client.get(record.get_absolute_url()).text


def test_number_of_queries_does_not_grow_with_the_evidence(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    item = make_item()
    make_page(item, "结对。")
    proofs = [Evidence(unit=item, page=1, region=[1, 2, 3, 4], claim_zh=f"说法{n}") for n in range(12)]
    record = make_fact(evidence=proofs, locations=[Location(place=make_place(f"地{n}")) for n in range(5)])
    client.get("/about/")

    with django_assert_num_queries(15):
        client.get(record.get_absolute_url())
