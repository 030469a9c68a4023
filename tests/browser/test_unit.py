"""The pages of a unit at the desk in a real browser: narrow, without JavaScript, decided upon by keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role
from archive import workflow
from archive.models import Level, Record, Status, Unit
from media import jobs
from tests.browser.test_digitisation import come_in
from tests.browser.test_portal import sideways
from tests.makers import make_page, make_unit, make_user
from tests.media.masking.conftest import MOBILE
from tests.media.masking.making import look, text_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def unit() -> Unit:
    """A submitted item with a page, a file under way, and something that waits for a decision."""
    fonds = make_unit("一个全宗", code="J019", public=False)
    item = make_unit("闽宁协作会议纪要", level=Level.ITEM, parent=fonds, code="J019-WS·2019-0001", public=False)
    jobs.open_job(make_page(item, "闽宁协作").digital_object, by=None, batch=None)
    look(text_page(item, f"电话{MOBILE}。"))
    workflow.submit(item.record, by=make_user(Role.ARCHIVIST))
    return item


def address(unit: Unit) -> str:
    return reverse("workbench:unit", args=[unit.record.ark])


def test_the_pages_fit_the_narrowest_screen(narrow: Tab, live_server: LiveServer, unit: Unit) -> None:
    come_in(narrow, make_user(Role.REVIEWER), live_server)

    for way in (reverse("workbench:units"), address(unit)):
        narrow.goto(way)
        assert sideways(narrow) <= 0, way


def test_a_unit_is_returned_without_javascript(narrow: Tab, live_server: LiveServer, unit: Unit) -> None:
    come_in(narrow, make_user(Role.REVIEWER), live_server)
    narrow.goto(address(unit))

    narrow.locator("#reason-return").focus()
    narrow.keyboard.type("第二页漏扫。")
    narrow.keyboard.press("Tab")
    narrow.keyboard.press("Enter")

    expect(narrow.locator("#unit-status")).to_have_text(str(Status.RETURNED.label))
    assert Record.objects.get(pk=unit.record_id).status == Status.RETURNED
