from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from api.iiif import searching
from archive.models import Scope, Unit
from media.lines import to_json
from media.models import PageText
from search import indexing
from tests.makers import make_item, make_lines, make_page

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


def asked(client: Client, unit: Unit, **parameters: str) -> Any:
    indexing.drain()
    return client.get(f"/iiif/search/{unit.record.ark}", parameters).json()


def test_a_hit_has_its_place_and_is_quoted(client: Client) -> None:
    page = make_page(make_item(), "一九九六年福建与宁夏结对帮扶")

    found = asked(client, page.unit, q="宁夏")

    (hit,) = found["items"]
    (quoted,) = found["annotations"][0]["items"]
    assert found["@context"] == "http://iiif.io/api/search/2/context.json"
    assert found["type"] == "AnnotationPage"
    assert hit["target"] == f"http://testserver/iiif/3/{page.pk}/canvas#xywh=500,100,100,50"
    assert hit["body"]["value"] == "宁夏"
    assert quoted["motivation"] == "contextualizing"
    assert quoted["target"]["source"] == hit["id"]
    assert quoted["target"]["selector"] == [
        {"type": "TextQuoteSelector", "prefix": "一九九六年福建与", "exact": "宁夏", "suffix": "结对帮扶"}
    ]
    assert "ignored" not in found


def test_a_hit_over_a_line_break_has_two_places_and_one_quote(client: Client) -> None:
    page = make_page(make_item(), "福建与宁", "夏结对")

    found = asked(client, page.unit, q="宁夏")

    assert [item["body"]["value"] for item in found["items"]] == ["宁", "夏"]
    (quoted,) = found["annotations"][0]["items"]
    assert [target["source"] for target in quoted["target"]] == [item["id"] for item in found["items"]]
    assert quoted["target"][0]["selector"][0]["exact"] == "宁夏"


def test_parameters_that_mean_nothing_are_named(client: Client) -> None:
    item = make_item()
    make_page(item, "宁夏")

    found = asked(client, item, q="宁夏", date="1996", user="x", motivation="painting")

    assert found["ignored"] == ["date", "user"]
    assert found["items"] == []


def test_a_long_answer_comes_in_pages(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 2)
    item = make_item()
    make_page(item, "宁夏，宁夏，宁夏")

    first = asked(client, item, q="宁夏")
    second = client.get(first["next"]["id"]).json()

    assert (len(first["items"]), len(second["items"])) == (2, 1)
    assert first["partOf"][0]["total"] == 3
    assert first["partOf"][0]["last"]["id"] == second["id"] == first["next"]["id"]
    assert (second["startIndex"], second["prev"]["id"]) == (2, first["id"])
    assert client.get(f"{first['id']}&page=3").status_code == 404


@pytest.mark.parametrize("parameters", [{}, {"q": "  "}, {"q": "宁夏", "page": "0"}, {"q": "宁夏", "page": "x"}])
def test_a_question_that_is_none(client: Client, parameters: dict[str, str]) -> None:
    item = make_item()
    make_page(item, "宁夏")
    indexing.drain()

    assert client.get(f"/iiif/search/{item.record.ark}", parameters).status_code == 400


def test_only_text_that_may_be_read_is_searched(client: Client) -> None:
    closed, draft = make_item(scope=Scope.CATALOGUE), make_item(public=False)
    for item in (closed, draft):
        make_page(item, "宁夏")
    indexing.drain()

    assert client.get(f"/iiif/search/{closed.record.ark}?q=宁夏").status_code == 404
    assert client.get(f"/iiif/autocomplete/{draft.record.ark}?q=宁").status_code == 404


def test_what_is_masked_is_not_found_and_not_completed(client: Client, archivist: Any) -> None:
    item = make_item()
    page = make_page(item, "电话13800138000转")
    masked = make_lines("电话█转")
    PageText.objects.filter(page=page).update(public_text="电话█转", public_lines=to_json(masked))
    client.force_login(archivist)

    assert asked(client, item, q="13800138000")["items"] == []
    assert client.get(f"/iiif/autocomplete/{item.record.ark}?q=138").json()["items"] == []


def test_a_search_costs_the_same_however_many_hits(client: Client, django_assert_num_queries: Queries) -> None:
    item = make_item()
    for _number in range(6):
        make_page(item, "宁夏与福建", "宁夏")
    indexing.drain()
    address = f"/iiif/search/{item.record.ark}?q=宁夏"
    client.get(address)

    with django_assert_num_queries(6):
        assert len(client.get(address).json()["items"]) == 12
