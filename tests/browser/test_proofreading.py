"""The proofreading desk by keyboard alone: correct, divide, save, go on; drafts, conflicts, input methods."""

from pathlib import Path

import pytest
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import CDPSession, expect
from playwright.sync_api import Page as Tab
from pytest_django.live_server_helper import LiveServer

from accounts.models import Role, User
from media import proofreading, storage
from media.engines import vips
from media.lines import Box, TextLine
from media.models import Page, PageText
from media.proofreading import Edit
from tests.browser.test_digitisation import come_in
from tests.browser.test_portal import sideways
from tests.makers import make_item, make_lines, make_page, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def proofreader(desktop: Tab, live_server: LiveServer) -> User:
    """Somebody who sits at the desk."""
    user = make_user(Role.ARCHIVIST)
    come_in(desktop, user, live_server)
    return user


def make_doubtful_page(*texts: str, doubts: dict[int, int]) -> Page:
    """A page with an image, one of whose characters in each of some lines is doubtful: line → place."""
    lines = []
    for number, line in enumerate(make_lines(*texts)):
        confidences = tuple(0.4 if doubts.get(number) == place else 0.99 for place in range(len(line.text)))
        lines.append(TextLine(line.text, line.box, "h", 0.9, line.characters, confidences=confidences))
    page = make_page(make_item(), lines=lines)
    make_image(page)
    return page


def make_image(page: Page) -> None:
    """Black squares on white, where the characters stand."""
    image = Image.new("RGB", (page.width, page.height), "white")
    draw = ImageDraw.Draw(image)
    for line in page.texts.get().text_lines():
        for box in line.characters:
            draw.text((box.x, box.y), "W", fill="black", font=ImageFont.load_default(size=44))
    source = Path(storage.root()) / "page.png"
    source.parent.mkdir(parents=True, exist_ok=True)
    image.save(source)
    with storage.derived(page, storage.ACCESS) as target:
        vips.pyramid(source, 0, target)


def address(page: Page) -> str:
    return reverse("workbench:proofread", args=[page.pk])


def current(page: Page) -> PageText:
    return PageText.objects.get(page=page, is_current=True)


def line(tab: Tab, number: int):  # type: ignore[no-untyped-def]  # a locator, whose class Playwright does not name well
    """The field of a line."""
    return tab.locator(f"#line-{number}")


def test_a_page_is_proofread_by_keyboard_alone(desktop: Tab, proofreader: User) -> None:
    page = make_doubtful_page("福健省和宁夏", "对囗帮扶协作", "三十年", doubts={0: 1, 1: 1})
    following = make_page(make_item(), "下一页")
    desktop.goto(address(page))
    keyboard = desktop.keyboard

    expect(line(desktop, 1)).to_be_focused()
    keyboard.press("Alt+ArrowDown")
    keyboard.type("建")
    keyboard.press("Alt+ArrowDown")
    expect(line(desktop, 2)).to_be_focused()
    keyboard.type("口")
    keyboard.press("Enter")
    expect(line(desktop, 3)).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("ArrowDown")
    keyboard.press("End")
    keyboard.type("历程")
    keyboard.press("Control+s")

    expect(desktop.locator("#proof-said")).to_have_attribute("data-kind", "saved")
    expect(line(desktop, 3)).to_be_focused()
    assert current(page).text == "福建省和宁夏\n对口帮扶协作\n三十年历程"

    keyboard.press("Control+Enter")

    desktop.wait_for_url(f"**{address(following)}")
    assert current(page).quality == PageText.Quality.CHECKED
    assert current(page).made_by == proofreader


def test_the_image_of_a_line_is_large_and_stands_over_its_text(desktop: Tab, proofreader: User) -> None:
    page = make_doubtful_page("福健省和宁夏", doubts={0: 1})
    with desktop.expect_response(lambda response: "/iiif/3/" in response.url and "94,94" in response.url) as image:
        desktop.goto(address(page))

    strip = desktop.locator(".strip-image").bounding_box()
    field = line(desktop, 1).bounding_box()

    assert image.value.status == 200
    assert strip and field and strip["height"] >= 48
    assert strip["y"] + strip["height"] <= field["y"]


def test_escape_takes_a_line_back_and_lines_are_divided_and_joined(desktop: Tab, proofreader: User) -> None:
    page = make_doubtful_page("甲乙丙丁", "戊己", doubts={})
    desktop.goto(address(page))
    keyboard = desktop.keyboard

    keyboard.type("错")
    keyboard.press("Escape")
    expect(line(desktop, 1)).to_have_value("甲乙丙丁")
    keyboard.press("Home")
    keyboard.press("ArrowRight")
    keyboard.press("ArrowRight")
    keyboard.press("Alt+Enter")
    expect(line(desktop, 2)).to_be_focused()
    keyboard.press("Alt+j")
    expect(line(desktop, 2)).to_have_value("丙丁戊己")
    keyboard.press("Alt+Shift+ArrowUp")
    keyboard.press("Control+s")

    expect(desktop.locator("#proof-said")).to_have_attribute("data-kind", "saved")
    lines = current(page).text_lines()
    assert [each.text for each in lines] == ["丙丁戊己", "甲乙"]
    assert lines[1].box == Box(100, 100, 100, 50)


