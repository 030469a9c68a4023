from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from openapi_spec_validator import validate

from accounts.models import User
from archive import workflow
from archive.models import (
    Dimension,
    Evidence,
    Kind,
    Level,
    Location,
    Mechanism,
    Participation,
    Record,
    Relation,
    Scope,
    Stance,
)
from tests.makers import (
    make_agent,
    make_fact,
    make_funding,
    make_item,
    make_place,
    make_policy,
    make_source,
    make_unit,
)

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


def arks(answer: Any) -> list[str]:
    return [row["ark"] for row in answer.json()["results"]]


def test_the_list_gives_public_records_only(client: Client) -> None:
    shown = make_fact("公开的事实")
    make_fact("草稿", public=False)

    answer = client.get("/api/v1/records/")

    assert answer.status_code == 200
    assert arks(answer) == [shown.ark_text]


def test_a_desk_member_also_gets_drafts(client: Client, archivist: User) -> None:
    make_fact("草稿", public=False)
    client.force_login(archivist)

    assert len(arks(client.get("/api/v1/records/"))) == 1


def test_each_kind_has_its_own_list(client: Client) -> None:
    policy = make_policy()
    make_fact()

    assert arks(client.get("/api/v1/policies/")) == [policy.ark_text]


def test_a_list_of_fifty_costs_what_a_list_of_two_costs(client: Client, django_assert_num_queries: Queries) -> None:
    for number in range(50):
        make_fact(f"事实{number}", dimensions=(Dimension.POLICY,))

    with django_assert_num_queries(2):
        client.get("/api/v1/records/")


def test_the_cursor_leads_through_all_records_once(client: Client) -> None:
    expected = [make_fact(f"事实{number}").ark_text for number in range(7)]

    found, address = [], "/api/v1/records/?page_size=3"
    while address:
        page = client.get(address).json()
        found += [row["ark"] for row in page["results"]]
        address = page["next"]

    assert found == expected


def test_a_record_is_found_by_its_whole_ark_and_by_its_name(client: Client) -> None:
    record = make_policy("关于开展扶贫协作的意见", local_id="POL-001", summary_zh="结对帮扶。", date="1996-07-06")

    whole = client.get(f"/api/v1/records/{record.ark_text}/").json()
    by_name = client.get(f"/api/v1/policies/{record.ark}/").json()

    assert whole == by_name | {"url": whole["url"]}
    assert whole["local_id"] == "POL-001"
    assert whole["title"] == {"zh": "关于开展扶贫协作的意见"}
    assert whole["date"]["earliest"] == whole["date"]["latest"] == "1996-07-06"


def test_amounts_are_exact_and_keep_their_words(client: Client) -> None:
    detail = client.get(f"/api/v1/funding/{make_funding().ark}/").json()["detail"]

    assert (detail["amount"], detail["amount_as_stated"]) == ("264000000.00", "2.64亿元")


def test_evidence_of_both_stances_is_given_with_page_and_source(client: Client) -> None:
    item, source = make_item("摘编"), make_source("福建日报报道")
    record = make_fact(
        evidence=[
            Evidence(unit=item, page=1, region=[10, 20, 300, 40], claim_zh="1996年5月"),
            Evidence(source=source.source, claim_zh="1996年9月", stance=Stance.DISPUTES, position=2),
        ]
    )

    first, second = client.get(f"/api/v1/records/{record.ark}/").json()["evidence"]

    assert (first["page"], first["region"], first["unit"]["ark"]) == (1, [10, 20, 300, 40], item.record.ark_text)
    assert (second["stance"], second["source"]["ark"]) == ("disputes", source.ark_text)


def test_evidence_from_a_unit_that_is_not_public_is_not_given(client: Client) -> None:
    hidden = make_unit("未公开全宗", public=False)
    record = make_fact(evidence=[Evidence(unit=hidden, page=1, claim_zh="内部说法")])

    assert client.get(f"/api/v1/records/{record.ark}/").json()["evidence"] == []


def test_relations_to_what_is_not_public_are_not_given(client: Client) -> None:
    hidden = make_fact("草稿", public=False)
    record = make_fact(relations=[Relation(target=hidden)])

    assert client.get(f"/api/v1/records/{record.ark}/").json()["relations"] == []


