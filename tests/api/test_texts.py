from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from api import texts
from archive import workflow
from archive.models import AuditEvent, Scope
from media.assembly import making
from media.lines import join, to_json
from media.models import DigitalObject, Page
from tests.makers import make_fact, make_item, make_page, make_user
from tests.media.assembly.sheets_made import make_sheet, row

pytestmark = pytest.mark.django_db

FORMS = ["alto.xml", "hocr.html", "text.txt"]


def address(page: Page, name: str) -> str:
    return f"/api/v1/pages/{page.pk}/{name}"


def document_of(page: Page) -> str:
    return f"/api/v1/records/{page.unit.record.ark}/document.pdf"


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("alto.xml", "application/xml"),
        ("hocr.html", "text/html; charset=utf-8"),
        ("text.txt", "text/plain; charset=utf-8"),
    ],
)
def test_a_page_is_given_in_every_form_with_its_state(client: Client, name: str, media_type: str) -> None:
    page = make_page(make_item(scope=Scope.TEXT), "闽宁协作")

    answer = client.get(address(page, name))

    assert (answer.status_code, answer["Content-Type"]) == (200, media_type)
    assert "闽宁协作" in answer.content.decode()
    assert "未经校对的机器识别文本" in answer.content.decode()
    assert f"{page.unit.record.ark}-1." in answer["Content-Disposition"]


@pytest.mark.parametrize("name", FORMS)
def test_the_same_text_is_not_sent_twice(client: Client, name: str) -> None:
    page = make_page(make_item(), "闽宁协作")
    tag = client.get(address(page, name))["ETag"]

    again = client.get(address(page, name), headers={"if-none-match": tag})
    page.texts.update(text="协作", lines=to_json([row("协作", 100, 100)]))
    changed = client.get(address(page, name), headers={"if-none-match": tag})

    assert again.status_code == 304
    assert changed.status_code == 200


@pytest.mark.parametrize("name", FORMS)
def test_texts_need_to_be_public(client: Client, name: str) -> None:
    page = make_page(make_item(scope=Scope.CATALOGUE), "闽宁协作")

    answer = client.get(address(page, name))

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
    assert client.get("/api/v1/pages/999999/alto.xml").status_code == 404