def test_what_was_typed_survives_a_lost_page(desktop: Tab, proofreader: User) -> None:
    page = make_doubtful_page("福健", doubts={})
    desktop.goto(address(page))
    line(desktop, 1).fill("福建省")
    desktop.wait_for_function("Object.keys(localStorage).length === 1")

    desktop.goto(reverse("workbench:proofreading"))
    desktop.goto(address(page))

    expect(line(desktop, 1)).to_have_value("福建省")
    expect(desktop.locator("#proof-draft")).to_be_visible()
    desktop.keyboard.press("Control+s")
    expect(desktop.locator("#proof-said")).to_have_attribute("data-kind", "saved")
    assert current(page).text == "福建省"
    assert desktop.evaluate("Object.keys(localStorage).length") == 0


def test_what_was_typed_survives_a_lost_session(desktop: Tab, proofreader: User) -> None:
    page = make_doubtful_page("福健", doubts={})
    desktop.goto(address(page))
    line(desktop, 1).fill("福建省")
    desktop.context.clear_cookies()

    desktop.keyboard.press("Control+s")

    expect(desktop.locator("#proof-said")).to_have_attribute("data-kind", "failed")
    desktop.wait_for_function("Object.keys(localStorage).length === 1")
    expect(line(desktop, 1)).to_have_value("福建省")
    assert current(page).text == "福健"


def test_a_conflict_is_shown_and_settled(desktop: Tab, proofreader: User) -> None:
    page = make_doubtful_page("福健", "宁厦", doubts={})
    desktop.goto(address(page))
    other = make_user(Role.REVIEWER)
    proofreading.correct(current(page), [Edit("福建", (0,)), Edit("宁厦", (1,))], by=other)
    line(desktop, 2).fill("宁夏")

    desktop.keyboard.press("Control+s")

    expect(desktop.locator("[role='alert']")).to_contain_text(other.get_username())
    expect(line(desktop, 2)).to_have_value("宁夏")
    line(desktop, 1).fill("福建")
    desktop.keyboard.press("Control+s")
    expect(desktop.locator("[role='alert']")).to_have_count(0)
    assert current(page).text == "福建\n宁夏"


def test_an_input_method_keeps_its_keys(desktop: Tab, proofreader: User) -> None:
    page = make_doubtful_page("福", "宁夏", doubts={})
    desktop.goto(address(page))
    expect(line(desktop, 1)).to_be_focused()
    desktop.keyboard.press("End")
    method: CDPSession = desktop.context.new_cdp_session(desktop)

    method.send("Input.imeSetComposition", {"text": "jian", "selectionStart": 4, "selectionEnd": 4})
    enter = {"type": "rawKeyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229}
    method.send("Input.dispatchKeyEvent", enter)
    expect(line(desktop, 1)).to_be_focused()
    method.send("Input.insertText", {"text": "建"})

    expect(line(desktop, 1)).to_have_value("福建")
    expect(line(desktop, 1)).to_be_focused()
    desktop.wait_for_timeout(100)
    desktop.keyboard.press("Enter")
    expect(line(desktop, 2)).to_be_focused()


def test_the_keys_are_listed_and_words_are_replaced(desktop: Tab, proofreader: User) -> None:
    page = make_doubtful_page("福健省", doubts={0: 1})
    desktop.goto(address(page))
    expect(line(desktop, 1)).to_be_focused()

    desktop.keyboard.press("F1")
    expect(desktop.locator("#proof-keys")).to_be_visible()
    desktop.keyboard.press("Escape")
    expect(desktop.locator("#proof-keys")).to_be_hidden()
    line(desktop, 1).focus()
    desktop.keyboard.press("Home")
    desktop.keyboard.press("Alt+ArrowDown")
    desktop.keyboard.press("Control+h")

    expect(desktop.locator("#replace-find")).to_have_value("健")


def test_the_desk_works_without_javascript_on_the_narrowest_screen(narrow: Tab, live_server: LiveServer) -> None:
    come_in(narrow, make_user(Role.ARCHIVIST), live_server)
    page = make_doubtful_page("福健省和宁夏回族自治区对口帮扶协作三十年", "宁夏", doubts={0: 1})

    for place in (
        reverse("workbench:proofreading"),
        reverse("workbench:text_history", args=[page.pk]),
        reverse("workbench:text_accuracy"),
        address(page),
    ):
        narrow.goto(place)
        assert sideways(narrow) <= 0, place
    line(narrow, 2).fill("宁夏区")
    narrow.locator("button[value='save']").click()

    assert current(page).text.endswith("宁夏区")
    narrow.goto(address(page))
    expect(narrow.locator(".messages")).to_have_count(0)