def test_an_unknown_record_is_a_404_with_problem_details(client: Client) -> None:
    answer = client.get("/api/v1/records/x1zzzzzzzz0/")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not-found"


def test_a_draft_is_a_404_like_an_unknown_record(client: Client) -> None:
    assert client.get(f"/api/v1/records/{make_fact(public=False).ark}/").status_code == 404


def test_a_withdrawn_record_is_a_410(client: Client) -> None:
    record = make_fact()
    workflow.withdraw(record, reason="权利人要求", by=None)

    answer = client.get(f"/api/v1/records/{record.ark}/")

    assert (answer.status_code, answer.json()["code"]) == (410, "withdrawn")


def test_a_record_of_another_kind_is_not_found_under_this_one(client: Client) -> None:
    assert client.get(f"/api/v1/policies/{make_fact().ark}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["colour=red", "dimension=weather", "kind=weather", "date=某个时候", "cursor=nonsense", "changed_since=yesterday"],
)
def test_a_parameter_that_cannot_be_read_is_refused_by_name(client: Client, query: str) -> None:
    answer = client.get(f"/api/v1/records/?{query}")

    assert answer.status_code == 400 if not query.startswith("cursor") else answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_filters_narrow_by_dimension_mechanism_date_and_code(client: Client) -> None:
    wanted = make_fact("甲", dimensions=(Dimension.INDUSTRY,), mechanisms=(Mechanism.INDUSTRY_LED,), date="1997年4月")
    make_fact("乙", dimensions=(Dimension.POLICY,), date="2016")
    item = make_unit("件", level=Level.ITEM, parent=make_unit("全宗"), code="M001-01-7")

    assert arks(client.get("/api/v1/records/?dimension=industry")) == [wanted.ark_text]
    assert arks(client.get("/api/v1/records/?mechanism=industry_led")) == [wanted.ark_text]
    assert arks(client.get("/api/v1/records/?date=1996/1998")) == [wanted.ark_text]
    assert arks(client.get("/api/v1/units/?reference_code=M001—01—7")) == [item.record.ark_text]


def test_filters_by_place_include_its_parts_and_by_agent_its_records(client: Client) -> None:
    county = make_place("永宁县")
    town = make_place("闽宁镇", part_of=county)
    agent = make_agent("福建省援宁工作队")
    there = make_fact("在闽宁镇", locations=[Location(place=town)])
    by_agent = make_fact("派出", participations=[Participation(agent=agent, role=Participation.Role.SENDER)])

    assert arks(client.get(f"/api/v1/events/?place={county.ark_text}")) == [there.ark_text]
    assert arks(client.get(f"/api/v1/events/?agent={agent.ark}")) == [by_agent.ark_text]


def test_only_reading_is_possible(client: Client, archivist: User) -> None:
    client.force_login(archivist)
    record = make_fact()

    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)(f"/api/v1/records/{record.ark}/", content_type="application/json")
        assert answer.status_code in {403, 405}
    assert Record.objects.filter(pk=record.pk).exists()


def test_the_interface_is_described_by_valid_openapi(client: Client) -> None:
    described = client.get("/api/v1/openapi.json").json()

    validate(described)
    assert "/api/v1/search/" in described["paths"]
    assert "/api/v1/places/{ark}/" in described["paths"]


def test_every_address_of_the_index_answers(client: Client) -> None:
    index = client.get("/api/v1/").json()

    assert {"records", "units", "disputes", "search", "suggest", "openapi"} <= set(index)
    for address in index.values():
        assert client.get(address).status_code == 200


def test_scripts_of_any_origin_may_read(client: Client) -> None:
    assert client.get("/api/v1/records/")["Access-Control-Allow-Origin"] == "*"


def test_a_catalogue_entry_without_released_text_is_listed(client: Client) -> None:
    record = make_item("只公布目录", scope=Scope.CATALOGUE).record

    assert record.kind == Kind.UNIT
    assert record.ark_text in arks(client.get("/api/v1/units/"))
    assert settings.ARCHIVE_NAAN in record.ark_text


def test_a_place_does_not_name_a_hidden_one_around_it(client: Client) -> None:
    county = make_place("永宁县", public=False)
    town = make_place("闽宁镇", part_of=county)

    answer = client.get(f"/api/v1/places/{town.ark}/")

    assert "part_of" not in answer.json()["detail"]
    assert county.ark not in answer.text