def test_a_withdrawn_unit_leaves_410_everywhere(client: Client, tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    making.make(page.unit)
    workflow.withdraw(page.unit.record, reason="权利人要求", by=None)

    answers = [client.get(address(page, name)) for name in FORMS]
    answers += [client.get(document_of(page)), client.get(document_of(page).replace("document.pdf", "text.txt"))]

    assert [answer.status_code for answer in answers] == [410] * 5
    assert answers[0].json()["code"] == "withdrawn"


def test_quarantined_pages_are_for_the_security_officer_alone(client: Client) -> None:
    page = make_page(make_item(), "机密")
    DigitalObject.objects.filter(pk=page.digital_object_id).update(quarantined_at=timezone.now())

    as_reader = client.get(address(page, "text.txt")).status_code
    client.force_login(make_user(Role.ARCHIVIST))
    as_archivist = client.get(address(page, "text.txt")).status_code
    client.force_login(make_user(Role.SECURITY_OFFICER))
    as_officer = client.get(address(page, "text.txt")).status_code
    whole = client.get(f"/api/v1/records/{page.unit.record.ark}/text.txt").status_code

    assert (as_reader, as_archivist, as_officer, whole) == (404, 404, 200, 404)


@pytest.mark.parametrize("name", FORMS)
def test_what_is_masked_is_for_the_desk_alone(client: Client, archivist: User, name: str) -> None:
    page = make_page(make_item(), lines=[row("电话13800138000", 100, 100)])
    public = [row("电话█", 100, 100)]
    page.texts.update(public_text=join(public), public_lines=to_json(public))
    Page.objects.filter(pk=page.pk).update(is_masked=True, redrawn_at=timezone.now())

    as_reader = client.get(address(page, name)).content.decode()
    client.force_login(archivist)
    as_archivist = client.get(address(page, name)).content.decode()

    assert "13800138000" not in as_reader
    assert "电话█" in as_reader
    assert "电话13800138000" in as_archivist


def test_the_text_of_a_unit_is_all_its_pages(client: Client) -> None:
    unit = make_item("协作情况")
    make_page(unit, "第一页的字")
    make_page(unit, "第二页的字")

    answer = client.get(f"/api/v1/records/{quote(unit.record.ark_text)}/text.txt")

    text = answer.getvalue().decode()
    assert text.startswith("协作情况\n")
    assert text.index("第一页的字") < text.index("第二页的字")
    again = client.get(f"/api/v1/records/{unit.record.ark}/text.txt", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304


def test_only_units_have_documents(client: Client) -> None:
    fact = make_fact()

    answer = client.get(f"/api/v1/records/{fact.ark}/document.pdf")

    assert answer.status_code == 404
    assert client.get(f"/api/v1/records/{make_item().record.ark}/document.pdf").status_code == 404


def test_a_document_needs_leave_to_download(client: Client, tmp_path: Path) -> None:
    page = make_sheet(make_item(scope=Scope.IMAGE), [row("闽宁协作", 100, 100)], tmp_path)

    assert client.get(document_of(page)).status_code == 404


def test_a_document_is_given_whole_and_in_parts(client: Client, tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)

    whole = client.get(document_of(page))
    content = whole.getvalue()
    part = client.get(document_of(page), headers={"range": "bytes=10-19"})
    end = client.get(document_of(page), headers={"range": "bytes=-5"})

    assert (whole.status_code, whole["Content-Type"], whole["Accept-Ranges"]) == (200, "application/pdf", "bytes")
    assert int(whole["Content-Length"]) == len(content)
    assert content.startswith(b"%PDF-")
    assert (part.status_code, part.getvalue()) == (206, content[10:20])
    assert part["Content-Range"] == f"bytes 10-19/{len(content)}"
    assert end.getvalue() == content[-5:]


def test_ranges_that_cannot_be_met(client: Client, tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    size = len(client.get(document_of(page)).getvalue())

    beyond = client.get(document_of(page), headers={"range": f"bytes={size}-"})
    several = client.get(document_of(page), headers={"range": "bytes=0-1,5-6"})
    older = client.get(document_of(page), headers={"range": "bytes=0-1", "if-range": '"another"'})

    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{size}")
    endless = client.get(document_of(page), headers={"range": f"bytes={'9' * 5000}-"})

    assert (several.status_code, older.status_code, endless.status_code) == (200, 200, 200)
    endless.getvalue()
    several.getvalue()
    older.getvalue()


def test_a_document_that_did_not_change_is_not_sent_again(client: Client, tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    first = client.get(document_of(page))
    first.getvalue()

    assert client.get(document_of(page), headers={"if-none-match": first["ETag"]}).status_code == 304


def test_a_document_of_an_earlier_state_is_never_given(client: Client, tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("电话13800138000", 100, 100)], tmp_path)
    client.get(document_of(page)).getvalue()

    Page.objects.filter(pk=page.pk).update(is_masked=True, redrawn_at=None)

    answer = client.get(document_of(page))
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_a_long_document_is_left_to_the_workers(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "MADE_WHILE_WAITING", 0)
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)

    waiting = client.get(document_of(page))
    making.make(page.unit)
    ready = client.get(document_of(page))

    assert (waiting.status_code, waiting.json()["code"]) == (503, "unavailable")
    assert ready.status_code == 200
    ready.getvalue()


def test_two_readers_do_not_make_one_document_twice(client: Client, tmp_path: Path) -> None:
    page = make_sheet(make_item(), [row("闽宁协作", 100, 100)], tmp_path)
    cache.add(f"document:{page.unit_id}", "another process", 60)

    answer = client.get(document_of(page))
    cache.delete(f"document:{page.unit_id}")

    assert answer.status_code == 503


def test_questions_have_a_bounded_number_of_queries(
    client: Client, tmp_path: Path, django_assert_max_num_queries: object
) -> None:
    unit = make_item()
    pages = [make_sheet(unit, [row(f"第{number}页", 100, 100)], tmp_path) for number in range(3)]
    making.make(unit)

    with django_assert_max_num_queries(8):  # type: ignore[operator]  # a fixture without a type
        client.get(document_of(pages[0])).getvalue()
    with django_assert_max_num_queries(6):  # type: ignore[operator]  # a fixture without a type
        client.get(address(pages[0], "alto.xml"))


@pytest.mark.parametrize("name", ["alto.xml", "hocr.html"])
def test_the_name_that_a_file_came_with_is_for_the_desk(client: Client, archivist: User, name: str) -> None:
    page = make_page(make_item(), "闽宁协作")
    page.texts.update(settings={"file": "第1页.jpg", "format": "ALTO"})

    public = client.get(address(page, name)).content.decode()
    client.force_login(archivist)
    desk = client.get(address(page, name)).content.decode()

    assert "第1页.jpg" not in public and "\\u7b2c1" not in public
    assert f"{page.unit.reference_code}-1" in public
    assert "第1页.jpg" in desk


def test_reading_what_is_masked_is_written_down(client: Client, archivist: User) -> None:
    item = make_item()
    first, second = make_page(item, "一"), make_page(item, "二")
    open_page = make_page(item, "三")
    Page.objects.filter(pk__in=[first.pk, second.pk]).update(is_masked=True)
    client.get(address(first, "text.txt"))
    client.force_login(archivist)

    for page in (first, open_page):
        client.get(address(page, "text.txt"))
    client.get(f"/api/v1/records/{item.record.ark}/text.txt")

    events = AuditEvent.objects.filter(action="view unmasked").order_by("sequence")
    assert [(event.object_key, event.actor, event.after) for event in events] == [
        (str(page.pk), archivist, {"purpose": "text"}) for page in (first, second)
    ]
