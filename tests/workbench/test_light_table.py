"""The light table at the desk, without a script: pages, forms, answers."""

import json
from urllib.parse import parse_qs, urlparse

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from archive.models import AuditEvent, Batch, Level
from media import storage
from media.models import DigitalObject, Finding, Page
from media.quality import findings, judging, listing, lots
from media.quality.limits import Code
from media.quality.listing import Show
from tests.makers import make_unit, make_user
from tests.media.quality import sheets

pytestmark = pytest.mark.django_db

SCRIPT = {"X-Requested-With": "light-table"}


@pytest.fixture
def desk(archivist: User, client: Client) -> Client:
    client.force_login(archivist)
    return client


@pytest.fixture
def batch(archivist: User) -> Batch:
    return sheets.make_batch(archivist)


@pytest.fixture
def pages(batch: Batch) -> list[Page]:
    unit = make_unit("第一件", level=Level.ITEM, parent=make_unit(code="T800"), code="T800-001", public=False)
    return sheets.make_pages(unit, 5, batch, has_job=True)


def address(name: str, *parts: object) -> str:
    return reverse(f"workbench:{name}", args=parts)


def act(desk: Client, page: Page, action: str, **fields: str) -> None:
    """Press a button on a page."""
    where = address("light_table_act", page.digital_object.batch_id, page.pk)
    answer = desk.post(where, {"action": action, **fields})
    assert answer.status_code == 302, answer.content.decode()
    page.refresh_from_db()


def test_batches_are_listed_with_what_is_left(desk: Client, batch: Batch, pages: list[Page], archivist: User) -> None:
    judging.accept(pages[0], by=archivist)

    text = desk.get(address("light_tables")).content.decode()

    assert "第一批" in text
    assert address("light_table", batch.pk) in text
    assert "<td>4</td>" in text


def test_the_table_shows_pages_with_what_was_found(desk: Client, batch: Batch, pages: list[Page]) -> None:
    findings.add(pages[1], Code.RESOLUTION_LOW, measure=150)

    text = desk.get(address("light_table", batch.pk)).content.decode()

    assert text.count('class="light-card ') == 5
    assert "150 dpi (≥ 200)" in text
    assert "T800-001" in text


@pytest.mark.parametrize("show", list(Show))
def test_a_filter_shows_its_pages_and_costs_the_same(
    desk: Client, batch: Batch, pages: list[Page], archivist: User, show: Show
) -> None:
    findings.add(pages[0], Code.RESOLUTION_LOW, measure=150)
    findings.add(pages[1], Code.SKEW, measure=2)
    judging.rescan(pages[2], by=archivist)
    lots.draw(batch, by=archivist, share=0.2)
    expected = {"left": 4, "errors": 1, "warnings": 1, "sample": 1, "rescan": 1, "all": 5}

    text = desk.get(address("light_table", batch.pk), {"show": show}).content.decode()

    assert text.count('class="light-card ') == expected[show]


