"""The masking table and the incidents: who comes in, what a form does, what is written down."""

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import Role, User
from archive.models import AuditEvent, Unit
from media.models import Incident, Mask, Page
from tests.makers import make_item, make_user
from tests.media.masking.conftest import MOBILE, PERSON
from tests.media.masking.making import look, printed_page, text_page

pytestmark = pytest.mark.django_db

QUEUE = reverse("workbench:masking")


@pytest.fixture
def desk(archivist: User, client: Client) -> Client:
    client.force_login(archivist)
    return client


@pytest.fixture
def page(db: None) -> Page:
    return look(printed_page(make_item("搬迁户登记"), f"马某，{PERSON}，", f"电话{MOBILE}。"))


def table(page: Page) -> str:
    return reverse("workbench:masking_unit", args=[page.unit.record.ark])


def test_what_waits_is_listed_by_unit(desk: Client, page: Page) -> None:
    text_page(make_item("一份通知"), "会议纪要")

    said = desk.get(QUEUE).content.decode()

    assert "搬迁户登记" in said and table(page) in said
    assert "一份通知" not in said


@pytest.mark.parametrize("units", [1, 5])
def test_the_list_costs_the_same_for_one_unit_and_for_many(
    desk: Client, units: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _number in range(units):
        look(text_page(make_item(), f"电话{MOBILE}。"))
    desk.get(QUEUE)  # what is asked once for the whole site

    with django_assert_num_queries(7):
        desk.get(QUEUE)


def test_the_table_shows_candidates_in_their_surroundings_and_the_boxes(desk: Client, page: Page) -> None:
    said = desk.get(table(page)).content.decode()

    assert f"<mark>{PERSON}</mark>" in said and "马某，" in said
    assert said.count('<rect class="box box--open"') == 2
    assert 'name="decision" value="masked"' in said


def test_looking_at_the_table_is_written_down(desk: Client, page: Page, archivist: User) -> None:
    desk.get(table(page))

    event = AuditEvent.objects.get(action="view unmasked")
    assert (event.actor, event.object_key, event.after) == (archivist, str(page.pk), {"purpose": "masking"})


def test_a_decision_leads_on_to_the_next_candidate(desk: Client, page: Page) -> None:
    first, second = page.masks.order_by("start")

    answer = desk.post(reverse("workbench:mask_decide", args=[first.pk]), {"decision": "masked", "reason": "个人信息"})

    first.refresh_from_db()
    assert (first.decision, first.reason) == (Mask.Decision.MASKED, "个人信息")
    assert answer["Location"].endswith(f"#mask-{second.pk}")


def test_a_decision_can_be_taken_back_by_a_form(desk: Client, page: Page) -> None:
    mask = page.masks.first()
    assert mask is not None
    desk.post(reverse("workbench:mask_decide", args=[mask.pk]), {"decision": "shown"})

    desk.post(reverse("workbench:mask_undo", args=[mask.pk]))

    mask.refresh_from_db()
    assert mask.decision == Mask.Decision.OPEN


def test_all_alike_are_shown_first_and_then_decided(desk: Client, page: Page) -> None:
    look(text_page(page.unit, f"又见{MOBILE}"))
    mask = page.masks.get(rule=Mask.Rule.MOBILE_NUMBER)
    address = reverse("workbench:mask_alike", args=[mask.pk])

    said = desk.get(address).content.decode()
    keys = [part.split('"')[0] for part in said.split('name="place" value="')[1:]]
    desk.post(address, {"place": keys, "decision": "masked"})

    assert len(keys) == 2
    assert Mask.objects.filter(rule=Mask.Rule.MOBILE_NUMBER, decision=Mask.Decision.MASKED).count() == 2


def test_a_box_is_masked_by_numbers_alone(desk: Client, page: Page) -> None:
    address = reverse("workbench:mask_draw", args=[page.pk])

    desk.post(address, {"x": "100", "y": "900", "w": "300", "h": "80", "reason": "私章"})

    assert page.masks.get(rule=Mask.Rule.BY_HAND).boxes == [[100, 900, 300, 80]]
    assert desk.post(address, {"x": "100", "y": "oben", "w": "1", "h": "1"}).status_code == 400


def test_the_page_can_be_seen_as_the_public_will_see_it(desk: Client) -> None:
    page = look(printed_page(make_item(), f"电话{MOBILE}。"))

    said = desk.get(table(page), {"as": "public"}).content.decode()
    image = desk.get(reverse("workbench:mask_public", args=[page.pk]))

    assert "电话█。" in said and image["Content-Type"] == "image/jpeg"
    assert "no-store" in image["Cache-Control"]


def test_before_it_is_redrawn_the_preview_says_so(desk: Client, page: Page) -> None:
    Page.objects.filter(pk=page.pk).update(redrawn_at=None)

    said = desk.get(table(page), {"as": "public"}).content.decode()

    assert 'role="status"' in said
    assert desk.get(reverse("workbench:mask_public", args=[page.pk])).status_code == 404


def test_fields_of_the_description_are_decided_here_too(desk: Client) -> None:
    unit = make_item("一份通知", note=f"联系人手机{MOBILE}", public=False)

    said = desk.get(reverse("workbench:masking_unit", args=[unit.record.ark])).content.decode()
    mask = unit.record.masks.get()
    desk.post(reverse("workbench:mask_decide", args=[mask.pk]), {"decision": "shown"})

    assert f"<mark>{MOBILE}</mark>" in said
    mask.refresh_from_db()
    assert mask.decision == Mask.Decision.SHOWN


ADDRESSES = ("masking", "mask_decide", "mask_undo", "mask_alike", "mask_draw", "mask_clear", "mask_public")


@pytest.mark.parametrize("role", ["", Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, Role.SECURITY_OFFICER])
def test_nobody_else_comes_in(client: Client, page: Page, role: str) -> None:
    client.force_login(make_user(role))
    mask = page.masks.first()
    assert mask is not None
    keys = {"masking": [], "mask_draw": [page.pk], "mask_clear": [page.pk], "mask_public": [page.pk]}

    for name in ADDRESSES:
        address = reverse(f"workbench:{name}", args=keys.get(name, [mask.pk]))
        for answer in (client.get(address), client.post(address, {"decision": "shown"})):
            assert answer.status_code in {403, 405}, name
    assert client.get(table(page)).status_code == 403
    mask.refresh_from_db()
    assert mask.decision == Mask.Decision.OPEN


def test_strangers_are_sent_to_the_sign_in(client: Client, page: Page) -> None:
    for address in (QUEUE, table(page), reverse("workbench:incidents")):
        assert "sign-in" in client.get(address)["Location"]


# Incidents


@pytest.fixture
def secret(db: None) -> Unit:
    unit = make_item("关于某事的通知")
    look(text_page(unit, "机密★10年", "某某事项"))
    return unit


def test_the_officer_sees_the_incident_with_its_text_and_releases_it(client: Client, secret: Unit) -> None:
    officer = make_user(Role.SECURITY_OFFICER)
    client.force_login(officer)
    incident = Incident.objects.get()
    address = reverse("workbench:incident", args=[incident.pk])

    listed = client.get(reverse("workbench:incidents")).content.decode()
    shown = client.get(address).content.decode()
    client.post(address, {"decision": "released", "note": "2005年解密"})

    assert address in listed and "机密★10年" in shown and "某某事项" in shown
    incident.refresh_from_db()
    assert (incident.decision, incident.decided_by) == (Incident.Decision.RELEASED, officer)
    assert AuditEvent.objects.filter(action="view quarantined", actor=officer).exists()


def test_an_incident_needs_a_reason_and_a_known_decision(client: Client, secret: Unit) -> None:
    client.force_login(make_user(Role.SECURITY_OFFICER))
    address = reverse("workbench:incident", args=[Incident.objects.get().pk])

    assert client.post(address, {"decision": "released", "note": " "}).status_code == 400
    assert client.post(address, {"decision": "burn", "note": "x"}).status_code == 400
    assert client.get(reverse("workbench:incident", args=[404])).status_code == 404


@pytest.mark.parametrize("role", [Role.ARCHIVIST, Role.REVIEWER, Role.AUDITOR, Role.SYSTEM_ADMINISTRATOR, ""])
def test_incidents_are_for_the_officer_alone(client: Client, secret: Unit, role: str) -> None:
    client.force_login(make_user(role))
    incident = Incident.objects.get()

    for address in (reverse("workbench:incidents"), reverse("workbench:incident", args=[incident.pk])):
        assert client.get(address).status_code == 403
        assert client.post(address, {"decision": "released", "note": "x"}).status_code in {403, 405}


def test_at_the_masking_table_a_file_in_quarantine_is_not_there(desk: Client, secret: Unit) -> None:
    page = secret.pages.get()

    said = desk.get(reverse("workbench:masking_unit", args=[secret.record.ark])).content.decode()

    assert "某某事项" not in said
    for name in ("mask_public", "mask_draw", "mask_clear"):
        address = reverse(f"workbench:{name}", args=[page.pk])
        assert {desk.get(address).status_code, desk.post(address).status_code} <= {404, 405}
