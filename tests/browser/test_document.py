"""The text of a document can be selected in Chromium's own viewer, where it stands on the picture."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, sync_playwright
from pytest_django.live_server_helper import LiveServer

from media.assembly import making
from media.lines import TextLine
from tests.browser.conftest import CHROMIUM
from tests.makers import make_item
from tests.media.assembly.sheets_made import column, make_sheet, row

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PROSE = [row("闽宁协作，一九九六年起。", 100, 100), row("共投入资金2.64亿元", 100, 300), row("移民搬迁", 100, 500)]
COLUMNS = [column("闽宁协作二十年", 800, 100), column("移民吊庄，一九九七年。", 700, 100), column("菌草技术", 600, 100)]
SIDE = 1200
PIXELS = 96 / 150
"""Pixels of the screen for one of the page image, at the viewer's 100 %."""


@pytest.fixture
def viewer(live_server: LiveServer) -> Iterator[Page]:
    """A whole Chromium without a window: the small one that tests usually get has no viewer for PDF."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            headless=False,
            args=["--no-sandbox", "--headless=new"],
            ignore_default_args=["--disable-extensions", "--disable-component-extensions-with-background-pages"],
        )
        screen: ViewportSize = {"width": SIDE, "height": SIDE}
        context = browser.new_context(base_url=live_server.url, viewport=screen, locale="zh-CN")
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
        yield context.new_page()
        browser.close()


def opened(viewer: Page, lines: list[TextLine], folder: Path) -> None:
    """Show the document of a page with these lines at its natural size."""
    page = make_sheet(make_item(), lines, folder)
    making.make(page.unit)
    viewer.goto(f"/api/v1/records/{page.unit.record.ark}/document.pdf#toolbar=0&navpanes=0&zoom=100")
    viewer.wait_for_timeout(2500)


def copied(viewer: Page) -> str:
    """What the keys for copying give."""
    viewer.keyboard.press("Control+c")
    viewer.wait_for_timeout(300)
    other = viewer.context.new_page()
    other.goto("/healthz")
    other.bring_to_front()
    text: str = other.evaluate("navigator.clipboard.readText()")
    return text


@pytest.mark.parametrize("lines", [PROSE, COLUMNS], ids=["across", "down"])
def test_everything_can_be_selected_and_copied(viewer: Page, tmp_path: Path, lines: list[TextLine]) -> None:
    opened(viewer, lines, tmp_path)

    viewer.mouse.click(600, 900)
    viewer.keyboard.press("Control+a")

    assert copied(viewer).split() == [line.text for line in lines]


def test_the_pointer_selects_what_it_is_drawn_over(viewer: Page, tmp_path: Path) -> None:
    opened(viewer, PROSE, tmp_path)
    left = (SIDE - 1240 * PIXELS) / 2
    line = PROSE[1]
    height = (line.box.y + line.box.h / 2) * PIXELS
    first, last = line.characters[1], line.characters[4]

    viewer.mouse.move(left + (first.x + 6) * PIXELS, height)
    viewer.mouse.down()
    viewer.mouse.move(left + (last.right - 6) * PIXELS, height, steps=8)
    viewer.mouse.up()

    assert copied(viewer) == "投入资金"
