import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from archive.models import Unit
from tests.browser.test_portal import make_scan, sideways

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        finders.find("vendor/openseadragon/openseadragon.min.js") is None,
        reason="The browser libraries are not installed: bin/demo fetches them",
    ),
]


def reader(unit: Unit, rest: str = "") -> str:
    return f"{unit.record.get_absolute_url()}/pages/1/{rest}"


def opened(tab: Tab, unit: Unit, rest: str = "") -> None:
    """The reader with its deep zoom ready, and nothing in motion."""
    tab.emulate_media(reduced_motion="reduce")
    tab.goto(reader(unit, rest))
    tab.locator("#sheet canvas").first.wait_for(state="attached", timeout=15_000)
    tab.locator("#sheet.sheet__frame--ready").wait_for(timeout=15_000)


def test_a_line_that_is_pointed_at_is_shown_on_the_image(desktop: Tab, tmp_path: Path) -> None:
    opened(desktop, make_scan(tmp_path, "一九九六年", "两省区结对"))

    desktop.locator("#line-2").hover()

    expect(desktop.locator("#sheet div.mark--line")).to_have_count(1)


def test_a_press_on_the_image_chooses_the_line_under_it(desktop: Tab, tmp_path: Path) -> None:
    opened(desktop, make_scan(tmp_path, "一九九六年", "两省区结对"), "?region=100,180,250,50")
    place = desktop.locator("#sheet div.mark--region").bounding_box()
    assert place is not None

    desktop.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] / 2)

    expect(desktop.locator("#line-2.line--active")).to_have_count(1)


def test_lines_are_walked_by_keys_and_one_is_taken_along(desktop: Tab, tmp_path: Path) -> None:
    item = make_scan(tmp_path, "一九九六年", "两省区结对")
    opened(desktop, item)

    for key in ("t", "ArrowDown", "Enter"):
        desktop.keyboard.press(key)

    expect(desktop.locator("#share-place")).to_have_value(desktop.url)
    assert desktop.url.endswith("?region=100,180,250,50")
    assert desktop.locator("#share-image").input_value().endswith("/100,180,250,50/max/0/default.jpg")
    assert desktop.locator("#share-citation").input_value().endswith(f"：1. {desktop.url}.")


def test_a_region_is_chosen_by_keys_alone(desktop: Tab, tmp_path: Path) -> None:
    opened(desktop, make_scan(tmp_path, "一九九六年"))

    for key in ("r", "ArrowRight", "Shift+ArrowDown", "Enter"):
        desktop.keyboard.press(key)

    x, y, w, h = map(int, desktop.url.rsplit("region=", 1)[1].split(","))
    assert 0 <= x < x + w <= 1240
    assert 0 <= y < y + h <= 1754
    expect(desktop.locator("#sharing-heading")).to_be_focused()
    expect(desktop.locator("#sheet div.mark--chosen")).to_have_count(1)


def test_a_region_is_dragged_with_the_mouse(desktop: Tab, tmp_path: Path) -> None:
    opened(desktop, make_scan(tmp_path, "一九九六年"))
    desktop.keyboard.press("r")
    expect(desktop.locator(".region-layer")).to_have_count(1)
    frame = desktop.locator("#sheet").bounding_box()
    assert frame is not None

    desktop.mouse.move(frame["x"] + frame["width"] * 0.4, frame["y"] + 100)
    desktop.mouse.down()
    desktop.mouse.move(frame["x"] + frame["width"] * 0.6, frame["y"] + 200)
    desktop.mouse.up()

    expect(desktop).to_have_url(re.compile("region="))
    expect(desktop.locator(".region-layer")).to_have_count(0)


def test_a_region_is_given_up(desktop: Tab, tmp_path: Path) -> None:
    opened(desktop, make_scan(tmp_path, "一九九六年"))

    for key in ("r", "Escape"):
        desktop.keyboard.press(key)

    assert "region=" not in desktop.url
    expect(desktop.locator("#sheet div.mark--chosen")).to_have_count(0)


def test_a_fragment_leads_to_its_place(desktop: Tab, tmp_path: Path) -> None:
    opened(desktop, make_scan(tmp_path, "一九九六年"), "#xywh=percent:10,20,30,5")

    assert desktop.url.endswith("?region=124,351,372,88")
    expect(desktop.locator("#sheet div.mark--chosen")).to_have_count(1)


def test_keys_are_told_and_lead_through_hits(desktop: Tab, tmp_path: Path) -> None:
    opened(desktop, make_scan(tmp_path, "宁夏与宁夏"), "?q=宁夏")

    desktop.keyboard.press("?")
    expect(desktop.locator("#reader-keys")).to_be_visible()
    desktop.keyboard.press("Escape")
    expect(desktop.locator("#reader-keys")).to_be_hidden()
    desktop.keyboard.press("n")
    expect(desktop).to_have_url(re.compile("hit=2"), timeout=15_000)


def test_everything_is_there_without_scripts_on_a_narrow_screen(narrow: Tab, tmp_path: Path) -> None:
    item = make_scan(tmp_path, "宁夏与福建", "两省区结对")
    narrow.goto(reader(item, "?q=宁夏&region=100,180,250,50"))

    assert sideways(narrow) <= 0
    assert narrow.locator("#sheet img").is_visible()
    assert narrow.locator("#share-place").input_value().endswith("?region=100,180,250,50")
    narrow.locator("#line-1 a").click()
    assert narrow.url.endswith("&region=100,100,250,50")
    assert narrow.locator("#choose-region").is_hidden()
