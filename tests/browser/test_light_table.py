"""The light table with the keyboard alone."""

import pytest
from django.db import transaction
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from archive.models import Batch, Level, Unit
from media import derivatives, quality
from media.models import JobStep, Page
from tests.makers import make_unit, make_user
from tests.media.quality import sheets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long test password"


@pytest.fixture
def batch() -> Batch:
    return sheets.make_batch()


@pytest.fixture
def unit(batch: Batch) -> Unit:
    """A unit of four real scans, the second of them aslant."""
    parent = make_unit("一个全宗", code="T700")
    item = make_unit("闽宁协作会议纪要", level=Level.ITEM, parent=parent, code="T700-001", public=False)
    for seed in range(4):
        picture = sheets.sheet(seed)
        page = sheets.scan(item, sheets.leaning(picture, 3.0) if seed == 1 else picture, batch=batch)
        width, height = derivatives.make(page)
        Page.objects.filter(pk=page.pk).update(width=width, height=height, derived_at=batch.created_at)
        with transaction.atomic():
            quality.check(page)()
    return item


@pytest.fixture
def desk(desktop: Tab, live_server: LiveServer) -> Tab:
    user = make_user(username="lin", password=PASSWORD)
    assert isinstance(user, User)
    desktop.goto("/workbench/sign-in/")
    desktop.fill('input[name="username"]', "lin")
    desktop.fill('input[name="password"]', PASSWORD)
    desktop.keyboard.press("Enter")
    desktop.wait_for_url("**/workbench/")
    return desktop


def on_table(tab: Tab, batch: Batch) -> None:
    tab.goto(f"/workbench/light-table/{batch.pk}/")
    expect(tab.locator("[data-page]").first).to_be_focused()


def focused(tab: Tab) -> str:
    """The key of the page that has the focus."""
    return str(tab.evaluate("document.activeElement.dataset.page"))


def keys_of(unit: Unit) -> list[str]:
    return [str(key) for key in unit.pages.order_by("number").values_list("pk", flat=True)]


def test_a_batch_is_judged_with_keys(desk: Tab, batch: Batch, unit: Unit) -> None:
    keys = keys_of(unit)
    on_table(desk, batch)

    desk.keyboard.press("a")
    expect(desk.locator(f"#page-{keys[0]}.light-card--accepted")).to_be_visible()
    expect(desk.locator(f"#page-{keys[1]}")).to_be_focused()
    desk.keyboard.press("r")
    expect(desk.locator(f"#page-{keys[1]}.light-card--rescan")).to_be_visible()
    expect(desk.locator("[data-said]")).to_contain_text("2")

    assert list(unit.pages.values_list("verdict", flat=True)) == ["accepted", "rescan", "open", "open"]
    assert desk.locator("#light-counts .light-count").first.inner_text() == "2"


def test_arrows_lead_from_page_to_page_and_into_the_large_view(desk: Tab, batch: Batch, unit: Unit) -> None:
    keys = keys_of(unit)
    on_table(desk, batch)

    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowRight")
    desk.keyboard.press("ArrowLeft")
    assert focused(desk) == keys[1]
    desk.keyboard.press("Enter")
    desk.wait_for_url(f"**/pages/{keys[1]}/**")
    expect(desk.locator("figure")).to_have_count(2)
    expect(desk.locator("figure img").first).to_have_js_property("complete", True)
    assert int(desk.evaluate("document.querySelector('figure img').naturalWidth")) > 500
    desk.keyboard.press("ArrowRight")
    desk.wait_for_url(f"**/pages/{keys[2]}/**")
    desk.keyboard.press("a")
    desk.wait_for_url(f"**/pages/{keys[3]}/**")
    desk.keyboard.press("Escape")
    desk.wait_for_url(f"**/light-table/{batch.pk}/**")

    expect(desk.locator(f"#page-{keys[3]}")).to_be_focused()
    assert Page.objects.get(pk=keys[2]).verdict == Page.Verdict.ACCEPTED


