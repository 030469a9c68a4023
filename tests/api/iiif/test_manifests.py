from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from archive import workflow
from archive.models import Scope, Unit
from media.lines import to_json
from media.models import DigitalObject, Page, PageText
from tests.api.iiif.checking import faults
from tests.makers import make_fact, make_item, make_lines, make_page

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


def manifest(client: Client, unit: Unit) -> Any:
    return client.get(f"/iiif/manifest/{unit.record.ark}").json()


def test_a_manifest_is_valid_and_names_everything(client: Client) -> None:
    item = make_item(
        "闽宁结对由来", date="1996-10-16", extent="2页", title_en="How the pairing began", summary_zh="摘要"
    )
    pages = [make_page(item, "一九九六年", "两省区结对"), make_page(item, "第二页")]

    found = manifest(client, item)

    assert faults(found) == []
    assert found["id"] == f"http://testserver/iiif/manifest/{item.record.ark}"
    assert found["label"] == {"zh-Hans": ["闽宁结对由来"], "en": ["How the pairing began"]}
    assert [canvas["id"] for canvas in found["items"]] == [
        f"http://testserver/iiif/3/{page.pk}/canvas" for page in pages
    ]
    assert found["navDate"] == "1996-10-16T00:00:00Z"
    assert found["behavior"] == ["paged"]
    assert found["homepage"][0]["id"].endswith(item.record.get_absolute_url())
    assert found["partOf"][0]["id"].endswith(f"/iiif/collection/{Unit.objects.get_parent(item).record.ark}")
    labels = {entry["label"].get("en", entry["label"].get("none"))[0] for entry in found["metadata"]}
    assert {"Reference code", "ARK", "Date", "Level of description", "Extent and medium"} <= labels


def test_a_canvas_has_its_image_text_and_alto(client: Client) -> None:
    page = make_page(make_item(), "一行文字", width=1000, height=1400)

    (canvas,) = manifest(client, page.unit)["items"]

    image = canvas["items"][0]["items"][0]["body"]
    assert (canvas["width"], canvas["height"]) == (1000, 1400)
    assert image["service"] == [
        {"id": f"http://testserver/iiif/3/{page.pk}", "type": "ImageService3", "profile": "level2"}
    ]
    (lines,) = canvas["annotations"]
    assert (lines["id"], "items" in lines) == (f"http://testserver/iiif/annotations/{page.pk}", False)
    assert canvas["seeAlso"][0]["id"] == f"http://testserver/api/v1/pages/{page.pk}/alto.xml"


def test_the_search_and_the_document_are_offered_where_the_text_may_be_read(client: Client) -> None:
    item = make_item(scope=Scope.IMAGE)
    make_page(item, "一行文字")

    found = manifest(client, item)

    assert found["service"][0]["type"] == "SearchService2"
    assert found["service"][0]["service"][0]["type"] == "AutoCompleteService2"
    assert [each["format"] for each in found["rendering"]] == ["text/plain"]
    assert "http://iiif.io/api/search/2/context.json" in found["@context"]


def test_vertical_pages_are_turned_from_right_to_left(client: Client) -> None:
    item = make_item()
    make_page(item, lines=make_lines("竖排第一行", "竖排第二行", direction="v"))

    assert manifest(client, item)["viewingDirection"] == "right-to-left"


@pytest.mark.parametrize(
    ("statement", "rights"),
    [
        ("见 https://creativecommons.org/licenses/by/4.0/ 。", "http://creativecommons.org/licenses/by/4.0/"),
        ("不得复制", None),
    ],
)
def test_rights_are_an_address_or_only_a_statement(client: Client, statement: str, rights: str | None) -> None:
    item = make_item()
    make_page(item, "一行")
    Unit.objects.filter(pk=item.pk).update(rights_statement=statement)

    found = manifest(client, item)

    assert found.get("rights") == rights
    assert statement in found["requiredStatement"]["value"]["zh-Hans"][0]
    assert faults(found) == []


