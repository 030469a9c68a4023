from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from archive import workflow
from archive.models import Dimension, Scope
from search import indexing
from tests.makers import make_fact, make_item, make_page, make_place

pytestmark = pytest.mark.django_db


def ask(client: Client, **query: Any) -> Any:
    return client.get("/api/v1/search/", query)


def test_a_hit_in_a_scan_carries_a_box_for_every_line_it_crosses(client: Client) -> None:
    item = make_item("移民搬迁")
    page = make_page(item, "二〇〇一年批准在闽宁村", "基础上设镇，隶属永宁县")
    indexing.drain()

    answer = ask(client, q="闽宁村基础上设镇").json()

    assert answer["count"] == 1
    (hit,) = answer["results"]
    assert (hit["ark"], hit["kind"]) == (item.record.ark_text, "unit")
    (found,) = hit["pages"]
    assert found["page"] == page.number
    assert found["image"].endswith(f"/iiif/3/{page.pk}")
    assert len(found["boxes"]) == 2
    for x, y, w, h in found["boxes"]:
        assert 0 <= x < x + w <= page.width
        assert 0 <= y < y + h <= page.height


def test_text_that_may_not_be_public_is_neither_found_nor_counted(client: Client) -> None:
    make_page(make_item("只公布目录", scope=Scope.CATALOGUE), "独此一处的句子")
    make_page(make_item("未公布", public=False), "独此一处的句子")
    indexing.drain()

    answer = ask(client, q="独此一处的句子").json()

    assert (answer["count"], answer["results"]) == (0, [])


def test_what_was_withdrawn_is_gone_from_search_and_suggestions(client: Client) -> None:
    record = make_fact("独一无二的事件")
    indexing.drain()
    before = ask(client, q="独一无二").json()["count"]
    workflow.withdraw(record, reason="权利人要求", by=None)

    stale = ask(client, q="独一无二").json()["results"]
    indexing.drain()

    assert before == 1
    assert stale == []
    assert ask(client, q="独一无二").json()["count"] == 0
    assert client.get("/api/v1/suggest/", {"q": "独一"}).json()["results"] == []


def test_facets_count_and_narrow(client: Client) -> None:
    make_fact("菌草甲", dimensions=(Dimension.INDUSTRY,), date="1997")
    make_fact("菌草乙", dimensions=(Dimension.LIVELIHOOD,), date="1998")
    indexing.drain()

    facets = ask(client, q="菌草").json()["facets"]
    narrowed = ask(client, q="菌草", dimension="industry").json()

    assert {value["value"]: value["count"] for value in facets["dimension"]} == {"industry": 1, "livelihood": 1}
    assert {value["value"] for value in facets["year"]} >= {"1997", "1998"}
    assert narrowed["count"] == 1


def test_the_next_page_is_reached_by_its_address(client: Client) -> None:
    wanted = {make_fact(f"第{number}次座谈").ark_text for number in range(5)}
    indexing.drain()

    found, address = set(), "/api/v1/search/?q=座谈&size=2"
    while address:
        answer = client.get(address).json()
        found |= {hit["ark"] for hit in answer["results"]}
        address = answer["next"]

    assert found == wanted


@pytest.mark.parametrize(
    "query", [{"size": "0"}, {"size": "many"}, {"size": "1000"}, {"page": "-1"}, {"kind": "weather"}, {"cursor": "x"}]
)
def test_what_cannot_be_read_is_a_400_with_problem_details(client: Client, query: dict[str, str]) -> None:
    answer = ask(client, q="闽宁", **query)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize("q", ["", "。，！", "“没有收尾", "*", "闽宁" * 5000, "😀", "\x00\x01", "((((", "\ue000"])
def test_an_odd_query_is_answered_not_failed(client: Client, q: str) -> None:
    make_fact()
    indexing.drain()

    assert ask(client, q=q).status_code == 200


def test_suggestions_come_by_han_pinyin_and_initials(client: Client) -> None:
    place = make_place("闽宁镇")
    indexing.drain()

    for typed in ("闽宁", "minning", "mnz"):
        arks = [found["ark"] for found in client.get("/api/v1/suggest/", {"q": typed}).json()["results"]]
        assert place.ark in arks or place.ark_text in arks, typed


def test_a_page_of_results_costs_a_constant_number_of_queries(
    client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    for number in range(20):
        make_fact(f"第{number}次座谈")
    indexing.drain()

    with django_assert_max_num_queries(8):
        ask(client, q="座谈", size=20)