def test_a_page_is_moved_turned_and_what_was_done_is_taken_back(desk: Tab, batch: Batch, unit: Unit) -> None:
    keys = keys_of(unit)
    on_table(desk, batch)

    with desk.expect_navigation():
        desk.keyboard.press("Shift+ArrowRight")
    expect(desk.locator(f"#page-{keys[0]}")).to_be_focused()
    assert keys_of(unit) == [keys[1], keys[0], keys[2], keys[3]]
    with desk.expect_navigation():
        desk.keyboard.press("u")
    expect(desk.locator(f"#page-{keys[0]}")).to_be_focused()
    assert keys_of(unit) == keys
    desk.keyboard.press("]")
    expect(desk.locator("[data-said]")).to_contain_text("1")

    assert Page.objects.get(pk=keys[0]).turn == 90


def test_a_unit_is_divided_and_joined_again_with_keys(desk: Tab, batch: Batch, unit: Unit) -> None:
    keys = keys_of(unit)
    desk.on("dialog", lambda dialog: dialog.accept())
    on_table(desk, batch)
    for _step in range(2):
        desk.keyboard.press("ArrowRight")

    with desk.expect_navigation():
        desk.keyboard.press("s")
    expect(desk.locator(".light-unit")).to_have_count(2)
    assert keys_of(unit) == keys[:2]
    expect(desk.locator(f"#page-{keys[2]}")).to_be_focused()
    desk.keyboard.press("ArrowLeft")
    with desk.expect_navigation():
        desk.keyboard.press("m")
    expect(desk.locator(".light-unit")).to_have_count(1)

    assert keys_of(unit) == keys


def test_the_list_of_keys_opens_and_closes(desk: Tab, batch: Batch, unit: Unit) -> None:
    on_table(desk, batch)

    desk.keyboard.press("?")
    expect(desk.locator("dialog[data-keys]")).to_be_visible()
    desk.keyboard.press("Escape")

    expect(desk.locator("dialog[data-keys]")).to_be_hidden()
    assert unit.pages.filter(verdict=Page.Verdict.OPEN).count() == 4


def test_keys_do_nothing_while_somebody_writes(desk: Tab, batch: Batch, unit: Unit) -> None:
    on_table(desk, batch)
    desk.locator(".light-more summary").first.click()
    desk.locator('input[name="title"]').first.focus()

    desk.keyboard.type("arsm[]?u")

    assert desk.locator('input[name="title"]').first.input_value() == "arsm[]?u"
    assert unit.pages.filter(verdict=Page.Verdict.OPEN, turn=0).count() == 4


@pytest.mark.parametrize("width", [320, 360, 1440])
def test_the_table_fits_the_screen(
    desk: Tab,
    batch: Batch,
    unit: Unit,
    width: int,
) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    ways = [
        f"/workbench/light-table/{batch.pk}/",
        f"/workbench/light-table/{batch.pk}/pages/{keys_of(unit)[1]}/",
        f"/workbench/light-table/{batch.pk}/lot/",
        "/workbench/light-table/",
    ]

    sideways = []
    for way in ways:
        desk.goto(way)
        root = "document.documentElement"
        sideways.append(desk.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))

    assert sideways == [0, 0, 0, 0]


def test_it_works_without_a_script(browser: Browser, live_server: LiveServer, batch: Batch, unit: Unit) -> None:
    make_user(username="chen", password=PASSWORD)
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="zh-CN")
    tab = context.new_page()
    tab.goto("/workbench/sign-in/")
    tab.fill('input[name="username"]', "chen")
    tab.fill('input[name="password"]', PASSWORD)
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/workbench/")
    tab.goto(f"/workbench/light-table/{batch.pk}/?show=left")

    tab.locator('button[value="accept"]').first.click()

    assert unit.pages.filter(verdict=Page.Verdict.ACCEPTED).count() == 1
    assert tab.locator("[data-page]").count() == 3
    assert JobStep.objects.count() == 0
    context.close()