def test_the_media_type_names_the_standard(client: Client) -> None:
    item = make_item()
    make_page(item, "一行")
    address = f"/iiif/manifest/{item.record.ark}"

    linked, plain = client.get(address), client.get(address, headers={"Accept": "application/json"})

    assert linked["Content-Type"] == 'application/ld+json;profile="http://iiif.io/api/presentation/3/context.json"'
    assert plain["Content-Type"] == "application/json"
    assert linked["Cache-Control"] == "public, no-cache"


def test_only_pages_that_may_be_seen_are_in_it(client: Client) -> None:
    item = make_item()
    shown, hidden, unmade = (make_page(item, "一行") for _number in range(3))
    DigitalObject.objects.filter(pk=hidden.digital_object_id).update(quarantined_at=timezone.now())
    Page.objects.filter(pk=unmade.pk).update(derived_at=None)

    found = manifest(client, item)

    assert [canvas["id"] for canvas in found["items"]] == [f"http://testserver/iiif/3/{shown.pk}/canvas"]
    assert found["behavior"] == ["individuals"]


def test_what_has_no_manifest(client: Client) -> None:
    drafts, texts, empty, gone = make_item(public=False), make_item(scope=Scope.TEXT), make_item(), make_item()
    for item in (drafts, texts, gone):
        make_page(item, "一行")
    workflow.withdraw(gone.record, reason="权利人要求", by=None)
    units = {"draft": drafts, "text only": texts, "no pages": empty, "gone": gone}

    answers = {name: client.get(f"/iiif/manifest/{unit.record.ark}").status_code for name, unit in units.items()}

    assert answers == {"draft": 404, "text only": 404, "no pages": 404, "gone": 410}
    assert client.get(f"/iiif/manifest/{make_fact().ark}").status_code == 404


def test_a_manifest_costs_the_same_whatever_its_length(client: Client, django_assert_num_queries: Queries) -> None:
    item = make_item()
    for _number in range(12):
        make_page(item, "一行")

    with django_assert_num_queries(6):
        found = manifest(client, item)

    assert len(found["items"]) == 12


def test_lines_are_annotations_in_their_place(client: Client) -> None:
    page = make_page(make_item(), "第一行", "第二行")

    found = client.get(f"/iiif/annotations/{page.pk}").json()

    assert faults(found) == []
    first = found["items"][0]
    assert (first["motivation"], first["body"]["value"]) == ("supplementing", "第一行")
    assert first["target"] == f"http://testserver/iiif/3/{page.pk}/canvas#xywh=100,100,150,50"
    assert found["label"] == {"zh-Hans": ["未经校对的机器识别文本"], "en": ["Machine-read, not proofread"]}


def test_what_is_masked_is_in_no_annotation(client: Client, archivist: Any) -> None:
    page = make_page(make_item(), "身份证号110101199003074477")
    masked = to_json(make_lines("身份证号█"))
    PageText.objects.filter(page=page).update(public_text="身份证号█", public_lines=masked)
    client.force_login(archivist)

    found = client.get(f"/iiif/annotations/{page.pk}")

    assert "110101" not in found.text
    assert "█" in found.json()["items"][0]["body"]["value"]


def test_annotations_need_a_text_that_may_be_read(client: Client) -> None:
    closed = make_page(make_item(scope=Scope.CATALOGUE), "一行")
    unread = make_page(make_item(), lines=[])

    assert client.get(f"/iiif/annotations/{closed.pk}").status_code == 404
    assert client.get(f"/iiif/annotations/{unread.pk}").status_code == 404


def test_a_canvas_leads_to_its_manifest(client: Client) -> None:
    page = make_page(make_item(), "一行")

    answer = client.get(f"/iiif/3/{page.pk}/canvas")

    assert answer.status_code == 303
    assert answer["Location"].endswith(f"/iiif/manifest/{page.unit.record.ark}")
