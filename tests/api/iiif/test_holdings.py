from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from api.iiif import holdings
from archive.models import Level, Scope
from tests.api.iiif.checking import faults
from tests.makers import make_item, make_page, make_unit

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


def names(document: Any) -> list[tuple[str, str]]:
    return [(item["type"], next(iter(item["label"].values()))[0]) for item in document["items"]]


def test_the_root_holds_the_fonds(client: Client) -> None:
    make_unit("第一全宗")
    make_unit("未公开全宗", public=False)

    found = client.get("/iiif/collection/").json()

    assert faults(found) == []
    assert names(found) == [("Collection", "第一全宗")]
    assert set(found["label"]) == {"zh-Hans", "en"}


def test_a_unit_holds_what_lies_below_it(client: Client) -> None:
    fonds = make_unit("全宗")
    series = make_unit("类", level=Level.SERIES, parent=fonds, code="F-1")
    item = make_unit("件", level=Level.ITEM, parent=fonds, code="F-2")
    make_unit("无图像的件", level=Level.ITEM, parent=fonds, code="F-3")
    texts = make_unit("只有文字的件", level=Level.ITEM, parent=fonds, code="F-4", scope=Scope.TEXT)
    for unit in (item, texts):
        make_page(unit, "一行")

    found = client.get(f"/iiif/collection/{fonds.record.ark}").json()
    below = client.get(f"/iiif/collection/{series.record.ark}").json()

    assert faults(found) == []
    assert names(found) == [("Collection", "类"), ("Manifest", "件")]
    assert found["items"][1]["thumbnail"][0]["service"]
    assert found["partOf"][0]["id"] == "http://testserver/iiif/collection/"
    assert below["partOf"][0]["id"].endswith(f"/iiif/collection/{fonds.record.ark}")


def test_a_long_collection_is_made_of_parts(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holdings, "PART", 2)
    fonds = make_unit("全宗")
    for number in range(3):
        make_page(make_unit(f"件{number}", level=Level.ITEM, parent=fonds, code=f"F-{number}"), "一行")
    address = f"/iiif/collection/{fonds.record.ark}"

    whole, second = client.get(address).json(), client.get(f"{address}?part=2").json()

    assert names(whole) == [("Collection", "1–2"), ("Collection", "3–3")]
    assert names(second) == [("Manifest", "件2")]
    assert faults(whole) == faults(second) == []
    assert client.get(f"{address}?part=3").status_code == 404


def test_what_is_no_collection(client: Client) -> None:
    item, draft = make_item(), make_unit("草稿", public=False)

    assert client.get(f"/iiif/collection/{item.record.ark}").status_code == 404
    assert client.get(f"/iiif/collection/{draft.record.ark}").status_code == 404
    assert client.get("/iiif/collection/nothing").status_code == 404


def test_a_collection_costs_the_same_whatever_its_length(client: Client, django_assert_num_queries: Queries) -> None:
    fonds = make_unit("全宗")
    for number in range(8):
        make_page(make_unit(f"件{number}", level=Level.ITEM, parent=fonds, code=f"F-{number}"), "一行")

    with django_assert_num_queries(6):
        found = client.get(f"/iiif/collection/{fonds.record.ark}").json()

    assert len(found["items"]) == 8
