import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from api.iiif import changes
from archive import opening, workflow
from archive.models import Scope, Unit
from media.models import DigitalObject, Page, PageText
from tests.makers import make_item, make_page

pytestmark = pytest.mark.django_db
Queries = Callable[[int], Any]


def make_imaged_item(title: str = "一件", **options: Any) -> Unit:
    item = make_item(title, **options)
    make_page(item, "一行")
    return item


def activities(client: Client) -> list[tuple[str, str]]:
    """The type and the ARK name of every activity, read as a harvester reads them."""
    page = client.get(client.get("/iiif/changes").json()["first"]["id"]).json()
    found = []
    while True:
        found += [(each["type"], each["object"]["id"].rsplit("/", 1)[1]) for each in page["orderedItems"]]
        if "next" not in page:
            return found
        page = client.get(page["next"]["id"]).json()


def test_the_list_names_its_pages(client: Client) -> None:
    make_imaged_item()

    found = client.get("/iiif/changes")
    page = client.get(found.json()["last"]["id"]).json()

    assert found["Content-Type"] == 'application/ld+json;profile="http://iiif.io/api/discovery/1/context.json"'
    assert (found.json()["type"], found.json()["totalItems"]) == ("OrderedCollection", 1)
    assert page["partOf"]["id"] == found.json()["id"]
    (activity,) = page["orderedItems"]
    assert activity["object"]["type"] == "Manifest"
    assert dt.datetime.fromisoformat(activity["endTime"]).tzinfo is not None


def test_only_what_is_or_was_public_is_told(client: Client, archivist: Any) -> None:
    shown, gone, closed = (make_imaged_item(name) for name in ("在", "撤", "封"))
    make_imaged_item("草稿", public=False)
    make_imaged_item("只有文字", scope=Scope.TEXT)
    make_item("没有图像")
    workflow.withdraw(gone.record, reason="权利人要求", by=None)
    opening.close(closed.record, until=dt.date(2099, 1, 1), reason="未满期", by=None)
    client.force_login(archivist)

    found = dict((ark, type_) for type_, ark in activities(client))

    assert found == {shown.record.ark: found[shown.record.ark], gone.record.ark: "Delete", closed.record.ark: "Delete"}
    assert found[shown.record.ark] in {"Create", "Update"}


def test_quarantine_is_a_deletion(client: Client) -> None:
    item = make_imaged_item()
    DigitalObject.objects.update(quarantined_at=timezone.now())

    assert activities(client) == [("Delete", item.record.ark)]


@pytest.mark.parametrize("change", ["image", "redrawing", "text", "record"])
def test_what_changes_goes_to_the_end(client: Client, change: str) -> None:
    first, second = make_imaged_item("一"), make_imaged_item("二")
    later = timezone.now() + dt.timedelta(minutes=1)
    if change == "image":
        Page.objects.filter(unit=first).update(derived_at=later)
    elif change == "redrawing":
        Page.objects.filter(unit=first).update(is_masked=True, redrawn_at=later)
    elif change == "text":
        PageText.objects.filter(page__unit=first).update(created_at=later)
    else:
        first.record.changed_at = later
        first.record.save()

    found = activities(client)

    assert [ark for _type, ark in found] == [second.record.ark, first.record.ark]
    assert found[1][0] == "Update"


def test_pages_follow_each_other(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "PAGE", 2)
    items = [make_imaged_item(str(number)) for number in range(5)]

    last = client.get(client.get("/iiif/changes").json()["last"]["id"]).json()

    assert [ark for _type, ark in activities(client)] == [item.record.ark for item in items]
    assert (len(last["orderedItems"]), last["startIndex"]) == (1, 4)
    assert last["prev"]["id"].endswith("/iiif/changes/2")
    assert client.get("/iiif/changes/4").status_code == 404
    assert client.get("/iiif/changes/0").status_code == 404


def test_the_list_costs_two_queries_a_page(client: Client, django_assert_num_queries: Queries) -> None:
    for number in range(5):
        make_imaged_item(str(number))

    with django_assert_num_queries(2):
        client.get("/iiif/changes/1")


def test_what_closes_with_the_unit_above_it_goes_to_the_end(client: Client) -> None:
    first, second = make_imaged_item("一"), make_imaged_item("二")
    fonds = Unit.objects.get_ancestors(first).get()

    opening.close(fonds.record, until=dt.date(2099, 1, 1), reason="未满期", by=None)

    found = activities(client)
    assert [ark for _type, ark in found] == [second.record.ark, first.record.ark]
    assert found[1][0] == "Delete"