def test_the_table_costs_the_same_however_many_pages(
    desk: Client, batch: Batch, pages: list[Page], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    sheets.make_pages(pages[0].unit, 70, batch)
    desk.get(address("light_tables"))  # what every page of the site remembers is known afterwards

    with django_assert_num_queries(10):
        desk.get(address("light_table", batch.pk))


def test_a_long_batch_is_paged_by_place(desk: Client, batch: Batch, pages: list[Page]) -> None:
    sheets.make_pages(pages[0].unit, 2 * listing.WINDOW, batch)
    everything = list(lots.pages_of(batch).order_by("unit_id", "number"))

    first = listing.window(batch, Show.ALL)
    second = listing.window(batch, Show.ALL, after=first.after)
    third = listing.window(batch, Show.ALL, after=second.after)
    back = listing.window(batch, Show.ALL, before=third.before)

    assert [*first.pages, *second.pages, *third.pages] == everything
    assert (first.before, third.after) == ("", "")
    assert back.pages == second.pages
    assert listing.window(batch, Show.ALL, at=everything[70]).pages[0] == everything[70]


@pytest.mark.parametrize("place", ["x", "1-", "1-x", "1-２", "9" * 40 + "-1"])
def test_a_place_that_cannot_be_is_refused(desk: Client, batch: Batch, pages: list[Page], place: str) -> None:
    assert desk.get(address("light_table", batch.pk), {"after": place}).status_code == 400


def test_buttons_work_as_forms(desk: Client, pages: list[Page]) -> None:
    first, second, third, fourth, _fifth = pages

    act(desk, first, "accept")
    act(desk, second, "rescan")
    act(desk, third, "right")
    act(desk, third, "right")
    act(desk, third, "left")
    act(desk, fourth, "earlier")
    act(desk, first, "move", to="5")

    assert (first.verdict, second.verdict, third.turn) == ("accepted", "rescan", 90)
    assert [page.pk for page in Page.objects.order_by("number")] == [
        second.pk,
        fourth.pk,
        third.pk,
        pages[4].pk,
        first.pk,
    ]


def test_a_unit_is_divided_and_joined_by_forms(desk: Client, pages: list[Page]) -> None:
    act(desk, pages[3], "split", into="new", title="附件")
    new = pages[3].unit

    act(desk, pages[0], "merge")

    assert new.reference_code == "T800-002"
    assert new.pages.count() == 0
    assert pages[0].unit.pages.count() == 5


def test_the_last_action_is_taken_back_by_a_form(desk: Client, batch: Batch, pages: list[Page]) -> None:
    before = desk.get(address("light_table", batch.pk)).content.decode()
    act(desk, pages[0], "rescan")
    after = desk.get(address("light_table", batch.pk)).content.decode()

    desk.post(address("light_table_undo", batch.pk))

    pages[0].refresh_from_db()
    assert "data-undo hidden" in before
    assert "data-undo hidden" not in after
    assert pages[0].verdict == Page.Verdict.OPEN


def test_the_script_gets_the_card_and_the_counts(desk: Client, batch: Batch, pages: list[Page]) -> None:
    where = address("light_table_act", batch.pk, pages[0].pk)

    answer = desk.post(where, {"action": "accept", "show": "left"}, headers=SCRIPT)

    news = answer.json()
    assert f'id="page-{pages[0].pk}"' in news["card"]
    assert "light-card--accepted" in news["card"]
    assert 'class="light-count">4<' in news["counts"]
    assert "<html" not in json.dumps(news)


def test_the_script_is_told_why_something_did_not_work(desk: Client, batch: Batch, pages: list[Page]) -> None:
    where = address("light_table_act", batch.pk, pages[0].pk)

    answers = [desk.post(where, {"action": action}, headers=SCRIPT) for action in ("earlier", "nonsense", "split")]

    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert all(answer.json()["message"] for answer in answers)


@pytest.mark.parametrize("to", ["", "x", "0", "6", "９", "99999999999"])
def test_a_wrong_place_is_refused(desk: Client, batch: Batch, pages: list[Page], to: str) -> None:
    answer = desk.post(address("light_table_act", batch.pk, pages[0].pk), {"action": "move", "to": to})

    assert answer.status_code == 400


def test_a_finding_is_decided_by_a_form(desk: Client, batch: Batch, pages: list[Page]) -> None:
    finding = findings.add(pages[0], Code.SKEW, measure=2)
    where = address("light_table_decide", batch.pk, finding.pk)

    wrong = desk.post(where, {"decision": "nonsense"})
    right = desk.post(where, {"decision": "confirmed"})

    finding.refresh_from_db()
    assert (wrong.status_code, right.status_code) == (400, 302)
    assert finding.decision == Finding.Decision.CONFIRMED


def test_the_large_view_shows_the_neighbour_and_leads_on(
    desk: Client, batch: Batch, pages: list[Page], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    findings.add(pages[1], Code.SKEW, measure=2)
    desk.get(address("light_tables"))

    with django_assert_num_queries(13):
        text = desk.get(address("light_table_page", batch.pk, pages[1].pk)).content.decode()
    last = desk.get(address("light_table_page", batch.pk, pages[4].pk)).content.decode()

    assert f"/iiif/3/{pages[1].pk}/full/" in text
    assert f"/iiif/3/{pages[2].pk}/full/" in text
    assert address("light_table_page", batch.pk, pages[0].pk) in text
    assert text.count("<figure") == 2
    assert last.count("<figure") == 1


def test_a_verdict_leads_to_the_page_that_the_form_names_and_to_no_other_site(
    desk: Client, batch: Batch, pages: list[Page]
) -> None:
    where = address("light_table_act", batch.pk, pages[0].pk)
    inside = address("light_table_page", batch.pk, pages[1].pk)

    own = desk.post(where, {"action": "accept", "next": inside})
    foreign = desk.post(where, {"action": "accept", "next": "https://example.org/"})

    assert own["Location"] == inside
    assert urlparse(foreign["Location"]).netloc == ""
    assert parse_qs(urlparse(foreign["Location"]).query) == {}


def test_the_thumbnail_is_for_the_desk_alone(desk: Client, batch: Batch, pages: list[Page]) -> None:
    with storage.derived(pages[0], storage.THUMBNAIL) as target:
        target.write_bytes(b"\xff\xd8\xff\xe0 a picture")
    where = address("light_table_thumbnail", pages[0].pk)

    seen = desk.get(where)
    missing = desk.get(address("light_table_thumbnail", pages[1].pk))
    pages[0].digital_object.quarantined_at = batch.created_at
    pages[0].digital_object.save()

    assert (seen.status_code, seen["Content-Type"]) == (200, "image/jpeg")
    assert "private" in seen["Cache-Control"]
    assert b"".join(seen).startswith(b"\xff\xd8")
    assert missing.status_code == 404
    assert desk.get(where).status_code == 404
    assert Client().get(where).status_code == 302


def test_pages_of_another_batch_are_not_reached(desk: Client, batch: Batch, pages: list[Page]) -> None:
    other = sheets.make_batch()

    answers = [
        desk.get(address("light_table_page", other.pk, pages[0].pk)),
        desk.post(address("light_table_act", other.pk, pages[0].pk), {"action": "accept"}),
        desk.get(address("light_table", 999_999)),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


def test_a_reviewer_looks_and_changes_nothing(batch: Batch, pages: list[Page], client: Client) -> None:
    client.force_login(make_user(Role.REVIEWER))

    seen = client.get(address("light_table", batch.pk))
    answers = [
        client.post(address("light_table_act", batch.pk, pages[0].pk), {"action": action, "to": "2"})
        for action in ("accept", "rescan", "left", "move", "split", "merge")
    ]

    assert seen.status_code == 200
    assert "light-actions" in seen.content.decode()
    assert 'name="action"' not in seen.content.decode()
    assert {answer.status_code for answer in answers} == {403}
    assert set(Page.objects.values_list("verdict", "turn")) == {("open", 0)}


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_OFFICER, ""])
def test_others_may_not_enter(batch: Batch, pages: list[Page], client: Client, role: Role | str) -> None:
    client.force_login(make_user(role))

    ways = [address("light_tables"), address("light_table", batch.pk), address("lot", batch.pk)]

    assert {client.get(way).status_code for way in ways} == {403}


def test_a_lot_is_drawn_judged_and_signed(desk: Client, batch: Batch, pages: list[Page]) -> None:
    desk.post(address("lot_draw", batch.pk), {"percent": "40", "seed": "3"})
    lot = lots.current(batch)
    assert lot is not None
    own = desk.get(address("lot", batch.pk)).content.decode()
    reviewer = Client()
    reviewer.force_login(make_user(Role.REVIEWER))
    for row in lot.drawn.select_related("page__digital_object"):
        act(reviewer, row.page, "accept", show="sample")
    form = reviewer.get(address("lot", batch.pk)).content.decode()

    refused = desk.post(address("lot_sign", batch.pk))
    signed = reviewer.post(address("lot_sign", batch.pk), {"note": "合格"})

    lot.refresh_from_db()
    assert (lot.seed, lot.drawn.count()) == (3, 2)
    assert address("lot_sign", batch.pk) not in own
    assert address("lot_sign", batch.pk) in form
    assert (refused.status_code, signed.status_code) == (403, 302)
    assert lot.is_passed


@pytest.mark.parametrize(("percent", "seed"), [("3", ""), ("abc", ""), ("10", "-1"), ("10", "1e5")])
def test_a_sample_cannot_be_drawn_wrongly(
    desk: Client, batch: Batch, pages: list[Page], percent: str, seed: str
) -> None:
    assert desk.post(address("lot_draw", batch.pk), {"percent": percent, "seed": seed}).status_code == 400


def test_the_report_comes_as_pdf_and_csv(desk: Client, batch: Batch, pages: list[Page], archivist: User) -> None:
    lot = lots.draw(batch, by=archivist)

    pdf = desk.get(address("lot_report", batch.pk, lot.pk, "pdf"))
    table = desk.get(address("lot_report", batch.pk, lot.pk, "csv"))
    wrong = desk.get(address("lot_report", batch.pk, lot.pk, "exe"))

    assert pdf.content.startswith(b"%PDF")
    assert "attachment" in pdf["Content-Disposition"]
    assert "第一批" in table.content.decode("utf-8-sig")
    assert wrong.status_code == 404


def test_looking_at_masked_pages_is_written_down(desk: Client, batch: Batch, pages: list[Page]) -> None:
    Page.objects.filter(pk__in=[page.pk for page in pages[:3]]).update(is_masked=True)
    with storage.derived(pages[0], storage.THUMBNAIL) as target:
        target.write_bytes(b"\xff\xd8\xff\xe0 a picture")

    small = desk.get(address("light_table_thumbnail", pages[0].pk))
    large = desk.get(address("light_table_page", batch.pk, pages[1].pk))

    events = AuditEvent.objects.filter(action="view unmasked")
    assert (small.status_code, large.status_code) == (200, 200)
    assert b"".join(small)
    assert {event.object_key for event in events} == {str(page.pk) for page in pages[:3]}


def test_a_neighbour_in_quarantine_is_not_shown(desk: Client, batch: Batch, pages: list[Page]) -> None:
    DigitalObject.objects.filter(pk=pages[1].digital_object_id).update(quarantined_at=batch.created_at)

    shown = desk.get(address("light_table_page", batch.pk, pages[0].pk))

    assert shown.context["neighbour"] is None
