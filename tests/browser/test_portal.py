import io
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from PIL import Image
from playwright.sync_api import Page as Tab

from archive.models import Dispute, Evidence, Kind, Unit
from media import derivatives, ingest
from media.lines import join, to_json
from media.models import Page, PageText
from search import indexing
from tests.makers import make_fact, make_item, make_lines, make_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def make_scan(folder: Path, *texts: str) -> Unit:
    """An item with one page that has a real image and a text whose boxes are known."""
    item = make_item("闽宁结对由来")
    stream = io.BytesIO()
    Image.effect_noise((1240, 1754), 20).convert("RGB").save(stream, "JPEG")
    file = folder / "样张.jpg"
    file.write_bytes(stream.getvalue())
    received = ingest.receive(ingest.from_path(file), unit=item, by=None)
    page = Page.objects.create(unit=item, number=1, digital_object=received, frame=1)
    width, height = derivatives.make(page)
    Page.objects.filter(pk=page.pk).update(width=width, height=height, derived_at=received.created_at)
    lines = make_lines(*texts)
    PageText.objects.create(
        page=page, origin="recognised", text=join(lines), lines=to_json(lines), engine="test", engine_version="1"
    )
    indexing.drain()
    return item


def opened(tab: Tab, address: str) -> Tab:
    """The tab, at this address."""
    tab.goto(address)
    return tab


def sideways(tab: Tab) -> int:
    """Pixels by which the page is wider than the screen."""
    return int(tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def test_pages_fit_the_narrowest_screen(narrow: Tab, tmp_path: Path) -> None:
    item = make_scan(tmp_path, "一九九六年福建与宁夏两省区结对")
    source = make_source("一种题名很长很长很长很长很长的来源", url="https://example.org/" + "a" * 120)
    dispute = make_fact(
        "结对决定时间",
        kind=Kind.DISPUTE,
        detail=Dispute(assessment_zh="并非互斥。"),
        evidence=[
            Evidence(source=source.source, claim_zh="五月", position=1),
            Evidence(unit=item, page=1, region=[100, 100, 700, 50], claim_zh="七月", position=2),
        ],
    )
    addresses = [
        "/",
        "/search/?q=结对",
        "/catalogue/",
        "/browse/",
        "/browse/year/",
        "/progress/",
        "/about/",
        "/nowhere/",
    ]
    addresses += [dispute.get_absolute_url(), item.record.get_absolute_url()]
    addresses += [f"{item.record.get_absolute_url()}/pages/1/?q=结对", source.get_absolute_url()]

    too_wide = {address: extra for address in addresses if (extra := sideways(opened(narrow, address))) > 0}

    assert too_wide == {}


def test_hit_is_drawn_where_the_words_stand_without_scripts(narrow: Tab, tmp_path: Path) -> None:
    item = make_scan(tmp_path, "一九九六年福建与宁夏结对")

    narrow.goto(f"{item.record.get_absolute_url()}/pages/1/?q=福建")

    image = narrow.locator("#sheet img").bounding_box()
    mark = narrow.locator("rect.mark--current").bounding_box()
    assert image is not None
    assert mark is not None
    scale = image["width"] / 1240
    middle = (mark["x"] + mark["width"] / 2 - image["x"], mark["y"] + mark["height"] / 2 - image["y"])
    assert middle == pytest.approx((400 * scale, 125 * scale), abs=1.5)


def test_deep_zoom_takes_over_and_carries_the_marks(desktop: Tab, tmp_path: Path) -> None:
    if finders.find("vendor/openseadragon/openseadragon.min.js") is None:
        pytest.skip("The browser libraries are not installed: bin/demo fetches them")
    item = make_scan(tmp_path, "一九九六年福建与宁夏结对")

    desktop.goto(f"{item.record.get_absolute_url()}/pages/1/?q=福建")

    desktop.locator("#sheet div.mark--current").wait_for(state="visible", timeout=15_000)
    desktop.get_by_role("button", name="Whole page").or_(desktop.get_by_role("button", name="整页")).click()
    assert desktop.locator("#sheet canvas").count() >= 1


def test_keyboard_reaches_the_content_first(desktop: Tab) -> None:
    desktop.goto("/")

    desktop.keyboard.press("Tab")
    focused = desktop.evaluate("document.activeElement.className")
    desktop.keyboard.press("Enter")

    assert focused == "skip-link"
    assert desktop.evaluate("document.activeElement.id") == "content"


def test_targets_are_large_enough_and_the_language_can_be_switched(desktop: Tab) -> None:
    desktop.goto("/")

    heights = desktop.locator(".site-nav a, .language button, .search-box button").evaluate_all(
        "parts => parts.map(part => Math.min(part.offsetHeight, part.offsetWidth))"
    )
    desktop.locator(".language button[value=en]").click()

    assert min(heights) >= 44
    assert desktop.locator("html").get_attribute("lang") == "en"


def test_pages_have_no_faults_in_the_console(desktop: Tab, tmp_path: Path) -> None:
    item = make_scan(tmp_path, "一九九六年结对")
    faults: list[str] = []
    desktop.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    desktop.on("pageerror", lambda error: faults.append(str(error)))

    for address in ("/", "/search/?q=结对", "/catalogue/", item.record.get_absolute_url(), "/progress/"):
        desktop.goto(address)
    desktop.goto(f"{item.record.get_absolute_url()}/pages/1/?q=结对")

    assert faults == []
