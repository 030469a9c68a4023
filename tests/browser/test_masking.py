"""The masking table in a real browser: by keyboard alone, by mouse, on a narrow screen, and without JavaScript."""

import pytest
from django.urls import reverse
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role
from media.models import Mask, Page
from tests.browser.test_digitisation import come_in
from tests.makers import make_item, make_user
from tests.media.masking.conftest import MOBILE, PERSON
from tests.media.masking.making import look, printed_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page() -> Page:
    return look(
        printed_page(
            make_item("闽宁村搬迁户登记（1998）"),
            "闽宁村搬迁户登记表",
            f"户主：马有才　身份证号 {PERSON}",
            f"联系电话 {MOBILE}，住二组。",
            "以上一户五口，1998年3月10日填报。",
        )
    )


def enter(tab: Tab, page: Page, live_server: LiveServer) -> None:
    """Sign in without the form, and come to the table."""
    come_in(tab, make_user(Role.ARCHIVIST), live_server)
    tab.goto(reverse("workbench:masking_unit", args=[page.unit.record.ark]))


def decisions(page: Page) -> list[str]:
    return list(page.masks.order_by("start").values_list("decision", flat=True))


def test_everything_is_decided_with_the_keyboard_alone(desktop: Tab, live_server: LiveServer, page: Page) -> None:
    enter(desktop, page, live_server)
    count = page.masks.count()

    for number in range(count):
        desktop.keyboard.press("m")
        expect(desktop.locator(".candidate--masked")).to_have_count(number + 1)

    assert count >= 3
    desktop.keyboard.press("u")
    expect(desktop.locator(".candidate--open")).to_have_count(1)


def test_a_box_is_drawn_with_the_keyboard(desktop: Tab, live_server: LiveServer, page: Page) -> None:
    enter(desktop, page, live_server)

    desktop.keyboard.press("d")
    expect(desktop.locator("#frame")).to_be_focused()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight", "Shift+ArrowDown"):
        desktop.keyboard.press(key)
    desktop.keyboard.press("Enter")

    expect(desktop.locator(".candidate--masked")).to_have_count(1)
    assert page.masks.filter(rule=Mask.Rule.BY_HAND).exists()


def test_a_box_is_drawn_with_the_mouse(desktop: Tab, live_server: LiveServer, page: Page) -> None:
    enter(desktop, page, live_server)
    area = desktop.locator("#frame").bounding_box()
    assert area is not None

    desktop.mouse.move(area["x"] + 100, area["y"] + 300)
    desktop.mouse.down()
    desktop.mouse.move(area["x"] + 250, area["y"] + 340, steps=4)
    desktop.mouse.up()
    desktop.locator("#draw button").click()

    expect(desktop.locator(".candidate--masked")).to_have_count(1)
    mask = page.masks.get(rule=Mask.Rule.BY_HAND)
    scale = page.width / area["width"]
    assert mask.boxes[0][2] == pytest.approx(150 * scale, abs=4 * scale)


def test_the_table_needs_no_sideways_scrolling_and_no_script(narrow: Tab, live_server: LiveServer, page: Page) -> None:
    enter(narrow, page, live_server)

    width = narrow.evaluate("document.documentElement.scrollWidth")
    narrow.locator('button[value="masked"]').first.click()

    assert width <= 320
    expect(narrow.locator(".candidate--masked")).to_have_count(1)
